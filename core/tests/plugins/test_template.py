from __future__ import annotations

import os
import stat

import pytest

from sci.api import ConfigError, StorageError
from sci.plugins.template import filled, render, shipped


@pytest.fixture
def template(tmp_path):
    folder = tmp_path / "template"
    (folder / "src" / "{{ module }}").mkdir(parents=True)
    (folder / "src" / "{{ module }}" / "a.py").write_text('NAME = "{{ name }}"\n', encoding="utf-8")
    (folder / "{{ dot }}gitignore").write_text("runs/\n", encoding="utf-8")
    return folder


VALUES = {"module": "sci_a", "name": "a", "dot": "."}


def test_values_are_filled_in():
    assert filled("{{ name }}-{{ name }} {{name}} {% if %}", {"name": "x"}) == "x-x {{name}} {% if %}"


def test_what_belongs_to_continuous_integration_is_left_alone():
    assert filled("${{ matrix.python }} ${{ name }} {{ name }}", {"name": "x"}) == "${{ matrix.python }} ${{ name }} x"


def test_a_value_is_not_filled_in_again():
    assert filled("{{ name }}", {"name": "{{ other }}", "other": "y"}) == "{{ other }}"


def test_a_name_without_a_value_is_a_defect_of_the_template():
    with pytest.raises(KeyError):
        filled("{{ nmae }}", {"name": "x"})


def test_files_and_their_paths_are_filled_in(template, tmp_path):
    written = render([template], VALUES, tmp_path / "new" / "sci-a")

    assert [path.as_posix() for path in written] == [".gitignore", "src/sci_a/a.py"]
    assert (tmp_path / "new/sci-a/src/sci_a/a.py").read_bytes() == b'NAME = "a"\n'
    assert stat.S_IMODE((tmp_path / "new/sci-a").stat().st_mode) == 0o755


def test_a_later_template_adds_to_an_earlier_one(template, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "LICENSE").write_text("free\n", encoding="utf-8")

    render([template, other], VALUES, tmp_path / "new")

    assert {path.name for path in (tmp_path / "new").iterdir()} == {".gitignore", "src", "LICENSE"}


@pytest.mark.parametrize("what", ["folder", "file", "dangling link"])
def test_what_is_there_stays_as_it_is(template, tmp_path, what):
    target = tmp_path / "new"
    if what == "folder":
        target.mkdir()
    elif what == "file":
        target.write_text("mine", encoding="utf-8")
    else:
        target.symlink_to(tmp_path / "nowhere")

    with pytest.raises(ConfigError) as refused:
        render([template], VALUES, target)

    assert refused.value.id == "usage.exists"
    assert not list(tmp_path.glob(".new-*"))


def test_nothing_is_left_of_a_folder_that_cannot_be_written_whole(template, tmp_path, monkeypatch):
    monkeypatch.setattr("pathlib.Path.rename", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))

    with pytest.raises(StorageError, match="no space left"):
        render([template], VALUES, tmp_path / "new")

    assert [path.name for path in tmp_path.iterdir()] == ["template"]


@pytest.mark.skipif(os.name == "nt", reason="folders are opened otherwise there")
def test_a_parent_that_is_a_file_is_a_storage_error(template, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")

    with pytest.raises(StorageError):
        render([template], VALUES, tmp_path / "file" / "new")


def test_templates_are_found_in_the_repository():
    assert (shipped("plugin") / "every" / "pyproject.toml").is_file()
    assert not shipped("nothing-of-this-name").exists()
