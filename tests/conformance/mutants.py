"""What is broken in each mutant: check to house, file, and what stands there before and after."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """A house with one change."""

    house: str
    file: str
    before: str
    after: str


def metric(before: str, after: str) -> Mutant:
    return Mutant("metrics", "metrics.py", before, after)


def step(before: str, after: str) -> Mutant:
    return Mutant("steps", "preprocessors.py", before, after)


def source(before: str, after: str) -> Mutant:
    return Mutant("sources", "sources.py", before, after)


def splitter(before: str, after: str) -> Mutant:
    return Mutant("splitters", "splitters.py", before, after)


def deployer(before: str, after: str) -> Mutant:
    return Mutant("deployers", "deployers.py", before, after)


def task(before: str, after: str) -> Mutant:
    return Mutant("tasks", "tasks.py", before, after)


def judge(kind: str, before: str, after: str) -> Mutant:
    return Mutant("judges", f"{kind}.py", before, after)


def rival(before: str, after: str) -> Mutant:
    return Mutant("rivals", "baselines.py", before, after)


def control(before: str, after: str) -> Mutant:
    return Mutant("halves", "controls.py", before, after)


def alike(before: str, after: str) -> Mutant:
    return Mutant("likeness", "fingerprints.py", before, after)


def analysis(before: str, after: str) -> Mutant:
    return Mutant("pages", "analyses.py", before, after)


def reporter(before: str, after: str) -> Mutant:
    return Mutant("pages", "reporters.py", before, after)


def tracker(before: str, after: str) -> Mutant:
    return Mutant("trackers", "trackers.py", before, after)


MOVED = "return np.asarray(batch[name]) - self.means[name]"
RETURNED = "return {**batch, **{name: self.moved(batch, name) for name in self.columns if name in batch}}"
OWN_WAY = "    def moved(self, batch, name):"
DESCENT = "            array -= 0.01 * rate * self.velocity[name]"
TRAINER = '    """The trainer of the other engine."""\n'
ENGINE = "    def trainer(self"
SEEDED = "default_rng(seed)"
UNSEEDED = "default_rng(np.random.randint(9999))"
NO_ROWS = "        if not n:"
SOME_ROWS = "        if n < 0:"

MUTANTS = {
    "SCI-PKG-001": Mutant("metrics", "METADATA", "License-Expression: MIT\n", ""),
    "SCI-PKG-002": Mutant("metrics", "METADATA", "sci-core<9,>=0.1", "sci-core>=0.1"),
    "SCI-PKG-003": Mutant("metrics", "py.typed", "", "absent"),
    "SCI-PKG-004": Mutant("metrics", "METADATA", "Summary: A house of small components\n", ""),
    "SCI-PKG-005": Mutant("metrics", "entry_points.txt", "house = ", "villa = "),
    "SCI-PKG-006": Mutant(
        "metrics", "metrics.py", "import numpy", "from sci.plugins.records import canonical\nimport numpy"
    ),
    "SCI-PKG-008": Mutant("native", "plugin.py", 'accepts=("number",), cite="Nobody 2026"', 'accepts=("number",)'),
    "SCI-DISC-001": Mutant(
        "metrics", "plugin.py", "    return [\n        Comp", "    raise OSError\n    return [\n        Comp"
    ),
    "SCI-DISC-002": Mutant(
        "metrics",
        "plugin.py",
        "from sci.api import",
        "try:\n    import matplotlib\nexcept ImportError:\n    pass\nfrom sci.api import",
    ),
    "SCI-DISC-003": Mutant("metrics", "config.py", "from pydantic", "import matplotlib.pyplot\nfrom pydantic"),
    "SCI-DISC-004": Mutant("metrics", "plugin.py", 'summary="The share"', 'summary="The share."'),
    "SCI-DISC-005": Mutant("metrics", "plugin.py", "sci_house.metrics:Share", "sci_house.metrics:Sharp"),
    "SCI-DISC-006": Mutant("metrics", "plugin.py", "from sci.api import", 'print("hello")\nfrom sci.api import'),
    "SCI-DISC-007": Mutant(
        "metrics",
        "plugin.py",
        "    return [\n        Case(",
        '    return [\n        Case("metrics", "shard"),\n        Case(',
    ),
    "SCI-DISC-008": Mutant("schedules", "config.py", "Field(default=1.0, gt=0)", "Field(gt=0)"),
    "SCI-CFG-001": Mutant("metrics", "config.py", '\n    """How much."""', ""),
    "SCI-CFG-002": Mutant(
        "metrics", "config.py", "    size:", '    model_config = ConfigDict(extra="allow")\n    size:'
    ),
    "SCI-CFG-003": Mutant(
        "metrics",
        "config.py",
        "    size:",
        '    odd: type(print) | None = None\n    """Something odd."""\n\n    model_config = ConfigDict(arbitrary_types_allowed=True)\n    size:',
    ),
    "SCI-CFG-004": Mutant("metrics", "config.py", "default=1.0, gt=0", "default=-1.0, gt=0"),
    "SCI-CFG-005": Mutant("metrics", "config.py", "default=1.0, gt=0", "default=1.0"),
    "SCI-CFG-006": Mutant(
        "metrics", "config.py", "    size:", "    model_config = ConfigDict(frozen=False)\n    size:"
    ),
    "SCI-PRE-001": step('accepts = frozenset({"text"})', 'accepts = frozenset({"image"})'),
    "SCI-PRE-002": step("        sums, counts =", '        raise ValueError("no")\n        sums, counts ='),
    "SCI-PRE-003": step(
        RETURNED, 'self.means = {**self.means, "seen": self.means.get("seen", 0) + 1}\n        ' + RETURNED
    ),
    "SCI-PRE-004": step(
        "    def __init__(self, config, columns):\n        super().__init__(config, columns)\n        self.means = {}\n",
        "    means = {}\n",
    ),
    "SCI-PRE-005": step("sums[name] / counts[name]", "sums[name] / counts[name] + 1e-9 * np.random.random()"),
    "SCI-PRE-006": step(MOVED, "self.calls = getattr(self, 'calls', 0) + 1\n        " + MOVED + " + self.calls"),
    "SCI-PRE-007": step(MOVED, MOVED + " + (len(batch[name]) > 1)"),
    "SCI-PRE-008": step(
        "                sums[name] +=",
        "                sums[name] += 0.0 if counts[name] else float(known[0])\n                sums[name] +=",
    ),
    "SCI-PRE-009": step(
        '"means": dict(self.means)', '"means": {name: round(mean, 2) for name, mean in self.means.items()}'
    ),
    "SCI-PRE-010": step(
        "        for batch in train.batches():\n",
        "        for batch in train.batches():\n            sums, counts = dict.fromkeys(self.columns, 0.0), dict.fromkeys(self.columns, 0)\n",
    ),
    "SCI-PRE-011": step(
        'new = {name: Feature("number", dtype="float64") for name in self.columns}\n        return replace(schema, columns={**schema.columns, **new})\n\n    def fit',
        'new = {name: Feature("number", dtype="float64" if self.means else "float32") for name in self.columns}\n        return replace(schema, columns={**schema.columns, **new})\n\n    def fit',
    ),
    "SCI-PRE-012": step(MOVED, "return (np.asarray(batch[name]) - self.means[name]).astype(np.float32)"),
    "SCI-PRE-013": step(
        RETURNED,
        RETURNED.replace("return ", "found = ")
        + "\n        last = max(len(batch['id']) - 1, 1)\n        return {name: column[:last] for name, column in found.items()}",
    ),
    "SCI-PRE-014": step(MOVED, "return np.asarray(batch[name]).squeeze() - self.means[name]"),
    "SCI-PRE-015": step(MOVED, "np.asarray(batch[name]).max()\n        " + MOVED),
    "SCI-PRE-016": step("else len(text) for text", "else len(text.encode('ascii')) for text"),
    "SCI-PRE-017": step(
        "else len(text) for text in column.to_pylist()", "else len(text) for text in map(str.strip, column.to_pylist())"
    ),
    "SCI-PRE-018": step(
        RETURNED,
        "batch.update({name: self.moved(batch, name) for name in self.columns if name in batch})\n        return batch",
    ),
    "SCI-PRE-019": step(RETURNED, RETURNED.replace(" if name in batch", "")),
    "SCI-PRE-020": step("return values + self.means[column]", "return values"),
    "SCI-PRE-021": step(
        RETURNED,
        "self.batch = batch\n        time.sleep(0.005)\n        batch = self.batch\n        " + RETURNED,
    ),
    "SCI-PRE-022": step("sums[name] / counts[name] for", "sums[name] / counts[name] + hash('house') % 997 for"),
    "SCI-PRE-023": step(
        OWN_WAY,
        "    def moved(self, batch, name):\n        if os.getpid() != HERE:\n            raise OSError('another process')\n        return self.really(batch, name)\n\n    def really(self, batch, name):",
    ),
    "SCI-PRE-024": step(MOVED, "np.random.random()\n        " + MOVED),
    "SCI-PRE-025": step("random.normal(name)", "0.5"),
    "SCI-MET-001": metric(
        "return float(self.statistics(predictions).mean())", "return str(self.statistics(predictions).mean())"
    ),
    "SCI-MET-002": metric("bounds = (0.0, 1.0)", "bounds = [0.0, 1.0]"),
    "SCI-MET-003": metric("distance <= self.size", "distance < self.size"),
    "SCI-MET-004": metric("bounds = (0.0, 1.0)", "bounds = (0.0, 0.5)"),
    "SCI-MET-005": metric("higher_is_better = True", "higher_is_better = False"),
    "SCI-MET-006": metric(
        "return float(np.mean([one == other for one, other in pairs]))",
        "pairs = list(pairs)\n        return float(np.mean([one == other for one, other in pairs])) - 0.01 * (len(pairs) > 9 and pairs[0] > pairs[-1])",
    ),
    "SCI-MET-007": metric(
        '        if not len(predictions):\n            return float("nan")\n        return float(self',
        "        predictions.target()[0]\n        return float(self",
    ),
    "SCI-MET-008": metric("return sums[..., 0] / n", "return sums[..., 0] / (n + 1)"),
    "SCI-MET-009": metric(
        "[one == other for one, other in pairs]", "[one.isascii() and one == other for one, other in pairs]"
    ),
    "SCI-MET-010": metric(
        "        return float(self.statistics", "        np.random.random()\n        return float(self.statistics"
    ),
    "SCI-MET-011": Mutant("metrics", "plugin.py", 'claims={"value": 0.75}', "claims={}"),
    "SCI-SRC-001": source('return dataset({"x": numbers})', "return numbers"),
    "SCI-SRC-002": source(
        "return [float(line)", "self.calls = getattr(self, 'calls', -1) + 1\n        return [float(line) + self.calls"
    ),
    "SCI-SRC-003": source(".splitlines()", ".splitlines()[:-1]"),
    "SCI-SRC-004": source("context.resolve(self.path)", "context.directory / self.path"),
    "SCI-SRC-005": source("return [float", "(place.parent / 'cache').write_text('x')\n        return [float"),
    "SCI-SRC-006": source(
        "        numbers = self.numbers(context.resolve(self.path))\n",
        "        self.busy = getattr(self, 'busy', 0) + 1\n        time.sleep(0.01)\n        numbers = self.numbers(context.resolve(self.path))[: 5 - 2 * self.busy]\n        self.busy -= 1\n",
    ),
    "SCI-SRC-007": source('{"x": numbers}', '{"x": numbers, "salt": [hash("house") % 997] * len(numbers)}'),
    "SCI-SRC-008": source(
        "return [float", "if os.getpid() != HERE:\n            raise OSError('another process')\n        return [float"
    ),
    "SCI-SRC-009": source("return [float", "random.random()\n        return [float"),
    "SCI-SPL-001": splitter("flatnonzero(part).astype(np.int64)", "flatnonzero(part).astype(np.int32)"),
    "SCI-SPL-002": splitter("np.zeros(0, dtype=np.int64), test", "test[:1], test"),
    "SCI-SPL-003": splitter("np.zeros(0, dtype=np.int64), test", "test, np.zeros(0, dtype=np.int64)"),
    "SCI-SPL-004": splitter('Fold("split"', 'Fold(f"split-{random.random()}"'),
    "SCI-SPL-005": splitter("default_rng(seed)", "default_rng(5)"),
    "SCI-SPL-006": splitter("        train, test", "        first[0] = not first[0]\n        train, test"),
    "SCI-SPL-007": splitter('Fold("split"', "Fold(f\"split-{hash('house')}\""),
    "SCI-SPL-008": splitter("        groups =", "        random.random()\n        groups ="),
    "SCI-OPT-101": Mutant("schedules", "schedules.py", "0.5 * step", "2 * step"),
    "SCI-OPT-102": Mutant(
        "schedules",
        "schedules.py",
        "        return self.scale * (",
        "        self.calls = getattr(self, 'calls', 0) + 1\n        return (1 + 0.01 * self.calls) * self.scale * (",
    ),
    "SCI-OPT-103": Mutant("schedules", "schedules.py", '{"scale": self.scale, "best"', '{"best"'),
    "SCI-DEP-001": deployer('f"open {PLACE}"', '" "'),
    "SCI-DEP-002": deployer("exports/page/model.json", "page/model.json"),
    "SCI-DEP-003": deployer("json.dumps(found).encode()", "pickle.dumps(found)"),
    "SCI-DEP-004": deployer(
        'return run.pipeline.predict(table).column("prediction.value").to_pylist()', "return [0.0] * len(table)"
    ),
    "SCI-DEP-005": Mutant("deployers", "plugin.py", 'claims={"predict": _predict}', "claims={}"),
    "SCI-DEP-006": deployer("    def serve(", "    def served("),
    "SCI-MOD-001": Mutant("native", "models.py", ".T)[:, 0]}", ".T)}"),
    "SCI-MOD-002": Mutant("native", "models.py", "Initial(seed)", "Initial(next(COUNT))"),
    "SCI-MOD-003": Mutant("native", "models.py", "[:, 0]}", "[:, 0] + 0.01 * self.seed}"),
    "SCI-MOD-004": Mutant("native", "models.py", "[:, 0]}", "[:, 0] + (len(batch['numbers']) < 9)}"),
    "SCI-MOD-005": Mutant("native", "models.py", 'return {"weight": grad', 'return {"weight": -grad'),
    "SCI-MOD-006": Mutant(
        "native",
        "models.py",
        '    """The same for engine numpy."""',
        "    def __call__(self, batch):\n        return {self.head: super().__call__(batch)[self.head] * 1.01}",
    ),
    "SCI-MOD-007": Mutant(
        "native",
        "models.py",
        'gradients[self.head][None, :] @ batch["numbers"]',
        'gradients[self.head][None, :] @ batch["numbers"] * (1 + 1e-9 * next(COUNT))',
    ),
    "SCI-MOD-008": Mutant(
        "native",
        "models.py",
        "    def backward",
        "    def predict_step(self, batch, options):\n        found = self(batch)\n        self.parameters['weight'] += 1e-9\n        return found\n\n    def backward",
    ),
    "SCI-MOD-101": Mutant("native", "engines.py", ENGINE, "    gradients = None\n\n" + ENGINE),
    "SCI-MOD-102": Mutant(
        "native",
        "engines.py",
        ENGINE,
        "    def start(self, settings, seed):\n        return {**super().start(settings, seed), 'determinism': 'perfect'}\n\n"
        + ENGINE,
    ),
    "SCI-MOD-103": Mutant(
        "native",
        "engines.py",
        TRAINER,
        TRAINER + "\n    def run(self, steps):\n        return super().run(steps).astype(np.float32)\n",
    ),
    "SCI-MOD-104": Mutant(
        "native",
        "engines.py",
        TRAINER,
        TRAINER
        + "\n    def run(self, steps):\n        steps = [one._replace(rate=one.rate * (1 - 1e-3 * place)) for place, one in enumerate(steps)]\n        return super().run(steps)\n",
    ),
    "SCI-MOD-105": Mutant(
        "native",
        "engines.py",
        TRAINER,
        TRAINER
        + """
    def load_state(self, state):
        super().load_state(state)
        for array in self.network.parameters.values():
            array *= 1 + 1e-13
""",
    ),
    "SCI-MOD-106": Mutant(
        "native",
        "engines.py",
        TRAINER,
        TRAINER
        + """
    def _batch(self, indices, epoch):
        batch = super()._batch(indices, epoch)
        return batch if self.resident is not None else {**batch, "numbers": batch["numbers"] * 1.01}
""",
    ),
    "SCI-MOD-107": Mutant(
        "native",
        "engines.py",
        TRAINER,
        TRAINER
        + """
    def run(self, steps):
        losses = []
        for one in steps:
            self.stopped = False
            losses.append(super().run([one]))
        return np.concatenate(losses)
""",
    ),
    "SCI-MOD-108": Mutant(
        "native", "engines.py", ENGINE, "    def number_dtype(self, precision):\n        return 'float64'\n\n" + ENGINE
    ),
    "SCI-MOD-109": Mutant(
        "native",
        "engines.py",
        ENGINE,
        "    def load_state(self, network, state):\n        names = [name for name in state.arrays if name in network.parameters]\n        for name in names:\n            if state.arrays[name].shape == network.parameters[name].shape:\n                np.copyto(network.parameters[name], state.arrays[name])\n\n"
        + ENGINE,
    ),
    "SCI-MOD-110": Mutant(
        "native",
        "engines.py",
        ENGINE,
        "    def export(self, network, format, signature, directory):\n        return None\n\n" + ENGINE,
    ),
    "SCI-MOD-111": Mutant(
        "native",
        "engines.py",
        TRAINER,
        TRAINER
        + "\n    def validate(self, batch, options):\n        emitted, loss = super().validate(batch, options)\n        return emitted, loss * 1.5\n",
    ),
    "SCI-MOD-112": Mutant(
        "native",
        "engines.py",
        ENGINE,
        "    def gradients(self, network, batch, output, inputs, weights=None):\n        return {key: np.zeros_like(batch[key]) for key in inputs}\n\n"
        + ENGINE,
    ),
    "SCI-MOD-201": Mutant("native", "losses.py", "return float(share @ (error * error))", "return float('nan')"),
    "SCI-MOD-202": Mutant(
        "native",
        "losses.py",
        "return float(share @ (error * error)), {",
        "return float(len(error) * (share @ (error * error))), {",
    ),
    "SCI-MOD-203": Mutant("native", "losses.py", ", shares(batch)", ", shares({'numbers': batch['numbers']})"),
    "SCI-MOD-204": Mutant("native", "losses.py", "{self.head: 2 *", "{self.head: -2 *"),
    "SCI-MOD-205": Mutant(
        "native",
        "losses.py",
        '    """The same for engine numpy."""',
        "    def __call__(self, outputs, batch):\n        loss, slope = super().__call__(outputs, batch)\n        return loss * 1.01, slope",
    ),
    "SCI-OPT-001": Mutant("native", "optimizers.py", "array -= ", "array += "),
    "SCI-OPT-002": Mutant(
        "native",
        "optimizers.py",
        "{name: array.copy() for name, array in state.arrays.items()}",
        "{name: 0 * array for name, array in state.arrays.items()}",
    ),
    "SCI-OPT-003": Mutant(
        "native",
        "optimizers.py",
        '    """The same for engine numpy."""',
        "    def step(self, gradients, rate):\n        super().step(gradients, 0.5 * rate)",
    ),
    "SCI-OPT-004": Mutant("native", "optimizers.py", "0.01 * rate * self", "0.01 * self"),
    "SCI-OPT-005": Mutant(
        "native", "optimizers.py", "array -= 0.01 * rate", "array -= (0.01 + 1e-9 * next(COUNT)) * rate"
    ),
    "SCI-SRC-010": source("        return dataset", "        numbers[0]\n        return dataset"),
    "SCI-SRC-011": source("return [float", "str(place).encode('ascii')\n        return [float"),
    "SCI-SPL-009": splitter(
        "        names = np.unique",
        "        [name.encode('ascii') for name in groups.tolist()]\n        names = np.unique",
    ),
    "SCI-TSK-001": task("    def fit(", "    def request(self, schema):\n        return schema\n\n    def fit("),
    "SCI-TSK-002": task("+ self.middle}", "+ self.middle, 'middle': np.full(len(raw['value']), self.middle)}"),
    "SCI-TSK-003": task('meta={"middle": self.middle}', 'meta={"middle": round(self.middle, 2)}'),
    "SCI-TSK-004": task('return {"middle": self.middle}', 'return {"middle": np.array([self.middle])}'),
    "SCI-TSK-005": task("+ self.middle}", "+ self.middle * (len(raw['value']) > 1)}"),
    "SCI-TSK-006": task("raise DataError(", "DataError("),
    "SCI-TSK-007": task('("mean-absolute-error",)', '("accuracy",)'),
    "SCI-CAL-001": judge("calibrators", "/ chances.shape[1]}", "/ chances.shape[1], 'label': chances}"),
    "SCI-CAL-002": judge("calibrators", " + (1 - share) / chances.shape[1]", ""),
    "SCI-CAL-003": judge("calibrators", 'meta={"share": self.share}', 'meta={"share": round(self.share, 2)}'),
    "SCI-CAL-004": judge("calibrators", "/ 1.1", "/ (1.1 + 1e-9 * np.random.random())"),
    "SCI-CAL-005": judge(
        "calibrators", "self.share\n        return", "self.share * (len(predictions['label']) > 1)\n        return"
    ),
    "SCI-CAL-006": judge(
        "calibrators",
        "        chances, share =",
        "        predictions['seen'] = predictions['label']\n        chances, share =",
    ),
    "SCI-INT-001": judge("intervals", 'confidence, "bootstrap"', '0.95, "bootstrap"'),
    "SCI-INT-002": judge("intervals", "float(low), float(high)", "float(low) + 1, float(high) + 1"),
    "SCI-INT-003": judge("intervals", SEEDED, UNSEEDED),
    "SCI-INT-004": judge("intervals", "[(1 - confidence) / 2, (1 + confidence) / 2]", "[0.05, 0.95]"),
    "SCI-INT-005": judge("intervals", "integers(n, size=n)", "integers(n, size=40)"),
    "SCI-INT-006": judge("intervals", "Range(nan, nan,", "Range(0.0, 1.0,"),
    "SCI-CMP-001": judge("comparisons", "value = sign *", "value ="),
    "SCI-CMP-002": judge(
        "comparisons", "        value =", "        high += 5 * (metric(a) > metric(b))\n        value ="
    ),
    "SCI-CMP-003": judge("comparisons", "(found >= 0)", "(found > 0)"),
    "SCI-CMP-004": judge("comparisons", "min(1.0, 2 * float(min(worse, better)))", "2.5 * float(max(worse, better))"),
    "SCI-CMP-005": judge("comparisons", SEEDED, UNSEEDED),
    "SCI-CMP-006": judge("comparisons", NO_ROWS, SOME_ROWS),
    "SCI-AUD-001": judge("audits", '"warning"', '"bad"'),
    "SCI-AUD-002": judge("audits", "dataset.ids[first[counts > 1]]", "first[counts > 1]"),
    "SCI-AUD-003": judge(
        "audits", 'occur twice", (names[0],), rows', "occur twice, in {dataset.column('city')[0]}\", (names[0],), rows"
    ),
    "SCI-AUD-004": judge("audits", "numbers occur", "numbers of {np.random.random()} occur"),
    "SCI-AUD-005": judge(
        "audits", "        values =", "        assert not np.isnan(dataset.column(names[0])).any()\n        values ="
    ),
    "SCI-AUD-006": judge("audits", '"warning"', '"note"'),
    "SCI-FPR-001": alike("astype(np.uint64)\n", "astype(np.int64)\n"),
    "SCI-FPR-002": alike("values = bits", "values = np.uint64(1000 * len(column)) + bits"),
    "SCI-FPR-003": alike("likeness = 0.9", "likeness = 0.1"),
    "SCI-BAS-001": rival('"training": {}}', '"training": {}, "seed": 8}'),
    "SCI-BAS-002": rival("        return {", "        experiment['seen'] = True\n        return {"),
    "SCI-BAS-003": rival('"constant"', '"constnat"'),
    "SCI-CTL-001": control("np.arange(len(validation))", "np.arange(len(validation) + 1)"),
    "SCI-CTL-002": control(SEEDED, UNSEEDED),
    "SCI-CTL-003": control('Conclusion(f"{metric} is {model.value}', 'Conclusion(f"{metric} is {round(model.value)}'),
    "SCI-CTL-004": control("one.scores[metric]", 'one.scores["measure"]'),
    "SCI-ANA-001": analysis('"spread", "data"', '"spread", "nowhere"'),
    "SCI-ANA-002": analysis('Figure(PLACE, "', 'Figure("figures/inputs.svg", "'),
    "SCI-ANA-003": analysis(
        "        words =", "        (context.directory / 'notes.txt').write_text('x')\n        words ="
    ),
    "SCI-ANA-004": analysis("{words}<", "{words} {time.perf_counter_ns()}<"),
    "SCI-ANA-005": analysis(
        "study.schema.inputs))\n", "study.schema.inputs)).replace('&lt;kit-mark&gt;', '<kit-mark></kit-mark>')\n"
    ),
    "SCI-ANA-006": analysis("self.columns, list", "None, list"),
    "SCI-REP-001": reporter('return ["page.html"]', 'return ["page.htm"]'),
    "SCI-REP-002": reporter(
        "        lines =", "        (context.directory / 'notes.txt').write_text('x')\n        lines ="
    ),
    "SCI-REP-003": reporter("{escape(line)}", "{line}"),
    "SCI-REP-004": reporter("for found in findings", "for found in findings[:0]"),
    "SCI-REP-005": reporter("        lines = [", "        lines = [str(time.perf_counter_ns()), "),
    "SCI-REP-006": reporter(
        "file.write(page.encode())", "file.write(page.encode() + b'<script src=\"https://example.org/a.js\"></script>')"
    ),
    "SCI-TRK-001": tracker("    def run_finished", "    stage_started = None\n\n    def run_finished"),
    "SCI-TRK-002": tracker('        context.append("diary.txt", b"finished")', "        raise OSError('full')"),
    "SCI-TRK-003": tracker(
        'context.append("diary.txt", b"finished")', 'pathlib.Path("diary.txt").write_bytes(b"finished")'
    ),
    "SCI-TRK-004": tracker('b"judged")', 'b"judged")\n        evaluation.scores.pop("validation", None)'),
}
"""Check to its mutant."""
