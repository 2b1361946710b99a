"""Plugins that nobody should install."""

from __future__ import annotations

import importlib
import json
import os
import pathlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from typing import NamedTuple

import pytest

FILE = "probe.yaml"
BASE = """\
format: 1
name: probe
seed: 7
task: regression
data:
  source: {name: generated, recipe: linear, rows: 60}
  target: y
  split: {name: random, validation: 0.1, test: 0.2}
preprocessing:
  - standardize
model: linear
engine: numpy
training: {optimizer: {name: adam, learning_rate: 0.01}, epochs: 2}
evaluation: {metrics: [rmse], baselines: []}
report: []
"""
MARK = "▸"
"""Stands before the component that the message must point at."""

METRIC = ("[rmse]", f"[rmse, {MARK}tone]")
SPEC = """
from sci.api import ComponentSpec, hookimpl

@hookimpl
def sci_{kind}():
    return [ComponentSpec("tone", {target})]
"""
NATIVE = ("models", "losses", "optimizers")


class Site:
    """A folder on the import path that holds distributions, as site-packages does."""

    def __init__(self, path: pathlib.Path) -> None:
        self.path = path

    def add(
        self, source: str, work: str = "", *, name: str = "odd", entry: str = "", requires: str = "sci-core>=0.1"
    ) -> None:
        """Install distribution ``sci-<name>`` 1.0 with a light module and, beside it, the module `work`."""
        info = self.path / f"sci_{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: sci-{name}\nVersion: 1.0\nRequires-Dist: {requires}\n"
        )
        (info / "entry_points.txt").write_text(f"[sci.plugins]\n{entry or name} = sci_{name}.plugin\n")
        (info / "RECORD").write_text("")
        package = self.path / f"sci_{name}"
        package.mkdir()
        for module, text in (("__init__", ""), ("plugin", source), ("work", work)):
            (package / f"{module}.py").write_text(textwrap.dedent(text))


@pytest.fixture
def site(tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty folder on `sys.path`; what is imported from it is forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield Site(folder)
    for name in [name for name in sys.modules if name.partition(".")[0] in ("sci_odd", "sci_other")]:
        del sys.modules[name]


def spec(kind: str, target: str = "work:Odd") -> str:
    """A light module that offers `tone`, of one kind, for engine numpy where the kind is native."""
    module, _, attribute = target.partition(":")
    whole = f"sci_odd.{module}:{attribute}"
    return SPEC.format(kind=kind, target=repr({"numpy": whole}) if kind in NATIVE else repr(whole))


def written(folder: pathlib.Path, *edits: tuple[str, str]) -> str:
    """Write the base file with these changes; the place of the mark in it."""
    text = BASE
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / FILE).write_text(text.replace(MARK, ""))
    if MARK not in text:
        return ""
    before = text[: text.index(MARK)].split("\n")
    return f"{FILE}:{len(before)}:{len(before[-1]) + 1}"


BROKEN = {
    "P1 exception": ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
    "P1 missing module": ("import sci_nowhere", "No module named 'sci_nowhere'"),
    "P1 syntax": ("def broken(:", "SyntaxError"),
    "P1 assertion": ("assert False, 'never'", "AssertionError: never"),
    "P1 recursion": ("f = lambda n: f(n + 1)\nf(0)", "RecursionError"),
    "P1 framework": ("import jax", "jax"),
    "P1 control characters": ("raise RuntimeError('\\x1b[2J\\u202eno')", "RuntimeError"),
    "P1 a long story": ("raise RuntimeError('no ' * 10**6)", "RuntimeError: no no"),
    "P1 no message": ("class E(Exception):\n    def __str__(self): raise ValueError\nraise E", "E"),
    "P2 exit": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "P2 exit without a fault": ("import sys; sys.exit(0)", "SystemExit"),
    "P2 base exception": ("raise BaseException('low')", "BaseException: low"),
    "P2 generator exit": ("raise GeneratorExit", "GeneratorExit"),
    "P4 unknown argument": ("@hookimpl\ndef sci_models(kind): return []", "`sci_models` has no argument `kind`"),
    "P4 of a stage": (
        "@hookimpl(wrapper=True)\ndef sci_train(context, rows): yield", "`sci_train` has no argument `rows`",
    ),
    "P4 default": ("@hookimpl\ndef sci_stage_started(context=None): ...", "`sci_stage_started` gives `context`"),
    "P5 misspelt hook": ("@hookimpl\ndef sci_modles(): return []", "no hook `sci_modles`; did it mean `sci_models`?"),
    "P5 not callable": ("sci_models = []", "`sci_models` is a list"),
    "P5 async": ("@hookimpl\nasync def sci_models(): return []", "`sci_models` is async"),
    "P5 unmarked": ("def sci_models(): return []", "`sci_models` is not marked with @hookimpl"),
    "P5 replaces a stage": ("@hookimpl\ndef sci_train(context, prepared): return 1", "wrapper=True"),
    "P5 old wrapper": ("@hookimpl(hookwrapper=True)\ndef sci_load(context): yield", "old-style hookwrapper"),
    "P5 no yield": ("@hookimpl(wrapper=True)\ndef sci_load(context): return 1", "`sci_load` does not yield"),
    "P9 hook raises": ("@hookimpl\ndef sci_models(): raise ValueError('oops')", "ValueError: oops"),
    "P9 hook returns None": ("@hookimpl\ndef sci_models(): return None", "`sci_models` returns None"),
    "P9 hook returns text": ("@hookimpl\ndef sci_models(): return 'bert'", "`sci_models` returns a str"),
    "P9 hook returns a number": ("@hookimpl\ndef sci_models(): return float('nan')", "`sci_models` returns a float"),
    "P9 bad name": ("@hookimpl\ndef sci_audits(): return [ComponentSpec('../up', 'a:b')]", "'../up'"),
    "P9 code as target": ("@hookimpl\ndef sci_audits(): return [ComponentSpec('up', 'os:system(1)')]", "os:system(1)"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "cause"), BROKEN.values(), ids=BROKEN)
def test_a_broken_plugin_matters_only_where_it_is_needed(sci, refused, site, work, source, cause):
    """Exit 4 with the place of its component and the cause; one line on standard error for everybody else."""
    site.add(spec("metrics") + source)
    written(work)
    other = sci("check", FILE, "--json")
    listed = sci("plugins", "list", "--json").document["plugins"]

    place = written(work, METRIC)
    result = refused("check", FILE, exit=4, place=place, words=["`tone` comes from sci-odd 1.0", "cannot be loaded"])

    assert other.code == 0
    assert other.document["ready"]
    [warning] = other.err.splitlines()
    assert warning.startswith("warning: sci-odd 1.0 is broken and left out (")
    assert {plugin["status"] for plugin in listed} == {"installed"}
    assert cause in " ".join(result.err.split())
    assert len(result.err) < 3_000
    assert not set(result.err + other.err) & {"\x1b", "\u202e"}


@pytest.mark.parametrize(
    ("source", "cause"),
    [
        ("import os; os._exit(0)", "ends the program while it is loaded (exit code 0)"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashes the interpreter while it is loaded"),
        ("import os; os.abort()", "crashes the interpreter while it is loaded"),
        ("while True: pass", "does not finish loading within 1 s"),
        ("import time; time.sleep(600)", "does not finish loading within 1 s"),
        ("import subprocess; subprocess.run(['sleep', '600'])", "does not finish loading within 1 s"),
    ],
)
def test_the_doctor_survives_what_ends_or_stops_the_program(process, site, source, cause):
    """P2: each plugin is loaded in a process of its own."""
    site.add(spec("metrics") + source)

    result = process("plugins", "doctor", "sci-odd", "--timeout", "1", path=[site.path])

    assert result.code == 4
    assert cause in " ".join(result.out.split())
    assert "tone" in result.out


@pytest.mark.parametrize("source", ["import os; os._exit(0)", "while True: pass"])
def test_a_plugin_that_ends_the_program_can_be_left_out_without_its_help(process, site, work, source):
    """P2: it is named by `plugins list`, which imports nothing, and disabled before it is imported."""
    site.add(source)
    written(work)

    listed = process("plugins", "list", path=[site.path])
    checked = process("check", FILE, path=[site.path], SCI_DISABLE_PLUGINS="sci-odd")

    assert "sci-odd 1.0" in listed.out
    assert (listed.code, checked.code) == (0, 0)


NOISE = {
    "print": "print('noise')",
    "descriptor": "import os; os.write(1, b'noise')",
    "child": "import subprocess; subprocess.run(['echo', 'noise'])",
    "C library": "import ctypes; ctypes.CDLL(None).puts(b'noise'); ctypes.CDLL(None).fflush(None)",
    "kept stream": "import sys; print('noise', file=sys.__stdout__)",
    "another stream": "import sys, io; sys.stdout = io.StringIO()",
    "closed stream": "import sys; sys.stdout.close()",
    "closed descriptor": "import os; os.close(1)",
    "logging": "import logging, sys; logging.basicConfig(stream=sys.stdout, level=0); logging.warning('noise')",
}


@pytest.mark.parametrize("source", NOISE.values(), ids=[f"P3 {name}" for name in NOISE])
def test_what_a_plugin_prints_while_it_is_imported_stays_out_of_the_results(process, site, work, source):
    site.add(spec("metrics") + source)
    written(work)

    result = process("check", FILE, "--json", path=[site.path])

    assert result.code == 0
    assert result.document["ready"]


TALKER = """
class Odd:
    higher_is_better = True
    bounds = (None, None)
    def __init__(self, config):
        {source}
    def __call__(self, predictions):
        {source}
        return 1.0
"""


@pytest.mark.parametrize("name", ["print", "descriptor", "kept stream", "logging"])
def test_what_a_component_prints_while_it_works_stays_out_of_the_results(process, site, work, name):
    """P3, L6: the result of `run --json` is one document whatever a metric prints."""
    site.add(spec("metrics"), TALKER.format(source=NOISE[name]) + NOISE[name])
    written(work, METRIC)

    checked = process("check", FILE, "--batch", "--json", path=[site.path])
    result = process("run", FILE, "--json", path=[site.path])

    assert (checked.code, result.code) == (0, 0)
    assert checked.document["ready"]
    assert result.document["status"] == "finished"


def test_two_plugins_with_one_component_are_both_named(refused, sci, site, work):
    """P6: nothing wins by coming first; it does not matter where the component is not used."""
    site.add(spec("metrics"))
    site.add(spec("metrics").replace("sci_odd", "sci_other"), name="other")
    written(work)
    other = sci("check", FILE)
    place = written(work, METRIC)

    result = refused("check", FILE, exit=4, place=place, words=["`tone`"])

    assert other.code == 0
    assert "sci-odd 1.0" in result.headline
    assert "sci-other 1.0" in result.headline


def test_two_plugins_with_one_name_are_both_left_out(refused, sci, site, work):
    """P6: the entry point is what people type; two of it are none."""
    site.add(spec("metrics"))
    site.add(spec("audits").replace("sci_odd", "sci_other"), name="other", entry="odd")
    written(work)
    other = sci("check", FILE)
    place = written(work, METRIC)

    result = refused("check", FILE, exit=4, place=place, words=["`tone` comes from sci-odd 1.0"])

    assert other.code == 0
    assert "sci-odd 1.0 and sci-other 1.0" in " ".join(result.err.split())


@pytest.mark.parametrize("kind", ["metrics", "preprocessors", "models"])
def test_a_standard_name_cannot_be_taken_over(refused, site, work, kind):
    """P7: whoever offers `rmse` once more makes `rmse` an error that names both; it is never replaced in silence."""
    name, edit = {
        "metrics": ("rmse", ("[rmse]", f"[{MARK}rmse]")),
        "preprocessors": ("standardize", ("- standardize", f"- {MARK}standardize")),
        "models": ("linear", ("model: linear", f"model: {MARK}linear")),
    }[kind]
    site.add(spec(kind).replace('"tone"', f'"{name}"'))
    place = written(work, edit)

    refused("check", FILE, exit=4, place=place, words=[f"`{name}`", "sci-odd 1.0"])


class Case(NamedTuple):
    """A component that misbehaves: its kind, its code, where the experiment names it, and what is said."""

    id: str
    kind: str
    code: str
    edit: tuple[str, str]
    words: tuple[str, ...]


def component(id: str, kind: str, code: str, *words: str) -> Case:
    edits = {
        "metrics": METRIC,
        "preprocessors": ("- standardize", f"- standardize\n  - {MARK}tone"),
        "sources": ("{name: generated, recipe: linear, rows: 60}", f"{MARK}tone"),
        "splitters": ("{name: random, validation: 0.1, test: 0.2}", f"{MARK}tone"),
        "models": ("model: linear", f"model: {MARK}tone"),
        "losses": ("epochs: 2}", f"epochs: 2, loss: {MARK}tone}}"),
        "optimizers": ("{name: adam, learning_rate: 0.01}", f"{MARK}tone"),
        "schedules": ("epochs: 2}", f"epochs: 2, schedule: {MARK}tone}}"),
        "analyses": ("report: []", f"report: []\nanalysis: [{MARK}tone]"),
        "reporters": ("report: []", f"report: [{MARK}tone]"),
        "deployers": ("report: []", f"report: []\ndeploy: [{MARK}tone]"),
        "calibrators": ("report: []", f"report: []\ncalibration: [{MARK}tone]"),
        "intervals": ("baselines: []", f"baselines: [], interval: {MARK}tone"),
    }
    return Case(id, kind, textwrap.dedent(code), edits[kind], words)


def metric(answer: str) -> str:
    return f"""
        import numpy as np
        class Odd:
            higher_is_better = True
            bounds = (None, None)
            def __init__(self, config): pass
            def __call__(self, predictions): {answer}
    """


def step(body: str) -> str:
    return f"""
        import numpy as np
        from sci.api import Preprocessor, State
        class Odd(Preprocessor):
            {body}
    """


def working(*lines: str) -> str:
    """A component with these lines in its class."""
    body = "\n".join(f"    {line}" for line in lines)
    return f"import numpy as np\nfrom sci.api import Fold\nclass Odd:\n    def __init__(self, config): pass\n{body}\n"


def splitting(answer: str) -> str:
    """A splitter that returns this."""
    return working(
        "def split(self, dataset, context, seed):",
        "    r = np.arange(100)",
        f"    return {answer}",
        "def parts(self): return {}",
    )


WORK = [
    component("P9 metric raises", "metrics", metric("raise KeyError('x')"), "sci-odd 1.0 has failed in tone"),
    component("P9 metric returns None", "metrics", metric("return None"), "tone", "None"),
    component("P9 metric returns text", "metrics", metric("return 'good'"), "tone"),
    component("P9 metric returns an array", "metrics", metric("return np.zeros(3)"), "tone"),
    component("P9 metric cannot be made", "metrics", "class Odd: pass", "sci-odd 1.0 has failed", "tone"),
    component("P9 metric without a direction", "metrics",
              "class Odd:\n    def __init__(self, config): pass\n    def __call__(self, predictions): return 1.0", "tone"),
    component("P9 step raises", "preprocessors", step("def fit(self, train): 1 / 0"),
              "sci-odd 1.0 has failed in tone.fit"),
    component("P9 step returns None", "preprocessors", step("def transform(self, batch, random=None): return None"),
              "tone"),
    component("P9 step loses a column", "preprocessors",
              step("def transform(self, batch, random=None): return {'id': batch['id']}"), "tone", "`x1`"),
    component("P9 step loses a row", "preprocessors",
              step("def transform(self, batch, random=None): return {name: c[1:] for name, c in batch.items()}"),
              "tone", "rows"),
    component("P9 step returns another shape", "preprocessors",
              step("def transform(self, batch, random=None): return {**batch, 'x1': np.zeros((len(batch['id']), 2))}"),
              "tone", "`x1`"),
    component("P9 step returns text", "preprocessors",
              step("def transform(self, batch, random=None): return {**batch, 'x1': np.array(['a'] * len(batch['id']))}"),
              "tone", "`x1`"),
    component("P9 step promises another schema", "preprocessors",
              step("def output_schema(self, schema): return None"), "tone"),
    component("P9 step is no step", "preprocessors", "def Odd(config, columns): return 7", "tone"),
    component("P9 source raises", "sources", working("def read(self, context): raise OSError('gone')"),
              "sci-odd 1.0 has failed in tone.read"),
    component("P9 source returns None", "sources", working("def read(self, context): return None"),
              "tone returned NoneType, no Dataset"),
    component("P9 source returns a table", "sources",
              working("def read(self, context): return {'x': [1, 2]}"), "tone returned dict, no Dataset"),
    component("P9 splitter returns None", "splitters", splitting("None"), "tone returned NoneType, no list of Fold"),
    component("P9 splitter returns no fold", "splitters", splitting("[]"), "tone returned no fold"),
    component("P9 splitter returns words", "splitters", splitting("['a']"), "tone returned str, no list of Fold"),
    component("P9 splitter overlaps", "splitters", splitting("[Fold('f', r[:40], r[40:50], r[45:60])]"),
              "tone put a row into two parts"),
    component("P9 splitter invents a row", "splitters", splitting("[Fold('f', r[:40], r[40:50], r[50:61])]"),
              "tone named a row that does not exist"),
    component("P9 splitter counts backwards", "splitters", splitting("[Fold('f', r[:40], r[40:50], r[:5] - 9)]"),
              "tone named a row that does not exist"),
    component("P9 splitter names rows by fractions", "splitters", splitting("[Fold('f', r[:40] * 1.0, r[40:50], r[50:60])]"),
              "tone names rows of f by something other than whole numbers"),
    component("P9 model raises", "models", "def Odd(config, inputs, heads, seed): raise ValueError('no')",
              "sci-odd 1.0 has failed in tone.build"),
    component("P9 model is None", "models", "def Odd(config, inputs, heads, seed): return None", "tone"),
    component("P9 loss raises", "losses", "def Odd(config, heads): raise ValueError('no')", "sci-odd 1.0", "tone"),
    component("P9 loss returns None", "losses", "def Odd(config, heads): return lambda outputs, batch: None", "tone"),
    component("P9 optimizer raises", "optimizers", "def Odd(config, parameters): raise ValueError('no')", "tone"),
    component("P9 optimizer is None", "optimizers", "def Odd(config, parameters): return None", "tone"),
    component("P9 schedule returns None", "schedules",
              working("def factor(self, step, total): return None"), "tone"),
    component("P9 schedule returns NaN", "schedules",
              working("def factor(self, step, total): return float('nan')"), "tone"),
    component("P9 analysis raises", "analyses", working("def analyze(self, study, context): 1 / 0"),
              "sci-odd 1.0 has failed in tone.analyze"),
    component("P9 analysis returns None", "analyses",
              working("def analyze(self, study, context): return None"), "tone"),
    component("P9 analysis returns words", "analyses",
              working("def analyze(self, study, context): return ['fine']"), "tone"),
    component("P9 reporter raises", "reporters", working("def report(self, study, findings, context): 1 / 0"), "sci-odd 1.0 has failed in tone.report"),
    component("P9 reporter returns None", "reporters", working("def report(self, study, findings, context): return None"), "tone"),
    component("P9 reporter climbs", "reporters", working(
              "def report(self, study, findings, context):", "    with context.write('../../evil.html') as file: pass"),
              "evil.html"),
    component("P9 deployer returns None", "deployers",
              working("def deploy(self, pipeline, context): return None"), "tone"),
    component("P9 calibrator returns None", "calibrators", """
              from sci.api import State
              class Odd:
                  def __init__(self, config): pass
                  def fit(self, predictions): pass
                  def transform(self, decoded, info): return None
                  def state(self): return State()
                  def load_state(self, state): pass
              """, "tone"),
    component("P9 interval returns None", "intervals", working("def interval(self, metric, predictions, confidence, seed): return None"), "tone"),
    component("P9 target is missing", "metrics", "", "`tone`", "no `Odd`"),
    component("P9 target is no class", "metrics", "Odd = 7", "`tone`", "a int, not something to call"),
    component("P9 target exits", "metrics", "import sys; sys.exit(0)", "sci-odd 1.0 has failed", "`tone`"),
    component("P16 missing library", "metrics", "import sci_nowhere_to_be_found", "sci_nowhere_to_be_found"),
]  # fmt: skip


@pytest.mark.parametrize("case", WORK, ids=[case.id for case in WORK])
def test_a_component_that_fails_is_named_with_its_plugin(refused, site, work, case):
    """P9: exit 4, the place where the experiment names it, and no traceback."""
    site.add(spec(case.kind), case.code)
    place = written(work, case.edit)

    result = refused("run", FILE, exit=4, place=place, words=case.words, begun=True)

    assert "it is not your doing" not in result.err
    assert not list(work.rglob("evil*"))


def weights(result) -> str:
    """Hash of the weights of a run that went well."""
    assert result.code == 0, result.err
    found = json.loads((pathlib.Path(result.document["run"]) / "sci.lock").read_text())["weights"]
    return json.dumps(found)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The weights of the base file, which no metric changes."""
    folder = tmp_path_factory.mktemp("plain")
    written(folder)
    command = [sys.executable, "-m", "sci", "run", FILE, "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return json.dumps(json.loads((folder / json.loads(done.stdout)["run"] / "sci.lock").read_text())["weights"])


MEDDLERS = {
    "NumPy's random numbers": "np.random.seed(0); np.random.random(7)",
    "Python's random numbers": "import random; random.seed(0); random.random()",
    "the current folder": "os.chdir('/')",
    "the environment": "os.environ.update(SCI_DISABLE_PLUGINS='*', OMP_NUM_THREADS='7'); os.environ.pop('HOME', None)",
    "NumPy's errors": "np.seterr(all='raise')",
    "warnings": "import warnings; warnings.simplefilter('error')",
    "the recursion limit": "import sys; sys.setrecursionlimit(200)",
    "the locale": "import locale; locale.setlocale(locale.LC_ALL, 'C')",
    "the mask of new files": "os.umask(0o777)",
    "signals": "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGINT, signal.SIG_IGN)",
}


@pytest.mark.parametrize("source", MEDDLERS.values(), ids=[f"P10 {name}" for name in MEDDLERS])
def test_a_component_that_meddles_changes_no_result(process, site, work, source, plain):
    """P10: random numbers, the current folder, the environment and the rest are the program's own."""
    written(work, METRIC)
    site.add(spec("metrics"), ANSWER.replace("pass", source))

    result = process("run", FILE, "--json", path=[site.path])

    assert weights(result) == plain
    assert (work / result.document["run"] / "metrics.json").is_file()


def test_a_plugin_that_meddles_with_everything_while_it_is_imported_changes_no_result(process, site, work, plain):
    """P10: the same before the experiment is even read."""
    written(work, METRIC)
    site.add("\n".join(["import os", "import numpy as np", *MEDDLERS.values(), spec("metrics")]), ANSWER)

    result = process("run", FILE, "--json", path=[site.path])

    assert weights(result) == plain
    assert (work / result.document["run"] / "metrics.json").is_file()


ANSWER = """
import importlib
import json
import os
import numpy as np
class Odd:
    higher_is_better = True
    bounds = (None, None)
    def __init__(self, config): pass
    def __call__(self, predictions):
        pass
        return 1.0
"""

SPOILERS = {
    "the columns": "for name in ('x1', 'x2'): batch[name][:] = 7.0",
    "the ids": "batch['id'][:] = 0",
    "the mapping": "batch.clear()",
    "the target": "batch['y'][:] = 0.0 if 'y' in batch else 0",
}


@pytest.mark.parametrize("source", SPOILERS.values(), ids=[f"P10 {name}" for name in SPOILERS])
def test_a_step_cannot_spoil_the_rows_of_others(refused, sci, site, work, source):
    """P10: a step that writes into what it was given fails, or changes nothing for anybody else."""
    site.add(spec("preprocessors"), step("def transform(self, batch, random=None): return dict(batch)"))
    component = site.path / "sci_odd" / "work.py"
    place = written(work, ("  - standardize", f"  - {MARK}tone\n  - standardize"))
    plain = weights(sci("run", FILE, "--json"))
    lines = [*component.read_text().splitlines()[:-1],
             "    def transform(self, batch, random=None):", "        result = dict(batch)", f"        {source}",
             "        return result"]  # fmt: skip
    component.write_text("\n".join(lines) + "\n")
    sys.modules.pop("sci_odd.work")
    importlib.invalidate_caches()

    result = sci("run", FILE, "--json")

    if result.code == 0:
        assert weights(result) == plain
    else:
        assert result.code == 4
        assert result.headline.startswith(f"{place}: error: sci-odd 1.0 has failed in tone.transform")


UNSTORABLE = {
    "an object": "State(meta={'x': object()})",
    "a set": "State(meta={'x': {1, 2}})",
    "not a number": "State(meta={'x': float('nan')})",
    "an array of objects": "State({'x': np.array([object()])})",
    "an array of text": "State({'x': np.array(['a'])})",
    "a list for an array": "State({'x': [1, 2]})",
    "None": "None",
    "a mapping": "{}",
}


@pytest.mark.parametrize("state", UNSTORABLE.values(), ids=[f"P11 {name}" for name in UNSTORABLE])
def test_a_state_that_cannot_be_stored_is_known_before_the_first_step(refused, site, work, state):
    """P11: nothing is trained for hours and then lost."""
    site.add(spec("preprocessors"), step(f"def state(self): return {state}"))
    place = written(work, ("- standardize", f"- standardize\n  - {MARK}tone"), ("epochs: 2", "epochs: 1000000"))

    result = refused("run", FILE, exit=4, place=place, words=["sci-odd 1.0 has failed in tone.state"], begun=True)

    assert "epoch" not in result.err


def test_what_an_optimizer_cannot_store_is_known_before_the_first_step(refused, site, work):
    """P11: the same for what only a checkpoint holds."""
    site.add(spec("optimizers"), """
        from sci.api import State
        class Odd:
            def __init__(self, config, parameters): self.parameters = parameters
            def step(self, gradients, rate): pass
            def state(self): return State(meta={'moment': object()})
            def load_state(self, state): pass
    """)  # fmt: skip
    written(work, ("{name: adam, learning_rate: 0.01}", "tone"), ("epochs: 2", "epochs: 1000000"))

    result = refused("run", FILE, exit=4, place=f"{FILE}:11:8", words=["has failed in"], begun=True)

    assert "epoch" not in result.err


POLICIES = {
    "no YAML": (b"plugins: [", "policy.yaml:1:", "not YAML"),
    "a tab": (b"plugins:\n\tdeny: [a]\n", "policy.yaml:2:1", "not YAML"),
    "empty": (b"", "policy.yaml", "is empty"),
    "only a comment": (b"# nothing\n", "policy.yaml", "is empty"),
    "a list": (b"- deny\n", "policy.yaml:1:1", "here stand the keys"),
    "an unknown key": (b"plugins: {denny: [a]}\n", "policy.yaml:1:11", "`denny`"),
    "a key twice": (b"plugins: {deny: [a], deny: [b]}\n", "policy.yaml:1:22", "given twice"),
    "a word for a list": (b"plugins: {deny: a}\n", "policy.yaml:1:17", "a list"),
    "an empty word": (b"plugins: {deny: ['']}\n", "policy.yaml:1:18", "one word"),
    "a mapping in a list": (b"plugins: {deny: [{a: b}]}\n", "policy.yaml:1:18", "one word"),
    "an unknown mode": (b"plugins: {mode: close}\n", "policy.yaml:1:17", "`close`"),
    "allow without effect": (b"plugins: {mode: open, allow: [a]}\n", "policy.yaml:1:", "no effect"),
    "no such kind": (b"components: {deny: [widgets/a]}\n", "policy.yaml:1:21", "`widgets/a`"),
    "no requirement": (b"plugins: {require: ['sci-text >>1']}\n", "policy.yaml:1:21", "no requirement"),
    "expired": (b"expires: 2020-01-31\n", "policy.yaml:1:10", "expired on 2020-01-31"),
    "no date": (b"expires: soon\n", "policy.yaml:1:10", "`soon`"),
    "a tag": (b"plugins: {deny: [!!python/name:os.system a]}\n", "policy.yaml:1:", ""),
    "nested a thousandfold": (b"plugins: " + b"[" * 1000, "policy.yaml", "YAML"),
    "an alias bomb": (b"a: &a [x, x]\n" + b"".join(b"b%d: &b%d [*a, *a]\n" % (i, i) for i in range(99)), "policy.yaml:1:1", "`a`"),
    "UTF-16": ("plugins: {deny: [a]}\n".encode("utf-16"), "policy.yaml", "not UTF-8"),
    "Latin-1": ("message: caf\xe9\n".encode("latin-1"), "policy.yaml", "not UTF-8"),
    "NUL": (b"message: a\0b\n", "policy.yaml", ""),
    "too large": (b"# " + b"x" * 300_000, "policy.yaml", "larger than"),
}  # fmt: skip


@pytest.mark.parametrize("verb", [["check", FILE], ["run", FILE], ["plugins", "list"]], ids=["check", "run", "plugins"])
@pytest.mark.parametrize(("text", "place", "words"), POLICIES.values(), ids=[f"P14 {name}" for name in POLICIES])
def test_under_a_policy_that_cannot_be_understood_nothing_runs(sci, site, work, text, place, words, verb):
    """P14: exit 9, and no plugin is imported."""
    site.add(f"open({str(work / 'canary')!r}, 'w')")
    written(work)
    (work / "policy.yaml").write_bytes(text)

    result, document = sci(*verb), sci(*verb, "--json")

    assert (result.code, result.out, document.code) == (9, "", 9)
    assert result.headline.startswith(place)
    assert words in result.headline
    assert document.document["error"]["exit"] == 9
    assert not (work / "canary").exists()
    assert not (work / "runs").exists()


PLACES = {
    "folder": lambda path: path.mkdir(),
    "pipe": lambda path: os.mkfifo(path),
    "zeros without end": lambda path: path.symlink_to("/dev/zero"),
    "dangling link": lambda path: path.symlink_to("nowhere"),
    "link to itself": lambda path: path.symlink_to(path.name),
}


@pytest.mark.parametrize("made", PLACES.values(), ids=[f"P14 {name}" for name in PLACES])
def test_under_a_policy_that_cannot_be_read_nothing_runs(process, site, work, made):
    """P14: at once, and without waiting for a pipe."""
    site.add(f"open({str(work / 'canary')!r}, 'w')")
    written(work)
    made(work / "policy.yaml")

    result = process("check", FILE, path=[site.path])

    assert (result.code, result.out) == (9, "")
    assert result.headline.startswith("policy.yaml: error: ")
    assert not (work / "canary").exists()


def test_a_policy_that_is_named_and_missing_stops_everything(sci, work, monkeypatch):
    written(work)
    monkeypatch.setenv("SCI_POLICY", str(work / "nowhere.yaml"))

    assert sci("check", FILE).code == 9


LEFTOVERS = {
    "threads and exit handlers": "import atexit, threading, time\n"
    "for _ in range(3): threading.Thread(target=time.sleep, args=(600,)).start()\n"
    "atexit.register(time.sleep, 600)",
    "a process": "import subprocess; subprocess.Popen(['sleep', '60'])",
    "open files": "kept = [open('/dev/null') for _ in range(200)]",
}


@pytest.mark.parametrize("name", LEFTOVERS)
def test_what_a_plugin_leaves_behind_does_not_hold_up_the_program(process, site, work, name):
    """P16: the program ends when it is done."""
    site.add(spec("metrics") + LEFTOVERS[name])
    written(work)

    result = process("check", FILE, "--json", path=[site.path])

    assert result.code == 0
    assert result.document["ready"]


@pytest.mark.parametrize("verb", ["check", "run"])
def test_a_missing_library_is_named_with_the_line_that_installs_it(refused, site, work, verb):
    """P16: what the component says it needs is what one types, before anything is run."""
    site.add(
        spec("metrics").replace("'sci_odd.work:Odd'", "'sci_odd.work:Odd', requires=('lab-solver>=2',)"),
        "import lab_solver",
    )
    place = written(work, METRIC)

    result = refused(verb, FILE, exit=4, place=place, words=["`lab_solver` is not installed"])

    assert 'pip install "lab-solver>=2"' in result.err
