"""Whoever uses what will go is named, with what to write instead and the version that is without it."""

from __future__ import annotations

import json
import os
import re
import warnings
from importlib.metadata import version as installed

import pytest
from packaging.version import Version

import sci.api
from sci.api import API_VERSION, deprecation
from sci.api.deprecation import ApiDeprecationWarning, Deprecation, deprecated
from sci.cli.main import main
from sci.hookspecs import hookspec
from sci.plugins import hooks, outdated
from sci.plugins.policy import Policy
from sci.plugins.selection import select

HEAD = "from sci.api import ComponentSpec, hookimpl\n"
NAME = Deprecation("sci.api.OldSpec", "ComponentSpec", "9.0", "sci.api.specs:ComponentSpec")
HOOK = Deprecation("hook sci_old_parts", "sci_models", "9.0")
ARGUMENT = Deprecation("argument place of hook sci_old_stage", "stage", "9.1")


class Old:
    """Hooks that are on their way out."""

    @hookspec(warn_on_impl=ApiDeprecationWarning(HOOK))
    def sci_old_parts(self):
        """Parts."""

    @hookspec(warn_on_impl_args={"place": ApiDeprecationWarning(ARGUMENT)})
    def sci_old_stage(self, context, stage, place):
        """A stage."""


@pytest.fixture
def going(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of `sci.api`, a hook and an argument of another are deprecated."""
    monkeypatch.setitem(deprecation.EXPORTS, "OldSpec", NAME)
    monkeypatch.setattr(hooks, "GROUPS", (*hooks.GROUPS, Old))
    for name in ("sci_old_parts", "sci_old_stage"):
        monkeypatch.setitem(hooks.SPECS, name, getattr(Old, name))


IMPORTS = "from sci.api import OldSpec\n"
IMPLEMENTS = "@hookimpl\ndef sci_old_parts():\n    return []\n"
TAKES = "@hookimpl\ndef sci_old_stage(context, place): ...\n"
CASES = [
    (IMPORTS, "sci.api.OldSpec", "ComponentSpec", "9.0"),
    ("import sci.api\nspec = sci.api.OldSpec\n", "sci.api.OldSpec", "ComponentSpec", "9.0"),
    (IMPLEMENTS, "hook sci_old_parts", "sci_models", "9.0"),
    ("@hookimpl(specname='sci_old_parts')\ndef parts():\n    return []\n", "hook sci_old_parts", "sci_models", "9.0"),
    (TAKES, "argument place of hook sci_old_stage", "stage", "9.1"),
]


@pytest.mark.parametrize(("source", "what", "instead", "until"), CASES)
def test_a_use_is_a_deprecation_warning_at_the_line_of_the_plugin(site, going, source, what, instead, until):
    site.add("sci-house", HEAD + source, version="1.2")

    with pytest.warns(ApiDeprecationWarning) as heard:
        [record] = site.system().records

    assert {str(one.message) for one in heard} == {
        f"sci-house 1.2 uses {what}, which ends with sci-core {until}: write {instead}"
    }
    assert {one.filename for one in heard} == {str(site.path / "sci_house" / "plugin.py")}
    assert all(one.lineno >= 2 for one in heard)
    assert record.status == "ok"


@pytest.mark.parametrize(("source", "what", "instead", "until"), CASES)
def test_a_use_is_read_from_the_source_of_a_plugin_that_is_not_imported(site, going, source, what, instead, until):
    site.add("sci-house", "raise RuntimeError\n" + HEAD + source, version="1.2")

    [(record, _)] = select(site.discovery.find(), Policy(), {})

    assert outdated.outdated([record]) == [
        [f"sci-house 1.2 uses {what}, which ends with sci-core {until}: write {instead}"]
    ]


def test_heavy_modules_are_read_too_and_named_when_they_are_imported(site, going):
    site.add("sci-house", HEAD + "@hookimpl\ndef sci_metrics(): return [ComponentSpec('tone', 'sci_house.work:Tone')]")
    site.write("sci_house/work.py", "def made():\n    from sci.api import OldSpec\n    return OldSpec\nTone = made()\n")
    system = site.system()
    [record] = system.records

    with pytest.warns(ApiDeprecationWarning, match="^sci-house 1.0 uses sci.api.OldSpec") as heard:
        system.registry.find("metrics", "tone").load(None)

    assert heard[0].lineno == 2
    assert outdated.outdated([record]) == [[NAME.sentence("sci-house 1.0")]]


@pytest.mark.parametrize(
    "source",
    [
        "OldSpec = 1\n",
        "class Api:\n    OldSpec = 1\nother = Api()\nother.OldSpec\n",
        "# from sci.api import OldSpec\n",
        "def old_parts(): ...\n",
        "from sci.api import Feature\n",
    ],
)
def test_what_only_looks_alike_is_not_named(site, going, source):
    site.add("sci-house", HEAD + source)

    [record] = site.system().records

    assert outdated.outdated([record]) == [[]]
    assert record.status == "ok"


def test_users_never_hear_of_it(site, going):
    """Python's own filters: shown where a script of one's own does it, and in tests, and nowhere else."""
    site.add("sci-house", HEAD + IMPORTS + IMPLEMENTS)

    with warnings.catch_warnings(record=True) as heard:
        warnings.resetwarnings()
        warnings.filterwarnings("default", category=DeprecationWarning, module="__main__")
        warnings.simplefilter("ignore", DeprecationWarning, append=True)
        [record] = site.system().records

    assert (heard, record.status) == ([], "ok")


def test_where_warnings_are_errors_the_plugin_is_broken_and_says_why(site, going):
    site.add("sci-house", HEAD + IMPLEMENTS)

    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        [record] = site.system().records

    assert record.status == "broken"
    assert "sci-house 1.0 uses hook sci_old_parts, which ends with sci-core 9.0" in record.reason


def test_a_deprecated_function_warns_each_line_that_calls_it():
    @deprecated("old_sum", "sum", "9.0")
    def old_sum(numbers):
        return sum(numbers)

    with pytest.warns(ApiDeprecationWarning, match="uses old_sum, which ends with sci-core 9.0: write sum"):
        assert old_sum([1, 2]) == 3


def test_a_name_that_goes_is_what_it_was(going):
    with pytest.warns(ApiDeprecationWarning):
        assert sci.api.OldSpec is sci.api.ComponentSpec
    assert "OldSpec" not in sci.api.__all__


SENTENCE = "sci-house 1.0 uses sci.api.OldSpec, which ends with sci-core 9.0: write ComponentSpec"


@pytest.fixture
def program(tmp_path, monkeypatch, capsys):
    """Runs ``sci ...`` in this process, in an empty folder with no configuration above it."""
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_CONFIG_HOME", "XDG_CONFIG_DIRS", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    beside = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(tmp_path / "site"), beside])))

    def run(*arguments: str) -> tuple[int, str, str]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # as Python does outside of tests
            code = main(list(arguments))
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize("verb", [("list",), ("show", "house"), ("doctor", "house")])
def test_the_verbs_about_plugins_say_it(site, going, program, verb):
    site.add("sci-house", HEAD + "def later():\n    from sci.api import OldSpec\n    return OldSpec\n")

    code, said, noise = program("plugins", *verb)
    document = program("plugins", *verb, "--json")

    assert (code, noise, document[0], document[2]) == (0, "", 0, "")
    assert SENTENCE in said
    found = json.loads(document[1])
    [row] = [one for one in found.get("plugins") or [found["plugin"]] if one["name"] == "house"]
    assert row["deprecated"] == [SENTENCE]


def test_other_verbs_are_silent_even_where_the_light_module_does_it(site, going, program):
    site.add("sci-house", HEAD + IMPORTS)

    code, said, noise = program("components")

    assert (code, noise) == (0, "")
    assert "OldSpec" not in said


def test_nothing_is_kept_longer_than_was_said():
    core = Version(Version(installed("sci-core")).base_version)
    going = [*deprecation.EXPORTS.values(), *outdated.outgoing_hooks().values()]

    assert [one.name for one in going if Version(one.until) <= core] == []


def test_the_version_of_the_interface_is_major_and_minor():
    assert re.fullmatch(r"\d+\.\d+", API_VERSION)
