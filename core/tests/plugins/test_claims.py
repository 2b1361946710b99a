"""What a plugin would bring, read without running it."""

from __future__ import annotations

import sys

import pytest

from sci.plugins.claims import claims, claims_name

SOURCE = """
open({canary!r}, "w")
from sci.api import ComponentSpec, hookimpl

SHARED = [ComponentSpec(name="shared", target="a:b")]

def _metric(name, summary):
    return ComponentSpec(name, f"a:{{name}}", summary)

@hookimpl
def sci_models():
    for word in ("loop",):
        yield ComponentSpec(word, {{"torch": "a:b"}})
    return [ComponentSpec("bert", {{"torch": "a:b"}}, summary="not-this"), ComponentSpec(target={{}}, name="cnn")]

@hookimpl
def sci_metrics():
    return [_metric("tone", "How loud"), *SHARED]
"""


def test_names_are_read_from_calls_in_hooks_and_nothing_is_run(site, tmp_path):
    canary = tmp_path / "canary"
    site.add("sci-a", SOURCE.format(canary=str(canary)))

    assert claims("sci_a.plugin") == {
        ("models", "bert"),
        ("models", "cnn"),
        ("metrics", "tone"),
        (None, "shared"),
    }
    assert not canary.exists()
    assert "sci_a" not in sys.modules


def test_a_file_that_is_not_python_any_more_is_glimpsed(site):
    site.add("sci-a", "def sci_models(:\n    return [ComponentSpec('bert'), ComponentSpec(x, name='cnn')]\n")

    assert claims("sci_a.plugin") == {("models", "bert"), ("models", "cnn")}


@pytest.mark.parametrize("source", ["\0", "(" * 3000, "x = " + "-" * 100000 + "1", "\xff"])
def test_hostile_source_claims_nothing_and_harms_nobody(site, source):
    site.add("sci-a", source)

    assert claims("sci_a.plugin") == frozenset()


@pytest.mark.parametrize("module", ["nowhere_at_all.plugin", "", "a..b", "sys", "builtins.x", "../etc/passwd"])
def test_a_module_without_source_claims_nothing(module):
    assert claims(module) == frozenset()


def test_a_claim_without_a_hook_holds_for_every_kind(site):
    site.add("sci-a", "SPECS = [ComponentSpec('tone')]")

    assert claims_name("sci_a.plugin", "metrics", "tone")
    assert claims_name("sci_a.plugin", "models", "tone")
    assert not claims_name("sci_a.plugin", "models", "pitch")


def test_a_package_may_be_the_light_module(site):
    site.add("sci-a", "", module="sci_a_package")
    (site.path / "sci_a_package.py").unlink()
    site.write("sci_a_package/__init__.py", "def sci_tasks(): return [ComponentSpec('sorting')]")

    assert claims("sci_a_package") == {("tasks", "sorting")}
