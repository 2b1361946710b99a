"""Command lines that nobody should type."""

from __future__ import annotations

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

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
training:
  optimizer: {name: adam, learning_rate: 0.01}
  epochs: 2
evaluation: {metrics: [rmse], baselines: []}
report: []
"""


@pytest.fixture(autouse=True)
def file(work):
    (work / FILE).write_text(BASE)
    return work / FILE


UNKNOWN = {
    "verb": (["rnu", FILE], "`rnu`", "sci run"),
    "another verb": (["chekc", FILE], "`chekc`", "sci check"),
    "a verb of others": (["train", FILE], "`train`", "sci"),
    "verb in capitals": (["RUN", FILE], "`RUN`", ""),
    "empty verb": ([""], "``", ""),
    "verb with controls": (["\x1b[2Jrun"], "no verb is called", ""),
    "verb that climbs": (["../run"], "`../run`", ""),
    "module for a verb": (["main"], "`main`", ""),
    "dunder for a verb": (["__init__"], "`__init__`", ""),
    "option": (["run", FILE, "--outptu", "x"], "`--outptu`", "--output"),
    "option of the program": (["--verison"], "`--verison`", "--version"),
    "option of another verb": (["check", FILE, "--output", "x"], "`--output`", ""),
    "short option": (["run", FILE, "-x"], "`-x`", ""),
    "value for a flag": (["run", FILE, "--json=yes"], "--json", ""),
    "option without its value": (["run", FILE, "--output"], "--output", ""),
    "no file": (["run"], "missing argument `file`", "sci run --help"),
    "two files": (["run", FILE, "other.yaml"], "other.yaml", ""),
    "subverb": (["plugins", "lsit"], "lsit", ""),
    "number for a word": (["plugins", "doctor", "--timeout", "soon"], "--timeout", ""),
    "no run": (["predict", "k3f9", FILE], "no run `k3f9`", "sci runs list"),
    "no runs at all": (["resume", "latest"], "no run yet", "sci run"),
    "run that climbs": (["report", "../../etc"], "no run `../../etc`", ""),
    "run of nothing": (["report", ""], "run", ""),
    "component": (["components", "linaer"], "`linaer`", "linear"),
    "kind": (["components", "--kind", "modle"], "`modle`", "model"),
    "plugin": (["plugins", "show", "sci-dta"], "sci-dta", "sci-data"),
}


@pytest.mark.parametrize(("line", "word", "meant"), UNKNOWN.values(), ids=[f"L1 {name}" for name in UNKNOWN])
def test_a_word_that_means_nothing_is_refused_with_the_nearest(sci, work, line, word, meant):
    result = sci(*line)

    assert (result.code, result.out) == (2, "")
    assert result.headline.startswith("error: ")
    assert word in result.headline
    assert meant in result.err
    assert "\x1b" not in result.err
    assert not (work / "runs").exists()


SETTINGS = {
    "no equals sign": ("training.epochs", "no key=value"),
    "no key": ("=1", "no key=value"),
    "no value": ("training.epochs=", "no key=value"),
    "nothing": ("", "no key=value"),
    "only the sign": ("=", "no key=value"),
    "dot in front": (".epochs=1", "no key=value"),
    "two dots": ("training..epochs=1", "no key=value"),
    "dot behind": ("training.=1", "no key=value"),
    "unknown section": ("trainign.epochs=1", "`trainign`"),
    "unknown key": ("training.epocsh=1", "`epocsh`"),
    "key of a number": ("training.epochs.first=1", "holds no keys"),
    "position beyond": ("preprocessing.5=one-hot", "positions 0 to 0"),
    "word for a position": ("preprocessing.first=one-hot", "positions 0 to 0"),
    "position below zero": ("preprocessing.-1=one-hot", "positions 0 to 0"),
    "wrong type": ("training.epochs=many", "training.epochs is `many`"),
    "out of bounds": ("training.epochs=0", "training.epochs is 0"),
    "not a number": ("training.epochs=.nan", "not a number"),
    "too large": ("seed=99999999999999999999", "64 bits"),
    "bracket open": ("evaluation.metrics=[rmse", ""),
    "code": ("model=!!python/object/apply:os.system [id]", ""),
    "code in brackets": ("evaluation.metrics=[!!python/name:os.system ]", "tag"),
    "alias": ("evaluation.metrics=[*a]", "`*a`"),
    "bomb": ("evaluation.metrics=" + "[" * 3000, ""),
    "dunder": ("__class__=1", "`__class__`"),
    "unknown component": ("model=linaer", "`linaer`"),
    "setting of another component": ("model.hidden=3", "`hidden`"),
    "controls": ("na\x1bme=a", "no key=value"),
    "controls in the value": ("name=a\x1b[2Jb", "name is"),
    "line end in the value": ("name=a\nb", "name is"),
    "name that climbs": ("name=../evil", "../evil"),
    "newer format": ("format=2", "format 2 needs a newer sci"),
    "null for what is needed": ("model=null", "model"),
    "full-width equals sign": ("training.epochs＝1", "no key=value"),
    "surrogate": ("name=a\udc80b", "UTF-8"),
}


@pytest.mark.parametrize(("setting", "word"), SETTINGS.values(), ids=[f"L2 {name}" for name in SETTINGS])
def test_an_override_is_checked_like_the_file(sci, work, setting, word):
    result, document = sci("run", FILE, "--set", setting), sci("run", FILE, "--set", setting, "--json")

    assert (result.code, result.out) == (2, "")
    assert result.headline.startswith("--set")
    assert word in result.headline
    assert document.document["error"]["exit"] == 2
    assert "\x1b" not in result.err
    assert not (work / "runs").exists()


def test_of_an_option_that_is_given_twice_the_last_one_holds(sci, work):
    """L3: that is what the documentation says of `--set`, and all others follow it."""
    sets = ["--set", "training.epochs=7", "--set", "training.epochs=1"]

    result = sci("run", FILE, *sets, "--output", "first", "--output", "second", "--quiet", "--quiet")

    assert result.code == 0
    assert result.out.startswith("second/probe/")
    assert "epochs: 1" in (work / result.out.strip() / "config.resolved.yaml").read_text()
    assert not (work / "first").exists()


NAMES = [
    "my probe.yaml",
    "'quoted'.yaml",
    'double"quoted".yaml',
    "Größe 尺寸.yaml",
    "\U0001f9ea.yaml",
    "probe;ls.yaml",
    "$HOME.yaml",
    "`id`.yaml",
    "%s%n.yaml",
    "{{7*7}}.yaml",
    "~.yaml",
    "*.yaml",
    "probe",
    "a\\b.yaml",
    "[bold]probe.yaml",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_have_any_name(sci, work, name):
    """L4: it is read, and an error about it names it letter by letter."""
    (work / name).write_text(BASE)
    (work / "wrong").mkdir()
    (work / "wrong" / name).write_text(BASE.replace("epochs: 2", "epochs: 0"))

    assert sci("check", name).code == 0
    assert sci("check", f"wrong/{name}").headline.startswith(f"wrong/{name}:15:11: error: ")


@pytest.mark.parametrize("name", ["-probe.yaml", "--json", "--set"])
def test_a_file_may_begin_with_a_dash_behind_two_of_them(sci, work, name):
    (work / name).write_text(BASE)

    assert sci("check", "--", name).code == 0
    assert sci("check", f"./{name}").code == 0


def test_a_name_with_a_line_end_stays_on_one_line(sci, work):
    """L4: what a terminal would obey is shown as a picture."""
    name = "pro\nbe\x1b[2J.yaml"
    (work / name).write_text(BASE.replace("epochs: 2", "epochs: 0"))

    result = sci("check", name)

    assert result.code == 2
    assert result.err.startswith("pro␊be␛[2J.yaml:15:11: error: ")


@pytest.mark.parametrize("name", ["out put", "-out", "'out'", "尺寸", "a/b/c", "./out/../out"])
def test_the_output_may_have_any_name(sci, work, name):
    result = sci("run", FILE, "--quiet", f"--output={name}")

    assert result.code == 0
    run = pathlib.Path(result.out.rstrip("\n"))
    assert run.parent.parent.resolve() == (work / name).resolve()
    assert sci("runs", "list", f"--output={name}").code == 0


VERBS = [
    [],
    ["--help"],
    ["--version"],
    ["run", "--help"],
    ["check", FILE],
    ["check", FILE, "--json"],
    ["check", "missing.yaml", "--json"],
    ["components"],
    ["plugins", "list"],
    ["schema"],
    ["doctor"],
]


def left_open(arguments: list[str], script: str, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run ``sci`` in a shell that does something with its output."""
    command = " ".join(["exec", f"'{sys.executable}'", "-m", "sci", *arguments])
    return subprocess.run(["bash", "-c", f"set -o pipefail; {script.format(command)}"], capture_output=True, timeout=30)


@pytest.mark.parametrize("arguments", VERBS, ids=[" ".join(line) or "nothing" for line in VERBS])
def test_closed_standard_output_is_no_traceback(arguments):
    """L5: whoever closes it does not want the results."""
    done = left_open(arguments, "{} >&-")

    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr
    assert done.returncode in (0, 2, 7)


def test_a_reader_that_has_seen_enough_is_no_error():
    """L5: ``sci schema | head -c 1``."""
    done = left_open(["schema"], "({}) | head -c 1")

    assert done.stderr == b""
    assert done.returncode in (0, -signal.SIGPIPE, 128 + signal.SIGPIPE)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no device that is always full")
@pytest.mark.parametrize("arguments", [["schema"], ["check", FILE], ["check", FILE, "--json"], ["--version"]])
def test_standard_output_that_cannot_be_written_is_storage(arguments):
    done = left_open(arguments, "{} >/dev/full")

    assert done.returncode == 7
    assert b"Traceback" not in done.stderr
    assert b"error: " in done.stderr


def test_a_run_without_standard_output_and_error_is_a_run(work):
    """L5: as under a scheduler that has closed both."""
    done = left_open(["run", FILE], "{} >&- 2>&-")

    [manifest] = work.glob("runs/probe/2*/manifest.json")
    assert json.loads(manifest.read_text())["status"] == "finished"
    assert done.returncode == 0


FAILURES = {
    "unknown verb": (["rnu", "--json"], 2),
    "unknown option": (["run", FILE, "--jsn", "--json"], 2),
    "flag in front": (["--json", "run", "missing.yaml"], 2),
    "no file named": (["run", "--json"], 2),
    "missing file": (["run", "missing.yaml", "--json"], 2),
    "check": (["check", "missing.yaml", "--json"], 2),
    "override": (["run", FILE, "--set", "x", "--json"], 2),
    "several mistakes": (["run", FILE, "--set", "seed=-1", "--set", "training.epochs=0", "--json"], 2),
    "predict": (["predict", "nothing", FILE, "--json"], 2),
    "evaluate": (["evaluate", "nothing", FILE, "--json"], 2),
    "report": (["report", "nothing", "--json"], 2),
    "resume": (["resume", "nothing", "--json"], 2),
    "runs": (["runs", "show", "nothing", "--json"], 2),
    "components": (["components", "nothing", "--json"], 2),
    "plugin": (["plugins", "show", "nothing", "--json"], 2),
    "plugin why": (["plugins", "why", "nothing", "--json"], 2),
    "output is a file": (["run", FILE, "--output", FILE, "--json"], 7),
    "output below a file": (["run", FILE, "--output", f"{FILE}/runs", "--json"], 7),
    "output too long": (["run", FILE, "--output", "a" * 300, "--json"], 7),
    "diverged": (["run", FILE, "--set", "training.optimizer={name: gradient-descent, learning_rate: 1e300}", "--json"], 5),
}  # fmt: skip


@pytest.mark.parametrize(("line", "exit"), FAILURES.values(), ids=[f"L6 {name}" for name in FAILURES])
def test_a_failure_is_one_json_document_too(sci, line, exit):
    """L6: with the exit code of the process, an id, and the message of the terminal."""
    result = sci(*line)

    error = result.document["error"]
    assert (result.code, error["exit"]) == (exit, exit)
    assert error["id"]
    assert error["message"] in result.headline
    assert result.out.count("\n") == 1
    assert set(error) >= {"id", "message", "file", "line", "column", "suggestion", "exit"}


def test_several_mistakes_are_all_in_the_document(sci):
    result = sci("run", FILE, "--set", "seed=-1", "--set", "training.epochs=0", "--json")

    assert [one["exit"] for one in result.document["error"]["all"]] == [2, 2]
    assert len(result.headlines) == 2


ANSWERS = [
    ["check", FILE, "--json"],
    ["check", FILE, "--batch", "--json"],
    ["run", FILE, "--json"],
    ["run", FILE, "--json", "--quiet"],
    ["components", "--json"],
    ["components", "linear", "--json"],
    ["plugins", "list", "--json"],
    ["plugins", "show", "sci-data", "--json"],
    ["plugins", "why", "linear", "--json"],
    ["runs", "list", "--json"],
    ["doctor", "--json"],
]


@pytest.mark.parametrize("line", ANSWERS, ids=[" ".join(line) for line in ANSWERS])
def test_an_answer_is_one_json_document(sci, line):
    """L6: numbers that are not finite are null, because JSON has none."""
    result = sci(*line)

    assert result.code == 0
    json.loads(result.out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))


def test_an_interruption_is_one_json_document(work):
    """L6: also when Ctrl-C ends the run."""
    command = [sys.executable, "-m", "sci", "run", FILE, "--json", "--set", "training.epochs=1000000",
               "--set", "training.checkpoint.every_steps=5"]  # fmt: skip
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while not list(work.glob("runs/probe/*/checkpoints/step-????????")) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=20)

    assert child.returncode == 6
    assert json.loads(out)["error"]["exit"] == 6
    assert b"Traceback" not in err


LONG = 200_000
LONG_LINES = {
    "verb": (["r" * LONG], 2),
    "option": (["run", FILE, "--" + "o" * LONG], 2),
    "file": (["run", "f" * LONG], 2),
    "file of many folders": (["run", "f/" * (LONG // 2)], 2),
    "override": (["run", FILE, "--set", "name=" + "a" * LONG], 2),
    "key": (["run", FILE, "--set", "k" * LONG + "=1"], 2),
    "many keys": (["run", FILE, "--set", "k." * (LONG // 2) + "k=1"], 2),
    "list": (["run", FILE, "--set", "evaluation.metrics=[" + "rmse," * (LONG // 5) + "]"], 2),
    "number": (["run", FILE, "--set", "seed=" + "9" * LONG], 2),
    "run": (["predict", "r" * LONG, FILE], 2),
    "component": (["components", "c" * LONG], 2),
    "plugin": (["plugins", "show", "p" * LONG], 2),
    "output": (["run", FILE, "--output", "o" * LONG], 7),
    "ten thousand overrides": (["run", FILE, *["--set", "seed=1"] * 10_000, "--set", "seed=-1"], 2),
}


@pytest.mark.parametrize(("line", "exit"), LONG_LINES.values(), ids=[f"L7 {name}" for name in LONG_LINES])
def test_an_argument_of_200_kilobytes_is_refused_in_a_few_words(sci, line, exit):
    result, document = sci(*line), sci(*line, "--json")

    assert (result.code, result.out) == (exit, "")
    assert result.headline
    assert len(result.err) < 4_000
    assert document.document["error"]["exit"] == exit
    assert len(document.out) < 4_000
