"""The settings of a component, as pydantic models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

if TYPE_CHECKING:
    from sci.api.columns import Schema


class ComponentConfig(BaseModel):
    """Base of every component's settings: frozen, strict about names, every field with a description.

    Settings that contradict each other are refused by a `pydantic.model_validator` that raises a ValueError; what it
    says is shown with the line of the component in the experiment file.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True)

    paths: ClassVar[tuple[str, ...]] = ("pretrained",)
    """Settings that may name a file or folder; what lies beside the experiment file is found there."""

    must_exist: ClassVar[tuple[str, ...]] = ()
    """Those of `paths` that can be nothing else: a study whose file is not there is refused before it begins."""

    def longest_input(self) -> int | None:
        """Most elements of a sequence that a model with these settings reads; None where nothing bounds it.

        Steps whose `Feature.longest` is larger are refused before anything is fitted.
        """
        return None

    def settled(self) -> Self:
        """These settings with what they leave to files that they name, such as the sizes of a pretrained network.

        Asked of a model's settings before it is built to be trained. What it returns is kept with what was trained,
        which is built again without those files.

        Raises:
            ConfigError: a file is not there, or contradicts these settings.
        """
        return self

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

    def named_classes(self) -> Mapping[str, str]:
        """Setting to the class of the target that it names; of the settings of an analysis, the core refuses classes
        that the data do not have before anything is trained."""
        return {}


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
