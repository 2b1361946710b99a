"""The labels of a fold, and what can be wrong with them."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa

from sci.api import DataError, Dataset, Fold
from sci_tasks.label_lists import label_lists, owners
from sci_tasks.names import class_names, codes_of, distinct
from sci_tasks.wording import listed, quoted, rows, yaml_value

NOWHERE = np.zeros(0, dtype=np.int64)
PARTS = ("train", "validation", "test")
STRATIFIED = "rows of such a class for train; a split that is drawn: {name: stratified, validation: 0.1, test: 0.2}"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


def outside(dataset: Dataset) -> Fold:
    """All rows of another file, as those that a trained model is tested on."""
    return Fold("outside", NOWHERE, NOWHERE, np.arange(len(dataset)))


@dataclass(frozen=True)
class Labels:
    """The labels of the rows of one fold.

    Args:
        column: name of the target column.
        names: distinct labels that are not blank, sorted.
        codes: int64 [n], position of each row's label in `names`; -1 where there is none.
        ids: int64 [n], ids of the rows.
        parts: int64 [n], position in `PARTS` of the part that each row is in.
    """

    column: str
    names: list[str]
    codes: np.ndarray
    ids: np.ndarray
    parts: np.ndarray

    @classmethod
    def read(cls, dataset: Dataset, column: str, fold: Fold) -> Labels:
        """The labels of the rows that are in some part of the fold."""
        positions = [np.asarray(getattr(fold, part), dtype=np.int64) for part in PARTS]
        every = np.concatenate(positions)
        found = class_names(dataset.column(column)).take(pa.array(every))
        names = [name for name in distinct(found) if name.strip()]
        parts = np.repeat(np.arange(len(PARTS)), [len(part) for part in positions])
        return cls(column, names, codes_of(found, names), dataset.ids[every], parts)

    @classmethod
    def listed(cls, dataset: Dataset, column: str, fold: Fold, separator: str | None) -> Labels:
        """Those of lists, one after the other: `codes`, `ids` and `parts` are of elements; a null has one of -1."""
        positions = [np.asarray(getattr(fold, part), dtype=np.int64) for part in PARTS]
        every = np.concatenate(positions)
        lists = label_lists(dataset.column(column), separator).take(pa.array(every))
        absent = np.flatnonzero(np.asarray(lists.is_null()))
        found = lists.flatten()
        names = [name for name in distinct(found) if name.strip()]
        rows = np.concatenate([owners(lists), absent])
        codes = np.concatenate([codes_of(found, names), np.full(len(absent), -1, dtype=np.int64)])
        parts = np.repeat(np.arange(len(PARTS)), [len(part) for part in positions])
        return cls(column, names, codes, dataset.ids[every][rows], parts[rows])

    def demand_known(self, classes: Sequence[str]) -> None:
        """Raise `DataError` where rows from outside have no label, or one that the trained model does not know."""
        for error in [*self.missing(), *self.unknown(classes)]:
            raise error

    def unknown(self, classes: Sequence[str]) -> Iterator[DataError]:
        """Labels that are none of the classes of a trained model: it could never be right about them."""
        codes = [code for code, name in enumerate(self.names) if name not in classes]
        if codes:
            them = listed(f"{quoted(self.names[code])} in {rows(self.of_class(code))}" for code in codes)
            known = listed(map(quoted, classes))
            yield DataError(
                f"`{self.column}` has {_classes(len(codes))} that the run does not know: {them}",
                id="data.class-unknown",
                note=f"it knows {known}",
                hint="write the labels as the run's data have them, or leave these rows out of the file",
            )

    @property
    def counts(self) -> np.ndarray:
        """Rows of each class, int64 [classes]."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))

    def of_class(self, code: int) -> np.ndarray:
        """Ids of the rows with this label, ascending."""
        return np.unique(self.ids[self.codes == code])

    def missing(self) -> Iterator[DataError]:
        """Rows without a label, or with a blank one."""
        ids = np.unique(self.ids[self.codes < 0])
        if len(ids):
            yield DataError(
                f"`{self.column}` has no label in {rows(ids)}",
                id="data.missing-labels",
                hint="give these rows a label, or leave them out of the data",
            )

    def variants(self) -> Iterator[DataError]:
        """Labels that look like one class but are several: they differ in blank space or in the form of a number."""
        alike: dict[object, list[int]] = {}
        for code, name in enumerate(self.names):
            alike.setdefault(essence(name), []).append(code)
        for codes in alike.values():
            if len(codes) > 1:
                usual = self.names[max(codes, key=lambda code: self.counts[code])]
                forms = listed(quoted(self.names[code]) for code in codes)
                yield DataError(
                    f"`{self.column}` writes one class in {len(codes)} ways: {forms}",
                    id="data.label-variants",
                    note="; ".join(f"{quoted(self.names[code])} in {rows(self.of_class(code))}" for code in codes[:3]),
                    hint=f"write one form in the source, such as {quoted(usual.strip())}",
                )

    def single(self) -> Iterator[DataError]:
        """Only one class: there is nothing to tell apart."""
        if len(self.names) == 1:
            yield DataError(
                f"`{self.column}` has one class only: {quoted(self.names[0])} in all {len(self.codes):,} rows",
                id="data.one-class",
                hint="data.target: a column with two classes or more",
            )

    def absent(self, hint: str = STRATIFIED) -> Iterator[DataError]:
        """Classes that validation or test hold but no training row has: nothing could learn them."""
        trained = np.unique(self.codes[self.parts == 0])
        unseen = np.setdiff1d(np.arange(len(self.names)), trained)
        if len(unseen):
            where = listed(f"{quoted(self.names[code])} in {self._whereabouts(code)}" for code in unseen)
            yield DataError(
                f"`{self.column}` has {_classes(len(unseen))} without a row in train: {where}",
                id="data.class-absent",
                hint=hint,
            )

    def _whereabouts(self, code: int) -> str:
        inside = [(part, self.ids[(self.codes == code) & (self.parts == number)]) for number, part in enumerate(PARTS)]
        return " and ".join(f"{rows(np.unique(ids))} of {part}" for part, ids in inside if len(ids))

    def unfit_positive(self, positive: str | None) -> Iterator[DataError]:
        """A positive class that does not exist, or that stands against more than one other class."""
        if positive is None:
            return
        if positive not in self.names:
            nearest = difflib.get_close_matches(positive, self.names, n=1, cutoff=0.7)
            guess = f"; did you mean {quoted(nearest[0])}?" if nearest else ""
            rarest = [self.names[code] for code in np.argsort(self.counts)]
            yield DataError(
                f"{quoted(positive)} is no class of `{self.column}`{guess}",
                id="data.positive-unknown",
                note=f"classes: {listed(map(quoted, self.names), 8)}",
                hint=f"task: {{name: classification, positive: {yaml_value([*nearest, *rarest, '...'][0])}}}",
                setting=("positive",),
            )
        elif len(self.names) > 2:
            yield DataError(
                f"`positive` is for two classes, but `{self.column}` has {len(self.names):,}",
                id="data.positive-several",
                note=f"classes: {listed(map(quoted, self.names), 8)}",
                hint="task: classification   with evaluation: {metrics: [f1-macro, recall-macro]}",
                setting=("positive",),
            )


def essence(name: str) -> object:
    """A label in composed Unicode, without blanks at its ends or doubled ones inside; a number where it is one."""
    plain = " ".join(unicodedata.normalize("NFC", name).split())
    return Decimal(plain) if NUMBER.fullmatch(plain) else plain


def _classes(count: int) -> str:
    return "a class" if count == 1 else f"{count:,} classes"
