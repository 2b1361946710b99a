"""What sci-metrics offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


def _classification(name: str, target: str, summary: str, config: str | None = None, cite: str = "") -> ComponentSpec:
    return ComponentSpec(
        name=name,
        target=f"sci_metrics.{target}",
        summary=summary,
        config=config and f"sci_metrics.config:{config}",
        tasks=("classification",),
        cite=cite,
    )


def _regression(name: str, target: str, summary: str, cite: str = "") -> ComponentSpec:
    target = f"sci_metrics.regression:{target}"
    return ComponentSpec(name=name, target=target, summary=summary, tasks=("regression",), cite=cite)


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    """The metrics."""
    return [
        _classification("accuracy", "accuracy:Accuracy", "Share of rows with the right class"),
        _classification(
            "balanced-accuracy",
            "averaged:BalancedAccuracy",
            "Mean recall over the classes that occur",
            cite="sci_metrics.works:BALANCED_ACCURACY",
        ),
        _classification(
            "precision",
            "binary:Precision",
            "Of the rows called positive, how many are",
            "PositiveConfig",
            cite="sci_metrics.works:PRECISION_AND_RECALL",
        ),
        _classification(
            "recall",
            "binary:Recall",
            "Of the positive rows, how many are found",
            "PositiveConfig",
            cite="sci_metrics.works:PRECISION_AND_RECALL",
        ),
        _classification(
            "f1",
            "binary:F1",
            "Harmonic mean of precision and recall",
            "PositiveConfig",
            cite="sci_metrics.works:F_MEASURE",
        ),
        _classification(
            "precision-macro",
            "averaged:PrecisionMacro",
            "Mean precision over classes",
            cite="sci_metrics.works:AVERAGED",
        ),
        _classification(
            "precision-micro",
            "accuracy:Micro",
            "Precision over all rows and classes: the accuracy",
            cite="sci_metrics.works:AVERAGED",
        ),
        _classification(
            "precision-weighted",
            "averaged:PrecisionWeighted",
            "Precision weighted by class frequency",
            cite="sci_metrics.works:AVERAGED",
        ),
        _classification(
            "recall-macro", "averaged:RecallMacro", "Mean recall over classes", cite="sci_metrics.works:AVERAGED"
        ),
        _classification(
            "recall-micro",
            "accuracy:Micro",
            "Recall over all rows and classes: the accuracy",
            cite="sci_metrics.works:AVERAGED",
        ),
        _classification(
            "recall-weighted",
            "averaged:RecallWeighted",
            "Recall weighted by class frequency",
            cite="sci_metrics.works:AVERAGED",
        ),
        _classification("f1-macro", "averaged:F1Macro", "Mean F1 over classes", cite="sci_metrics.works:MACRO_F1"),
        _classification(
            "f1-micro",
            "accuracy:Micro",
            "F1 over all rows and classes: the accuracy",
            cite="sci_metrics.works:AVERAGED",
        ),
        _classification(
            "f1-weighted", "averaged:F1Weighted", "F1 weighted by class frequency", cite="sci_metrics.works:AVERAGED"
        ),
        _classification("mcc", "correlation:Mcc", "Matthews correlation coefficient", cite="sci_metrics.works:MCC"),
        _classification(
            "roc-auc",
            "ranking:RocAuc",
            "Chance that a positive row scores above another",
            "PositiveConfig",
            cite="sci_metrics.works:ROC_AUC",
        ),
        _classification(
            "roc-auc-ovr",
            "ranking:RocAucOvr",
            "Mean ROC AUC of each class against the rest",
            cite="sci_metrics.works:ROC_OF_MANY",
        ),
        _classification(
            "pr-auc",
            "ranking:PrAuc",
            "Average precision: area under precision against recall",
            "PositiveConfig",
            cite="sci_metrics.works:PRECISION_RECALL_CURVE",
        ),
        _classification(
            "pr-auc-ovr",
            "ranking:PrAucOvr",
            "Mean average precision of each class against the rest",
            cite="sci_metrics.works:PRECISION_RECALL_CURVE",
        ),
        _classification(
            "log-loss",
            "probability:LogLoss",
            "Mean negative log probability of the true class, in nats",
            cite="sci_metrics.works:LOG_LOSS",
        ),
        _classification(
            "brier",
            "probability:Brier",
            "Mean squared distance of probabilities from the truth",
            cite="sci_metrics.works:BRIER",
        ),
        _regression("mae", "Mae", "Mean absolute error, in the unit of the target", cite="sci_metrics.works:MAE"),
        _regression("mse", "Mse", "Mean squared error"),
        _regression(
            "rmse", "Rmse", "Root of the mean squared error, in the unit of the target", cite="sci_metrics.works:RMSE"
        ),
        _regression("r2", "R2", "Share of the target's variance that is explained", cite="sci_metrics.works:R2"),
    ]


@hookimpl
def sci_analyses() -> list[ComponentSpec]:
    """What looks at the predictions as a whole."""
    return [
        _classification(
            "confusion-matrix",
            "confusion:ConfusionMatrix",
            "Which class is taken for which",
            "ConfusionMatrixConfig",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings, and what holds for it."""
    from sci_metrics.conformance import cases

    return [*cases()]
