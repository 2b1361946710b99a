"""What a network finds in a batch, read from the schema of its inputs."""

from __future__ import annotations

from typing import NamedTuple

from sci.api.columns import Feature, Schema
from sci.api.errors import ConfigError


class ScalarInputs(NamedTuple):
    """Scalar inputs of a network.

    Args:
        numbers: how many columns ``batch["numbers"]`` has.
        categories: the number of classes of each column of ``batch["categories"]``.
    """

    numbers: int
    categories: tuple[int, ...]


class ImageInput(NamedTuple):
    """An input [n, height, width] or [n, height, width, channels]; whole numbers stand for 0 to 255.

    Args:
        name: its key in a batch.
        height: pixels.
        width: pixels.
        channels: 1 for [n, height, width].
    """

    name: str
    height: int
    width: int
    channels: int


class SequenceInput(NamedTuple):
    """An input that is a sequence: tokens int64 [n, L], or vectors [n, L, *shape].

    Args:
        name: its key in a batch; ``<name>.length`` holds the lengths where they differ.
        vocabulary: number of different tokens; None for vectors.
        width: numbers of one vector.
    """

    name: str
    vocabulary: int | None
    width: int


def scalar_inputs(inputs: Schema, reader: str) -> ScalarInputs:
    """The scalar inputs: numbers, booleans, vectors of one length, and categories in codes.

    Args:
        inputs: the schema that a model is built from.
        reader: who reads them, for the message, such as "a linear model".

    Raises:
        ConfigError: an input is none of these.
    """
    numbers, categories = 0, []
    for name, feature in inputs.inputs.items():
        if feature.kind == "category" and feature.size is not None and not feature.ragged:
            categories.append(feature.size)
        elif feature.kind in ("number", "boolean") and not feature.ragged:
            numbers += 1
        elif feature.kind == "array" and not feature.ragged and len(feature.shape) == 1 and feature.shape[0]:
            numbers += feature.shape[0]
        else:
            raise _unread(name, feature, reader, "numbers, booleans, categories and vectors of one length")
    return ScalarInputs(numbers, tuple(categories))


def input_width(inputs: Schema, reader: str) -> int:
    """How many numbers a row holds: 1 for a number or a boolean, its length for a vector.

    Args:
        inputs: the schema that a model is built from.
        reader: who reads them, for the message, such as "a linear model".

    Raises:
        ConfigError: an input is none of these.
    """
    for name, feature in inputs.inputs.items():
        if feature.kind == "category":
            raise _unread(name, feature, reader, "numbers, booleans and vectors of one length")
    return scalar_inputs(inputs, reader).numbers


def image_input(inputs: Schema, reader: str) -> ImageInput:
    """The single input, which has to be an image of known size.

    Args:
        inputs: the schema that a model is built from.
        reader: who reads them, for the message, such as "a linear model".

    Raises:
        ConfigError: it is something else, or not the only one.
    """
    name, feature = _only(inputs, reader)
    shape = tuple(size for size in feature.shape if size is not None)
    if feature.ragged or len(shape) != len(feature.shape) or len(shape) not in (2, 3):
        raise _unread(name, feature, reader, "images of one size, [height, width] or [height, width, channels]")
    return ImageInput(name, shape[0], shape[1], shape[2] if len(shape) == 3 else 1)


def sequence_input(inputs: Schema, reader: str) -> SequenceInput:
    """The single input, which has to be a sequence of tokens or of vectors.

    Args:
        inputs: the schema that a model is built from.
        reader: who reads them, for the message, such as "a linear model".

    Raises:
        ConfigError: it is something else, or not the only one.
    """
    name, feature = _only(inputs, reader)
    shape = feature.shape if feature.ragged else feature.shape[1:]
    if feature.kind == "tokens" and feature.size is not None:
        return SequenceInput(name, feature.size, 0)
    known = [size for size in shape if size is not None]
    if feature.kind != "series" or len(known) != len(shape) or not (feature.ragged or feature.shape):
        raise _unread(name, feature, reader, "tokens of a known vocabulary, and series")
    width = 1
    for size in known:
        width *= size
    return SequenceInput(name, None, width)


def _only(inputs: Schema, reader: str) -> tuple[str, Feature]:
    found = inputs.inputs
    if len(found) != 1:
        names = ", ".join(f"`{name}`" for name in found)
        raise ConfigError(
            f"{reader} reads one input, and there are {len(found)}: {names}",
            id="flow.inputs",
            hint="data: {inputs: [...]} with one column",
        )
    ((name, feature),) = found.items()
    return name, feature


def _unread(name: str, feature: Feature, reader: str, reads: str) -> ConfigError:
    shape = f" of shape {list(feature.shape)}" if feature.shape else ""
    return ConfigError(
        f"input `{name}` is {feature.kind}{shape}, and {reader} reads {reads}",
        id="flow.kind",
        hint="a step that turns it into what the model reads, or data.inputs without it",
    )
