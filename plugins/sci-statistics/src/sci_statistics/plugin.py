"""What sci-statistics offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_intervals() -> list[ComponentSpec]:
    """Uncertainty of one metric on one test set."""
    return [
        ComponentSpec(
            name="bootstrap",
            target="sci_statistics.bootstrap:Bootstrap",
            summary="Resampled rows, or whole groups; BCa or percentile, for any metric",
            config="sci_statistics.config:BootstrapConfig",
            cite="sci_statistics.works:BOOTSTRAP",
        ),
        ComponentSpec(
            name="wilson",
            target="sci_statistics.wilson:Wilson",
            summary="Wilson score interval, for metrics that are proportions",
            cite="sci_statistics.works:WILSON",
        ),
        ComponentSpec(
            name="corrected-resampled",
            target="sci_statistics.over_folds:CorrectedResampled",
            summary="The mean over folds or repeats whose training rows overlap",
            traits=frozenset({"folds"}),
            cite="sci_statistics.works:CORRECTED_T",
        ),
    ]


@hookimpl
def sci_comparisons() -> list[ComponentSpec]:
    """Tests of two models on the same rows."""
    return [
        ComponentSpec(
            name="paired-bootstrap",
            target="sci_statistics.paired:PairedBootstrap",
            summary="The same resampled rows for both models, for any metric",
            config="sci_statistics.config:PairedBootstrapConfig",
            cite="sci_statistics.works:PAIRED_BOOTSTRAP",
        ),
        ComponentSpec(
            name="mcnemar",
            target="sci_statistics.mcnemar:McNemar",
            summary="Rows on which only one model is right, for metrics that are proportions",
            config="sci_statistics.config:McNemarConfig",
            cite="sci_statistics.works:MCNEMAR",
        ),
        ComponentSpec(
            name="delong",
            target="sci_statistics.delong:DeLong",
            summary="Two areas under ROC curves on the same rows",
            cite="sci_statistics.works:DELONG",
        ),
        ComponentSpec(
            name="corrected-t",
            target="sci_statistics.folds:CorrectedT",
            summary="The mean difference over folds whose training rows overlap",
            traits=frozenset({"folds"}),
            cite="sci_statistics.works:CORRECTED_T",
        ),
    ]


@hookimpl
def sci_controls() -> list[ComponentSpec]:
    """The model itself on changed training rows."""
    return [
        ComponentSpec(
            name="label-shuffle",
            target="sci_statistics.label_shuffle:LabelShuffle",
            summary="Targets shuffled in training: what the model reaches by chance",
            config="sci_statistics.config:LabelShuffleConfig",
            cite="sci_statistics.works:PERMUTATION",
        ),
        ComponentSpec(
            name="training-size",
            target="sci_statistics.training_size:TrainingSize",
            summary="Nested parts of the training rows: whether more data would help",
            config="sci_statistics.config:TrainingSizeConfig",
            cite="sci_statistics.works:LEARNING_CURVES",
        ),
    ]


@hookimpl
def sci_calibrators() -> list[ComponentSpec]:
    """What is fitted on validation predictions and served with the model."""
    return [
        ComponentSpec(
            name="temperature",
            target="sci_statistics.calibrators.temperature:Temperature",
            tasks=("classification",),
            summary="Probabilities as sure as the model is right: one temperature for all logits",
            cite="sci_statistics.works:TEMPERATURE",
        ),
        ComponentSpec(
            name="threshold",
            target="sci_statistics.calibrators.threshold:Threshold",
            tasks=("classification",),
            summary="The cheapest or best threshold between two classes",
            config="sci_statistics.config:ThresholdConfig",
            cite="sci_statistics.works:THRESHOLD",
        ),
        ComponentSpec(
            name="conformal",
            target="sci_statistics.calibrators.conformal:Conformal",
            tasks=("classification", "regression"),
            summary="Sets of classes, or intervals, that hold the truth as often as asked",
            config="sci_statistics.config:ConformalConfig",
            cite="sci_statistics.works:CONFORMAL",
        ),
    ]


@hookimpl
def sci_audits() -> list[ComponentSpec]:
    """Looks at the raw rows and their split before training."""
    return [
        ComponentSpec(
            name="conflicting-labels",
            target="sci_statistics.audits.contradictions:ConflictingLabels",
            summary="Rows with identical inputs and different targets",
            cite="sci_statistics.works:LABEL_ERRORS",
        ),
        ComponentSpec(
            name="constant-columns",
            target="sci_statistics.audits.constants:ConstantColumns",
            summary="Inputs that are the same in all training rows",
        ),
        ComponentSpec(
            name="duplicates",
            target="sci_statistics.audits.duplicates:Duplicates",
            summary="Rows with identical inputs in two parts of the split, or in one",
            cite="sci_statistics.works:LEAKAGE",
        ),
        ComponentSpec(
            name="fitted-outside-train",
            target="sci_statistics.audits.prefitted:FittedOutsideTrain",
            summary="Inputs that were scaled or filled in over all rows before the split",
            cite="sci_statistics.works:LEAKAGE",
        ),
        ComponentSpec(
            name="groups",
            target="sci_statistics.audits.groups:Groups",
            summary="Groups that lie in two parts of the split, declared or suspected",
            cite="sci_statistics.works:LEAKAGE",
        ),
        ComponentSpec(
            name="id-columns",
            target="sci_statistics.audits.identifiers:IdColumns",
            summary="Inputs that name the row instead of describing it",
            cite="sci_statistics.works:LEAKAGE",
        ),
        ComponentSpec(
            name="leaking-columns",
            target="sci_statistics.audits.leaking:LeakingColumns",
            summary="Inputs that nearly determine the target by themselves, or copy it",
            cite="sci_statistics.works:LEAKAGE",
        ),
        ComponentSpec(
            name="missing-classes",
            target="sci_statistics.audits.missing_classes:MissingClasses",
            summary="Classes that a part of the split has no row of",
        ),
        ComponentSpec(
            name="near-duplicates",
            target="sci_statistics.audits.near_duplicates:NearDuplicates",
            summary="Texts and table rows that nearly repeat a row of another part",
            cite="sci_statistics.works:RESEMBLANCE",
        ),
        ComponentSpec(
            name="shift",
            target="sci_statistics.audits.shift:Shift",
            summary="Whether a classifier can tell held-out rows from training rows",
            cite="sci_statistics.works:TWO_SAMPLES",
        ),
        ComponentSpec(
            name="time-order",
            target="sci_statistics.audits.time_order:TimeOrder",
            summary="Test rows that are older than training rows",
            cite="sci_statistics.works:LEAKAGE",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds the audits, and what they find."""
    from sci_statistics.conformance import cases

    return [*cases()]
