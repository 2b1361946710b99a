"""What these steps say when settings stop them."""

from __future__ import annotations

from sci.api import ConfigError, Schema


def require_text(step: str, schema: Schema, columns: tuple[str, ...]) -> None:
    """Raise `ConfigError` for the first of the columns that is not text."""
    for name in columns:
        kind = schema.columns[name].kind
        if kind != "text":
            readable = [other for other in columns if schema.columns[other].kind == "text"]
            raise ConfigError(
                f"{step} reads text, but column `{name}` is {kind}",
                id="flow.kind",
                hint=f"columns: [{', '.join(readable)}]" if 0 < len(readable) <= 8 else "",
            )
