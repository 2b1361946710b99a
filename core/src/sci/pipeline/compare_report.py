"""The report of a comparison, by the reporters of the first run that can write one."""

from __future__ import annotations

import pathlib

from sci.api import ConfigError
from sci.pipeline.blame import several
from sci.pipeline.compare import Compared
from sci.pipeline.compare_runs import assembled
from sci.pipeline.context import Context
from sci.plugins.registry import Registry


def written(compared: Compared, registry: Registry) -> list[pathlib.Path]:
    """The files, the main one first; they lie beside the comparison.

    Raises:
        ConfigError: no reporter of the first run has a method `compare`.
    """
    run = next(iter(compared.runs.values()))
    assembly = assembled(run, registry)
    context = Context(
        compared.directory.name, "run", assembly, compared.directory, int(assembly.experiment.get("seed", 0))
    )
    document = compared.as_json()
    made = [(part, part.make()) for part in assembly.named_in("report", "reporters")]
    names = [
        name
        for part, reporter in made
        if hasattr(reporter, "compare")
        for name in several(part, "compare", str, reporter.compare, document, context)
    ]
    if not names:
        raise ConfigError(
            f"no reporter of {run.name} writes comparisons down", id="compare.no-report", hint="report: [html]"
        )
    return [compared.directory / name for name in names]
