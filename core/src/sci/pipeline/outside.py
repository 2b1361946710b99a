"""A finished run on rows from outside: new predictions, and measurement on other data."""

from __future__ import annotations

import contextlib
import pathlib
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from sci.api import ConfigError, DataError, Dataset, SciError, Score
from sci.api.errors import Place
from sci.api.rows import CHUNK
from sci.pipeline.assembly import Assembly, Part
from sci.pipeline.blame import placed
from sci.pipeline.context import Context
from sci.pipeline.label_columns import label_columns
from sci.pipeline.legible import require_lists_alike
from sci.pipeline.loading import loaded
from sci.pipeline.opened import Run
from sci.pipeline.overlap import overlap
from sci.pipeline.runner import plugins
from sci.pipeline.scores import Judge
from sci.pipeline.stages import read, with_kinds
from sci.pipeline.tally import STEP, Tally
from sci.pipeline.trained import TrainedPipeline, restore
from sci.plugins.manager import PluginSystem
from sci.runs.ledger import Ledger
from sci.runs.loader import Loader


class Outside:
    """Opens a run once and applies it to files."""

    def __init__(self, run: Run, system: PluginSystem | None = None) -> None:
        run.require_model()
        self.run = run
        self.system = system or plugins()
        self.pipeline: TrainedPipeline = restore(Loader(run.path), self.system.registry)
        self.warnings: list[dict[str, str]] = []
        """What is to be known of the rows that were answered or measured, as in the manifest of a run."""

    def rows(self, file: pathlib.Path, purpose: Any, extra: bool = False) -> Dataset:
        """The rows of a file, read as the run's data were read; columns that the run does not know need `extra`.

        Plugins that wrap `sci_load` see these rows too, as they saw those of the run.
        """
        assembly = Assembly(self._read_alike(), self.system.registry, pathlib.Path.cwd())
        context = Context(self.run.path.name, purpose, assembly, self.run.path, 0, hooks=self.system.hooks)
        context.facts["outside"] = lambda context: self._rows(context, file, extra)
        with about(file):
            rows = loaded(context)
            if not len(rows):
                raise DataError(f"no row of `{file}` is left by the plugins that wrap its loading", id="data.rows")
            return rows

    def _read_alike(self) -> Mapping[str, Any]:
        """The experiment with every column declared as text that was text to the run, whatever a file suggests."""
        experiment, features = self.pipeline.assembly.experiment, self.pipeline.schema.columns.items()
        texts = [name for name, feature in features if feature.kind == "text" and not feature.ragged]
        return {**experiment, "data": with_kinds(experiment["data"], dict.fromkeys(texts, "text"))}

    def _rows(self, context: Context, file: pathlib.Path, extra: bool) -> Dataset:
        data = read(source_for(context.assembly, file), context)
        if not len(data):
            raise DataError(f"`{file}` has no rows", id="data.rows")
        unknown = [name for name in data.schema.columns if name not in self.pipeline.schema.columns]
        absent = [name for name in self.pipeline.request.columns if name not in data.schema.columns]
        more = f"has {columns(unknown)}, which the run does not know" if unknown and not extra else ""
        if absent:
            raise DataError(
                f"`{file}` lacks {columns(absent)}" + (f", and {more}" if more else ""),
                id="data.column",
                note=f"the run reads: {', '.join(list(self.pipeline.request.columns)[:8])}; the file has: "
                + ", ".join(list(data.schema.columns)[:8]),
                hint=f"call column `{unknown[0]}` `{absent[0]}`" if len(absent) == len(unknown) == 1 else "",
            )
        if more:
            raise DataError(f"`{file}` {more}", id="data.extra-column", hint="--ignore-extra")
        return self.pipeline.understood(data)

    def predict(self, file: pathlib.Path, extra: bool = False) -> Iterator[pa.Table]:
        """Predictions of a file's rows, in pieces; `warnings` is whole behind the last one."""
        rows = self.rows(file, "predict", extra)
        tally = Tally(self.pipeline.steps)
        for start in range(0, len(rows), CHUNK):
            import numpy as np

            with about(file):
                found = self.pipeline.predict(rows.take(np.arange(start, min(start + CHUNK, len(rows)))), tally)
            yield found
        self._warn_of(tally)

    def evaluate(self, file: pathlib.Path, extra: bool = False) -> dict[str, Score]:
        """Metrics with intervals on a file that has its targets; the ledger gets a line."""
        rows = self.rows(file, "evaluate", extra)
        assembly = self.pipeline.assembly
        absent = [name for name in self.pipeline.schema.slots.values() if name not in rows.schema.columns]
        if absent:
            made_of = label_columns(assembly.experiment["data"])
            raise DataError(
                f"`{file}` lacks the target column `{absent[0]}`",
                id="data.column",
                where=Place(str(file)),
                note=f"it is made of {', '.join(made_of)}" if made_of else "",
            )
        with about(file):
            require_lists_alike(rows, {name: self.pipeline.schema.columns[name] for name in rows.schema.slots.values()})
            self.pipeline.task.check_outside(rows)
        fingerprint = rows.fingerprint()
        seen = overlap(self.run, fingerprint, len(rows), file.name)
        if seen:
            self.warnings.append({"id": "evaluate.seen", "message": f"{seen}: these figures are too good"})
        metrics = assembly.metrics(self.pipeline.task)
        judge = Judge(assembly, metrics, int(assembly.experiment.get("seed", 0)))
        name = f"{self.run.name}/{self.run.path.name}"
        Ledger(self.run.path.parent.parent).record(fingerprint, name, f"evaluate {file.name}", len(rows))
        tally = Tally(self.pipeline.steps)
        with about(file):
            scores = judge.score(self.pipeline.predictions(rows, tally))
        self._warn_of(tally)
        return scores

    def _warn_of(self, tally: Tally) -> None:
        """Keep what the steps have to say about the rows of a file."""
        self.warnings += [{"id": STEP, "message": f"{name}: {said}"} for name, said in tally.told("new")]


def columns(names: list[str]) -> str:
    """Names of columns for a message: the first, and how many more."""
    return f"column `{names[0]}`" + (f" and {len(names) - 1} more" if len(names) > 1 else "")


@contextlib.contextmanager
def about(file: pathlib.Path) -> Iterator[None]:
    """What is wrong with rows, and is nowhere else, is wrong in their file."""
    try:
        yield
    except SciError as error:
        placed(error, Place(str(file)))
        raise


def source_for(assembly: Assembly, file: pathlib.Path) -> Part:
    """How a file is read: as the run's source reads, with another path; else by the source that its ending names.

    A file that ends as the run's own file does is read as that was, whatever other source the ending is the name of.
    """
    own = assembly.source()
    ending = _ending(file.name)
    text = str(file.resolve())
    fields = type(own.settings).model_fields
    alike = ending in (own.name, _ending(str(getattr(own.settings, "path", ""))))
    if "path" in fields and (alike or ending not in assembly.registry.names("sources")):
        return Part(**{**vars(own), "settings": own.settings.model_copy(update={"path": text})})
    if ending not in assembly.registry.names("sources"):
        known = ", ".join(assembly.registry.names("sources")[:8])
        raise ConfigError(f"no source reads files that end in `.{ending}`", id="data.ending", note=f"sources: {known}")
    return assembly.part("sources", {"name": ending, "path": text})


def _ending(name: str) -> str:
    """`csv` of `a.csv` and of `a.csv.gz`."""
    return name.removesuffix(".gz").rpartition(".")[2].lower()
