"""What is answered when there is no prediction: status, a stable id, a sentence, and the fields that are wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi.responses import JSONResponse


class Refusal(Exception):
    """A request that gets no prediction.

    Args:
        status: HTTP status.
        id: stable identifier.
        message: what is wrong, without the value that was sent.
        fields: path of each wrong field and what it should be.
        headers: headers of the answer.
    """

    def __init__(
        self,
        status: int,
        id: str,
        message: str,
        fields: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.id = id
        self.message = message
        self.fields = fields
        self.headers = headers

    def response(self) -> JSONResponse:
        """The answer: ``{"error": {"id", "message", "fields"}}``."""
        error = {"id": self.id, "message": self.message, "fields": [dict(field) for field in self.fields]}
        return JSONResponse({"error": error}, self.status, dict(self.headers or {}))
