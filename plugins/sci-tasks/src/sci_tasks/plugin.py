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
            name="multi-label",
            target="sci_tasks.multi_label:MultiLabel",
            config="sci_tasks.config:MultiLabelConfig",
            summary="Which of the labels apply to this row? Any number of them, also none",
        ),
        ComponentSpec(
            name="token-classification",
            target="sci_tasks.token_classification:TokenClassification",
            summary="Which tag belongs to each word of this row?",
        ),
        ComponentSpec(
            name="masked-lm",
            target="sci_tasks.masked_lm:MaskedLm",
            summary="Which tokens were hidden? Learned from texts without labels, to start other models from",
        ),
        ComponentSpec(
            name="regression",
            target="sci_tasks.regression:Regression",
            summary="Which number belongs to this row?",
        ),
    ]


@hookimpl
def sci_preprocessors() -> list[ComponentSpec]:
    """The steps that tasks themselves need."""
    return [
        ComponentSpec(
            name="label-index",
            target="sci_tasks.label_index:LabelIndex",
            summary="Class names of a target to codes 0, 1, ... in sorted order",
            accepts=("category", "boolean"),
        ),
        ComponentSpec(
            name="label-sets",
            target="sci_tasks.label_sets:LabelSets",
            config="sci_tasks.config:LabelSetsConfig",
            summary="Lists of labels of a target to 0 and 1 for each label, in sorted order",
            accepts=("category", "text"),
        ),
        ComponentSpec(
            name="tag-index",
            target="sci_tasks.tag_index:TagIndex",
            summary="Lists of tags of a target to codes 0, 1, ... in sorted order",
            accepts=("category", "text"),
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings or data."""
    from sci_tasks.conformance import cases

    return [*cases()]
