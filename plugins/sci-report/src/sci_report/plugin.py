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
            cite="sci_report.works:RESIDUALS",
        ),
        ComponentSpec(
            name="roc-curve",
            target="sci_report.ranking:RocCurve",
            tasks=("classification",),
            summary="True against false positive rate with a bootstrap band; of many classes, each against the rest",
            cite="sci_report.works:ROC",
        ),
        ComponentSpec(
            name="precision-recall",
            target="sci_report.ranking:PrecisionRecallCurve",
            tasks=("classification",),
            summary="Precision against recall with a bootstrap band; of many classes, each against the rest",
            cite="sci_report.works:PRECISION_RECALL",
        ),
        ComponentSpec(
            name="calibration",
            target="sci_report.calibration:Calibration",
            config="sci_report.config:CalibrationConfig",
            tasks=("classification",),
            summary="Reliability of probabilities, expected calibration error and Brier score with intervals",
            cite="sci_report.works:CALIBRATION",
        ),
        ComponentSpec(
            name="conformal-coverage",
            target="sci_report.conformal:ConformalCoverage",
            config="sci_report.config:ConformalCoverageConfig",
            tasks=("classification", "regression"),
            summary="How often sets or intervals of calibrator conformal hold the truth, by class and slice",
            cite="sci_report.works:CONFORMAL",
        ),
        ComponentSpec(
            name="selective-prediction",
            target="sci_report.selective:SelectivePrediction",
            config="sci_report.config:SelectiveConfig",
            tasks=("classification",),
            summary="Share of wrong answers among the surest ones, with a band and its area (AURC)",
            cite="sci_report.works:SELECTIVE",
        ),
        ComponentSpec(
            name="threshold-cost",
            target="sci_report.threshold_cost:ThresholdCost",
            config="sci_report.config:ThresholdCostConfig",
            tasks=("classification",),
            summary="The threshold that is cheapest on validation rows, and what it costs on test rows",
            cite="sci_report.works:THRESHOLD",
        ),
        ComponentSpec(
            name="error-browser",
            target="sci_report.error_browser:ErrorBrowser",
            config="sci_report.config:ErrorBrowserConfig",
            tasks=("classification", "regression", "seq2seq"),
            summary="How sure wrong answers are, how far off numbers and how like texts, and the worst rows",
        ),
        ComponentSpec(
            name="slices",
            target="sci_report.slices:Slices",
            config="sci_report.config:SlicesConfig",
            summary="A metric with its interval by columns of the data, and whether a slice is worse than the rest",
            cite="sci_report.works:DIFFERENCE",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """What the conformance kit is told about reports."""
    from sci_report.conformance import cases

    return [*cases()]
