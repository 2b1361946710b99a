"""`sci bundle`: an institution's set of plugins, its rules, and its installation without a network."""

from __future__ import annotations

import pathlib
import shlex
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sci.cli.options import AsJson

if TYPE_CHECKING:
    from sci.experiment.why import Said

app = typer.Typer(add_completion=False, no_args_is_help=True)

What = Annotated[
    str | None,
    typer.Argument(metavar="BUNDLE", help="An installed bundle, or the folder of one; by default the one in force."),
]
Links = Annotated[
    list[pathlib.Path] | None,
    typer.Option("--find-links", metavar="FOLDER", help="A folder with more wheels; may be repeated."),
]


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="The institution: lower-case letters, digits and hyphens.")],
    folder: Annotated[pathlib.Path | None, typer.Option("--folder", help="Where; by default NAME-bundle.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the package of a new bundle: its rules, a house template and a test."""
    from sci.cli.output import document, done, say
    from sci.plugins.bundlenew import planned

    plan = planned(name)
    target = folder or pathlib.Path(plan.distribution)
    files = plan.write(target)
    if as_json:
        document({"folder": str(target), "files": [str(one) for one in files]})
        return
    for one in files:
        done(f"{target / one}")
    say(f"next: edit {target / plan.data_file}, then pip install {target} && sci bundle use {plan.name}")


@app.command()
def show(
    name: Annotated[str | None, typer.Argument(help="An installed bundle; by default what is in force.")] = None,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="KEY", help="Who set it: a key, a distribution, or kind/name."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What is in force here, who says so, and where."""
    from sci.cli.output import document, fits, note, say, table
    from sci.experiment.why import said, silent
    from sci.experiment.why import why as reasons
    from sci.plugins.policy import Policy

    policy = Policy.here() if name is None else _alone(name)
    found = said(policy) if why is None else reasons(policy, why)
    if as_json:
        bundle = {**policy.bundle.identity, "file": str(policy.bundle.file)} if policy.bundle else None
        document({"bundle": bundle, "rules": [one.as_json() for one in found]})
        return
    if policy.notice:
        note(policy.notice)
    if why is not None:
        _because(why, found, silent(found))
        return
    say(_headline(policy, name))
    rows = [(one.key, one.value, one.how if one.holds else f"{one.how}, overruled", one.source) for one in found]
    if rows and fits(rows):
        table(rows)
    else:  # who says so is what this verb is for: no column may be left out
        for one in found:
            say(_sentence(one))
    say(f"{len(rows)} {'rule' if len(rows) == 1 else 'rules'}.   next: sci bundle show --why KEY")


@app.command()
def use(
    name: Annotated[str, typer.Argument(help="The bundle.")],
    as_json: AsJson = False,
) -> None:
    """Put an installed bundle in force for the current folder and those below it."""
    from sci.cli.output import document, done, say
    from sci.plugins.bundle import read_bundle
    from sci.plugins.bundlechoice import named_by_hand
    from sci.plugins.bundlechoice import use as put_in_force
    from sci.plugins.discovery import BUNDLES, Discovery
    from sci.plugins.policy import read_policies

    found = Discovery().find(BUNDLES)
    bundle = read_bundle(named_by_hand(name, found))
    path = put_in_force(bundle.name, read_policies(), pathlib.Path())
    if as_json:
        document({"bundle": bundle.identity, "file": str(path)})
        return
    done(f"{bundle.title} is in force for this project (written to {path.as_posix()})")
    say(f"next: sci bundle show, and keep {path.as_posix()} with the project")


@app.command()
def lock(
    what: What = None,
    output: Annotated[pathlib.Path, typer.Option("--output", "-o", help="The file to write.")] = pathlib.Path(
        "bundle.lock"
    ),
    find_links: Links = None,
    as_json: AsJson = False,
) -> None:
    """Write the exact version and SHA-256 of the bundle and of everything that it depends on."""
    from sci.cli.output import document, done, say
    from sci.plugins.bundlelock import locked

    found = locked(what, find_links or ())
    found.write(output)
    if as_json:
        document({"file": str(output), "bundle": found.title, "distributions": [one._asdict() for one in found.pins]})
        return
    done(f"{len(found.pins)} distributions with their hashes, for {found.platform}: {output}")
    links = [word for folder in find_links or () for word in ("--find-links", str(folder))]
    collect = shlex.join(["sci", "bundle", "wheelhouse", *([what] if what else []), "--lock", str(output), *links])
    say(f"next: {collect}")


@app.command()
def wheelhouse(
    what: What = None,
    output: Annotated[pathlib.Path, typer.Option("--output", "-o", help="The folder to make.")] = pathlib.Path(
        "wheelhouse"
    ),
    lock_file: Annotated[
        pathlib.Path | None, typer.Option("--lock", metavar="FILE", help="Collect exactly what this file pins.")
    ] = None,
    find_links: Links = None,
    as_json: AsJson = False,
) -> None:
    """Collect every wheel for an installation without a network, with checksums and an install script."""
    from sci.cli.output import document, done, say
    from sci.plugins.wheelhouse import collect

    found = collect(what, output, lock_file, find_links or ())
    if as_json:
        document({"folder": str(output), "wheels": found.wheels, "bytes": found.size})
        return
    done(f"{len(found.wheels)} wheels, {found.size / 1e6:,.1f} MB, for {found.platform}: {output}")
    say(f"next: carry the folder over, then python {(output / 'install.py').as_posix()}")


def _alone(name: str) -> Any:
    """The policy of one bundle, in force or not."""
    from sci.plugins.bundle import read_bundle
    from sci.plugins.bundlechoice import named_by_hand
    from sci.plugins.discovery import BUNDLES, Discovery
    from sci.plugins.policy import Policy

    bundle = read_bundle(named_by_hand(name, Discovery().find(BUNDLES)))
    return Policy((bundle.policy,), bundle)


def _headline(policy: Any, name: str | None) -> str:
    if policy.bundle is None:
        return "no bundle is in force" if policy.files else "no bundle is in force, and no policy"
    summary = f": {policy.bundle.summary}" if policy.bundle.summary else ""
    held = "" if name is not None else " is in force"
    return f"{policy.bundle.title} from {policy.bundle.distribution}{held}{summary}"


def _sentence(one: Said) -> str:
    """A rule on one line, with who set it and where."""
    return f"{one.key}: {one.value}   {one.how}, set by {one.source}" + ("" if one.holds else ", overruled")


def _because(key: str, found: Any, silent: str) -> None:
    from sci.cli.output import say

    for one in found:
        say(_sentence(one))
    if not found:
        say(f"{key}: no policy says anything about it")
    elif silent:
        say(silent)
