"""What sci-networks offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl

NUMERIC = ("number", "boolean", "array")
SEQUENCES = ("tokens", "series")


def on_both(module: str, name: str) -> dict[str, str]:
    """The same name in the same module, written for either engine."""
    return {engine: f"sci_networks.{engine}.{module}:{name}" for engine in ("torch", "tensorflow")}


@hookimpl
def sci_models() -> list[ComponentSpec]:
    """Networks for engines torch and tensorflow."""
    return [
        ComponentSpec(
            name="linear",
            summary="Linear regression, by gradient steps",
            target=on_both("linear", "linear"),
            config="sci_networks.config:LinearConfig",
            tasks=("regression",),
            accepts=NUMERIC,
        ),
        ComponentSpec(
            name="least-squares",
            summary="Linear or ridge regression, solved in closed form",
            target=on_both("least_squares", "LeastSquares"),
            config="sci_networks.config:LeastSquaresConfig",
            tasks=("regression",),
            accepts=NUMERIC,
            traits=frozenset({"fit-once"}),
            cite="sci_networks.works:RIDGE",
        ),
        ComponentSpec(
            name="logistic",
            summary="Logistic regression; one vector of weights for two classes, one for each class of more",
            target=on_both("linear", "logistic"),
            config="sci_networks.config:LinearConfig",
            tasks=("classification",),
            accepts=NUMERIC,
            cite="sci_networks.works:LOGISTIC",
        ),
        ComponentSpec(
            name="softmax",
            summary="Softmax regression; one vector of weights for each class",
            target=on_both("linear", "softmax"),
            config="sci_networks.config:LinearConfig",
            tasks=("classification",),
            accepts=NUMERIC,
        ),
        ComponentSpec(
            name="mlp",
            summary="Multilayer perceptron; categories are embedded",
            target=on_both("mlp", "build"),
            config="sci_networks.config:MlpConfig",
            accepts=(*NUMERIC, "category"),
            cite="sci_networks.works:BACK_PROPAGATION",
        ),
        ComponentSpec(
            name="cnn",
            summary="Convolutional network for images",
            target=on_both("cnn", "build"),
            config="sci_networks.config:CnnConfig",
            accepts=("image", "array"),
            cite="sci_networks.works:CNN",
        ),
        ComponentSpec(
            name="rnn",
            summary="Recurrent network (LSTM or GRU) for sequences",
            target=on_both("rnn", "build"),
            config="sci_networks.config:RnnConfig",
            accepts=SEQUENCES,
            cite="sci_networks.works:LSTM",
        ),
        ComponentSpec(
            name="transformer",
            summary="Transformer encoder for sequences",
            target=on_both("transformer", "build"),
            config="sci_networks.config:TransformerConfig",
            accepts=SEQUENCES,
            cite="sci_networks.works:TRANSFORMER",
        ),
        ComponentSpec(
            name="encoder-decoder",
            summary="Transformer that turns a sequence into another",
            target=on_both("encoder_decoder", "build"),
            config="sci_networks.config:EncoderDecoderConfig",
            tasks=("seq2seq",),
            accepts=("tokens",),
            cite="sci_networks.works:TRANSFORMER",
        ),
    ]


@hookimpl
def sci_losses() -> list[ComponentSpec]:
    """Losses for engines torch and tensorflow."""
    return [
        ComponentSpec(
            name="mean-squared-error",
            summary="Mean of the squared errors",
            target=on_both("losses", "MeanSquaredError"),
        ),
        ComponentSpec(
            name="mean-absolute-error",
            summary="Mean of the absolute errors",
            target=on_both("losses", "MeanAbsoluteError"),
        ),
        ComponentSpec(
            name="huber",
            summary="Squared for small errors, absolute for large ones",
            target=on_both("losses", "Huber"),
            config="sci_networks.config:HuberConfig",
            cite="sci_networks.works:HUBER",
        ),
        ComponentSpec(
            name="cross-entropy",
            summary="Negative log-probability of the true class, after softmax; the mean over rows, or over positions",
            target=on_both("losses", "CrossEntropy"),
            config="sci_networks.config:CrossEntropyConfig",
        ),
        ComponentSpec(
            name="binary-cross-entropy",
            summary="Negative log-probability of each label or its absence, after the logistic function",
            target=on_both("losses", "BinaryCrossEntropy"),
            tasks=("multi-label",),
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings, and what holds for it."""
    from sci_networks.conformance import cases

    return [*cases()]
