from __future__ import annotations

import builtins

import numpy as np
import pydantic
import pytest
from sklearn import datasets
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline

from sci.api import MissingDependency
from sci_data.bundled import Bundled
from sci_data.config import GeneratedConfig, SklearnConfig
from sci_data.generated import Generated


def made(context, **settings):
    return Generated(GeneratedConfig(**settings)).read(context)


@pytest.mark.parametrize(
    ("name", "rows", "columns"), [("iris", 150, 4), ("wine", 178, 13), ("breast-cancer", 569, 30), ("digits", 1797, 64)]
)
def test_bundled_classes_come_with_their_names(context, name, rows, columns):
    bunch = getattr(datasets, f"load_{name.replace('-', '_')}")()

    table = Bundled(SklearnConfig(dataset=name)).read(context).table()

    assert table.shape == (rows, columns + 1)
    assert table.column_names == [*bunch.feature_names, "target"]
    assert table.column("target").to_pylist() == [str(bunch.target_names[code]) for code in bunch.target]
    np.testing.assert_array_equal(np.column_stack(table.columns[:-1]), bunch.data)


def test_diabetes_has_the_scaled_features(context):
    table = Bundled(SklearnConfig(dataset="diabetes")).read(context).table()

    inputs, target = datasets.load_diabetes(return_X_y=True)
    np.testing.assert_array_equal(np.column_stack(table.columns[:-1]), inputs)
    np.testing.assert_array_equal(table.column("target"), target)


def test_linnerud_has_three_targets_under_their_names(context):
    table = Bundled(SklearnConfig(dataset="linnerud")).read(context).table()

    assert table.column_names == ["Chins", "Situps", "Jumps", "Weight", "Waist", "Pulse"]
    assert table.num_rows == 20


def test_without_scikit_learn_the_extra_is_named(context, monkeypatch):
    real = builtins.__import__

    def absent(name, *arguments, **more):
        if name.startswith("sklearn"):
            raise ImportError(name)
        return real(name, *arguments, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    with pytest.raises(MissingDependency) as caught:
        Bundled(SklearnConfig(dataset="iris")).read(context)
    assert caught.value.hint == 'pip install "sci-data[sklearn]"'


def test_the_linear_recipe_gives_back_its_coefficients(context):
    rows = made(context, rows=1000, seed=7)

    assert list(rows.schema.columns) == ["x1", "x2", "y"]
    inputs = np.column_stack([rows.column("x1"), rows.column("x2"), np.ones(1000)])
    found, residual, *_ = np.linalg.lstsq(inputs, rows.column("y"))
    # standard errors are 0.2 / sqrt(1000) = 0.0063
    np.testing.assert_allclose(found, [1.5, -1, 2], atol=0.025)
    assert np.sqrt(residual[0] / 997) == pytest.approx(0.2, abs=0.02)


def test_without_noise_the_relation_is_exact(context):
    rows = made(context, rows=20, noise=0, coefficients=[3.0], intercept=-1.0)

    np.testing.assert_allclose(rows.column("y"), 3 * rows.column("x1") - 1, rtol=0, atol=1e-12)


@pytest.mark.parametrize("recipe", ["linear", "messages", "phrases", "questions", "reviews"])
def test_the_seed_alone_decides(context, recipe):
    first = made(context, recipe=recipe, rows=50, seed=1).fingerprint()

    assert made(context, recipe=recipe, rows=50, seed=1).fingerprint() == first
    assert made(context, recipe=recipe, rows=50, seed=2).fingerprint() != first


@pytest.mark.parametrize("seed", [0, 1])
def test_a_bag_of_words_tells_most_messages_apart_but_not_all(context, seed):
    found = made(context, recipe="messages", rows=2000, seed=seed).table().to_pydict()

    labels, texts = np.array(found["label"]), found["text"]
    model = make_pipeline(CountVectorizer(), LogisticRegression(max_iter=1000))
    accuracy = cross_val_score(model, texts, labels, cv=5).mean()

    assert (labels == "spam").mean() == pytest.approx(0.134)
    assert 0.935 < accuracy < 0.97
    assert len(set(texts)) > 1700


@pytest.mark.parametrize(
    ("recipe", "language", "units", "classes"),
    [("reviews", "en", "word", 2), ("reviews", "zh", "char", 2), ("questions", None, "word", 6)],
)
def test_made_up_texts_are_told_apart_but_not_all(context, recipe, language, units, classes):
    found = made(context, recipe=recipe, language=language, rows=900).table().to_pydict()

    labels, texts = np.array(found["label"]), found["text"]
    model = make_pipeline(CountVectorizer(analyzer=units, ngram_range=(1, 2)), LogisticRegression(max_iter=1000))
    accuracy = cross_val_score(model, texts, labels, cv=3).mean()

    assert np.unique(labels, return_counts=True)[1].tolist() == [900 // classes] * classes
    assert 0.8 < accuracy < 0.98


def test_phrases_say_the_same_in_both_columns_and_order_their_parts_as_the_language_does(context):
    german = made(context, recipe="phrases", rows=300).table().to_pydict()
    chinese = made(context, recipe="phrases", language="zh", rows=300).table().to_pydict()

    assert german["source"] == chinese["source"]
    at = german["source"].index(
        next(text for text in german["source"] if text.endswith("at the beach in the morning."))
    )
    assert german["target"][at].endswith(" am morgen am strand.")
    assert "早上在海边" in chinese["target"][at]


def test_settings_of_another_recipe_are_refused():
    with pytest.raises(pydantic.ValidationError, match="`noise` belongs to `recipe: linear`"):
        GeneratedConfig(recipe="messages", noise=0.1)
    with pytest.raises(pydantic.ValidationError, match="`recipe: reviews` is made up in en and zh"):
        GeneratedConfig(recipe="reviews", language="de")
    with pytest.raises(pydantic.ValidationError, match="`recipe: questions` has no language to choose"):
        GeneratedConfig(recipe="questions", language="en")
