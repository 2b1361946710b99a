"""A tokenizer that was made before."""

from __future__ import annotations

import pathlib
from collections.abc import Iterable, Sequence

from tokenizers import Tokenizer

from sci.api import ConfigError
from sci_text.token_config import TokenizerConfig
from sci_text.tokens import Tokens

FILE = "tokenizer.json"


class Pretrained(Tokens):
    """What a ``tokenizer.json`` of the library tokenizers makes of a text, with the tokens that it puts around it.

    The run keeps the file's content; what it says of padding and cutting does not count.
    """

    component = "tokenizer"
    config: TokenizerConfig

    def learned(self, column: str, texts: Iterable[Sequence[str]]) -> Tokenizer:
        path = pathlib.Path(self.config.pretrained).expanduser()
        path = path / FILE if path.is_dir() else path
        if not path.is_file():
            raise ConfigError(
                f"pretrained is `{self.config.pretrained}`, and there is no such file",
                id="model.pretrained",
                note=f"{path.absolute()}",
                hint=f"{{name: tokenizer, pretrained: {FILE}}}",
            )
        try:
            return Tokenizer.from_str(path.read_text(encoding="utf-8"))
        except Exception as error:  # the library raises nothing more exact for what it cannot read
            raise ConfigError(
                f"`{path.name}` is no tokenizer that the library tokenizers reads: {error}",
                id="model.pretrained",
                hint="a tokenizer.json, as `tokenizer.save` writes it",
            ) from error
