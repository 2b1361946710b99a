"""Plugins that are broken on purpose, built as wheels and installed: the program lives on and says what is wrong."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).with_name("corpus")
FATAL = ("sci-ends", "sci-hangs", "sci-crashes")

LEFT_OUT = {
    "sci-raises": "sci-raises 0.3.1 is broken and left out (RuntimeError, sci_raises/plugin.py:13)",
    "sci-exits": "sci-exits 0.3.1 is broken and left out (SystemExit, sci_exits/plugin.py:5)",
    "sci-asserts": "sci-asserts 0.3.1 is broken and left out (AssertionError, sci_asserts/plugin.py:13)",
    "sci-typo": "sci-typo 0.3.1 is broken and left out (there is no hook `sci_metrisc`; did it mean `sci_metrics`?)",
    "sci-signature": "sci-signature 0.3.1 is broken and left out (`sci_metrics` has no argument `engine`",
    "sci-keyword": "sci-keyword 0.3.1 is broken and left out (`sci_stage_started` takes `stage` by keyword only",
    "sci-badspec": "sci-badspec 0.3.1 is broken and left out (`sci_metrics`: spec `misaimed`: target is 'os.system'",
    "sci-nothing": "sci-nothing 0.3.1 is broken and left out (`sci_metrics` returns None, not a list of ComponentSpec)",
    "sci-twin-one": "sci-twin-one 0.3.1 is left out (the entry point `twin` is declared by sci-twin-one 0.3.1 and",
    "sci-twin-two": "sci-twin-two 0.3.1 is left out (the entry point `twin` is declared by sci-twin-one 0.3.1 and",
    "sci-newer": "sci-newer 0.3.1 is left out (needs sci-core >=999, this is ",
    "sci-imports-torch": "sci-imports-torch 0.3.1 is broken and left out (",
    "sci-stage": "sci-stage 0.3.1 is broken and left out (`sci_train` is a stage, which plugins only wrap",
}
"""The one line about each plugin that is left out."""

ASKED = {
    "raised": "RuntimeError: no licence for spectra (sci_raises/plugin.py:13)",
    "exited": "SystemExit: 3 (sci_exits/plugin.py:5)",
    "asserted": "AssertionError: sorted backwards",
    "beside-a-typo": "there is no hook `sci_metrisc`",
    "signed": "`sci_metrics` has no argument `engine`; it is called without arguments",
    "by-keyword": "`sci_stage_started` takes `stage` by keyword only",
    "misaimed": "write `package.module:attribute`",
    "forgotten": "`sci_metrics` returns None",
    "twin-one": "declared by sci-twin-one 0.3.1 and sci-twin-two 0.3.1",
    "rival": "metric `rival` is offered by sci-rival-one 0.3.1 and sci-rival-two 0.3.1",
    "newer": "needs sci-core >=999, this is ",
    "heavy": "imports torch during discovery; move it behind `target`",
    "staged": "`sci_train` is a stage",
    "misconfigured": "sci-bad-config 0.3.1",
}
"""What is said when the component of a broken plugin is asked for, with exit code 4."""


@pytest.fixture(scope="session")
def wheels(build, tmp_path_factory) -> Path:
    """Every distribution of the corpus as a wheel."""
    folder = tmp_path_factory.mktemp("wheels")
    build(sorted(file.parent for file in CORPUS.glob("*/pyproject.toml")), folder)
    return folder


def install(wheels: Path, folder: Path, names: list[str]) -> Path:
    files = [str(next(wheels.glob(f"{name.replace('-', '_')}-*.whl"))) for name in names]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    command += ["--disable-pip-version-check", "--target", str(folder), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


@pytest.fixture(scope="session")
def faulty(wheels, tmp_path_factory) -> Path:
    """All distributions that can be met in one process, installed."""
    names = [folder.name for folder in CORPUS.iterdir() if folder.is_dir() and folder.name not in FATAL]
    return install(wheels, tmp_path_factory.mktemp("faulty"), names)


@pytest.fixture(scope="session")
def fatal(wheels, tmp_path_factory) -> Path:
    """The distributions that take the process with them, installed."""
    return install(wheels, tmp_path_factory.mktemp("fatal"), list(FATAL))


def warnings(stderr: str) -> dict[str, str]:
    """The lines about the corpus by distribution."""
    lines = [line for line in stderr.splitlines() if line.startswith("warning: ")]
    names = [re.match(r"warning: (\S+)", line).group(1) for line in lines]
    assert len(set(names)) == len(names), "one line for each plugin"
    known = {folder.name for folder in CORPUS.iterdir()}
    return {name: line for name, line in zip(names, lines, strict=True) if name in known}


def test_the_corpus_is_large_enough():
    assert len(list(CORPUS.glob("*/pyproject.toml"))) >= 14


def test_every_command_that_uses_plugins_lives_on_and_says_one_line_about_each(sci, faulty):
    done = sci("components", "--json", path=[faulty])

    assert done.returncode == 0
    said = warnings(done.stderr)
    assert set(said) - {"sci-tries-torch"} == set(LEFT_OUT)
    for name, line in LEFT_OUT.items():
        assert said[name].startswith(f"warning: {line}")
        assert said[name].endswith(f"sci plugins doctor {name}")
    assert "Traceback" not in done.stderr


def test_standard_output_is_one_document_whatever_plugins_print(sci, faulty):
    done = sci("components", "printed", "--json", path=[faulty])

    [found] = json.loads(done.stdout)["components"]
    assert (found["from"], [one["name"] for one in found["settings"]]) == ("sci-prints", ["loud"])
    for words in ("hello from sci-prints", "hello from a descriptor", "hello from a child", "hello from the settings"):
        assert words in done.stderr


def test_what_is_not_broken_stays_usable(sci, faulty):
    done = sci("components", "--json", path=[faulty])

    names = {one["name"] for one in json.loads(done.stdout)["components"]}
    assert {"healthy", "printed", "tried", "missing", "misconfigured", "sung", "rival"} <= names
    assert names.isdisjoint(
        {"raised", "exited", "asserted", "signed", "misaimed", "twin-one", "newer", "heavy", "staged"}
    )


def test_the_component_of_a_broken_plugin_shows_that_plugins_own_error(sci, faulty):
    code = """
import json, sys
from sci.api import SciError
from sci.plugins.manager import load
registry, answers = load().registry, {}
for name in sys.argv[1:]:
    try:
        answers[name] = [0, registry.find("metrics", name).settings({}).model_dump_json()]
    except SciError as error:
        answers[name] = [error.exit_code, f"{error.message} {error.note}"]
print(json.dumps(answers))
"""
    done = sci(*ASKED, path=[faulty], code=code)

    for name, (exit_code, said) in json.loads(done.stdout).items():
        assert exit_code == 4, name
        assert ASKED[name] in said


@pytest.mark.parametrize("name", ["exited", "rival", "misconfigured"])
def test_asking_for_the_component_of_a_broken_plugin_is_exit_4(sci, faulty, name):
    done = sci("components", name, "--kind", "metric", "--json", path=[faulty])

    assert done.returncode == 4
    error = json.loads(done.stdout)["error"]
    assert (error["exit"], error["id"].split(".")[0]) == (4, "plugin")
    assert ASKED[name] in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_missing_library_comes_with_the_line_that_installs_it(sci, faulty):
    code = """
import sys
from sci.cli import main
from sci.plugins.manager import load
main._run = lambda arguments: load().registry.find("metrics", "missing").load()
sys.exit(main.main([]))
"""
    done = sci(path=[faulty], code=code)

    assert done.returncode == 4
    assert "error: `spectral_magic` is not installed [plugin.dependency]" in done.stderr
    assert 'pip install "spectral-magic>=2"' in done.stderr


def test_a_plugin_that_only_tries_a_framework_is_degraded_where_it_is_installed(sci, faulty, tmp_path):
    (tmp_path / "torch.py").write_text("raise RuntimeError('torch was imported')")

    done = sci("components", "--json", path=[faulty, tmp_path])

    said = warnings(done.stderr)
    assert said["sci-tries-torch"].startswith(
        "warning: sci-tries-torch 0.3.1 is degraded (imports torch during discovery"
    )
    assert said["sci-imports-torch"].startswith("warning: sci-imports-torch 0.3.1 is broken and left out")
    assert "tried" in done.stdout
    assert "torch was imported" not in done.stderr


def test_a_denied_plugin_is_not_run_and_asking_for_it_is_exit_9(sci, faulty, tmp_path):
    canary, policy = tmp_path / "canary", tmp_path / "house.yaml"
    policy.write_text("name: house\nmessage: No birds.\nplugins:\n  deny: [sci-canary]\n")
    env = {"CANARY": str(canary), "SCI_POLICY": str(policy)}

    listed = sci("plugins", "list", path=[faulty], env=env)
    asked = sci("components", "sung", path=[faulty], env=env)
    used = sci("components", path=[faulty], env=env)

    [line] = [line for line in listed.stdout.splitlines() if line.startswith("sci-canary")]
    assert line.split(maxsplit=3)[2:] == ["denied", f"by policy house ({policy}:4)"]
    assert asked.returncode == 9
    assert "metric `sung` comes from sci-canary 0.3.1, which is denied by house [policy.denied]" in asked.stderr
    assert '"No birds."' in asked.stderr
    assert used.returncode == 0
    assert "sci-canary" not in used.stderr
    assert not canary.exists()


def test_the_canary_sings_where_it_is_allowed(sci, faulty, tmp_path):
    sci("components", path=[faulty], env={"CANARY": str(tmp_path / "canary")})

    assert (tmp_path / "canary").exists()


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_without_plugins_nothing_is_imported(sci, faulty, tmp_path, how):
    env = {"CANARY": str(tmp_path / "canary")}
    flag = ["--no-plugins"] if how == "flag" else []
    if how == "variable":
        env["SCI_DISABLE_PLUGINS"] = "*"

    done = sci("components", *flag, "--json", path=[faulty], env=env)

    assert (done.returncode, json.loads(done.stdout)) == (0, {"components": []})
    assert done.stderr == ""
    assert not (tmp_path / "canary").exists()


def test_strict_mode_is_exit_4(sci, faulty):
    done = sci("components", path=[faulty], env={"SCI_STRICT_PLUGINS": "1"})

    assert done.returncode == 4
    assert "sci-typo 0.3.1 is broken" in done.stderr


def test_listing_reads_metadata_only(sci, faulty, fatal):
    done = sci("plugins", "list", "--json", path=[faulty, fatal])

    statuses = {one["distribution"]: one["status"] for one in json.loads(done.stdout)["plugins"]}
    assert done.returncode == 0
    assert statuses["sci-raises"] == statuses["sci-hangs"] == "installed"
    assert (statuses["sci-newer"], statuses["sci-twin-one"]) == ("incompatible", "duplicate")


def test_the_doctor_says_of_two_with_one_name_that_one_has_to_go(sci, faulty):
    done = sci("plugins", "doctor", "sci-twin-one", "sci-twin-two", path=[faulty])

    assert "not yours? pip uninstall sci-twin-one   or the other of the two" in done.stdout
    assert "2 of 2 plugins need attention" in done.stdout


def test_the_doctor_survives_what_takes_the_process_with_it(sci, faulty, fatal):
    names = [*FATAL, "sci-healthy", "sci-exits"]

    done = sci("plugins", "doctor", *names, "--timeout", "6", "--json", path=[faulty, fatal])

    found = {one["distribution"]: one for one in json.loads(done.stdout)["plugins"]}
    assert done.returncode == 4
    assert found["sci-healthy"]["status"] == "ok"
    assert found["sci-ends"]["reason"] == "ends the program while it is loaded (exit code 7)"
    assert found["sci-hangs"]["reason"] == "does not finish loading within 6 s"
    assert found["sci-crashes"]["reason"] == "crashes the interpreter while it is loaded (SIGSEGV)"
    assert found["sci-crashes"]["claims"] == ["crashed"]
    assert found["sci-exits"]["frames"] == [
        "sci_exits/plugin.py:5  import sci_exits.licence_check  # noqa: F401",
        "sci_exits/licence_check.py:5  sys.exit(3)",
    ]


def test_the_doctor_says_what_to_do(sci, faulty):
    done = sci("plugins", "doctor", "sci-exits", path=[faulty])

    assert done.returncode == 4
    assert "sci-exits 0.3.1   broken: SystemExit: 3 (sci_exits/plugin.py:5)" in done.stdout
    assert "It hurts nobody unless an experiment names: exited." in done.stdout
    assert "pip install -U sci-exits" in done.stdout
    assert "1 of 1 plugin needs attention" in done.stdout


def test_a_healthy_patient_leaves_with_exit_0(sci, faulty):
    done = sci("plugins", "doctor", "sci-healthy", path=[faulty])

    assert done.returncode == 0
    assert "1 plugin loads in" in done.stdout
    assert "no framework was imported" in done.stdout


def test_why_and_show_answer_for_a_healthy_plugin(sci, faulty):
    why = sci("plugins", "why", "healthy", path=[faulty])
    show = sci("plugins", "show", "sci-healthy", path=[faulty])

    assert why.stdout.startswith(
        "metric `healthy` comes from sci-healthy 0.3.1 (sci_healthy.metric:Metric), because it is the only one offering"
    )
    assert show.stdout.startswith(
        "sci-healthy 0.3.1   ok   entry point healthy = sci_healthy.plugin   needs sci-core >=0.1"
    )
    assert "metrics   healthy" in show.stdout


def test_show_of_a_broken_plugin_says_why_it_is_broken(sci, faulty):
    done = sci("plugins", "show", "sci-typo", path=[faulty])

    assert done.returncode == 0
    assert "there is no hook `sci_metrisc`" in done.stdout
