import dataclasses

import numpy as np

from sci.api import Feature, Preprocessor, Ragged, Task

COVERED = 4
"""The code of ``[MASK]``."""


class Cover(Preprocessor):
    """Covers every third letter or so, and makes a target of what was there: -1 where nothing was covered."""

    accepts = frozenset({"tokens"})
    random = True
    random_in_evaluation = True

    def output_schema(self, schema):
        below = Feature("tokens", dtype="int64", ragged=True, pad=-1)
        made = schema.add("target", **{f"{name}.below": below for name in self.columns})
        return dataclasses.replace(made, slots={**schema.slots, "below": f"{self.columns[0]}.below"})

    def transform(self, batch, random=None):
        (name,) = self.columns
        text = batch[name]
        drawn = random.uniform("cover", (int(text.lengths.max(initial=0)),))
        inside = np.arange(drawn.shape[1]) < text.lengths[:, None]
        covered = drawn[inside] < 0.3
        seen = Ragged(np.where(covered, COVERED, text.values), text.offsets)
        return {**batch, name: seen, f"{name}.below": Ragged(np.where(covered, text.values, -1), text.offsets)}


class Uncover(Task):
    slots = {}
    loss = "uncover-loss"
    metrics = ("uncovered",)

    def heads(self, schema):
        ((self.column, feature),) = schema.inputs.items()
        return {"letter": Feature("array", shape=(feature.size,), ragged=True)}

    def outputs(self, schema):
        number = Feature("number", dtype="float64")
        return {"letters": Feature("tokens", dtype="int64", ragged=True), "covered": number, "found": number}

    def decode(self, raw, batch):
        (name,) = [name for name, column in batch.items() if isinstance(column, Ragged) and not name.endswith(".below")]
        text = batch[name]
        assert raw["letter.length"].tolist() == text.lengths.tolist()
        inside = np.arange(raw["letter"].shape[1]) < text.lengths[:, None]
        said = raw["letter"].argmax(-1)[inside]
        row = np.repeat(np.arange(len(text.lengths)), text.lengths)
        below = batch[f"{name}.below"].values if f"{name}.below" in batch else np.full(len(said), -1)
        counts = [np.bincount(row, one, len(text.lengths)) for one in (below >= 0, below == said)]
        return {"letters": Ragged(said, text.offsets), "covered": counts[0], "found": counts[1]}


class Uncovered:
    higher_is_better = True
    bounds = (0.0, 1.0)

    def __init__(self, config):
        pass

    def __call__(self, predictions):
        covered = np.sum(predictions.prediction("covered"))
        return float(np.sum(predictions.prediction("found")) / covered) if covered else float("nan")
