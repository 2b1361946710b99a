"""The deployer: its files, its addresses and its end."""

from __future__ import annotations

import concurrent.futures
import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any, BinaryIO

import httpx
import pyarrow as pa
import pytest

from sci.api import ConfigError, Feature, Schema
from sci_serve import plugin
from sci_serve.config import RestConfig
from sci_serve.guard import token
from sci_serve.rest import Rest

COLUMNS = {"it's": Feature("number", dtype="float64", unit="cm"), "kind": Feature("category", dtype="string")}


class Double:
    """Twice the number; the kind `slow` takes a second."""

    request = Schema(COLUMNS, dict.fromkeys(COLUMNS, "input"))
    outputs = {"value": Feature("number", dtype="float64", unit="cm")}
    info: dict[str, Any] = {}

    def predict(self, data: pa.Table) -> pa.Table:
        time.sleep(1.0 if "slow" in data.column("kind").to_pylist() else 0.0)
        return pa.table({"prediction.value": pa.compute.multiply(data.column("it's"), 2.0)})


class Context:
    """A run directory that is written to."""

    run_id = "20260102-030405-k3f9"
    experiment = {"name": "loans", "question": "How long?", "intended_use": {"not for": "bridges"}}

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory

    @contextlib.contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            yield file


def deployed(directory: pathlib.Path) -> Any:
    return Rest(RestConfig()).deploy(Double(), Context(directory))  # type: ignore[arg-type]


def test_deploy_describes_the_service(tmp_path: pathlib.Path) -> None:
    (tmp_path / "sci.lock").write_text('{"weights": "b41f09d2"}', encoding="utf-8")

    found = deployed(tmp_path)

    assert found.name == "rest"
    assert found.files == ["exports/rest/service.json", "exports/rest/openapi.json", "exports/rest/README.md"]
    assert found.how == "sci serve 20260102-030405-k3f9"
    service = json.loads((tmp_path / "exports/rest/service.json").read_text(encoding="utf-8"))
    assert (service["name"], service["weights"]) == ("loans", "b41f09d2")
    assert service["request"]["it's"] == {"kind": "number", "dtype": "float64", "unit": "cm"}
    assert service["outputs"]["value"]["unit"] == "cm"
    assert service["intended_use"] == {"not for": "bridges"}
    document = json.loads((tmp_path / "exports/rest/openapi.json").read_text(encoding="utf-8"))
    assert document["components"]["schemas"]["Row"]["required"] == list(COLUMNS)
    readme = (tmp_path / "exports/rest/README.md").read_text(encoding="utf-8")
    assert "sci serve 20260102-030405-k3f9" in readme
    assert "b41f09d2" in readme


def test_deploy_without_a_lock_says_that_the_weights_are_unknown(tmp_path: pathlib.Path) -> None:
    deployed(tmp_path)

    assert json.loads((tmp_path / "exports/rest/service.json").read_text(encoding="utf-8"))["weights"] is None


def test_a_model_whose_rows_do_not_travel_as_json_is_refused(tmp_path: pathlib.Path) -> None:
    class Boxes(Double):
        request = Schema({"boxes": Feature("boxes", shape=(4,), ragged=True)}, {"boxes": "input"})

    with pytest.raises(ConfigError, match="column `boxes` \\(boxes\\) cannot be sent as JSON"):
        Rest(RestConfig()).deploy(Boxes(), Context(tmp_path))  # type: ignore[arg-type]


def test_a_model_whose_inputs_were_changed_while_reading_is_refused(tmp_path: pathlib.Path) -> None:
    class Changed(Double):
        changed = {"kind": "names are removed"}

    with pytest.raises(ConfigError, match="input `kind` was changed while the data were read"):
        Rest(RestConfig()).deploy(Changed(), Context(tmp_path))  # type: ignore[arg-type]


SCRIPT = """
import pathlib, sys
sys.path.insert(0, {here!r})
from test_rest import Double
from sci_serve.config import RestConfig
from sci_serve.rest import Rest

class Opened:
    path, name, pipeline, lock, metrics = pathlib.Path("runs/a/b"), "a", Double(), {{}}, {{}}

Rest(RestConfig()).serve(Opened(), {host!r}, {port})
"""


def started(host: str = "127.0.0.1", port: int = 0, **environment: str) -> subprocess.Popen[str]:
    script = SCRIPT.format(here=str(pathlib.Path(__file__).parent), host=host, port=port)
    kept = {name: value for name, value in os.environ.items() if name != "SCI_TOKEN"}
    command = [sys.executable, "-W", "error", "-c", script]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**kept, **environment})


def address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    first = process.stderr.readline()
    assert first.startswith("open    http://"), first + process.stderr.read()
    return first.split()[1].removesuffix("/docs")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_the_server_cleanly(name: str) -> None:
    with started() as process:
        answer = httpx.post(
            f"{address(process)}/predict", json={"rows": [{"it's": 2.5, "kind": None}]}, trust_env=False
        )
        process.send_signal(getattr(signal, name))
        _, errors = process.communicate(timeout=20)

    assert answer.json()["predictions"] == [{"value": 5.0}]
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_request_at_work_is_finished_before_the_server_ends() -> None:
    with started() as process, concurrent.futures.ThreadPoolExecutor() as pool:
        url = f"{address(process)}/predict"
        slow = pool.submit(httpx.post, url, json={"rows": [{"it's": 2.5, "kind": "slow"}]}, trust_env=False)
        time.sleep(0.4)
        process.terminate()
        answer = slow.result(timeout=20)
        process.communicate(timeout=20)

    assert answer.json()["predictions"] == [{"value": 5.0}]
    assert process.returncode == 0


def test_an_address_for_other_machines_needs_a_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCI_TOKEN", raising=False)
    for host in ("0.0.0.0", "::", "192.0.2.1", "models.example", ""):
        with pytest.raises(ConfigError, match="no token is set") as caught:
            Rest(RestConfig()).serve(None, host, 0)
        assert "SCI_TOKEN" in caught.value.hint

    monkeypatch.setenv("SCI_TOKEN", "")
    assert token() is None
    with pytest.raises(ConfigError, match="no token is set"):
        Rest(RestConfig()).serve(None, "0.0.0.0", 0)


def test_with_a_token_the_server_opens_and_does_not_print_it() -> None:
    with started("0.0.0.0", SCI_TOKEN="canary-55") as process:
        base = address(process).replace("0.0.0.0", "127.0.0.1")
        without = httpx.get(f"{base}/metadata", trust_env=False)
        shown = httpx.get(f"{base}/metadata", headers={"Authorization": "Bearer canary-55"}, trust_env=False)
        process.terminate()
        _, errors = process.communicate(timeout=20)

    assert (without.status_code, shown.status_code) == (401, 200)
    assert "canary" not in errors


def test_a_taken_port_is_an_error_that_says_what_to_type() -> None:
    with started() as process:
        port = int(address(process).rsplit(":", 1)[1])
        with started(port=port) as second:
            _, errors = second.communicate(timeout=20)
        process.terminate()
        process.communicate(timeout=20)

    assert f"`127.0.0.1` port `{port}` cannot be listened on" in errors


def test_the_server_is_offered_as_one_that_serves() -> None:
    (spec,) = plugin.sci_deployers()

    assert (spec.name, spec.traits) == ("rest", frozenset({"serves"}))


def test_discovery_imports_nothing_heavy() -> None:
    heavy = "numpy", "pyarrow", "pydantic", "fastapi", "uvicorn"
    code = f"import sys, sci_serve.plugin; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
