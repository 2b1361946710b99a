"""Settings of the engine, its models and its baselines."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sci.api import ComponentConfig

Share = Annotated[float, Field(gt=0, le=1)]


class SklearnConfig(ComponentConfig):
    """Settings of engine sklearn."""

    threads: int = Field(default=1, ge=1)
    """Threads of fitting and of the matrix products; with another number the last digits of a result may differ."""


class LeastSquaresConfig(ComponentConfig):
    """Settings of `least-squares`."""

    l2: float = Field(default=0.0, ge=0)
    """Times the sum of squared weights is added to the mean squared error (ridge); the intercept is left out of it."""

    intercept: bool = True
    """Whether there is a constant term."""


class LogisticConfig(ComponentConfig):
    """Settings of `logistic-regression`."""

    l2: float = Field(default=0.0, ge=0)
    """Times the sum of squared weights is added to the mean loss; the intercept is left out of it. Where the inputs
    separate the classes there is no solution without it."""

    intercept: bool = True
    """Whether there is a constant term."""

    max_iterations: int = Field(default=1000, ge=1)
    """The most steps of the solver (L-BFGS)."""


class TreeConfig(ComponentConfig):
    """Settings of `decision-tree`."""

    max_depth: int | None = Field(default=None, ge=1)
    """The most questions from the root to a leaf; without it a tree grows until its leaves are pure or too small."""

    max_leaves: int | None = Field(default=None, ge=2)
    """The most leaves; the tree then grows where it gains most."""

    min_leaf_rows: int = Field(default=1, ge=1)
    """The fewest training rows in a leaf."""

    features: Literal["all", "sqrt", "auto"] | Share = "auto"
    """Inputs that are tried for each question: all of them, the square root of their number, or a share. `auto` is the
    square root in forests that classify, and all otherwise."""


class ForestConfig(TreeConfig):
    """Settings of `random-forest` and `extra-trees`."""

    trees: int = Field(default=100, ge=1)
    """Number of trees."""


class BoostingConfig(ComponentConfig):
    """Settings of `gradient-boosting`."""

    trees: int = Field(default=100, ge=1)
    """Rounds of boosting; each adds one tree, or one for each class where there are more than two."""

    learning_rate: float = Field(default=0.1, gt=0)
    """How much of its answer each tree adds."""

    max_leaves: int = Field(default=31, ge=2)
    """The most leaves of a tree."""

    max_depth: int | None = Field(default=None, ge=1)
    """The most questions from the root to a leaf."""

    min_leaf_rows: int = Field(default=20, ge=1)
    """The fewest training rows in a leaf."""

    l2: float = Field(default=0.0, ge=0)
    """Pulls the answers of the leaves towards zero, in units of the second derivative of the loss."""

    loss: Literal["squared-error", "absolute-error"] = "squared-error"
    """What is minimised in regression; classification minimises the cross-entropy."""

    patience: int | None = Field(default=None, ge=1)
    """Stop after so many rounds that do not help a tenth of the training rows that is held out; by default all trees
    are grown on all rows."""


class SvmConfig(ComponentConfig):
    """Settings of `svm`."""

    kernel: Literal["rbf", "linear", "polynomial"] = "rbf"
    """How alike two rows are: exp(-gamma |x - y|^2), x y, or (gamma x y + offset)^degree."""

    cost: float = Field(default=1.0, gt=0)
    """What an error costs, beside a wide margin (the C of the literature)."""

    gamma: float | None = Field(default=None, gt=0)
    """Of the kernel; by default one over the number of inputs times their variance."""

    degree: int = Field(default=3, ge=1)
    """Of the polynomial."""

    offset: float = 0.0
    """Of the polynomial."""

    epsilon: float = Field(default=0.1, ge=0)
    """In regression, errors up to this size cost nothing; in the unit that the model predicts."""


class NeighborsConfig(ComponentConfig):
    """Settings of `nearest-neighbors`."""

    neighbors: int = Field(default=5, ge=1)
    """How many of the nearest training rows are asked."""

    voting: Literal["equal", "distance"] = "equal"
    """Whether each counts the same, or in proportion to one over its distance."""

    metric: Literal["euclidean", "manhattan", "cosine"] = "euclidean"
    """What near means."""


class BayesConfig(ComponentConfig):
    """Settings of `naive-bayes`."""

    distribution: Literal["gaussian", "multinomial", "bernoulli"] = "gaussian"
    """Of an input within a class: normal for measurements, multinomial for counts and tf-idf, Bernoulli for whether
    it is more than 0."""

    smoothing: float = Field(default=1.0, gt=0)
    """What is added to each count of a class; of no effect on `gaussian`."""


class NeighborsBaselineConfig(ComponentConfig):
    """Settings of baseline `nearest-neighbors`."""

    neighbors: int = Field(default=5, ge=1)
    """How many of the nearest training rows are asked."""


class BoostingBaselineConfig(ComponentConfig):
    """Settings of baseline `boosting`."""

    trees: int = Field(default=100, ge=1)
    """Rounds of boosting."""


class TextBaselineConfig(ComponentConfig):
    """Settings of baselines `tfidf-logistic` and `naive-bayes`."""

    vocabulary_size: int = Field(default=5000, gt=0)
    """Keep at most this many terms."""

    ngrams: tuple[int, int] = (1, 1)
    """Shortest and longest sequence of words, or of characters, that is a term."""

    analyzer: Literal["auto", "word", "character"] = "auto"
    """A term is made of words, or of characters (Chinese and other writing without spaces); `auto` sees from the
    training rows which, and takes two characters for each word of `ngrams`."""


class TfidfLogisticConfig(TextBaselineConfig):
    """Settings of baseline `tfidf-logistic`."""

    l2: float = Field(default=1e-4, ge=0)
    """Times the sum of squared weights is added to the mean loss."""


class CrossEntropyConfig(ComponentConfig):
    """Settings of `cross-entropy`."""

    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.0
    """Share of the probability that is asked for all classes alike instead of the true one (Szegedy et al. 2016,
    doi:10.1109/CVPR.2016.308); the validation loss has it, too."""
