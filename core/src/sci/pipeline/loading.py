"""Rows as the wrappers of `sci_load` leave them, with a check on what they did to the model's inputs."""

from __future__ import annotations

import numpy as np

from sci.api import Dataset, PluginError
from sci.api.rows import fingerprint
from sci.pipeline.context import Context


def loaded(context: Context) -> Dataset:
    """The rows for this context's purpose, through every plugin that wraps the stage."""
    core: list[Dataset] = []
    context.facts["loaded"] = core.append
    dataset: Dataset = context.hooks.sci_load(context=context)
    if core:
        unchanged_inputs(core[0], dataset, context)
    return dataset


def unchanged_inputs(core: Dataset, dataset: Dataset, context: Context) -> None:
    """A wrapper of `sci_load` may drop rows and columns; a changed input must have been declared."""
    if dataset is core:
        return
    kept = core.take(positions(core, dataset))
    for name in dataset.schema.by("input"):
        if name in context.changes:
            continue
        same = name in core.schema.columns and fingerprint(kept.stored(name)) == fingerprint(dataset.stored(name))
        if not same:
            raise PluginError(
                f"a plugin that wraps the loading of data changed input `{name}` and did not declare it",
                id="plugin.changed-input",
                hint="context.changed(column, why), or a preprocessor, which is served too",
            )


def positions(core: Dataset, dataset: Dataset) -> np.ndarray:
    """Where the rows of a wrapper lie among those that it was given, int64 [rows of the wrapper]."""
    ranked = np.argsort(core.ids, kind="stable")
    found = ranked[np.minimum(np.searchsorted(core.ids, dataset.ids, sorter=ranked), len(ranked) - 1)]
    if not np.array_equal(core.ids[found], dataset.ids):
        raise PluginError(
            "a plugin that wraps the loading of data added rows, or gave rows other ids",
            id="plugin.changed-input",
            hint="a source, which is named in the experiment",
        )
    return found
