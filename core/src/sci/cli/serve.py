"""`sci serve RUN`: answer requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from sci.cli.options import RUNS, Output, RunName

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    name: RunName = "latest",
    host: Annotated[
        str, typer.Option("--host", help="Address to listen on; others than this machine need a token.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    output: Output = RUNS,
    deployer: Annotated[
        str | None, typer.Option("--with", help="The deployer that serves, where several are installed.")
    ] = None,
) -> None:
    """Serve a finished run over HTTP until stopped."""
    from sci.api.errors import ConfigError
    from sci.cli.warned import system
    from sci.pipeline.opened import Run
    from sci.runs.directory import find

    registry = system().registry
    serving = [entry for entry in registry.entries("deployers") if entry.has("serves")]
    if deployer is not None:
        serving = [registry.find("deployers", deployer)]
    if not serving:
        raise registry.lacking("deployers", "serves", "pip install sci-serve")
    run = Run(find(name, output))
    run.require_model()
    if run.pipeline.changed:
        raise ConfigError(
            "this run trained on inputs that a plugin changed while loading, so raw requests cannot be served",
            id="serve.changed",
            note=", ".join(run.pipeline.changed),
        )
    entry = serving[0]
    entry.load()(entry.settings(settings_of(run.experiment, entry.spec.name))).serve(run, host, port)


def settings_of(experiment: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The settings that the experiment gave this deployer; none where it did not name it."""
    asked = [dict(one) for one in experiment.get("deploy") or () if isinstance(one, dict) and one["name"] == name]
    return {key: value for key, value in asked[0].items() if key != "name"} if asked else {}
