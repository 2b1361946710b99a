"""The summary of a run in little room."""

from __future__ import annotations

import html
import itertools
import re
import sys

import sci
from sci.cli.compare import show
from sci.cli.paint import cells
from sci.cli.summary import print_summary, table

CELL = re.compile("<t[hd]>(.*?)</t[hd]>")
FILE = """\
format: 1
name: narrow
seed: 7
task: {name: classification, positive: malignant}
data:
  source: {name: sklearn, dataset: breast-cancer}
  target: target
  split: {name: stratified, validation: 0.1, test: 0.3}
preprocessing: [standardize]
model: logistic
engine: numpy
training: {optimizer: {name: adam, learning_rate: 0.05}, epochs: 2}
evaluation: {metrics: [recall, log-loss], baselines: [majority, linear]}
report: []
"""


def test_a_summary_keeps_within_its_room_and_loses_no_value(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "narrow.yaml").write_text(FILE)
    run = sci.run("narrow.yaml")

    def at(columns):
        monkeypatch.setenv("COLUMNS", str(columns))
        return table(run)

    wide = table(run)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    middle, narrow = at(100), at(80)

    assert max(map(cells, wide)) > 100
    for lines, room in ((middle, 100), (narrow, 80)):
        assert max(map(cells, lines)) <= room
        [other] = {"majority", "linear"} - set(lines[0].split())
        assert lines[-1].startswith(f"{other}: recall ")
        assert ", log-loss " in lines[-1]
    assert narrow[1].split()[-1] in ("better", "worse", "separable")
    for columns in (60, 40):
        lines = at(columns)
        assert max(map(cells, lines)) <= columns
        assert all(any(name in line for line in lines) for name in ("model", "majority", "linear"))

    monkeypatch.setenv("NO_COLOR", "1")
    capsys.readouterr()
    print_summary(run)
    printed = capsys.readouterr().out.splitlines()
    assert max(map(cells, printed[:-3])) <= 40
    assert f"           sci serve {run.path.name[-4:]}" in printed
    assert printed[-1] == f"runs/narrow/{run.path.name}"


def test_what_comes_next_finds_the_run_wherever_it_lies(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "narrow.yaml").write_text(FILE)

    for output, name in (("runs", None), ("else where", "'else where/narrow/{}'")):
        run = sci.run("narrow.yaml", output=output)
        print_summary(run)
        called = name.format(run.path.name) if name else run.path.name[-4:]
        assert f"next       sci report {called} --open      sci predict {called} " in capsys.readouterr().out


def test_a_notebook_shows_what_weakens_a_result_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "narrow.yaml").write_text(FILE)
    sci.run("narrow.yaml")
    again = sci.run("narrow.yaml")

    shown = again._repr_html_()
    heads, *rows = [[html.unescape(cell) for cell in CELL.findall(row)] for row in shown.split("</tr>")[:3]]
    printed = [re.split(r"  +", line) for line in table(again)]

    assert [heads, *rows] == [
        [cell.replace("-", "\N{MINUS SIGN}") if at else cell for at, cell in enumerate(row)] for row in printed
    ]
    assert "<p>⚠ This test set had been opened once before" in shown


def test_a_comparison_keeps_within_its_room_and_says_its_words(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "narrow.yaml").write_text(FILE)
    runs = [sci.run("narrow.yaml", overrides) for overrides in ([], ["model.l2=1"], ["model.l2=0.01"])]
    monkeypatch.setenv("NO_COLOR", "1")

    for compared, columns in itertools.product((sci.compare(*runs[:2]), sci.compare(*runs)), (100, 80, 60)):
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        capsys.readouterr()
        show(compared)
        lines = capsys.readouterr().out.splitlines()
        results = [line for line in lines if line.startswith(("recall ", "log-loss "))]
        assert len(results) == len(compared.contrasts)
        assert max(map(cells, results)) <= columns
        assert all(line.endswith("separable") for line in results)
