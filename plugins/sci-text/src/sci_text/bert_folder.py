"""Folders that hold a BERT encoder: those of Hugging Face, and those of our own runs."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping
from typing import Any

from sci.api import ConfigError, pretrained_folder
from sci_text.bert_sizes import SIZES, filled

FOREIGN = "config.json"
OWN = "pipeline.json"

KEYS = {
    "layers": "num_hidden_layers",
    "hidden_size": "hidden_size",
    "heads": "num_attention_heads",
    "feed_forward": "intermediate_size",
    "max_length": "max_position_embeddings",
    "epsilon": "layer_norm_eps",
    "segments": "type_vocab_size",
    "vocabulary_size": "vocab_size",
}
"""Our settings to the keys of a ``config.json``."""

ACTIVATIONS = {
    "gelu": "gelu",
    "gelu_new": "gelu-tanh",
    "gelu_pytorch_tanh": "gelu-tanh",
    "relu": "relu",
    "silu": "silu",
    "swish": "silu",
    "tanh": "tanh",
}
"""Names of Hugging Face to ours."""


def described(name: str) -> dict[str, Any]:
    """The sizes of a pretrained encoder, as settings of `bert`.

    Args:
        name: a folder, a run directory, or a hub's model.

    Raises:
        ConfigError: there is none, nothing describes it, or it is another kind of model.
    """
    folder = pretrained_folder(name)
    if (folder / FOREIGN).is_file():
        return _of_hugging_face(name, _object(folder / FOREIGN))
    if (folder / OWN).is_file():
        return _of_a_run(name, _object(folder / OWN))
    raise ConfigError(
        f"`{name}` does not say what its weights are: it holds no {FOREIGN}",
        id="model.pretrained",
        note=f"{folder.absolute()}",
        hint="a folder that save_pretrained of the library transformers wrote, or the directory of a run of `bert`",
    )


def _of_hugging_face(name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    kind = config.get("model_type")
    if kind != "bert" or config.get("is_decoder"):
        raise _another(name, f"a decoder of kind `{kind}`" if config.get("is_decoder") else f"of kind `{kind}`")
    if config.get("position_embedding_type", "absolute") != "absolute":
        raise _another(name, f"with {config['position_embedding_type']} positions")
    activation = config.get("hidden_act", "gelu")
    missing = [key for key in KEYS.values() if not isinstance(config.get(key), int | float)]
    if missing or activation not in ACTIVATIONS:
        odd = f"its activation is `{activation}`" if not missing else f"`{missing[0]}` is missing"
        raise ConfigError(f"{FOREIGN} of `{name}` cannot be read: {odd}", id="model.pretrained")
    return {**{ours: config[theirs] for ours, theirs in KEYS.items()}, "activation": ACTIVATIONS[activation]}


def _of_a_run(name: str, document: Mapping[str, Any]) -> dict[str, Any]:
    try:
        model = document["experiment"]["model"]
        kind, settings = (model, {}) if isinstance(model, str) else (model["name"], model)
        given = {key: settings[key] for key in SIZES if settings.get(key) is not None}
    except (KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"{OWN} of `{name}` describes no model", id="model.pretrained") from error
    if kind != "bert":
        raise _another(name, f"`{kind}`")
    return filled(given)


def _another(name: str, found: str) -> ConfigError:
    return ConfigError(
        f"`{name}` is a model {found}, and bert starts from a BERT encoder",
        id="model.pretrained",
        note="model_type `bert` with absolute positions",
    )


def _object(path: pathlib.Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"`{path}` cannot be read: {error}", id="model.pretrained") from error
    if not isinstance(found, dict):
        raise ConfigError(f"`{path}` cannot be read: it is no JSON object", id="model.pretrained")
    return found
