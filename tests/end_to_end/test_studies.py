"""Studies on real data, with results that are known from elsewhere."""

from __future__ import annotations

import numpy as np
import pyarrow.parquet as pq
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression

import sci


def test_breast_cancer_is_told_apart(lab):
    lab.write("e.yaml", """
        format: 1
        name: breast-cancer
        seed: 0
        task: {name: classification, positive: malignant}
        data:
          source: {name: sklearn, dataset: breast-cancer}
          target: target
          split: {name: stratified, validation: 0.1, test: 0.3}
        preprocessing: [standardize]
        model: {name: logistic, l2: 1e-2}
        engine: numpy
        training: {optimizer: {name: adam, learning_rate: 0.02}, epochs: 60}
        evaluation: {metrics: [accuracy, f1, roc-auc], baselines: [majority]}
        report: []
    """)  # fmt: skip
    metrics = lab.ran("e.yaml").json("metrics.json")
    assert metrics["test"]["accuracy"]["value"] >= 0.95
    assert metrics["test"]["accuracy"]["method"] == "Wilson score"
    assert metrics["test"]["f1"]["positive"] == "malignant"
    assert metrics["baselines"]["majority"]["accuracy"]["value"] < 0.7


def test_diabetes_equals_least_squares_of_scikit_learn_on_the_same_split(lab):
    lab.write("e.yaml", """
        format: 1
        name: diabetes
        seed: 3
        task: regression
        data:
          source: {name: sklearn, dataset: diabetes}
          target: target
          split: {name: random, validation: 0.0, test: 0.3}
        model: least-squares
        engine: numpy
        evaluation: {metrics: [rmse, r2], baselines: [mean]}
        report: []
    """)  # fmt: skip
    done = lab.ran("e.yaml")
    table = pq.read_table(done.run / "predictions" / "test.parquet", partitioning=None)
    test = table.column("id").to_numpy()
    inputs, target = load_diabetes(return_X_y=True)
    train = np.setdiff1d(np.arange(len(target)), test)
    expected = LinearRegression().fit(inputs[train], target[train]).predict(inputs[test])
    np.testing.assert_allclose(table.column("prediction.value").to_numpy(), expected, atol=1e-6)
    np.testing.assert_array_equal(table.column("target").to_numpy(), target[test])


def test_generated_messages_are_sorted_by_a_bag_of_words(lab):
    lab.write("e.yaml", """
        format: 1
        name: messages
        seed: 1
        task: {name: classification, positive: spam}
        data:
          source: {name: generated, recipe: messages, rows: 1200}
          inputs: [text]
          target: label
          columns: {text: {kind: text}}
          split: {name: stratified, validation: 0.1, test: 0.3}
        preprocessing: [clean-text, {name: bag-of-words, vocabulary_size: 800}]
        model: {name: logistic, l2: 1e-4}
        engine: numpy
        training: {optimizer: {name: adam, learning_rate: 0.05}, epochs: 15}
        evaluation: {metrics: [mcc, f1], baselines: [majority]}
        report: []
    """)  # fmt: skip
    metrics = lab.ran("e.yaml").json("metrics.json")
    assert 0.6 < metrics["test"]["mcc"]["value"] < 1.0
    assert metrics["differences"]["mcc"]["majority"]["low"] > 0.4


def test_sms_spam(lab, reference):
    path = reference("sms_spam/SMSSpamCollection")
    lab.write("e.yaml", f"""
        format: 1
        name: sms-spam
        seed: 7
        task: {{name: classification, positive: spam}}
        data:
          source: {{name: tsv, path: "{path}", quoting: none, columns: [label, text]}}
          target: label
          split: {{name: stratified, validation: 0.1, test: 0.2}}
        preprocessing: [clean-text, {{name: bag-of-words, vocabulary_size: 1500}}]
        model: {{name: logistic, l2: 1e-5}}
        engine: numpy
        training: {{optimizer: {{name: adam, learning_rate: 0.05}}, epochs: 8}}
        evaluation: {{metrics: [mcc, accuracy], baselines: [majority]}}
        report: []
    """)  # fmt: skip
    done = lab.ran("e.yaml")
    assert "5,574 rows; text -> label (ham 4,827, spam 747)" in done.err
    assert done.json("metrics.json")["test"]["mcc"]["value"] > 0.9
    audit = done.json("audit.json")["findings"]
    across = [finding for finding in audit if finding["check"] == "duplicates" and finding["severity"] == "error"]
    assert across == []


def test_german_credit(lab, reference):
    path = reference("german_credit/credit.g.arff")
    lab.write("e.yaml", f"""
        format: 1
        name: german-credit
        seed: 7
        task: {{name: classification, positive: bad}}
        data:
          source: {{name: arff, path: "{path}"}}
          target: class
          split: {{name: stratified, validation: 0.1, test: 0.3}}
        preprocessing: [one-hot, standardize]
        model: {{name: logistic, l2: 5e-3}}
        engine: numpy
        training: {{optimizer: {{name: adam, learning_rate: 0.02}}, epochs: 40}}
        evaluation: {{metrics: [roc-auc, accuracy], baselines: [majority]}}
        report: []
    """)  # fmt: skip
    test = lab.ran("e.yaml").json("metrics.json")["test"]
    low, high = test["roc-auc"]["interval"]
    assert low < 0.791 < high, "cross-validated logistic regression reaches 0.791"


def test_pima(lab, reference):
    path = reference("pima_diabetes/pima-indians-diabetes.csv")
    lab.write("e.yaml", f"""
        format: 1
        name: pima
        seed: 7
        task: {{name: classification, positive: 1}}
        data:
          source: {{name: csv, path: "{path}", columns: [preg, plas, pres, skin, insu, mass, pedi, age, class]}}
          target: class
          columns: {{plas: {{missing: [0]}}, pres: {{missing: [0]}}, skin: {{missing: [0]}}, insu: {{missing: [0]}}, mass: {{missing: [0]}}}}
          split: {{name: stratified, validation: 0.1, test: 0.3}}
        preprocessing: [{{name: impute, strategy: median}}, standardize]
        model: {{name: logistic, l2: 5e-3}}
        engine: numpy
        training: {{optimizer: {{name: adam, learning_rate: 0.02}}, epochs: 60}}
        evaluation: {{metrics: [accuracy, roc-auc], baselines: [majority]}}
        report: []
    """)  # fmt: skip
    test = lab.ran("e.yaml").json("metrics.json")["test"]
    low, high = test["accuracy"]["interval"]
    assert low < 0.777 < high, "logistic regression reaches 77.7 % in the literature"


def test_optdigits_in_several_classes(lab, reference):
    path = reference("optdigits/optdigits.arff")
    lab.write("e.yaml", f"""
        format: 1
        name: optdigits
        task: classification
        data:
          source: {{name: arff, path: "{path}"}}
          target: class
          split: {{name: stratified, validation: 0.1, test: 0.3}}
        preprocessing: [min-max]
        model: softmax
        engine: numpy
        training: {{optimizer: {{name: adam, learning_rate: 0.02}}, epochs: 10}}
        evaluation: {{metrics: [accuracy, f1-macro], baselines: [majority]}}
        report: []
    """)  # fmt: skip
    assert lab.ran("e.yaml").json("metrics.json")["test"]["accuracy"]["value"] > 0.93


def test_five_folds_and_two_seeds_are_children_of_one_run(lab):
    lab.write("e.yaml", """
        format: 1
        name: folds
        seed: 1
        task: classification
        data:
          source: {name: sklearn, dataset: iris}
          target: target
          split: {name: k-fold, folds: 5, stratified: true, validation: 0.1}
        preprocessing: [standardize]
        model: softmax
        engine: numpy
        training: {optimizer: {name: adam, learning_rate: 0.05}, epochs: 30}
        evaluation: {metrics: [accuracy], baselines: [majority]}
        study: {seeds: 2}
        report: [markdown]
    """)  # fmt: skip
    done = lab.ran("e.yaml")
    children = sorted(path.name for path in (done.run / "children").iterdir())
    assert children == sorted(f"fold-{fold}.seed-{seed}" for fold in range(1, 6) for seed in (1, 2))
    score = done.json("metrics.json")["test"]["accuracy"]
    assert len(score["values"]) == 10
    assert score["value"] == np.mean(score["values"]) > 0.9
    assert score["n"] == 150
    child = sci.load(done.run / "children" / "fold-1.seed-1")
    assert child.status == "finished"
    assert (child.path / "children" / "baseline-majority" / "metrics.json").is_file()
