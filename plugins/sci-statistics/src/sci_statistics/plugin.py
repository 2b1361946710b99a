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
            cite="doi:10.1080/01621459.1987.10478410",
        ),
        ComponentSpec(
            name="wilson",
            target="sci_statistics.wilson:Wilson",
            summary="Wilson score interval, for metrics that are proportions",
            cite="doi:10.1080/01621459.1927.10502953",
        ),
        ComponentSpec(
            name="corrected-resampled",
            target="sci_statistics.over_folds:CorrectedResampled",
            summary="The mean over folds or repeats whose training rows overlap",
            traits=frozenset({"folds"}),
            cite="doi:10.1023/A:1024068626366",
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
            cite="doi:10.1007/978-1-4899-4541-9",
        ),
        ComponentSpec(
            name="mcnemar",
            target="sci_statistics.mcnemar:McNemar",
            summary="Rows on which only one model is right, for metrics that are proportions",
            config="sci_statistics.config:McNemarConfig",
            cite="doi:10.1007/BF02295996",
        ),
        ComponentSpec(
            name="delong",
            target="sci_statistics.delong:DeLong",
            summary="Two areas under ROC curves on the same rows",
            cite="doi:10.2307/2531595",
        ),
        ComponentSpec(
            name="corrected-t",
            target="sci_statistics.folds:CorrectedT",
            summary="The mean difference over folds whose training rows overlap",
            traits=frozenset({"folds"}),
            cite="doi:10.1023/A:1024068626366",
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
            cite="arXiv:1706.04599",
        ),
        ComponentSpec(
            name="threshold",
            target="sci_statistics.calibrators.threshold:Threshold",
            tasks=("classification",),
            summary="The cheapest or best threshold between two classes",
            config="sci_statistics.config:ThresholdConfig",
            cite="Elkan, The Foundations of Cost-Sensitive Learning, IJCAI 2001",
        ),
        ComponentSpec(
            name="conformal",
            target="sci_statistics.calibrators.conformal:Conformal",
            tasks=("classification", "regression"),
            summary="Sets of classes, or intervals, that hold the truth as often as asked",
            config="sci_statistics.config:ConformalConfig",
            cite="arXiv:2107.07511",
        ),
    ]


@hookimpl
def sci_audits() -> list[ComponentSpec]:
    """Looks at the raw rows and their split before training."""
    return [
        ComponentSpec(
            name="constant-columns",
            target="sci_statistics.constants:ConstantColumns",
            summary="Inputs that are the same in all training rows",
        ),
        ComponentSpec(
            name="duplicates",
            target="sci_statistics.duplicates:Duplicates",
            summary="Rows with identical inputs: across the split, within a part, with different targets",
            cite="doi:10.1016/j.patter.2023.100804",
        ),
        ComponentSpec(
            name="groups",
            target="sci_statistics.groups:Groups",
            summary="Groups that lie in two parts of the split",
            cite="doi:10.1016/j.patter.2023.100804",
        ),
        ComponentSpec(
            name="id-columns",
            target="sci_statistics.identifiers:IdColumns",
            summary="Inputs that name the row instead of describing it",
            cite="doi:10.1016/j.patter.2023.100804",
        ),
    ]
