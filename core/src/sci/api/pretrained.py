"""Weights that were trained before: safetensors, from a folder or a hub."""

from __future__ import annotations

import json
import pathlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from sci.api.errors import ConfigError, MissingDependency

HUB = re.compile(r"[\w.-]+/[\w.-]+(@[\w.-]+)?")
PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.h5")
FILES = ("model.safetensors", "weights.safetensors")
INDEX = "model.safetensors.index.json"
RUN = "model"
"""The folder of a run directory that holds what was trained."""
MANIFEST, FINISHED = "manifest.json", "finished"
LATEST = "latest"
"""The file in a folder of runs that names the newest."""


def newest_run(folder: pathlib.Path) -> pathlib.Path:
    """The newest finished run of a folder of runs.

    Args:
        folder: such as ``runs/pretrain``, or the file ``latest`` in it; any other folder comes back as it is.

    Raises:
        ConfigError: no run in it is finished, or the run that is named is not.
    """
    latest = folder if folder.name == LATEST else folder / LATEST
    if not latest.is_file():
        _require_finished(folder)
        return folder
    runs = sorted((path.parent for path in latest.parent.glob(f"*/{MANIFEST}")), reverse=True)
    newest = next((run for run in runs if _status(run) == FINISHED), None)
    if newest is None and runs:
        _require_finished(runs[0])
    if newest is None:
        raise ConfigError(f"`{latest.parent}` holds no run any more", id="model.pretrained")
    return newest


def _require_finished(run: pathlib.Path) -> None:
    status = _status(run)
    if status not in (FINISHED, ""):
        raise ConfigError(
            f"run `{run}` is {status} and has nothing to start from",
            id="model.pretrained",
            hint=f"sci resume {run}   or name a finished run",
        )


def _status(run: pathlib.Path) -> str:
    """What a run says of itself; empty where there is no run."""
    try:
        return str(json.loads((run / MANIFEST).read_text(encoding="utf-8"))["status"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def pretrained_folder(name: str) -> pathlib.Path:
    """Where the files of `name` lie: a folder, ``model/`` of a run directory or of the newest of a folder of runs,
    or ``user/model[@revision]`` of a hub.

    Raises:
        ConfigError: there is no such folder or model.
        MissingDependency: a hub's model is named, and its client is not installed.
    """
    folder = newest_run(pathlib.Path(name).expanduser())
    if folder.is_dir():
        return folder / RUN if (folder / RUN / FILES[-1]).is_file() else folder
    if not is_hub_name(name):
        raise ConfigError(
            f"model.pretrained is `{name}`, and there is no such folder",
            id="model.pretrained",
            note=f"{folder.absolute()}",
        )
    return _from_hub(name)


def is_hub_name(name: str) -> bool:
    """Whether this may be ``user/model[@revision]`` of a hub, and not only a path."""
    return HUB.fullmatch(name) is not None and not name.startswith(".")


def pretrained_files(name: str) -> list[pathlib.Path]:
    """The safetensors files that hold the weights of `name`, which `pretrained_folder` finds.

    Raises:
        ConfigError: there is no such folder or model; it holds no safetensors, or several of which none is the model's.
        MissingDependency: a hub's model is named, and its client is not installed.
    """
    return _chosen(pretrained_folder(name))


def weights_differ(own: Mapping[str, tuple[int, ...]], saved: Mapping[str, tuple[int, ...]]) -> str:
    """In what the weights of a model and saved ones differ, in words; empty where names and shapes are the same.

    Args:
        own: the model's weights, name to shape.
        saved: those that are to be taken over, name to shape.
    """
    said = []
    for name, shape in own.items():
        if name not in saved:
            said.append(f"`{name}` is missing")
        elif saved[name] != shape:
            said.append(f"`{name}` is {list(saved[name])}, and the model has {list(shape)}")
    said += [f"`{name}` is unknown to the model" for name in saved if name not in own]
    more = f", and {len(said) - 4} more" if len(said) > 4 else ""
    return ", ".join(said[:4]) + more


def taken_over(
    name: str, own: Mapping[str, tuple[int, ...]], saved: Mapping[str, tuple[int, ...]], heads: str
) -> set[str]:
    """Names of the weights that a model takes over from those of `name`.

    Weights whose names begin with `heads` belong to the task: those that are not saved, or have another shape there,
    stay as they were drawn.

    Args:
        name: the folder or the hub's model, for messages.
        own: shapes of the model's weights by name.
        saved: shapes of the saved weights by name.
        heads: prefix of the weights that belong to the task.

    Raises:
        ConfigError: other names or shapes differ.
    """
    free = {key for key in {*own, *saved} if key.startswith(heads) and own.get(key) != saved.get(key)}
    difference = weights_differ(
        {key: shape for key, shape in own.items() if key not in free},
        {key: shape for key, shape in saved.items() if key not in free},
    )
    if difference:
        raise ConfigError(
            f"the weights of `{name}` are those of another model: {difference}",
            id="model.weights",
            hint="the settings of the model that they were trained with",
        )
    return {key for key in own if key not in free}


def said_of_weights(
    name: str, taken: Collection[str], own: Iterable[str], saved: Iterable[str], used: Collection[str] = ()
) -> str:
    """In one line, what a model took over from the weights of `name`, and what it did not.

    Args:
        name: the folder or the hub's model.
        taken: names of the model's weights that were taken over.
        own: names of all weights of the model.
        saved: names, as the files have them, of the weights that nothing here was taken from.
        used: names, as the files have them, of those that something was taken from.
    """
    new, left = _layers([key for key in own if key not in taken], taken), _layers(saved, used)
    return f"{len(taken)} weights start from `{name}`; new: {new}; not used: {left}"


def _layers(names: Iterable[str], others: Collection[str]) -> str:
    """The layers that weights belong to, the first few; a weight of a layer that has `others` is named itself."""
    partly = {layer for other in others for layer in _above(other)}
    layers = ((name, name.rpartition(".")[0]) for name in names)
    found = list(dict.fromkeys(name if layer in partly else layer or name for name, layer in layers))
    more = f" and {len(found) - 4} more" if len(found) > 4 else ""
    return ", ".join(found[:4]) + more or "none"


def _above(name: str) -> Iterator[str]:
    """The layer of a weight, and those that it is in."""
    while layer := name.rpartition(".")[0]:
        yield layer
        name = layer


def _from_hub(name: str) -> pathlib.Path:
    """The folder in which the hub's client keeps a model; it obeys ``HF_HUB_OFFLINE`` and ``HF_HOME``."""
    try:
        import huggingface_hub
        from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars
    except ImportError as error:
        raise MissingDependency("huggingface_hub", "sci-core[hub]") from error
    model, _, revision = name.partition("@")
    shown = not are_progress_bars_disabled()
    disable_progress_bars()
    try:
        kept = huggingface_hub.snapshot_download(
            model, revision=revision or None, allow_patterns=["*.safetensors", f"*{INDEX}", "config.json"]
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


def _chosen(folder: pathlib.Path) -> list[pathlib.Path]:
    """The files of a folder that hold the weights: one, or the several that an index names."""
    index = folder / INDEX
    if index.is_file():
        return [folder / name for name in _indexed(index)]
    every = sorted(folder.glob("*.safetensors"))
    known = [folder / name for name in FILES if (folder / name).is_file()]
    if known or len(every) == 1:
        return (known or every)[:1]
    there = ", ".join(path.name for path in every[:4]) or "none"
    pickled = [path.name for ending in PICKLES for path in sorted(folder.glob(ending))]
    raise ConfigError(
        f"`{folder}` holds no weights: one safetensors file is needed, and there are: {there}",
        id="model.pretrained",
        note=f"{pickled[0]} may hold code, and is not read" if pickled else "",
        hint="save_pretrained of the library transformers writes model.safetensors" if pickled else "",
    )


def _indexed(index: pathlib.Path) -> list[str]:
    """The names of the files that an index speaks of, which lie beside it."""
    try:
        places = json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()
        return sorted({pathlib.PurePath(place).name for place in places})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ConfigError(
            f"`{index}` is no index of weights: a JSON object with `weight_map` is needed", id="model.pretrained"
        ) from error
