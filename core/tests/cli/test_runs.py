"""Runs, listed."""

from __future__ import annotations

import json

from sci.cli.main import main

FILE = """\
format: 1
name: absent
task: regression
data: {source: {name: csv, path: rows.csv}, target: y}
model: least-squares
engine: numpy
"""


def test_the_list_says_why_a_run_has_failed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "absent.yaml").write_text(FILE)
    assert main(["run", "absent.yaml", "--quiet"]) == 3
    capsys.readouterr()

    assert main(["runs", "list"]) == 0

    name, _, status, reason = capsys.readouterr().out.strip().split("   ")
    assert (name, status, reason) == ("absent", "failed", "there is no file `rows.csv`")
    assert main(["runs", "list", "--json"]) == 0
    [run] = json.loads(capsys.readouterr().out)["runs"]
    assert (run["verdict"], run["error"]["id"]) == ({}, "data.missing-file")
