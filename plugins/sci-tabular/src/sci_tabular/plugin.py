"""What sci-tabular offers: the preprocessing of tables."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_preprocessors() -> list[ComponentSpec]:
    """Steps between the raw table and the model; none of them needs a framework."""
    return [
        ComponentSpec(
            name="impute",
            summary="Fill missing values from the training rows and flag where they were",
            target="sci_tabular.imputation:Impute",
            config="sci_tabular.config:ImputeConfig",
            accepts=("number", "boolean", "category"),
        ),
        ComponentSpec(
            name="standardize",
            summary="Mean 0 and standard deviation 1 on the training rows",
            target="sci_tabular.scaling:Standardize",
            accepts=("number", "array"),
            cite="sci_tabular.works:MOMENTS",
        ),
        ComponentSpec(
            name="min-max",
            summary="The range of the training rows moved to a given range",
            target="sci_tabular.scaling:MinMax",
            config="sci_tabular.config:MinMaxConfig",
            accepts=("number", "array"),
        ),
        ComponentSpec(
            name="scale-target",
            summary="Standardize the target; predictions come back in its own unit",
            target="sci_tabular.scaling:ScaleTarget",
            accepts=("number", "array"),
        ),
        ComponentSpec(
            name="one-hot",
            summary="Each category of a column as a 0 or 1 of its own",
            target="sci_tabular.one_hot:OneHot",
            config="sci_tabular.config:OneHotConfig",
            accepts=("category",),
        ),
        ComponentSpec(
            name="ordinal",
            summary="Category names as codes, sorted or in a declared order",
            target="sci_tabular.ordinal:Ordinal",
            config="sci_tabular.config:OrdinalConfig",
            accepts=("category",),
        ),
        ComponentSpec(
            name="clean-rows",
            summary="Leave out training rows with missing values or outside declared ranges",
            target="sci_tabular.clean_rows:CleanRows",
            config="sci_tabular.config:CleanRowsConfig",
        ),
        ComponentSpec(
            name="pixels",
            summary="One column for each pixel, as an image",
            target="sci_tabular.pixels:Pixels",
            config="sci_tabular.config:PixelsConfig",
            accepts=("number",),
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings, and what holds for it."""
    from sci_tabular.conformance import cases

    return [*cases()]
