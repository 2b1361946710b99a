"""Data sets under the names that the trials of the audits use, with roles, and their divisions."""

from __future__ import annotations

import csv
import functools
import io
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sci.api import Dataset, Feature, Fold, Role, Schema, dataset
from sci.testing.context import KitContext
from sci_data.arff import Arff
from sci_data.bundled import Bundled
from sci_data.config import ArffConfig, GeneratedConfig, SklearnConfig
from sci_data.drawn import Drawn, Stratified
from sci_data.generated import Generated
from sci_data.split_config import RandomConfig, StratifiedConfig

sys.path.append(str(Path(__file__).resolve().parents[1] / "reference"))
import corpora

BUNDLED = ("iris", "wine", "breast-cancer", "digits", "generated-linear")
"""Clean sets that need no file."""
REFERENCE = (
    *("mr", "subj", "cr", "sst", "waimai"),
    *("german-credit", "heart", "pima", "auto-mpg", "california", "optdigits", "promoters", "wisconsin"),
    *("ai4i-sensors", "taiwan"),
)
"""Clean sets among the reference data, without their columns of ids and the five that give failures away."""
AI4I_MODES = ("TWF", "HDF", "PWF", "OSF", "RNF")


def context() -> KitContext:
    return KitContext(Path(tempfile.gettempdir()))


def known(name: str) -> bool:
    """Whether a set can be read here."""
    return name in BUNDLED or corpora.folder() is not None


def read(name: str) -> Dataset:
    """The rows, with roles."""
    return SETS[name]()


def table(columns: Any, target: str, roles: dict[str, Role] | None = None, category: bool = True) -> Dataset:
    """A mapping or data set of columns under roles, inputs unless said otherwise."""
    rows = columns if isinstance(columns, Dataset) else dataset(pa.table(columns))
    features = dict(rows.schema.columns)
    if category:
        kept = rows.stored(target)
        texts = pa.array(kept).cast(pa.string()) if not isinstance(kept, pa.ChunkedArray) else kept
        rows = rows.with_columns({target: texts.cast(pa.string())}, rows.schema)
        features[target] = Feature("category", dtype="string")
    given: dict[str, Role] = dict.fromkeys(features, "input")
    given.update(roles or {})
    given[target] = "target"
    return rows.with_schema(Schema(features, given, {"target": target}))


def divided(rows: Dataset, seed: int = 0) -> Fold:
    """Train, validation and test by the splitters of the project, which keep identical rows together."""
    kind = rows.schema.target().kind
    shares = {"validation": 0.15, "test": 0.25}
    splitter: Any = Stratified(StratifiedConfig(**shares)) if kind == "category" else Drawn(RandomConfig(**shares))
    return splitter.split(rows, context(), seed)[0]


def fold(name: str, **parts: Sequence[int]) -> Fold:
    return Fold(name, *(np.asarray(parts.get(part, ()), dtype=np.int64) for part in ("train", "validation", "test")))


def _path(*names: str) -> Path:
    place = corpora.folder()
    assert place is not None
    return place.joinpath(*names)


def _arff(*names: str, target: str, roles: dict[str, Role] | None = None, category: bool = True) -> Dataset:
    return table(Arff(ArffConfig(path=str(_path(*names)))).read(context()), target, roles, category)


def _bundled(name: str) -> Callable[[], Dataset]:
    return lambda: table(Bundled(SklearnConfig(dataset=name)).read(context()), "target")  # type: ignore[arg-type]


def texts(name: str) -> Dataset:
    """Labelled texts; of divided ones those of training."""
    head, rows = corpora.read(name)
    kept = [row for row in rows if "part" not in head or row[2] == "train"]
    return table({"text": [row[0] for row in kept], "label": [row[1] for row in kept]}, "label")


def _csv(text: str, target: str, drop: Sequence[str] = (), roles: dict[str, Role] | None = None) -> Dataset:
    head, *rows = [row for row in csv.reader(io.StringIO(text)) if row]
    columns = {name: values for name, values in zip(head, zip(*rows, strict=True), strict=True) if name not in drop}
    return table({name: _typed(values) for name, values in columns.items()}, target, roles)


def _typed(values: Sequence[str]) -> pa.Array:
    try:
        return pa.array([None if value in ("", "?") else _number(value) for value in values])
    except ValueError:
        return pa.array(values)


def _number(value: str) -> int | float:
    return int(value) if re.fullmatch(r"-?\d+", value) else float(value)


def ai4i(drop: Sequence[str] = ()) -> Dataset:
    return _csv(_path("ai4i2020", "ai4i2020.csv").read_text("utf-8-sig"), "Machine failure", drop)


def promoters() -> Dataset:
    lines = _path("promoters", "promoters.data").read_text().split("\n")
    parts = [[part.strip() for part in line.split(",")] for line in lines if line.strip()]
    rows = table({"label": [part[0] for part in parts], "sequence": [part[2] for part in parts]}, "label")
    features = {**rows.schema.columns, "sequence": Feature("text", dtype="string", alphabet="dna")}
    return rows.with_schema(Schema(features, rows.schema.roles, rows.schema.slots))


def wisconsin() -> Dataset:
    head = "id,thickness,size,shape,adhesion,epithelial,nuclei,chromatin,nucleoli,mitoses,class\n"
    return _csv(head + _path("breast_cancer_wisconsin", "breast-cancer-wisconsin.data").read_text(), "class", ["id"])


def chnsenticorp() -> tuple[Dataset, Fold]:
    """The published division, test texts in train and all."""
    _, rows = corpora.read("chnsenticorp")
    parts = {part: [at for at, row in enumerate(rows) if row[2] == part] for part in ("train", "validation", "test")}
    found = table({"text": [row[0] for row in rows], "label": [row[1] for row in rows]}, "label")
    return found, fold("published", **parts)


def fsdd() -> tuple[Dataset, Fold]:
    """File, digit, speaker; the first five recordings of everything are the test."""
    names = sorted(path.name for path in _path("fsdd", "recordings").glob("*.wav"))
    parts = [name.removesuffix(".wav").split("_") for name in names]
    columns = {"file": names, "digit": [part[0] for part in parts], "speaker": [part[1] for part in parts]}
    rows = table(columns, "digit", {"file": "id", "speaker": "context"})
    test = np.array([int(part[2]) < 5 for part in parts])
    return rows, fold("published", train=np.flatnonzero(~test), test=np.flatnonzero(test))


def splice() -> Dataset:
    return _arff("splice_junction", "splice.arff", target="Class")


SETS: dict[str, Callable[[], Dataset]] = {
    **{name: _bundled(name) for name in ("iris", "wine", "breast-cancer", "digits")},
    "diabetes": lambda: table(Bundled(SklearnConfig(dataset="diabetes")).read(context()), "target", category=False),
    "generated-linear": lambda: table(Generated(GeneratedConfig()).read(context()), "y", category=False),
    **{name: functools.partial(texts, name) for name in ("mr", "subj", "cr", "sst", "sms")},
    "waimai": lambda: _csv(_path("waimai_10k", "waimai_10k.csv").read_text("utf-8-sig"), "label"),
    "german-credit": lambda: _arff("german_credit", "credit.g.arff", target="class"),
    "heart": lambda: _arff("heart_cleveland", "heart.c.arff", target="num"),
    "pima": lambda: _arff("pima_diabetes", "diabetes.arff", target="class"),
    "auto-mpg": lambda: _arff("auto_mpg", "autompg.arff", target="class", category=False),
    "california": lambda: _arff("california_housing", "cal.housing.arff", target="medianHouseValue", category=False),
    "optdigits": lambda: _arff("optdigits", "optdigits.arff", target="class"),
    "promoters": promoters,
    "wisconsin": wisconsin,
    "ai4i-sensors": lambda: ai4i(["UID", "Product ID", *AI4I_MODES]),
    "taiwan": lambda: _csv(
        _path("credit_default_taiwan", "UCI_Credit_Card.csv").read_text("utf-8-sig"),
        "target",
        ["ID"],
    ),
}
