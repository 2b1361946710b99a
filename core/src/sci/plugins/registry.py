"""The components that an experiment can name, by kind, name and engine, and good answers when one is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sci.api.errors import ConfigError, PluginError, PolicyError, SciError
from sci.api.kinds import KINDS
from sci.plugins import known
from sci.plugins.claims import claimed, claims_name, mentions
from sci.plugins.entry import Entry as Entry
from sci.plugins.metadata import remedy
from sci.plugins.nearest import closest, nearest
from sci.plugins.policy import Denial, Policy
from sci.plugins.records import PluginRecord

Key = tuple[str, str, str | None]


class Registry:
    """Components by kind, name and, for native kinds, engine.

    Two distributions may offer the same key; that is an error when somebody asks for it, and nothing before.

    Args:
        records: every plugin, in use or not.
        policy: denies components.
        banned: packages that no component may import.
    """

    def __init__(
        self, records: Sequence[PluginRecord], policy: Policy | None = None, banned: Mapping[str, str] | None = None
    ) -> None:
        self.records = list(records)
        self.policy = policy or Policy()
        self._entries: dict[Key, list[Entry]] = defaultdict(list)
        for record in self.records:
            for entry in _entries(record, banned or {}):
                self._entries[entry.kind, entry.spec.name, entry.engine].append(entry)

    def find(self, kind: str, name: str, engine: str | None = None) -> Entry:
        """The component that an experiment names.

        Args:
            kind: plural, as in `KINDS`.
            name: as the user types it.
            engine: for native kinds; without it any engine does. Ignored for the others.

        Raises:
            ConfigError: there is no such component, or not for this engine; says what is near, or what to install.
            PluginError: two distributions offer it, or the one that brings it cannot be used.
            PolicyError: policy denies it.
        """
        engine = engine if KINDS[kind].native else None
        found = self._matching(kind, name, engine)
        if not found:
            raise self._absent(kind, name, engine)
        self._refuse_denied(kind, name)
        for key, rivals in found.items():
            if len(rivals) > 1:
                raise _conflict(key, rivals)
        return next(iter(found.values()))[0]

    def names(self, kind: str, engine: str | None = None) -> list[str]:
        """Names of the components of a kind that may be used, sorted."""
        return sorted({entry.spec.name for entry in self.entries(kind, engine=engine)})

    def entries(self, kind: str | None = None, *, task: str | None = None, engine: str | None = None) -> list[Entry]:
        """The components that may be used, sorted by kind and name; those of native kinds once for each engine.

        Args:
            kind: only this kind.
            task: only those that serve this task.
            engine: of native kinds only those with code for it.
        """
        order = list(KINDS)
        chosen = [
            entry
            for rivals in self._entries.values()
            for entry in rivals
            if kind in (None, entry.kind)
            and (task is None or not entry.spec.tasks or task in entry.spec.tasks)
            and (engine is None or entry.engine in (None, engine))
            and self.policy.component(entry.kind, entry.spec.name, entry.spec.traits) is None
        ]
        return sorted(chosen, key=lambda one: (order.index(one.kind), one.spec.name, one.engine or "", one.record.name))

    def offers(self, name: str) -> list[Entry]:
        """Every offer of this name, of any kind, denied and rival ones too."""
        return [entry for key, rivals in sorted(self._entries.items(), key=str) if key[1] == name for entry in rivals]

    def denial(self, kind: str, name: str) -> Denial | None:
        """Why policy denies a component, or None."""
        offers = [entry for rivals in self._matching(kind, name, None).values() for entry in rivals]
        return self.policy.component(kind, name, {trait for entry in offers for trait in entry.spec.traits})

    def lacking(self, kind: str, trait: str, hint: str) -> SciError:
        """Why no component of a kind has a trait: policy denies those that have it, or none is installed.

        Args:
            kind: plural, as in `KINDS`.
            trait: what is looked for.
            hint: what to type where none is installed.
        """
        noun = KINDS[kind].noun
        for rivals in self._entries.values():
            for entry in rivals:
                denial = self.denial(kind, entry.spec.name) if entry.kind == kind else None
                if denial is not None and entry.has(trait):
                    return self._denied(kind, entry.spec.name, denial)
        for record in self.records:
            if record.status == "denied" and mentions(record.module, kind, trait):
                return self._out_of_use(record, kind, next(iter(claimed(record.module, kind)), record.name))
        return ConfigError(f"no {noun} that {trait} is installed", id="component.missing", hint=hint)

    def _matching(self, kind: str, name: str, engine: str | None) -> dict[Key, list[Entry]]:
        return {
            key: rivals
            for key, rivals in self._entries.items()
            if key[:2] == (kind, name) and (engine is None or key[2] == engine)
        }

    def _refuse_denied(self, kind: str, name: str) -> None:
        denial = self.denial(kind, name)
        if denial is not None:
            raise self._denied(kind, name, denial)

    def _denied(self, kind: str, name: str, denial: Denial) -> PolicyError:
        return PolicyError(
            f"{KINDS[kind].noun} `{name}` is denied by {denial.policy.title}",
            id="policy.denied",
            note="; ".join(filter(None, (denial.note, _allowed(self.names(kind))))),
        )

    def _absent(self, kind: str, name: str, engine: str | None) -> SciError:
        self._refuse_denied(kind, name)
        for record in self.records:
            if not record.in_use and _would_bring(record, kind, name):
                return self._out_of_use(record, kind, name)
        noun = KINDS[kind].noun
        names = self.names(kind, engine)
        note = f"installed: {', '.join(closest(name, names))}" if names else f"no {noun} is installed"
        other_engines = sorted({str(key[2]) for key in self._matching(kind, name, None)})
        where = known.home(kind, name, engine)
        if where is not None and not any(record.answers_to(where) for record in self.records):
            on = f" for engine {engine}" if other_engines else ""
            return ConfigError(
                f"{noun} `{name}`{on} is not installed; it comes with {where}",
                id="component.missing",
                note=note,
                hint=f"pip install {where}",
            )
        if other_engines:
            return ConfigError(
                f"{noun} `{name}` has no code for engine `{engine}`",
                id="component.engine",
                note=f"it runs on {', '.join(other_engines)}; {note}",
                hint=f"engine: {other_engines[0]}",
            )
        guess = nearest(name, names)
        return ConfigError(
            f"no {noun} is called `{name}`" + (f"; did you mean `{guess}`?" if guess else ""),
            id="component.unknown",
            note=note,
            hint=f"name: {guess}" if guess else f"sci components --kind {noun}",
        )

    def _out_of_use(self, record: PluginRecord, kind: str, name: str) -> SciError:
        begins = f"{KINDS[kind].noun} `{name}` comes from {record.title}, which"
        denial = self.policy.plugin(record.distribution, record.name, record.license)
        if record.status == "denied" and denial is not None:
            return PolicyError(f"{begins} is denied by {denial.policy.title}", id="policy.denied", note=denial.note)
        if record.status == "disabled":
            return PluginError(f"{begins} is disabled", id="plugin.disabled", note=record.reason)
        return PluginError(
            f"{begins} cannot be loaded",
            id=f"plugin.{record.status}",
            note=record.reason,
            hint=remedy(record) if record.status == "incompatible" else f"sci plugins doctor {record.distribution}",
        )


def _entries(record: PluginRecord, banned: Mapping[str, str]) -> Iterator[Entry]:
    for kind, specs in record.specs.items():
        for spec in specs:
            entry = Entry(kind, spec, record, banned=banned)
            for engine in spec.engines or (None,):
                yield replace(entry, engine=engine)


def _conflict(key: Key, rivals: Sequence[Entry]) -> PluginError:
    titles = " and ".join(entry.record.title for entry in rivals)
    on = f" on {key[2]}" if key[2] else ""
    return PluginError(
        f"{rivals[0].words}{on} is offered by {titles}",
        id="plugin.conflict",
        note="nothing is chosen silently: leave one of them out",
        hint=f"SCI_DISABLE_PLUGINS={rivals[-1].record.distribution}",
    )


def _would_bring(record: PluginRecord, kind: str, name: str) -> bool:
    if record.status == "installed":
        return False
    return (kind, name) in known.brought_by(record.distribution) or claims_name(record.module, kind, name)


def _allowed(names: Sequence[str]) -> str:
    return f"allowed here: {', '.join(names[:8])}" if names else ""
