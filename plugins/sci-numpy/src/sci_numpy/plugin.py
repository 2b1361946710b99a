"""What sci-numpy offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl

NUMERIC = ("number", "boolean", "array")
FIT_ONCE = frozenset({"fit-once"})


@hookimpl
def sci_engines() -> list[ComponentSpec]:
    """The engine itself."""
    return [
        ComponentSpec(
            name="numpy",
            summary="NumPy in double precision, on the CPU",
            target="sci_numpy.engine:NumpyEngine",
            config="sci_numpy.config:NumpyConfig",
            cite="sci_numpy.works:NUMPY",
        )
    ]


@hookimpl
def sci_models() -> list[ComponentSpec]:
    """Models of engine numpy."""
    return [
        ComponentSpec(
            name="linear",
            summary="Linear regression, by gradient steps",
            target={"numpy": "sci_numpy.linear:LinearRegression"},
            config="sci_numpy.config:LinearConfig",
            tasks=("regression",),
            accepts=NUMERIC,
        ),
        ComponentSpec(
            name="least-squares",
            summary="Linear or ridge regression, solved in closed form",
            target={"numpy": "sci_numpy.least_squares:LeastSquares"},
            config="sci_numpy.config:LeastSquaresConfig",
            tasks=("regression",),
            accepts=NUMERIC,
            traits=FIT_ONCE,
            cite="sci_numpy.works:RIDGE",
        ),
        ComponentSpec(
            name="logistic",
            summary="Logistic regression; one vector of weights for two classes, one for each class of more",
            target={"numpy": "sci_numpy.linear:logistic"},
            config="sci_numpy.config:LinearConfig",
            tasks=("classification",),
            accepts=NUMERIC,
            cite="sci_numpy.works:LOGISTIC",
        ),
        ComponentSpec(
            name="softmax",
            summary="Softmax regression; one vector of weights for each class",
            target={"numpy": "sci_numpy.linear:Softmax"},
            config="sci_numpy.config:LinearConfig",
            tasks=("classification",),
            accepts=NUMERIC,
        ),
        ComponentSpec(
            name="constant",
            summary="The same answer for every row: frequencies of classes or labels, mean or median of a number",
            target={"numpy": "sci_numpy.constant:Constant"},
            config="sci_numpy.config:ConstantConfig",
            tasks=("classification", "regression", "multi-label", "token-classification"),
            traits=FIT_ONCE,
        ),
    ]


@hookimpl
def sci_losses() -> list[ComponentSpec]:
    """Losses of engine numpy."""
    return [
        ComponentSpec(
            name="mean-squared-error",
            summary="Mean of the squared errors",
            target={"numpy": "sci_numpy.losses:MeanSquaredError"},
        ),
        ComponentSpec(
            name="mean-absolute-error",
            summary="Mean of the absolute errors",
            target={"numpy": "sci_numpy.losses:MeanAbsoluteError"},
        ),
        ComponentSpec(
            name="huber",
            summary="Squared for small errors, absolute for large ones",
            target={"numpy": "sci_numpy.losses:Huber"},
            config="sci_numpy.config:HuberConfig",
            cite="sci_numpy.works:HUBER",
        ),
        ComponentSpec(
            name="cross-entropy",
            summary="Negative log-probability of the true class, after softmax",
            target={"numpy": "sci_numpy.losses:CrossEntropy"},
            config="sci_numpy.config:CrossEntropyConfig",
        ),
        ComponentSpec(
            name="binary-cross-entropy",
            summary="Negative log-probability of each label or its absence, after the logistic function",
            target={"numpy": "sci_numpy.losses:BinaryCrossEntropy"},
            tasks=("multi-label",),
        ),
    ]


@hookimpl
def sci_baselines() -> list[ComponentSpec]:
    """Rivals that any model should beat."""
    return [
        ComponentSpec(
            name="majority",
            summary="The most frequent class or tag, or the labels that most rows have, for every row",
            target="sci_numpy.baselines:Majority",
            tasks=("classification", "multi-label", "token-classification"),
        ),
        ComponentSpec(
            name="mean",
            summary="The mean of the training rows, for every row",
            target="sci_numpy.baselines:Mean",
            tasks=("regression",),
        ),
        ComponentSpec(
            name="linear",
            summary="Logistic or ridge regression on standardized, one-hot or bag-of-words inputs",
            target="sci_numpy.baselines:LinearBaseline",
            config="sci_numpy.config:LinearBaselineConfig",
            tasks=("classification", "regression"),
            cite="sci_numpy.works:RIDGE",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs data of its own."""
    from sci_numpy.conformance import cases

    return [*cases()]
