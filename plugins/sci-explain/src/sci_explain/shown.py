"""Explained rows as findings: bars and dots of columns, coloured words, patches over images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sci.api import Figure, Finding, Table
from sci.api.numbers import count, significant
from sci.api.wording import both, joined, quoted
from sci_explain.charts import Bar, bars, dots
from sci_explain.explained import Explained, Row
from sci_explain.patches import PatchGame
from sci_explain.pictures import Picture, pictures
from sci_explain.subject import Subject
from sci_explain.texts import Passage
from sci_explain.word_figures import word_figures

LINES = 15
"""Columns in a figure."""
EXAMPLES = 6
"""Images in a figure."""


def findings(subject: Subject, found: Explained, title: dict[str, str], how: dict[str, str]) -> list[Finding]:
    """What is shown of explained rows.

    Args:
        subject: the model.
        found: the rows.
        title: what was done.
        how: what the shares mean.
    """
    subject.keep(found.as_json())
    asked = both(
        "{rows} test rows were explained with {asked} predictions.",
        "解释了 {rows} 个测试行，共预测 {asked} 行。",
        rows=count(len(found.rows)),
        asked=count(found.asked),
    )
    text = joined(how, asked, subject.which())
    draw = {"columns": _columns, "words": _words, "patches": _patches}[found.kind]
    return [Finding(subject.name, "explanation", title, text, draw(subject, found))]


def _columns(subject: Subject, found: Explained) -> list[Figure]:
    shares = found.matrix()
    names = list(found.rows[0].players)
    sizes = np.abs(shares).mean(axis=0)
    order = np.argsort(-sizes, kind="stable")
    first = order[:LINES]
    title = both("Largest share: {name}", "贡献最大：{name}", name=quoted(names[order[0]]))
    sheet = bars(
        [Bar(names[at], float(sizes[at])) for at in first],
        both("mean size of the share", "贡献的平均大小"),
        "; ".join(f"{names[at]}: {sizes[at]:.4g}" for at in first),
    )
    heads = [both("column", "列"), both("mean size", "平均大小"), both("mean", "平均值")]
    table = Table(heads, [[names[at], float(sizes[at]), float(shares[:, at].mean())] for at in order])
    caption = both("Means over the explained rows.", "对所解释的行取平均。")
    mean = Figure(sheet.write(subject.context, subject.name), title, caption, table)
    levels = np.column_stack([_levels(found, names[at]) for at in first])
    spread = dots(
        [names[at] for at in first],
        shares[:, first],
        levels,
        both("share in the answer", "对回答的贡献"),
        f"{len(shares)} rows; shares from {shares.min():.4g} to {shares.max():.4g}",
    )
    each = Figure(
        spread.write(subject.context, f"{subject.name}-rows"),
        both("The shares row by row", "逐行的贡献"),
        both(
            "Each dot is a row; right of the line it raises the answer.", "每个点是一行；在线右侧表示提高了回答的值。"
        ),
    )
    return [mean, each]


def _levels(found: Explained, name: str) -> np.ndarray:
    """Ranks of the values of a column between 0 and 1; NaN where they have no order."""
    assert found.drawn is not None
    feature = found.drawn.schema.columns[name]
    if feature.kind != "number" or feature.ragged or feature.shape:
        return np.full(len(found.rows), np.nan)
    values = np.asarray(found.drawn.column(name), dtype=np.float64)[[row.place for row in found.rows]]
    ranks = pc.rank(pa.array(values), tiebreaker="dense").to_numpy().astype(np.float64)
    known = np.isfinite(values)
    top = max(ranks[known].max(initial=1.0) - 1, 1.0)
    return np.where(known, (ranks - 1) / top, np.nan)


def _words(subject: Subject, found: Explained) -> list[Figure]:
    return word_figures(
        subject, [Passage(_head(found, row), list(row.players), row.shares.parts) for row in found.rows]
    )


def _patches(subject: Subject, found: Explained) -> list[Figure]:
    shown = []
    for row in found.rows[:EXAMPLES]:
        assert isinstance(row.game, PatchGame)
        games = row.game.games
        shown.append(Picture(_head(found, row), row.game.pixels, row.shares.parts.reshape(games.grid), games.side))
    title = both("Where the model looks", "模型看哪里")
    figure = Figure(
        pictures(shown).write(subject.context, subject.name),
        title,
        both(
            "Blue patches raise the answer, orange ones lower it; the deeper, the more.",
            "蓝色的块提高回答的值，橙色的块降低；颜色越深影响越大。",
        ),
        Table(
            [both("row", "行"), both("patch (down, across)", "块（行，列）"), both("share", "贡献")], _tops(found.rows)
        ),
    )
    return [figure]


def _tops(rows: Sequence[Row]) -> list[list[object]]:
    """The patch with the largest share of each row."""
    tops = [(row, int(np.argmax(np.abs(row.shares.parts)))) for row in rows]
    return [[str(row.id), row.players[at], float(row.shares.parts[at])] for row, at in tops]


def _head(found: Explained, row: Row) -> dict[str, str]:
    """Which row it is and what was answered."""
    assert found.answers is not None
    answer = significant(row.shares.full)
    if not found.answers.classes:
        return both("row {id}: {answer}", "第 {id} 行：{answer}", id=row.id, answer=answer)
    name = found.answers.classes[row.output]
    return both(
        "row {id}: P({name}) = {answer}", "第 {id} 行：P({name}) = {answer}", id=row.id, name=name, answer=answer
    )
