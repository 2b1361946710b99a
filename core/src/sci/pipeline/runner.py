"""Runs an experiment from file to report, and goes on with one that was stopped."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import os
import pathlib
import time
import traceback
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from sci.api.errors import ConfigError, DataError, Interrupted, SciError, StorageError
from sci.experiment.house import head
from sci.experiment.load import LoadedExperiment, load
from sci.experiment.pinned import pinned
from sci.experiment.writing import to_yaml
from sci.pipeline.assembly import Assembly
from sci.pipeline.context import Context
from sci.pipeline.design import Design
from sci.pipeline.named_files import demand_files
from sci.pipeline.observers import Observers
from sci.pipeline.opened import Run
from sci.pipeline.stages import CoreStages
from sci.pipeline.stop import Stop
from sci.pipeline.study import StudyRun
from sci.pipeline.unbuilt import refuse_unbuilt
from sci.pipeline.view import View
from sci.plugins.manager import PluginSystem
from sci.plugins.manager import load as load_plugins
from sci.plugins.policy import Policy
from sci.runs import directory as directories
from sci.runs.ledger import Ledger
from sci.runs.lock import RunLock, writer
from sci.runs.manifest import Manifest, listing
from sci.runs.writer import write_bytes, write_text

if TYPE_CHECKING:
    from os import PathLike

OUTPUT = "runs"
T = TypeVar("T")


def run(
    file: str | PathLike[str],
    overrides: Sequence[str] = (),
    output: str | PathLike[str] = OUTPUT,
    view: View | None = None,
    system: PluginSystem | None = None,
) -> Run:
    """Run an experiment file and return the finished run.

    Args:
        file: the experiment file.
        overrides: ``key=value`` texts as after ``--set``.
        output: run directories are made under this folder.
        view: watches; nothing is printed by default.
        system: loaded plugins; by default those that are installed.

    Raises:
        SciError: as in the table of exit codes; the run directory then says what happened.
    """
    system = system or plugins(pathlib.Path(file).parent)
    loaded = load(pathlib.Path(file), overrides, system.registry)
    refuse_unbuilt(loaded)
    assembly = Assembly.of(loaded, system.registry)
    assembly.loss(assembly.task())  # what the task brings is named nowhere, and may be denied or not installed
    demand_files(assembly)
    loaded = pinned(loaded)
    output = pathlib.Path(output)
    made = directories.create(output, loaded.experiment.name)
    with RunLock(made):
        write_bytes(made / "config.yaml", loaded.document.text.encode("utf-8"))
        write_text(made / "config.resolved.yaml", head(loaded.given) + to_yaml(loaded.resolved))
        manifest = Manifest.start(
            made,
            name=loaded.experiment.name,
            question=loaded.resolved.get("question"),
            run=made.name,
            file=relative(loaded.path, made),
            overrides=list(overrides),
            writer=writer(),
        )
        return Execution(made, manifest, loaded, system, view or View(), Ledger(output)).run()


def resume(run_directory: pathlib.Path, view: View | None = None, system: PluginSystem | None = None) -> Run:
    """Go on with a run that was stopped or failed, in its own directory. A finished run is returned as it is, but for
    the models of a study that failed: they are tried again."""
    with RunLock(run_directory):
        manifest = Manifest.read(run_directory)
        if manifest.data["status"] == "finished" and not manifest.data.get("failed_children"):
            return Run(run_directory)
        return reopened(run_directory, manifest, view, system)


def report(run_directory: pathlib.Path, view: View | None = None, system: PluginSystem | None = None) -> Run:
    """Analyse a finished run again and write its reports anew, from stored predictions; nothing is trained."""
    with RunLock(run_directory):
        manifest = Manifest.read(run_directory)
        if manifest.data["status"] != "finished":
            raise ConfigError(
                f"this run is {manifest.data['status']} and has no results yet",
                id="run.unfinished",
                note=f"sci report {run_directory} --open shows what happened" if manifest.data.get("report") else "",
                hint=f"sci resume {run_directory}",
            )
        before = copy.deepcopy(manifest.data)
        try:
            return reopened(run_directory, manifest, view, system, deploying=False)
        except BaseException:  # a report that cannot be written takes nothing from the run
            manifest.data = before
            manifest.update(files=listing(run_directory))
            raise


def reopened(
    run_directory: pathlib.Path,
    manifest: Manifest,
    view: View | None,
    system: PluginSystem | None,
    deploying: bool = True,
) -> Run:
    """Take a run that exists through the stages; what is finished is read back."""
    system = system or plugins()
    base = (run_directory / manifest.data["file"]).parent
    loaded = dataclasses.replace(load(run_directory / "config.resolved.yaml", (), system.registry), base=base)
    manifest.reopen(writer=writer())
    ledger = Ledger(run_directory.parent.parent)
    return Execution(run_directory, manifest, loaded, system, view or View(), ledger, deploying).run()


def plugins(folder: pathlib.Path | None = None) -> PluginSystem:
    """The installed plugins under the policy for a folder (this one by default), and the core's own stages."""
    folder = folder or pathlib.Path()
    system = dataclasses.replace(load_plugins(Policy.here(folder)), folder=folder)
    system.register_core(CoreStages())
    return system


def relative(path: pathlib.Path, start: pathlib.Path) -> str:
    """A path as seen from the run, so that both can move together."""
    try:
        return pathlib.PurePath(os.path.relpath(path.resolve(), start.resolve())).as_posix()
    except ValueError:  # another drive on Windows
        return str(path.resolve())


class Execution:
    """One run from load to deploy, in a directory that this process holds."""

    def __init__(
        self,
        directory: pathlib.Path,
        manifest: Manifest,
        loaded: LoadedExperiment,
        system: PluginSystem,
        view: View,
        ledger: Ledger,
        deploying: bool = True,
    ) -> None:
        self.training = deploying
        self.deploying = deploying and bool(loaded.resolved.get("deploy"))
        self.warnings = loaded.warnings
        self.system = system
        self.view = view
        self.manifest = manifest
        self.stop = Stop(view.stopping)
        assembly = Assembly.of(loaded, system.registry)
        self.context = Context(
            run_id=directory.name,
            purpose="run",
            assembly=assembly,
            directory=directory,
            seed=int(loaded.resolved.get("seed", 0)),
            view=view,
            manifest=manifest,
            ledger=ledger,
            stop=self.stop,
            hooks=system.hooks,
        )
        trackers = [(part.name, part.make()) for part in assembly.named_in("tracking", "trackers")]
        self.observers = self.context.observers = Observers(system, trackers)

    def run(self) -> Run:
        """All stages; the manifest tells the end whatever it is."""
        with self.stop:
            try:
                self._stages()
            except (KeyboardInterrupt, Interrupted) as error:
                found = (
                    error
                    if isinstance(error, Interrupted)
                    else Interrupted("interrupted at once", id="run.interrupted")
                )
                found.hint = f"sci resume {self.context.directory}"
                found.run = str(self.context.directory)
                self._ended("interrupted", found)
                raise found from None
            except SciError as error:
                self._ended("failed", error)
                raise
            except Exception as error:
                self._ended("failed", error, traceback.format_exc())
                raise
            finally:
                self.view.close()
        return Run(self.context.directory)

    def _ended(self, status: str, error: BaseException, log: str = "") -> None:
        """Tell of the end wherever it is told; where the disk is what failed, the error that matters is on its way."""
        described = error.as_json() if isinstance(error, SciError) else {"message": f"{type(error).__name__}: {error}"}
        with contextlib.suppress(StorageError):
            self.context.log(f"{log}{status}: {error}")
        with contextlib.suppress(StorageError):
            self.observers.tell("run_failed", self.context, error=error)
        with contextlib.suppress(SciError):
            self.manifest.close(status, error=described)

    def _stages(self) -> None:
        context = self.context
        stages = ["load", "split", "preprocess", "train", "evaluate", "analyze", "report"]
        if Design.of(context.experiment).refit:
            stages[2:4] = ["train", "refit"]
        stages += ["deploy"] if self.deploying else []
        self.view.started(self.manifest.data["name"], context.run_id, context.assembly.engine, stages)
        self.observers.tell("run_started", context)
        for idle in self.warnings:
            context.warn(idle.id, idle.message)
        StudyRun(context, self.system.registry, self.observers, self.stage, self.system.folder).run(
            self.deploying, self.training
        )

    def stage(self, name: str, work: Callable[[], T], context: Context | None = None) -> T:
        """Run one stage: announce it, time it, record it."""
        context = context or self.context
        self.stop.check()
        context.stage, context.summary = name, ""
        warnings = len(self.manifest.data["warnings"])
        self.view.stage(name)
        self.observers.tell("stage_started", context, stage=name)
        begun = time.monotonic()
        result = work()
        seconds = time.monotonic() - begun
        self.manifest.stage(name, seconds)
        self.observers.tell("stage_finished", context, stage=name, seconds=seconds)
        self.view.finished(name, context.summary, seconds, len(self.manifest.data["warnings"]) - warnings)
        return result


def require_same_data(manifest: Manifest, fingerprint: str) -> None:
    """A run goes on only with the data that it began with."""
    before: Any = manifest.data.get("data")
    if before is None:
        manifest.update(data=fingerprint)
    elif before != fingerprint:
        raise DataError(
            "the data have changed since this run began",
            id="resume.data",
            note=f"{before[:12]} then, {fingerprint[:12]} now",
            hint="sci run FILE",
        )
