from __future__ import annotations

import subprocess
import sys
import tomllib

import pytest

from sci.api import ConfigError
from sci.plugins.new import core_range, kinds, licenses, planned
from sci.plugins.template import shipped


def refused(*arguments: str, **more: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        planned(*arguments, **more)
    return caught.value


def test_there_is_a_template_of_every_kind_that_is_promised():
    assert kinds() == ["deployer", "domain", "engine", "metric", "model", "optimizer", "preprocessor", "source"]
    assert sorted(path.stem for path in (shipped("plugin") / "facts").iterdir()) == kinds()


@pytest.mark.parametrize("name", ["reef", "sci-reef", "reef-2", "a"])
def test_names_are_taken_with_the_prefix_or_without_it(name):
    plan = planned(name, "metric")

    assert plan.distribution == "sci-" + name.removeprefix("sci-")
    assert plan.module.isidentifier()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Reef Count", "reef-count"),
        ("reef_count", "reef-count"),
        ("2reef", ""),
        ("reef--count", "reef-count"),
        ("-reef", "reef"),
        ("", ""),
        ("../reef", "reef"),
        ("riff\u00e9", "riff"),
        ("a" * 41, "a" * 40),
        ("reef\n", "reef"),
    ],
)
def test_a_name_that_no_distribution_can_have_is_refused_with_one_that_it_can(name, hint):
    error = refused(name, "metric")

    assert (error.id, error.hint) == ("usage.name", hint)


@pytest.mark.parametrize("name", ["core", "metrics", "sci-torch", "standard"])
def test_names_of_standard_distributions_are_taken(name):
    assert refused(name, "metric").id == "usage.name"


def test_the_name_of_an_installed_distribution_is_taken(tmp_path, monkeypatch):
    (tmp_path / "sci_reef-2.1.dist-info").mkdir()
    (tmp_path / "sci_reef-2.1.dist-info" / "METADATA").write_text("Name: sci-reef\nVersion: 2.1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert "2.1 is installed" in refused("reef", "metric").message


def test_the_name_of_an_importable_module_is_taken_and_it_is_not_imported(tmp_path, monkeypatch):
    (tmp_path / "sci_reef.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert refused("reef", "metric").id == "usage.name"
    assert "sci_reef" not in sys.modules


def test_an_unknown_kind_gets_the_nearest_one():
    assert refused("reef", "metrik").hint == "--kind metric"
    assert "source" in refused("reef", "nonsense").note


def test_an_unknown_license_gets_those_that_there_are():
    assert licenses() == ["Apache-2.0", "BSD-3-Clause", "MIT"]
    assert refused("reef", "metric", license="mit").hint == "--license MIT"


@pytest.mark.parametrize("author", ['A "B" C', "A\nB", "A\\B", "A\x1b[31m"])
def test_an_author_that_would_break_the_metadata_is_refused(author):
    assert refused("reef", "metric", author=author).id == "usage.name"


@pytest.mark.parametrize("license", licenses())
def test_license_and_author_stand_in_the_package(tmp_path, license):
    planned("reef", "metric", license=license, author="Ada Löv").write(tmp_path / "new")

    project = tomllib.loads((tmp_path / "new/pyproject.toml").read_text("utf-8"))["project"]
    assert (project["license"], project["authors"]) == (license, [{"name": "Ada Löv"}])
    text = (tmp_path / "new/LICENSE").read_text("utf-8")
    assert license == "Apache-2.0" or "Ada Löv" in text


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind != "domain"])
def test_the_component_can_have_another_name(tmp_path, kind):
    planned("reef", kind, component="coral").write(tmp_path / "new")

    assert '"coral"' in (tmp_path / "new/src/sci_reef/plugin.py").read_text("utf-8")
    assert "coral" in (tmp_path / "new/experiment.yaml").read_text("utf-8")


@pytest.mark.parametrize(("kind", "name"), [("metric", "f1"), ("model", "logistic"), ("deployer", "rest")])
def test_a_component_cannot_take_the_name_of_a_standard_one(kind, name):
    error = refused("reef", kind, component=name)

    assert (error.id, error.hint) == ("usage.name", "--component ANOTHER-NAME")
    assert f"{kind} `{name}` is one of sci-" in error.message


def test_a_domain_has_several_components_and_no_single_name():
    assert refused("reef", "domain", component="coral").id == "usage.arguments"


@pytest.mark.parametrize(
    ("version", "expected"), [("0.1.0", ">=0.1,<0.2"), ("0.12.3", ">=0.12,<0.13"), ("1.4.0", ">=1.4,<2")]
)
def test_the_range_of_the_core_ends_where_its_api_may_change(version, expected):
    assert core_range(version) == expected


@pytest.mark.parametrize("name", ["a", "a-name-of-40-characters-which-is-at-most"])
def test_packages_are_clean_for_ruff_however_long_their_names_are(tmp_path, name):
    for kind in kinds():
        planned(name, kind, component="" if kind == "domain" else name).write(tmp_path / kind)

    found = ""
    for command in (["check", "--quiet"], ["format", "--quiet", "--diff"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--no-cache", "."]
        found += subprocess.run(ruff, cwd=tmp_path, capture_output=True, text=True).stdout

    assert found == ""
