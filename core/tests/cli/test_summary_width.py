"""The summary of a run in little room."""

from __future__ import annotations

import sci
from sci.cli.paint import cells
from sci.cli.summary import table

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


def test_a_summary_keeps_within_its_room_and_loses_no_value(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "narrow.yaml").write_text(FILE)
    run = sci.run("narrow.yaml")

    wide, middle, narrow = table(run), table(run, 100), table(run, 80)

    assert max(map(cells, wide)) > 100
    for lines, room in ((middle, 100), (narrow, 80)):
        assert max(map(cells, lines)) <= room
        [other] = {"majority", "linear"} - set(lines[0].split())
        assert lines[-1].startswith(f"{other}: recall ")
        assert ", log-loss " in lines[-1]
    assert narrow[1].split()[-1] in ("better", "worse", "separable")
