from __future__ import annotations

import json

import pytest

from sci.cli.main import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_package_is_written_with_what_to_do_next(capsys, tmp_path):
    assert main(["plugin", "new", "reef", "--kind", "metric"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("sci-reef   sci-reef, metric, 14 files")
    assert any("src/sci_reef/kappa.py" in line and line.endswith("what it does") for line in lines)
    assert lines[-1] == "next: cd sci-reef && pip install --editable . && sci plugin test reef"
    assert (tmp_path / "sci-reef" / "pyproject.toml").is_file()


def test_the_answer_is_one_json_document(capsys, tmp_path):
    assert main(["plugin", "new", "reef", "--kind", "engine", "--folder", "my reef", "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    assert (answer["folder"], answer["distribution"]) == ("my reef", "sci-reef")
    assert all((tmp_path / "my reef" / path).is_file() for path in answer["files"])


def test_a_second_one_is_refused(capsys):
    main(["plugin", "new", "reef", "--kind", "metric"])

    assert main(["plugin", "new", "reef", "--kind", "model"]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "id"),
    [
        (["Reef Count", "--kind", "metric"], "usage.name"),
        (["reef", "--kind", "metrik"], "usage.arguments"),
        (["reef"], "usage.arguments"),
    ],
)
def test_mistakes_are_usage_errors_and_write_nothing(capsys, tmp_path, arguments, id):
    assert main(["plugin", "new", *arguments, "--json"]) == 2

    assert json.loads(capsys.readouterr().out)["error"]["id"] == id
    assert list(tmp_path.iterdir()) == []
