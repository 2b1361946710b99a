"""The metrics of two runs side by side: one method for each, fixed before any result is seen, and one beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from sci.api import ConfigError, Difference, Metric, Predictions, Score
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import Blamed, guarded, owed
from sci.pipeline.compare_runs import Contender
from sci.pipeline.joined import FOLD, GROUP
from sci.pipeline.over_models import over_models
from sci.pipeline.scores import CONFIDENCE, FOLDS, Judge, described, ends, finite, from_json


@dataclass(frozen=True)
class Contrast:
    """One metric of two runs on the same test rows.

    Args:
        metric: its name.
        a: label of the one run.
        b: label of the other.
        scores: of a and of b, each with its interval.
        difference: a - b by the method that was fixed beforehand, positive where a is better.
        second: by the other method; None where there is one only.
        p_holm: p of the difference, corrected for all comparisons that are made together.
    """

    metric: str
    a: str
    b: str
    scores: tuple[Score, Score]
    difference: Difference
    second: Difference | None
    p_holm: float

    @property
    def separable(self) -> bool:
        """Whether interval, corrected p and the second method all say that the runs differ: the most cautious word."""
        return apart(self.difference) and not self.p_holm > 1 - self.difference.confidence and not self.doubted

    @property
    def doubted(self) -> bool:
        """Whether the second method sees no difference where the first one does."""
        known = self.second is not None and not math.isnan(self.second.low)
        return apart(self.difference) and known and not apart(self.second)

    @property
    def verdict(self) -> str:
        """``separable`` or ``not separable``."""
        return "separable" if self.separable else "not separable"

    def as_json(self) -> dict[str, Any]:
        """The contrast as ``--json`` prints it."""
        return {
            "metric": self.metric,
            "a": self.a,
            "b": self.b,
            "scores": [described(one) for one in self.scores],
            **_described(self.difference),
            "p_holm": finite(self.p_holm),
            "verdict": self.verdict,
            "second": None if self.second is None else _described(self.second),
        }


def contrasts(contenders: Sequence[Contender], seed: int) -> list[Contrast]:
    """Every metric of the first run for every pair of runs; p is corrected over all of them."""
    first = contenders[0]
    assembly = first.assembly
    parts = assembly.metrics(assembly.task())
    confidence = float((assembly.experiment.get("evaluation") or {}).get("confidence") or CONFIDENCE)
    seeds = min(one.seeds for one in contenders)
    pooled = {one.label: one.pooled(first, seeds) for one in contenders}
    scores = {one.label: _scores(one, parts, one.pooled(first), seed) for one in contenders}
    found = []
    for name, part in parts.items():
        metric = part.make()
        methods = methods_of(assembly, metric, pooled[first.label])
        blamed = over_models(Blamed(part, metric)) if seeds > 1 else Blamed(part, metric)
        for a, b in combinations(pooled, 2):
            made = [_difference(method, blamed, pooled[a], pooled[b], confidence, seed) for method in methods]
            second = made[1] if len(made) > 1 else None
            found.append(Contrast(name, a, b, (scores[a][name], scores[b][name]), made[0], second, math.nan))
    corrected = holm([one.difference.p for one in found])
    return [replace(one, p_holm=p) for one, p in zip(found, corrected, strict=True)]


def methods_of(assembly: Assembly, metric: Metric, predictions: Predictions) -> list[Part]:
    """The comparison that suits, then the experiment's own where that is another one.

    Of several folds it is one with the trait ``folds``; else what the metric names, unless rows belong to groups.
    """
    asked = (assembly.experiment.get("evaluation") or {}).get("comparison")
    columns = predictions.table.column_names
    installed = assembly.registry.entries("comparisons")
    suits = assembly.with_trait("comparisons", FOLDS) if FOLD in columns else []
    wanted = getattr(metric, "comparison", None)
    if not suits and FOLD not in columns and GROUP not in columns and wanted in {one.spec.name for one in installed}:
        suits = [str(wanted)]
    found = [assembly.part("comparisons", name, "evaluation", "comparison") for name in suits[:1]]
    if asked is not None:
        found.append(assembly.part("comparisons", asked, "evaluation", "comparison"))
    if not found:
        raise ConfigError("no comparison is installed", id="compare.method", hint="pip install sci-statistics")
    return list({part.name: part for part in found}.values())


def holm(values: Sequence[float]) -> list[float]:
    """p values corrected for their number (Holm, Scandinavian Journal of Statistics 6, 1979); NaN counts for none."""
    known = sorted((p, at) for at, p in enumerate(values) if not math.isnan(p))
    found = [math.nan] * len(values)
    highest = 0.0
    for rank, (p, at) in enumerate(known):
        highest = max(highest, min(1.0, (len(known) - rank) * p))
        found[at] = highest
    return found


def apart(difference: Difference | None) -> bool:
    """Whether the interval leaves out 0."""
    return difference is not None and (difference.low > 0 or difference.high < 0)


def _difference(part: Part, metric: Any, a: Predictions, b: Predictions, confidence: float, seed: int) -> Difference:
    found = guarded(part, "compare", part.make().compare, metric, a, b, confidence, seed)
    return owed(part, found, Difference, "Difference")


def _scores(one: Contender, parts: Mapping[str, Part], predictions: Predictions, seed: int) -> dict[str, Score]:
    """Those that the run has kept; metrics that it did not measure are measured now."""
    kept = from_json(one.run.metrics["test"])
    absent = {name: part for name, part in parts.items() if name not in kept}
    return kept | (Judge(one.assembly, absent, seed).score(predictions) if absent else {})


def _described(found: Difference) -> dict[str, Any]:
    return {
        "difference": finite(found.value),
        "interval": ends(found),
        "confidence": found.confidence,
        "p": finite(found.p),
        "detectable": finite(found.detectable),
        "effect": None if math.isnan(found.effect) else {"value": found.effect, "scale": found.scale},
        "method": found.method,
    }
