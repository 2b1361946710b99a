from __future__ import annotations

import json
import pathlib

import pytest

from sci.cli.main import main


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_without_a_name_the_templates_are_listed(capsys):
    assert main(["init"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "next: sci init NAME"
    assert any(line.startswith("spam ") and line.endswith("sci-core") for line in lines)


def test_the_list_is_one_json_document(capsys):
    assert main(["init", "--json"]) == 0

    names = [one["name"] for one in json.loads(capsys.readouterr().out)["templates"]]
    assert names == sorted(names)
    assert {"spam", "tumor-forest"} <= set(names)


def test_a_template_is_copied_with_what_to_do_next(capsys, tmp_path):
    assert main(["init", "spam"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert "4 to change for your own data are marked  # <- yours" in lines[0]
    assert lines[-1] == "next: cd spam && sci check experiment.yaml"
    assert (tmp_path / "spam" / "experiment.yaml").is_file()


def test_another_folder_may_be_named(capsys, tmp_path):
    assert main(["init", "pima", "my study"]) == 0

    assert capsys.readouterr().out.splitlines()[-1] == "next: cd 'my study' && sci check experiment.yaml"
    assert (tmp_path / "my study" / "README.md").is_file()


def test_a_second_copy_is_refused(capsys):
    main(["init", "spam"])

    assert main(["init", "spam"]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err


def test_an_unknown_template_is_a_usage_error_in_both_forms(capsys):
    assert main(["init", "spma", "--json"]) == 2

    captured = capsys.readouterr()
    assert json.loads(captured.out)["error"]["suggestion"] == "sci init spam"
    assert "did you mean `spam`?" in captured.err


def test_many_files_of_one_folder_are_one_line():
    from sci.cli.init import _rows
    from sci.experiment.templates import Copied

    files = [Copied(pathlib.Path("a/experiment.yaml"), 9, 1), Copied(pathlib.Path("a/README.md"), 3, 0)]
    signals = [Copied(pathlib.Path(f"a/signals/{number}.xy"), 4, 0) for number in range(200)]

    assert [about for _, about in _rows([*files, *signals])][1:] == ["3 lines", "200 files"]
    assert len(list(_rows([*files, *signals[:3]]))) == 5
