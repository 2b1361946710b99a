"""What TensorBoard shows, as its events."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import DATA_CLASS_BLOB_SEQUENCE, Summary
from tensorboard.compat.proto.tensor_pb2 import TensorProto
from tensorboard.compat.proto.tensor_shape_pb2 import TensorShapeProto
from tensorboard.compat.proto.types_pb2 import DT_STRING
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2
from tensorboard.plugins.hparams import metadata as hparams
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.image import metadata as images

from sci_track.records import framed

STEP = b"\x10"
"""Field 2 of an event, a number of variable length, in the encoding of protocol buffers."""

SECTIONS = ("task", "preprocessing", "model", "engine", "training")
"""Parts of an experiment whose settings are hyper-parameters."""

UNTOLD = ("training.checkpoint", "training.resident_bytes")
"""Settings there that change no result."""


def version(time: float) -> Event:
    """The event that begins a file."""
    return Event(wall_time=time, file_version="brain.Event:2")


def restart(time: float, step: int) -> Event:
    """Training goes on with this step: TensorBoard forgets what it had of it and of later ones."""
    return Event(wall_time=time, step=step, session_log=SessionLog(status=SessionLog.START))


def scalar(tag: str, value: float) -> Summary.Value:
    """A number. It loses digits: TensorBoard's data server reads single precision only."""
    return Summary.Value(tag=tag, simple_value=value)


def numbers(values: Mapping[str, float], step: int, time: float) -> Event:
    """Numbers of one step, by their tags."""
    return Event(
        wall_time=time, step=step, summary=Summary(value=[scalar(tag, value) for tag, value in values.items()])
    )


def many(steps: np.ndarray, columns: Mapping[str, np.ndarray], time: float) -> bytes:
    """The records of many steps: those of `numbers`, byte for byte.

    Args:
        steps: int64 [n], positive and rising.
        columns: tag to float64 [n].
        time: seconds since 1970.
    """
    widths = np.maximum(1, -(-np.ceil(np.log2(steps + 1)).astype(np.int64) // 7))
    parts = []
    for width in np.unique(widths):
        alike = widths == width
        parts.append(_alike(steps[alike], {tag: found[alike] for tag, found in columns.items()}, time, int(width)))
    return b"".join(parts)


def _alike(steps: np.ndarray, columns: Mapping[str, np.ndarray], time: float, width: int) -> bytes:
    """The records of steps that take `width` bytes, seven bits in each: they differ in places that are known."""
    head = Event(wall_time=time).SerializeToString() + STEP
    values = [Summary(value=[scalar(tag, 0.0)]) for tag in columns]
    sizes = [len(value.SerializeToString()) for value in values]
    tail = numbers(dict.fromkeys(columns, 0.0), 0, 0.0).SerializeToString()
    rows = np.tile(np.frombuffer(head + bytes(width) + tail, np.uint8), (len(steps), 1))
    for place in range(width):
        more = 0x80 if place < width - 1 else 0
        rows[:, len(head) + place] = (steps >> 7 * place) & 0x7F | more
    end = rows.shape[1]
    for size, column in zip(reversed(sizes), reversed(list(columns.values())), strict=True):
        with np.errstate(over="ignore"):
            rows[:, end - 4 : end] = column.astype("<f4").view(np.uint8).reshape(-1, 4)
        end -= size
    return framed(rows).tobytes()


def session_start(settings: Mapping[str, Any], time: float) -> Event:
    """The hyper-parameters of one training."""
    return Event(wall_time=time, summary=Summary.FromString(hparams_pb(settings, None, time).SerializeToString()))


def session_end(succeeded: bool, time: float) -> Event:
    """Training is over."""
    status = api_pb2.STATUS_SUCCESS if succeeded else api_pb2.STATUS_FAILURE
    info = plugin_data_pb2.SessionEndInfo(status=status, end_time_secs=time)
    metadata = hparams.create_summary_metadata(plugin_data_pb2.HParamsPluginData(session_end_info=info))
    value = Summary.Value(tag=hparams.SESSION_END_INFO_TAG, metadata=metadata, tensor=hparams.NULL_TENSOR)
    return Event(wall_time=time, summary=Summary(value=[value]))


def image(tag: str, png: bytes, size: tuple[int, int], time: float) -> Event:
    """A picture of a width and a height."""
    tensor = TensorProto(
        dtype=DT_STRING,
        tensor_shape=TensorShapeProto(dim=[TensorShapeProto.Dim(size=3)]),
        string_val=[str(size[0]).encode(), str(size[1]).encode(), png],
    )
    value = Summary.Value(tag=tag, tensor=tensor, metadata=images.create_summary_metadata("", ""))
    value.metadata.data_class = DATA_CLASS_BLOB_SEQUENCE
    return Event(wall_time=time, summary=Summary(value=[value]))


def hyperparameters(experiment: Mapping[str, Any], seed: int) -> dict[str, bool | float | str]:
    """The settings of an experiment by their dotted names; lists of plain values are one text."""
    found: dict[str, bool | float | str] = {"seed": seed}
    for section in SECTIONS:
        found |= _flat(section, experiment.get(section))
    return found


def _flat(name: str, value: Any) -> dict[str, bool | float | str]:
    if value is None or value == [] or name in UNTOLD:
        return {}
    if isinstance(value, Mapping):
        named = {name: str(value["name"])} if "name" in value else {}
        return named | _all((f"{name}.{key}", item) for key, item in value.items() if key != "name")
    if isinstance(value, Sequence) and not isinstance(value, str):
        if any(isinstance(item, Mapping) for item in value):
            return _all((f"{name}.{at}", item) for at, item in enumerate(value, 1))
        return {name: json.dumps(list(value), ensure_ascii=False)}
    return {name: value if isinstance(value, bool | int | float) else str(value)}


def _all(named: Iterable[tuple[str, Any]]) -> dict[str, bool | float | str]:
    return {full: flat for name, item in named for full, flat in _flat(name, item).items()}
