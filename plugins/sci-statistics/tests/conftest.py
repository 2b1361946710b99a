"""Rows with roles, folds by positions, and what an audit says of them."""

from __future__ import annotations

import pathlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from sci.api import AuditFinding, Dataset, Feature, Fingerprint, Fold, Schema, dataset
from sci.testing.context import KitContext


@pytest.fixture
def table() -> Callable[..., Dataset]:
    """Columns as inputs, unless `roles` say otherwise; a target of texts is a category."""

    def made(roles: dict[str, str] | None = None, **columns: Any) -> Dataset:
        plain = dataset({name: pa.array(values) for name, values in columns.items()})
        given: Any = {name: (roles or {}).get(name, "input") for name in columns}
        features = {
            name: Feature("category", dtype="string") if feature.kind == "text" and given[name] == "target" else feature
            for name, feature in plain.schema.columns.items()
        }
        targets = [name for name, role in given.items() if role == "target"]
        return plain.with_schema(Schema(features, given, dict(zip(["target"], targets, strict=False))))

    return made


@pytest.fixture
def fold() -> Callable[..., Fold]:
    def made(train: Any, validation: Any = (), test: Any = (), name: str = "split") -> Fold:
        return Fold(name, *(np.asarray(part, dtype=np.int64) for part in (train, validation, test)))

    return made


@pytest.fixture
def audit(tmp_path: pathlib.Path) -> Callable[..., list[AuditFinding]]:
    """What a check finds; with `fingerprints` as if plugins had brought them."""

    def looked(check: Any, rows: Dataset, *folds: Fold, fingerprints: Sequence[Fingerprint] = ()) -> list[AuditFinding]:
        context: Any = KitContext(tmp_path)
        context.fingerprints = lambda kind: fingerprints
        return list(check.audit(rows, folds, context))

    return looked
