"""What distributions say about themselves, and which core they ask for."""

from __future__ import annotations

from importlib.metadata import Distribution, version

import pytest

from sci.api import PluginError
from sci.plugins.metadata import core_version, incompatibility, needs, read_metadata, remedy, too_old
from sci.plugins.records import canonical


class Text(Distribution):
    """A distribution of one text."""

    def __init__(self, text: str | None) -> None:
        self.text = text

    def read_text(self, filename):
        return self.text if filename == "METADATA" else None

    def locate_file(self, path):
        raise NotImplementedError


def test_headers_are_read_and_the_readme_is_not():
    text = (
        "Metadata-Version: 2.1\nName: sci-x\nVersion: 1.2\nSummary: About: all\nLicense: long\n text\n"
        "Project-URL: Source, https://s.example\nRequires-Dist: sci-core>=1\nRequires-Dist: numpy\n\nName: not-this\n"
    )

    found = read_metadata(Text(text))

    assert (found.name, found.version, found.summary, found.license) == ("sci-x", "1.2", "About: all", "long")
    assert found.home == "https://s.example"
    assert found.requires == ("sci-core>=1", "numpy")


@pytest.mark.parametrize("text", [None, "", "no colon at all", "\n\n"])
def test_a_distribution_without_metadata_keeps_the_name_that_it_is_given(text):
    found = read_metadata(Text(text), name="sci_x.plugin")

    assert (found.name, found.version, found.requires) == ("sci_x.plugin", "", ())


def test_real_distributions_read_as_importlib_reads_them():
    for name in ("numpy", "pydantic", "pluggy"):
        found = read_metadata(Distribution.from_name(name))
        assert (found.name, found.version) == (Distribution.from_name(name).metadata["Name"], version(name))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["sci-core>=1.0,<2"], ">=1.0,<2"),
        (["sci-core (>=1.0,<2)"], ">=1.0,<2"),
        (["Sci_Core<2,>=1"], ">=1,<2"),
        (["sci.core~=1.4"], "~=1.4"),
        (["sci-core"], ""),
        (["sci-core-extras>=9", "numpy<1"], ""),
        (["sci-core<1; extra == 'old'"], ""),
        (["sci-core<1; python_version < '3'"], ""),
        (["sci-core[all]>=1; python_version >= '3'"], ">=1"),
        (["sci-core>=1", "sci-core<2"], ">=1,<2"),
    ],
)
def test_the_range_of_the_core_is_found_among_the_requirements(lines, expected):
    assert needs(lines) == expected


def test_a_requirement_that_cannot_be_read_is_named():
    with pytest.raises(ValueError, match="`Requires-Dist: sci-core>>1` cannot be read"):
        needs(["sci-core>>1"])


@pytest.mark.parametrize(
    ("range_", "core", "said"),
    [
        ("<1", "1.0.0", "needs sci-core <1, this is 1.0.0"),
        (">=2,<3", "1.0.0", "needs sci-core >=2,<3, this is 1.0.0"),
        ("<1", "0.9.5", ""),
        (">=1.0", "1.0.0.dev3", "needs sci-core >=1.0, this is 1.0.0.dev3"),
        (">=0.9", "1.0.0.dev3", ""),
        ("", "1.0.0", ""),
        ("<1", None, ""),
    ],
)
def test_a_core_outside_the_range_is_incompatible(range_, core, said):
    assert incompatibility(range_, core) == said


def test_the_version_of_the_core_is_the_installed_one():
    assert core_version() == version("sci-core")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Sci_Text", "sci-text"), ("sci.-_text", "sci-text"), (" sci-text ", "sci-text"), ("acme-*", "acme-*"), ("", "")],
)
def test_names_are_compared_as_pip_compares_them(name, expected):
    assert canonical(name) == expected


@pytest.mark.parametrize(
    ("range_", "core", "expected"),
    [(">=2,<3", "1.4", True), (">=0.1,<0.2", "1.4", False), ("<1", "1.4", False), ("~=1.5", "1.4", True)],
)
def test_it_is_known_which_of_the_two_has_to_be_renewed(range_, core, expected):
    assert too_old(range_, core) is expected
    assert not too_old(range_, None)


@pytest.mark.parametrize(
    ("requires", "command"),
    [("sci-core<0.0.1", "pip install -U sci-deep"), ("sci-core>=999", "pip install -U sci-core")],
)
def test_an_experiment_that_names_an_incompatible_plugin_is_told_what_to_type(site, metric, requires, command):
    site.add("sci-deep", metric("sci_deep", "depth"), requires=(requires,))
    system = site.system()

    with pytest.raises(PluginError, match="which cannot be loaded") as told:
        system.registry.find("metrics", "depth")

    assert told.value.id == "plugin.incompatible"
    assert told.value.hint == remedy(system.records[0]) == command


def test_an_incompatible_plugin_is_not_imported(site, tmp_path):
    canary = tmp_path / "canary"
    site.add("sci-deep", f"open({str(canary)!r}, 'w')", version="0.9", requires=["sci-core<0.0.1"])

    system = site.system()

    assert system.records[0].status == "incompatible"
    [line] = system.warnings()
    assert line.startswith(f"warning: sci-deep 0.9 is left out (needs sci-core <0.0.1, this is {core_version()})")
    assert not canary.exists()


def test_a_plugin_that_does_not_name_the_core_is_tried(site, metric):
    site.add("sci-casual", metric("sci_casual", "tone"), requires=["numpy"])

    assert site.system().records[0].status == "ok"


def test_a_requirement_on_the_core_that_cannot_be_read_is_a_fault(site, metric):
    site.add("sci-garbled", metric("sci_garbled", "tone"), requires=["sci-core>>1"])

    [record] = site.system().records

    assert (record.status, record.reason) == ("broken", "`Requires-Dist: sci-core>>1` cannot be read")
