"""What the conformance kit is told about the metrics: values of a few rows, computed by hand from the definitions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sci.testing import Case

if TYPE_CHECKING:
    from sci.api import Predictions

LABELLED = {
    "accuracy": 5 / 8,
    "balanced-accuracy": 19 / 30,
    "precision": 1 / 2,
    "recall": 2 / 3,
    "f1": 4 / 7,
    "precision-macro": 5 / 8,
    "precision-micro": 5 / 8,
    "precision-weighted": 21 / 32,
    "recall-macro": 19 / 30,
    "recall-micro": 5 / 8,
    "recall-weighted": 5 / 8,
    "f1-macro": 13 / 21,
    "f1-micro": 5 / 8,
    "f1-weighted": 53 / 84,
    "mcc": 4 / math.sqrt(240),
}
"""Of three positive rows two are found, and of five others two are called positive."""

SCORED = {
    "roc-auc": 3 / 4,
    "roc-auc-ovr": 3 / 4,
    "pr-auc": 5 / 6,
    "pr-auc-ovr": 5 / 6,
    "log-loss": -math.log(0.9 * 0.4) / 2,
    "brier": (2 * 0.1**2 + 2 * 0.6**2) / 4,
}
"""Two positive rows with the probabilities 0.9 and 0.4, two others with 0.6 and 0.1."""

TRANSLATED = {"exact-match": 1 / 2, "bleu": 100 * (5 / 6) ** (1 / 4) * math.exp(1 - 9 / 8)}
"""Of two texts one is its reference of six words, and the other lacks the middle one of three."""

SPELLED = {"chrf": 100 * (1 / 2 + 0) / 2}
"""Of two letters one is right, and no pair."""

MEASURED = {"mae": 1.0, "mse": 5 / 3, "rmse": math.sqrt(5 / 3), "r2": -1 / 14}
"""The errors 1, 0 and -2 of the numbers 1, 2 and 4."""


SETS = {
    "subset-accuracy": 1 / 2,
    "hamming-loss": 1 / 6,
    "precision-samples": 5 / 8,
    "recall-samples": 5 / 8,
    "f1-samples": 7 / 12,
}
"""The labels a and b, a, none, and c; said are a, a and b, none, and c."""

TAGGED = {"token-accuracy": 3 / 4, "entity-precision": 1.0, "entity-recall": 1 / 2, "entity-f1": 2 / 3}
"""Of two names one is found, and one of four words has a wrong tag."""

HIDDEN = {"perplexity": 2**2.5, "masked-accuracy": 1 / 4}
"""Of four hidden tokens one has the probability 1/2 and is right, three have 1/8 and are not."""


def cases() -> list[Case]:
    """Each metric with rows and the value that they have."""
    sets = (
        (LABELLED, labelled),
        (SCORED, scored),
        (MEASURED, errors),
        (TRANSLATED, translations),
        (SPELLED, letters),
        (SETS, label_sets),
        (TAGGED, tags),
        (HIDDEN, hidden),
    )
    return [
        Case("metrics", name, data=data, claims={"value": value})
        for values, data in sets
        for name, value in values.items()
    ]


def labelled() -> Predictions:
    """Eight rows of two classes."""
    from sci.testing import classified

    return classified(["yes"] * 3 + ["no"] * 5, ["yes", "yes", "no", "yes", "yes", "no", "no", "no"])


def scored() -> Predictions:
    """Four rows of two classes with probabilities."""
    from sci.testing import classified

    chances = [[1 - chance, chance] for chance in (0.9, 0.4, 0.6, 0.1)]
    return classified(["yes", "yes", "no", "no"], probability=chances)


def errors() -> Predictions:
    """Three numbers, all predicted as 2."""
    from sci.testing import measured

    return measured([1.0, 2.0, 4.0], [2.0, 2.0, 2.0])


def translations() -> Predictions:
    """Two short sentences."""
    return translated(["the cat sat on the mat", "a small dog"], ["the cat sat on the mat", "a dog"])


def letters() -> Predictions:
    """One word of two letters."""
    return translated(["ab"], ["aa"])


def translated(target: list[str], text: list[str], group: list[str | None] | None = None) -> Predictions:
    """Texts beside the true ones, as task `seq2seq` gives them; `group` says which rows are of one source."""
    import numpy as np
    import pyarrow as pa

    from sci.api import Feature, Predictions

    columns = {"target": pa.array(target, pa.large_string()), "prediction.text": pa.array(text, pa.large_string())}
    if group is not None:
        columns["group"] = pa.array(group, pa.large_string())
    return Predictions.of(np.arange(len(target)), columns, dict.fromkeys(columns, Feature("text", dtype="string")))


def label_sets() -> Predictions:
    """Four rows with any number of labels, as task `multi-label` gives them."""
    truth, said = [["a", "b"], ["a"], [], ["c"]], [["a"], ["a", "b"], [], ["c"]]
    return listed(truth, said, "labels", {"classes": ["a", "b", "c"], "separator": None})


def tags() -> Predictions:
    """Two tagged sentences, as task `token-classification` gives them."""
    return listed(
        [["B-X", "I-X", "O"], ["B-Y"]], [["B-X", "I-X", "O"], ["O"]], "tags", {"tags": ["B-X", "B-Y", "I-X", "O"]}
    )


def listed(truth: list[list[str]], said: list[list[str]], output: str, info: dict[str, Any]) -> Predictions:
    """Lists of names beside the true ones."""
    import numpy as np
    import pyarrow as pa

    from sci.api import Feature, Predictions

    lists = pa.large_list(pa.large_string())
    columns = {"target": pa.array(truth, lists), f"prediction.{output}": pa.array(said, lists)}
    feature = Feature("category", dtype="string", ragged=True)
    return Predictions.of(np.arange(len(truth)), columns, dict.fromkeys(columns, feature), info=info)


def hidden() -> Predictions:
    """What two texts came to, as task `masked-lm` counts it."""
    import numpy as np

    from sci.api import Feature, Predictions

    counts = {"hidden": [1.0, 3.0], "right": [1.0, 0.0], "log_probability": [-math.log(2), -9 * math.log(2)]}
    columns = {f"prediction.{name}": np.array(values) for name, values in counts.items()}
    return Predictions.of(np.arange(2), columns, dict.fromkeys(columns, Feature("number", dtype="float64")))
