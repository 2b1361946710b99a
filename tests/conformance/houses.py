"""Small plugins that keep every promise, file by file; the mutants break one promise each."""

from __future__ import annotations

METADATA = """Metadata-Version: 2.4
Name: sci-house
Version: 1.0
Summary: A house of small components
License-Expression: MIT
License-File: LICENSE
Requires-Dist: sci-core<9,>=0.1

A README.
"""

CONFIG = '''"""Settings."""

from pydantic import ConfigDict, Field

from sci.api import ComponentConfig


class HouseConfig(ComponentConfig):
    """Settings of the components."""

    size: float = Field(default=1.0, gt=0)
    """How much."""
'''


def plugin(*hooks: str, cases: str = "[]", head: str = "") -> str:
    """The light module."""
    body = "\n\n".join(hooks)
    return f'''"""What the house offers."""

from sci.api import ComponentSpec, hookimpl
{head}

{body}


@hookimpl
def sci_conformance_cases():
    from sci.testing import Case, classified, measured

    return {cases}
'''


def offer(kind: str, *names: str, more: str = "") -> str:
    """A catalogue hook; the component `some-name` is `SomeName` of the module `sci_house.<kind>`."""
    specs = "".join(
        f'        ComponentSpec(name="{name}", summary="The {name}", config="sci_house.config:HouseConfig",'
        f" target={_target(kind, name)}{more}),\n"
        for name in names
    )
    return f"@hookimpl\ndef sci_{kind}():\n    return [\n{specs}    ]"


def _target(kind: str, name: str) -> str:
    code = f'"sci_house.{kind}:{"".join(part.capitalize() for part in name.split("-"))}'
    if kind not in ("models", "losses", "optimizers"):
        return f'{code}"'
    return f'{{"villa": {code}"}}' if name.startswith("villa") else f'{{"house": {code}", "numpy": {code}Too"}}'


METRICS = '''"""Metrics."""

import numpy as np


class Share:
    """The share of numbers that are near enough."""

    higher_is_better = True
    bounds = (0.0, 1.0)

    def __init__(self, config):
        self.size = config.size

    def statistics(self, predictions):
        distance = np.abs(predictions.prediction("value") - predictions.target())
        return (distance <= self.size).astype(np.float64)[:, None]

    def value(self, sums, n):
        return sums[..., 0] / n

    def __call__(self, predictions):
        if not len(predictions):
            return float("nan")
        return float(self.statistics(predictions).mean())


class Hit:
    """The share of classes that are right."""

    higher_is_better = True
    bounds = (0.0, 1.0)

    def __init__(self, config):
        pass

    def __call__(self, predictions):
        if not len(predictions):
            return float("nan")
        pairs = zip(predictions.target().to_pylist(), predictions.prediction("label").to_pylist())
        return float(np.mean([one == other for one, other in pairs]))
'''

METRIC_CASES = """[
        Case("metrics", "share", settings={"size": 1.0}, data=lambda: measured([1, 2, 3, 4], [2, 2.5, 9, 4]),
             claims={"value": 0.75}),
        Case("metrics", "hit", data=lambda: classified(["a", "a", "b"], ["a", "b", "b"]), claims={"value": 2 / 3}),
    ]"""

STEPS = '''"""Steps."""

import os
import threading
import time
from dataclasses import replace

import numpy as np

from sci.api import Feature, Preprocessor, State

HERE = os.getpid()


class Center(Preprocessor):
    """Subtracts the mean of the training rows."""

    accepts = frozenset({"number"})

    def __init__(self, config, columns):
        super().__init__(config, columns)
        self.means = {}

    def output_schema(self, schema):
        new = {name: Feature("number", dtype="float64") for name in self.columns}
        return replace(schema, columns={**schema.columns, **new})

    def fit(self, train):
        sums, counts = dict.fromkeys(self.columns, 0.0), dict.fromkeys(self.columns, 0)
        for batch in train.batches():
            for name in self.columns:
                known = batch[name][~np.isnan(batch[name])]
                sums[name] += float(known.sum())
                counts[name] += len(known)
        self.means.update({name: sums[name] / counts[name] for name in self.columns})

    def transform(self, batch, random=None):
        return {**batch, **{name: self.moved(batch, name) for name in self.columns if name in batch}}

    def moved(self, batch, name):
        return np.asarray(batch[name]) - self.means[name]

    def inverse_transform(self, column, values, batch):
        return values + self.means[column]

    def state(self):
        return State(meta={"means": dict(self.means)})

    def load_state(self, state):
        self.means = dict(state.meta["means"])


class Shift(Center):
    """The same for the target."""

    role = "target"


class Letters(Preprocessor):
    """How many letters a text has."""

    accepts = frozenset({"text"})

    def output_schema(self, schema):
        new = {name: Feature("number", dtype="float64") for name in self.columns}
        return replace(schema, columns={**schema.columns, **new})

    def transform(self, batch, random=None):
        return {**batch, **{name: self.counted(batch[name]) for name in self.columns}}

    def counted(self, column):
        return np.array([np.nan if text is None else len(text) for text in column.to_pylist()], dtype=np.float64)


class Noise(Preprocessor):
    """Adds noise to numbers while training."""

    accepts = frozenset({"number"})
    random = True

    def transform(self, batch, random=None):
        return {**batch, **{name: np.asarray(batch[name]) + random.normal(name) for name in self.columns}}
'''

STEP_CASES = '[Case("preprocessors", "center", claims={"row_order_independent": True})]'

SOURCES = '''"""Sources."""

import os
import pathlib
import random
import time

from pydantic import Field

from sci.api import ComponentConfig, dataset

HERE = os.getpid()


class LinesConfig(ComponentConfig):
    """Settings of lines."""

    path: str = ""
    """The file."""


class Lines:
    """A number in each line."""

    def __init__(self, config):
        self.path = config.path

    def read(self, context):
        numbers = self.numbers(context.resolve(self.path))
        return dataset({"x": numbers})

    def numbers(self, place):
        return [float(line) for line in place.read_text().splitlines()]
'''

SOURCE_CASES = """[
        Case("sources", "lines", settings={"path": "a.txt"},
             claims={"files": {"a.txt": "1\\n2\\n4\\n"}, "rows": 3, "values": {"x": [1.0, 2.0, 4.0]}}),
    ]"""

SPLITTERS = '''"""Splitters."""

import random

import numpy as np

from sci.api import Fold


class Halves:
    """Half of the groups for training."""

    def __init__(self, config):
        pass

    def split(self, dataset, context, seed):
        groups = np.array([str(name) for name in dataset.column(dataset.schema.by("group")[0]).to_pylist()])
        names = np.unique(groups)
        order = np.random.default_rng(seed).permutation(len(names))
        first = np.isin(groups, names[order[: len(names) // 2]])
        train, test = (np.flatnonzero(part).astype(np.int64) for part in (first, ~first))
        return [Fold("split", train, np.zeros(0, dtype=np.int64), test)]
'''

SPLITTER_CASES = '[Case("splitters", "halves", claims={"uses_seed": True, "groups_together": True})]'

SCHEDULES = '''"""Schedules."""

from sci.api import State


class Fall:
    """The rate falls, faster where the validation value does not improve."""

    def __init__(self, config):
        self.scale, self.best = 1.0, float("inf")

    def factor(self, step, total):
        return self.scale * (1 - 0.5 * step / total)

    def observe(self, value):
        self.scale *= 1.0 if value < self.best else 0.9
        self.best = min(self.best, value)

    def state(self):
        return State(meta={"scale": self.scale, "best": self.best})

    def load_state(self, state):
        self.scale, self.best = state.meta.get("scale", 1.0), state.meta.get("best", 9.0)
'''

DEPLOYERS = '''"""Deployers."""

import json
import pickle

from sci.api import Deployment

PLACE = "exports/page/model.json"


class Page:
    """Writes the coefficients down: the model is linear."""

    def __init__(self, config):
        pass

    def deploy(self, pipeline, context):
        found = {"names": list(pipeline.request.columns)}
        with context.write(PLACE) as file:
            file.write(json.dumps(found).encode())
        return Deployment("page", [PLACE], f"open {PLACE}")

    def serve(self, run, host, port):
        return None


def predict(run, deployment, table):
    return run.pipeline.predict(table).column("prediction.value").to_pylist()
'''

DEPLOYER_CASES = '[Case("deployers", "page", claims={"predict": _predict})]'
DEPLOYER_HEAD = """

def _predict(run, deployment, table):
    from sci_house.deployers import predict

    return predict(run, deployment, table)
"""

TASKS = """"Tasks."

import numpy as np

from sci.api import DataError, Feature, State, Task


class Amount(Task):
    "How much is it?"

    slots = {"target": ("number",)}
    loss = "mean-squared-error"
    metrics = ("mean-absolute-error",)

    def __init__(self, config):
        super().__init__(config)
        self.middle = 0.0

    def check(self, dataset, fold):
        column = np.asarray(dataset.column(dataset.schema.slots["target"]), dtype=np.float64)
        if np.isnan(column).any():
            raise DataError("a target is missing", id="house.target")

    def heads(self, schema):
        return {"value": Feature("number", dtype="float32")}

    def outputs(self, schema):
        return {"value": Feature("number", dtype="float64")}

    def fit(self, train):
        self.middle = float(np.mean(train.column(train.schema.slots["target"])))

    def info(self):
        return {"middle": self.middle}

    def decode(self, raw, batch):
        return {"value": raw["value"].astype(np.float64) + self.middle}

    def state(self):
        return State(meta={"middle": self.middle})

    def load_state(self, state):
        self.middle = state.meta["middle"]
"""

CALIBRATORS = """"Calibrators."

import numpy as np

from sci.api import State


class Soften:
    "Moves probabilities towards equal ones, as far as the model was wrong."

    def __init__(self, config):
        self.share = 1.0

    def fit(self, validation):
        self.share = float(np.mean(validation.codes("target") == validation.codes("label"))) / 1.1

    def transform(self, predictions, info):
        chances, share = predictions["probability"], self.share
        return {**predictions, "probability": share * chances + (1 - share) / chances.shape[1]}

    def state(self):
        return State(meta={"share": self.share})

    def load_state(self, state):
        self.share = state.meta["share"]
"""

INTERVALS = """"Intervals."

from math import nan

import numpy as np

from sci.api import Range


class Drawn:
    "Rows are drawn again."

    def __init__(self, config):
        pass

    def interval(self, metric, predictions, confidence, seed):
        n = len(predictions)
        if not n:
            return Range(nan, nan, confidence, "not defined: there are no rows")
        random = np.random.default_rng(seed)
        values = [metric(predictions.take(random.integers(n, size=n))) for _ in range(99)]
        low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
        return Range(float(low), float(high), confidence, "bootstrap")
"""

COMPARISONS = """"Comparisons."

from math import nan

import numpy as np

from sci.api import Difference


class Paired:
    "The same rows are drawn again for both."

    def __init__(self, config):
        pass

    def compare(self, metric, a, b, confidence, seed):
        n, sign = len(a), 1 if metric.higher_is_better else -1
        if not n:
            return Difference(nan, nan, nan, confidence, nan, "not defined: there are no rows", nan)
        random = np.random.default_rng(seed)
        draws = [random.integers(n, size=n) for _ in range(99)]
        found = np.array([sign * (metric(a.take(rows)) - metric(b.take(rows))) for rows in draws])
        low, high = (float(end) for end in np.quantile(found, [(1 - confidence) / 2, (1 + confidence) / 2]))
        worse, better = ((found <= 0).sum() + 1) / 100, ((found >= 0).sum() + 1) / 100
        value = sign * (metric(a) - metric(b))
        return Difference(value, low, high, confidence, min(1.0, 2 * float(min(worse, better))), "bootstrap", nan)
"""

AUDITS = """"Audits."

import numpy as np

from sci.api import AuditFinding


class Twins:
    "Rows with the same first number."

    def __init__(self, config):
        pass

    def audit(self, dataset, folds, context):
        names = [name for name, feature in dataset.schema.inputs.items() if feature.kind == "number"]
        if not names:
            return []
        values = np.nan_to_num(np.asarray(dataset.column(names[0]), dtype=np.float64))
        _, first, counts = np.unique(values, return_index=True, return_counts=True)
        rows = tuple(sorted(dataset.ids[first[counts > 1]].tolist()))
        if not rows:
            return [AuditFinding("twins", "passed", "no number occurs twice", (names[0],))]
        return [AuditFinding("twins", "warning", f"{len(rows)} numbers occur twice", (names[0],), rows, len(rows))]
"""

FINGERPRINTS = """"Fingerprints."

import numpy as np

from sci.api import Ragged


class Bright:
    "Which numbers of an image are above the middle of their range: two bits for each."

    likeness = 0.9

    def __init__(self, config):
        pass

    def elements(self, column, feature):
        numbers = column.reshape(len(column), -1)
        low, high = numbers.min(axis=1), numbers.max(axis=1)
        bits = (numbers > (low + high)[:, None] / 2).astype(np.uint64)
        values = bits + 2 * np.arange(numbers.shape[1], dtype=np.uint64)
        return Ragged(values.ravel(), np.arange(len(column) + 1) * numbers.shape[1])
"""

FINGERPRINT_CASES = '[Case("fingerprints", "bright", data=_pictures, claims={"alike": [(0, 2)]})]'
FINGERPRINT_HEAD = """

def _pictures():
    import numpy as np

    from sci.api import Dataset, Feature, Schema

    pictures = np.random.default_rng(0).random((6, 8, 8))
    pictures[2] = pictures[0] / 2 + 0.25
    return Dataset({"picture": pictures}, Schema({"picture": Feature("image", shape=(8, 8))}, {"picture": "input"}))
"""

BASELINES = """"Baselines."


class Flat:
    "The same answer for every row."

    def __init__(self, config):
        pass

    def patch(self, experiment):
        return {"model": {"name": "constant"}, "engine": {"name": "numpy"}, "training": {}}
"""

CONTROLS = """"Controls."

import numpy as np

from sci.api import Conclusion, Variant


class Halves:
    "The model on a random half of its training rows."

    def __init__(self, config):
        pass

    def variants(self, train, validation, seed):
        random = np.random.default_rng(seed)
        half = np.sort(random.permutation(len(train))[: len(train) // 2])
        return [Variant("half", half, np.arange(len(validation)))]

    def conclude(self, metric, model, rows, found):
        values = [one.scores[metric].value for one in found]
        return Conclusion(f"{metric} is {model.value} with {rows} rows, {values} with half of them.")
"""

ANALYSES = """"Analyses."

import time
from xml.sax.saxutils import escape

from sci.api import ComponentConfig, Figure, Finding, UnknownName

PLACE = "figures/spread.svg"


class SpreadConfig(ComponentConfig):
    "What is shown."

    columns: list[str] | None = None
    "Columns."

    def demand_names(self, schema, metrics):
        UnknownName.demand("columns", self.columns, list(schema.columns), "no column `{}`", id="house.column")


class Spread:
    "Names the inputs in a figure."

    def __init__(self, config):
        pass

    def analyze(self, study, context):
        words = escape(", ".join(study.schema.inputs))
        with context.write(PLACE) as file:
            file.write(f'<svg xmlns="http://www.w3.org/2000/svg"><title>{words}</title></svg>'.encode())
        return [Finding("spread", "data", f"{len(study.schema.inputs)} inputs", figures=[Figure(PLACE, "Inputs")])]
"""

REPORTERS = """"Reporters."

import time
from xml.sax.saxutils import escape


class Page:
    "A page of headings."

    def __init__(self, config):
        pass

    def report(self, study, findings, context):
        lines = [study.question, *study.schema.inputs, *(found.title for found in findings)]
        page = "".join(f"<h2>{escape(line)}</h2>" for line in lines)
        with context.write("page.html") as file:
            file.write(page.encode())
        return ["page.html"]
"""

TRACKERS = """"Trackers."

import pathlib

from sci.api import Observer


class Diary(Observer):
    "Writes down when a model was judged."

    def evaluation_ended(self, context, evaluation):
        context.append("diary.txt", b"judged")

    def run_finished(self, context, study):
        context.append("diary.txt", b"finished")
"""


ENGINES = '''"""An engine that is the one of NumPy under another name."""

import numpy as np

from sci.api import ConfigError
from sci_numpy.config import NumpyConfig
from sci_numpy.engine import NumpyEngine
from sci_numpy.trainer import NumpyTrainer


class House(NumpyEngine):
    """An engine."""

    def __init__(self, config):
        super().__init__(NumpyConfig())


class VillaTrainer(NumpyTrainer):
    """The trainer of the other engine."""


class Villa(House):
    """Another engine, with components of its own."""

    def trainer(self, network, loss, optimizers, feed, settings):
        return VillaTrainer(network, loss, optimizers, feed, settings, self.threads)
'''

MODELS = '''"""Models."""

import itertools

import numpy as np

from sci.api import Initial, input_width

COUNT = itertools.count()


class Slope:
    """A linear function of the inputs."""

    def __init__(self, config, inputs, heads, seed):
        [self.head] = heads
        self.seed = seed
        self.parameters = {"weight": Initial(seed).normal("weight", (1, input_width(inputs, "slope")), 0.5)}

    def __call__(self, batch):
        return {self.head: (batch["numbers"] @ self.parameters["weight"].T)[:, 0]}

    def backward(self, batch, gradients):
        return {"weight": gradients[self.head][None, :] @ batch["numbers"]}


class SlopeToo(Slope):
    """The same for engine numpy."""


class Steady:
    """A linear function of the inputs."""

    def __init__(self, config, inputs, heads, seed):
        [self.head] = heads
        self.seed = seed
        self.parameters = {"weight": Initial(seed).normal("weight", (1, input_width(inputs, "slope")), 0.5)}

    def __call__(self, batch):
        return {self.head: (batch["numbers"] @ self.parameters["weight"].T)[:, 0]}

    def backward(self, batch, gradients):
        return {"weight": gradients[self.head][None, :] @ batch["numbers"]}


class SteadyToo(Steady):
    """The same for engine numpy."""


class VillaModel:
    """A linear function of the inputs."""

    def __init__(self, config, inputs, heads, seed):
        [self.head] = heads
        self.seed = seed
        self.parameters = {"weight": Initial(seed).normal("weight", (1, input_width(inputs, "slope")), 0.5)}

    def __call__(self, batch):
        return {self.head: (batch["numbers"] @ self.parameters["weight"].T)[:, 0]}

    def backward(self, batch, gradients):
        return {"weight": gradients[self.head][None, :] @ batch["numbers"]}
'''

LOSSES = '''"""Losses."""

import numpy as np

from sci_numpy.network import shares


class Gap:
    """The mean of the squared errors."""

    def __init__(self, config, heads):
        [self.head] = heads

    def __call__(self, outputs, batch):
        error, share = outputs[self.head] - batch["target"], shares(batch)
        return float(share @ (error * error)), {self.head: 2 * share * error}


class GapToo(Gap):
    """The same for engine numpy."""


class Calm:
    """The mean of the squared errors."""

    def __init__(self, config, heads):
        [self.head] = heads

    def __call__(self, outputs, batch):
        error, share = outputs[self.head] - batch["target"], shares(batch)
        return float(share @ (error * error)), {self.head: 2 * share * error}


class CalmToo(Calm):
    """The same for engine numpy."""


class VillaLoss:
    """The mean of the squared errors."""

    def __init__(self, config, heads):
        [self.head] = heads

    def __call__(self, outputs, batch):
        error, share = outputs[self.head] - batch["target"], shares(batch)
        return float(share @ (error * error)), {self.head: 2 * share * error}
'''

OPTIMIZERS = '''"""Optimizers."""

import itertools

import numpy as np

from sci.api import State

COUNT = itertools.count()


class Roll:
    """Gradient descent with a velocity."""

    def __init__(self, config, parameters):
        self.parameters = dict(parameters)
        self.velocity = {name: np.zeros_like(array) for name, array in self.parameters.items()}

    def step(self, gradients, rate):
        for name, array in self.parameters.items():
            self.velocity[name] = 0.5 * self.velocity[name] + gradients[name]
            array -= 0.01 * rate * self.velocity[name]

    def state(self):
        return State({name: array.copy() for name, array in self.velocity.items()})

    def load_state(self, state):
        self.velocity = {name: array.copy() for name, array in state.arrays.items()}


class RollToo(Roll):
    """The same for engine numpy."""


class Easy:
    """Gradient descent with a velocity."""

    def __init__(self, config, parameters):
        self.parameters = dict(parameters)
        self.velocity = {name: np.zeros_like(array) for name, array in self.parameters.items()}

    def step(self, gradients, rate):
        for name, array in self.parameters.items():
            self.velocity[name] = 0.5 * self.velocity[name] + gradients[name]
            array -= 0.01 * rate * self.velocity[name]

    def state(self):
        return State({name: array.copy() for name, array in self.velocity.items()})

    def load_state(self, state):
        self.velocity = {name: array.copy() for name, array in state.arrays.items()}


class EasyToo(Easy):
    """The same for engine numpy."""


class VillaOptimizer:
    """Gradient descent with a velocity."""

    def __init__(self, config, parameters):
        self.parameters = dict(parameters)
        self.velocity = {name: np.zeros_like(array) for name, array in self.parameters.items()}

    def step(self, gradients, rate):
        for name, array in self.parameters.items():
            self.velocity[name] = 0.5 * self.velocity[name] + gradients[name]
            array -= 0.01 * rate * self.velocity[name]

    def state(self):
        return State({name: array.copy() for name, array in self.velocity.items()})

    def load_state(self, state):
        self.velocity = {name: array.copy() for name, array in state.arrays.items()}
'''

STEADY = '{"model": "steady", "loss": "calm", "optimizer": "easy"}'
VILLA = '{"model": "villa-model", "loss": "villa-loss", "optimizer": "villa-optimizer"}'
NATIVE_CASES = f"""[
        *(Case("models", name, claims={STEADY}) for name in ("slope", "steady")),
        *(Case("losses", name, claims={STEADY}) for name in ("gap", "calm")),
        *(Case("optimizers", name, claims={STEADY}) for name in ("roll", "easy")),
        Case("models", "villa-model", claims={VILLA}),
        Case("losses", "villa-loss", claims={VILLA}),
        Case("optimizers", "villa-optimizer", claims={VILLA}),
        Case("engines", "house", claims={STEADY}),
        Case("engines", "villa", claims={VILLA}),
    ]"""
CITED = ', cite="Nobody 2026"'
REGRESSION = ', tasks=("regression",), accepts=("number",)'

HOUSES = {
    "metrics": {"metrics.py": METRICS, "plugin.py": plugin(offer("metrics", "share", "hit"), cases=METRIC_CASES)},
    "steps": {
        "preprocessors.py": STEPS,
        "plugin.py": plugin(offer("preprocessors", "center", "shift", "letters", "noise"), cases=STEP_CASES),
    },
    "sources": {
        "sources.py": SOURCES,
        "plugin.py": plugin(offer("sources", "lines"), cases=SOURCE_CASES).replace(
            "config:HouseConfig", "sources:LinesConfig"
        ),
    },
    "splitters": {
        "splitters.py": SPLITTERS,
        "plugin.py": plugin(offer("splitters", "halves"), cases=SPLITTER_CASES),
    },
    "schedules": {"schedules.py": SCHEDULES, "plugin.py": plugin(offer("schedules", "fall"))},
    "deployers": {
        "deployers.py": DEPLOYERS,
        "plugin.py": plugin(
            offer("deployers", "page", more=', traits=frozenset({"serves"})'), cases=DEPLOYER_CASES, head=DEPLOYER_HEAD
        ),
    },
    "tasks": {"tasks.py": TASKS, "plugin.py": plugin(offer("tasks", "amount"))},
    "judges": {
        "intervals.py": INTERVALS,
        "comparisons.py": COMPARISONS,
        "audits.py": AUDITS,
        "calibrators.py": CALIBRATORS,
        "plugin.py": plugin(
            offer("intervals", "drawn", more=CITED),
            offer("comparisons", "paired", more=CITED),
            offer("audits", "twins", more=CITED),
            offer("calibrators", "soften", more=', tasks=("classification",)' + CITED),
            cases='[Case("audits", "twins", claims={"severity": "warning"})]',
        ),
    },
    "likeness": {
        "fingerprints.py": FINGERPRINTS,
        "plugin.py": plugin(
            offer("fingerprints", "bright", more=', accepts=("image",)'), cases=FINGERPRINT_CASES, head=FINGERPRINT_HEAD
        ),
    },
    "rivals": {"baselines.py": BASELINES, "plugin.py": plugin(offer("baselines", "flat"))},
    "halves": {"controls.py": CONTROLS, "plugin.py": plugin(offer("controls", "halves"))},
    "pages": {
        "analyses.py": ANALYSES,
        "reporters.py": REPORTERS,
        "plugin.py": plugin(
            offer("analyses", "spread").replace("config:HouseConfig", "analyses:SpreadConfig"),
            offer("reporters", "page"),
        ),
    },
    "trackers": {"trackers.py": TRACKERS, "plugin.py": plugin(offer("trackers", "diary"))},
    "native": {
        "engines.py": ENGINES,
        "models.py": MODELS,
        "losses.py": LOSSES,
        "optimizers.py": OPTIMIZERS,
        "plugin.py": plugin(
            offer("engines", "house", "villa", more=CITED),
            offer("models", "slope", "steady", "villa-model", more=REGRESSION + CITED),
            offer("losses", "gap", "calm", "villa-loss", more=CITED),
            offer("optimizers", "roll", "easy", "villa-optimizer", more=CITED),
            cases=NATIVE_CASES,
        ),
    },
}
"""Plugin to its files."""
