"""The class that a metric of two classes is about."""

from __future__ import annotations

import difflib
import json
import re

from sci.api import ConfigError, Predictions


def positive_code(predictions: Predictions, wanted: str | None, metric: str, instead: str) -> int:
    """Position of the positive class: the one that the metric's settings name, otherwise the task's.

    Depends on ``info`` alone, so that predictions without rows are enough to find a mistake before training.

    Args:
        predictions: their ``info`` holds the classes and the positive one.
        wanted: the metric's setting `positive`.
        metric: its name, for messages.
        instead: the metric for more than two classes.

    Raises:
        ConfigError: there are more than two classes, `wanted` is none of them, or nobody names a positive one.
    """
    classes = list(predictions.info["classes"])
    positive = predictions.info.get("positive") if wanted is None else wanted
    shown = f"classes: {_listed(classes)}"
    if len(classes) > 2:
        raise ConfigError(
            f"{metric} is about one of two classes, but there are {len(classes):,}; {instead} takes them all",
            id="metric.binary",
            note=shown,
            hint=f"evaluation: {{metrics: [{instead}]}}",
        )
    if positive is None:
        raise ConfigError(
            f"nothing says which class {metric} is about",
            id="metric.positive-missing",
            note=shown,
            hint=f"evaluation: {{metrics: [{{name: {metric}, positive: {_typed(classes[-1])}}}]}}",
        )
    if positive not in classes:
        nearest = difflib.get_close_matches(positive, classes, n=1, cutoff=0.7)
        guess = f"; did you mean `{nearest[0]}`?" if nearest else ""
        raise ConfigError(
            f"`{positive}` is no class for {metric}{guess}",
            id="metric.positive-unknown",
            note=shown,
            hint=f"evaluation: {{metrics: [{{name: {metric}, positive: {_typed((nearest or classes)[0])}}}]}}",
        )
    return classes.index(positive)


def _listed(classes: list[str], most: int = 8) -> str:
    more = [f"and {len(classes) - most:,} more"] if len(classes) > most else []
    return ", ".join([*(f"`{name}`" for name in classes[:most]), *more])


def _typed(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_.+-]+", name) else json.dumps(name, ensure_ascii=False)
