"""The lines that are noted as run are those that a tracer sees."""

from __future__ import annotations

import importlib.util
import runpy
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import coverage
import pytest

LINES = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "lines.py"))

SAMPLE = '''\
"""What a module says of itself."""

from __future__ import annotations

import enum
import functools


@functools.cache
def signs(number: int) -> str:
    """Words."""
    if number > 0:
        return "more"
    elif number < 0:
        return "less"
    else:
        return "none"


class Kind(enum.Enum):
    """Words."""

    ONE = 1
    TWO = (
        2
    )


class Empty:
    pass


def loops(rows):
    global LAST
    found = []
    for row in rows:
        if row == 3:
            continue
        found.append(
            row
        )
    else:
        found.append(0)
    while found:
        LAST = found.pop()
        if LAST == 7:
            break
    else:
        found = None
    return [
        one
        for one in rows
        if one
    ]


def fails(what):
    try:
        {}[what]
    except KeyError:
        with open(__file__):
            pass
    except ValueError:
        return 1
    else:
        return 2
    finally:
        what = None
    return what


def kinds(what):
    match what:
        case 1:
            return "one"
        case [first, *_]:
            return first
        case _:
            return None


def never(): return 1


def draws():
    def inner(): yield 1
    yield from inner()
    raise RuntimeError("drawn")
    yield 2
'''
CALLS = ("signs(1)", "signs(0)", "loops([3, 1])", "fails('a')", "kinds([5])", "next(draws())", "Kind.ONE")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "sample.py"
    file.write_text(SAMPLE, encoding="utf-8")
    return file


@pytest.fixture
def noted(file: Path) -> tuple[Any, ModuleType]:
    """The lines of the sample that are noted, and the module that notes them."""
    lines = LINES["Lines"]([file.parent])
    loader = LINES["Loader"]("sample", str(file), lines=lines)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("sample", loader))
    loader.exec_module(module)
    return lines, module


def missing(lines: dict[str, list[int]], file: Path) -> list[int]:
    """The lines that `coverage` calls missing."""
    measured = coverage.Coverage(data_file=None, config_file=False)
    measured.get_data().add_lines(lines)
    return measured.analysis2(str(file))[3]


@pytest.mark.parametrize("calls", [CALLS[:count] for count in range(len(CALLS) + 1)], ids=len)
def test_what_is_noted_is_what_a_tracer_sees(calls: tuple[str, ...], file: Path, noted: tuple[Any, ModuleType]) -> None:
    lines, module = noted
    traced = coverage.Coverage(data_file=None, config_file=False, include=[str(file)])

    with traced.collect():
        plain = {"__name__": "sample", "__file__": str(file)}
        exec(compile(SAMPLE, str(file), "exec", dont_inherit=True), plain)
        expected = [str(eval(call, plain)) for call in calls]

    assert [str(eval(call, module.__dict__)) for call in calls] == expected
    assert missing(lines.found(), file) == traced.analysis2(str(file))[3] != []


def test_what_is_noted_changes_no_line_of_a_traceback(noted: tuple[Any, ModuleType]) -> None:
    _, module = noted

    with pytest.raises(RuntimeError, match="drawn") as caught:
        list(module.draws())

    assert traceback.extract_tb(caught.value.__traceback__)[-1].line == 'raise RuntimeError("drawn")'


def test_only_modules_of_the_sources_are_looked_at(
    file: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "beside.py").write_text("ONE = 1\n", encoding="utf-8")
    (file.parent / "package").mkdir()
    (file.parent / "package" / "__init__.py").write_text("", encoding="utf-8")
    (file.parent / "package" / "inner.py").write_text("ONE = 1\nif ONE > 1:\n    TWO = 2\n", encoding="utf-8")
    lines = LINES["Lines"]([file.parent])
    monkeypatch.setattr(sys, "path_hooks", list(sys.path_hooks))
    monkeypatch.setattr(sys, "path", [str(file.parent), str(other), *sys.path])

    lines.begin()
    try:
        found = [importlib.import_module(name) for name in ("package.inner", "beside")]
    finally:
        sys.path_importer_cache.clear()
        for name in ("package", "package.inner", "beside"):
            sys.modules.pop(name, None)

    assert [one.ONE for one in found] == [1, 1]
    assert lines.found() == {
        str(file.parent / "package" / "__init__.py"): [],
        str(file.parent / "package" / "inner.py"): [1, 2],
    }
