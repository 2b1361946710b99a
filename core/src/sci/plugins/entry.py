"""One component that can be named, before and after its code is imported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sci.api.errors import PluginError, SciError
from sci.api.kinds import KINDS
from sci.api.specs import ComponentSpec
from sci.api.work import Work
from sci.plugins import faults
from sci.plugins.catalogue import TARGET
from sci.plugins.records import PluginRecord
from sci.plugins.target import load_target, look_for

if TYPE_CHECKING:
    from sci.api.config import ComponentConfig


@dataclass(frozen=True)
class Entry:
    """A component, the plugin that offers it, and for native kinds the engine that it was looked up for.

    Args:
        kind: plural, as in `KINDS`.
        spec: what the plugin says about it.
        record: the plugin.
        engine: for native kinds; None for the others.
        banned: packages of denied plugins, which its code cannot import.
    """

    kind: str
    spec: ComponentSpec
    record: PluginRecord
    engine: str | None = None
    banned: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    @property
    def words(self) -> str:
        """The component as messages name it: "model `bert`"."""
        return f"{KINDS[self.kind].noun} `{self.spec.name}`"

    def has(self, trait: str) -> bool:
        """Whether its spec names this trait."""
        return trait in self.spec.traits

    def target(self, engine: str | None = None) -> str:
        """Where its code lies, ``package.module:attribute``.

        Raises:
            PluginError: it has no code for the engine.
        """
        if isinstance(self.spec.target, str):
            return self.spec.target
        engine = engine or self.engine
        if engine is None or engine not in self.spec.target:
            raise PluginError(
                f"{self.words} of {self.record.title} has no code for engine `{engine}`",
                id="component.engine",
                note=f"it runs on {', '.join(self.spec.engines)}",
            )
        return self.spec.target[engine]

    def require(self) -> None:
        """Look for the libraries that its spec requires, in metadata and on the path alone.

        Raises:
            MissingDependency: one of them is not installed.
        """
        look_for(self.spec.requires, self.record, self.words)

    def load(self, engine: str | None = None) -> Any:
        """Import the component's code and return what the spec points at.

        Raises:
            MissingDependency: an optional library is not installed.
            PluginError: the code cannot be imported.
        """
        found = load_target(
            self.target(engine), self.record, self.words, requires=self.spec.requires, banned=self.banned
        )
        if not callable(found):
            raise PluginError(
                f"{self.words} of {self.record.title} is a {type(found).__name__}, not something to call",
                id="plugin.target",
                note=self.target(engine),
            )
        return found

    def config_class(self) -> type[ComponentConfig]:
        """The model of its settings; an empty one where the spec names none.

        Raises:
            PluginError: the model cannot be imported or built.
        """
        from sci.api.config import ComponentConfig

        if self.spec.config is None:
            return ComponentConfig
        found = load_target(
            self.spec.config, self.record, self.words, requires=self.spec.requires, frameworks=False, banned=self.banned
        )
        if not (isinstance(found, type) and issubclass(found, ComponentConfig)):
            raise PluginError(
                f"the settings of {self.words} of {self.record.title} are no ComponentConfig",
                id="plugin.config",
                note=self.spec.config,
            )
        return found

    def works(self, settings: ComponentConfig | None = None) -> list[str | Work]:
        """What the component cites, and what these settings of it cite: works, or references in words.

        Raises:
            PluginError: what stands under a reference ``module:attribute`` is no `Work`.
        """
        named = [self.spec.cite, *(settings.cites() if settings is not None else ())]
        return [self._work(one) if TARGET.fullmatch(one) else one for one in named if one]

    def _work(self, reference: str) -> Work:
        found = load_target(reference, self.record, self.words, frameworks=False, banned=self.banned)
        if not isinstance(found, Work):
            raise PluginError(
                f"{self.words} of {self.record.title} cites a {type(found).__name__}, which is no Work",
                id="plugin.target",
                note=reference,
            )
        return found

    def settings(self, given: Mapping[str, Any]) -> ComponentConfig:
        """The settings with every default filled in.

        Raises:
            pydantic.ValidationError: a setting is unknown or out of bounds; the caller knows its place in the file.
            ConfigError: the model refuses them in its own words.
            PluginError: the model itself fails.
        """
        from pydantic import ValidationError

        model = self.config_class()
        try:
            return model.model_validate(dict(given))
        except (ValidationError, SciError, KeyboardInterrupt):
            raise
        except Exception as error:
            raise PluginError(
                f"{self.record.title} has failed while the settings of {self.words} were checked",
                id="plugin.config",
                note=faults.summary(error),
                hint=f"sci plugins doctor {self.record.distribution}",
            ) from error
