from __future__ import annotations

import numpy as np
import pyarrow.compute as pc
import pytest
from scipy.io import arff as scipy_arff

from sci.api import DataError
from sci_data.arff import Arff
from sci_data.config import ArffConfig, CsvConfig, TsvConfig
from sci_data.delimited import Delimited
from sci_data.predefined import Predefined
from sci_data.split_config import PredefinedConfig

PIMA = ["preg", "plas", "pres", "skin", "insu", "mass", "pedi", "age", "class"]
CANCER = ["id", "clump", "size", "shape", "adhesion", "cell", "nuclei", "chromatin", "nucleoli", "mitoses", "class"]


def csv(context, path, config=CsvConfig, **settings):
    return Delimited(config(path=str(path), **settings)).read(context)


def test_pima(context, reference):
    path = reference("pima_diabetes/pima-indians-diabetes.csv")

    rows = csv(context, path, columns=PIMA)

    assert len(rows) == 768
    expected = np.loadtxt(path, delimiter=",")
    np.testing.assert_array_equal(np.column_stack([rows.column(name) for name in PIMA]), expected)
    assert (rows.column("class") == 1).sum() == 268


def test_pima_without_columns_would_lose_a_row_and_is_refused(context, reference):
    with pytest.raises(DataError, match="holds only numbers"):
        csv(context, reference("pima_diabetes/pima-indians-diabetes.csv"))


def test_credit_card(context, reference):
    path = reference("credit_default_taiwan/UCI_Credit_Card.csv")

    rows = csv(context, path)

    names = path.read_text().split("\n", 1)[0].split(",")
    assert list(rows.schema.columns) == names
    expected = np.loadtxt(path, delimiter=",", skiprows=1)
    np.testing.assert_array_equal(np.column_stack([rows.column(name) for name in names]), expected)
    assert (rows.column("target") == 1).sum() == 6636


def test_sms_spam(context, reference):
    path = reference("sms_spam/SMSSpamCollection")

    table = csv(context, path, TsvConfig, columns=["label", "text"], quoting="none").table()

    lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert table.num_rows == 5574
    assert table.to_pydict() == {
        "label": [line.split("\t", 1)[0] for line in lines],
        "text": [line.split("\t", 1)[1] for line in lines],
    }
    assert pc.sum(pc.equal(table.column("label"), "spam")).as_py() == 747


def test_breast_cancer(context, reference):
    path = reference("breast_cancer_wisconsin/breast-cancer-wisconsin.data")

    with pytest.raises(DataError) as caught:
        csv(context, path, columns=CANCER)
    assert caught.value.message == "`?` in column nuclei is not a number; 16 cells look like this"
    assert caught.value.hint.startswith('missing: ["?"]')

    table = csv(context, path, columns=CANCER, missing=["?"]).table()
    assert table.num_rows == 699
    assert table.column("nuclei").null_count == 16
    assert pc.value_counts(table.column("class")).to_pylist() == [
        {"values": 2, "counts": 458},
        {"values": 4, "counts": 241},
    ]


def test_promoters(context, reference):
    table = csv(context, reference("promoters/promoters.data"), columns=["class", "name", "sequence"]).table()

    assert table.num_rows == 106
    assert set(pc.utf8_length(pc.utf8_trim_whitespace(table.column("sequence"))).to_pylist()) == {57}
    assert table.column("class").to_pylist() == ["+"] * 53 + ["-"] * 53


def test_concrete_and_its_published_splits(context, reference):
    path = reference("uci_concrete/data.txt")
    names = [f"x{number}" for number in range(8)] + ["y"]

    rows = csv(context, path, columns=names, delimiter="whitespace")

    np.testing.assert_array_equal(np.column_stack([rows.column(name) for name in names]), np.loadtxt(path))
    files = {"train_index": "index_train", "test_index": "index_test"}
    folds = [
        {key: str(reference(f"uci_concrete/{name}_{number}.txt")) for key, name in files.items()}
        for number in range(20)
    ]
    found = Predefined(PredefinedConfig(folds=folds)).split(rows, context, 0)
    assert [fold.name for fold in found] == [f"fold-{number}" for number in range(1, 21)]
    for fold, paths in zip(found, folds, strict=True):
        np.testing.assert_array_equal(fold.test, np.sort(np.loadtxt(paths["test_index"])))
        assert len(fold.train) + len(fold.test) == 1030
    assert context.warnings == []


@pytest.mark.parametrize(
    ("name", "rows", "columns", "missing"),
    [
        ("german_credit/credit.g.arff", 1000, 21, 0),
        ("splice_junction/splice.arff", 3190, 62, 0),
        ("auto_mpg/autompg.arff", 398, 8, 6),
        ("california_housing/cal.housing.arff", 20640, 9, 0),
        ("heart_cleveland/heart.c.arff", 303, 14, 7),
        ("heart_cleveland/cleveland_num0to4.arff", 303, 14, 6),
        ("pima_diabetes/diabetes.arff", 768, 9, 0),
        ("optdigits/optdigits.arff", 5620, 65, 0),
    ],
)
def test_arff_files_agree_with_scipy(context, reference, name, rows, columns, missing):
    path = reference(name)

    table = Arff(ArffConfig(path=str(path))).read(context).table()

    assert table.shape == (rows, columns)
    assert sum(column.null_count for column in table.columns) == missing
    expected, meta = scipy_arff.loadarff(path)
    for column, kind in zip(meta.names(), meta.types(), strict=True):
        if kind == "numeric":
            np.testing.assert_array_equal(table.column(column).to_numpy(), expected[column])
        else:
            words = [None if word == b"?" else word.decode() for word in expected[column]]
            assert table.column(column).to_pylist() == words
