"""Texts: their words are left out, coloured, and the planted one ranks first."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest

from sci_explain.words import PLAYERS, spans, without

WORDS = ["the", "train", "was", "late", "again", "and", "nobody", "said", "why", "today"]


@pytest.fixture(scope="module")
def texts(studied):
    draw = np.random.default_rng(3)
    good = draw.random(240) < 0.5
    lines = []
    for one in good:
        words = draw.choice(WORDS, size=7).tolist()
        words.insert(int(draw.integers(0, 8)), "splendid" if one else "dreadful")
        lines.append(" ".join(words) + ("!" if draw.random() < 0.5 else "."))
    columns = {"text": lines, "y": np.where(good, "good", "bad")}
    data = {
        "source": {"name": "csv", "path": "rows.csv"},
        "target": "y",
        "columns": {"text": {"kind": "text"}},
        "split": {"name": "random", "test": 0.4},
    }
    return studied(
        columns,
        task={"name": "classification", "positive": "good"},
        data=data,
        preprocessing=[{"name": "bag-of-words"}],
        model="logistic",
        training={"optimizer": {"name": "adam", "learning_rate": 0.1}, "epochs": 15, "batch_size": 16},
        evaluation={"metrics": ["accuracy"], "baselines": []},
        analysis=[
            {"name": "shap", "rows": 10, "samples": 300},
            {"name": "occlusion", "rows": 10},
            "integrated-gradients",
        ],
        report=["html", "markdown"],
    )


@pytest.mark.parametrize("analysis", ["shap", "occlusion"])
def test_the_planted_words_have_the_largest_shares_with_their_sign(texts, analysis):
    signs = set()
    for row in texts.numbers(analysis)["rows"]:
        first = int(np.argmax(np.abs(row["shares"])))
        assert row["players"][first] in ("splendid", "dreadful")
        assert (row["shares"][first] > 0) == (row["players"][first] == "splendid")
        signs.add(row["players"][first])
    assert signs == {"splendid", "dreadful"}


def test_shares_of_words_add_up_to_the_probability(texts):
    test = texts.study.evaluations[0].test
    good = np.asarray(test.prediction("probability"))[:, 1]
    known = dict(zip(test.ids.tolist(), good.tolist(), strict=True))
    for row in texts.numbers("shap")["rows"]:
        assert row["base"] + sum(row["shares"]) == pytest.approx(known[row["id"]], abs=1e-9)


def test_terms_of_a_bag_of_words_stand_by_their_names(texts):
    written = (texts.folder / "report.md").read_text("utf-8")
    part = written[written.index("Integrated gradients") :]
    assert "Largest share: `dreadful`" in part or "Largest share: `splendid`" in part


def test_the_figure_colours_words_in_both_directions(texts):
    drawn = ElementTree.fromstring((texts.folder / "figures/shap-rows.svg").read_text("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    boxes = {(one.get("fill"), one.get("fill-opacity")) for one in drawn.iter(f"{space}rect")}
    assert ("#0063a8", "0.55") in boxes
    assert ("#b0500a", "0.55") in boxes
    said = [one.text for one in drawn.iter(f"{space}text")]
    assert "splendid" in said


def test_what_is_left_of_a_text_keeps_its_order_and_its_spaces():
    text = "It's well-known: 我爱你, ok?!"
    places = spans(text)
    words = [text[start:stop] for start, stop in places]
    assert words == ["It's", "well-known", ":", "我", "爱", "你", ",", "ok", "?!"]
    assert without(text, places, [True] * 9) == text
    assert without(text, places, [1, 0, 1, 1, 0, 1, 1, 1, 0]) == "It's : 我你, ok"
    assert spans("") == []
    mixed = "买了Sample书3本、ok"
    assert [mixed[start:stop] for start, stop in spans(mixed)] == ["买", "了", "Sample", "书", "3", "本", "、", "ok"]


def test_neighbouring_words_of_a_long_text_play_together():
    text = " ".join(f"word{at}" for at in range(1000))
    places = spans(text)
    assert len(places) == PLAYERS
    assert without(text, places, [True] * PLAYERS) == text
    assert text[places[0][0] : places[0][1]] == " ".join(f"word{at}" for at in range(25))
