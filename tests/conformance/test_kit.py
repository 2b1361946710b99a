"""How the kit judges, and what its two faces show: the command and pytest."""

from __future__ import annotations

import json
import os
import pathlib
import subprocess
import sys
from collections.abc import Callable

import pytest

from sci.api import ConfigError
from sci.testing import Case, run_checks
from sci.testing.catalogue import FAMILIES, checks, family
from sci.testing.check import CHECKS, LEVELS, Check
from sci.testing.study import _models
from sci.testing.subject import Subject
from sci.testing.trial import Trial

Build = Callable[..., None]
Call = Callable[..., tuple[int, str, str]]
BROKEN = ("metrics", "metrics.py", "higher_is_better = True", "higher_is_better = False")
"""Metric `share` says that lower is better."""


def outcomes(**more: object) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in run_checks("sci-house", **more):
        found.setdefault(one.id, set()).add(one.outcome)
    return found


def test_a_failure_says_what_was_expected_what_was_received_and_how_to_mend_it(built: Build) -> None:
    built("metrics", BROKEN)

    wrong = [one for one in run_checks("sci-house") if not one.ok]

    assert [(one.id, one.subject, one.level) for one in wrong] == [("SCI-MET-005", "metric `share`", "required")], wrong
    [failed] = wrong
    assert failed.expected.startswith("Perfect predictions score better")
    assert failed.received.startswith("perfect predictions score 1, bad ones 0.1")
    assert failed.mend.startswith("Correct `higher_is_better`")


@pytest.mark.parametrize("key", ["SCI-MET-005", "SCI-MET-005:share"])
def test_a_failure_that_was_foretold_is_none(key: str, built: Build) -> None:
    built("metrics", BROKEN)

    found = [
        one for one in run_checks("sci-house", expected_failures={key: "lower is meant"}) if one.id == "SCI-MET-005"
    ]

    assert [(one.outcome, one.reason, one.ok) for one in found if one.subject == "metric `share`"] == [
        ("expected", "lower is meant", True)
    ]


def test_a_failure_that_the_plugin_itself_foretells_is_none_on_the_command_line(
    built: Build, room: pathlib.Path, called: Call
) -> None:
    built("metrics", BROKEN)
    light = room / "sci_house" / "plugin.py"
    foretold = '    from sci.testing import Expected\n\n    return [\n        Expected("SCI-MET-005:share", "lower is meant"),\n'
    light.write_text(light.read_text().replace("    return [\n        Case(", foretold + "        Case("))

    code, out, _ = called(["plugin", "test", "sci-house"], room)

    assert code == 0, out
    assert "SCI-MET-005 metric `share` (expected to fail)\n    why: lower is meant" in out
    assert "1 failed as expected" in out
    assert outcomes()["SCI-MET-005"] == {"expected", "passed"}


@pytest.mark.parametrize("key", ["SCI-MET-004", "SCI-MET-005:hit", "SCI-PRE-001"])
def test_a_failure_that_was_foretold_and_does_not_come_is_one(key: str, built: Build) -> None:
    built("metrics", BROKEN)
    foretold = {key: "for good reason", "SCI-MET-005:share": "lower is meant"}

    if key == "SCI-PRE-001":
        with pytest.raises(ConfigError, match="looks at nothing"):
            run_checks("sci-house", expected_failures=foretold)
        return
    assert outcomes(expected_failures=foretold)[key.partition(":")[0]] & {"unexpected"}


@pytest.mark.parametrize(
    ("foretold", "words"),
    [
        ({"SCI-MET-999": "a reason"}, "no check is called"),
        ({"SCI-MET-005": " "}, "has no reason"),
        ({"SCI-MET-005:shard": "a reason"}, "does not offer"),
    ],
)
def test_what_is_foretold_has_to_mean_something(foretold: dict[str, str], words: str, built: Build) -> None:
    built("metrics")

    with pytest.raises(ConfigError, match=words):
        run_checks("sci-house", expected_failures=foretold)


def test_a_check_newer_than_the_oldest_core_that_is_supported_is_only_recommended(
    built: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    built("metrics")
    checks()
    newer = Check("SCI-PKG-900", None, "Nothing holds.", "Wait.", "required", "0.2", (), lambda trial: 1 / 0)
    monkeypatch.setitem(CHECKS, newer.id, newer)

    assert newer.id not in outcomes()
    [found] = [one for one in run_checks("sci-house", level="recommended") if one.id == newer.id]
    assert (found.outcome, found.level) == ("failed", "recommended")
    assert found.received.startswith("ZeroDivisionError")


def test_a_check_waits_for_those_that_it_would_only_repeat(built: Build) -> None:
    built("metrics", ("metrics", "metrics.py", "class Share:", "class Sharp:"))

    found = {one.id: one for one in run_checks("sci-house") if one.subject == "metric `share`"}

    assert found["SCI-DISC-005"].outcome == "failed"
    assert found["SCI-MET-004"].reason == "waits for SCI-DISC-005"


def test_every_check_says_what_it_expects_and_how_to_mend_it() -> None:
    for id, one in checks().items():
        assert family(id) in FAMILIES
        assert one.expects[0].isupper() or one.expects[0] == "`", id
        assert one.expects.endswith("."), id
        assert one.mend, id
        assert one.level in LEVELS
        assert all(earlier in checks() for earlier in one.after), id


def test_the_first_words_of_a_case_are_all_that_a_light_module_pays_for() -> None:
    code = (
        "import sys; from sci.testing import Case; Case('metrics', 'a');"
        "print([m for m in ('numpy', 'pyarrow', 'pydantic', 'pytest', 'pluggy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert Case("metrics", "a") == Case("metrics", "a")


def judged(room: pathlib.Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What pytest says of a file of tests."""
    path = os.pathsep.join([str(room), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env={**os.environ, "PYTHONPATH": path}, cwd=room
    )


def test_the_command_ends_with_4_and_shows_what_failed(built: Build, room: pathlib.Path, called: Call) -> None:
    built("metrics", BROKEN)

    code, out, err = called(["plugin", "test", "sci-house"], room)

    assert code == 4
    assert "SCI-MET-005 metric `share`\n    expected: Perfect predictions" in out
    assert "1 failed" in out
    assert err == ""


def test_the_command_gives_one_document(built: Build, room: pathlib.Path, called: Call) -> None:
    built("metrics", BROKEN)

    code, out, _ = called(["plugin", "test", "house", "--json"], room)
    document = json.loads(out)

    assert code == 4
    assert (document["plugin"], document["version"], document["passed"]) == ("sci-house", "1.0", False)
    [failed] = [one for one in document["results"] if one["outcome"] == "failed"]
    assert (failed["id"], failed["level"]) == ("SCI-MET-005", "required")


def test_the_command_ends_with_0_where_only_advice_is_left(built: Build, room: pathlib.Path, called: Call) -> None:
    built("metrics", ("metrics", "py.typed", "", "absent"))

    code, out, _ = called(["plugin", "test", "sci-house", "--level", "recommended"], room)

    assert code == 0
    assert "SCI-PKG-003 sci-house 1.0 (recommended)" in out


@pytest.mark.parametrize(
    ("arguments", "id"),
    [
        (["sci-hous"], "plugin.unknown"),
        (["./nowhere"], "plugin.project"),
        (["sci-house", "--level", "all"], "plugin.check"),
    ],
)
def test_a_slip_on_the_command_line_is_named(
    arguments: list[str], id: str, built: Build, room: pathlib.Path, called: Call
) -> None:
    built("metrics")

    code, _, err = called(["plugin", "test", *arguments], room)

    assert code == 2
    assert f"[{id}]" in err


def test_pytest_has_one_test_for_each_check(built: Build, room: pathlib.Path) -> None:
    built("metrics", BROKEN)
    head = "from sci.testing import parametrize_with_checks\n\n"
    body = "def test_conformance(check):\n    check()\n"
    (room / "test_fails.py").write_text(f"{head}@parametrize_with_checks('sci-house')\n{body}")
    foretold = "{'SCI-MET-005': 'lower is meant'}"
    (room / "test_passes.py").write_text(
        f"{head}@parametrize_with_checks('sci-house', expected_failures={foretold})\n{body}"
    )

    fails = judged(room, "test_fails.py")
    passes = judged(room, "-rx", "test_passes.py")

    assert fails.returncode == 1
    assert "FAILED test_fails.py::test_conformance[SCI-MET-005]" in fails.stdout
    assert "received: perfect predictions score 1, bad ones" in fails.stdout
    assert passes.returncode == 0, passes.stdout
    assert "1 xfailed" in passes.stdout
    assert "lower is meant" in passes.stdout


def test_a_study_runs_on_the_lightest_engine_unless_a_case_claims_another() -> None:
    subject = Subject.of("sci-serve")
    entry = next(one for one in subject.entries if one.kind == "deployers")
    registry = subject.system.registry

    def first(claims: dict[str, object]) -> str | None:
        return _models(
            Trial(subject, entry, Case("deployers", entry.spec.name, claims=claims)), registry, "regression"
        )[0].engine

    assert set(registry.names("engines")) >= {"numpy", "tensorflow", "torch"}
    assert (first({}), first({"engine": "torch"})) == ("numpy", "torch")
