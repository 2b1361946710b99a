"""Texts through trained runs that translate."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

import sci
from sci.api import ConfigError

TEXTS = 256
"""Texts that are translated together."""


class Translator:
    """A run that answers a text with a text.

    Args:
        path: of the run directory.
        setting: that names it, for messages.

    Raises:
        ConfigError: there is no such run, it is not finished, or it does not answer one text with one text.
    """

    def __init__(self, path: str, setting: str) -> None:
        run = sci.load(path)
        self._pipeline: Any = run.pipeline
        self.weights = str(run.lock["weights"])
        inputs = list(self._pipeline.request.inputs.items())
        outputs = [name for name, feature in self._pipeline.outputs.items() if feature.kind == "text"]
        if [feature.kind for _, feature in inputs] != ["text"] or len(outputs) != 1:
            read = ", ".join(f"{name} ({feature.kind})" for name, feature in inputs)
            raise ConfigError(
                f"{setting} is run `{path}`, which does not answer one text with one text",
                id="text.back-translation",
                note=f"it reads {read}",
                hint="a run of task seq2seq with one input",
            )
        self._input, self._output = inputs[0][0], outputs[0]

    def __call__(self, texts: Sequence[str]) -> list[str]:
        """Each text as the run answers it."""
        found: list[str] = []
        for start in range(0, len(texts), TEXTS):
            some = pa.table({self._input: pa.array(texts[start : start + TEXTS], pa.large_string())})
            answers = self._pipeline.predict(some).column(f"prediction.{self._output}")
            found += [answer or "" for answer in answers.to_pylist()]
        return found


@functools.lru_cache(maxsize=4)
def translator(path: str, setting: str) -> Translator:
    """The run at a path, opened once: folds, seeds and baselines ask again."""
    return Translator(path, setting)


@functools.lru_cache(maxsize=4)
def _known(there: str, back: str) -> dict[str, str]:
    return {}


def there_and_back(there: Translator, back: Translator, texts: Sequence[str]) -> list[str]:
    """Each text translated, and translated back; none is asked for twice in a process."""
    known = _known(there.weights, back.weights)
    new = [text for text in dict.fromkeys(texts) if text not in known]
    known.update(zip(new, back(there(new)), strict=True))
    return [known[text] for text in texts]
