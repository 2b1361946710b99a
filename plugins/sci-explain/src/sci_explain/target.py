"""What of a network's output is shared out: log-odds of a class, or a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from sci.api import ConfigError, Pipeline
from sci.api.wording import both, quoted
from sci_explain.answers import Answers


@dataclass(frozen=True)
class Target:
    """A function of one head, for each row.

    Args:
        head: the head.
        chosen: int64 [n], the class whose log-odds they are; None for a number.
        words: what it is.
    """

    head: str
    chosen: np.ndarray | None
    words: dict[str, str]

    @classmethod
    def of(cls, pipeline: Pipeline, answers: Answers, arrays: Mapping[str, np.ndarray]) -> Target:
        """What suits the model's only head.

        Raises:
            ConfigError: it has another form than scores of classes or one number.
        """
        heads = pipeline.network(arrays)
        [head, *more] = heads
        width = heads[head].reshape(len(heads[head]), -1).shape[1]
        if more or width != max(len(answers.classes), 1):
            raise ConfigError(
                f"the network emits {', '.join(heads)}, and not one score for each class or one number",
                id="explain.head",
                hint="analysis: [shap] or [occlusion]",
            )
        if not answers.classes:
            return cls(head, None, both("the number that the network gives", "网络给出的数值"))
        chosen = answers.chosen(heads[head])
        if answers.fixed is None:
            return cls(head, chosen, both("the log-odds of the likeliest class", "最可能类别的对数几率"))
        name = quoted(answers.classes[answers.fixed])
        return cls(head, chosen, both("the log-odds of {name}", " {name} 的对数几率", name=name))

    def take(self, rows: slice) -> Target:
        """The same for some of the rows."""
        return self if self.chosen is None else replace(self, chosen=self.chosen[rows])

    def values(self, heads: Mapping[str, np.ndarray]) -> np.ndarray:
        """The function, float64 [n]: the score of the class minus the log of the summed exponentials of the others."""
        scores = self._scores(heads)
        if self.chosen is None:
            return scores[:, 0]
        rows = np.arange(len(scores))
        own = scores[rows, self.chosen].copy()
        scores[rows, self.chosen] = -np.inf
        top = scores.max(axis=1)
        found: np.ndarray = own - top - np.log(np.exp(scores - top[:, None]).sum(axis=1))
        return found

    def slopes(self, heads: Mapping[str, np.ndarray]) -> np.ndarray:
        """Its derivative by the elements of the head, in the head's shape and type."""
        scores = self._scores(heads)
        found = np.ones_like(scores)
        if self.chosen is not None:
            rows = np.arange(len(scores))
            scores[rows, self.chosen] = -np.inf
            powers = np.exp(scores - scores.max(axis=1, keepdims=True))
            found = -powers / powers.sum(axis=1, keepdims=True)
            found[rows, self.chosen] = 1.0
        return found.reshape(heads[self.head].shape).astype(heads[self.head].dtype)

    def _scores(self, heads: Mapping[str, np.ndarray]) -> np.ndarray:
        found = np.array(heads[self.head], dtype=np.float64)
        return found.reshape(len(found), -1)
