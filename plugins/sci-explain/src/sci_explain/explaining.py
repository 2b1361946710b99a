"""What all explanations have in common: they ask the first model, and one that cannot be made costs no study."""

from __future__ import annotations

from collections.abc import Callable

from sci.api import ConfigError, Finding, RunContext, Study
from sci_explain.subject import Subject


def explaining(name: str, study: Study, context: RunContext, work: Callable[[Subject], list[Finding]]) -> list[Finding]:
    """The findings of an explanation; what it refuses becomes a warning of the run."""
    if not study.models:
        return []
    try:
        return work(Subject(study, context, name))
    except ConfigError as error:
        hint = f"; {error.hint}" if error.hint else ""
        context.warn(error.id, f"{name} was left out: {error.message}{hint}")
        return []
