"""What sci-metrics offers."""

from __future__ import annotations

from dataclasses import replace

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


def _labels(name: str, target: str, summary: str, cite: str = "") -> ComponentSpec:
    """Of rows with one class, and of rows with any number of labels."""
    return replace(_classification(name, target, summary, cite=cite), tasks=("classification", "multi-label"))


def _sets(name: str, target: str, summary: str) -> ComponentSpec:
    return ComponentSpec(name=name, target=f"sci_metrics.sets:{target}", summary=summary, tasks=("multi-label",))


def _tags(name: str, target: str, summary: str, cite: str = "sci_metrics.works:CONLL") -> ComponentSpec:
    return ComponentSpec(
        name=name,
        target=f"sci_metrics.tagging:{target}",
        summary=summary,
        tasks=("token-classification",),
        cite=cite,
    )


def _hidden(name: str, target: str, summary: str) -> ComponentSpec:
    return ComponentSpec(name=name, target=f"sci_metrics.hidden:{target}", summary=summary, tasks=("masked-lm",))


def _regression(name: str, target: str, summary: str) -> ComponentSpec:
    return ComponentSpec(name=name, target=f"sci_metrics.regression:{target}", summary=summary, tasks=("regression",))


def _translation(name: str, target: str, summary: str, config: str | None = None, cite: str = "") -> ComponentSpec:
    return ComponentSpec(
        name=name,
        target=f"sci_metrics.translation:{target}",
        summary=summary,
        config=config and f"sci_metrics.config:{config}",
        tasks=("seq2seq",),
        cite=cite and f"sci_metrics.works:{cite}",
    )


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
        _classification("precision", "binary:Precision", "Of the rows called positive, how many are", "PositiveConfig"),
        _classification("recall", "binary:Recall", "Of the positive rows, how many are found", "PositiveConfig"),
        _classification("f1", "binary:F1", "Harmonic mean of precision and recall", "PositiveConfig"),
        _labels("precision-macro", "averaged:PrecisionMacro", "Mean precision over classes"),
        _labels("precision-micro", "micro:PrecisionMicro", "Precision over all rows and classes at once"),
        _labels("precision-weighted", "averaged:PrecisionWeighted", "Precision weighted by class frequency"),
        _labels("recall-macro", "averaged:RecallMacro", "Mean recall over classes"),
        _labels("recall-micro", "micro:RecallMicro", "Recall over all rows and classes at once"),
        _labels("recall-weighted", "averaged:RecallWeighted", "Recall weighted by class frequency"),
        _labels("f1-macro", "averaged:F1Macro", "Mean F1 over classes"),
        _labels("f1-micro", "micro:F1Micro", "F1 over all rows and classes at once"),
        _labels("f1-weighted", "averaged:F1Weighted", "F1 weighted by class frequency"),
        _classification("mcc", "correlation:Mcc", "Matthews correlation coefficient", cite="sci_metrics.works:MCC"),
        _classification(
            "roc-auc",
            "ranking:RocAuc",
            "Chance that a positive row scores above another",
            "PositiveConfig",
            cite="sci_metrics.works:ROC_AUC",
        ),
        _labels("roc-auc-ovr", "ranking:RocAucOvr", "Mean ROC AUC of each class against the rest"),
        _classification(
            "pr-auc", "ranking:PrAuc", "Average precision: area under precision against recall", "PositiveConfig"
        ),
        _labels("pr-auc-ovr", "ranking:PrAucOvr", "Mean average precision of each class against the rest"),
        _classification("log-loss", "probability:LogLoss", "Mean negative log probability of the true class, in nats"),
        _classification(
            "brier",
            "probability:Brier",
            "Mean squared distance of probabilities from the truth",
            cite="sci_metrics.works:BRIER",
        ),
        _sets("subset-accuracy", "SubsetAccuracy", "Share of rows with exactly their labels"),
        _sets("hamming-loss", "HammingLoss", "Share of labels, over all rows, that are wrong"),
        _sets("precision-samples", "PrecisionSamples", "Mean over rows of the precision of their labels"),
        _sets("recall-samples", "RecallSamples", "Mean over rows of the recall of their labels"),
        _sets("f1-samples", "F1Samples", "Mean over rows of the F1 of their labels"),
        _tags("token-accuracy", "TokenAccuracy", "Share of words with the right tag", cite=""),
        _tags("entity-precision", "EntityPrecision", "Of the names that are said to be there, how many are"),
        _tags("entity-recall", "EntityRecall", "Of the names that are there, how many are found"),
        _tags("entity-f1", "EntityF1", "Harmonic mean of precision and recall of names"),
        _hidden("perplexity", "Perplexity", "Among how many equally likely tokens the model hesitates"),
        _hidden("masked-accuracy", "MaskedAccuracy", "Share of the hidden tokens that are said rightly"),
        _regression("mae", "Mae", "Mean absolute error, in the unit of the target"),
        _regression("mse", "Mse", "Mean squared error"),
        _regression("rmse", "Rmse", "Root of the mean squared error, in the unit of the target"),
        _regression("r2", "R2", "Share of the target's variance that is explained"),
        _translation("bleu", "Bleu", "Sequences of words shared with the reference (sacreBLEU)", "BleuConfig", "BLEU"),
        _translation(
            "chrf", "Chrf", "Sequences of characters shared with the reference (sacreBLEU)", "ChrfConfig", "CHRF"
        ),
        _translation("exact-match", "ExactMatch", "Share of rows whose text is the target"),
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
        ComponentSpec(
            name="entity-types",
            target="sci_metrics.entity_types:EntityTypes",
            summary="Precision, recall and F1 of each type of names",
            tasks=("token-classification",),
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings, and what holds for it."""
    from sci_metrics.conformance import cases

    return [*cases()]
