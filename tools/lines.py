"""Notes which lines of the sources are run: every statement notes its own before it is carried out.

A tracer is told of each line of every library too, which doubles what the tests cost. What is noted here goes into
the data of `coverage`, which knows which lines could have been run.
"""

from __future__ import annotations

import ast
import functools
import json
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [ROOT / "core/src", *sorted(ROOT.glob("plugins/*/src"))]
NAME = "__ran__"
"""What a module calls its notes: at the number of a line, whether it was run."""
BODIES = ("body", "orelse", "finalbody")


class Lines:
    """The lines that were run of modules that are imported from now on.

    Args:
        sources: folders of the modules that are looked at.
    """

    def __init__(self, sources: Sequence[Path]) -> None:
        self._sources = tuple(map(str, sources))
        self._notes: dict[str, list[int]] = {}

    def begin(self) -> None:
        """Look at modules of the sources whenever one is imported; all others are imported as ever."""
        sys.path_hooks.insert(0, self._finder)
        sys.path_importer_cache.clear()

    def _finder(self, folder: str) -> FileFinder:
        if not folder.startswith(self._sources):
            raise ImportError(f"{folder} is none of the sources")
        return FileFinder(folder, (functools.partial(Loader, lines=self), [".py"]))

    def notes(self, file: str) -> list[int]:
        """At the number of a line of a file, whether it was run; the same list whenever the file is imported again."""
        if file not in self._notes:
            self._notes[file] = [0] * (Path(file).read_bytes().count(b"\n") + 2)
        return self._notes[file]

    def found(self) -> dict[str, list[int]]:
        """The numbers of the lines that were run, by file."""
        return {file: [number for number, ran in enumerate(notes) if ran] for file, notes in self._notes.items()}

    def write(self, file: Path) -> None:
        """Keep what was found, to be read by `tools/test.py`."""
        file.write_text(json.dumps(self.found()), encoding="utf-8")


class Loader(SourceFileLoader):
    """Imports a module whose statements note themselves."""

    def __init__(self, name: str, path: str, *, lines: Lines) -> None:
        super().__init__(name, path)
        self._lines = lines

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = ModuleType(spec.name)
        module.__dict__[NAME] = self._lines.notes(self.path)
        return module

    def get_code(self, fullname: str) -> CodeType:
        return noting(self.get_data(self.path), self.path, self._lines.notes(self.path))


def noting(source: bytes, file: str, notes: list[int]) -> CodeType:
    """The code of a module in which every statement notes its line first.

    What nothing can be put before, a description or a `from __future__`, is run whenever what it belongs to is made.
    A line `except` or `case` is noted once it, or one after it, has matched.
    """
    tree = ast.parse(source, file)
    tried: dict[ast.AST, list[int]] = {}
    for node in ast.walk(tree):
        tried.update(choices(node))
        for name in BODIES:
            body = getattr(node, name, None)
            if isinstance(body, list):
                before = tried.pop(node, [])
                setattr(node, name, [*(note(line, body[0]) for line in before), *with_notes(node, body, name, notes)])
    return compile(ast.fix_missing_locations(tree), file, "exec", dont_inherit=True)


def choices(node: ast.AST) -> Iterator[tuple[ast.AST, list[int]]]:
    """Each `except` of a `try` and each `case` of a `match`, with the lines of those that are tried up to it."""
    lines: list[int] = []
    for handler in getattr(node, "handlers", ()):
        lines.append(handler.lineno)
        yield handler, list(lines)
    for case in getattr(node, "cases", ()):
        lines.append(case.pattern.lineno)
        yield case, list(lines)


def with_notes(owner: ast.AST, body: list[ast.stmt], name: str, notes: list[int]) -> list[ast.stmt]:
    """The statements of one block, each with its note before it."""
    found: list[ast.stmt] = []
    for at, statement in enumerate(body):
        if is_bound_to_be_first(statement, owner, at == 0 and name == "body"):
            notes[statement.lineno] = 1
        else:
            found += [note(line, statement) for line in lines_of(statement)]
        found.append(statement)
    return found


def is_bound_to_be_first(statement: ast.stmt, owner: ast.AST, first: bool) -> bool:
    if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
        return True
    described = isinstance(owner, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
    return (
        first
        and described
        and isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def lines_of(statement: ast.stmt) -> list[int]:
    """Where a statement begins, with its decorators."""
    return [*(one.lineno for one in getattr(statement, "decorator_list", ())), statement.lineno]


def note(line: int, at: ast.stmt) -> ast.stmt:
    """The statement that notes a line, at the place of another, which tracebacks may name."""
    target = ast.Subscript(ast.Name(NAME, ast.Load()), ast.Constant(line), ast.Store())
    made = ast.copy_location(ast.Assign([target], ast.Constant(1)), at)
    for node in ast.walk(made):
        ast.copy_location(node, at)
    return made
