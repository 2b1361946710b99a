"""How the model was trained, in sentences; every setting stands in the table below them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sci.api import Study
from sci.api.numbers import count, duration
from sci_report import facts
from sci_report.settings import flow
from sci_report.words import Code, Text, phrase


def sentences(study: Study) -> list[Text]:
    """Model and engine, how it was optimised, how long it took; what is not known is left out."""
    training = study.experiment.get("training")
    found = [_by(study)]
    if isinstance(training, Mapping) and training.get("optimizer"):
        found += _optimized(training)
        found += _lasted(study, training)
    return found


def _by(study: Study) -> Text:
    rows = max((sizes.get("train", 0) for sizes in study.splits.values()), default=0)
    model, engine = Code(facts.model_name(study)), facts.named(study.experiment.get("engine"))[0]
    if not rows or not engine:
        return phrase("model.name", model=model)
    return phrase("model.by", model=model, engine=Code(engine), n=count(rows))


def _optimized(training: Mapping[str, Any]) -> list[Text]:
    name, settings = facts.named(training["optimizer"])
    rate, size = settings.get("learning_rate"), training.get("batch_size")
    if not name or rate is None:
        return []
    found: list[Text] = [phrase("model.optimizer", optimizer=Code(name), rate=flow(rate))]
    schedule = facts.named(training.get("schedule"))[0]
    found += [phrase("model.schedule", schedule=Code(schedule))] if schedule else []
    return [*found, phrase("model.batches", size=count(size))] if isinstance(size, int) else found


def _lasted(study: Study, training: Mapping[str, Any]) -> list[Text]:
    planned, done = training.get("epochs"), len(study.history)
    if not isinstance(planned, int) or not done or len(study.evaluations) != 1:
        return []
    seconds = study.timings.get("train")
    if seconds is None:
        return [phrase("model.epochs", done=count(done), planned=count(planned))]
    return [phrase("model.epochs.time", done=count(done), planned=count(planned), time=duration(float(seconds)))]
