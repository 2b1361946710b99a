"""Which text answers this row? Translation, and whatever else turns a sequence into another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from sci.api import ENDED, Batch, ConfigError, DataError, Dataset, Feature, Fold, Kind, Ragged, Schema, Task
from sci_text.task_config import Seq2seqConfig


class Seq2seq(Task):
    """A text for each row, token by token, each token given those before it (Sutskever et al. 2014).

    One of the experiment's own steps cuts the target into tokens. Nothing has to be put around it: the code of the
    padding begins every sequence of the network and ends it (`sci.api.ENDED`).
    """

    slots: ClassVar[Mapping[str, tuple[Kind, ...]]] = {"target": ("text",)}
    loss: ClassVar[str | None] = "cross-entropy"
    metrics: ClassVar[tuple[str, ...]] = ("bleu", "chrf")
    baselines: ClassVar[tuple[str, ...]] = ("copy-source", "translation-memory")

    def __init__(self, config: Seq2seqConfig) -> None:
        super().__init__(config)

    def check(self, dataset: Dataset, fold: Fold) -> None:
        """Raise `DataError` for rows without a target."""
        column = dataset.schema.slots["target"]
        texts: Any = dataset.stored(column)
        absent = np.flatnonzero(texts.is_null().to_numpy(zero_copy_only=False))
        if len(absent):
            raise DataError(
                f"column `{column}` has no text in {len(absent):,} row{'' if len(absent) == 1 else 's'}",
                id="data.missing-target",
                note="rows " + ", ".join(map(str, dataset.ids[absent][:5])),
                hint="leave these rows out of the file",
            )

    def heads(self, schema: Schema) -> Mapping[str, Feature]:
        """``logits``: a score for each token of the vocabulary at each position and at the end, [n, L + 1, tokens]."""
        target = schema.target()
        if target.kind != "tokens":
            column = schema.slots["target"]
            sources = [name for name, feature in schema.inputs.items() if feature.kind in ("text", "tokens")]
            columns = ", ".join([*sources, column])
            raise ConfigError(
                f"seq2seq answers with tokens, and no step cuts the target `{column}` into them",
                id="flow.kind",
                hint=f"preprocessing: [{{name: bpe, columns: [{columns}], shared: true}}]",
            )
        return {"logits": Feature("array", shape=(target.size,), ragged=True, pad=target.pad, format=ENDED)}

    def outputs(self, schema: Schema) -> Mapping[str, Feature]:
        """``text``: the answer; ``score``: its log-probability, divided as `length_penalty` says, float64."""
        return {
            "text": Feature("text", dtype="string", like="target"),
            "score": Feature("number", dtype="float64"),
        }

    def validation_options(self, watched: bool) -> Mapping[str, Any] | None:
        """Answers that are taken greedily, where a metric of them is watched; else none, unless settings say more."""
        beam = self.config.validation_beam
        return {"beam": beam or 1} if watched or beam else None

    def decode(self, raw: Mapping[str, np.ndarray], batch: Batch) -> Batch:
        """Codes of the answers, which the steps turn into text, and their scores.

        Args:
            raw: ``tokens`` int64 [n, L] with ``tokens.length`` [n], and ``score`` [n], as the network's search gives
                them.
            batch: the inputs of the same rows.
        """
        lengths = raw["tokens.length"].astype(np.int64)
        codes = np.asarray(raw["tokens"], dtype=np.int64)
        held = codes[np.arange(codes.shape[1]) < lengths[:, None]]
        return {
            "text": Ragged(held, np.concatenate([[0], np.cumsum(lengths)])),
            "score": np.asarray(raw["score"], dtype=np.float64),
        }
