"""What {{ distribution }} offers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sci.api import ComponentSpec, hookimpl

if TYPE_CHECKING:
    from sci.testing import Case

ENGINE = "{{ component }}"


@hookimpl
def sci_engines() -> list[ComponentSpec]:
    """The engine itself."""
    return [
        ComponentSpec(
            name=ENGINE,
            summary="Models that remember the training rows, on the CPU",
            target="{{ module }}.engine:NeighborsEngine",
            config="{{ module }}.config:EngineConfig",
            cite="doi:10.1109/TIT.1967.1053964",
        )
    ]


@hookimpl
def sci_models() -> list[ComponentSpec]:
    """Models of this engine; models of other engines do not run on it."""
    return [
        ComponentSpec(
            name="k-nearest",
            summary="The mean, or the votes, of the nearest training rows",
            target={ENGINE: "{{ module }}.neighbors:NearestNeighbors"},
            config="{{ module }}.config:NeighborsConfig",
            tasks=("classification", "regression"),
            accepts=("number", "boolean", "array"),
            traits=frozenset({"fit-once"}),
            cite="doi:10.1109/TIT.1967.1053964",
        )
    ]


@hookimpl
def sci_losses() -> list[ComponentSpec]:
    """The losses that the standard tasks name: nothing is minimized here, the history shows them."""
    return [
        ComponentSpec(
            name="mean-squared-error",
            summary="Mean of the squared errors",
            target={ENGINE: "{{ module }}.losses:MeanSquaredError"},
            cite="Legendre 1805, Nouvelles méthodes pour la détermination des orbites des comètes",
        ),
        ComponentSpec(
            name="cross-entropy",
            summary="Negative log-probability of the true class, after softmax",
            target={ENGINE: "{{ module }}.losses:CrossEntropy"},
            cite="doi:10.1002/j.1538-7305.1948.tb01338.x",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[Case]:
    """Settings that the checks try beside the defaults."""
    from sci.testing import Case

    return [Case("models", "k-nearest", settings={"neighbors": 3}, engine=ENGINE)]
