"""Each bundled experiment as it stands, but for the epochs of a large network: its report can be sent by mail."""

from __future__ import annotations

import pathlib
import shutil

import pytest

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "templates/experiments"
BROUGHT = {
    "german-credit": ("german_credit/credit.g.arff", "credit-g.arff"),
    "pima": ("pima_diabetes/pima-indians-diabetes.csv", "pima-indians-diabetes.csv"),
}
"""Files that the reader of an example brings: among the reference data, and under the name that the example gives it."""
SHORTER = {"digits": ("--set", "training.epochs=2")}
"""What is in a report does not depend on it."""
LARGEST = 3_000_000


@pytest.mark.parametrize("name", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_the_report_of_a_bundled_experiment_is_small_and_whole(lab, reference, name):
    if name == "digits":
        pytest.importorskip("torch", reason="this example runs on engine torch")
    if name in BROUGHT:
        given, wanted = BROUGHT[name]
        shutil.copy(reference(given), lab.folder / wanted)
    shutil.copy(EXAMPLES / name / "experiment.yaml", lab.folder)
    done = lab.ran("experiment.yaml", *SHORTER.get(name, ()))
    page = done.run / "report.html"
    assert page.stat().st_size < LARGEST
    text = page.read_text(encoding="utf-8")
    assert text.count("<svg") >= 3
    assert "@article{" in text
    assert 'src="http' not in text
