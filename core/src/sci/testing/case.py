"""What a plugin tells the kit: how a component is built, and which failures are meant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """One component with settings and small data, as `sci_conformance_cases` returns it.

    A component whose settings all have defaults needs no case of its own, unless it has something to claim.

    Args:
        kind: plural, as in `sci components --kind`.
        name: as an experiment file names it.
        settings: as in an experiment file; a preprocessor's `columns` may stand among them.
        engine: only on this engine; by default on every engine that the component has code for and that is installed.
        data: name of a small data set of the kit (`table`, `classes`, `regression`, `classification`, `labels`,
            `images`, `tokens`, `series`), or a function without arguments that returns a `Dataset`, for metrics also
            `Predictions`; by default what suits the component.
        claims: what holds for this component beyond what holds for all of its kind; each kind of component has its own
            claims, listed in the reference of the checks.
        tolerance: how far numbers may lie apart that are computed in two ways, relative to their size; by default
            what the check says.
    """

    kind: str
    name: str
    _: KW_ONLY
    settings: Mapping[str, Any] = field(default_factory=dict)
    engine: str | None = None
    data: str | Callable[[], Any] | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    tolerance: float | None = None


@dataclass(frozen=True)
class Expected:
    """A failure that is known and meant, as `sci_conformance_cases` returns it among the cases.

    It holds wherever the plugin is tested: on the command line, in its own tests, in the report of an institution.
    One that does not come is a failure, so that the list stays true.

    Args:
        check: an id, such as ``SCI-PRE-010`` for every component, or ``SCI-PRE-010:clip`` for one.
        reason: why it is meant; shown with every result.
    """

    check: str
    reason: str
