"""What sci-report offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_reporters() -> list[ComponentSpec]:
    """The report as a page and as text, and the model card."""
    return [
        ComponentSpec(
            name="html",
            target="sci_report.html:HtmlReporter",
            config="sci_report.config:ReportConfig",
            summary="One self-contained page in English and Chinese, without scripts",
        ),
        ComponentSpec(
            name="markdown",
            target="sci_report.markdown:MarkdownReporter",
            config="sci_report.config:ReportConfig",
            summary="The report as Markdown",
        ),
        ComponentSpec(
            name="model-card",
            target="sci_report.markdown:CardReporter",
            config="sci_report.config:ReportConfig",
            summary="What the model is for, how good it is and what it cannot do",
            cite="sci_report.works:MODEL_CARD",
        ),
    ]


@hookimpl
def sci_analyses() -> list[ComponentSpec]:
    """Figures of training, residuals and calibration."""
    return [
        ComponentSpec(
            name="learning-curve",
            target="sci_report.learning:LearningCurve",
            summary="Loss and a metric by epoch, with the epoch that was kept",
        ),
        ComponentSpec(
            name="residuals",
            target="sci_report.residuals:Residuals",
            tasks=("regression",),
            summary="Predicted against true values, and what is left over",
        ),
        ComponentSpec(
            name="calibration",
            target="sci_report.calibration:Calibration",
            config="sci_report.config:CalibrationConfig",
            tasks=("classification",),
            summary="Reliability of predicted probabilities for two classes, with Wilson intervals",
            cite="sci_report.works:CALIBRATION",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """What the conformance kit is told about reports."""
    from sci_report.conformance import cases

    return [*cases()]
