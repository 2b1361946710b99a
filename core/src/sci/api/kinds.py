"""The one table of component kinds: every catalogue hook, registry key and `sci components` follows from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KindInfo:
    """A kind of component.

    Args:
        name: plural, as in `sci components --kind`; its hook is ``sci_<name>``.
        noun: singular, for messages.
        purpose: what a component of this kind does, for the hook's documentation.
        owes: the class of `sci.api` that says what a target of this kind has to offer, with its module; native kinds
            are explained by `Engine`. Empty for kinds that nothing uses yet.
        native: components have code for each engine, and the registry's key names the engine.
        experimental: may still change within a major version.
    """

    name: str
    noun: str
    purpose: str
    owes: str = ""
    native: bool = False
    experimental: bool = False

    @property
    def hook(self) -> str:
        return f"sci_{self.name}"


KINDS = {
    kind.name: kind
    for kind in (
        KindInfo("sources", "source", "read rows", "data.Source"),
        KindInfo("splitters", "splitter", "divide rows into training, validation and test", "data.Splitter"),
        KindInfo(
            "preprocessors", "preprocessor", "stand between the raw table and the model", "preprocessor.Preprocessor"
        ),
        KindInfo("tasks", "task", "say what is asked of the data", "task.Task"),
        KindInfo("losses", "loss", "are minimised by training", "training.Engine", native=True),
        KindInfo("models", "model", "predict", "training.Engine", native=True),
        KindInfo("engines", "engine", "do the arithmetic of training", "training.Engine"),
        KindInfo("optimizers", "optimizer", "update weights from gradients", "training.Engine", native=True),
        KindInfo("schedules", "schedule", "change the learning rate over the steps", "training.Schedule"),
        KindInfo(
            "calibrators",
            "calibrator",
            "are fitted on validation predictions and served with the model",
            "judgement.Calibrator",
        ),
        KindInfo("audits", "audit", "look at the data and its split before training", "judgement.Audit"),
        KindInfo(
            "fingerprints", "fingerprint", "say which values of a column are nearly the same", "judgement.Fingerprint"
        ),
        KindInfo("metrics", "metric", "say how good predictions are", "judgement.Metric"),
        KindInfo("intervals", "interval", "say how uncertain a metric is", "judgement.Interval"),
        KindInfo(
            "comparisons", "comparison", "test whether two models differ on the same rows", "judgement.Comparison"
        ),
        KindInfo("baselines", "baseline", "are rivals that run on the same folds", "judgement.Baseline"),
        KindInfo("controls", "control", "train the model itself on changed rows", "controls.Control"),
        KindInfo("analyses", "analysis", "look at a finished study", "study.Analysis"),
        KindInfo("reporters", "reporter", "write a study down", "study.Reporter"),
        KindInfo("trackers", "tracker", "watch a run and record it elsewhere", "context.Observer"),
        KindInfo("deployers", "deployer", "hand the model over", "study.Deployer"),
        KindInfo("launchers", "launcher", "start training in other processes", experimental=True),
        KindInfo("tuners", "tuner", "search settings", experimental=True),
    )
}
