"""BLEU, chrF and exact match against sacreBLEU itself."""

from __future__ import annotations

import gzip
import os
import pathlib
from itertools import zip_longest

import numpy as np
import pytest
from sacrebleu.metrics import BLEU, CHRF

from sci.api import ConfigError, Predictions
from sci_metrics.config import BleuConfig, ChrfConfig, ReferencesConfig
from sci_metrics.conformance import translated
from sci_metrics.translation import Bleu, Chrf, ExactMatch

DATA = os.environ.get("SCI_REFERENCE_DATA")

TARGETS = ["Ein Hund läuft.", "Zwei Männer, die essen (draußen)!", "", "我喜欢 tea", "a b c d e f", "Ein Hund"]
ANSWERS = ["Ein Hund rennt.", "Zwei Männer, die essen draußen!", "etwas", "我喜欢茶", "a b c d e f", ""]
METRICS = [
    *(
        (Bleu(BleuConfig(tokenize=how, lowercase=lower)), BLEU(tokenize=how, lowercase=lower))
        for how in ("13a", "intl", "zh", "char", "none")
        for lower in (False, True)
    ),
    (Chrf(ChrfConfig()), CHRF()),
    (Chrf(ChrfConfig(word_order=2, beta=3, lowercase=True)), CHRF(word_order=2, beta=3, lowercase=True)),
]


@pytest.mark.parametrize(("ours", "theirs"), METRICS)
def test_the_value_and_that_of_every_sample_are_the_corpus_scores(ours, theirs) -> None:
    predictions = translated(TARGETS, ANSWERS)
    statistics = ours.statistics(predictions)
    assert ours(predictions) == pytest.approx(theirs.corpus_score(ANSWERS, [TARGETS]).score, rel=1e-12)

    samples = np.random.default_rng(0).integers(0, len(TARGETS), (50, len(TARGETS)))
    counts = np.stack([np.bincount(sample, minlength=len(TARGETS)) for sample in samples]).astype(np.float64)
    found = ours.value(counts @ statistics, len(TARGETS))

    for sample, value in zip(samples, found, strict=True):
        score = theirs.corpus_score([ANSWERS[row] for row in sample], [[TARGETS[row] for row in sample]]).score
        assert value == pytest.approx(score, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    "answers", [["x"] * 6, [""] * 6, TARGETS, ["Ein Hund"] * 6], ids=["nothing shared", "empty", "all right", "short"]
)
@pytest.mark.parametrize(("ours", "theirs"), METRICS)
def test_extreme_answers_have_the_corpus_score(ours, theirs, answers) -> None:
    score = theirs.corpus_score(answers, [TARGETS]).score
    assert ours(translated(TARGETS, answers)) == pytest.approx(score, rel=1e-12, abs=1e-12)


def test_the_signature_stands_beside_the_value() -> None:
    predictions = translated(TARGETS, ANSWERS)
    signature = Bleu(BleuConfig(tokenize="zh", lowercase=True)).describe(predictions)["signature"]
    assert signature.startswith("nrefs:1|case:lc|eff:no|tok:zh|smooth:exp|version:")
    signature = Chrf(ChrfConfig(word_order=2)).describe(predictions)["signature"]
    assert signature.startswith("nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:")


SOURCES = {
    "a": ("Ein Hund rennt weg.", ["Ein Hund läuft weg.", "Der Hund rennt.", "Ein Hund rennt davon, schnell."]),
    "b": ("Zwei Männer essen.", ["Zwei Männer essen draußen."]),
    "c": ("我喜欢茶", ["我喜欢 tea", "我爱喝茶"]),
    "d": ("", ["nichts", "etwas", ""]),
}
GROUPED = [
    *((Bleu(BleuConfig(tokenize=how, references="group")), BLEU(tokenize=how)) for how in ("13a", "zh", "char")),
    (Chrf(ChrfConfig(references="group")), CHRF()),
    (Chrf(ChrfConfig(word_order=2, references="group")), CHRF(word_order=2)),
]


def grouped(names: list[str]) -> tuple[Predictions, list[str], list[list[str | None]]]:
    """These sources with a row for each reference, in an order that was drawn, and the same as sacreBLEU takes it."""
    rows = [(target, SOURCES[name][0], f"{at} {name}") for at, name in enumerate(names) for target in SOURCES[name][1]]
    drawn = [rows[row] for row in np.random.default_rng(len(names)).permutation(len(rows))]
    targets, answers, groups = (list(column) for column in zip(*drawn, strict=True))
    # Of references that are equally good sacreBLEU takes the first, so that they keep the order of their rows.
    own = [[target for target, _, group in drawn if group == f"{at} {name}"] for at, name in enumerate(names)]
    streams = [list(stream) for stream in zip_longest(*own)]
    return translated(targets, answers, groups), [SOURCES[name][0] for name in names], streams


@pytest.mark.parametrize("names", [["a"], ["b"], ["c", "a"], ["a", "b", "c", "d"], ["d", "b", "a", "a", "c"]])
@pytest.mark.parametrize(("ours", "theirs"), GROUPED)
def test_rows_of_a_group_are_one_source_with_several_references(ours, theirs, names) -> None:
    predictions, answers, streams = grouped(names)

    assert ours(predictions) == pytest.approx(theirs.corpus_score(answers, streams).score, rel=1e-12, abs=1e-12)
    found = ours.describe(predictions)
    assert (found["signature"], found["sources"]) == (str(theirs.get_signature()), len(names))


@pytest.mark.parametrize(("ours", "theirs"), GROUPED)
def test_resampled_groups_have_the_score_of_their_sources(ours, theirs) -> None:
    predictions, answers, streams = grouped(["a", "b", "c", "d"])
    statistics, groups = ours.statistics(predictions), predictions.table.column("group").to_pylist()

    for times in ([2, 0, 1, 1], [0, 3, 0, 1], [1, 1, 2, 0]):
        counts = np.array([times[int(group.split()[0])] for group in groups], dtype=np.float64)
        drawn = np.repeat(np.arange(4), times)
        score = theirs.corpus_score([answers[at] for at in drawn], [[one[at] for at in drawn] for one in streams]).score
        assert ours.value(counts @ statistics, len(groups)) == pytest.approx(score, rel=1e-12, abs=1e-12)


def test_rows_without_a_group_are_sources_of_their_own() -> None:
    alone = translated(TARGETS, ANSWERS, [None] * len(TARGETS))
    for config in ("row", "group"):
        metric = Bleu(BleuConfig(references=config))
        assert metric(alone) == pytest.approx(BLEU().corpus_score(ANSWERS, [TARGETS]).score, rel=1e-12)
        assert metric.describe(alone)["signature"].startswith("nrefs:1|")


def test_without_groups_nothing_says_which_references_belong_together() -> None:
    for predictions in (translated(TARGETS, ANSWERS), translated([], [])):
        with pytest.raises(ConfigError, match="no column says which rows these are") as caught:
            Chrf(ChrfConfig(references="group"))(predictions)
        assert caught.value.id == "metric.groups"


def test_a_row_without_text_counts_as_an_empty_one() -> None:
    metrics = (Bleu(BleuConfig()), Chrf(ChrfConfig()), ExactMatch(ReferencesConfig()))
    for metric in metrics:
        assert metric(translated(["a b", "c"], ["a b", None])) == metric(translated(["a b", "c"], ["a b", ""]))


def test_exact_match_counts_equal_texts_but_for_white_space_around_them() -> None:
    assert ExactMatch(ReferencesConfig())(translated(["a", "b ", "C", "d e"], [" a", "b", "c", "d  e"])) == 0.5


def test_one_of_several_references_is_enough_and_a_source_counts_once() -> None:
    rows = [("a", "x", "1"), ("b", "x", "1"), ("x ", "x", "1"), ("c", "y", "2"), ("d", "d", None)]
    targets, answers, groups = (list(column) for column in zip(*rows, strict=True))
    predictions = translated(targets, answers, groups)
    metric = ExactMatch(ReferencesConfig(references="group"))

    assert metric(predictions) == pytest.approx(2 / 3)
    drawn = np.array([2, 2, 2, 1, 0]) @ metric.statistics(predictions)
    assert metric.value(drawn, 5) == pytest.approx(2 / 3)
    assert np.isnan(metric(translated([], [], [])))


def test_two_sets_of_sums_have_two_values_for_one_number_of_rows() -> None:
    for metric in (Bleu(BleuConfig()), Chrf(ChrfConfig()), ExactMatch(ReferencesConfig())):
        sets = [translated(TARGETS, ANSWERS), translated(TARGETS, ANSWERS[::-1])]
        sums = np.array([metric.sums(one) for one in sets])

        assert metric.value(sums[None], len(TARGETS)) == pytest.approx(np.array([[metric(one) for one in sets]]))


def test_no_row_has_no_value() -> None:
    for metric in (Bleu(BleuConfig()), Chrf(ChrfConfig()), ExactMatch(ReferencesConfig())):
        assert np.isnan(metric(translated([], [])))


@pytest.mark.skipif(not DATA, reason="SCI_REFERENCE_DATA does not name the folder of reference data")
def test_copying_the_source_of_multi30k_has_the_known_score() -> None:
    folder = pathlib.Path(DATA or "") / "multi30k"
    source, target = (
        gzip.decompress((folder / f"test_2016_flickr.{language}.gz").read_bytes()).decode().splitlines()
        for language in ("en", "de")
    )
    assert Bleu(BleuConfig())(translated(target, source)) == pytest.approx(0.4783, abs=5e-5)
