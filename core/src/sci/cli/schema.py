"""`sci schema`: the JSON schema of experiment files, for editors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from sci.api.errors import ConfigError
from sci.api.kinds import KINDS
from sci.cli.output import note

if TYPE_CHECKING:
    from sci.plugins.entry import Entry
    from sci.plugins.registry import Registry

app = typer.Typer(add_completion=False)


@app.command()
def schema(
    name: Annotated[str | None, typer.Argument(help="Only the settings of this component.")] = None,
    kind: Annotated[str | None, typer.Option(help="Its kind, where several have the name.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The answer is JSON with and without it.")] = False,
) -> None:
    """Print the JSON schema of an experiment file with the installed components, or of one component."""
    from sci.cli.components import kind_named
    from sci.experiment.schema import component_schema, experiment_schema
    from sci.plugins.manager import load

    system = load()
    for line in system.warnings():
        note(line)
    if name is not None:
        entry = _only(name, None if kind is None else kind_named(kind), system.registry)
        print(json.dumps(component_schema(entry), indent=2, ensure_ascii=False))
        return
    if kind is not None:
        raise ConfigError(
            "--kind says which of several components of one name is meant, and there is no name",
            id="usage.kind",
            hint=f"sci components --kind {KINDS[kind_named(kind)].noun}",
        )
    found = experiment_schema(system.registry)
    for error in found.left_out:
        note(f"warning: left out of the schema: {error.message} [{error.id}]")
    print(json.dumps(found.schema, indent=2, ensure_ascii=False))


def _only(name: str, kind: str | None, registry: Registry) -> Entry:
    """The one component that is meant."""
    from sci.plugins.nearest import closest, nearest

    if kind is not None:
        return registry.find(kind, name)
    entries = registry.entries()
    kinds = list(dict.fromkeys(entry.kind for entry in entries if entry.spec.name == name))
    if len(kinds) == 1:
        return registry.find(kinds[0], name)
    if kinds:
        raise ConfigError(
            f"`{name}` is the name of {len(kinds)} components",
            id="usage.kind",
            note=f"kinds: {', '.join(kinds)}",
            hint=f"sci schema {name} --kind {kinds[0]}",
        )
    names = sorted({entry.spec.name for entry in entries})
    meant = nearest(name, names)
    raise ConfigError(
        f"no component is called `{name}`" + (f"; did you mean `{meant}`?" if meant else ""),
        id="component.unknown",
        note=f"installed: {', '.join(closest(name, names))}" if names else "no component is installed",
        hint=f"sci schema {meant}" if meant else "sci components",
    )
