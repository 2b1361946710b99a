from __future__ import annotations

import pathlib

import pytest

from sci.api.errors import ConfigError, PluginError
from sci.experiment.load import load
from sci.experiment.reading import read
from sci.experiment.schema import experiment_schema
from sci.experiment.templates import Template, copy, core_folder, find, templates
from sci.experiment.writing import to_yaml
from sci.plugins import manager
from sci.plugins.policy import Policy
from sci.plugins.records import PluginRecord

OWN = sorted(folder.name for folder in core_folder().iterdir() if folder.is_dir())


@pytest.fixture(scope="module")
def installed():
    """The registry of what is really installed; the templates are written for the standard plugins."""
    registry = manager.load(Policy()).registry
    if "numpy" not in registry.names("engines") or "csv" not in registry.names("sources"):
        pytest.skip("the standard plugins are not installed")
    return registry


@pytest.mark.parametrize("name", OWN)
def test_a_template_has_no_mistake_and_resolves_to_itself(name, installed, write):
    loaded = load(core_folder() / name / "experiment.yaml", [], installed)
    again = load(write(to_yaml(loaded.resolved)), [], installed)

    assert loaded.warnings == ()
    assert loaded.experiment.name == name
    assert again.resolved == loaded.resolved


def test_every_template_is_valid_by_the_schema(installed):
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(experiment_schema(installed).schema)

    for name in OWN:
        assert list(validator.iter_errors(read(core_folder() / name / "experiment.yaml").value)) == []


@pytest.mark.parametrize("name", OWN)
def test_a_template_says_what_it_is_and_which_lines_to_change(name):
    template = find(name, templates([]))
    text = (core_folder() / name / "experiment.yaml").read_text(encoding="utf-8")

    assert 20 < len(template.summary) < 100
    assert [str(path) for path, _ in template.files()] == ["experiment.yaml", "README.md"]
    assert 2 <= text.count("# <- yours") <= 5
    assert text.startswith("# ")


def test_a_template_is_copied_whole(tmp_path):
    copied = copy(find("spam", templates([])), tmp_path / "study")

    assert [one.path.name for one in copied] == ["experiment.yaml", "README.md"]
    assert copied[0].yours == 4
    assert (tmp_path / "study" / "README.md").read_bytes() == (core_folder() / "spam" / "README.md").read_bytes()


def test_nothing_is_overwritten_and_nothing_is_half_copied(tmp_path):
    (tmp_path / "README.md").write_text("mine")

    with pytest.raises(ConfigError) as caught:
        copy(find("spam", templates([])), tmp_path)

    assert caught.value.exit_code == 2
    assert (tmp_path / "README.md").read_text() == "mine"
    assert not (tmp_path / "experiment.yaml").exists()


def test_a_folder_with_other_files_is_filled(tmp_path):
    (tmp_path / "data.csv").write_text("a\n1\n")

    copy(find("spam", templates([])), tmp_path)

    assert (tmp_path / "experiment.yaml").exists()


def test_a_dangling_link_is_not_written_through(tmp_path):
    (tmp_path / "experiment.yaml").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ConfigError):
        copy(find("spam", templates([])), tmp_path)

    assert not (tmp_path / "elsewhere").exists()


def test_an_unknown_template_has_the_nearest_in_its_hint():
    with pytest.raises(ConfigError) as caught:
        find("german-kredit", templates([]))

    assert caught.value.hint == "sci init german-credit"


def plugin(name: str, folder: str) -> PluginRecord:
    return PluginRecord(name, f"sci-{name}", "1.0", f"sci_{name}.plugin", status="ok", experiments={"spam": folder})


def test_templates_of_plugins_are_found_in_their_packages(tmp_path, monkeypatch):
    package = tmp_path / "sci_toy"
    (package / "experiments" / "toy").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "experiments" / "toy" / "experiment.yaml").write_text("format: 1\n")
    (package / "experiments" / "toy" / "README.md").write_text("# A toy\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    record = PluginRecord("toy", "sci-toy", "1", "sci_toy", status="ok", experiments={"toy": "sci_toy:experiments/toy"})

    template = find("toy", templates([record]))

    assert (template.owner, template.summary) == ("sci-toy", "A toy")
    assert copy(template, tmp_path / "out")[0].path == tmp_path / "out" / "experiment.yaml"


def test_a_plugin_cannot_silently_replace_a_template_of_the_core():
    twin = Template("spam", core_folder() / "pima", "sci-twin")

    with pytest.raises(PluginError, match="sci-core and sci-twin"):
        find("spam", [*templates([]), twin])


def test_a_folder_that_is_not_there_is_no_template():
    assert [one.owner for one in templates([plugin("a", "sci_absent:x"), plugin("b", "sci:nothing")])] == [
        "sci-core"
    ] * len(OWN)


def test_no_template_names_a_file_outside_its_folder():
    for name in OWN:
        source = read(core_folder() / name / "experiment.yaml").value["data"]["source"]
        assert pathlib.PurePath(source.get("path", "x")).parts == (source.get("path", "x"),)
