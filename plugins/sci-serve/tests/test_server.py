"""A real server on this machine, asked over HTTP."""

from __future__ import annotations

import contextlib
import html.parser
import json
import pathlib
import re
import select
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pyarrow as pa
import pytest
import uvicorn
from fastapi.openapi.models import OpenAPI
from fastapi.routing import APIRoute

from sci.api import DataError, Feature, Schema
from sci_serve.app import app
from sci_serve.config import RestConfig
from sci_serve.guard import OPEN
from sci_serve.rest import listening, settings

HOSTILE = ("__class__", "odd \"name\" with 'quotes'", "größe 高度", "<script>alert(1)</script>", "rows", "model_config")
WEIGHTS = {"age": 0.25, **dict.fromkeys(HOSTILE, 1.0)}


class Linear:
    """A logistic model with fixed weights; class `yes` where the sum is positive."""

    outputs = {
        "label": Feature("category", dtype="string", values=("no", "yes")),
        "probability": Feature("array", dtype="float64", shape=(2,)),
    }
    info = {"classes": ["no", "yes"], "positive": "yes"}

    def __init__(self, columns: dict[str, Feature]) -> None:
        self.request = Schema(columns, dict.fromkeys(columns, "input"))
        self.seen: list[pa.Table] = []

    def predict(self, data: pa.Table) -> pa.Table:
        self.seen.append(data)
        scores = np.zeros(data.num_rows)
        for name, weight in WEIGHTS.items():
            if name in data.column_names:
                scores += weight * np.nan_to_num(data.column(name).to_numpy())
        yes = 1.0 / (1.0 + np.exp(-scores))
        flat = np.stack([1.0 - yes, yes], axis=1).reshape(-1)
        return pa.table(
            {
                "id": np.arange(len(yes)),
                "prediction.label": pa.array(np.where(yes > 0.5, "yes", "no")),
                "prediction.probability": pa.FixedSizeListArray.from_arrays(pa.array(flat), 2),
            }
        )


class Opened:
    """What `sci.load` returns, as far as a server looks at it."""

    path: pathlib.Path
    name = "loans"
    manifest: dict[str, Any] = {"name": "loans", "status": "finished"}
    lock = {"weights": "b41f09d2"}
    metrics = {
        "test": {"f1": {"value": 0.951, "interval": [0.92, 0.977], "n": 1116}, "auc": {"value": float("nan")}},
    }

    def __init__(self, pipeline: Any, folder: str = "runs/loans") -> None:
        self.pipeline = pipeline
        self.path = pathlib.Path(folder, "20260102-030405-k3f9")


PLAIN = {
    "age": Feature("number", dtype="float64", unit="year"),
    "member": Feature("boolean", dtype="int64"),
    "city": Feature("category", dtype="string", values=("Bern", "Oslo")),
    "note": Feature("text", dtype="string"),
}
ROW = {"age": 40, "member": True, "city": "Oslo", "note": "new 新"}


@contextlib.contextmanager
def served(
    pipeline: Any = None, token: str | None = None, folder: str = "runs/loans", **limits: Any
) -> Iterator[httpx.Client]:
    config = RestConfig(**limits)
    server = uvicorn.Server(settings(app(Opened(pipeline or Linear(PLAIN), folder), config, token), config))
    with listening("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            with httpx.Client(base_url=address, timeout=10, trust_env=False) as client:
                yield client
        finally:
            server.should_exit = True
            thread.join(10)
    assert not thread.is_alive()


EXPERIMENT = "question: Who <b>pays</b> back?\nintended_use: {for: teaching, not for: decisions}\n"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder = tmp_path_factory.mktemp("loans")
    (folder / "20260102-030405-k3f9").mkdir()
    (folder / "20260102-030405-k3f9/config.resolved.yaml").write_text(EXPERIMENT, encoding="utf-8")
    with served(folder=str(folder)) as found:
        yield found


def ask(client: httpx.Client, *rows: Any) -> httpx.Response:
    return client.post("/predict", json={"rows": list(rows)})


def raw(client: httpx.Client, body: bytes, **headers: str) -> httpx.Response:
    return client.post("/predict", content=body, headers={"Content-Type": "application/json", **headers})


def test_predictions_come_in_the_order_of_the_rows_as_plain_numbers(client: httpx.Client) -> None:
    answer = ask(client, ROW, {**ROW, "age": -40.5}, {**ROW, "age": None, "member": None, "city": None})

    assert answer.status_code == 200
    document = answer.json()
    assert [row["label"] for row in document["predictions"]] == ["yes", "no", "no"]
    assert document["predictions"][0]["probability"] == pytest.approx({"no": 4.54e-05, "yes": 1 - 4.54e-05}, rel=1e-3)
    assert document["predictions"][2]["probability"] == {"no": 0.5, "yes": 0.5}
    assert document["model"] == {"run": "20260102-030405-k3f9", "weights": "b41f09d2"}


def test_the_model_receives_typed_columns_with_nulls() -> None:
    pipeline = Linear(PLAIN)
    with served(pipeline) as client:
        ask(client, ROW, {**ROW, "age": None, "member": False, "city": None})

    assert pipeline.seen[0].schema == pa.schema(
        [("age", pa.float64()), ("member", pa.bool_()), ("city", pa.large_string()), ("note", pa.large_string())]
    )
    assert pipeline.seen[0].to_pylist() == [
        {"age": 40.0, "member": True, "city": "Oslo", "note": "new 新"},
        {"age": None, "member": False, "city": None, "note": "new 新"},
    ]


@pytest.mark.parametrize(
    ("row", "path"),
    [
        ({name: value for name, value in ROW.items() if name != "age"}, "rows[0].age"),
        ({**ROW, "secret-7351": 1}, 'rows[0]["secret-7351"]'),
        ({**ROW, "age": "40"}, "rows[0].age"),
        ({**ROW, "age": True}, "rows[0].age"),
        ({**ROW, "age": [40]}, "rows[0].age"),
        ({**ROW, "member": 1}, "rows[0].member"),
        ({**ROW, "member": "true"}, "rows[0].member"),
        ({**ROW, "city": 5}, "rows[0].city"),
        ({**ROW, "note": None}, "rows[0].note"),
        ({**ROW, "column_0": 5}, "rows[0].column_0"),
        ("a row", "rows[0]"),
        (None, "rows[0]"),
    ],
)
def test_a_wrong_field_is_422_with_its_path(client: httpx.Client, row: Any, path: str) -> None:
    answer = ask(client, row)

    assert answer.status_code == 422
    assert [field["path"] for field in answer.json()["error"]["fields"]] == [path]


def test_the_row_of_a_wrong_field_is_named_and_its_value_is_not_echoed(client: httpx.Client) -> None:
    answer = ask(client, ROW, {**ROW, "age": "canary-91"}, {**ROW, "member": "canary-92", "city": ["canary-93"]})

    assert [field["path"] for field in answer.json()["error"]["fields"]] == [
        "rows[1].age",
        "rows[2].member",
        "rows[2].city",
    ]
    assert "canary" not in answer.text


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400])
def test_numbers_that_are_not_finite_are_422(client: httpx.Client, number: str) -> None:
    answer = raw(client, json.dumps({"rows": [{**ROW, "age": 0}]}).replace('"age": 0', f'"age": {number}').encode())

    assert answer.status_code == 422
    assert answer.json()["error"]["fields"][0]["path"] == "rows[0].age"


def test_many_wrong_fields_are_counted_and_the_first_20_are_listed(client: httpx.Client) -> None:
    error = ask(client, *[{**ROW, "age": "x"}] * 50).json()["error"]

    assert len(error["fields"]) == 20
    assert error["message"] == "50 fields do not fit the model's schema; the first 20 of 50 are listed"


def test_a_long_unknown_name_is_cut(client: httpx.Client) -> None:
    answer = ask(client, {**ROW, "x" * 5000: 1})

    assert answer.status_code == 422
    assert len(answer.text) < 500


@pytest.mark.parametrize(
    ("document", "path"), [({"rows": []}, "rows"), ({}, "rows"), ([], "the request"), (5, "the request")]
)
def test_no_rows_are_422(client: httpx.Client, document: Any, path: str) -> None:
    answer = client.post("/predict", json=document)

    assert answer.status_code == 422
    assert answer.json()["error"]["fields"][0]["path"] == path


def test_more_rows_than_allowed_are_413() -> None:
    with served(max_rows=3) as client:
        assert ask(client, ROW, ROW, ROW).status_code == 200
        answer = ask(client, ROW, ROW, ROW, ROW)

    assert (answer.status_code, answer.json()["error"]["id"]) == (413, "request.rows")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"rows": []} junk',
        b"rows=1",
        b'{"rows": [], "rows": []}',
        b'{"rows": [{"age": 1, "age": 2}]}',
        b"\xff\xfe\x00",
        b"\xef\xbb\xbf{}",
        b'{"rows": ["\\ud800"]}',
        b"[" * 100_000,
        b'{"rows": ' + b"9" * 100_000 + b"}",
        b'{"rows": ["\x00"]}',
    ],
)
def test_what_is_not_json_is_400(client: httpx.Client, body: bytes) -> None:
    answer = raw(client, body)

    assert (answer.status_code, answer.json()["error"]["id"]) == (400, "request.json")


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": ""},
    ],
)
def test_other_content_types_are_415(client: httpx.Client, headers: dict[str, str]) -> None:
    assert client.post("/predict", content=b"{}", headers=headers).status_code == 415


def test_the_charset_may_be_given(client: httpx.Client) -> None:
    body = json.dumps({"rows": [ROW]}).encode()
    assert raw(client, body, **{"Content-Type": 'Application/JSON; charset="UTF-8"'}).status_code == 200


def test_a_body_that_is_announced_too_long_is_413(client: httpx.Client) -> None:
    answer = raw(client, b" " * (2**20 + 1))

    assert (answer.status_code, answer.json()["error"]["id"]) == (413, "request.bytes")


@pytest.mark.timeout(60)
def test_a_body_that_is_announced_too_long_is_not_waited_for(client: httpx.Client) -> None:
    with connected(client) as connection:
        connection.sendall(HEAD + b"Content-Length: 1000000000\r\n\r\n")
        received = connection.recv(65536)

    assert received.startswith(b"HTTP/1.1 413")


HEAD = b"POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@contextlib.contextmanager
def connected(client: httpx.Client) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", client.base_url.port or 0), timeout=10) as connection:
        yield connection


def test_reading_stops_at_the_limit_when_no_length_is_announced(client: httpx.Client) -> None:
    sent, received = 0, b""
    with connected(client) as connection:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while not received and sent < 2**30:
            connection.sendall(b"10000\r\n" + b" " * 65536 + b"\r\n")
            sent += 65536
            if sent > 2**20 and select.select([connection], [], [], 0.05)[0]:
                received = connection.recv(65536)

    assert received.startswith(b"HTTP/1.1 413")
    assert b"connection: close" in received.lower()
    assert sent < 4 * 2**20
    assert client.get("/healthz").status_code == 200


def test_a_body_that_comes_too_slowly_is_408() -> None:
    with served(body_seconds=0.3) as client, connected(client) as connection:
        connection.sendall(HEAD + b"Content-Length: 50\r\n\r\n{")
        received = connection.recv(65536)

    assert received.startswith(b"HTTP/1.1 408")


def test_hostile_column_names_are_served() -> None:
    columns = {name: Feature("number", dtype="float64") for name in HOSTILE}
    with served(Linear(columns)) as client:
        answer = ask(client, dict.fromkeys(HOSTILE, 0.1))
        refused = ask(client, {**dict.fromkeys(HOSTILE, 0.1), HOSTILE[1]: "x"})
        page, description = client.get("/docs"), client.get("/openapi.json")

    assert answer.json()["predictions"][0]["probability"]["yes"] == pytest.approx(1 / (1 + np.exp(-0.6)))
    assert refused.json()["error"]["fields"][0]["path"] == f"rows[0][{json.dumps(HOSTILE[1])}]"
    assert "<script>" not in page.text
    assert set(description.json()["components"]["schemas"]["Row"]["properties"]) == set(HOSTILE)


class Arrays(Linear):
    outputs = {"value": Feature("number", dtype="float64", unit="EUR"), "quantiles": Feature("array", shape=(3,))}
    info: dict[str, Any] = {}

    def predict(self, data: pa.Table) -> pa.Table:
        self.seen.append(data)
        flat = pa.array([0.1, float("nan"), 0.3] * data.num_rows)
        value = pa.array([float("inf"), 2.5][: data.num_rows])
        return pa.table({"prediction.value": value, "prediction.quantiles": pa.FixedSizeListArray.from_arrays(flat, 3)})


def test_lists_and_bytes_are_checked_and_reach_the_model() -> None:
    columns = {
        "spectrum": Feature("series", dtype="float64", shape=(2,)),
        "events": Feature("array", dtype="float64", ragged=True),
        "image": Feature("image", dtype="binary"),
        "code": Feature("category", dtype="int64", size=3),
    }
    row = {"spectrum": [1, 2.5], "events": [], "image": "AAE=", "code": 2}
    pipeline = Arrays(columns)
    with served(pipeline) as client:
        assert ask(client, row).status_code == 200
        for name, wrong in (("spectrum", [1]), ("events", 5), ("image", "A*"), ("code", 2**63), ("code", 1.5)):
            answer = ask(client, {**row, name: wrong})
            assert (answer.status_code, answer.json()["error"]["fields"][0]["path"]) == (422, f"rows[0].{name}")

    assert pipeline.seen[0].to_pylist() == [{"spectrum": [1.0, 2.5], "events": [], "image": b"\x00\x01", "code": 2}]


def test_values_that_json_cannot_hold_are_null() -> None:
    with served(Arrays({"age": PLAIN["age"]})) as client:
        predictions = ask(client, {"age": 1}, {"age": 2}).json()["predictions"]

    assert predictions == [
        {"value": None, "quantiles": [0.1, None, 0.3]},
        {"value": 2.5, "quantiles": [0.1, None, 0.3]},
    ]


class Broken(Linear):
    def predict(self, data: pa.Table) -> pa.Table:
        age = data.column("age")[0].as_py()
        if age == 1:
            raise RuntimeError("canary-17 in /home/somebody/model.py")
        if age == 2:
            raise DataError("column `age` holds `canary-18`", id="data.range")
        return super().predict(data.slice(0, 1) if age == 3 else data)


def test_a_model_that_fails_is_500_without_its_reason_and_others_are_answered(caplog: pytest.LogCaptureFixture) -> None:
    with served(Broken(PLAIN)) as client:
        failed = ask(client, {**ROW, "age": 1})
        short = ask(client, {**ROW, "age": 3}, ROW)
        fine = ask(client, {**ROW, "age": 4})

    assert (failed.status_code, short.status_code, fine.status_code) == (500, 500, 200)
    assert "canary" not in failed.text
    assert "Traceback" not in failed.text
    number = failed.json()["error"]["id"].removeprefix("server.")
    assert re.fullmatch(r"[0-9a-f]{8}", number)
    assert f"request {number} failed" in caplog.text
    assert "canary-17" in caplog.text


def test_rows_that_the_model_refuses_are_422_with_the_id_of_the_error() -> None:
    with served(Broken(PLAIN)) as client:
        answer = ask(client, {**ROW, "age": 2})

    assert (answer.status_code, answer.json()["error"]["id"]) == (422, "data.range")
    assert "canary" not in answer.text


class Slow(Linear):
    def predict(self, data: pa.Table) -> pa.Table:
        time.sleep(0.3)
        return super().predict(data)


def test_requests_beyond_the_queue_are_503_at_once_and_the_others_get_their_own_answer() -> None:
    answers: dict[int, httpx.Response] = {}
    with served(Slow(PLAIN), max_waiting=2) as client:

        def one(age: int) -> None:
            answers[age] = httpx.post(f"{client.base_url}/predict", json={"rows": [{**ROW, "age": age}]}, timeout=10)

        threads = [threading.Thread(target=one, args=(age,)) for age in (-8, -4, 4, 8, 12)]
        for thread in threads:
            thread.start()
        health = client.get("/healthz")
        for thread in threads:
            thread.join(10)

    busy = [answer for answer in answers.values() if answer.status_code == 503]
    assert health.elapsed.total_seconds() < 0.25
    assert len(busy) == 3
    assert {answer.headers["Retry-After"] for answer in busy} == {"1"}
    for age, answer in answers.items():
        if answer.status_code == 200:
            yes = answer.json()["predictions"][0]["probability"]["yes"]
            assert yes == pytest.approx(1 / (1 + np.exp(-0.25 * age)))


def test_a_hundred_requests_at_once_each_get_their_own_answer() -> None:
    found: dict[int, float] = {}
    with served(max_waiting=100) as client:

        def some(start: int) -> None:
            with httpx.Client(base_url=client.base_url, timeout=20, trust_env=False) as own:
                for age in range(start, 100, 4):
                    found[age] = ask(own, {**ROW, "age": age}).json()["predictions"][0]["probability"]["yes"]

        threads = [threading.Thread(target=some, args=(start,)) for start in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)

    assert found == pytest.approx({age: 1 / (1 + np.exp(-0.25 * age)) for age in range(100)})


@pytest.mark.parametrize("route", ["/healthz", "/v2/health/live", "/v2/health/ready"])
def test_health_answers(client: httpx.Client, route: str) -> None:
    assert client.get(route).status_code == 200


def test_metadata_tells_what_is_served(client: httpx.Client) -> None:
    document = client.get("/metadata").json()

    assert document["name"] == "loans"
    assert document["question"] == "Who <b>pays</b> back?"
    assert document["intended_use"] == {"for": "teaching", "not for": "decisions"}
    assert document["weights"] == "b41f09d2"
    assert list(document["request"]) == ["age", "member", "city", "note"]
    assert document["request"]["age"]["unit"] == "year"
    assert document["metrics"]["f1"]["interval"] == [0.92, 0.977]
    assert document["metrics"]["auc"]["value"] is None
    assert document["limits"] == {"rows": 1000, "bytes": 2**20}


def test_openapi_is_valid_and_names_every_route(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()

    OpenAPI.model_validate(document)
    routes = {route.path for route in app(Opened(Linear(PLAIN))).routes if isinstance(route, APIRoute)}
    assert set(document["paths"]) == routes
    row = document["components"]["schemas"]["Row"]
    assert row["required"] == list(PLAIN)
    assert row["additionalProperties"] is False


def test_the_example_of_openapi_is_answered(client: httpx.Client) -> None:
    body = client.get("/openapi.json").json()["paths"]["/predict"]["post"]["requestBody"]["content"]["application/json"]

    assert client.post("/predict", json=body["example"]).status_code == 200


class Links(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.loaded: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.loaded += [value for name, value in attrs if name in ("src", "href", "srcset", "data", "action")]


def test_the_page_loads_nothing_and_escapes_what_others_wrote(client: httpx.Client) -> None:
    answer = client.get("/docs")
    found = Links()
    found.feed(answer.text)

    assert found.loaded == []
    assert "script" not in found.tags
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "Who &lt;b&gt;pays&lt;/b&gt; back?" in answer.text
    assert "0.92 to 0.977" in answer.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/predict", 405), ("TRACE", "/predict", 405), ("GET", "/nothing", 404), ("GET", "/docs/", 404)],
)
def test_unknown_routes_and_methods_are_refused_in_the_same_form(
    client: httpx.Client, method: str, path: str, status: int
) -> None:
    answer = client.request(method, path)

    assert answer.status_code == status
    assert answer.json()["error"]["id"] == "request.route"


def test_other_sites_get_no_permission(client: httpx.Client) -> None:
    answer = client.options(
        "/predict", headers={"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    )

    assert answer.status_code == 405
    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1", ""]
)
def test_names_that_are_not_this_machine_are_refused_without_a_token(client: httpx.Client, host: str) -> None:
    assert client.get("/metadata", headers={"Host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "127.8.9.1"])
def test_names_of_this_machine_are_answered(client: httpx.Client, host: str) -> None:
    assert client.get("/metadata", headers={"Host": host}).status_code == 200


def test_every_route_but_health_needs_the_token() -> None:
    token = "s3cret-高"
    routes = [route for route in app(Opened(Linear(PLAIN))).routes if isinstance(route, APIRoute)]
    asked = {(method, route.path) for route in routes for method in route.methods}
    assert ("POST", "/predict") in asked
    assert len(asked) >= 7
    with served(token=token) as client:
        for method, path in sorted(asked | {("GET", "/nothing"), ("GET", "/openapi.json/../metadata")}):
            status = client.request(method, path).status_code
            assert (status == 401) == (path not in OPEN), (method, path)
        for shown in ("", token, "Bearer", "Bearer s3cret-", f"Bearer {token}x", f"Basic {token}"):
            answer = client.get("/metadata", headers={"Authorization": shown.encode()})
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
        right = {"Authorization": f"Bearer {token}".encode()}
        assert client.get("/metadata", headers={**right, "Host": "models.example"}).status_code == 200
        assert client.post("/predict", json={"rows": [ROW]}, headers=right).status_code == 200
