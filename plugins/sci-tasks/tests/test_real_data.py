from __future__ import annotations

import os
import pathlib

import numpy as np
import pyarrow as pa
import pytest

from sci.api import Dataset, Feature, Fold, Schema
from sci_tasks.classification import Classification
from sci_tasks.config import ClassificationConfig
from sci_tasks.label_index import LabelIndex

DATA = os.environ.get("SCI_REFERENCE_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="SCI_REFERENCE_DATA does not name the folder of reference data")


def test_sms_spam_passes_and_spam_is_the_rarer_class():
    lines = pathlib.Path(DATA, "sms_spam", "SMSSpamCollection").read_text(encoding="utf-8").splitlines()
    schema = Schema({"label": Feature("category", dtype="string")}, {"label": "target"}, {"target": "label"})
    dataset = Dataset({"label": pa.array([line.split("\t")[0] for line in lines])}, schema)
    task, step = Classification(ClassificationConfig()), LabelIndex(None, ("label",))

    task.check(dataset, Fold("plain", *np.split(np.arange(len(dataset)), [4000, 4500])))
    step.fit(dataset)
    task.fit(Dataset(step.transform({"label": dataset.column("label")}), step.output_schema(schema)))

    assert task.info() == {
        "classes": ["ham", "spam"],
        "positive": "spam",
        "counts": {"ham": 4827, "spam": 747},
    }
