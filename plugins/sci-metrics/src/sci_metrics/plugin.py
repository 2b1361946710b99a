"""What sci-metrics offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl

ONE = ("classification",)
SETS = ("multi-label",)
ANY = (*ONE, *SETS)
TAGS = ("token-classification",)
HIDDEN = ("masked-lm",)
NUMBERS = ("regression",)
TEXTS = ("seq2seq",)


def _metric(
    tasks: tuple[str, ...], name: str, target: str, summary: str, cite: str = "", config: str = ""
) -> ComponentSpec:
    return ComponentSpec(
        name=name,
        target=f"sci_metrics.{target}",
        summary=summary,
        config=f"sci_metrics.config:{config}" if config else None,
        tasks=tasks,
        cite=f"sci_metrics.works:{cite}" if cite else "",
    )


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    """The metrics."""
    return [
        _metric(ONE, "accuracy", "accuracy:Accuracy", "Share of rows with the right class"),
        _metric(
            ONE,
            "balanced-accuracy",
            "averaged:BalancedAccuracy",
            "Mean recall over the classes that occur",
            "BALANCED_ACCURACY",
        ),
        _metric(
            ONE,
            "precision",
            "binary:Precision",
            "Of the rows called positive, how many are",
            "PRECISION_AND_RECALL",
            "PositiveConfig",
        ),
        _metric(
            ONE,
            "recall",
            "binary:Recall",
            "Of the positive rows, how many are found",
            "PRECISION_AND_RECALL",
            "PositiveConfig",
        ),
        _metric(ONE, "f1", "binary:F1", "Harmonic mean of precision and recall", "F_MEASURE", "PositiveConfig"),
        _metric(ANY, "precision-macro", "averaged:PrecisionMacro", "Mean precision over classes", "AVERAGED"),
        _metric(
            ANY, "precision-micro", "micro:PrecisionMicro", "Precision over all rows and classes at once", "AVERAGED"
        ),
        _metric(
            ANY, "precision-weighted", "averaged:PrecisionWeighted", "Precision weighted by class frequency", "AVERAGED"
        ),
        _metric(ANY, "recall-macro", "averaged:RecallMacro", "Mean recall over classes", "AVERAGED"),
        _metric(ANY, "recall-micro", "micro:RecallMicro", "Recall over all rows and classes at once", "AVERAGED"),
        _metric(ANY, "recall-weighted", "averaged:RecallWeighted", "Recall weighted by class frequency", "AVERAGED"),
        _metric(ANY, "f1-macro", "averaged:F1Macro", "Mean F1 over classes", "MACRO_F1"),
        _metric(ANY, "f1-micro", "micro:F1Micro", "F1 over all rows and classes at once", "AVERAGED"),
        _metric(ANY, "f1-weighted", "averaged:F1Weighted", "F1 weighted by class frequency", "AVERAGED"),
        _metric(ONE, "mcc", "correlation:Mcc", "Matthews correlation coefficient", "MCC"),
        _metric(
            ONE,
            "roc-auc",
            "ranking:RocAuc",
            "Chance that a positive row scores above another",
            "ROC_AUC",
            "PositiveConfig",
        ),
        _metric(ANY, "roc-auc-ovr", "ranking:RocAucOvr", "Mean ROC AUC of each class against the rest", "ROC_OF_MANY"),
        _metric(
            ONE,
            "pr-auc",
            "ranking:PrAuc",
            "Average precision: area under precision against recall",
            "PRECISION_RECALL_CURVE",
            "PositiveConfig",
        ),
        _metric(
            ANY,
            "pr-auc-ovr",
            "ranking:PrAucOvr",
            "Mean average precision of each class against the rest",
            "PRECISION_RECALL_CURVE",
        ),
        _metric(
            ONE,
            "log-loss",
            "probability:LogLoss",
            "Mean negative log probability of the true class, in nats",
            "LOG_LOSS",
        ),
        _metric(ONE, "brier", "probability:Brier", "Mean squared distance of probabilities from the truth", "BRIER"),
        _metric(
            SETS, "subset-accuracy", "sets:SubsetAccuracy", "Share of rows with exactly their labels", "MULTI_LABEL"
        ),
        _metric(
            SETS, "hamming-loss", "sets:HammingLoss", "Share of labels, over all rows, that are wrong", "MULTI_LABEL"
        ),
        _metric(
            SETS,
            "precision-samples",
            "sets:PrecisionSamples",
            "Mean over rows of the precision of their labels",
            "MULTI_LABEL",
        ),
        _metric(
            SETS, "recall-samples", "sets:RecallSamples", "Mean over rows of the recall of their labels", "MULTI_LABEL"
        ),
        _metric(SETS, "f1-samples", "sets:F1Samples", "Mean over rows of the F1 of their labels", "MULTI_LABEL"),
        _metric(TAGS, "token-accuracy", "tagging:TokenAccuracy", "Share of words with the right tag"),
        _metric(
            TAGS,
            "entity-precision",
            "tagging:EntityPrecision",
            "Of the names that are said to be there, how many are",
            "CONLL",
        ),
        _metric(
            TAGS, "entity-recall", "tagging:EntityRecall", "Of the names that are there, how many are found", "CONLL"
        ),
        _metric(TAGS, "entity-f1", "tagging:EntityF1", "Harmonic mean of precision and recall of names", "CONLL"),
        _metric(
            HIDDEN,
            "perplexity",
            "hidden:Perplexity",
            "Among how many equally likely tokens the model hesitates",
            "PERPLEXITY",
        ),
        _metric(HIDDEN, "masked-accuracy", "hidden:MaskedAccuracy", "Share of the hidden tokens that are said rightly"),
        _metric(NUMBERS, "mae", "regression:Mae", "Mean absolute error, in the unit of the target", "MAE"),
        _metric(NUMBERS, "mse", "regression:Mse", "Mean squared error"),
        _metric(
            NUMBERS, "rmse", "regression:Rmse", "Root of the mean squared error, in the unit of the target", "RMSE"
        ),
        _metric(NUMBERS, "r2", "regression:R2", "Share of the target's variance that is explained", "R2"),
        _metric(
            TEXTS,
            "bleu",
            "translation:Bleu",
            "Sequences of words shared with the reference (sacreBLEU)",
            "BLEU",
            "BleuConfig",
        ),
        _metric(
            TEXTS,
            "chrf",
            "translation:Chrf",
            "Sequences of characters shared with the reference (sacreBLEU)",
            "CHRF",
            "ChrfConfig",
        ),
        _metric(
            TEXTS,
            "exact-match",
            "translation:ExactMatch",
            "Share of rows whose text is the target",
            config="ReferencesConfig",
        ),
    ]


@hookimpl
def sci_analyses() -> list[ComponentSpec]:
    """What looks at the predictions as a whole."""
    return [
        ComponentSpec(
            name="confusion-matrix",
            target="sci_metrics.confusion:ConfusionMatrix",
            summary="Which class is taken for which",
            config="sci_metrics.config:ConfusionMatrixConfig",
            tasks=ONE,
        ),
        ComponentSpec(
            name="entity-types",
            target="sci_metrics.entity_types:EntityTypes",
            summary="Precision, recall and F1 of each type of names",
            tasks=("token-classification",),
            cite="sci_metrics.works:CONLL",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings, and what holds for it."""
    from sci_metrics.conformance import cases

    return [*cases()]
