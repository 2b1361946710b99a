"""What a column is, and how its values look between two steps.

Between steps a column is

* an `ndarray` whose first axis are the rows: numbers (null is NaN), booleans and category codes (null is -1);
* a `Ragged` where each row holds a variable number of elements;
* an Arrow array for text, bytes and category names that no step has turned into codes yet (null is Arrow's null);
  where such a feature is ragged, each row is a list of texts: words, or labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Column: TypeAlias = np.ndarray | "Ragged" | pa.Array | pa.ChunkedArray
else:
    Column = Any

Batch = dict[str, Column]
"""Rows of several columns. Key ``id`` (int64) is always there; a target may be absent."""

Kind = Literal["number", "boolean", "category", "text", "tokens", "image", "audio", "series", "boxes", "array"]
"""What a column holds; steps and models say which kinds they take."""
Role = Literal["input", "target", "id", "group", "time", "weight", "context"]
"""The part that a column plays; context columns travel along and the model does not see them."""


@dataclass(frozen=True)
class Feature:
    """What a column means.

    Args:
        kind: the kind of thing that one row holds.
        dtype: NumPy dtype of the elements; ``string`` for text and for category names, ``binary`` for bytes.
        shape: shape of one element, without the ragged axis; None where only fitting decides.
        ragged: each row holds a variable number of elements.
        size: number of classes, or of entries of the vocabulary; None where only fitting decides.
        values: names of the classes, or of the entries of the vocabulary, in the order of their codes.
        pad: the value that a batch is padded with.
        unit: unit of the quantity.
        rate: sampling rate in Hz, for audio and series.
        alphabet: ``dna``, ``rna`` or ``protein`` for text that is a sequence.
        format: ``xyxy-pixel`` for boxes, ``HWC-uint8`` for images, ``mono`` for audio.
        like: the target slot whose unit and inverse a prediction shares.
        special: codes of tokens that stand for no letters, such as padding and the beginning of a text.
        mask: the code of the token that hides another one.
        longest: most elements of a row of a ragged column; None where nothing bounds it.
    """

    kind: Kind
    dtype: str = "float32"
    shape: tuple[int | None, ...] = ()
    ragged: bool = False
    size: int | None = None
    values: tuple[str, ...] | None = None
    pad: float = 0
    unit: str | None = None
    rate: float | None = None
    alphabet: str | None = None
    format: str | None = None
    like: str | None = None
    special: tuple[int, ...] = ()
    mask: int | None = None
    longest: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Only what differs from the default, for `model/` and predictions files."""
        plain = Feature(self.kind)
        found = {name: value for name, value in vars(self).items() if value != getattr(plain, name)}
        return {"kind": self.kind, **found}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Feature:
        """The inverse of `as_json`."""
        tuples = {name: tuple(data[name]) for name in ("shape", "values", "special") if data.get(name) is not None}
        return cls(**{**data, **tuples})


@dataclass(frozen=True)
class Schema:
    """The columns of a table, the part that each plays, and which column fills which target slot of the task.

    Args:
        columns: name to what the column means, in the order of the table.
        roles: name to input, target, id, group, time, weight or context.
        slots: slot of the task to the column that fills it; most tasks have the slot ``target`` only.
    """

    columns: Mapping[str, Feature]
    roles: Mapping[str, Role]
    slots: Mapping[str, str] = field(default_factory=dict)

    def by(self, role: Role) -> tuple[str, ...]:
        """Names of the columns with this role, in the order of the table."""
        return tuple(name for name in self.columns if self.roles.get(name) == role)

    @property
    def inputs(self) -> dict[str, Feature]:
        """The features that a model sees."""
        return {name: self.columns[name] for name in self.by("input")}

    def target(self, slot: str = "target") -> Feature:
        """The feature that fills a slot of the task."""
        return self.columns[self.slots[slot]]

    def replace(self, column: str, /, **new: Feature) -> Schema:
        """The schema with `column` replaced by new columns, which inherit its role and its place."""
        role = self.roles[column]
        columns: dict[str, Feature] = {}
        for name, feature in self.columns.items():
            columns.update(new if name == column else {name: feature})
        roles = {name: kept for name, kept in self.roles.items() if name != column} | dict.fromkeys(new, role)
        return replace(self, columns=columns, roles=roles)

    def add(self, role: Role, /, **new: Feature) -> Schema:
        """The schema with new columns of one role at the end."""
        return replace(self, columns={**self.columns, **new}, roles={**self.roles, **dict.fromkeys(new, role)})

    def drop(self, *names: str) -> Schema:
        """The schema without these columns."""
        return replace(
            self,
            columns={name: feature for name, feature in self.columns.items() if name not in names},
            roles={name: role for name, role in self.roles.items() if name not in names},
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "columns": {name: feature.as_json() for name, feature in self.columns.items()},
            "roles": dict(self.roles),
            "slots": dict(self.slots),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Schema:
        """The inverse of `as_json`."""
        columns = {name: Feature.from_json(feature) for name, feature in data["columns"].items()}
        return cls(columns, dict(data["roles"]), dict(data["slots"]))


class Spans(NamedTuple):
    """Where tokens stand in their texts.

    Args:
        texts: one for each row, as the step that cut it was given it.
        places: int64 [tokens, 2] in rows: where each token begins and ends, in characters; equal for a token that
            stands for no character.
    """

    texts: Sequence[str]
    places: Ragged


class Ragged(NamedTuple):
    """Rows of different lengths: row i is ``values[offsets[i]:offsets[i + 1]]``.

    Args:
        values: [total, *shape of one element].
        offsets: int64 [rows + 1], never decreasing, from 0.
    """

    values: np.ndarray
    offsets: np.ndarray

    @property
    def lengths(self) -> np.ndarray:
        """Number of elements in each row, int64 [rows]."""
        return self.offsets[1:] - self.offsets[:-1]

    def row(self, index: int) -> np.ndarray:
        """The elements of one row."""
        return self.values[self.offsets[index] : self.offsets[index + 1]]

    def take(self, indices: np.ndarray) -> Ragged:
        """These rows, in this order."""
        import numpy as np

        lengths = self.lengths[indices]
        offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        within = np.arange(offsets[-1]) - np.repeat(offsets[:-1], lengths)
        return Ragged(self.values[np.repeat(self.offsets[:-1][indices], lengths) + within], offsets)

    def pad(self, value: float = 0, multiple: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """Rows filled up to the longest: [rows, longest, *shape], and the lengths int32 [rows].

        `longest` is rounded up to a multiple, so that few different shapes occur.
        """
        import numpy as np

        lengths = self.lengths
        longest = int(-(-max(int(lengths.max(initial=0)), 1) // multiple) * multiple)
        padded = np.full((len(lengths), longest, *self.values.shape[1:]), value, dtype=self.values.dtype)
        inside = np.arange(longest)[None, :] < lengths[:, None]
        padded[inside] = self.values[self.offsets[0] : self.offsets[-1]]
        return padded, lengths.astype(np.int32)
