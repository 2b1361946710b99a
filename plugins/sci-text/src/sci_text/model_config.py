"""Settings of the models: one meaning on every engine."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from sci.api import ComponentConfig, ConfigError, WeightsConfig
from sci_text.bert_folder import described
from sci_text.bert_sizes import SIZES, Activation, demand_divisor, filled
from sci_text.config import ascending

Rate = Annotated[float, Field(ge=0, lt=1)]
Width = Annotated[int, Field(ge=1)]

WIDTH = 300
"""Length of embeddings, as Kim (2014) has them."""


class EmbeddedConfig(WeightsConfig):
    """What models are told that look a vector up for each token."""

    paths: ClassVar[tuple[str, ...]] = ("pretrained", "vectors")
    must_exist: ClassVar[tuple[str, ...]] = ("vectors",)

    embedding_size: Width | None = None
    """Length of the vector that stands for a token; that of `vectors`, or 300, when not given."""

    vectors: str | None = None
    """File of word vectors that the embeddings start from, seen from the experiment file: GloVe or word2vec, as text or
    as `.bin`, gzipped or not, or an array `x.npy` beside its words `x.txt`, one a line. Training alone reads it."""

    static: bool = False
    """Keep the embeddings as `vectors` has them."""

    @model_validator(mode="after")
    def _static_needs_vectors(self) -> Self:
        if self.static and self.vectors is None and self.pretrained is None:
            raise ValueError("static keeps drawn embeddings as they are; it needs vectors")
        return self

    @property
    def width(self) -> int:
        """Length of the embeddings."""
        return self.embedding_size or WIDTH

    def settled(self) -> Self:
        """With the length of the vectors in the file."""
        if self.vectors is None:
            return self
        from sci_text.word_vectors import width_of

        width = width_of(self.vectors)
        if self.embedding_size not in (None, width):
            raise ConfigError(
                f"model.embedding_size is `{self.embedding_size}`, and vectors of `{self.vectors}` have {width}",
                id="model.vectors",
                hint="model without embedding_size",
            )
        return self.model_copy(update={"embedding_size": width})


class NgramLinearConfig(ComponentConfig):
    """Settings of `ngram-linear`: linear scores of the n-grams that occur in a text (Wang and Manning 2012)."""

    ngrams: tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(le=5)]] = (1, 2)
    """Shortest and longest sequence of tokens that counts."""

    buckets: int = Field(default=2**18, ge=2, le=2**28)
    """N-grams are spread over this many weights for each output; those that meet in one share it."""

    weighting: Literal["auto", "naive-bayes", "idf", "none"] = "auto"
    """What an n-gram that occurs counts: its log-count ratio for each class in the training rows, how rare it is in
    them, or 1. `auto` is `naive-bayes` where the task has classes, and `idf` otherwise."""

    prior: Annotated[float, Field(ge=0)] | None = None
    """Where weights begin, and what `l2` draws them to. Above 0 the model begins as naive Bayes, and rare n-grams stay
    near it; 0.25 where n-grams are weighed by `naive-bayes`, 0 otherwise, when not given."""

    l2: float = Field(default=1e-5, ge=0)
    """Times the sum of squared distances of the weights from `prior` is added to the mean loss; the intercepts are
    left out of it."""

    @field_validator("ngrams")
    @classmethod
    def _ngrams_are_a_range(cls, ngrams: tuple[int, int]) -> tuple[int, int]:
        return ascending(ngrams)

    @property
    def orders(self) -> list[int]:
        """Lengths of the n-grams."""
        return list(range(self.ngrams[0], self.ngrams[1] + 1))


class TextCnnConfig(EmbeddedConfig):
    """Settings of `text-cnn` (Kim 2014). His CNN-rand has no `vectors`, CNN-static has `vectors` and `static: true`,
    CNN-non-static has `vectors` alone."""

    widths: Annotated[list[Width], Field(min_length=1)] = [3, 4, 5]
    """Tokens that a filter sees, one number for each group of filters."""

    filters: Width = 100
    """Filters of each width."""

    dropout: Rate = 0.5
    """Share of the filters' maxima that is silent."""

    max_norm: Annotated[float, Field(gt=0)] | None = 3.0
    """Longest vector of weights of one output; a longer one counts as if it were shortened to this. None: no bound."""


class BilstmConfig(EmbeddedConfig):
    """Settings of `bilstm`: embeddings, LSTM in both directions, and a pooling."""

    hidden_size: Width = 128
    """Units of each layer and direction."""

    layers: Width = 1
    """How many are stacked."""

    dropout: Rate = 0.3
    """Share of the units that is silent: embeddings, between layers, and before the head."""

    pooling: Literal["max", "mean", "last", "attention"] = "max"
    """What stands for a whole sequence: the maximum or the mean of its states, the states at its two ends, or a mean
    whose weights are learned (Yang et al. 2016); padding never counts."""


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

    @model_validator(mode="after")
    def _heads_divide_the_width(self) -> Self:
        if self.pretrained is None:
            demand_divisor(filled(self.sizes))
        return self

    def longest_input(self) -> int | None:
        """Positions that have a vector."""
        if self.max_length is None and self.pretrained is not None:
            return None  # what it starts from says so
        return int(filled(self.sizes)["max_length"])

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
