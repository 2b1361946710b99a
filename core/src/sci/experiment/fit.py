"""Whether the chosen components suit each other, as far as can be told without data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sci.api.errors import ConfigError, DataError, SciError
from sci.api.kinds import KINDS
from sci.experiment.components import Chosen, name_of
from sci.experiment.document import Document, Keys, dotted
from sci.experiment.mistakes import Subject
from sci.experiment.model import Data
from sci.plugins.nearest import closest, nearest

if TYPE_CHECKING:
    from sci.plugins.registry import Registry

_LISTS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("evaluation", "metrics"), "metrics"),
    (("evaluation", "baselines"), "baselines"),
    (("evaluation", "controls"), "controls"),
    (("analysis",), "analyses"),
    (("report",), "reporters"),
    (("deploy",), "deployers"),
)
_IN_STEPS = ("optimizer", "schedule", "epochs", "max_steps", "gradient_clip", "gradient_accumulation", "early_stopping")


@dataclass(frozen=True)
class Fit:
    """The whole of an experiment, to be looked at from several sides."""

    document: Document
    value: Mapping[str, Any]
    """The experiment with its default components, its shape not yet known to be right."""
    chosen: list[Chosen]
    registry: Registry

    def mistakes(self) -> list[SciError]:
        """What cannot work, whatever the data are."""
        looks = (
            self._tasks,
            self._training,
            self._accumulation,
            self._adaptation,
            self._metric_names,
            self._repeated,
            self._audits,
            self._columns,
            self._deployment,
            self._calibration,
        )
        return [mistake for look in looks for mistake in look()]

    def _calibration(self) -> Iterator[SciError]:
        """Calibrators are fitted on validation rows, which a split by shares may not leave.

        Other splits may get them elsewhere, such as from a column: that is seen once they have split.
        """
        splitter = next(iter(self._of("splitters")), None)
        split = self._get("data", "split")
        if not self._get("calibration") or splitter is None or not isinstance(split, dict):
            return
        by_shares = {"validation", "test"} <= set(splitter.entry.config_class().model_fields)
        if not by_shares or split.get("validation") != 0:
            return
        yield ConfigError(
            "calibration is fitted on validation rows, and `validation: 0` leaves none",
            id="config.validation",
            where=self.document.place(("calibration",), key=True),
            hint="split: {validation: 0.1, ...}",
        )

    def warnings(self) -> list[SciError]:
        """What has no effect, and what makes a result a little too good."""
        return [*self._shared(), *self._idle()]

    def _shared(self) -> Iterator[SciError]:
        """Early stopping and calibration look at the same rows."""
        model = self._one("models")
        fit_once = model is not None and model.entry.has("fit-once")
        if self._get("calibration") and self._get("training", "early_stopping") and not fit_once:
            yield ConfigError(
                "calibration is fitted on the validation rows that early stopping chose the epoch by, so it is a "
                "little too sure of itself; look at calibration and coverage on test rows",
                id="calibration.shared-rows",
                where=self.document.place(("calibration",), key=True),
            )

    def _idle(self) -> list[SciError]:
        """Keys that a model which is fitted in one step does not read."""
        model = self._one("models")
        if model is None or not model.entry.has("fit-once"):
            return []
        idle = [key for key in _IN_STEPS if self._get("training", key) is not None]
        if not idle:
            return []
        verb = "has" if len(idle) == 1 else "have"
        keys = ", ".join(f"training.{key}" for key in idle)
        where = self.document.place(("training", idle[0]), key=True)
        text = f"{model.name} is fitted in one step: {keys} {verb} no effect"
        return [ConfigError(text, id="config.no-effect", where=where)]

    def _get(self, *keys: str) -> Any:
        found: Any = self.value
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    def _of(self, kind: str) -> list[Chosen]:
        return [one for one in self.chosen if one.kind == kind]

    def _one(self, kind: str) -> Chosen | None:
        return next((one for one in self._of(kind) if len(one.keys) == 1), None)

    def _place(self, one: Chosen) -> Any:
        named = (*one.keys, "name")
        return self.document.place(named if named in self.document.values else one.keys)

    def _tasks(self) -> Iterator[SciError]:
        task = self._one("tasks")
        if task is None:
            return
        for one in self.chosen:
            if not one.entry.spec.tasks or task.name in one.entry.spec.tasks:
                continue
            noun = KINDS[one.kind].noun
            suited = sorted({entry.spec.name for entry in self.registry.entries(one.kind, task=task.name)})
            yield ConfigError(
                f"{noun} `{one.name}` is for {' and '.join(one.entry.spec.tasks)}, but the task is {task.name}",
                id="fit.task",
                where=self._place(one),
                note=f"for {task.name}: {', '.join(closest(one.name, suited))}" if suited else "",
                hint=f"sci components --kind {one.kind} --task {task.name}",
            )

    def _training(self) -> Iterator[SciError]:
        """What a model that is trained step by step needs to know."""
        model = self._one("models")
        lasts = [key for key in ("epochs", "max_steps") if self._get("training", key) is not None]
        if len(lasts) > 1:
            yield ConfigError(
                "`epochs` and `max_steps` both say how long training lasts; one of them stays",
                id="config.value",
                where=self.document.place(("training", "max_steps"), key=True),
            )
        if model is None or model.entry.has("fit-once"):
            return
        where = self.document.place(("training",), key=True)
        if self._get("training", "optimizer") is None:
            names = self.registry.names("optimizers", model.entry.engine)
            yield ConfigError(
                f"training lacks `optimizer`: {model.name} is trained step by step",
                id="config.missing",
                where=where,
                note=f"installed: {', '.join(names[:8])}" if names else "",
                hint=f"optimizer: {names[0]}" if names else "",
            )
        if not lasts:
            yield ConfigError(
                f"training lacks `epochs`: {model.name} is trained step by step",
                id="config.missing",
                where=where,
                hint="epochs: 10",
            )

    def _accumulation(self) -> Iterator[SciError]:
        if self._get("training", "gradient_accumulation") in (None, 1):
            return
        for one in (*self._of("losses"), *self._of("models")):
            if one.entry.has("batch-loss"):
                yield ConfigError(
                    f"{one.name} is no mean over rows, so a batch cannot be computed in parts",
                    id="fit.batch-loss",
                    where=self.document.place(("training", "gradient_accumulation")),
                    hint="gradient_accumulation: 1",
                )

    def _adaptation(self) -> Iterator[SciError]:
        """Low-rank adaptation is the work of the engine."""
        engine = self._one("engines")
        if self._get("model", "lora") is None or engine is None or engine.entry.has("low-rank"):
            return
        able = [entry.spec.name for entry in self.registry.entries("engines") if entry.has("low-rank")]
        yield ConfigError(
            f"engine {engine.name} has no low-rank adaptation, and model.lora is set",
            id="model.lora",
            where=self.document.place(("model", "lora"), key=True),
            note=f"engines that have it: {', '.join(able) or 'none is installed'}",
            hint="model: {freeze: [...]} instead of model.lora",
        )

    def _metric_names(self) -> Iterator[SciError]:
        """`primary` and `monitor` name a metric of this experiment."""
        yield from self._metric_name(("evaluation", "primary"), [])
        yield from self._metric_name(("training", "early_stopping", "monitor"), ["loss"])

    def _metric_name(self, keys: tuple[str, ...], more: list[str]) -> Iterator[SciError]:
        word, listed = self._get(*keys), self._get("evaluation", "metrics")
        if not isinstance(word, str) or not isinstance(listed, list | None):
            return
        task = self._one("tasks")
        offered = self.registry.entries("metrics", task=task.name if task else None)
        names = [*more, *({entry.spec.name for entry in offered} if listed is None else map(str, map(name_of, listed)))]
        if word in names:
            return
        meant = nearest(word, names)
        question = f"; did you mean `{meant}`?" if meant else ""
        among = "evaluation.metrics" if listed is not None else "the metrics"
        yield ConfigError(
            f"{dotted(keys)} is `{word}`, which is not among {among}{question}",
            id="config.value",
            where=self.document.place(keys),
            note=f"there: {', '.join(closest(word, names))}" if names else "",
            hint=f"{keys[-1]}: {meant or (names[0] if names else '')}" if names else "",
        )

    def _repeated(self) -> Iterator[SciError]:
        """Results are kept by name: the same one twice would hide the first."""
        for keys, kind in _LISTS:
            seen: set[str] = set()
            items = self._get(*keys)
            for position, item in enumerate(items if isinstance(items, list) else []):
                name = name_of(item)
                if name is not None and name in seen:
                    yield ConfigError(
                        f"{KINDS[kind].noun} `{name}` stands twice in {dotted(keys)}",
                        id="config.repeated",
                        where=self.document.place((*keys, position)),
                    )
                seen.add(str(name))

    def _audits(self) -> Iterator[SciError]:
        names = self.registry.names("audits")
        audit = self._get("audit")
        for check, verdict in audit.items() if isinstance(audit, dict) else ():
            if check in names or not names:
                continue
            meant = nearest(check, names)
            yield ConfigError(
                f"no check is called `{check}`" + (f"; did you mean `{meant}`?" if meant else ""),
                id="component.unknown",
                where=self.document.place(("audit", check), key=True),
                note=f"installed: {', '.join(closest(check, names))}",
                hint=f"{meant}: {verdict}" if meant else "",
            )

    def _columns(self) -> Iterator[SciError]:
        """A column has one part: the model must not see what it is to predict."""
        parts: dict[str, str] = {}
        data, mistakes = Subject(self.document, ("data",)).validated(Data, self._get("data") or {})
        if data is None or mistakes:
            return
        for part, columns in data.named():
            for column in columns:
                if parts.setdefault(column, part) == part:
                    continue
                key = "inputs" if part == "input" else part
                yield DataError(
                    f"column `{column}` is named in data.{key}, but it is the {parts[column]}",
                    id="data.role",
                    where=self._column_place(("data", key), column),
                )

    def _column_place(self, keys: Keys, column: str) -> Any:
        value = self.document.get(keys)
        found = value.index(column) if isinstance(value, list) and column in value else None
        return self.document.place(keys if found is None else (*keys, found))

    def _deployment(self) -> Iterator[SciError]:
        seeds, refit = self._get("study", "seeds"), self._get("study", "refit")
        if self._get("deploy") and isinstance(seeds, int) and seeds > 1 and not refit:
            yield ConfigError(
                f"{seeds} seeds train {seeds} models, and none of them is the one to deploy",
                id="fit.deploy",
                where=self.document.place(("deploy",), key=True),
                hint="study: {refit: true}",
            )
