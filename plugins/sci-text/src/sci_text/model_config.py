"""Settings of the models: one meaning on every engine."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field

from sci.api import ConfigError, WeightsConfig
from sci_text.bert_folder import described
from sci_text.bert_sizes import SIZES, Activation

Rate = Annotated[float, Field(ge=0, lt=1)]
Width = Annotated[int, Field(ge=1)]


class BertConfig(WeightsConfig):
    """Settings of `bert`: an encoder (Devlin et al. 2019), from random weights, or from `pretrained`, a folder in the
    layout of Hugging Face or a run of `bert`. Sizes that are not given are those of `pretrained`."""

    layers: Width | None = None
    """How many are stacked; 2 when nothing says otherwise."""

    hidden_size: Width | None = None
    """Length of the vector at each position; 128 when nothing says otherwise."""

    heads: Width | None = None
    """Heads of the attention; they divide `hidden_size`, and are one for each 64 of it when nothing says otherwise."""

    feed_forward: Width | None = None
    """Units between the two dense layers of each block; four times `hidden_size` when nothing says otherwise."""

    activation: Activation | None = None
    """Between the two dense layers; `gelu` when nothing says otherwise."""

    max_length: Width | None = None
    """Longest sequence; 512 when nothing says otherwise."""

    epsilon: Annotated[float, Field(gt=0)] | None = None
    """Added to the variance in layer normalization; 1e-12 when nothing says otherwise."""

    segments: Width | None = None
    """Kinds of segments that the weights tell apart, of which the first is used; 2 when nothing says otherwise."""

    vocabulary_size: Width | None = None
    """Tokens that have a vector; those of the steps when nothing says otherwise."""

    dropout: Rate = 0.1
    """Share of the units that is silent: embeddings, attention, what each sublayer adds, and before the head."""

    pooling: Literal["cls", "mean", "pooler"] = "mean"
    """What stands for a whole sequence: the vector of its first token, the mean of its vectors, or the first token's
    through a dense layer and tanh, as BERT was pretrained. `cls` and `pooler` need a step that puts `[CLS]` first."""

    def settled(self) -> Self:
        """With the sizes that the description of `pretrained` gives."""
        if self.pretrained is None:
            return self
        found = described(self.pretrained)
        for name, value in found.items():
            given = getattr(self, name)
            if given is not None and given != value:
                raise ConfigError(
                    f"model.{name} is `{given}`, and that of `{self.pretrained}` is `{value}`",
                    id="model.pretrained",
                    hint=f"model: {{name: bert, pretrained: ...}} without {name}",
                )
        return self.model_copy(update=found)

    @property
    def sizes(self) -> dict[str, Any]:
        """What has been said of `SIZES`."""
        return {name: getattr(self, name) for name in SIZES if getattr(self, name) is not None}
