"""What these steps say when settings stop them."""

from __future__ import annotations

from sci.api import ConfigError, Schema


def require_text(step: str, schema: Schema, columns: tuple[str, ...], lists: bool = False) -> None:
    """Raise `ConfigError` for the first of the columns that is not text, or, unless `lists`, holds lists of words."""
    for name in columns:
        kind = schema.columns[name].kind
        if kind == "text" and schema.columns[name].ragged and not lists:
            raise ConfigError(
                f"{step} reads running text, but column `{name}` holds lists of words",
                id="flow.kind",
                hint="a step that makes tokens, such as wordpiece",
            )
        if kind != "text":
            readable = [other for other in columns if schema.columns[other].kind == "text"]
            raise ConfigError(
                f"{step} reads text, but column `{name}` is {kind}",
                id="flow.kind",
                hint=f"columns: [{', '.join(readable)}]" if 0 < len(readable) <= 8 else "",
            )
