"""The hospital's bundle of the how-to page, as a wheel among wheels: policed, logged, de-identified, and served so."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs/how-to/institution-bundle.md"
BLOCK = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
SET = ("core", "data", "tasks", "tabular", "numpy", "metrics", "statistics", "report", "serve", "track")
UPLOAD = """\
from sci.api import ComponentSpec, hookimpl

@hookimpl
def sci_deployers():
    return [ComponentSpec("upload", "pushing.upload:Upload", traits=frozenset({"network"}))]
"""


class Ward:
    """An environment with the wheels, and a folder with the experiment of the page."""

    def __init__(self, environment, folder: Path) -> None:
        self.python, self.folder = environment.python, folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCI_", "PYTHON"))}
        self.environment = {**kept, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "config"), "USER": "nurse"}

    def run(self, *arguments: str, code: int = 0, module: str = "sci") -> subprocess.CompletedProcess[str]:
        command = [self.python, "-P", *(["-m", module] if module else []), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done

    @property
    def readings(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.folder / "st-mary-readings.jsonl").read_text().splitlines()]


@pytest.fixture(scope="module")
def ward(wheels, build, new_environment, others, tmp_path_factory) -> Ward:
    folder = tmp_path_factory.mktemp("ward")
    for name, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "st-mary-bundle/src/st_mary_bundle/__init__.py").touch()
    own = build([folder / "st-mary-bundle"], folder / "wheel")
    environment = new_environment()
    chosen = [wheels[f"sci-{name}"] for name in SET]
    environment.install("--no-deps", "--no-index", own["st-mary-bundle"], *chosen)
    environment.sees(others(False))
    made = Ward(environment, folder)
    made.run("admissions.py", module="")
    return made


@pytest.fixture(scope="module")
def finished(ward) -> Path:
    return ward.folder / ward.run("run", "stay.yaml", "--quiet").stdout.strip()


def test_only_approved_plugins_are_let_in_and_the_only_bundle_is_in_force_with_a_notice(ward):
    listed = json.loads(ward.run("plugins", "list", "--json").stdout)["plugins"]
    shown = ward.run("bundle", "show")

    assert [one["distribution"] for one in listed if one["status"] == "denied"] == ["sci-track"]
    assert "note: the bundle st-mary 2026.3 is in force, the only one installed" in shown.stderr


def test_the_lock_of_a_run_names_the_bundle_and_the_configuration_its_rules(ward, finished):
    lock = json.loads((finished / "sci.lock").read_text())
    resolved = (finished / "config.resolved.yaml").read_text()

    assert (lock["bundle"]["name"], lock["bundle"]["version"]) == ("st-mary", "2026.3")
    assert len(lock["bundle"]["sha256"]) == 64
    assert "evaluation.confidence: 0.99   locked value of bundle st-mary 2026.3 (" in resolved
    assert "- {name: safe-harbor" in resolved.replace("- name: safe-harbor", "- {name: safe-harbor")
    assert "mean" in json.loads((finished / "metrics.json").read_text())["baselines"]


def test_every_reading_of_data_is_logged(ward, finished):
    before = len(ward.readings)
    (ward.folder / "more.csv").write_text("age,dose,days\n50,1,4\n60,2,5\n70,3,6\n")

    ward.run("evaluate", finished.name, "more.csv")

    [line] = ward.readings[before:]
    assert (line["user"], line["purpose"], line["rows"]) == ("nurse", "evaluate", 3)
    assert ward.readings[0]["purpose"] == "run"
    assert ward.readings[0]["rows"] == 400


def test_a_log_that_cannot_be_written_stops_the_reading(ward):
    log = ward.folder / "st-mary-readings.jsonl"
    kept = log.read_bytes() if log.exists() else b""
    log.unlink(missing_ok=True)
    log.mkdir()
    try:
        assert "[st-mary.log]" in ward.run("run", "stay.yaml", code=7).stderr
    finally:
        log.rmdir()
        log.write_bytes(kept)


def test_what_is_trained_and_what_is_served_is_de_identified(ward, finished):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [ward.python, "-P", "-m", "sci", "serve", finished.name, "--port", str(port)],
        cwd=ward.folder,
        env=ward.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        old, older, young = (asked(port, age) for age in (90, 97, 40))
    finally:
        server.terminate()
        server.communicate(timeout=60)
    assert old == older != young


def asked(port: int, age: int) -> object:
    body = json.dumps({"rows": [{"age": age, "dose": 5.0}]}).encode()
    for _ in range(300):
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/predict", body, {"Content-Type": "application/json"}, method="POST"
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.loads(answer.read())["predictions"]
        except urllib.error.HTTPError:
            raise
        except OSError:  # it is not there yet
            time.sleep(0.1)
    raise AssertionError("the server does not answer")


def test_the_report_shows_whose_it_is(finished):
    page = (finished / "report.html").read_text(encoding="utf-8")

    assert page.count("St Mary&#39;s Hospital") + page.count("St Mary's Hospital") == 2
    assert "For internal use. Contains data of patients." in page


@pytest.mark.parametrize(
    ("override", "id"),
    [
        ("evaluation.confidence=0.9", "policy.locked"),
        ("data.split={name: stratified, test: 0.2}", "policy.locked"),
        ("intended_use=null", "policy.section"),
        ("report=[]", "policy.section"),
        ("tracking=[tensorboard]", "policy.denied"),
    ],
)
def test_what_the_house_forbids_is_refused_with_its_sentence(ward, override, id):
    done = ward.run("run", "stay.yaml", "--set", override, code=9)

    assert f"[{id}]" in done.stderr
    assert '"No model leaves the house without a review."' in done.stderr
    assert "data-office@st-mary.example" in done.stderr


@pytest.mark.parametrize("own", ["standardize, safe-harbor", "{name: safe-harbor, columns: [age], oldest: 200.0}"])
def test_the_step_in_front_cannot_be_moved_or_weakened(ward, own):
    checked = ward.run("check", "stay.yaml", "--set", f"preprocessing=[{own}]")

    assert re.search("2 number -> safe-harbor -> .*safe-harbor -> .*least-squares", checked.stdout)


def test_a_plugin_that_speaks_to_other_machines_is_refused_although_it_is_approved(ward, finished):
    site = next(Path(ward.python).parents[1].glob("lib/python*/site-packages"))
    info = site / "sci_serve_pushing-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: st-mary-bundle-pushing\nVersion: 1.0\nLicense: MIT\n")
    (info / "entry_points.txt").write_text("[sci.plugins]\npushing = pushing.plugin\n")
    (info / "RECORD").write_text("")
    (site / "pushing").mkdir()
    (site / "pushing/__init__.py").touch()
    (site / "pushing/plugin.py").write_text(UPLOAD)
    rules = site / "st_mary_bundle/bundle.yaml"
    before = rules.read_text()

    unapproved = ward.run("run", "stay.yaml", "--set", "deploy=[upload]", code=9)
    rules.write_text(before.replace("allow: [st-mary-bundle,", "allow: [st-mary-bundle*,"))
    try:
        approved = ward.run("run", "stay.yaml", "--set", "deploy=[upload]", code=9)
        why = ward.run("bundle", "show", "--why", "offline")
    finally:
        rules.write_text(before)

    assert (
        "deployer `upload` comes from st-mary-bundle-pushing 1.0, which is denied by st-mary 2026.3"
        in unapproved.stderr
    )
    assert "deployer `upload` is denied by st-mary 2026.3 [policy.denied]" in approved.stderr
    assert "allowed here: rest" in approved.stderr
    assert why.stdout.startswith("offline: true   nothing speaks to other machines, set by bundle st-mary 2026.3 (")
