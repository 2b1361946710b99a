"""What plugins rely on changes only where it was announced: by API_VERSION, and by a line of the changelog."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from sci.api import API_VERSION
from sci.plugins.metadata import core_version

ROOT = Path(__file__).parents[3]
TOOL = runpy.run_path(str(ROOT / "tools" / "api_surface.py"))
announced, change, Change = TOOL["announced"], TOOL["change"], TOOL["Change"]


def test_what_plugins_rely_on_is_as_announced():
    committed = json.loads(TOOL["FILE"].read_text(encoding="utf-8"))

    file, problems = announced(committed, TOOL["surface"](), API_VERSION, TOOL["CHANGELOG"].read_text(encoding="utf-8"))

    assert not problems and file == committed, TOOL["advice"](problems)  # noqa: PT018


def test_the_file_lists_every_export_every_hook_and_what_a_class_offers():
    entries = json.loads(TOOL["FILE"].read_text(encoding="utf-8"))["entries"]

    assert entries["sci_train"]["signature"] == "(context, prepared)"
    assert entries["sci_stage_finished"]["signature"] == "(context, stage, seconds)"
    assert entries["sci.api.Preprocessor"]["members"]["transform"] == "(batch, random=None)"
    assert entries["sci.api.Preprocessor"]["members"]["load_state"] == "(state)"
    assert entries["sci.api.Feature"]["members"]["unit"] == "attribute: str | None"
    assert entries["sci.api.only_head"]["signature"] == "(heads, rank, reader)"


FUNCTION = {"kind": "function", "signature": "(rows, *, seed=0)"}
HOOK = {"kind": "hook", "signature": "(context, stage)"}
PROTOCOL = {"kind": "protocol", "members": {"read": "(context)"}}
CLASS = {"kind": "class", "signature": "(name, unit='')", "members": {"name": "attribute: str", "by": "(role)"}}
TYPE = {"kind": "type", "signature": "number | text"}


@pytest.mark.parametrize(
    ("name", "before", "after", "expected"),
    [
        ("sci.api.new", None, FUNCTION, Change.ADDITION),
        ("sci.api.gone", FUNCTION, None, Change.BREAK),
        ("sci.api.same", FUNCTION, {"since": "1.0", **FUNCTION}, None),
        ("sci.api.f", FUNCTION, {**FUNCTION, "signature": "(rows, *, seed=0, strict=False)"}, Change.ADDITION),
        ("sci.api.f", FUNCTION, {**FUNCTION, "signature": "(rows, strict, *, seed=0)"}, Change.BREAK),
        ("sci.api.f", FUNCTION, {**FUNCTION, "signature": "(rows, *, seed=1)"}, Change.BREAK),
        ("sci.api.f", FUNCTION, {**FUNCTION, "signature": "(*, seed=0)"}, Change.BREAK),
        ("sci.api.f", FUNCTION, {"kind": "class", "members": {}}, Change.BREAK),
        ("sci.api.f", FUNCTION, {"kind": "deprecated"}, Change.ADDITION),
        ("sci.api.f", {"kind": "deprecated"}, None, Change.BREAK),
        ("sci_x", HOOK, {**HOOK, "signature": "(context, part, stage)"}, Change.ADDITION),
        ("sci_x", HOOK, {**HOOK, "signature": "(context)"}, Change.BREAK),
        ("sci.api.Source", PROTOCOL, {**PROTOCOL, "members": {"read": "(context, part=None)"}}, Change.BREAK),
        ("sci.api.Source", PROTOCOL, {**PROTOCOL, "members": {**PROTOCOL["members"], "close": "()"}}, Change.BREAK),
        ("sci.api.RunContext", PROTOCOL, {**PROTOCOL, "members": {**PROTOCOL["members"], "n": "()"}}, Change.ADDITION),
        ("sci.api.Feature", CLASS, {**CLASS, "signature": "(name, unit='', rate=None)"}, Change.ADDITION),
        ("sci.api.Feature", CLASS, {**CLASS, "signature": "(name, rate=(1, 2), unit='')"}, Change.BREAK),
        ("sci.api.Feature", CLASS, {**CLASS, "members": {"name": "attribute: str"}}, Change.BREAK),
        ("sci.api.Feature", CLASS, {**CLASS, "members": {**CLASS["members"], "more": "()"}}, Change.ADDITION),
        ("sci.api.Feature", CLASS, {**CLASS, "members": {**CLASS["members"], "name": "attribute: int"}}, Change.BREAK),
        ("sci.api.Kind", TYPE, {**TYPE, "signature": "number | text | image"}, Change.ADDITION),
        ("sci.api.Kind", TYPE, {**TYPE, "signature": "number"}, Change.BREAK),
    ],
)
def test_an_addition_is_told_from_a_break(name, before, after, expected):
    assert change(name, before, after) is expected


OLD = {"released": "1.4", "entries": {"sci.api.f": {"since": "1.2", **FUNCTION}}}
WIDER = {"sci.api.f": {**FUNCTION, "signature": "(rows, *, seed=0, strict=False)"}}
NARROWER = {"sci.api.f": {**FUNCTION, "signature": "(*, seed=0)"}}
SAID = "# Changelog\n\n## Unreleased\n\n- `f` has another argument.\n\n## 1.4.0\n\n- more\n"
UNSAID = "# Changelog\n\n## Unreleased\n\n- more\n\n## 1.4.0\n\n- `f`\n"


@pytest.mark.parametrize(
    ("found", "version", "changelog", "expected"),
    [
        (WIDER, "1.4", SAID, ["sci.api.f is changed: raise API_VERSION from 1.4 to at least 1.5"]),
        (WIDER, "1.5", UNSAID, ["sci.api.f is changed: name `f` in CHANGELOG.md"]),
        (WIDER, "1.5", SAID, []),
        (NARROWER, "1.5", SAID, ["sci.api.f is changed: raise API_VERSION from 1.4 to at least 2.0"]),
        (NARROWER, "2.0", SAID, []),
        ({}, "1.4", UNSAID, [
            "sci.api.f is gone: raise API_VERSION from 1.4 to at least 2.0",
            "sci.api.f is gone: name `f` in CHANGELOG.md",
        ]),
        ({"sci.api.f": FUNCTION}, "1.4", UNSAID, []),
    ],
)  # fmt: skip
def test_a_change_that_is_not_announced_is_named_with_what_to_do(found, version, changelog, expected):
    assert announced(OLD, found, version, changelog)[1] == expected


def test_what_was_never_released_may_change_again():
    fresh = {"released": "1.4", "entries": {"sci.api.f": {"since": "1.5", **FUNCTION}}}

    file, problems = announced(fresh, NARROWER, "1.5", SAID)

    assert problems == []
    assert file["entries"]["sci.api.f"] == {"since": "1.5", **NARROWER["sci.api.f"]}


def test_the_advice_names_the_page_and_the_command():
    page = ROOT / TOOL["PAGE"]

    assert page.is_file()
    assert TOOL["advice"](["x"]).endswith(f"The rule is in {TOOL['PAGE']}. Then: python tools/api_surface.py")


def test_the_page_states_the_range_that_our_own_plugins_state():
    page = (ROOT / TOOL["PAGE"]).read_text(encoding="utf-8")
    [range_] = re.findall(r'"sci-core([^"]+)"\]', page)
    files = [file.read_text(encoding="utf-8") for file in ROOT.glob("plugins/*/pyproject.toml")]

    assert f"`{API_VERSION}`" in page
    assert SpecifierSet(range_).contains(core_version() or "", prereleases=True)
    assert {one for text in files for one in re.findall(r'"sci-core([^"]*)"', text)} == {range_}
