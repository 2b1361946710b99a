"""The page about the speed of training, from the raw figures alone."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from typing import Any, NamedTuple

import figures

EPOCH = 30.0
"""Seconds of the epoch that the aim for checkpoints speaks of."""


class Claim(NamedTuple):
    """One line of the table: our time against a rival's.

    Args:
        topic, work: where the samples stand.
        ours, theirs: names of the samples.
        aim: largest ratio of the wall times that is wanted, or None.
    """

    topic: str
    work: str
    ours: str
    theirs: str
    aim: float | None
    text: str


CLAIMS = [
    Claim("torch", "mlp", "sci", "expert", 1.05, "loop of an expert: tensors indexed, fused AdamW"),
    Claim("torch", "mlp", "sci", "loader", 0.65, "loop over a `DataLoader`"),
    Claim("torch", "mlp", "sci", "hugging_face", 0.40, "`Trainer` of Hugging Face"),
    Claim("torch", "mlp", "sci", "lightning", 0.40, "Lightning"),
    Claim("torch", "encoder", "sci", "expert", 1.03, "loop of an expert around the same module"),
    Claim("tensorflow", "mlp", "sci", "step", 0.60, "`tf.function` step in a Python loop"),
    Claim("tensorflow", "mlp", "sci", "fit", 0.40, "Keras `fit`"),
    Claim("tensorflow", "cnn", "sci", "step", 1.00, "`tf.function` step in a Python loop"),
    Claim("tensorflow", "cnn", "sci", "fit", 0.90, "Keras `fit`"),
    Claim("first_step", "csv", "begun", "script", 1.50, "script that imports torch and creates an AdamW"),
    Claim("first_step", "csv", "done", "script", None, "the same, until the first step is done"),
    Claim("checkpoints", "encoder", "sci", "without", 1.05, "the same run without checkpoints"),
]

TITLES = {
    ("torch", "mlp"): "Engine torch, perceptron {size}-{layers}-{classes}, {rows:,} rows in batches of {batch_size}",
    ("torch", "encoder"): "Engine torch, encoder of {layers} (layers, width), sequences of {size}, {rows:,} rows in "
    "batches of {batch_size}",
    ("tensorflow", "mlp"): "Engine tensorflow, perceptron {size}-{layers}-{classes}, {rows:,} rows in batches of "
    "{batch_size}",
    ("tensorflow", "cnn"): "Engine tensorflow, convolutional network of {layers} channels, {rows:,} images of "
    "{size} x {size} in batches of {batch_size}",
    ("first_step", "csv"): "From the start of `sci run` to the first training step, csv file of {rows:,} rows and "
    "{columns} columns",
    ("checkpoints", "encoder"): "A checkpoint after each epoch, encoder of {layers} (layers, width), {rows:,} rows",
}
"""Topic and work to the title of its table."""

INTRODUCTION = """\
Each program is a process of its own with one thread. `sci` is a whole run of an experiment file: order of rows, loop,
guard against losses that are not finite, history, log and progress; its epochs have no validation rows. The programs
take turns, one epoch each, and who begins changes from round to round; the first two epochs of each, which import,
build and trace, are not counted. A ratio is the median over the rounds of our time divided by the rival's in the same
round, with the 95 % interval from drawing the rounds again; times are medians. Aims are for wall time; processor time,
of all threads of a process, suffers less from what else the machine does."""


def page(raw: Mapping[str, Any]) -> str:
    """All tables."""
    lines = ["# Speed of training", "", INTRODUCTION.replace("\n", " "), ""]
    for (topic, work), title in TITLES.items():
        if topic not in raw:
            continue
        found = raw[topic]["works"][work]
        lines += [f"## {titled(title, found['workload'])}", "", *table(raw, topic, work), ""]
        lines += notes(raw, topic, work)
    lines += ["Raw figures: [engines.json](engines.json). Again: `make bench`.", ""]
    return "\n".join(lines)


def titled(title: str, workload: Mapping[str, Any]) -> str:
    """A title with the numbers of the workload."""
    shown = {key: ", ".join(map(str, value)) if isinstance(value, list) else value for key, value in workload.items()}
    return title.format(**shown)


def table(raw: Mapping[str, Any], topic: str, work: str) -> list[str]:
    """One line for each claim."""
    rows = [
        "| against | its time | ours | ratio, wall time | ratio, processor time | aim |  |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for claim in CLAIMS:
        if (claim.topic, claim.work) != (topic, work):
            continue
        times = [seconds(raw[topic]["works"][work]["wall"][name]) for name in (claim.theirs, claim.ours)]
        aim = "" if claim.aim is None else f"{claim.aim:.2f}"
        ratios = [shown(measured(raw, claim, clock)) for clock in ("wall", "cpu")]
        rows.append(f"| {' | '.join([claim.text, *times, *ratios, aim, verdict(raw, claim)])} |")
    return rows


def notes(raw: Mapping[str, Any], topic: str, work: str) -> list[str]:
    """What else there is to say about a table."""
    found = raw[topic]["works"][work]
    rounds = len(next(iter(found["wall"].values())))
    versions = ", ".join(f"{name} {version}" for name, version in raw[topic]["facts"].get("versions", {}).items())
    lines = [f"{rounds} rounds. {figures.where(raw[topic]['facts'])} {versions}.", ""]
    if topic == "checkpoints":
        length = statistics.median(found["wall"]["without"])
        cost, beside = per_checkpoint(raw)
        lines = [
            f"An epoch takes {length:.1f} s here. A checkpoint costs {1000 * cost.value:.0f} ms "
            f"({1000 * cost.low:.0f} to {1000 * cost.high:.0f}), which beside an epoch of {EPOCH:.0f} s, of which the "
            f"aim speaks, is a ratio of {beside.value:.3f} ({beside.low:.3f} to {beside.high:.3f}).",
            "",
            *lines,
        ]
    return lines


def measured(raw: Mapping[str, Any], claim: Claim, clock: str) -> figures.Interval:
    """The ratio that a claim speaks of."""
    samples = raw[claim.topic]["works"][claim.work][clock]
    return figures.ratio(samples[claim.ours], samples[claim.theirs])


def per_checkpoint(raw: Mapping[str, Any]) -> tuple[figures.Interval, figures.Interval]:
    """Seconds that a checkpoint takes, and what they make of the ratio where an epoch takes `EPOCH`."""
    samples = raw["checkpoints"]["works"]["encoder"]["wall"]
    cost = figures.difference(samples["sci"], samples["without"])
    return cost, figures.Interval(*(1 + seconds / EPOCH for seconds in cost))


def verdict(raw: Mapping[str, Any], claim: Claim) -> str:
    """Whether the aim is met."""
    if claim.aim is None:
        return ""
    scaled = claim.topic == "checkpoints"
    value = per_checkpoint(raw)[1].value if scaled else measured(raw, claim, "wall").value
    said = "met" if value <= claim.aim else f"missed by {value - claim.aim:.2f}"
    return f"{said} for epochs of {EPOCH:.0f} s" if scaled else said


def shown(interval: figures.Interval) -> str:
    """``0.98 (0.95 to 1.01)``."""
    return f"{interval.value:.2f} ({interval.low:.2f} to {interval.high:.2f})"


def seconds(samples: list[float]) -> str:
    """The median in a fitting unit."""
    found = statistics.median(samples)
    return f"{found:.2f} s" if found >= 1 else f"{1000 * found:.0f} ms"


def summary(raw: Mapping[str, Any]) -> str:
    """One line for each claim that was measured."""
    return "\n".join(
        f"{claim.topic} {claim.work}: {shown(measured(raw, claim, 'wall'))} of {claim.theirs}, "
        f"processor time {shown(measured(raw, claim, 'cpu'))}"
        + ("" if claim.aim is None else f" (aim: at most {claim.aim}): {verdict(raw, claim)}")
        for claim in CLAIMS
        if claim.topic in raw
    )
