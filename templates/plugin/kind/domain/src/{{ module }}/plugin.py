"""What {{ distribution }} offers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sci.api import ComponentSpec, hookimpl

if TYPE_CHECKING:
    from sci.api import Predictions
    from sci.testing import Case


@hookimpl
def sci_sources() -> list[ComponentSpec]:
    """Where spectra come from."""
    return [
        ComponentSpec(
            name="spectra-csv",
            summary="A csv file with a column for each wavelength",
            target="{{ module }}.spectra:SpectraCsv",
            config="{{ module }}.config:SpectraCsvConfig",
        )
    ]


@hookimpl
def sci_preprocessors() -> list[ComponentSpec]:
    """What is done to them before a model sees them."""
    return [
        ComponentSpec(
            name="scatter-correction",
            summary="Spectra on the baseline and slope of the training rows' mean",
            target="{{ module }}.scatter:ScatterCorrection",
            config="{{ module }}.config:ScatterCorrectionConfig",
            accepts=("array",),
            cite="doi:10.1366/0003702854248656",
        )
    ]


@hookimpl
def sci_models() -> list[ComponentSpec]:
    """The networks: one target for each engine, one meaning on both."""
    return [
        ComponentSpec(
            name="band-network",
            summary="Bands weighed by a gate, then one hidden layer",
            target={
                "torch": "{{ module }}.on_torch:build",
                "tensorflow": "{{ module }}.on_tensorflow:build",
            },
            config="{{ module }}.config:BandNetworkConfig",
            tasks=("classification", "regression"),
            accepts=("number", "array"),
            cite="arXiv:1612.08083",
        )
    ]


@hookimpl
def sci_metrics() -> list[ComponentSpec]:
    """How well a reference method is met."""
    return [
        ComponentSpec(
            name="concordance",
            summary="Agreement with the reference, shift and noise counted: Lin's concordance correlation",
            target="{{ module }}.concordance:Concordance",
            tasks=("regression",),
            cite="doi:10.2307/2532051",
        )
    ]


@hookimpl
def sci_experiments() -> Mapping[str, str]:
    """Templates for `sci init`."""
    return {"{{ name }}": "{{ module }}:template"}


@hookimpl
def sci_conformance_cases() -> list[Case]:
    """A file for the checks to read, settings that they try beside the defaults, and a value worked out by hand."""
    from importlib.resources import files

    from sci.testing import Case

    spectra = (files("{{ module }}") / "template" / "spectra.csv").read_text("utf-8")
    return [
        Case("sources", "spectra-csv", settings={"path": "spectra.csv"}, claims={"files": {"spectra.csv": spectra}}),
        Case("preprocessors", "scatter-correction"),
        Case("preprocessors", "scatter-correction", settings={"slope": False}),
        Case("models", "band-network", settings={"hidden": 3}),
        Case("metrics", "concordance", data=by_hand, claims={"value": 4 / 7}),
    ]


def by_hand() -> Predictions:
    """Both variances are 2/3, the covariance is 2/3, the means lie 1 apart: (4/3) / (4/3 + 1) = 4/7."""
    from sci.testing import measured

    return measured([1, 2, 3], [2, 3, 4])
