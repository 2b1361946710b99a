"""Names of columns that are taken by what the pipeline itself puts beside them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sci.api import DataError, Feature
from sci.api.errors import Place
from sci.pipeline.feed import is_scalar

PACKED = ("numbers", "categories", "weight")
"""What a network reads beside inputs that are no single numbers or classes."""
PART = "split.part"
"""The column that says which file of a predefined split a row is of."""


def require_free_part(names: Iterable[str], file: str) -> None:
    """Stop where the data have a column of the name under which the part of each row is kept.

    Args:
        names: of the columns.
        file: where they are from.
    """
    if PART in names:
        raise DataError(
            f"a column is called `{PART}`, a name that is kept for the parts of a split",
            id="data.column-name",
            where=Place(file),
            hint="another name for this column",
        )


def require_free_inputs(inputs: Mapping[str, Feature], where: Place | None) -> None:
    """Stop for an input that a network would read under the name of something else.

    Numbers and categories are packed under names of their own, so theirs are free.

    Args:
        inputs: after the last step.
        where: the place of the inputs in the experiment file.
    """
    for name, feature in inputs.items():
        taken = name.partition(".")[0] == "target" or name in PACKED
        if taken and not is_scalar(feature) and feature.kind != "category":
            raise DataError(
                f"an input is called `{name}`, a name under which models find something else",
                id="data.column-name",
                where=where,
                hint="another name for this column",
            )
