"""What a distribution owes to those who install it."""

from __future__ import annotations

import ast
import pathlib
import re
from collections.abc import Iterator
from typing import Any

from sci.testing.check import Fault, check
from sci.testing.project import contents, wheel
from sci.testing.trial import Trial, needs

METHODS = ("models", "losses", "engines", "optimizers", "calibrators", "intervals", "comparisons", "audits")
"""Kinds whose components carry out a method that somebody has published."""

PUBLISHED = ("api", "testing")
"""Packages below `sci` that a plugin may import."""


@check(
    "SCI-PKG-001",
    None,
    mend='In [project]: license = "Apache-2.0" (or another), license-files = ["LICENSE"], and the file.',
)
def has_a_licence(trial: Trial) -> None:
    """The distribution names its licence and brings its text."""
    metadata: Any = trial.subject.distribution.metadata
    named = metadata.get("License-Expression") or metadata.get("License")
    named = named or next((one for one in metadata.get_all("Classifier") or () if one.startswith("License ::")), "")
    if not named:
        raise Fault("the metadata name no licence")
    if not metadata.get_all("License-File"):
        raise Fault(f"licence {named.splitlines()[0][:60]}, and no file with its text")


@check(
    "SCI-PKG-002",
    None,
    mend='In [project]: dependencies = ["sci-core>=0.1,<0.2", ...].',
)
def needs_a_range_of_the_core(trial: Trial) -> None:
    """The distribution requires sci-core from a version, and below one."""
    from packaging.specifiers import SpecifierSet

    found = trial.subject.record.needs
    operators = {part.operator for part in SpecifierSet(found)}
    if not operators & {"~=", "==", "==="} and not (operators & {">=", ">"} and operators & {"<", "<="}):
        raise Fault(f"it requires sci-core {found}" if found else "it does not require sci-core")


@check(
    "SCI-PKG-003",
    None,
    level="recommended",
    mend="Put an empty file py.typed into the package, once its annotations are worth reading.",
)
def is_typed(trial: Trial) -> None:
    """The package has a file py.typed, so that type checkers read its annotations."""
    folder = trial.subject.folder
    if folder is None or not (folder / "py.typed").is_file():
        raise Fault(f"{trial.subject.package} has no py.typed")


@check("SCI-PKG-004", None, mend='In [project]: description = "One line", and readme = "README.md".')
def says_what_it_is(trial: Trial) -> None:
    """The distribution says in one line what it is, and has a README."""
    metadata: Any = trial.subject.distribution.metadata
    if not trial.subject.record.summary:
        raise Fault("there is no summary")
    body = metadata.get("Description") or metadata.get_payload()
    if not str(body or "").strip():
        raise Fault("there is no README in the metadata")


@check(
    "SCI-PKG-005", None, level="recommended", mend="Name the entry point as the distribution is called, without `sci-`."
)
def entry_point_is_named_alike(trial: Trial) -> None:
    """The entry point is called as the distribution is, without `sci-`."""
    record = trial.subject.record
    if not record.distribution.startswith("sci-") or record.answers_to(f"sci-{record.name}") is False:
        raise Fault(f"the distribution is `{record.distribution}`, its entry point `{record.name}`")


@check(
    "SCI-PKG-006",
    None,
    mend="Import from `sci.api`, `sci.testing` and `sci` itself only; everything else may change without notice.",
)
def imports_the_published_face_only(trial: Trial) -> None:
    """Its modules import nothing of the core but `sci.api` and `sci.testing`."""
    folder = trial.subject.folder
    needs(folder, "the package is no folder")
    assert folder is not None
    for file in sorted(folder.rglob("*.py")):
        for line, module in _imports(file):
            if module.split(".")[0] == "sci" and module.count(".") and module.split(".")[1] not in PUBLISHED:
                raise Fault(f"{file.relative_to(folder.parent).as_posix()}:{line} imports {module}")


@check("SCI-PKG-007", None, mend="Let the build include what is named; look at [tool.hatch.build.targets.wheel].")
def wheel_is_whole(trial: Trial) -> None:
    """The wheel builds and holds all modules that the entry point and the specs name, and all experiment templates."""
    subject = trial.subject
    needs(subject.project, "only where a folder is tested: sci plugin test PATH")
    assert subject.project is not None
    names = contents(wheel(subject.project.folder))
    for module in sorted(_named(trial)):
        path = module.replace(".", "/")
        if module.partition(".")[0] == subject.package and not {f"{path}.py", f"{path}/__init__.py"} & names:
            raise Fault(f"the wheel has no {path}.py")
    for name, place in subject.record.experiments.items():
        package, _, folder = place.partition(":")
        if not any(one.startswith(f"{package.replace('.', '/')}/{folder}/") for one in names):
            raise Fault(f"the wheel has no files of experiment template `{name}`")


@check(
    "SCI-PKG-008",
    "components",
    level="recommended",
    mend='Give the spec `cite="doi:..."` or `cite="package.works:WORK"`, and `sci cite` will list it.',
)
def method_has_a_reference(trial: Trial) -> None:
    """A component that carries out a method names its reference in `cite`."""
    needs(trial.component.kind in METHODS, "is no method")
    if not trial.component.spec.cite.strip():
        raise Fault("`cite` is empty")
    trial.component.works()


def _named(trial: Trial) -> Iterator[str]:
    yield trial.subject.record.module
    for entry in trial.subject.entries:
        yield entry.target().partition(":")[0]
        if entry.spec.config:
            yield entry.spec.config.partition(":")[0]


def _imports(file: pathlib.Path) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that a module imports of the core."""
    text = file.read_text(encoding="utf-8", errors="replace")
    if not re.search(r"\bsci\b", text):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            plain = node.module == "sci"
            submodules = ("cli", "pipeline", "experiment", "plugins", "runs", "hookspecs")
            yield from (
                (node.lineno, f"sci.{alias.name}" if plain and alias.name in submodules else node.module)
                for alias in node.names
            )
