"""What {{ distribution }} offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sci.api import ComponentSpec, hookimpl

if TYPE_CHECKING:
    from sci.testing import Case


@hookimpl
def sci_deployers() -> list[ComponentSpec]:
    """The deployers."""
    return [
        ComponentSpec(
            name="{{ component }}",
            summary="Linear models as a query in SQL and a table of coefficients",
            target="{{ module }}.sql:Sql",
            config="{{ module }}.config:SqlConfig",
            tasks=("regression",),
        )
    ]


@hookimpl
def sci_conformance_cases() -> list[Case]:
    """How to predict with what was handed over, by which the checks compare it with the pipeline."""
    from sci.testing import Case

    return [Case("deployers", "{{ component }}", claims={"predict": predicted})]


def predicted(run: Any, deployment: Any, rows: Any) -> list[float | None]:
    """What SQLite answers to the query of a run."""
    from {{ module }}.asking import asked

    return asked((run.path / deployment.files[0]).read_text("utf-8"), "rows", rows)
