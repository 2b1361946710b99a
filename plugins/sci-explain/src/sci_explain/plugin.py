"""What sci-explain offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_analyses() -> list[ComponentSpec]:
    """What a model relies on, and why it answered as it did."""
    return [
        ComponentSpec(
            name="permutation-importance",
            summary="How much worse a metric gets when a column is shuffled, with intervals",
            target="sci_explain.permutation:PermutationImportance",
            config="sci_explain.config:PermutationConfig",
            cite="sci_explain.works:PERMUTATION",
        ),
        ComponentSpec(
            name="shap",
            summary="Shapley values: the share of each column, word or patch in an answer",
            target="sci_explain.attribution:Shap",
            config="sci_explain.config:ShapConfig",
            cite="sci_explain.works:SHAP",
        ),
        ComponentSpec(
            name="occlusion",
            summary="How an answer changes without one column, word or patch",
            target="sci_explain.attribution:Occlusion",
            config="sci_explain.config:OcclusionConfig",
            cite="sci_explain.works:OCCLUSION",
        ),
        ComponentSpec(
            name="integrated-gradients",
            summary="Shares of the network's inputs in its output, by derivatives along a path",
            target="sci_explain.gradients:IntegratedGradients",
            config="sci_explain.config:GradientsConfig",
            cite="sci_explain.works:INTEGRATED_GRADIENTS",
        ),
        ComponentSpec(
            name="partial-dependence",
            summary="The mean answer over values of one column, and the band of single rows",
            target="sci_explain.dependence:PartialDependence",
            config="sci_explain.config:DependenceConfig",
            cite="sci_explain.works:PARTIAL_DEPENDENCE",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings."""
    from sci_explain.conformance import cases

    return [*cases()]
