"""Settings of the networks and losses: one meaning on every engine."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from sci.api import ComponentConfig, WeightsConfig

Activation = Literal["relu", "gelu", "gelu-tanh", "silu", "tanh"]
"""`gelu` is exact, with the error function; `gelu-tanh` is its approximation."""

Rate = Annotated[float, Field(ge=0, lt=1)]
Width = Annotated[int, Field(ge=1)]


class LeastSquaresConfig(ComponentConfig):
    """Settings of `least-squares`."""

    l2: float = Field(default=0.0, ge=0)
    """Times the sum of squared weights is added to the mean squared error (ridge); the intercept is left out of it."""

    intercept: bool = True
    """Whether there is a constant term."""


class LinearConfig(ComponentConfig):
    """Settings of `linear`, `logistic` and `softmax`."""

    l2: float = Field(default=0.0, ge=0)
    """Times the sum of squared weights is added to the mean loss; the intercept is left out of it."""

    intercept: bool = True
    """Whether there is a constant term."""

    initial_scale: float = Field(default=0.0, ge=0)
    """Standard deviation of the normal distribution that the first weights are drawn from; at 0 they start at zero."""


class MlpConfig(WeightsConfig):
    """Settings of `mlp`."""

    hidden: list[Width] = Field(default_factory=lambda: [64, 64])
    """Units of each hidden layer."""

    activation: Activation = "relu"
    """After each hidden layer."""

    normalization: Literal["none", "batch", "layer"] = "none"
    """Before each activation."""

    dropout: Rate = 0.0
    """Share of the units that is silent, after each activation."""

    embedding_size: Width = 16
    """Length of the vector that stands for a category."""


class CnnConfig(WeightsConfig):
    """Settings of `cnn`: blocks of convolution, normalization, activation and pooling, then dense layers. Whole-number
    pixels are divided by 255."""

    channels: list[Width] = Field(default_factory=lambda: [32, 64], min_length=1)
    """Channels of each block."""

    kernel_size: int = Field(default=3, ge=1)
    """Side of the square kernels; zeros around the image keep its size where this is odd."""

    pool: int = Field(default=2, ge=1)
    """Side of the square of which each block keeps the largest value; 1 for none."""

    normalization: Literal["none", "batch"] = "batch"
    """Before each activation; batch statistics with momentum 0.1 in PyTorch's sense and epsilon 1e-5, in the place of
    the bias."""

    activation: Activation = "relu"
    """In each block, and after each hidden layer."""

    dropout: Rate = 0.0
    """Share of the units that is silent, after each hidden layer."""

    hidden: list[Width] = Field(default_factory=lambda: [128])
    """Units of the dense layers after the last block."""


class RnnConfig(WeightsConfig):
    """Settings of `rnn`."""

    cell: Literal["lstm", "gru"] = "lstm"
    """Kind of recurrent layer (Hochreiter and Schmidhuber 1997; Cho et al. 2014)."""

    hidden_size: Width = 64
    """Units of each layer and direction."""

    layers: Width = 1
    """How many are stacked."""

    bidirectional: bool = False
    """Whether the sequence is also read from its end."""

    dropout: Rate = 0.0
    """Share of the units that is silent between layers and before the head."""

    embedding_size: Width = 64
    """Length of the vector that stands for a token."""

    pooling: Literal["last", "mean", "max"] = "last"
    """What stands for a whole sequence: the state at its end, the mean or the maximum of its states; padding never
    counts."""


class StackConfig(WeightsConfig):
    """Settings of stacked blocks of attention (Vaswani et al. 2017, arXiv:1706.03762)."""

    layers: Width = 2
    """How many are stacked."""

    hidden_size: Width = 64
    """Length of the vector at each position."""

    heads: Width = 4
    """Heads of the attention; they divide `hidden_size`."""

    feed_forward: Width | None = None
    """Units between the two dense layers of each block; four times `hidden_size` when not given."""

    activation: Activation = "gelu"
    """Between the two dense layers."""

    dropout: Rate = 0.1
    """Share of the units that is silent: embeddings, attention, and what each sublayer adds."""

    norm: Literal["first", "last"] = "first"
    """Whether layer normalization comes before each sublayer or after it (arXiv:2002.04745)."""

    epsilon: float = Field(default=1e-5, gt=0)
    """Added to the variance in layer normalization."""

    position: Literal["learned", "sinusoidal"] = "learned"
    """What tells positions apart."""

    max_length: Width = 512
    """Longest sequence."""

    @model_validator(mode="after")
    def _heads_divide_the_width(self) -> Self:
        size, heads = self.hidden_size, self.heads
        if size % heads:
            fitting = max(number for number in range(1, heads + 1) if size % number == 0)
            raise ValueError(f"{heads} heads do not divide hidden_size `{size}`; `heads: {fitting}` would")
        return self

    def longest_input(self) -> int | None:
        """`max_length`."""
        return self.max_length

    def block(self) -> dict[str, Any]:
        """The keyword arguments of a block on either engine."""
        return {
            "activation": self.activation,
            "dropout": self.dropout,
            "norm_first": self.norm == "first",
            "epsilon": self.epsilon,
        }

    @property
    def units(self) -> int:
        """Units between the two dense layers of each block."""
        return self.feed_forward or 4 * self.hidden_size


class TransformerConfig(StackConfig):
    """Settings of `transformer`: an encoder (Vaswani et al. 2017, arXiv:1706.03762)."""

    pooling: Literal["first", "mean", "max"] = "mean"
    """What stands for a whole sequence; padding never counts."""


class EncoderDecoderConfig(StackConfig):
    """Settings of `encoder-decoder` (Vaswani et al. 2017, arXiv:1706.03762)."""

    decoder_layers: Width | None = None
    """How many blocks the decoder has; as many as the encoder when not given."""

    position: Literal["learned", "sinusoidal"] = "sinusoidal"
    """What tells positions apart; both sides have the same."""

    max_length: Width = 512
    """Longest sequence on either side; the end of an answer is a position of its own."""

    tied: Literal["none", "output", "all"] = "output"
    """Which tables of vectors are one (Press and Wolf 2017, arXiv:1608.05859): `output`, that of the target's tokens
    and that which scores them; `all`, that of the input's, too, for a vocabulary that both sides share."""


class HuberConfig(ComponentConfig):
    """Settings of `huber`."""

    delta: float = Field(default=1.0, gt=0)
    """Size of an error, in the unit that the model predicts, from which on the loss grows in a straight line."""


class CrossEntropyConfig(ComponentConfig):
    """Settings of `cross-entropy`."""

    label_smoothing: Rate = 0.0
    """Share of the probability that is asked for all classes alike instead of the true one (Szegedy et al. 2016,
    doi:10.1109/CVPR.2016.308); the validation loss has it, too."""
