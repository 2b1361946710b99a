"""How the conformance kit asks the server: over HTTP, as anybody would."""

from __future__ import annotations

import json
import threading
import time
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from sci.testing import Case

PATIENCE = 30.0


def cases() -> list[Case]:
    """The server, on a port of this machine."""
    return [Case("deployers", "rest", claims={"predict": asked})]


def asked(run: Any, deployment: Any, table: Any) -> list[float]:
    """What the server predicts for these rows."""
    import uvicorn

    from sci_serve.app import app
    from sci_serve.config import RestConfig
    from sci_serve.rest import listening, settings

    config = RestConfig()
    server = uvicorn.Server(settings(app(run, config, None), config))
    with listening("127.0.0.1", 0) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        deadline = time.monotonic() + PATIENCE
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            return _answer(f"http://127.0.0.1:{listener.getsockname()[1]}/predict", table.to_pylist())
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


def _answer(address: str, rows: list[dict[str, Any]]) -> list[float]:
    body = json.dumps({"rows": rows}).encode()
    request = Request(address, body, {"Content-Type": "application/json"})  # noqa: S310  (an address of our own)
    with build_opener(ProxyHandler({})).open(request, timeout=PATIENCE) as answer:
        return [one["value"] for one in json.load(answer)["predictions"]]
