"""`sci components`: what an experiment file can name, and the settings of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from sci.api.errors import ConfigError, SciError
from sci.api.kinds import KINDS
from sci.cli.output import document, note, say, table
from sci.plugins.entry import Entry
from sci.plugins.manager import PluginSystem, load
from sci.plugins.nearest import closest, nearest
from sci.plugins.settings import Setting, describe

app = typer.Typer(add_completion=False)


@app.command()
def components(
    name: Annotated[str | None, typer.Argument(help="Show the settings of this component.")] = None,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as model or metric.")] = None,
    task: Annotated[str | None, typer.Option(help="Only what serves this task, such as classification.")] = None,
    engine: Annotated[str | None, typer.Option(help="Only what runs on this engine.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """What an experiment file can name: the installed components, or the settings of one."""
    system = load()
    for line in system.warnings():
        note(line)
    kind = kind if kind is None else kind_named(kind)
    if name is None:
        _known("task", task, system.registry.names("tasks"))
        _known("engine", engine, system.registry.names("engines"))
    found = _grouped(system.registry.entries(kind, task=task, engine=engine))
    if name is None:
        _list(found, kind, json)
    else:
        _show(_chosen(system, found, kind, name, engine), json)


def kind_named(word: str) -> str:
    """The kind that is meant by its singular or plural.

    Raises:
        ConfigError: there is no such kind.
    """
    for info in KINDS.values():
        if word in (info.name, info.noun):
            return info.name
    nouns = [info.noun for info in KINDS.values()]
    guess = nearest(word, [*nouns, *KINDS])
    raise ConfigError(
        f"no kind of component is called `{word}`" + (f"; did you mean `{guess}`?" if guess else ""),
        id="usage.kind",
        note=f"kinds: {', '.join(nouns)}",
        hint=f"sci components --kind {guess or 'model'}",
    )


def _known(noun: str, word: str | None, installed: Sequence[str]) -> None:
    if word is not None and word not in installed:
        guess = nearest(word, installed)
        raise ConfigError(
            f"no {noun} is called `{word}`" + (f"; did you mean `{guess}`?" if guess else ""),
            id="component.unknown",
            note=f"installed: {', '.join(closest(word, installed))}" if installed else f"no {noun} is installed",
            hint=f"sci components --{noun} {guess}" if guess else f"sci components --kind {noun}",
        )


def _grouped(entries: Sequence[Entry]) -> list[list[Entry]]:
    """The offers of one component by one plugin, together: one for each engine."""
    groups: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.kind, entry.spec.name, entry.record.name].append(entry)
    return list(groups.values())


def _list(found: Sequence[Sequence[Entry]], kind: str | None, json: bool) -> None:
    if json:
        document({"components": [_facts(offers) for offers in found]})
        return
    if not found:
        say("no component fits.   next: sci components")
        return
    heads = ("name", "kind", "reads", "engines", "from", "in one line")
    rows = [heads, *(_row(offers) for offers in found)]
    shown = [i for i, head in enumerate(heads) if head not in ("kind" if kind else "",) and _says(rows, i)]
    table([row[i] for i in shown] for row in rows)
    say(f"next: sci components {found[0][0].spec.name}")


def _says(rows: Sequence[Sequence[str]], column: int) -> bool:
    return any(row[column] not in ("", "any") for row in rows[1:])


def _row(offers: Sequence[Entry]) -> tuple[str, ...]:
    spec = offers[0].spec
    return (
        spec.name,
        KINDS[offers[0].kind].noun,
        ", ".join(spec.accepts) or "any",
        ", ".join(_engines(offers)),
        offers[0].record.distribution,
        spec.summary,
    )


def _show(found: Sequence[Sequence[Entry]], json: bool) -> None:
    described = [(offers, describe(offers[0])) for offers in found]
    if json:
        facts = [
            {**_facts(offers), "cite": _cited(offers), "settings": [one.as_json() for one in settings]}
            for offers, settings in described
        ]
        document({"components": facts})
        return
    for number, (offers, settings) in enumerate(described):
        if number:
            say()
        _page(offers, settings)


def _page(offers: Sequence[Entry], settings: Sequence[Setting]) -> None:
    first = offers[0]
    on = f", on {' and '.join(_engines(offers))}" if _engines(offers) else ""
    say(f"{first.words}{on}, from {first.record.title}")
    if first.spec.summary:
        say(first.spec.summary)
    facts = {
        "tasks": first.spec.tasks,
        "reads": first.spec.accepts,
        "traits": sorted(first.spec.traits),
        "requires": first.spec.requires,
        "cite": (_cited(offers),),
    }
    rows = [(key, ", ".join(values)) for key, values in facts.items() if any(values)]
    if rows:
        table(rows)
    if not settings:
        say("no settings")
        return
    say()
    heads = ("setting", "default", "value", "what it does")
    table([heads, *((one.name, _default(one), _value(one), one.description) for one in settings)])


def _default(setting: Setting) -> str:
    import json

    return "required" if setting.required else json.dumps(setting.default, ensure_ascii=False)


def _value(setting: Setting) -> str:
    unit = f" in {setting.unit}" if setting.unit else ""
    return f"{setting.type}{unit}" + (f", {setting.bounds}" if setting.bounds else "")


def _cited(offers: Sequence[Entry]) -> str:
    """The works of a component in words; in a list of components their references stand as they are written."""
    return "; ".join(map(str, offers[0].works()))


def _facts(offers: Sequence[Entry]) -> dict[str, Any]:
    first = offers[0]
    return {
        "name": first.spec.name,
        "kind": KINDS[first.kind].noun,
        "summary": first.spec.summary,
        "tasks": list(first.spec.tasks),
        "reads": list(first.spec.accepts),
        "engines": _engines(offers),
        "traits": sorted(first.spec.traits),
        "requires": list(first.spec.requires),
        "cite": first.spec.cite,
        "from": first.record.distribution,
        "version": first.record.version,
    }


def _engines(offers: Sequence[Entry]) -> list[str]:
    return [entry.engine for entry in offers if entry.engine is not None]


def _chosen(
    system: PluginSystem, found: Sequence[list[Entry]], kind: str | None, name: str, engine: str | None
) -> list[list[Entry]]:
    """The components of this name; an error where an experiment that names one would get it."""
    chosen = [offers for offers in found if offers[0].spec.name == name]
    for one in dict.fromkeys(offers[0].kind for offers in chosen):
        system.registry.find(one, name, engine)
    return chosen or _missing(system, kind, name, engine)


def _missing(system: PluginSystem, kind: str | None, name: str, engine: str | None) -> list[list[Entry]]:
    """Raise the best explanation of why there is no such component."""
    reasons: list[SciError] = []
    for one in [kind] if kind else list(KINDS):
        try:
            return [[system.registry.find(one, name, engine)]]
        except SciError as error:
            reasons.append(error)
    telling = [error for error in reasons if error.id != "component.unknown"]
    if telling or kind:
        raise [*telling, *reasons][0]
    names = sorted({entry.spec.name for entry in system.registry.entries()})
    guess = nearest(name, names)
    raise ConfigError(
        f"no component is called `{name}`" + (f"; did you mean `{guess}`?" if guess else ""),
        id="component.unknown",
        note=f"installed: {', '.join(closest(name, names))}" if names else "no component is installed",
        hint=f"sci components {guess}" if guess else "sci components",
    )
