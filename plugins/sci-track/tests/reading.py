"""Reads event files with TensorBoard's own code."""

from __future__ import annotations

import csv
import pathlib
import sys
import types

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import metadata

sys.modules.setdefault(
    "tensorboard.compat.notf", types.ModuleType("notf")
)  # reads without TensorFlow, in half the time


def accumulated(run: pathlib.Path) -> EventAccumulator:
    """Everything in the event files of a run."""
    found = EventAccumulator(str(run / "tensorboard"), size_guidance={"scalars": 0, "tensors": 0, "images": 0})
    found.Reload()
    return found


def scalars(run: pathlib.Path) -> dict[str, list[tuple[int, float]]]:
    """Tag to steps and values, times aside."""
    found = accumulated(run)
    return {tag: [(one.step, one.value) for one in found.Scalars(tag)] for tag in found.Tags()["scalars"]}


def settings(run: pathlib.Path) -> dict[str, object]:
    """The hyper-parameters of a run."""
    content = accumulated(run).SummaryMetadata(metadata.SESSION_START_INFO_TAG).plugin_data.content
    told = metadata.parse_session_start_info_plugin_data(content).hparams
    return {name: getattr(value, value.WhichOneof("kind")) for name, value in told.items()}


def status(run: pathlib.Path) -> int:
    """How a training ended, as the HParams tab knows it."""
    content = accumulated(run).SummaryMetadata(metadata.SESSION_END_INFO_TAG).plugin_data.content
    return metadata.parse_session_end_info_plugin_data(content).status


def table(path: pathlib.Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
