"""A step between the raw table and the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

from sci.api.state import Stateful

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sci.api.columns import Batch, Column, Role, Schema, Spans
    from sci.api.random import SampleRandom
    from sci.api.rows import Dataset


class Preprocessor(Stateful):
    """A step that is fitted on the training rows only and then applied row by row.

    Target of kind `preprocessors`: called as ``target(config, columns)``. Override what differs; the defaults below
    make a stateless step that changes nothing.
    """

    accepts: ClassVar[frozenset[str]] = frozenset()
    """Kinds of the columns that are taken when the experiment names none; empty means every kind."""

    role: ClassVar[Role] = "input"
    """The role of the columns that are taken when the experiment names none: ``input``, or ``target``."""

    random: ClassVar[bool] = False
    """Augmentation: on the training rows only, on the fly, new in each epoch; may change inputs and targets
    together."""

    random_in_evaluation: ClassVar[bool] = False
    """Of a step that is `random`: whether it also acts on validation and test rows, as in epoch 0.

    What it draws there follows from the experiment's seed and the row's id alone, so that every evaluation of every
    model of a study sees the same (masks of a masked language model). It never acts where rows are predicted or served.
    """

    rows: ClassVar[Literal["keep", "drop", "expand"]] = "keep"
    """`drop` and `expand` return key ``row`` (int64): the position in their input of each row that they return.

    `drop` acts on the training rows only. `expand` (windows, chunks) keeps no state and stands before the first
    fitted step.
    """

    def __init__(self, config: Any, columns: tuple[str, ...]) -> None:
        self.config = config
        self.columns = columns

    def output_schema(self, schema: Schema) -> Schema:
        """The schema after this step. Called before `fit` (sizes that only fitting decides are None) and after it.

        A step that makes a target out of inputs adds a column of role ``target`` and a slot for it, which the data need
        not fill; where the step does not act the column is absent.

        Args:
            schema: the schema before this step.
        """
        return schema

    def fit(self, train: Dataset) -> None:
        """Learn from the training rows, through `train.batches()`. Not overridden means stateless.

        Args:
            train: the training rows as the steps before this one leave them.
        """

    def warnings(self) -> Sequence[str]:
        """What `fit` found in the training rows that people should know, such as words of a list that none of them has.

        The run asks when the steps are fitted, and keeps each as a warning.
        """
        return ()

    def tally(self, batch: Batch) -> Mapping[str, int]:
        """What `transform` does to these rows that people should know, counted; counts of several batches are added.

        Asked of the training rows while they are transformed after `fit`, of validation and test rows while they are
        evaluated, so that nothing looks at test rows before, and of the rows of a file that are predicted or measured.
        `transform` follows, with the same columns.

        Args:
            batch: the rows as the step before this one leaves them.
        """
        return {}

    def told(self, part: str, tally: Mapping[str, int]) -> Sequence[str]:
        """What these counts say; the run keeps each sentence as a warning, as those of `warnings`.

        Args:
            part: ``training``, ``validation``, ``test``, or ``new`` for those of a file.
            tally: the sums of what `tally` returned for its rows.
        """
        return ()

    def transform(self, batch: Batch, random: SampleRandom | None = None) -> Batch:
        """A new dict with the columns replaced; `batch` and its arrays are left as they are.

        Works on any number of rows, none included; a row's result does not depend on the other rows. Target columns may
        be absent (prediction) and are then skipped.

        Args:
            batch: the rows as the step before this one leaves them.
            random: draws for each row, of a step that is `random`; None where nothing is drawn.
        """
        return dict(batch)

    def spans(self, batch: Batch) -> Mapping[str, Spans]:
        """Of each column that this step turns into tokens, where they stand in the texts: explanations show it.

        Args:
            batch: what `transform` is given.
        """
        return {}

    def inverse_transform(self, column: str, values: Column, batch: Batch) -> Column:
        """Predicted values in the unit that the target `column` had before this step.

        Args:
            column: the target.
            values: what was predicted of it.
            batch: the transformed inputs and context columns of the same rows.
        """
        return values

    @classmethod
    def fitted(cls) -> bool:
        """Whether this step learns from the training rows."""
        return cls.fit is not Preprocessor.fit
