"""Who may ask: every route but the health routes, by default."""

from __future__ import annotations

import hmac
import ipaddress
import os

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sci.api import ConfigError
from sci_serve.refusals import Refusal

VARIABLE = "SCI_TOKEN"
OPEN = frozenset({"/healthz", "/v2/health/live", "/v2/health/ready"})
"""Routes that answer without a token."""


def token() -> str | None:
    """The token that callers show; None where none is set."""
    return os.environ.get(VARIABLE) or None


def check_host(host: str, token: str | None) -> None:
    """`ConfigError` for an address that other machines reach while no token is set."""
    if not (token or is_loopback(host)):
        raise ConfigError(
            f"other machines reach `{host}`, and no token is set",
            id="serve.open",
            note=f"with {VARIABLE} set, callers show it as `Authorization: Bearer`",
            hint=f'export {VARIABLE}="$(openssl rand -hex 32)"   or leave out --host',
        )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host or address."""
    if host.rstrip(".").lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """ASGI middleware in front of every route, known or not.

    With a token: 401 for those who do not show it. Without one: 400 for a `Host` that is not this machine, so that
    no web page reaches the server by a name that it lets point here (DNS rebinding).

    Args:
        app: what is guarded.
        token: what callers show.
    """

    def __init__(self, app: ASGIApp, token: str | None) -> None:
        self.app = app
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal is not None:
            await refusal.response()(scope, receive, send)
        elif scope["type"] in ("http", "lifespan"):
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Refusal | None:
        if scope["path"] in OPEN:
            return None
        headers = Headers(scope=scope)
        if self.token is None:
            name = _host_name(headers.get("host", ""))
            return None if is_loopback(name) else Refusal(400, "request.host", "this server answers as localhost only")
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        same = hmac.compare_digest(shown.strip().encode("latin-1"), self.token.encode("utf-8"))
        if scheme.lower() == "bearer" and same:
            return None
        message = "`Authorization: Bearer` with the server's token is missing or another one"
        return Refusal(401, "request.token", message, headers={"WWW-Authenticate": "Bearer"})


def _host_name(host: str) -> str:
    return host.partition("]")[0] if host.startswith("[") else host.partition(":")[0]
