"""The OpenAPI description of a served model."""

from __future__ import annotations

from typing import Any

from sci_serve.answers import answer_schema
from sci_serve.requests import Requests, example
from sci_serve.service import Service

ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["id", "message", "fields"],
            "properties": {
                "id": {"type": "string"},
                "message": {"type": "string"},
                "fields": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {"path": {"type": "string"}, "problem": {"type": "string"}},
                    },
                },
            },
        }
    },
}

REFUSALS = {
    "400": "the body is not JSON",
    "401": "the token is missing or another one",
    "408": "the body came too slowly",
    "413": "too many rows or bytes",
    "415": "the body is not of type application/json",
    "422": "rows do not fit the schema; each wrong field is named",
    "500": "the model has failed; the server's log holds the id",
    "503": "too many requests wait",
}

GETS = {
    "/healthz": "The server lives",
    "/v2/health/live": "The server lives",
    "/v2/health/ready": "The model is loaded and answers",
    "/metadata": "Name, schema, metrics with intervals, intended use",
    "/openapi.json": "This description",
    "/docs": "This description for people",
}


def openapi(service: Service) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    reference = "#/components/schemas/{model}"
    request = Requests(service.request, service.config.max_rows).model.model_json_schema(ref_template=reference)
    request["properties"]["rows"]["maxItems"] = service.config.max_rows
    schemas = {**request.pop("$defs", {}), "Request": request, "Answer": _answer(service), "Error": ERROR}
    paths: dict[str, Any] = {path: {"get": _get(path, summary)} for path, summary in GETS.items()}
    paths["/predict"] = {"post": _post(service)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": service.name,
            "version": service.run,
            "description": str(service.experiment.get("question") or ""),
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _answer(service: Service) -> dict[str, Any]:
    text = {"type": ["string", "null"]}
    return {
        "type": "object",
        "required": ["predictions", "model"],
        "properties": {
            "predictions": {"type": "array", "items": answer_schema(service.outputs, service.info)},
            "model": {"type": "object", "properties": {"run": {"type": "string"}, "weights": text}},
        },
    }


def _get(path: str, summary: str) -> dict[str, Any]:
    kind = "text/html" if path == "/docs" else "application/json"
    return {
        "summary": summary,
        "operationId": path.strip("/").replace("/", "_").replace(".", "_"),
        "responses": {"200": {"description": summary, "content": {kind: {}}}},
    }


def _post(service: Service) -> dict[str, Any]:
    refused = {
        status: {"description": text, "content": {"application/json": {"schema": _reference("Error")}}}
        for status, text in REFUSALS.items()
    }
    answered = {"description": "One prediction for each row", "content": _json(_reference("Answer"))}
    body = _json({**_reference("Request")}, example(service.request))
    return {
        "summary": "Predictions for rows",
        "operationId": "predict",
        "requestBody": {"required": True, "content": body},
        "responses": {"200": answered, **refused},
        "security": [{}, {"token": []}],
    }


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any], sample: Any = None) -> dict[str, Any]:
    return {"application/json": {"schema": schema, **({"example": sample} if sample is not None else {})}}
