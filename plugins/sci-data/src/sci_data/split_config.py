"""The settings of the splitters."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sci.api import ComponentConfig


class SharesConfig(ComponentConfig):
    """How many rows go where; what is left is for training."""

    validation: float = Field(0.0, ge=0, lt=1)
    """Share of the rows that choose between models and stop training early."""

    test: float = Field(0.2, gt=0, lt=1)
    """Share of the rows that judge the finished model."""

    @model_validator(mode="after")
    def _something_is_left_for_train(self) -> Self:
        if self.validation + self.test >= 1:
            total = f"{self.validation + self.test:g}"
            raise ValueError(
                f"splits take {total} of the rows: validation {self.validation:g} + test {self.test:g};"
                " nothing is left for train"
            )
        return self


class TogetherConfig(ComponentConfig):
    """Which rows stay together."""

    identical: Literal["together", "ignore"] = "together"
    """Rows whose inputs are all equal go to one part together, so that no test row was seen in training."""

    group_by: str | None = None
    """Rows with the same value in this column go to one part together. Without it the columns of `data.group`, if
    there are any. A row without a value is on its own."""


class RandomConfig(SharesConfig, TogetherConfig):
    """Rows drawn at random."""


class StratifiedConfig(SharesConfig, TogetherConfig):
    """Rows drawn at random within each class of the target."""


class GroupConfig(SharesConfig):
    """Groups drawn at random."""

    group_by: str | None = None
    """The column that tells the groups apart; without it those of `data.group`."""


class Gap(ComponentConfig):
    """What is left out between two parts, so that the later one tells nothing about the earlier."""

    rows: int | None = Field(None, gt=0)
    """So many of the latest rows of the earlier part."""

    seconds: float | None = Field(None, gt=0)
    """All rows of the earlier part that are less than this before the later part. A column of numbers counts as
    seconds."""

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.rows is None) == (self.seconds is None):
            raise ValueError("a gap is given in `rows` or in `seconds`")
        return self


class TimeConfig(SharesConfig):
    """The earliest rows for training, the next for validation, the latest for test."""

    column: str | None = None
    """The column with the times, as numbers or as text like 2024-05-31T12:00:00; without it the column of
    `data.time`."""

    gap: Gap | None = None
    """What is left out before validation and before test."""


class IndexFiles(ComponentConfig):
    """The rows of one fold: files with a row number in each line, counted from 0. A `*` in the names stands for one
    fold each: `index_train_*.txt`."""

    train_index: str
    """File with the training rows."""

    test_index: str
    """File with the test rows."""

    validation_index: str | None = None
    """File with the validation rows."""


class PartFiles(ComponentConfig):
    """One file for each part, in the format of the source."""

    train: str
    """File with the training rows."""

    test: str
    """File with the test rows."""

    validation: str | None = None
    """File with the validation rows."""


class PredefinedConfig(ComponentConfig):
    """Parts that somebody else fixed: exactly one of `column`, `files` and `folds`."""

    column: str | None = None
    """A column that says `train`, `validation` or `test` for each row."""

    files: PartFiles | None = None
    """One file for each part."""

    folds: tuple[IndexFiles, ...] | None = Field(None, min_length=1)
    """Files of row numbers, for one fold or several."""

    validation: float = Field(0.0, ge=0, lt=1)
    """Share of the training rows that is drawn for validation, where no validation rows are given."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        ways = [name for name in ("column", "files", "folds") if getattr(self, name) is not None]
        if len(ways) != 1:
            found = " and ".join(f"`{name}`" for name in ways) or "none of them"
            raise ValueError(
                f"a predefined split has exactly one of `column`, `files` and `folds`; this one has {found}"
            )
        given = (self.files and self.files.validation) or any(fold.validation_index for fold in self.folds or ())
        if given and self.validation:
            raise ValueError(f"`{ways[0]}` gives validation rows, and validation {self.validation:g} would draw others")
        return self

    def parts(self) -> dict[str, str]:
        """Part to its file, where each part is a file of its own; the core reads the source once for each."""
        if self.files is None:
            return {}
        return {name: path for name, path in vars(self.files).items() if path is not None}


class KFoldConfig(TogetherConfig):
    """Each row once in a test part."""

    folds: int = Field(5, ge=2)
    """Number of folds."""

    stratified: bool = False
    """Give every fold the same share of each class of the target."""

    validation: float = Field(0.0, ge=0, lt=1)
    """Share of the training rows of each fold that is drawn for validation."""

    inner: int | None = Field(None, ge=2)
    """Nested: so many inner folds divide the training rows of each fold, and each is once the validation part. Instead
    of `validation`."""

    @model_validator(mode="after")
    def _one_validation(self) -> Self:
        if self.inner is not None and self.validation:
            raise ValueError("`inner` and `validation` both say which rows are for validation; one of them stays")
        return self


class LeaveOneOutConfig(TogetherConfig):
    """Each row is once the test part."""

    validation: float = Field(0.0, ge=0, lt=1)
    """Share of the training rows of each fold that is drawn for validation."""


class LeaveOneGroupOutConfig(ComponentConfig):
    """Each group is once the test part."""

    group_by: str | None = None
    """The column that tells the groups apart; without it the column of `data.group`."""

    validation: float = Field(0.0, ge=0, lt=1)
    """Share of the training rows of each fold that is drawn for validation, in whole groups."""
