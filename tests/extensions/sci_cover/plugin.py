"""A task without a target: say which letters a step has covered."""

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_tasks():
    return [ComponentSpec(name="uncover", summary="Say what was covered", target="sci_cover.parts:Uncover")]


@hookimpl
def sci_preprocessors():
    return [ComponentSpec(name="cover", summary="Cover letters", target="sci_cover.parts:Cover")]


@hookimpl
def sci_metrics():
    return [ComponentSpec(name="uncovered", summary="Share that was found", target="sci_cover.parts:Uncovered")]


@hookimpl
def sci_losses():
    on_both = {engine: f"sci_cover.on_{engine}:TokenMean" for engine in ("torch", "tensorflow")}
    return [ComponentSpec(name="uncover-loss", summary="Cross-entropy of covered letters", target=on_both)]
