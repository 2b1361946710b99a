"""What sci-sklearn offers."""

from __future__ import annotations

from sci.api import ComponentSpec, hookimpl

NUMERIC = ("number", "boolean", "array")
BOTH = ("classification", "regression")
FIT_ONCE = frozenset({"fit-once"})
MISSING = frozenset({"fit-once", "missing"})


@hookimpl
def sci_engines() -> list[ComponentSpec]:
    """The engine itself."""
    return [
        ComponentSpec(
            name="sklearn",
            summary="scikit-learn on the CPU: models that are fitted in one step, saved without pickle",
            target="sci_sklearn.engine:SklearnEngine",
            config="sci_sklearn.config:SklearnConfig",
            cite="sci_sklearn.works:SKLEARN",
        )
    ]


@hookimpl
def sci_models() -> list[ComponentSpec]:
    """Models of engine sklearn."""
    return [
        ComponentSpec(
            name="least-squares",
            summary="Linear or ridge regression, solved in closed form",
            target={"sklearn": "sci_sklearn.linear:LeastSquares"},
            config="sci_sklearn.config:LeastSquaresConfig",
            tasks=("regression",),
            accepts=NUMERIC,
            traits=FIT_ONCE,
            cite="sci_sklearn.works:RIDGE",
        ),
        ComponentSpec(
            name="logistic-regression",
            summary="Logistic regression; one vector of weights for two classes, one for each class of more",
            target={"sklearn": "sci_sklearn.linear:Logistic"},
            config="sci_sklearn.config:LogisticConfig",
            tasks=("classification",),
            accepts=NUMERIC,
            traits=FIT_ONCE,
            cite="sci_sklearn.works:LOGISTIC",
        ),
        ComponentSpec(
            name="decision-tree",
            summary="One tree of questions about the inputs (CART); reads missing numbers",
            target={"sklearn": "sci_sklearn.forest:DecisionTree"},
            config="sci_sklearn.config:TreeConfig",
            tasks=BOTH,
            accepts=NUMERIC,
            traits=MISSING,
            cite="sci_sklearn.works:TREE",
        ),
        ComponentSpec(
            name="random-forest",
            summary="The mean of many trees, each grown on rows drawn with replacement; reads missing numbers",
            target={"sklearn": "sci_sklearn.forest:RandomForest"},
            config="sci_sklearn.config:ForestConfig",
            tasks=BOTH,
            accepts=NUMERIC,
            traits=MISSING,
            cite="sci_sklearn.works:FOREST",
        ),
        ComponentSpec(
            name="extra-trees",
            summary="The mean of many trees whose thresholds are drawn at random; reads missing numbers",
            target={"sklearn": "sci_sklearn.forest:ExtraTrees"},
            config="sci_sklearn.config:ForestConfig",
            tasks=BOTH,
            accepts=NUMERIC,
            traits=MISSING,
            cite="sci_sklearn.works:EXTRA_TREES",
        ),
        ComponentSpec(
            name="gradient-boosting",
            summary="Trees that each mend the errors of those before them, on binned inputs; reads missing numbers",
            target={"sklearn": "sci_sklearn.boosting:GradientBoosting"},
            config="sci_sklearn.config:BoostingConfig",
            tasks=BOTH,
            accepts=NUMERIC,
            traits=MISSING,
            cite="sci_sklearn.works:BOOSTING",
        ),
        ComponentSpec(
            name="svm",
            summary="Support vector machine, with probabilities by Platt's sigmoid",
            target={"sklearn": "sci_sklearn.svm:model"},
            config="sci_sklearn.config:SvmConfig",
            tasks=BOTH,
            accepts=NUMERIC,
            traits=FIT_ONCE,
            cite="sci_sklearn.works:SVM",
        ),
        ComponentSpec(
            name="nearest-neighbors",
            summary="What the nearest training rows say",
            target={"sklearn": "sci_sklearn.neighbors:NearestNeighbors"},
            config="sci_sklearn.config:NeighborsConfig",
            tasks=BOTH,
            accepts=NUMERIC,
            traits=FIT_ONCE,
            cite="sci_sklearn.works:NEIGHBORS",
        ),
        ComponentSpec(
            name="naive-bayes",
            summary="Classes by Bayes' rule, as if inputs were independent within a class",
            target={"sklearn": "sci_sklearn.bayes:model"},
            config="sci_sklearn.config:BayesConfig",
            tasks=("classification",),
            accepts=NUMERIC,
            traits=FIT_ONCE,
            cite="sci_sklearn.works:NAIVE_BAYES",
        ),
    ]


@hookimpl
def sci_losses() -> list[ComponentSpec]:
    """How far off a fitted model is; what each model minimises is its own."""
    return [
        ComponentSpec(
            name="cross-entropy",
            summary="Negative log-probability of the true class",
            target={"sklearn": "sci_sklearn.losses:CrossEntropy"},
            config="sci_sklearn.config:CrossEntropyConfig",
        ),
        ComponentSpec(
            name="mean-squared-error",
            summary="Mean of the squared errors",
            target={"sklearn": "sci_sklearn.losses:MeanSquaredError"},
        ),
        ComponentSpec(
            name="mean-absolute-error",
            summary="Mean of the absolute errors",
            target={"sklearn": "sci_sklearn.losses:MeanAbsoluteError"},
        ),
    ]


@hookimpl
def sci_baselines() -> list[ComponentSpec]:
    """Cheap rivals, with the steps that they need."""
    return [
        ComponentSpec(
            name="boosting",
            summary="Boosted trees on a table, with the defaults of `gradient-boosting`",
            target="sci_sklearn.baselines:Boosting",
            config="sci_sklearn.config:BoostingBaselineConfig",
            tasks=BOTH,
            cite="sci_sklearn.works:BOOSTING",
        ),
        ComponentSpec(
            name="nearest-neighbors",
            summary="The nearest training rows of a standardized table",
            target="sci_sklearn.baselines:Neighbors",
            config="sci_sklearn.config:NeighborsBaselineConfig",
            tasks=BOTH,
            cite="sci_sklearn.works:NEIGHBORS",
        ),
        ComponentSpec(
            name="tfidf-logistic",
            summary="Logistic regression on tf-idf weights of the words of a text",
            target="sci_sklearn.baselines:TfidfLogistic",
            config="sci_sklearn.config:TfidfLogisticConfig",
            tasks=("classification",),
            cite="sci_sklearn.works:TFIDF",
        ),
        ComponentSpec(
            name="naive-bayes",
            summary="Naive Bayes on the counts of the words of a text, or on a standardized table",
            target="sci_sklearn.baselines:NaiveBayes",
            config="sci_sklearn.config:TextBaselineConfig",
            tasks=("classification",),
            cite="sci_sklearn.works:NAIVE_BAYES",
        ),
    ]
