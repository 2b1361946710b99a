"""The program around the verbs: words it does not know, errors, pipes, and the verbs about plugins."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sci.cli.main import main
from sci.cli.verbs import VERBS, page

HEAD = "from sci.api import ComponentSpec, hookimpl\n"
CONFIG = '''
from pydantic import Field
from sci.api import ComponentConfig

class BertConfig(ComponentConfig):
    layers: int = Field(2, ge=1, le=48)
    """Number of blocks."""
    seconds: float = Field(gt=0, json_schema_extra={"unit": "s"})
    """How long."""
'''


@pytest.fixture
def text(site):
    """A plugin with a model on two engines."""
    site.add(
        "sci-longtext",
        HEAD
        + """
@hookimpl
def sci_models():
    targets = {"torch": "sci_longtext.bert:build", "tensorflow": "sci_longtext.keras:build"}
    config, cite = "sci_longtext.config:BertConfig", "doi:10.18653/v1/N19-1423"
    return [ComponentSpec("longbert", targets, "Long encoder", config, ("sorting",), ("tokens",), cite=cite)]

@hookimpl(wrapper=True)
def sci_load(context):
    return (yield)
""",
        version="1.4.0",
        requires=["sci-core>=0.1,<2"],
        headers="License-Expression: Apache-2.0\n",
        files={"sci_longtext/config.py": CONFIG},
    )
    return site


def test_the_page_names_every_verb_in_eighty_columns():
    lines = page().splitlines()

    assert all(any(f" {verb} " in f"{line} " for line in lines) for verb in VERBS)
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_of_the_page_exists(verb):
    assert importlib.import_module(f"sci.cli.{verb}").app


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"]])
def test_without_a_verb_the_page_is_shown(capsys, arguments):
    assert main(arguments) == 0
    assert capsys.readouterr().out == page() + "\n"


def test_the_version_is_shown(capsys):
    from sci import __version__

    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sci {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["plugns"], "error: no verb is called `plugns`; did you mean `plugins`? [usage.verb]"),
        (["quetzalcoatl"], "error: no verb is called `quetzalcoatl` [usage.verb]"),
        (["--verbos"], "error: sci has no option `--verbos` [usage.option]"),
        (["plugins", "lst"], "error: no such command `lst`"),
        (["plugins", "list", "--jsn"], "error: sci plugins list has no option `--jsn`; did you mean `--json`?"),
        (["plugins", "show"], "error: missing argument `name`"),
        (["plugins", "list", "extra"], "error: "),
        (["plugins", "doctor", "--timeout", "soon"], "error: "),
        (["plugins", "doctor", "--timeout", "-1"], "error: "),
        (["components", "--kind", "modle"], "error: no kind of component is called `modle`; did you mean `model`?"),
        (["components", "x" * 200_000], "error: no component is called"),
        (["components", "--", "--help"], "error: no component is called `--help`"),
        (["components", "\x1b[31mred"], "error: no component is called `␛[31mred`"),
    ],
)
def test_what_means_nothing_is_exit_2_on_standard_error(capsys, arguments, said):
    assert main(arguments) == 2

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(said[:200])
    assert "Traceback" not in err


def test_a_group_without_a_verb_shows_its_help(capsys):
    assert main(["plugins"]) == 0
    assert "doctor" in capsys.readouterr().out


def test_json_answers_errors_too(capsys):
    assert main(["components", "nonsense-at-all", "--json"]) == 2

    out, err = capsys.readouterr()
    assert json.loads(out)["error"]["id"] == "component.unknown"
    assert err.startswith("error: ")


def test_a_defect_is_exit_1_and_says_so(capsys, monkeypatch):
    monkeypatch.setattr("sci.cli.main._run", lambda arguments: {}["gone"])

    assert main(["run", "x.yaml"]) == 1

    err = capsys.readouterr().err
    assert err.startswith("error: sci has failed, and it is not your doing [internal]")
    assert "KeyError" in err
    assert "sci run x.yaml --debug" in err
    assert "Traceback" not in err


def test_debug_shows_the_traceback_wherever_it_stands(capsys, monkeypatch):
    monkeypatch.setattr("sci.cli.main._run", lambda arguments: {}["gone"])

    assert main(["run", "--debug", "x.yaml"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_control_c_is_exit_6(capsys, monkeypatch):
    def stop(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("sci.cli.plugins.scan", stop)

    assert main(["plugins", "list"]) == 6
    assert capsys.readouterr().err == "⚠ stopped\n"


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    line = command.replace("sci ", f"{sys.executable} -m sci ", 1)
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {line}"], cwd=folder, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("reader", ["head -n 1", "true", "sleep 0"])
def test_a_reader_that_leaves_early_is_no_error(tmp_path, reader):
    done = shell(f"sci components | {reader}", tmp_path)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_standard_output_is_exit_7(tmp_path):
    done = shell("sci components > /dev/full", tmp_path)

    assert done.returncode == 7
    assert done.stderr.startswith("error: nothing more can be written: No space left on device [storage.write]")


def test_closed_standard_output_is_no_defect(tmp_path):
    done = shell("sci plugins list >&-", tmp_path)

    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 7)


def test_a_terminal_without_unicode_gets_plain_letters(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "sci", "plugins", "doctor", "tasks"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=60,
    )

    assert done.stdout.isascii()
    assert b"Traceback" not in done.stderr


def test_list_shows_metadata_and_says_that_nothing_was_imported(text, capsys):
    assert main(["plugins", "list"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert any(line.split(maxsplit=3) == ["sci-longtext", "1.4.0", "installed", "About sci-longtext"] for line in lines)
    assert lines[-1].endswith("plugins, from metadata; nothing was imported.   next: sci plugins doctor")
    assert "sci_longtext.plugin" not in sys.modules


def test_metadata_cannot_paint_the_terminal(site, capsys):
    site.add("sci-painted", headers="Home-page: x\n", version="1.0\x1b[31m")

    main(["plugins", "list"])

    assert "\x1b" not in capsys.readouterr().out


def test_show_tells_where_a_plugin_comes_from_and_what_it_offers(text, capsys):
    assert main(["plugins", "show", "Sci_LongText"]) == 0

    out = capsys.readouterr().out
    assert out.startswith(
        "sci-longtext 1.4.0   ok   entry point longtext = sci_longtext.plugin   needs sci-core >=0.1,<2   Apache-2.0\n"
    )
    assert "models   longbert   on tensorflow and torch" in out
    assert "wraps load, observes nothing" in out


def test_show_as_json_is_complete(text, capsys):
    main(["plugins", "show", "longtext", "--json"])

    found = json.loads(capsys.readouterr().out)["plugin"]
    assert (found["distribution"], found["status"], found["wraps"]) == ("sci-longtext", "ok", ["sci_load"])
    assert found["components"] == {"models": ["longbert"]}


def test_an_unknown_plugin_gets_the_nearest(text, capsys):
    assert main(["plugins", "show", "sci-longtxt"]) == 2
    assert "no plugin is called `sci-longtxt`; did you mean `sci-longtext`?" in capsys.readouterr().err


def test_why_names_the_plugin_and_the_other_engines(text, capsys):
    assert main(["plugins", "why", "longbert", "--engine", "torch"]) == 0

    found, policy = capsys.readouterr().out.splitlines()
    assert found == (
        "model `longbert` on torch comes from sci-longtext 1.4.0 (sci_longtext.bert:build), because it is the only one "
        "offering (model, longbert, torch); on tensorflow it would be sci_longtext.keras:build"
    )
    assert policy.startswith("policy: ")


def test_why_of_a_word_that_is_near_explains_it(text, capsys):
    assert main(["plugins", "why", "longbrt"]) == 2
    assert "no model is called `longbrt`; did you mean `longbert`?" in capsys.readouterr().err


def test_components_are_a_table_that_is_never_folded(text, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")

    assert main(["components", "--kind", "model"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "reads", "engines", "from", "in", "one", "line"]
    [line] = [line for line in lines if line.startswith("longbert")]
    assert line.split(maxsplit=5) == ["longbert", "tokens", "tensorflow,", "torch", "sci-longtext", "Long encoder"]


def test_components_can_be_asked_by_kind_task_and_engine(text, capsys, monkeypatch):
    monkeypatch.setattr("sci.cli.components._known", lambda *arguments: None)

    def names(*arguments: str) -> list[str]:
        main(["components", "--json", *arguments])
        return [one["name"] for one in json.loads(capsys.readouterr().out)["components"]]

    assert "longbert" in names()
    assert "longbert" in names("--kind", "models", "--task", "sorting", "--engine", "torch")
    assert "longbert" not in names("--engine", "numpy")
    assert "longbert" not in names("--task", "regression")
    assert "longbert" not in names("--kind", "metric")


def test_a_task_that_nobody_knows_is_exit_2(text, capsys):
    assert main(["components", "--task", "clasification"]) == 2
    assert "no task is called `clasification`" in capsys.readouterr().err


def test_a_component_shows_its_settings(text, capsys):
    assert main(["components", "longbert"]) == 0

    out = capsys.readouterr().out
    assert out.startswith("model `longbert`, on tensorflow and torch, from sci-longtext 1.4.0\nLong encoder\n")
    assert "cite    doi:10.18653/v1/N19-1423" in out
    assert "layers    2          whole number, >= 1, <= 48   Number of blocks." in out
    assert "seconds   required   number in s, > 0            How long." in out


def test_a_component_as_json_has_its_settings(text, capsys):
    main(["components", "longbert", "--json"])

    [found] = json.loads(capsys.readouterr().out)["components"]
    assert (found["kind"], found["engines"], found["from"]) == ("model", ["tensorflow", "torch"], "sci-longtext")
    assert [(one["name"], one["required"]) for one in found["settings"]] == [("layers", False), ("seconds", True)]


def test_a_misspelt_component_gets_the_nearest_of_all_kinds(text, capsys):
    assert main(["components", "longbret"]) == 2
    assert "no component is called `longbret`; did you mean `longbert`?" in capsys.readouterr().err


def test_a_malformed_policy_stops_every_verb_about_plugins(tmp_path, monkeypatch, capsys):
    (tmp_path / "policy.yaml").write_text("plugins:\n  dney: [sci-x]\n")
    monkeypatch.chdir(tmp_path)

    for arguments in (["plugins", "list"], ["components"], ["plugins", "doctor"], ["plugins", "why", "x"]):
        assert main(arguments) == 9
        assert "policy.yaml:2:3: error: `dney` is no key of a policy; did you mean `deny`?" in capsys.readouterr().err


def test_help_needs_no_policy(tmp_path, monkeypatch):
    (tmp_path / "policy.yaml").write_text("nonsense")
    monkeypatch.chdir(tmp_path)

    assert main(["--help"]) == 0
