"""Installed components for tests: a registry of small real specs, and files written in one line."""

from __future__ import annotations

import sys
import types
from typing import Annotated, Any, Self

import pytest
from pydantic import Field, model_validator

from sci.api import ComponentConfig, ComponentRef, ComponentSpec
from sci.api.errors import Place
from sci.plugins.policy import Policy
from sci.plugins.policyfile import PolicyFile, Rule
from sci.plugins.records import PluginRecord
from sci.plugins.registry import Registry

HOME = "sci_stand_ins"


class CsvConfig(ComponentConfig):
    """Settings of csv."""

    path: str
    """The file."""
    delimiter: str = ","
    """What stands between cells."""


class SplitConfig(ComponentConfig):
    """Settings of the splitters."""

    validation: float = Field(0.1, ge=0, lt=1)
    """Share for validation."""
    test: float = Field(0.2, ge=0, lt=1)
    """Share for test."""

    @model_validator(mode="after")
    def _something_is_left(self) -> Self:
        if self.validation + self.test >= 1:
            raise ValueError(
                f"splits take {self.validation + self.test:g} of the rows: "
                f"validation {self.validation:g} + test {self.test:g}"
            )
        return self


class AdamwConfig(ComponentConfig):
    """Settings of adamw."""

    learning_rate: float = Field(1e-3, gt=0)
    """Size of an update."""
    betas: tuple[float, float] = (0.9, 0.999)
    """How much of the running means is kept."""
    nesterov: bool = False
    """Look ahead."""


class LogisticConfig(ComponentConfig):
    """Settings of logistic."""

    l2: float = Field(0.0, ge=0)
    """Strength of the penalty."""


class EnsembleConfig(ComponentConfig):
    """Settings of ensemble: components inside a component."""

    members: list[Annotated[Any, ComponentRef("models")]]
    """The models that vote."""
    judge: Annotated[Any, ComponentRef("metrics")] = "accuracy"
    """Who decides how much each vote weighs."""


class PickyConfig(ComponentConfig):
    """Settings that refuse their own defaults when they are given."""

    recipe: str = "linear"
    """What is made."""
    slope: float = 1.0
    """Belongs to linear."""

    @model_validator(mode="after")
    def _slope_is_for_lines(self) -> Self:
        if self.recipe != "linear" and "slope" in self.model_fields_set:
            raise ValueError("`slope` belongs to `recipe: linear`")
        return self


class FaultyConfig(ComponentConfig):
    """Settings whose validator has a defect."""

    x: int = 0
    """A number."""

    @model_validator(mode="after")
    def _fails(self) -> Self:
        raise KeyError("boom")


def spec(name: str, **more: Any) -> ComponentSpec:
    """A spec that needs no code."""
    return ComponentSpec(name, **{"target": f"{HOME}:nothing", **more})


def native(name: str, *engines: str, **more: Any) -> ComponentSpec:
    """A spec with code for each engine."""
    return ComponentSpec(name, target=dict.fromkeys(engines, f"{HOME}:nothing"), **more)


ONCE = frozenset({"fit-once"})
BATCH = frozenset({"batch-loss"})
SPECS = {
    "sources": [spec("csv", config=f"{HOME}:CsvConfig"), spec("generated", config=f"{HOME}:PickyConfig")],
    "splitters": [spec("random", config=f"{HOME}:SplitConfig"), spec("stratified", config=f"{HOME}:SplitConfig")],
    "preprocessors": [spec("clean-text"), spec("standardize"), spec("impute")],
    "tasks": [spec("classification"), spec("regression")],
    "losses": [native("cross-entropy", "numpy", "torch"), native("cox", "numpy", traits=BATCH)],
    "models": [
        native("logistic", "numpy", tasks=("classification",), config=f"{HOME}:LogisticConfig"),
        native("least-squares", "numpy", tasks=("regression",), traits=ONCE),
        native("mlp", "numpy", "torch"),
        native("bert", "torch", tasks=("classification",)),
        native("ensemble", "numpy", config=f"{HOME}:EnsembleConfig", traits=ONCE),
    ],
    "engines": [spec("numpy"), spec("torch", traits=frozenset({"low-rank"}))],
    "optimizers": [native("adamw", "numpy", "torch", config=f"{HOME}:AdamwConfig"), native("sgd", "numpy", "torch")],
    "schedules": [spec("cosine"), spec("faulty", config=f"{HOME}:FaultyConfig")],
    "audits": [spec("duplicates"), spec("groups")],
    "metrics": [
        *(spec(name, tasks=("classification",)) for name in ("accuracy", "f1", "recall", "roc-auc")),
        *(spec(name, tasks=("regression",)) for name in ("rmse", "mae")),
    ],
    "intervals": [spec("bootstrap")],
    "comparisons": [spec("paired-bootstrap")],
    "baselines": [spec("majority", tasks=("classification",))],
    "analyses": [spec("confusion-matrix", tasks=("classification",)), spec("residuals", tasks=("regression",))],
    "reporters": [spec("html"), spec("markdown")],
    "deployers": [spec("rest"), spec("upload")],
}

GOOD = """\
format: 1
name: sms-spam
seed: 7
task: classification
data:
  source: {name: csv, path: messages.csv}
  inputs: [text]
  target: label
  split: {name: stratified, validation: 0.1, test: 0.2}
preprocessing: [clean-text]
model: {name: logistic, l2: 1e-3}
engine: numpy
training:
  optimizer: {name: adamw, learning_rate: 5e-4}
  epochs: 5
evaluation: {metrics: [f1, recall]}
"""


def make_registry(*, without: tuple[tuple[str, str], ...] = (), policy: Policy | None = None) -> Registry:
    """The stand-in components as one plugin, less some of them."""
    module = types.ModuleType(HOME)
    module.__dict__.update({name: value for name, value in globals().items() if name.endswith("Config")})
    sys.modules[HOME] = module
    specs = {kind: [one for one in offers if (kind, one.name) not in without] for kind, offers in SPECS.items()}
    return Registry([PluginRecord("stand-ins", "sci-stand-ins", "1.0", HOME, status="ok", specs=specs)], policy)


def denying(pattern: str) -> Policy:
    """A policy that denies one component."""
    rule = Rule(pattern, Place("policy.yaml", 9, 5))
    return Policy((PolicyFile("st-mary", Place("policy.yaml"), message="Not here.", deny_components=(rule,)),))


@pytest.fixture(scope="session")
def registry() -> Registry:
    return make_registry()


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write spam.yaml in an empty current folder and return its path, as somebody there would type it."""
    monkeypatch.chdir(tmp_path)

    def writes(text: str | bytes, name: str = "spam.yaml") -> str:
        (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    return writes


@pytest.fixture
def stand_ins():
    """The tools of this file, for tests that build a registry or a file of their own."""
    return types.SimpleNamespace(make_registry=make_registry, denying=denying, GOOD=GOOD, SPECS=SPECS)
