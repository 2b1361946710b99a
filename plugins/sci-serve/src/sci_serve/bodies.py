"""The body of a request: how much of it is read, and what counts as JSON."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from typing import Any

from fastapi import Request

from sci_serve.config import RestConfig
from sci_serve.refusals import Refusal

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_CLOSE = {"Connection": "close"}

DRAIN_SECONDS = 1.0
"""How long a client that is still sending is listened to before its body is refused."""


async def read(request: Request, config: RestConfig) -> bytes:
    """The whole body; `Refusal` 415, 413 as soon as it is too long, 408 when it is too slow."""
    _check_type(request)
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length) > config.max_bytes:
        await _drained(request, config)
        raise _too_long(config)
    body = bytearray()
    try:
        async with asyncio.timeout(config.body_seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > config.max_bytes:
                    await _drained(request, config)
                    raise _too_long(config)
    except TimeoutError:
        seconds = f"{config.body_seconds:g} s"
        raise Refusal(408, "request.slow", f"the body did not arrive within {seconds}", headers=_CLOSE) from None
    return bytes(body)


async def _drained(request: Request, config: RestConfig) -> None:
    """Take in a little more of a body that is refused: closing on a client that is still sending loses the answer."""
    taken = 0
    with contextlib.suppress(TimeoutError, RuntimeError):
        async with asyncio.timeout(DRAIN_SECONDS):
            async for chunk in request.stream():
                taken += len(chunk)
                if taken > config.max_bytes:
                    return


def _too_long(config: RestConfig) -> Refusal:
    return Refusal(413, "request.bytes", f"the body is longer than {config.max_bytes:,} bytes", headers=_CLOSE)


def _check_type(request: Request) -> None:
    kind, _, parameters = request.headers.get("content-type", "").lower().partition(";")
    charset = parameters.replace('"', "").replace(" ", "")
    encoding = request.headers.get("content-encoding", "identity").lower()
    if kind.strip() != "application/json" or charset not in ("", "charset=utf-8") or encoding != "identity":
        message = "the body is read as `Content-Type: application/json`, in UTF-8 and not compressed"
        raise Refusal(415, "request.type", message, headers={"Accept": "application/json", **_CLOSE})


def parsed(body: bytes) -> Any:
    """The JSON document; `Refusal` 400 for anything else, a key that occurs twice included.

    NaN and Infinity pass: they are wrong values of a field, and are refused as such.
    """
    try:
        text = body.decode("utf-8")
        document = json.loads(text, object_pairs_hook=_unique)
        if _SURROGATE.search(text):
            json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        reason = "; a key occurs twice" if isinstance(error, TwiceError) else ""
        raise Refusal(400, "request.json", f"the body is not JSON in UTF-8{reason}") from None
    return document


class TwiceError(ValueError):
    """A key of an object occurs twice."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise TwiceError
    return found
