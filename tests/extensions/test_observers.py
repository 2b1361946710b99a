"""Plugins that watch a run: a profiler, and a notifier that posts to a server."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator

import pytest

EXPERIMENT = """
format: 1
name: watched
seed: 5
task: regression
data: {source: {name: generated, recipe: linear, rows: 300}, target: y}
model: least-squares
engine: numpy
evaluation: {metrics: [rmse], baselines: [mean]}
report: []
"""


def test_a_profiler_writes_time_and_memory_of_every_stage(house):
    house.install("profiler")
    house.write("e.yaml", EXPERIMENT)

    done = house.ran("e.yaml")

    lines = [json.loads(line) for line in (done.run / "profile.jsonl").read_text().splitlines()]
    listed = {file["path"]: file for file in done.json("manifest.json")["files"]}
    assert [line["stage"] for line in lines] == [
        "load", "split", "preprocess", "train", "evaluate", "analyze", "report",
    ]  # fmt: skip
    assert all(line["seconds"] >= 0 and line["processor_seconds"] > 0 for line in lines)
    assert all(line["peak_bytes"] is None or line["peak_bytes"] > 1_000_000 for line in lines)
    assert listed["profile.jsonl"]["size"] == (done.run / "profile.jsonl").stat().st_size


class Server(http.server.HTTPServer):
    """Keeps what was posted to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.posted: list[dict] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/runs"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever)
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def tracking(url: str) -> list[str]:
    return ["--set", f"tracking=[{{name: notify, url: '{url}'}}]"]


def test_a_notifier_posts_the_verdict_of_a_finished_run(house, server):
    house.install("notify")
    house.write("e.yaml", EXPERIMENT)

    done = house.ran("e.yaml", *tracking(server.url))

    [message] = server.posted
    assert message["run"] == done.run.name
    assert message["status"] == "finished"
    assert message["verdict"].startswith("The model clears its best baseline on rmse")


def test_a_notifier_posts_the_error_of_a_failed_run(house, server):
    house.install("notify")
    house.write("e.yaml", EXPERIMENT)

    done = house.sci("run", "e.yaml", *tracking(server.url), "--set", "data.target=z")

    [message] = server.posted
    assert done.code == 3
    assert message["status"] == "failed"
    assert "no column `z`" in message["error"]


def test_a_server_that_is_gone_costs_a_warning_and_no_run(house, server):
    house.install("notify")
    house.write("e.yaml", EXPERIMENT)
    server.shutdown()
    server.server_close()

    done = house.ran("e.yaml", *tracking(server.url))

    assert done.json("manifest.json")["status"] == "finished"
    assert "tracker notify could not observe run_finished" in done.err


def test_what_is_no_address_is_refused_before_anything_runs(house):
    house.install("notify")
    house.write("e.yaml", EXPERIMENT)

    assert house.sci("check", "e.yaml", *tracking("file:///etc/passwd")).code == 2


def test_a_policy_can_forbid_it(house):
    house.install("notify")
    house.write("e.yaml", EXPERIMENT)
    house.write("policy.yaml", "components: {deny: [trackers/notify]}\n")

    assert house.sci("run", "e.yaml", *tracking("http://127.0.0.1:9/")).code == 9
