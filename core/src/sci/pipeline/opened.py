"""A run that was opened again: in Python, in a notebook, by a server."""

from __future__ import annotations

import functools
import html
import math
import os
import pathlib
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from sci.api import numbers
from sci.api.errors import ConfigError
from sci.runs.directory import find
from sci.runs.loader import Loader

if TYPE_CHECKING:
    from sci.api import Predictions, Score
    from sci.pipeline.trained import TrainedPipeline


def load(run: str | PathLike[str], output: str | PathLike[str] = "runs") -> Run:
    """Open a run.

    Args:
        run: a path, ``latest``, the end of a run's name (``k3f9``), or an experiment's name.
        output: where names are looked up.

    Raises:
        ConfigError: there is no such run.
    """
    return Run(find(os.fspath(run), pathlib.Path(output)))


class Run:
    """A run directory; nothing is read before it is asked for, and what is read is verified."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"<sci run {self.name} {self.path.name}: {self.status}>"

    @functools.cached_property
    def _loader(self) -> Loader:
        return Loader(self.path)

    @property
    def manifest(self) -> Mapping[str, Any]:
        """How far the run came, and its files."""
        return self._loader.manifest.data

    @property
    def name(self) -> str:
        """The experiment's name."""
        return str(self.manifest["name"])

    @property
    def status(self) -> str:
        """running, finished, failed or interrupted."""
        return str(self.manifest["status"])

    @functools.cached_property
    def metrics(self) -> Mapping[str, Any]:
        """`metrics.json`: test, validation, baselines; each metric with its interval."""
        found: Mapping[str, Any] = self._loader.json("metrics.json")
        return found

    @property
    def verdict(self) -> Mapping[str, Any]:
        """The verdict as in `--json`; empty when the run has none."""
        return self.manifest.get("verdict") or {}

    @functools.cached_property
    def experiment(self) -> Mapping[str, Any]:
        """The resolved experiment, as the trained pipeline keeps it."""
        found: Mapping[str, Any] = self._loader.json("model/pipeline.json")["experiment"]
        return found

    @functools.cached_property
    def lock(self) -> Mapping[str, Any]:
        """`sci.lock`."""
        found: Mapping[str, Any] = self._loader.json("sci.lock")
        return found

    @property
    def report(self) -> pathlib.Path | None:
        """The main report file."""
        name = self.manifest.get("report")
        return self.path / name if name else None

    def require_finished(self) -> None:
        """Raise `ConfigError` (exit 2) for a run that is not finished: its model may be half made."""
        if self.status != "finished":
            raise ConfigError(
                f"run {self.path.name} is {self.status} and has no finished model",
                id="run.unfinished",
                hint=f"sci resume {self.path}",
            )

    @property
    def has_model(self) -> bool:
        """Whether there is a model to predict with: a study of several has none of its own unless it was refitted."""
        return self._loader.has("model/pipeline.json")

    def require_model(self) -> None:
        """Raise `ConfigError` (exit 2) for a run that is not finished, or that has no model of its own."""
        self.require_finished()
        if not self.has_model:
            raise ConfigError(
                f"run {self.path.name} is a study of several models and has none of its own to predict with",
                id="run.no-model",
                hint="sci run FILE --set study.refit=true",
            )

    def predictions(self, part: str = "test") -> Predictions:
        """Stored predictions of the test or validation rows."""
        from sci.pipeline.child import read_predictions

        self._loader.bytes(f"predictions/{part}.parquet")
        return read_predictions(self.path, part)

    @functools.cached_property
    def pipeline(self) -> TrainedPipeline:
        """The trained pipeline, verified and ready to predict."""
        from sci.pipeline.runner import plugins
        from sci.pipeline.trained import restore

        self.require_model()
        return restore(self._loader, plugins().registry)

    def rows(self) -> list[tuple[str, dict[str, Score]]]:
        """Metric to score for the model (named ``model``) and each baseline, on the test rows."""
        from sci.pipeline.scores import from_json

        model = from_json(self.metrics["test"])
        rivals = {name: from_json(entry) for name, entry in self.metrics.get("baselines", {}).items()}
        return [
            (name, {"model": score} | {rival: entry[name] for rival, entry in rivals.items() if name in entry})
            for name, score in model.items()
        ]

    def _repr_html_(self) -> str:
        if not self._loader.has("metrics.json"):
            return f"<p>{html.escape(repr(self))}</p>"
        from sci.pipeline.standing import Standing

        standing = Standing(self)
        heads, *rows = standing.table(standing.names)
        head = "".join(f"<th>{html.escape(column)}</th>" for column in heads)
        body = "".join(
            f"<tr><th>{html.escape(metric)}</th>"
            + "".join(f"<td>{html.escape(cell).replace('-', chr(0x2212))}</td>" for cell in values)
            + "</tr>"
            for metric, *values in rows
        )
        figures = "".join(
            f"<div style='max-width:40rem'>{path.read_text(encoding='utf-8')}</div>"
            for path in sorted((self.path / "figures").glob("*.svg"))
        )
        sentence = html.escape(str(self.verdict.get("sentence", "")))
        doubts = "".join(f"<p>⚠ {html.escape(str(caution))}</p>" for caution in self.verdict.get("cautions", ()))
        title = f"<p><b>{html.escape(self.name)}</b> {html.escape(self.path.name)}</p><p>{sentence}</p>{doubts}"
        return f"{title}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{figures}"


def shown(score: Score, places: int | None = None) -> str:
    """A value with its interval, as the terminal prints it; `places` are the decimals of its row."""
    found = numbers.scored(score, digits=places, minus="-")
    bare = math.isnan(score.low) or found.low == found.high  # narrower than the decimals of its row can show
    return found.value if bare else f"{found.value} [{found.low}, {found.high}]"


def places_of(scores: Mapping[str, Score], columns: Sequence[str], more: Sequence[float] = ()) -> int:
    """The decimals of a row of results; `more` are widths of intervals beside those of the scores."""
    known = [scores[column] for column in columns if column in scores]
    return numbers.row_decimals([one.value for one in known], [*(one.high - one.low for one in known), *more])


def cells(scores: Mapping[str, Score], columns: Sequence[str], places: int) -> list[str]:
    """One row of results, every figure with the same decimals; empty where a rival has none."""
    return [shown(scores[column], places) if column in scores else "" for column in columns]
