"""What the conformance kit is told about sources and splitters."""

from __future__ import annotations

import pathlib
from typing import TYPE_CHECKING

from sci.testing import Case, Expected

if TYPE_CHECKING:
    from sci.api import Dataset

NAMES, NUMBERS = ["Größe", "今日は", "🧬"], [1.5, -2.0, 1000.25]
GREETINGS = ["hello\u2028there", "", "bye"]
ROWS = {"rows": 3, "values": {"name": NAMES, "x": NUMBERS}}
CONLL = "Größe NN O\nOslo NNP B-LOC\n\n今日は NN O\n"
SEEDED = {"uses_seed": True}
TOGETHER = {**SEEDED, "groups_together": True}


def cases() -> list[Case | Expected]:
    """Every source on a small file, every splitter on rows that it can divide."""
    cells = [",".join(("name", "x")), *(f"{name},{x}" for name, x in zip(NAMES, NUMBERS, strict=True))]
    csv = "\n".join(cells) + "\n"
    jsonl = "".join(f'{{"name": "{name}", "x": {x}}}\n' for name, x in zip(NAMES, NUMBERS, strict=True))
    arff = f"@relation r\n@attribute name string\n@attribute x numeric\n@data\n{chr(10).join(cells[1:])}\n"
    return [
        _source("csv", "rows.csv", csv),
        _source("tsv", "rows.tsv", csv.replace(",", "\t")),
        _source("jsonl", "rows.jsonl", jsonl),
        Case("sources", "conll", settings={"path": "rows.conll"}, claims={"rows": 2, "files": {"rows.conll": CONLL}}),
        _source("arff", "rows.arff", arff),
        Case("sources", "parquet", settings={"path": "rows.parquet"}, claims={**ROWS, "files": _parquet}),
        Case(
            "sources",
            "parallel-text",
            settings={"path": "rows.*", "columns": ["name", "greeting"]},
            claims={
                "rows": 3,
                "values": {"name": NAMES, "greeting": GREETINGS},
                "files": {
                    f"rows.{column}": "\n".join(rows) for column, rows in (("name", NAMES), ("greeting", GREETINGS))
                },
            },
        ),
        Case("sources", "sklearn", settings={"dataset": "iris"}, claims={"rows": 150}),
        Case("sources", "generated", settings={"rows": 50}, claims={"rows": 50}),
        Case("sources", "generated", settings={"rows": 50, "recipe": "messages"}, claims={"rows": 50}),
        Expected("SCI-CFG-005:generated", "the intercept of a made-up relation may be any number"),
        Case("splitters", "random", settings={"validation": 0.2}, claims=TOGETHER),
        Case("splitters", "stratified", settings={"validation": 0.2}, claims=TOGETHER),
        Case("splitters", "group", claims=TOGETHER),
        Case("splitters", "k-fold", settings={"folds": 3, "validation": 0.2}, claims=TOGETHER),
        Case("splitters", "k-fold", settings={"folds": 3, "inner": 2}, claims=TOGETHER),
        Case("splitters", "leave-one-out", settings={"validation": 0.2}, claims=TOGETHER),
        Case("splitters", "leave-one-group-out", settings={"validation": 0.2}, claims=TOGETHER),
        Case("splitters", "time", settings={"column": "age", "gap": {"rows": 1}}),
        Case("splitters", "predefined", settings={"column": "part"}, data=_parted),
    ]


def _source(name: str, file: str, text: str) -> Case:
    return Case("sources", name, settings={"path": file}, claims={**ROWS, "files": {file: text}})


def _parquet(folder: pathlib.Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"name": NAMES, "x": NUMBERS}), folder / "rows.parquet")


def _parted() -> Dataset:
    """Rows with a column that says which part each is in."""
    from sci.api import dataset

    parts = ["train", "train", "validation", "train", "test"] * 4
    return dataset({"x": [float(row) for row in range(20)], "part": parts})
