"""The routes of a served model."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import anyio.to_thread
import pyarrow as pa
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from sci.api import DataError, Pipeline
from sci_serve import bodies
from sci_serve.answers import answers
from sci_serve.config import RestConfig
from sci_serve.guard import Guard
from sci_serve.openapi import openapi
from sci_serve.page import CONTENT_SECURITY_POLICY, page
from sci_serve.queue import Queue
from sci_serve.refusals import Refusal
from sci_serve.requests import Requests
from sci_serve.service import Service

log = logging.getLogger("sci_serve")


def app(run: Any, config: RestConfig | None = None, token: str | None = None) -> FastAPI:
    """The application that answers for a run.

    Args:
        run: what `sci.load` returns.
        config: limits.
        token: what callers must show; None lets everyone ask who reaches the server under a loopback name.

    Raises:
        ConfigError: the model cannot be served from raw rows.
    """
    config = config or RestConfig()
    service = Service.of_run(run, config)
    served = FastAPI(title=service.name, docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    served.add_middleware(Guard, token=token)
    _answer_errors(served)
    _describe(served, service)
    _predict(served, service, run.pipeline)
    return served


def _answer_errors(served: FastAPI) -> None:
    @served.exception_handler(Refusal)
    async def refused(request: Request, refusal: Refusal) -> JSONResponse:
        return refusal.response()

    @served.exception_handler(HTTPException)
    async def unknown(request: Request, error: HTTPException) -> JSONResponse:
        return Refusal(error.status_code, "request.route", str(error.detail), headers=error.headers).response()

    @served.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        return _failure(error).response()


def _describe(served: FastAPI, service: Service) -> None:
    document = openapi(service)
    documentation = page(service, document)

    @served.get("/healthz")
    @served.get("/v2/health/live")
    async def live() -> dict[str, bool]:
        return {"live": True}

    @served.get("/v2/health/ready")
    async def ready() -> dict[str, bool]:
        return {"ready": True}

    @served.get("/metadata")
    async def metadata() -> JSONResponse:
        return JSONResponse(service.metadata())

    @served.get("/openapi.json")
    async def description() -> JSONResponse:
        return JSONResponse(document)

    @served.get("/docs")
    async def docs() -> HTMLResponse:
        return HTMLResponse(documentation, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


def _predict(served: FastAPI, service: Service, pipeline: Pipeline) -> None:
    requests = Requests(service.request, service.config.max_rows)
    queue = Queue(service.config.max_waiting)

    @served.post("/predict")
    async def predict(request: Request) -> Response:
        rows = requests.table(bodies.parsed(await bodies.read(request, service.config)))
        async with queue.turn():
            if await request.is_disconnected():
                return Response(status_code=499)
            predictions = await anyio.to_thread.run_sync(_predictions, pipeline, rows)
        return JSONResponse({"predictions": predictions, "model": {"run": service.run, "weights": service.weights}})


def _predictions(pipeline: Pipeline, rows: pa.Table) -> list[dict[str, Any]]:
    try:
        found = answers(pipeline.predict(rows), pipeline.info)
        if len(found) != rows.num_rows:
            raise RuntimeError(f"{len(found)} predictions for {rows.num_rows} rows")
    except DataError as error:
        log.warning("a request was refused by the model: %s", error.message)
        raise Refusal(422, error.id or "data", "the model cannot take these rows") from error
    except Exception as error:
        raise _failure(error) from error
    return found


def _failure(error: Exception) -> Refusal:
    number = secrets.token_hex(4)
    log.error("request %s failed", number, exc_info=error)
    return Refusal(500, f"server.{number}", f"the model has failed; the server's log tells why under {number}")
