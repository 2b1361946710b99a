"""The settings of a component, as pydantic models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from sci.api.columns import Schema


class ComponentConfig(BaseModel):
    """Base of every component's settings: frozen, strict about names, every field with a description.

    Settings that contradict each other are refused by a `pydantic.model_validator` that raises a ValueError; what it
    says is shown with the line of the component in the experiment file.
    """

    paths: ClassVar[tuple[str, ...]] = ("pretrained",)
    """Names of the settings of models and steps that may name a file or a folder, seen from the experiment file."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)

    def cites(self) -> Sequence[str]:
        """References, as in `ComponentSpec.cite`, of what these settings name, such as a published data set."""
        return ()

    def demand_names(self, schema: Schema, metrics: Sequence[str]) -> None:
        """Refuse columns and metrics that are not there; asked of the settings of analyses before anything is trained.

        Args:
            schema: of the raw rows.
            metrics: names of those that the experiment measures.

        Raises:
            UnknownName: the core adds the place in the file and the nearest name.
        """


class ComponentRef:
    """Type of a field that holds another component: its name, or a mapping with `name` and its settings.

    Use it as an annotation: ``optimizer: Annotated[Any, ComponentRef("optimizers")]``. The core resolves it through the
    registry, so that policy and `sci check` see nested components too.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        named = core_schema.typed_dict_schema(
            {"name": core_schema.typed_dict_field(core_schema.str_schema())}, extra_behavior="allow"
        )
        return core_schema.union_schema(
            [core_schema.str_schema(), named],
            serialization=core_schema.plain_serializer_function_ser_schema(lambda value: value),
        )
