"""`sci plugins`: what is installed, where a component comes from, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Annotated, Any

import typer

from sci.api.errors import ConfigError
from sci.api.kinds import KINDS
from sci.cli.components import kind_named
from sci.cli.output import document, note, say, some, table
from sci.cli.paint import mark
from sci.plugins import known
from sci.plugins.doctor import TIMEOUT, Diagnosis, examine
from sci.plugins.entry import Entry
from sci.plugins.manager import assemble, load
from sci.plugins.metadata import remedy
from sci.plugins.nearest import closest, nearest
from sci.plugins.outdated import outdated
from sci.plugins.policy import Policy
from sci.plugins.records import PluginRecord
from sci.plugins.selection import scan, unknown_names

app = typer.Typer(add_completion=False, no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A distribution, or the name of its entry point.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command("list")
def list_plugins(json: Json = False) -> None:
    """The installed plugins, from their metadata: nothing of them is imported."""
    policy = Policy.here()
    records = sorted(scan(policy), key=lambda record: (record.distribution, record.name))
    for name in unknown_names(records):
        note(f"warning: SCI_DISABLE_PLUGINS names `{name}`, which is not installed")
    for unmet in policy.unmet(records):
        note(f"warning: {unmet.message}")
    if json:
        document({"plugins": _facts(records)})
        return
    if records:
        table((record.title, record.status, record.reason or record.summary) for record in records)
    _say_outdated(records)
    count = "1 plugin" if len(records) == 1 else f"{len(records)} plugins"
    say(f"{count}, from metadata; nothing was imported.   next: sci plugins doctor")


@app.command()
def show(name: Name, json: Json = False) -> None:
    """One plugin: where it comes from and what it offers. Its light module is imported."""
    record = _named(name, assemble(only=[name]).records)
    if json:
        [facts] = _facts([record])
        document({"plugin": {**facts, **_offers(record)}})
        return
    say("   ".join(filter(None, (record.title, record.status, _origin(record), _needs(record), record.license))))
    for line in filter(None, (record.reason, record.summary, record.home)):
        say(line)
    _say_outdated([record])
    rows = [(kind, ", ".join(names), _engines(record, kind)) for kind, names in _names(record).items()]
    if record.experiments:
        rows.append(("experiments", ", ".join(sorted(record.experiments)), ""))
    if rows:
        table(rows)
    if record.in_use:
        say(f"wraps {_stages(record.wraps)}, observes {_stages(record.observes, 'nothing')}")


@app.command()
def why(
    name: Annotated[str, typer.Argument(help="A component, as an experiment file names it.")],
    kind: Annotated[str | None, typer.Option(help="Its kind, such as model.")] = None,
    engine: Annotated[str | None, typer.Option(help="The engine that it is to run on.")] = None,
    json: Json = False,
) -> None:
    """Which plugin a component comes from, and why that one."""
    system = load()
    kinds = (
        [kind_named(kind)] if kind else _kinds_of(system.registry.offers(name)) or _likely_kinds(system.registry, name)
    )
    answers = [_because(system.registry.find(one, name, engine), system.registry.offers(name)) for one in kinds]
    policies = [file.name for file in system.registry.policy.files]
    if json:
        document({"components": answers, "policies": policies})
        return
    for answer in answers:
        say(answer["sentence"])
    say(f"policy: {', '.join(policies) + ' allows it' if policies else 'none'}")


@app.command()
def doctor(
    names: Annotated[list[str] | None, typer.Argument(help="Only these plugins.")] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one plugin may take to load.")] = TIMEOUT,
    json: Json = False,
) -> None:
    """Load each plugin in a process of its own, and say what is wrong with it."""
    records = scan()
    chosen = [record for record in records if not names or any(record.answers_to(name) for name in names)]
    for name in names or ():
        _named(name, records)
    found = examine(chosen, timeout)
    faulty = [one for one in found if one.needs_attention]
    if json:
        rows = [{**one.as_json(), "deprecated": lines} for one, lines in zip(found, outdated(chosen), strict=True)]
        document({"plugins": rows, "attention": len(faulty)})
    else:
        _report(found, faulty, bool(names), {record.distribution: remedy(record) for record in chosen})
        _say_outdated(chosen)
    if faulty:
        raise typer.Exit(4)


def _report(found: Sequence[Diagnosis], faulty: Sequence[Diagnosis], named: bool, remedies: Mapping[str, str]) -> None:
    healthy = [one for one in found if one.status == "ok"]
    if healthy:
        seconds = sum(one.seconds for one in healthy)
        noun = "plugin loads" if len(healthy) == 1 else "plugins load"
        heavy = sorted({framework for one in found for framework in one.frameworks})
        imported = f"imported: {', '.join(heavy)}" if heavy else "no framework was imported"
        say(f"{mark('ok')} {len(healthy)} {noun} in {seconds * 1000:.0f} ms together; {imported}")
    for one in found:
        if one.status in ("denied", "disabled"):
            say(f"{mark('none')} {one.distribution} {one.version}   {one.status} {one.reason}")
    for one in faulty:
        sign = mark("warn" if one.status == "degraded" else "fail")
        say(f"{sign} {one.distribution} {one.version}   {one.status}: {one.reason}")
        for line in one.frames:
            say(f"    {line}")
        if one.claims:
            say(f"    It hurts nobody unless an experiment names: {some(one.claims)}.")
        if named and one.output:
            for line in one.output.splitlines()[-20:]:
                say(f"    | {line}")
        if named and one.traceback:
            for line in one.traceback.splitlines():
                say(f"    {line}")
        say(f"    not yours? {remedies[one.distribution]}")
    if faulty:
        noun, verb = ("plugin" if len(found) == 1 else "plugins"), ("needs" if len(faulty) == 1 else "need")
        say(f"{len(faulty)} of {len(found)} {noun} {verb} attention")


def _named(name: str, records: Sequence[PluginRecord]) -> PluginRecord:
    for record in records:
        if record.answers_to(name):
            return record
    names = sorted({word for record in records for word in (record.distribution, record.name)})
    guess = nearest(name, names)
    standard = bool(known.brought_by(name))
    raise ConfigError(
        f"no plugin is called `{name}`" + (f"; did you mean `{guess}`?" if guess else ""),
        id="plugin.unknown",
        note=f"installed: {', '.join(closest(name, names))}" if names else "no plugin is installed",
        hint=f"pip install {name}" if standard else f"sci plugins show {guess}" if guess else "sci plugins list",
    )


def _because(entry: Entry, offers: Sequence[Entry]) -> dict[str, Any]:
    """Why the registry gave this one: it is the only one, or the lookup would have failed."""
    others = {one.engine: one.target() for one in offers if one.kind == entry.kind and one.engine != entry.engine}
    on = f" on {entry.engine}" if entry.engine else ""
    key = ", ".join(filter(None, (KINDS[entry.kind].noun, entry.spec.name, entry.engine)))
    elsewhere = "".join(f"; on {engine} it would be {target}" for engine, target in sorted(others.items(), key=str))
    return {
        "name": entry.spec.name,
        "kind": KINDS[entry.kind].noun,
        "engine": entry.engine,
        "from": entry.record.distribution,
        "version": entry.record.version,
        "target": entry.target(),
        "sentence": f"{entry.words}{on} comes from {entry.record.title} ({entry.target()}), "
        f"because it is the only one offering ({key}){elsewhere}",
    }


def _kinds_of(offers: Sequence[Entry]) -> list[str]:
    return list(dict.fromkeys(entry.kind for entry in offers))


def _likely_kinds(registry: Any, name: str) -> list[str]:
    """The kind under which a missing component is best explained."""
    from sci.api.errors import SciError

    best = "models"
    for kind in KINDS:
        try:
            registry.find(kind, name)
        except SciError as error:
            if error.id != "component.unknown":
                return [kind]
            if "did you mean" in error.message:
                best = kind
    return [best]


def _facts(records: Sequence[PluginRecord]) -> list[dict[str, Any]]:
    return [{**_seen(record), "deprecated": lines} for record, lines in zip(records, outdated(records), strict=True)]


def _seen(record: PluginRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "distribution": record.distribution,
        "version": record.version,
        "status": record.status,
        "reason": record.reason,
        "summary": record.summary,
        "license": record.license,
        "home": record.home,
        "needs": record.needs,
        "entry_point": record.entry_point,
        "policy": str(record.where) if record.where else None,
    }


def _say_outdated(records: Sequence[PluginRecord]) -> None:
    """What plugins use that will go: they work still, so that nothing else ever speaks of it."""
    for line in chain.from_iterable(outdated(records)):
        say(f"{mark('warn')} {line}")


def _offers(record: PluginRecord) -> dict[str, Any]:
    return {
        "components": _names(record),
        "experiments": sorted(record.experiments),
        "wraps": list(record.wraps),
        "observes": list(record.observes),
        "seconds": record.seconds,
    }


def _names(record: PluginRecord) -> dict[str, list[str]]:
    return {kind: list(dict.fromkeys(spec.name for spec in specs)) for kind, specs in record.specs.items() if specs}


def _engines(record: PluginRecord, kind: str) -> str:
    engines = sorted({engine for spec in record.specs[kind] for engine in spec.engines})
    return f"on {' and '.join(engines)}" if engines else ""


def _origin(record: PluginRecord) -> str:
    return f"entry point {record.name} = {record.entry_point}"


def _needs(record: PluginRecord) -> str:
    return f"needs sci-core {record.needs}" if record.needs else ""


def _stages(hooks: Sequence[str], nothing: str = "no stage") -> str:
    return ", ".join(hook.removeprefix("sci_").replace("_", " ") for hook in hooks) or nothing
