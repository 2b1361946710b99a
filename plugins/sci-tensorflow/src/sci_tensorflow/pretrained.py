"""Weights of a network that was trained before: safetensors, from a folder or a hub."""

from __future__ import annotations

import json
import pathlib
import re

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from sci.api import ConfigError, MissingDependency, StorageError
from sci_tensorflow.network import Network
from sci_tensorflow.weights import differing

HUB = re.compile(r"[\w.-]+/[\w.-]+(@[\w.-]+)?")
FILES = ("model.safetensors", "weights.safetensors")
INDEX = "model.safetensors.index.json"


def load_pretrained(network: Network, name: str, heads: str) -> None:
    """Take over the weights that a folder or a hub's model holds under canonical names.

    Weights whose names begin with `heads` belong to the task: those that are not there, or have another shape, stay as
    they were drawn.

    Raises:
        ConfigError: there is no such folder or model, or its weights have other names or shapes.
    """
    found = read(folder_of(name))
    own = {weight.name: weight.shape for weight in network.weights}
    theirs = {key: tuple(value.shape) for key, value in found.items()}
    free = {key for key in {*own, *theirs} if key.startswith(heads) and own.get(key) != theirs.get(key)}
    difference = differing(
        {key: shape for key, shape in own.items() if key not in free},
        {key: shape for key, shape in theirs.items() if key not in free},
    )
    if difference:
        raise ConfigError(
            f"the weights of `{name}` are those of another model: {difference}",
            id="model.weights",
            hint="the settings of the model that they were trained with",
        )
    for weight in network.weights:
        if weight.name not in free:
            weight.assign(found[weight.name])


def folder_of(name: str) -> pathlib.Path:
    """The folder with the files: one of this machine, or where the hub's are kept."""
    folder = pathlib.Path(name).expanduser()
    if folder.is_dir():
        return folder
    if not HUB.fullmatch(name) or name.startswith("."):
        raise ConfigError(
            f"model.pretrained is `{name}`, and there is no such folder",
            id="model.pretrained",
            note=f"{folder.absolute()}",
        )
    return from_hub(name)


def from_hub(name: str) -> pathlib.Path:
    """The folder in which the hub's client keeps a model; it obeys ``HF_HUB_OFFLINE`` and ``HF_HOME``."""
    try:
        import huggingface_hub
        from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars
    except ImportError as error:
        raise MissingDependency("huggingface_hub", "sci-tensorflow[hub]") from error
    model, _, revision = name.partition("@")
    shown = not are_progress_bars_disabled()
    disable_progress_bars()
    try:
        kept = huggingface_hub.snapshot_download(
            model, revision=revision or None, allow_patterns=["*.safetensors", "*.safetensors.index.json"]
        )
    except Exception as error:  # the client raises many kinds, of several libraries
        raise ConfigError(
            f"model.pretrained is `{name}`: there is no such folder, and the hub has not given such a model",
            id="model.pretrained",
            note=f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200],
        ) from error
    finally:
        if shown:
            enable_progress_bars()
    return pathlib.Path(kept)


def read(folder: pathlib.Path) -> dict[str, np.ndarray]:
    """All arrays of a folder: one file, or the several that an index names.

    Raises:
        ConfigError: it holds no safetensors, or several files of which none is the model's.
        StorageError: a file is damaged.
    """
    files = chosen(folder)
    try:
        return {name: array for file in files for name, array in load_file(file).items()}
    except (SafetensorError, OSError) as error:
        raise StorageError(f"`{folder}` holds a file that is no safetensors: {error}", id="model.pretrained") from error


def chosen(folder: pathlib.Path) -> list[pathlib.Path]:
    """The files that hold the weights."""
    index = folder / INDEX
    if index.is_file():
        names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        return [folder / pathlib.PurePath(name).name for name in names]
    every = sorted(folder.glob("*.safetensors"))
    known = [folder / name for name in FILES if (folder / name).is_file()]
    if known or len(every) == 1:
        return (known or every)[:1]
    there = ", ".join(path.name for path in every[:4]) or "none"
    raise ConfigError(
        f"`{folder}` holds no weights: one safetensors file is needed, and there are: {there}", id="model.pretrained"
    )
