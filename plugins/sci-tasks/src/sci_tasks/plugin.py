"""What sci-tasks offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_tasks() -> list[ComponentSpec]:
    """The tasks."""
    return [
        ComponentSpec(
            name="classification",
            target="sci_tasks.classification:Classification",
            config="sci_tasks.config:ClassificationConfig",
            summary="Which one of two or more classes is this row?",
        ),
        ComponentSpec(
            name="regression",
            target="sci_tasks.regression:Regression",
            summary="Which number belongs to this row?",
        ),
    ]


@hookimpl
def sci_preprocessors() -> list[ComponentSpec]:
    """The step that classification itself needs."""
    return [
        ComponentSpec(
            name="label-index",
            target="sci_tasks.label_index:LabelIndex",
            summary="Class names of a target to codes 0, 1, ... in sorted order",
            accepts=("category", "boolean"),
        ),
    ]
