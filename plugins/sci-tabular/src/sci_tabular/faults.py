"""What these steps say when settings or data stop them."""

from __future__ import annotations

from collections.abc import Callable

from sci.api import ConfigError, DataError, Feature, Schema


def require_kinds(
    step: str, reads: str, schema: Schema, columns: tuple[str, ...], fits: Callable[[Feature], bool]
) -> None:
    """Raise `ConfigError` for the first of the columns that this step cannot read.

    Args:
        step: name of the step.
        reads: what it reads, in words.
        schema: the schema before the step.
        columns: the columns that the step takes.
        fits: whether a feature can be read.
    """
    for name in columns:
        feature = schema.columns[name]
        if not fits(feature):
            readable = [other for other in columns if fits(schema.columns[other])]
            raise ConfigError(
                f"{step} reads {reads}, but column `{name}` is {_described(feature)}",
                id="flow.kind",
                hint=f"columns: [{', '.join(readable[:8])}]" if 0 < len(readable) <= 8 else "",
            )


def _described(feature: Feature) -> str:
    if feature.kind != "array":
        return feature.kind
    return "a ragged array" if feature.ragged else f"an array of shape {feature.shape}"


def no_values(column: str) -> DataError:
    """A column that is missing in every training row teaches nothing."""
    return DataError(
        f"column `{column}` has no value in any training row",
        id="data.empty-column",
        note="a step cannot be fitted to it; leave it out",
        hint="data.inputs: [...]   without it",
    )


def infinite(column: str, found: float, row: int | None) -> DataError:
    """An infinity has no mean, no range and no place between other numbers."""
    place = "" if row is None else f" in row {row}"
    return DataError(f"column `{column}` holds `{found:g}`{place}", id="data.overflow", hint=_bounded(column))


def overflows(column: str) -> DataError:
    """Numbers whose sums, squares or differences exceed float64."""
    return DataError(
        f"numbers of column `{column}` are too large to compute with",
        id="data.overflow",
        note="sums of squares stay below 1.8e308",
        hint=_bounded(column),
    )


def _bounded(column: str) -> str:
    return f"- {{name: clean-rows, ranges: {{{column}: [-1e12, 1e12]}}}}   above this step drops such training rows"
