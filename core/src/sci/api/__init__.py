"""Everything that a plugin may import from the core.

Names are loaded on first use, so that `import sci.api` stays light: a plugin's `plugin.py`, which is imported to
discover what the plugin offers, pays for `hookimpl` and `ComponentSpec` only. NumPy, Arrow and pydantic come with the
names that need them.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from sci.api.deprecation import EXPORTS, warn_of

if TYPE_CHECKING:
    from sci.api.adaptation import adapted_layers as adapted_layers
    from sci.api.adaptation import before_adaptation as before_adaptation
    from sci.api.adaptation import first_matrix as first_matrix
    from sci.api.adaptation import learns_beside as learns_beside
    from sci.api.adaptation import merged_adaptation as merged_adaptation
    from sci.api.columns import Batch as Batch
    from sci.api.columns import Column as Column
    from sci.api.columns import Feature as Feature
    from sci.api.columns import Kind as Kind
    from sci.api.columns import Ragged as Ragged
    from sci.api.columns import Role as Role
    from sci.api.columns import Schema as Schema
    from sci.api.columns import Spans as Spans
    from sci.api.config import ComponentConfig as ComponentConfig
    from sci.api.config import ComponentRef as ComponentRef
    from sci.api.context import Observer as Observer
    from sci.api.context import RunContext as RunContext
    from sci.api.controls import Conclusion as Conclusion
    from sci.api.controls import Control as Control
    from sci.api.controls import Controlled as Controlled
    from sci.api.controls import ControlResult as ControlResult
    from sci.api.controls import Variant as Variant
    from sci.api.data import Fold as Fold
    from sci.api.data import Source as Source
    from sci.api.data import Splitter as Splitter
    from sci.api.errors import ConfigError as ConfigError
    from sci.api.errors import DataError as DataError
    from sci.api.errors import LockedError as LockedError
    from sci.api.errors import MissingDependency as MissingDependency
    from sci.api.errors import Place as Place
    from sci.api.errors import PluginError as PluginError
    from sci.api.errors import PolicyError as PolicyError
    from sci.api.errors import SciError as SciError
    from sci.api.errors import SeveralErrors as SeveralErrors
    from sci.api.errors import StorageError as StorageError
    from sci.api.errors import TrainingError as TrainingError
    from sci.api.errors import UnknownName as UnknownName
    from sci.api.heads import ENDED as ENDED
    from sci.api.heads import head_shape as head_shape
    from sci.api.heads import only_head as only_head
    from sci.api.initial import Initial as Initial
    from sci.api.inputs import ImageInput as ImageInput
    from sci.api.inputs import ScalarInputs as ScalarInputs
    from sci.api.inputs import SequenceInput as SequenceInput
    from sci.api.inputs import image_input as image_input
    from sci.api.inputs import input_width as input_width
    from sci.api.inputs import scalar_inputs as scalar_inputs
    from sci.api.inputs import sequence_input as sequence_input
    from sci.api.judgement import Audit as Audit
    from sci.api.judgement import AuditFinding as AuditFinding
    from sci.api.judgement import Band as Band
    from sci.api.judgement import Baseline as Baseline
    from sci.api.judgement import Calibrator as Calibrator
    from sci.api.judgement import Comparison as Comparison
    from sci.api.judgement import Curve as Curve
    from sci.api.judgement import Difference as Difference
    from sci.api.judgement import Fingerprint as Fingerprint
    from sci.api.judgement import Interval as Interval
    from sci.api.judgement import Metric as Metric
    from sci.api.judgement import Range as Range
    from sci.api.predictions import Predictions as Predictions
    from sci.api.preprocessor import Preprocessor as Preprocessor
    from sci.api.pretrained import newest_run as newest_run
    from sci.api.pretrained import pretrained_files as pretrained_files
    from sci.api.pretrained import pretrained_folder as pretrained_folder
    from sci.api.pretrained import said_of_weights as said_of_weights
    from sci.api.pretrained import taken_over as taken_over
    from sci.api.pretrained import weights_differ as weights_differ
    from sci.api.random import SampleRandom as SampleRandom
    from sci.api.rows import Dataset as Dataset
    from sci.api.rows import dataset as dataset
    from sci.api.specs import API_VERSION as API_VERSION
    from sci.api.specs import ComponentSpec as ComponentSpec
    from sci.api.specs import hookimpl as hookimpl
    from sci.api.starting import LoraConfig as LoraConfig
    from sci.api.starting import WeightsConfig as WeightsConfig
    from sci.api.state import State as State
    from sci.api.state import Stateful as Stateful
    from sci.api.study import Analysis as Analysis
    from sci.api.study import Branding as Branding
    from sci.api.study import Deployer as Deployer
    from sci.api.study import Deployment as Deployment
    from sci.api.study import Evaluation as Evaluation
    from sci.api.study import Failure as Failure
    from sci.api.study import Figure as Figure
    from sci.api.study import Finding as Finding
    from sci.api.study import Pipeline as Pipeline
    from sci.api.study import Prose as Prose
    from sci.api.study import Reporter as Reporter
    from sci.api.study import Score as Score
    from sci.api.study import Study as Study
    from sci.api.study import Table as Table
    from sci.api.study import Trained as Trained
    from sci.api.study import Verdict as Verdict
    from sci.api.task import Task as Task
    from sci.api.training import VECTORS as VECTORS
    from sci.api.training import Engine as Engine
    from sci.api.training import Feed as Feed
    from sci.api.training import Schedule as Schedule
    from sci.api.training import Step as Step
    from sci.api.training import Trainer as Trainer
    from sci.api.training import without_targets as without_targets
    from sci.api.work import Work as Work

_HOMES = {
    "adaptation": ("adapted_layers", "before_adaptation", "first_matrix", "learns_beside", "merged_adaptation"),
    "columns": ("Batch", "Column", "Feature", "Kind", "Ragged", "Role", "Schema", "Spans"),
    "config": ("ComponentConfig", "ComponentRef"),
    "context": ("Observer", "RunContext"),
    "controls": ("Conclusion", "Control", "ControlResult", "Controlled", "Variant"),
    "data": ("Fold", "Source", "Splitter"),
    "errors": (
        "ConfigError",
        "DataError",
        "LockedError",
        "MissingDependency",
        "Place",
        "PluginError",
        "PolicyError",
        "SciError",
        "SeveralErrors",
        "StorageError",
        "TrainingError",
        "UnknownName",
    ),
    "heads": ("ENDED", "head_shape", "only_head"),
    "initial": ("Initial",),
    "inputs": (
        "ImageInput",
        "ScalarInputs",
        "SequenceInput",
        "image_input",
        "scalar_inputs",
        "sequence_input",
        "input_width",
    ),
    "judgement": (
        "Audit",
        "AuditFinding",
        "Band",
        "Baseline",
        "Calibrator",
        "Comparison",
        "Curve",
        "Difference",
        "Fingerprint",
        "Interval",
        "Metric",
        "Range",
    ),
    "predictions": ("Predictions",),
    "preprocessor": ("Preprocessor",),
    "pretrained": (
        "newest_run",
        "pretrained_files",
        "pretrained_folder",
        "said_of_weights",
        "taken_over",
        "weights_differ",
    ),
    "random": ("SampleRandom",),
    "rows": ("Dataset", "dataset"),
    "specs": ("API_VERSION", "ComponentSpec", "hookimpl"),
    "starting": ("LoraConfig", "WeightsConfig"),
    "state": ("State", "Stateful"),
    "study": (
        "Analysis",
        "Branding",
        "Deployer",
        "Deployment",
        "Evaluation",
        "Failure",
        "Figure",
        "Finding",
        "Pipeline",
        "Prose",
        "Reporter",
        "Score",
        "Study",
        "Table",
        "Trained",
        "Verdict",
    ),
    "task": ("Task",),
    "training": ("VECTORS", "Engine", "Feed", "Schedule", "Step", "Trainer", "without_targets"),
    "work": ("Work",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = sorted(_HOME_OF)  # noqa: PLE0605  (the table above is the one list of exports)


def __getattr__(name: str) -> Any:
    if name in EXPORTS:
        return _outgoing(name)
    if name not in _HOME_OF:
        raise AttributeError(f"module 'sci.api' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"sci.api.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def _outgoing(name: str) -> Any:
    """A deprecated export; it is looked up each time, so that everybody who uses it is told."""
    warn_of(EXPORTS[name])
    module, _, attribute = EXPORTS[name].home.partition(":")
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return list(__all__)
