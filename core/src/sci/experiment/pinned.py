"""Which earlier runs an experiment starts from, made certain before it begins."""

from __future__ import annotations

import copy
import pathlib
from dataclasses import replace

from sci.api import newest_run
from sci.api.errors import SciError
from sci.api.pretrained import LATEST
from sci.experiment.components import Chosen
from sci.experiment.load import LoadedExperiment, put


def pinned(loaded: LoadedExperiment) -> LoadedExperiment:
    """The experiment with the newest finished run in the place of every folder of runs that a setting names: a run that
    is resumed starts from the same one, whatever finished in between.

    Raises:
        ConfigError: no run of such a folder is finished.
    """
    components = tuple(_pinned(one, loaded) for one in loaded.components)
    resolved = copy.deepcopy(loaded.resolved)
    for before, after in zip(loaded.components, components, strict=True):
        if after is not before:
            put(resolved, after.keys, after.resolved())
    return replace(loaded, components=components, resolved=resolved)


def _pinned(one: Chosen, loaded: LoadedExperiment) -> Chosen:
    named = {key: getattr(one.settings, key, None) for key in one.settings.paths}
    found = {}
    for key, text in named.items():
        if isinstance(text, str):
            try:
                found[key] = _run(text, loaded.base)
            except SciError as error:
                error.where = error.where or loaded.place(*one.keys, key)
                raise
    changed = {key: text for key, text in found.items() if text != named[key]}
    return replace(one, settings=one.settings.model_copy(update=changed)) if changed else one


def _run(text: str, base: pathlib.Path) -> str:
    """The run that a path means, seen from where the path is; the path itself where it is no folder of runs."""
    folder = pathlib.Path(text).expanduser()
    run = newest_run(base / folder)
    if run == base / folder:
        return text
    return ((folder.parent if folder.name == LATEST else folder) / run.name).as_posix()
