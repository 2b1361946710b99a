"""The deployer `rest`: an HTTP server, and the files that describe it."""

from __future__ import annotations

import json
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from sci.api import ConfigError, Deployment, Pipeline, RunContext
from sci_serve.app import app
from sci_serve.config import RestConfig
from sci_serve.guard import check_host, token
from sci_serve.openapi import openapi
from sci_serve.page import call
from sci_serve.service import Service

FOLDER = "exports/rest"


class Rest:
    """Deployer `rest`.

    Args:
        config: limits of the server.
    """

    def __init__(self, config: RestConfig) -> None:
        self.config = config

    def deploy(self, pipeline: Pipeline, context: RunContext) -> Deployment:
        """Write ``openapi.json``, ``service.json`` and ``README.md``; the model stays in the run directory.

        Raises:
            ConfigError: the model cannot be served from raw rows.
        """
        service = Service.of_context(pipeline, context, self.config)
        files = {
            "service.json": json.dumps(service.document(), indent=1, ensure_ascii=False),
            "openapi.json": json.dumps(openapi(service), indent=1, ensure_ascii=False),
            "README.md": readme(service),
        }
        for name, text in files.items():
            with context.write(f"{FOLDER}/{name}") as file:
                file.write(text.encode("utf-8"))
        return Deployment("rest", [f"{FOLDER}/{name}" for name in files], f"sci serve {context.run_id}")

    def serve(self, run: Any, host: str = "127.0.0.1", port: int = 8000) -> None:
        """Answer requests until SIGINT or SIGTERM; requests at work are finished first. Port 0 takes a free one.

        Raises:
            ConfigError: the address is not of this machine alone and SCI_TOKEN is not set, or it is taken.
        """
        shown = token()
        check_host(host, shown)
        server = uvicorn.Server(settings(app(run, self.config, shown), self.config))
        with listening(host, port) as listener, ending():
            sys.stderr.write(announced(listener, shown))
            sys.stderr.flush()
            server.run(sockets=[listener])


def settings(application: Any, config: RestConfig) -> uvicorn.Config:
    """How uvicorn runs the application: h11 only, nothing trusted from proxies, its own log left alone."""
    return uvicorn.Config(
        application,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=config.max_connections,
        timeout_graceful_shutdown=20,
    )


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that accepts connections."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host.strip("[]"), port), family=family)
    except OSError as error:
        raise ConfigError(
            f"`{host}` port `{port}` cannot be listened on: {error.strerror or error}",
            id="serve.address",
            hint="sci serve RUN --port 0   takes a free port",
        ) from error
    with listener:
        yield listener


@contextmanager
def ending() -> Iterator[None]:
    """A signal ends the server, not the process: uvicorn raises it again when it has stopped."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    kept = {name: signal.signal(name, lambda *_: None) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in kept.items():
            signal.signal(name, handler)


def announced(listener: socket.socket, token: str | None) -> str:
    """The address, for people."""
    host, port = listener.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    who = "callers show SCI_TOKEN" if token else "only this machine"
    return (
        f"open    {address}/docs\ncall    {address}/predict        {who}\nCtrl-C finishes what is at work and stops\n"
    )


def readme(service: Service) -> str:
    """What a reader of the export needs to start the server and to ask it."""
    return f"""# {service.name}

The model lies in the run directory; the server reads it there and verifies its hashes.

    sci serve {service.run}

Weights: `{service.weights or "unknown"}`. Ask:

    {call(service).replace(chr(10), chr(10) + "    ")}

`service.json` holds the schema of rows and predictions, `openapi.json` the description of all routes. The server
answers on this machine only; `--host` with another address needs a token in `SCI_TOKEN`.
"""
