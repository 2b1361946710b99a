"""Every model answers as the estimator of scikit-learn that it was made from, also once it was stored."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sklearn import ensemble, linear_model, naive_bayes, neighbors, svm, tree

from sci.api import ConfigError, DataError
from sci_sklearn import bayes, boosting, forest, linear
from sci_sklearn import neighbors as near
from sci_sklearn import svm as machines
from sci_sklearn.config import (
    BayesConfig,
    BoostingConfig,
    ForestConfig,
    LeastSquaresConfig,
    LogisticConfig,
    NeighborsConfig,
    SvmConfig,
    TreeConfig,
)
from sci_sklearn.trainer import SklearnTrainer

TASKS = [0, 2, 4]
each_task = pytest.mark.parametrize("classes", TASKS, ids=["regression", "two-classes", "four-classes"])
NEW = np.random.default_rng(9).normal(size=(400, 5))
HOLES = np.where(np.random.default_rng(8).random(NEW.shape) < 0.2, np.nan, NEW)


class Whole:
    """A feed that hands over its rows whole."""

    def __init__(self, rows: dict[str, np.ndarray]) -> None:
        self.rows = rows

    def resident(self) -> dict[str, np.ndarray]:
        return self.rows


def expected(estimator: Any, rows: dict[str, np.ndarray], inputs: np.ndarray, classes: int) -> np.ndarray:
    fitted = estimator.fit(rows["numbers"], rows["target"])
    return fitted.predict_proba(inputs) if classes else fitted.predict(inputs)


def grown(kind: str, classes: int) -> Any:
    names = {
        "decision-tree": (tree.DecisionTreeClassifier, tree.DecisionTreeRegressor),
        "random-forest": (ensemble.RandomForestClassifier, ensemble.RandomForestRegressor),
        "extra-trees": (ensemble.ExtraTreesClassifier, ensemble.ExtraTreesRegressor),
    }
    return names[kind][0 if classes else 1]


FORESTS = {
    "decision-tree": (forest.DecisionTree, TreeConfig(max_depth=4), {}),
    "random-forest": (forest.RandomForest, ForestConfig(max_depth=4, trees=7), {"n_estimators": 7}),
    "extra-trees": (forest.ExtraTrees, ForestConfig(max_depth=4, trees=7), {"n_estimators": 7}),
}


@each_task
@pytest.mark.parametrize("missing", [False, True], ids=["whole", "missing"])
@pytest.mark.parametrize("kind", FORESTS)
def test_trees_answer_as_scikit_learn_does(rows, model, kind, missing, classes):
    factory, config, more = FORESTS[kind]
    learned, inputs = rows(classes, missing), HOLES if missing else NEW

    made = model(factory, config, learned, classes)

    wanted = expected(grown(kind, classes)(max_depth=4, random_state=3, **more), learned, inputs, classes)
    np.testing.assert_allclose(made.answers(inputs), wanted, rtol=0, atol=1e-12)


@each_task
@pytest.mark.parametrize("missing", [False, True], ids=["whole", "missing"])
def test_boosting_answers_as_scikit_learn_does(rows, model, missing, classes):
    learned, inputs = rows(classes, missing), HOLES if missing else NEW

    made = model(boosting.GradientBoosting, BoostingConfig(trees=9), learned, classes)

    kind = ensemble.HistGradientBoostingClassifier if classes else ensemble.HistGradientBoostingRegressor
    wanted = expected(kind(max_iter=9, early_stopping=False, random_state=3), learned, inputs, classes)
    np.testing.assert_allclose(made.answers(inputs), wanted, rtol=0, atol=1e-12)


@each_task
@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "cosine"])
@pytest.mark.parametrize("voting", ["equal", "distance"])
def test_neighbors_answer_as_scikit_learn_does(rows, model, metric, voting, classes):
    learned = rows(classes)
    made = model(near.NearestNeighbors, NeighborsConfig(neighbors=7, metric=metric, voting=voting), learned, classes)

    kind = neighbors.KNeighborsClassifier if classes else neighbors.KNeighborsRegressor
    weights = "uniform" if voting == "equal" else "distance"
    wanted = expected(kind(7, metric=metric, weights=weights), learned, NEW, classes)
    np.testing.assert_allclose(made.answers(NEW), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("kernel", ["rbf", "linear", "polynomial"])
def test_support_vectors_predict_numbers_as_scikit_learn_does(rows, model, kernel):
    learned = rows()
    made = model(machines.model, SvmConfig(kernel=kernel), learned, 0)

    wanted = expected(svm.SVR(kernel=kernel.replace("polynomial", "poly")), learned, NEW, 0)
    np.testing.assert_allclose(made.answers(NEW), wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("kernel", ["rbf", "linear", "polynomial"])
def test_support_vectors_decide_as_scikit_learn_does(rows, model, kernel, classes):
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.model_selection import StratifiedKFold

    learned = rows(classes)
    made = model(machines.model, SvmConfig(kernel=kernel), learned, classes)

    folds = StratifiedKFold(5, shuffle=True, random_state=3)
    gamma = 1 / (5 * learned["numbers"].var())  # of all rows: the rows of a fold would give it another one
    machine = svm.SVC(kernel=kernel.replace("polynomial", "poly"), gamma=gamma)
    whole = CalibratedClassifierCV(machine, method="sigmoid", cv=folds, ensemble=False)
    np.testing.assert_allclose(made.answers(NEW), expected(whole, learned, NEW, classes), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize(
    ("distribution", "kind"),
    [
        ("gaussian", naive_bayes.GaussianNB),
        ("multinomial", naive_bayes.MultinomialNB),
        ("bernoulli", naive_bayes.BernoulliNB),
    ],
)
def test_naive_bayes_answers_as_scikit_learn_does(rows, model, distribution, kind, classes):
    learned = rows(classes, counts=True)
    inputs = np.random.default_rng(2).poisson(2.0, (50, 5)).astype(np.float64)

    made = model(bayes.model, BayesConfig(distribution=distribution), learned, classes)

    np.testing.assert_allclose(made.answers(inputs), expected(kind(), learned, inputs, classes), rtol=0, atol=1e-12)


@pytest.mark.parametrize("classes", [2, 4])
def test_logistic_regression_is_that_of_scikit_learn(rows, model, classes):
    learned = rows(classes)
    made = model(linear.Logistic, LogisticConfig(l2=0.01), learned, classes)

    wanted = linear_model.LogisticRegression(C=1 / (2 * 0.01 * len(learned["target"])), tol=1e-10, max_iter=5000)
    np.testing.assert_allclose(made.answers(NEW), expected(wanted, learned, NEW, classes), atol=1e-6)


def test_a_solver_that_did_not_converge_is_told_once(rows, model):
    learned = rows(2)
    made = model(linear.Logistic, LogisticConfig(l2=0.01, max_iterations=2), learned, 2)
    trainer = SklearnTrainer(made.network, None, Whole(learned), made.engine.threads)

    assert trainer.warnings() == [
        "lbfgs failed to converge after 2 iteration(s) (status=1); more `max_iterations` or standardized inputs may help"
    ]
    assert trainer.warnings() == []
    assert model(linear.Logistic, LogisticConfig(l2=0.01), learned, 2).network.complaints == []


@pytest.mark.parametrize("l2", [0.0, 0.3])
def test_least_squares_are_the_normal_equation(rows, model, l2):
    learned = rows()
    made = model(linear.LeastSquares, LeastSquaresConfig(l2=l2), learned, 0)

    centered = learned["numbers"] - learned["numbers"].mean(axis=0)
    gram = centered.T @ centered / len(centered) + l2 * np.eye(5)
    wanted = np.linalg.solve(gram, centered.T @ learned["target"] / len(centered))
    np.testing.assert_allclose(made.network.parameters["weight"][0], wanted, rtol=1e-8)


STORED = [
    (forest.DecisionTree, TreeConfig(), TASKS),
    (forest.RandomForest, ForestConfig(trees=5), TASKS),
    (forest.ExtraTrees, ForestConfig(trees=5), TASKS),
    (boosting.GradientBoosting, BoostingConfig(trees=5), TASKS),
    (near.NearestNeighbors, NeighborsConfig(), TASKS),
    (machines.model, SvmConfig(), TASKS),
    (bayes.model, BayesConfig(), TASKS[1:]),
    (linear.Logistic, LogisticConfig(l2=0.01), TASKS[1:]),
    (linear.LeastSquares, LeastSquaresConfig(), TASKS[:1]),
]
CASES = [(factory, config, classes) for factory, config, tasks in STORED for classes in tasks]
each_model = pytest.mark.parametrize(
    ("factory", "config", "classes"), CASES, ids=[f"{type(config).__name__}-{classes}" for _, config, classes in CASES]
)


@each_model
def test_a_stored_model_answers_bit_for_bit(rows, model, factory, config, classes):
    made = model(factory, config, rows(classes), classes)

    other = made.restored()

    np.testing.assert_array_equal(made.answers(NEW, other), made.answers(NEW))


@each_model
def test_the_same_seed_learns_the_same_arrays(rows, model, factory, config, classes):
    first, again = (model(factory, config, rows(classes), classes).network.parameters for _ in range(2))

    assert first.keys() == again.keys()
    assert all(first[name].tobytes() == again[name].tobytes() for name in first)


@each_model
def test_one_row_is_answered_as_among_others(rows, model, factory, config, classes):
    made = model(factory, config, rows(classes), classes)

    np.testing.assert_allclose(made.answers(NEW[7:8])[0], made.answers(NEW)[7], rtol=1e-12)


@each_model
def test_arrays_hold_no_objects(rows, model, factory, config, classes):
    made = model(factory, config, rows(classes), classes)

    assert {array.dtype.kind for array in made.network.parameters.values()} <= {"f", "i"}


@each_model
def test_arrays_of_another_model_are_refused(rows, model, factory, config, classes):
    made = model(factory, config, rows(classes), classes)
    name, array = next(iter(made.network.parameters.items()))

    with pytest.raises(ConfigError, match="weights are those of another model"):
        made.network.restore({**made.network.parameters, name: np.zeros((*array.shape, 2))})


@pytest.mark.parametrize("child", ["left", "right"])
def test_a_tree_that_leads_nowhere_is_refused(rows, model, child):
    made = model(forest.DecisionTree, TreeConfig(max_depth=2), rows(2), 2)
    arrays = {name: array.copy() for name, array in made.network.parameters.items()}
    arrays[child][0] = 0

    with pytest.raises(ConfigError, match="a node leads out of its tree"):
        made.network.restore(arrays)


@pytest.mark.parametrize(("factory", "config"), [(forest.RandomForest, ForestConfig(trees=20)),
                                                 (linear.Logistic, LogisticConfig(l2=0.01))])  # fmt: skip
def test_rows_count_by_their_weight(rows, model, factory, config):
    learned = rows(2)
    weight = np.where(learned["target"] == 1, 20.0, 1.0)

    plain = model(factory, config, learned, 2).answers(NEW)[:, 1].mean()
    heavy = model(factory, config, {**learned, "weight": weight}, 2).answers(NEW)[:, 1].mean()

    assert heavy > plain + 0.1


def test_a_row_of_weight_zero_teaches_nothing(rows, model):
    learned = rows(2)
    weight = (np.arange(len(learned["target"])) % 2).astype(np.float64)
    half = {name: array[1::2] for name, array in learned.items()}

    whole = model(near.NearestNeighbors, NeighborsConfig(), {**learned, "weight": weight}, 2)

    np.testing.assert_array_equal(
        whole.answers(NEW), model(near.NearestNeighbors, NeighborsConfig(), half, 2).answers(NEW)
    )


def test_too_few_rows_are_the_fault_of_the_data(rows, model):
    few = {name: array[:3] for name, array in rows(2).items()}

    with pytest.raises(DataError, match="5 neighbors are to be asked"):
        model(near.NearestNeighbors, NeighborsConfig(), few, 2)


def test_gradients_are_those_of_linear_models_alone(rows, model):
    learned = rows(2)
    line = model(linear.Logistic, LogisticConfig(l2=0.01), learned, 2)
    grown = model(forest.DecisionTree, TreeConfig(), learned, 2)

    found = line.engine.gradients(line.network, {"numbers": NEW}, "logits", ["numbers"])["numbers"]

    np.testing.assert_allclose(found, np.tile(line.network.parameters["weight"], (len(NEW), 1)))
    with pytest.raises(ConfigError, match="no derivative"):
        grown.engine.gradients(grown.network, {"numbers": NEW}, "logits", ["numbers"])


def test_another_form_of_boosted_trees_is_refused_by_name():
    from sci.api import PluginError

    class Unknown:
        _predictors = ()

    with pytest.raises(PluginError, match="in a form that sci-sklearn does not know"):
        boosting._private(Unknown())
