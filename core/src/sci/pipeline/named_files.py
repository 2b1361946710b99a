"""Files and folders that the settings of the model and of the steps name, looked for before a study begins."""

from __future__ import annotations

import pathlib
from collections.abc import Iterator

from sci.api import ConfigError, SciError
from sci.api.errors import SeveralErrors
from sci.api.pretrained import is_hub_name
from sci.pipeline.assembly import Assembly, Part, beside


def demand_files(assembly: Assembly) -> None:
    """Stop when one of them is not there; a name that may be a hub's is not judged.

    Raises:
        SciError: says which, where it stands, and which was most likely meant; all of them at once.
    """
    experiment = assembly.experiment
    asked = assembly.parts("preprocessors", experiment.get("preprocessing"), "preprocessing")
    parts: list[tuple[tuple[str | int, ...], Part]] = [(("preprocessing", at), part) for at, part in enumerate(asked)]
    parts.append((("model",), assembly.part("models", experiment["model"], "model")))
    mistakes: list[SciError] = [
        _missing(assembly, (*keys, key), text)
        for keys, part in parts
        for key, text in absent(assembly, part)
        if key in part.settings.must_exist or not is_hub_name(text)
    ]
    if mistakes:
        raise mistakes[0] if len(mistakes) == 1 else SeveralErrors(mistakes)


def absent(assembly: Assembly, part: Part) -> Iterator[tuple[str, str]]:
    """Settings that name a file or folder which is not beside the experiment file, with what they name."""
    for key in getattr(part.settings, "paths", ()):
        text = getattr(part.settings, key, None)
        if isinstance(text, str) and not (assembly.base / pathlib.Path(text).expanduser()).exists():
            yield key, text


def _missing(assembly: Assembly, keys: tuple[str | int, ...], text: str) -> ConfigError:
    meant = beside(assembly.base / text)
    return ConfigError(
        f"{keys[-1]} is `{text}`, and there is no such file or folder"
        + (f"; did you mean `{meant}`?" if meant else ""),
        id="config.missing-file",
        where=assembly.place(*keys),
        note=f"{(assembly.base / text).absolute()}",
        hint=f"{keys[-1]}: {pathlib.PurePath(text).with_name(meant)}" if meant else "",
    )
