"""A tokenizer that was made before."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Iterable, Sequence

from tokenizers import Tokenizer

from sci.api import ConfigError, Dataset, newest_run
from sci_text.encoding import padding
from sci_text.kept_tokenizers import FILE as KEPT
from sci_text.kept_tokenizers import kept_tokenizers
from sci_text.token_config import TokenizerConfig
from sci_text.tokens import Tokens

FILE = "tokenizer.json"
STEPS = (f"model/{KEPT}", KEPT)
"""What a run has learned in its steps, seen from its directory or from the folder of its model."""


class Pretrained(Tokens):
    """What a ``tokenizer.json`` of the library tokenizers makes of a text, with the tokens that it puts around it.

    The run keeps the file's content; what it says of padding and cutting does not count. A target needs a token for
    padding, or one that ends a text: it ends the answers.
    """

    component = "tokenizer"
    config: TokenizerConfig

    def fit(self, train: Dataset) -> None:
        super().fit(train)
        for name in self.columns:
            if name in train.schema.by("target") and padding(self._tokenizers[name]) is None:
                raise ConfigError(
                    f"the tokenizer of target `{name}` has no token that ends an answer",
                    id="model.pretrained",
                    note="one of [PAD], <pad>, </s>, <|endoftext|>",
                    hint='tokenizer.add_special_tokens(["[PAD]"])   and save it again',
                )

    def learned(self, column: str, texts: Iterable[Sequence[str]]) -> Tokenizer:
        path = newest_run(pathlib.Path(self.config.pretrained).expanduser())
        steps = next((path / place for place in STEPS if (path / place).is_file()), None)
        if steps is not None:
            return self._of_a_run(column, steps)
        path = path / FILE if path.is_dir() else path
        if not path.is_file():
            raise ConfigError(
                f"pretrained is `{self.config.pretrained}`, and there is no such file",
                id="model.pretrained",
                note=f"{path.absolute()}",
                hint=f"{{name: tokenizer, pretrained: {FILE}}}",
            )
        return self._tokenizer(path.name, path.read_bytes())

    def _of_a_run(self, column: str, steps: pathlib.Path) -> Tokenizer:
        """The tokenizer that a run used for the column of this name, or for its only one."""
        try:
            found = kept_tokenizers(steps)
        except ValueError as error:
            raise ConfigError(f"`{steps}` is not what a run has written: {error}", id="model.pretrained") from error
        if not found or (column not in found and len(found) > 1):
            raise ConfigError(
                f"pretrained is `{self.config.pretrained}`, a run that has made no tokens of a column `{column}`",
                id="model.pretrained",
                note=f"columns with tokens: {', '.join(found) or 'none'}",
            )
        text = found.get(column, next(iter(found.values())))
        return self._tokenizer(steps.name, json.dumps(text).encode())

    def _tokenizer(self, source: str, text: bytes) -> Tokenizer:
        try:
            return Tokenizer.from_buffer(text)
        except Exception as error:  # the library raises nothing more exact for what it cannot read
            raise ConfigError(
                f"`{source}` is no tokenizer that the library tokenizers reads: {error}",
                id="model.pretrained",
                hint="a tokenizer.json, as `tokenizer.save` writes it",
            ) from error
