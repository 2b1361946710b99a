"""Settings described for people."""

from __future__ import annotations

import enum
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from sci.api import ComponentConfig, ComponentRef, ComponentSpec
from sci.api.errors import PluginError
from sci.plugins.entry import Entry
from sci.plugins.records import PluginRecord
from sci.plugins.settings import Setting, describe


class Shape(enum.Enum):
    round = "round"
    flat = "flat"


class Inner(ComponentConfig):
    depth: int = 1
    """How deep."""


class Config(ComponentConfig):
    rate: float = Field(gt=0, le=1)
    """How fast,
    at most."""
    window: float = Field(0.5, ge=0, json_schema_extra={"unit": "s"})
    """How long."""
    hidden: list[Annotated[int, Field(ge=1)]] = Field([64, 64], min_length=1)
    betas: tuple[float, float] = (0.9, 0.99)
    kind: Literal["cosine", "linear"] = "cosine"
    shape: Shape = Shape.round
    limit: int | None = None
    bold: bool = False
    inner: Inner = Inner()
    other: Annotated[Any, ComponentRef("models")] = "mlp"
    words: dict[str, str] = {}


class Knot(ComponentConfig):
    parts: list[Knot] = []


class Opaque(ComponentConfig):
    anything: Annotated[object, Field()] = None
    made: type[Any] | Any = print


def described(monkeypatch, model) -> dict[str, Setting]:
    monkeypatch.setattr(Entry, "config_class", lambda self: model)
    entry = Entry("models", ComponentSpec("m", {"numpy": "a:b"}), PluginRecord("x", "sci-x", "1.0", "x"))
    return {setting.name: setting for setting in describe(entry)}


def test_every_form_of_a_setting_has_words(monkeypatch):
    found = described(monkeypatch, Config)

    assert list(found) == list(Config.model_fields)
    assert found["rate"] == Setting("rate", "number", True, None, "> 0, <= 1", "", "How fast, at most.")
    assert (found["window"].unit, found["window"].default, found["window"].bounds) == ("s", 0.5, ">= 0")
    assert (found["hidden"].type, found["hidden"].bounds) == ("list of whole number", "at least 1 items, >= 1")
    assert (found["betas"].type, found["betas"].bounds) == ("[number, number]", "")
    assert found["kind"].type == "cosine | linear"
    assert found["shape"].type == "round | flat"
    assert found["limit"].type == "whole number | none"
    assert found["bold"].type == "true | false"
    assert found["inner"].type == "mapping"
    assert found["words"].type == "mapping"


def test_a_type_that_holds_itself_comes_to_an_end(monkeypatch):
    assert described(monkeypatch, Knot)["parts"].type == "list of mapping"


def test_settings_that_cannot_be_described_are_the_plugins_fault(monkeypatch):
    class Callback(ComponentConfig):
        call: Annotated[Any, Field()] = None

        @classmethod
        def model_json_schema(cls, *args, **kwargs):
            raise RuntimeError("no schema")

    with pytest.raises(PluginError, match=r"the settings of model `m` of sci-x 1\.0 cannot be described"):
        described(monkeypatch, Callback)


def test_a_reference_is_a_work_or_words_and_anything_else_is_said():
    record = PluginRecord("x", "sci-x", "1.0", "x")

    def works(cite):
        return Entry("models", ComponentSpec("m", {"numpy": "a:b"}, cite=cite), record).works()

    assert works("") == []
    assert works("doi:10.1007/BF00994018") == ["doi:10.1007/BF00994018"]
    assert works("RFC 4180") == ["RFC 4180"]
    with pytest.raises(PluginError, match="cites a EnumType, which is no Work"):
        works("enum:Enum")
