"""Keys of the experiment file that this version reads and cannot carry out yet: refused, never passed over."""

from __future__ import annotations

from sci.api.errors import ConfigError, SciError
from sci.experiment.load import LoadedExperiment, together

UNBUILT = (("evaluation", "samples"),)


def refuse_unbuilt(loaded: LoadedExperiment) -> None:
    """Stop when the file asks for one of them.

    Raises:
        ConfigError: says which, and where.
    """
    mistakes: list[SciError] = [
        ConfigError(
            f"{section}.{key} is planned and not built yet",
            id="config.unbuilt",
            where=loaded.place(section, key),
            hint=f"leave {section}.{key} out",
        )
        for section, key in UNBUILT
        if key in (loaded.document.value.get(section) or {}) and not is_default(loaded, section, key)
    ]
    if mistakes:
        raise together(mistakes, loaded.document.path)


def is_default(loaded: LoadedExperiment, section: str, key: str) -> bool:
    """Whether the file says what holds anyway, as a resolved configuration does."""
    part = getattr(loaded.experiment, section)
    return bool(getattr(part, key) == type(part).model_fields[key].get_default(call_default_factory=True))
