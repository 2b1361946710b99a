"""What sci-data offers: sources and splitters."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl


@hookimpl
def sci_sources() -> list[ComponentSpec]:
    """Where rows come from."""
    return [
        ComponentSpec(
            name="csv",
            summary="A file of cells and delimiters",
            target="sci_data.delimited:Delimited",
            config="sci_data.config:CsvConfig",
            cite="sci_data.works:CSV",
        ),
        ComponentSpec(
            name="tsv",
            summary="A file of cells and tabs",
            target="sci_data.delimited:Delimited",
            config="sci_data.config:TsvConfig",
        ),
        ComponentSpec(
            name="parquet",
            summary="A Parquet file",
            target="sci_data.parquet:Parquet",
            config="sci_data.config:ParquetConfig",
        ),
        ComponentSpec(
            name="jsonl",
            summary="A file with one JSON object a line",
            target="sci_data.jsonl:Jsonl",
            config="sci_data.config:JsonlConfig",
            cite="sci_data.works:JSON",
        ),
        ComponentSpec(
            name="conll",
            summary="A file with one word a line and its tags beside it, sentences separated by empty lines",
            target="sci_data.conll:Conll",
            config="sci_data.config:ConllConfig",
            cite="sci_data.works:CONLL",
        ),
        ComponentSpec(
            name="arff",
            summary="A file of Weka's attribute-relation format",
            target="sci_data.arff:Arff",
            config="sci_data.config:ArffConfig",
        ),
        ComponentSpec(
            name="parallel-text",
            summary="Files of one sentence a line that translate each other",
            target="sci_data.parallel:Parallel",
            config="sci_data.config:ParallelConfig",
        ),
        ComponentSpec(
            name="sklearn",
            summary="A data set that comes with scikit-learn",
            target="sci_data.bundled:Bundled",
            config="sci_data.config:SklearnConfig",
            requires=("scikit-learn>=1.3",),
        ),
        ComponentSpec(
            name="generated",
            summary="Made-up rows: a linear relation, or texts: messages, questions, reviews, translated sentences",
            target="sci_data.generated:Generated",
            config="sci_data.config:GeneratedConfig",
        ),
    ]


@hookimpl
def sci_splitters() -> list[ComponentSpec]:
    """How rows are divided into training, validation and test."""
    return [
        ComponentSpec(
            name="random",
            summary="Rows drawn at random; identical rows stay together",
            target="sci_data.drawn:Drawn",
            config="sci_data.split_config:RandomConfig",
        ),
        ComponentSpec(
            name="stratified",
            summary="Rows drawn at random with the same share of every class; identical rows stay together",
            target="sci_data.drawn:Stratified",
            config="sci_data.split_config:StratifiedConfig",
            cite="sci_data.works:STRATIFIED",
        ),
        ComponentSpec(
            name="group",
            summary="Whole groups of rows drawn at random",
            target="sci_data.drawn:Grouped",
            config="sci_data.split_config:GroupConfig",
            cite="sci_data.works:GROUPS",
        ),
        ComponentSpec(
            name="time",
            summary="The past for training, the future for test",
            target="sci_data.chronological:Chronological",
            config="sci_data.split_config:TimeConfig",
            cite="sci_data.works:TIME",
        ),
        ComponentSpec(
            name="predefined",
            summary="Parts named by a column, by files, or by files of row numbers",
            target="sci_data.predefined:Predefined",
            config="sci_data.split_config:PredefinedConfig",
        ),
        ComponentSpec(
            name="k-fold",
            summary="Each row once in a test part, in as many folds as wanted",
            target="sci_data.k_fold:KFold",
            config="sci_data.split_config:KFoldConfig",
            cite="sci_data.works:CROSS_VALIDATION",
        ),
        ComponentSpec(
            name="leave-one-out",
            summary="Each row once as the test part: for very few rows",
            target="sci_data.leave_out:LeaveOneOut",
            config="sci_data.split_config:LeaveOneOutConfig",
            cite="sci_data.works:CROSS_VALIDATION",
        ),
        ComponentSpec(
            name="leave-one-group-out",
            summary="Each group once as the test part: a site or a patient that was never seen",
            target="sci_data.leave_out:LeaveOneGroupOut",
            config="sci_data.split_config:LeaveOneGroupOutConfig",
            cite="sci_data.works:GROUPS",
        ),
    ]


@hookimpl
def sci_conformance_cases() -> list[object]:
    """How the conformance kit builds what needs settings, and what holds for it."""
    from sci_data.conformance import cases

    return [*cases()]
