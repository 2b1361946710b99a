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
        native: components have code for each engine, and the registry's key names the engine.
        experimental: may still change within a major version.
    """

    name: str
    noun: str
    purpose: str
    native: bool = False
    experimental: bool = False

    @property
    def hook(self) -> str:
        return f"sci_{self.name}"


KINDS = {
    kind.name: kind
    for kind in (
        KindInfo("sources", "source", "read rows"),
        KindInfo("splitters", "splitter", "divide rows into training, validation and test"),
        KindInfo("preprocessors", "preprocessor", "stand between the raw table and the model"),
        KindInfo("tasks", "task", "say what is asked of the data"),
        KindInfo("losses", "loss", "are minimised by training", native=True),
        KindInfo("models", "model", "predict", native=True),
        KindInfo("engines", "engine", "do the arithmetic of training"),
        KindInfo("optimizers", "optimizer", "update weights from gradients", native=True),
        KindInfo("schedules", "schedule", "change the learning rate over the steps"),
        KindInfo("calibrators", "calibrator", "are fitted on validation predictions and served with the model"),
        KindInfo("audits", "audit", "look at the data and its split before training"),
        KindInfo("metrics", "metric", "say how good predictions are"),
        KindInfo("intervals", "interval", "say how uncertain a metric is"),
        KindInfo("comparisons", "comparison", "test whether two models differ on the same rows"),
        KindInfo("baselines", "baseline", "are rivals that run on the same folds"),
        KindInfo("analyses", "analysis", "look at a finished study"),
        KindInfo("reporters", "reporter", "write a study down"),
        KindInfo("trackers", "tracker", "watch a run and record it elsewhere"),
        KindInfo("deployers", "deployer", "hand the model over"),
        KindInfo("launchers", "launcher", "start training in other processes", experimental=True),
        KindInfo("tuners", "tuner", "search settings", experimental=True),
    )
}
