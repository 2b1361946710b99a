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
            cite="doi:10.1080/00401706.1970.10488634",
        ),
        ComponentSpec(
            name="logistic",
            summary="Logistic regression; one vector of weights for two classes, one for each class of more",
            target=on_both("linear", "logistic"),
            config="sci_networks.config:LinearConfig",
            tasks=("classification",),
            accepts=NUMERIC,
            cite="doi:10.1111/j.2517-6161.1958.tb00292.x",
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
            cite="doi:10.1038/323533a0",
        ),
        ComponentSpec(
            name="cnn",
            summary="Convolutional network for images",
            target=on_both("cnn", "build"),
            config="sci_networks.config:CnnConfig",
            accepts=("image", "array"),
            cite="doi:10.1109/5.726791",
        ),
        ComponentSpec(
            name="rnn",
            summary="Recurrent network (LSTM or GRU) for sequences",
            target=on_both("rnn", "build"),
            config="sci_networks.config:RnnConfig",
            accepts=SEQUENCES,
            cite="doi:10.1162/neco.1997.9.8.1735",
        ),
        ComponentSpec(
            name="transformer",
            summary="Transformer encoder for sequences",
            target=on_both("transformer", "build"),
            config="sci_networks.config:TransformerConfig",
            accepts=SEQUENCES,
            cite="arXiv:1706.03762",
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
            cite="doi:10.1214/aoms/1177703732",
        ),
        ComponentSpec(
            name="cross-entropy",
            summary="Negative log-probability of the true class, after softmax",
            target=on_both("losses", "CrossEntropy"),
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings, and what holds for it."""
    from sci_networks.conformance import cases

    return [*cases()]
