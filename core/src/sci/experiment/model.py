"""The keys of the experiment file: names, types, bounds, defaults, and what each means.

The docstring below a field is its documentation: it goes into the JSON schema, the reference and the notes in messages.
What a component's own settings are is not known here: a slot holds its name, or a mapping with `name` and settings.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from sci.experiment.slot import Slot

FORMAT = 1
"""The newest format of experiment files that this version reads."""

NAME = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}"
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}

Prose = str | dict[str, str]
"""Text for people, or one text for each language: ``{en: ..., zh: ...}``."""

Varied = Literal["initialization", "order", "split"]

Columns = str | list[str]
"""A column, or several."""


class Section(BaseModel):
    """Base of all parts of the file: nothing unknown, nothing converted, nothing changed afterwards."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


def _name(value: str) -> str:
    if value.split(".")[0].lower() in _DEVICES or value.endswith("."):
        raise ValueError("some systems cannot have a folder of this name")
    return value


def _format(value: Any) -> Any:
    if isinstance(value, bool | float):  # Python takes True and 1.0 for 1
        raise ValueError("it is `1`")
    return value


class Column(Section):
    """What is declared about a column; what is not said comes from the data."""

    kind: (
        Literal["number", "boolean", "category", "text", "tokens", "image", "audio", "series", "boxes", "array"] | None
    ) = None
    """What its values are."""
    unit: str | None = Field(None, examples=["year"])
    """Unit of the quantity, for axes and tables."""
    missing: list[str | int | float] = Field(default_factory=list, examples=[[-999]])
    """Values that stand for "not known"."""
    rate: float | None = Field(None, gt=0, examples=[16000])
    """Sampling rate in Hz, for audio and series."""
    alphabet: Literal["dna", "rna", "protein"] | None = None
    """Of a text that is a sequence."""
    shape: list[Annotated[int, Field(ge=1)]] | None = Field(None, examples=[[28, 28]])
    """Shape of one value, for arrays."""


class Data(Section):
    """Where the rows come from, what the columns are for, and how the rows are divided."""

    source: Annotated[Any, Slot("sources")] = Field(examples=["{name: csv, path: data.csv}"])
    """Where the rows come from. Paths are relative to the experiment file."""
    inputs: list[str] | None = Field(None, min_length=1, examples=[["text"]])
    """Columns that the model sees; every column that has no other part when this is not given."""
    target: str | Annotated[list[str], Field(min_length=1)] | dict[str, str] | None = Field(None, examples=["label"])
    """The column to predict, or a column for each slot of the task: ``{time: days, event: died}``. A list of columns of
    yes and no becomes one column `labels`, of the lists of those that say yes: for task `multi-label`."""
    id: str | None = Field(None, examples=["patient"])
    """Column of whole numbers that identify the rows; their position when this is not given."""
    group: Columns | None = Field(None, examples=["patient"])
    """Rows of one group (a patient, a site) stay on one side of the split."""
    time: str | None = Field(None, examples=["date"])
    """Column that orders the rows in time."""
    weight: str | None = None
    """Column with the weight of each row in training."""
    context: Columns | None = None
    """Columns that travel along to analyses and slices; the model does not see them."""
    columns: dict[str, Column] = Field(default_factory=dict, examples=["{age: {unit: year, missing: [-999]}}"])
    """What is declared about columns."""
    split: Annotated[Any, Slot("splitters")] | None = Field(
        None, examples=["{name: stratified, validation: 0.1, test: 0.2}"]
    )
    """How rows are divided into training, validation and test."""

    def parts(self) -> dict[str, str]:
        """Column to the part that the file gives it: target, id, group, time, weight, context or input.

        Columns that are named for two parts appear with the first of them.
        """
        found: dict[str, str] = {}
        for part, columns in self.named():
            for column in columns:
                found.setdefault(column, part)
        return found

    def named(self) -> list[tuple[str, list[str]]]:
        """Part to the columns that the file names for it, inputs last."""
        targets = list(self.target.values()) if isinstance(self.target, dict) else _several(self.target)
        others = [(part, _several(getattr(self, part))) for part in ("id", "group", "time", "weight", "context")]
        return [("target", targets), *others, ("input", self.inputs or [])]


def _several(columns: Columns | None) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns or [])


class EarlyStopping(Section):
    """Training ends when the validation rows stop getting better, and the best weights are kept."""

    monitor: str = Field(examples=["loss"])
    """`loss`, or one of the metrics, on the validation rows."""
    patience: int = Field(3, ge=1)
    """Epochs without a better value before training ends."""
    mode: Literal["min", "max"] | None = None
    """Whether less or more is better; as the metric says when not given."""
    minimum_change: float = Field(0.0, ge=0)
    """A change of at most this much does not count as better."""


def _rhythm(minutes: float | None, info: ValidationInfo) -> float | None:
    """Training that is neither short nor counted in steps loses at most a few minutes when its machine dies."""
    other = info.data.get("every_steps") or info.data.get("every_epochs")
    return 5.0 if minutes is None and other is None else minutes


class Checkpoint(Section):
    """How often the state of training is written: weights, the best weights so far, optimizer, random state.

    One is also written when a signal stops the run, and one at the last step.
    """

    every_steps: int | None = Field(None, ge=1)
    """After so many updates."""
    every_epochs: int | None = Field(None, ge=1)
    """After so many epochs."""
    every_minutes: Annotated[float | None, AfterValidator(_rhythm)] = Field(None, gt=0, validate_default=True)
    """At the first end of an epoch after so many minutes, and inside an epoch that itself lasts longer; 5 when nothing
    is said."""
    keep: int = Field(2, ge=1)
    """How many of the newest stay."""

    @model_validator(mode="after")
    def _one_rhythm(self) -> Checkpoint:
        said = [name for name in ("every_steps", "every_epochs", "every_minutes") if getattr(self, name) is not None]
        if len(said) > 1:
            raise ValueError(f"`{said[0]}` and `{said[1]}` are two rhythms; one of them stays")
        return self


class Training(Section):
    """How the weights are found."""

    optimizer: Annotated[Any, Slot("optimizers", groups=True)] | None = Field(
        None, examples=["{name: adam, learning_rate: 1e-3}"]
    )
    """How weights follow from gradients, or one optimizer for each parameter group of the model. Models that are fitted
    in one step need none."""
    loss: Annotated[Any, Slot("losses")] | None = None
    """What is minimised; the loss of the task when not given."""
    schedule: Annotated[Any, Slot("schedules")] | None = None
    """How the learning rate changes over the steps; it stays constant when not given."""
    epochs: int | None = Field(None, ge=1, examples=[10])
    """Passes over the training rows."""
    max_steps: int | None = Field(None, ge=1, examples=[1000])
    """Updates, instead of `epochs`."""
    batch_size: Annotated[int, Field(ge=1)] | Literal["all"] = 32
    """Rows of one update; `all` for the whole training set."""
    bucket_by_length: bool = True
    """Rows of similar length share a batch, so that little of it is padding; nothing where no row has a length."""
    gradient_accumulation: int = Field(1, ge=1)
    """Parts in which a batch is computed, for batches that do not fit in memory."""
    gradient_clip: float | None = Field(None, gt=0, examples=[1.0])
    """Longest gradient, over all weights together."""
    precision: str | None = Field(None, examples=["float32"])
    """Number format of the arithmetic, as the engine names it."""
    device: str | None = Field(None, examples=["cpu"])
    """Where the arithmetic happens, as the engine names it; the engine chooses when not given."""
    early_stopping: EarlyStopping | None = None
    """When training ends before its last epoch."""
    checkpoint: Checkpoint = Field(default_factory=Checkpoint)
    """How often the state of training is written."""
    resident_bytes: int = Field(2**30, ge=0)
    """Training rows up to this size stay in memory as they are fed to the engine."""
    deterministic: bool = True
    """Whether two runs on the same machine give the same weights, bit by bit, where the engine can."""
    seed: int | None = Field(None, ge=0)
    """Seed of initialisation, order and augmentation instead of the experiment's."""


class Evaluation(Section):
    """How the result is judged."""

    metrics: list[Annotated[Any, Slot("metrics")]] | None = Field(None, min_length=1, examples=[["accuracy"]])
    """Figures of merit; those of the task when not given."""
    baselines: list[Annotated[Any, Slot("baselines")]] | None = Field(None, examples=[["majority"]])
    """Rivals on the same rows; those of the task when not given."""
    controls: list[Annotated[Any, Slot("controls")]] = Field(default_factory=list, examples=[["label-shuffle"]])
    """The model itself, trained on rows that were changed on purpose; costs as many trainings."""
    primary: str | None = Field(None, examples=["f1"])
    """The metric of the verdict: of `early_stopping.monitor`, or the first, when not given."""
    margin: float | None = Field(None, gt=0)
    """Difference of the primary metric below which two models count as equally good."""
    samples: int | None = Field(None, ge=1)
    """How many samples a generating model draws. Planned: refused until it is built."""
    interval: Annotated[Any, Slot("intervals")] | None = None
    """How the uncertainty of a metric is computed where the metric does not say it itself."""
    comparison: Annotated[Any, Slot("comparisons")] | None = None
    """How two models are compared on the same rows."""
    confidence: float = Field(0.95, gt=0, lt=1)
    """Level of all intervals."""


class Study(Section):
    """Repetition: folds and seeds run as children, and their results are put together."""

    folds: int | None = Field(None, ge=1)
    """How many of the folds of the split run, the first ones; all when not given."""
    repeats: int = Field(1, ge=1)
    """How often the split is drawn, each time with the next seed: repeated k-fold, repeated random splits."""
    seeds: int = Field(1, ge=1)
    """How many seeds each fold runs with."""
    vary: list[Varied] = Field(default_factory=lambda: list[Varied](("initialization", "order")), min_length=1)
    """What another seed changes: the initial weights (and what else the engine draws), the order of the rows (and
    augmentation), the split. Where the split is varied each seed has a split of its own."""
    holdout: float | None = Field(None, gt=0, lt=1)
    """Share of the rows that no fold sees, opened once at the end by the refitted model."""
    refit: bool = False
    """Whether one more model is fitted on all rows but the holdout: the one to predict with and to deploy."""
    parallel: int | None = Field(None, ge=1)
    """How many models train at the same time, each in a process of its own with its share of the cores; as many as the
    cores allow when not given."""

    @model_validator(mode="after")
    def _consistent(self) -> Study:
        if self.repeats > 1 and "split" in self.vary:
            raise ValueError("`repeats` and `vary: [split]` both draw the split anew; one of them stays")
        if self.holdout is not None and not self.refit:
            raise ValueError("`holdout` is opened by the refitted model; it needs `refit: true`")
        return self


class Experiment(Section):
    """An experiment file."""

    format: Annotated[Literal[1], BeforeValidator(_format)] = Field(examples=[1])
    """Version of this format."""
    name: Annotated[str, Field(pattern=f"^{NAME}$"), AfterValidator(_name)] = Field(examples=["my-experiment"])
    """Folder of its runs: up to 80 letters, digits, `.`, `_` and `-`."""
    question: Prose | None = None
    """What is asked, in a sentence for the report."""
    intended_use: Prose | None = None
    """For whom and what the model is meant, and for what not: report, model card and server say it."""
    seed: int = Field(0, ge=0)
    """Drives split, initialisation, order and augmentation."""
    task: Annotated[Any, Slot("tasks")] = Field(examples=["classification"])
    """What is asked of the data."""
    data: Data = Field(examples=["{source: {name: csv, path: data.csv}, target: label}"])
    """Where the rows come from, what the columns are for, and how the rows are divided."""
    preprocessing: list[Annotated[Any, Slot("preprocessors")]] = Field(default_factory=list)
    """Steps between the raw table and the model, in their order; each may name its `columns`."""
    model: Annotated[Any, Slot("models")] = Field(examples=["logistic"])
    """What predicts."""
    engine: Annotated[Any, Slot("engines")] | None = Field(None, examples=["numpy"])
    """What does the arithmetic; it may be left out where only one engine has the model."""
    training: Training = Field(default_factory=Training)
    """How the weights are found."""
    evaluation: Evaluation = Field(default_factory=Evaluation)
    """How the result is judged."""
    analysis: list[Annotated[Any, Slot("analyses")]] = Field(default_factory=list, examples=[["confusion-matrix"]])
    """What is looked at once the study is finished."""
    report: list[Annotated[Any, Slot("reporters")]] = Field(default_factory=list, examples=[["html"]])
    """How the study is written down."""
    deploy: list[Annotated[Any, Slot("deployers")]] = Field(default_factory=list)
    """How the model is handed over."""
    study: Study = Field(default_factory=Study)
    """Repetition over folds and seeds."""
    audit: dict[str, Literal["error", "warn", "off"]] = Field(default_factory=dict)
    """What a finding of a check does: stops the run, warns, or nothing. What is waived stands in the report."""
    calibration: list[Annotated[Any, Slot("calibrators")]] = Field(default_factory=list)
    """What is fitted on the validation predictions and served with the model."""
    tracking: list[Annotated[Any, Slot("trackers")]] = Field(default_factory=list)
    """Who else records the run."""
    launch: Annotated[Any, Slot("launchers")] | None = None
    """How training is started in other processes."""
    tune: Annotated[Any, Slot("tuners")] | None = None
    """How settings are searched by `sci sweep`."""
