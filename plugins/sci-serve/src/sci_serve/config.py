"""Settings of the server."""

from __future__ import annotations

from pydantic import Field

from sci.api import ComponentConfig


class RestConfig(ComponentConfig):
    """Settings of the deployer `rest`."""

    max_rows: int = Field(default=1000, ge=1)
    """Rows that one request may hold; more are answered with 413."""

    max_bytes: int = Field(default=2**20, ge=1024)
    """Bytes of a request's body; reading stops there with 413."""

    max_waiting: int = Field(default=32, ge=1)
    """Requests that may wait for the model, the one at work included; more are answered with 503."""

    body_seconds: float = Field(default=10.0, gt=0)
    """Seconds within which a request's body arrives; else 408."""

    max_connections: int = Field(default=256, ge=2)
    """Open connections; more are answered with 503."""
