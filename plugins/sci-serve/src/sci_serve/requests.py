"""Rows as a caller sends them: the model that checks them, and the table that the pipeline reads."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import pyarrow as pa
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model

from sci.api import ConfigError, Feature, Schema
from sci_serve.refusals import Refusal

SHOWN = 20
"""Wrong fields that an answer lists."""

LONGEST_NAME = 80
"""Characters of a sent field name that an answer repeats."""

Finite = Annotated[float, Field(allow_inf_nan=False)]
_STRICT = ConfigDict(extra="forbid", strict=True, frozen=True)


class Requests:
    """Checks and converts requests for one schema.

    Args:
        schema: what a caller sends: `Pipeline.request`.
        max_rows: rows that one request may hold.

    Raises:
        ConfigError: a column is of a kind that does not travel as JSON.
    """

    def __init__(self, schema: Schema, max_rows: int) -> None:
        self.schema = schema
        self.max_rows = max_rows
        self.model = _request_model(schema)
        self._types = {name: arrow_type(feature) for name, feature in schema.columns.items()}

    def table(self, document: Any) -> pa.Table:
        """The rows of a parsed request; `Refusal` 413 for too many, 422 naming each wrong field."""
        rows = document.get("rows") if isinstance(document, dict) else None
        if isinstance(rows, list) and len(rows) > self.max_rows:
            raise Refusal(413, "request.rows", f"there are {len(rows):,} rows; {self.max_rows:,} are allowed")
        try:
            checked: Any = self.model.model_validate(document)
        except ValidationError as error:
            raise _refused(error) from None
        columns = {
            name: pa.array([getattr(row, field) for row in checked.rows], type=self._types[name])
            for field, name in _fields(self.schema).items()
        }
        return pa.table(columns)


def _fields(schema: Schema) -> dict[str, str]:
    """Python name to column name: columns may be called anything, so the model knows them by alias."""
    return {f"column_{position}": name for position, name in enumerate(schema.columns)}


def _request_model(schema: Schema) -> type[BaseModel]:
    fields: dict[str, Any] = {
        field: (_annotation(name, schema.columns[name]), _described(name, schema.columns[name]))
        for field, name in _fields(schema).items()
    }
    row = create_model("Row", __config__=_STRICT, **fields)
    return create_model("Request", __config__=_STRICT, rows=(list[row], Field(min_length=1)))


def _annotation(name: str, feature: Feature) -> Any:
    type_ = arrow_type(feature, name)
    if pa.types.is_fixed_size_list(type_):
        size = type_.list_size
        return Annotated[list[Finite], Field(min_length=size, max_length=size)]
    if pa.types.is_large_list(type_):
        return list[str] if feature.dtype == "string" else list[Finite]
    if pa.types.is_large_binary(type_):
        return Annotated[str, Field(json_schema_extra={"contentEncoding": "base64"}), AfterValidator(_decoded)]
    if feature.kind == "text":
        return str
    if pa.types.is_boolean(type_):
        return bool | None
    if pa.types.is_integer(type_):
        return Annotated[int, Field(ge=-(2**63), lt=2**63)] | None
    return (str if pa.types.is_large_string(type_) else Finite) | None


def arrow_type(feature: Feature, name: str = "") -> pa.DataType:
    """The Arrow type of a column as it is sent."""
    if feature.dtype == "binary":
        return pa.large_binary()
    if feature.ragged and feature.dtype == "string":
        return pa.large_list(pa.large_string())
    if feature.kind == "text" or (feature.kind == "category" and feature.dtype == "string"):
        return pa.large_string()
    if feature.kind == "category":
        return pa.int64()
    if feature.kind == "boolean":
        return pa.bool_()
    if feature.kind == "number":
        return pa.float64()
    if feature.ragged and not feature.shape:
        return pa.large_list(pa.float64())
    if not feature.ragged and len(feature.shape) == 1 and feature.shape[0] is not None:
        return pa.list_(pa.float64(), feature.shape[0])
    raise ConfigError(
        f"column `{name}` ({feature.kind}) cannot be sent as JSON, so `rest` cannot serve this model",
        id="serve.kind",
        note="served: numbers, booleans, categories, text, bytes, and plain lists of numbers or texts",
    )


def _described(name: str, feature: Feature) -> Any:
    unit = f" in {feature.unit}" if feature.unit else ""
    alphabet = f" ({feature.alphabet})" if feature.alphabet else ""
    values = list(feature.values[:SHOWN]) if feature.values else None
    return Field(alias=name, title=name, description=f"{feature.kind}{unit}{alphabet}", examples=values)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError("is not base64") from None


def _refused(error: ValidationError) -> Refusal:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    fields = [{"path": path(entry["loc"]), "problem": entry["msg"]} for entry in found[:SHOWN]]
    more = f"; the first {SHOWN} of {len(found):,} are listed" if len(found) > SHOWN else ""
    noun = "field does" if len(found) == 1 else "fields do"
    return Refusal(422, "request.fields", f"{len(found):,} {noun} not fit the model's schema{more}", fields)


def path(location: Sequence[str | int]) -> str:
    """``rows[0].age``, ``rows[0]["odd name"]``."""
    text = ""
    for part in location:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part.isidentifier() and len(part) <= LONGEST_NAME:
            text += f".{part}" if text else part
        else:
            text += f"[{json.dumps(part[:LONGEST_NAME], ensure_ascii=False)}]"
    return text or "the request"


def example(schema: Schema) -> Mapping[str, Any]:
    """A request of one row that the schema allows; its values mean nothing."""
    return {"rows": [{name: _sample(feature) for name, feature in schema.columns.items()}]}


def _sample(feature: Feature) -> Any:
    type_ = arrow_type(feature)
    if pa.types.is_fixed_size_list(type_):
        return [0.0] * type_.list_size
    if pa.types.is_large_list(type_):
        return ["text"] if feature.dtype == "string" else [0.0]
    if pa.types.is_large_binary(type_):
        return ""
    if pa.types.is_large_string(type_):
        return feature.values[0] if feature.values else "text"
    return True if pa.types.is_boolean(type_) else 0 if pa.types.is_integer(type_) else 0.0
