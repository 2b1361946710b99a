"""What is taken for what: a matrix for few classes, the quality of each class for many."""

from __future__ import annotations

import csv
import io
import math

import numpy as np

from sci.api import Study, Table
from sci.api.numbers import count, percent
from sci_report import facts
from sci_report.drawing import NARROW, WIDE, Sheet
from sci_report.illustration import Illustration
from sci_report.safe import cells, middle
from sci_report.svg import PALETTE
from sci_report.words import Name, Phrase, phrase

MOST = 12
"""Classes that a matrix can show."""
WORST = 10


def illustration(study: Study) -> Illustration | None:
    """A matrix up to `MOST` classes, else a strip with the F1 of every class; None where nothing was classified."""
    names = facts.classes(study)
    if not names:
        return None
    counts = facts.confusions(study)
    if not counts.sum():
        return None
    return _matrix(names, counts, facts.seeds(study) > 1) if len(names) <= MOST else _strip(names, counts)


def _matrix(names: list[str], counts: np.ndarray, seeds: bool) -> Illustration:
    k = len(names)
    width = NARROW if k <= 3 else WIDE
    left = 14 + 7.2 * max(6, *(cells(middle(name, 16)) for name in names))
    side = min((width - left - 8) / k, 105 if k <= 3 else 80)
    tall = min(side, 84) if k <= 3 else min(side, 46)
    numbered = any(cells(middle(name, 16)) * 7 > side - 6 for name in names)
    sheet = Sheet(width, 56 + tall * k + 8)
    axes = sheet.axes(left, 52, side * k, tall * k)
    axes.set(xlim=(0, k), ylim=(k, 0))
    axes.axis("off")
    sheet.words(left, 18, phrase("figure.predicted"), weight="bold")
    sheet.words(left - 10, 42, phrase("figure.true"), weight="bold", ha="right")
    for row in range(k):
        _labels(sheet, names, row, counts, left, side, tall, numbered)
        for column in range(k):
            _cell(sheet, left + side * column, 52 + tall * row, side, tall, counts[row], column, k)
    columns = ["true", *names, "n"]
    table = Table(columns, [[name, *map(int, row), int(row.sum())] for name, row in zip(names, counts, strict=True)])
    description = "; ".join(
        f"{names[row]} as {names[column]}: {counts[row, column]}" for row, column in np.argwhere(counts > 0)
    )
    caption = phrase("finding.confusion.caption.seed" if seeds else "finding.confusion.caption")
    return Illustration("confusion-matrix", sheet.picture(description), headline(names, counts), caption, table)


def _labels(
    sheet: Sheet, names: list[str], at: int, counts: np.ndarray, left: float, side: float, tall: float, numbered: bool
) -> None:
    total = int(counts[at].sum())
    centre = 52 + tall * (at + 0.5)
    name = f"{at + 1}  {middle(names[at], 16)}" if numbered else middle(names[at], 16)
    heading = str(at + 1) if numbered else middle(names[at], 16)
    sheet.words(left + side * (at + 0.5), 42, heading, ha="center", size=12.5)
    two = tall > 30
    sheet.words(left - 10, centre - 2 if two else centre + 4, name, ha="right", size=12.5)
    if two:
        sheet.words(left - 10, centre + 13, f"n = {count(total)}", ha="right", size=11.5, color="mut")


def _cell(sheet: Sheet, x: float, y: float, side: float, tall: float, row: np.ndarray, column: int, k: int) -> None:
    from matplotlib.patches import FancyBboxPatch

    total, value = int(row.sum()), int(row[column])
    share = value / total if total else 0.0
    box = FancyBboxPatch(
        ((x + 2) / sheet.width, 1 - (y + tall - 2) / sheet.height),
        (side - 4) / sheet.width,
        (tall - 4) / sheet.height,
        boxstyle="square,pad=0",
        transform=sheet.figure.transFigure,
        facecolor=PALETTE["m"],
        alpha=_shade(share),
        linewidth=0,
    )
    sheet.figure.add_artist(box)
    ink = "on" if share > 0.5 else "ink"
    big = k <= 3
    middle_y = y + tall / 2
    shares = total and tall > 40
    sheet.words(
        x + side / 2,
        middle_y + (0 if shares else 5),
        count(value),
        ha="center",
        color=ink,
        size=22 if big else 13,
        weight="bold" if row.argmax() == column or big else "normal",
    )
    if shares:
        words = f"{percent(value, total)} %"
        sheet.words(x + side / 2, middle_y + (20 if big else 14), words, ha="center", color=ink, size=11.5)


def _shade(share: float) -> float:
    """Opacity that grows with the share, but leaves out the middle, on which neither dark nor light ink can be read."""
    return 0.04 + 0.92 * share if share <= 0.5 else 0.72 + 0.28 * share


def headline(names: list[str], counts: np.ndarray) -> Phrase:
    """The commonest confusion, or that there is none."""
    wrong = counts * (1 - np.eye(len(names), dtype=np.int64))
    if not wrong.sum():
        return phrase("finding.confusion.none")
    if len(names) == 2:
        (_, first), (second, _) = wrong
        return phrase(
            "finding.confusion.two",
            first=Name(names[0]),
            second=Name(names[1]),
            first_wrong=count(int(first)),
            second_wrong=count(int(second)),
            first_n=count(int(counts[0].sum())),
            second_n=count(int(counts[1].sum())),
        )
    true, said = np.unravel_index(int(wrong.argmax()), wrong.shape)
    if wrong.sum() == 1:
        return phrase("finding.confusion.single", true=Name(names[true]), said=Name(names[said]))
    if wrong.max() < 2:
        return phrase("finding.confusion.scattered", count=count(int(wrong.sum())))
    return phrase(
        "finding.confusion.most",
        true=Name(names[true]),
        said=Name(names[said]),
        count=count(int(wrong[true, said])),
        n=count(int(counts[true].sum())),
    )


def f1(counts: np.ndarray) -> np.ndarray:
    """F1 of each class; NaN for a class that occurs neither in truth nor in answers."""
    right, asked, said = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(2 * right / (asked + said), dtype=np.float64)


def _strip(names: list[str], counts: np.ndarray) -> Illustration:
    quality, n = f1(counts), counts.sum(axis=1)
    tested = np.flatnonzero(n > 0)
    sheet = Sheet(WIDE, 110)
    axes = sheet.axes(20, 36, WIDE - 40, 44)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.yaxis.set_visible(False)
    sheet.words(20, 20, phrase("figure.class-f1", count=count(len(tested))), weight="bold")
    axes.vlines(quality[tested], 0.05, 0.95, color=PALETTE["m"], linewidth=1.5, alpha=0.35)
    worst = tested[np.argsort(quality[tested], kind="stable")][:WORST]
    description = "; ".join(f"{names[c]} {quality[c]:.2f}, n = {n[c]}" for c in worst)
    table = Table(
        ["class", "f1", "n", "most often called"],
        [[names[c], float(quality[c]), int(n[c]), _rival(names, counts[c], int(c))] for c in worst],
    )
    caption = phrase("finding.classes.caption", tested=count(len(tested)), absent=count(len(names) - len(tested)))
    return Illustration("class-f1", sheet.picture(description), headline(names, counts), caption, table)


def by_class(study: Study) -> str:
    """Precision, recall and F1 of every class as CSV."""
    names, counts = facts.classes(study), facts.confusions(study)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["class", "n", "precision", "recall", "f1"])
    right, n, said = np.diag(counts), counts.sum(axis=1), counts.sum(axis=0)
    for at, (name, quality) in enumerate(zip(names, f1(counts), strict=True)):
        shares = [right[at] / total if total else math.nan for total in (said[at], n[at])]
        writer.writerow([_cell_text(name), n[at], *("" if math.isnan(x) else float(x) for x in (*shares, quality))])
    return buffer.getvalue()


def _cell_text(name: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


def commonest(study: Study) -> Table | None:
    """The pairs that are confused most often, where there are too many classes for a matrix."""
    names = facts.classes(study)
    if len(names) <= MOST:
        return None
    wrong = facts.confusions(study)
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-wrong, axis=None, kind="stable")[:WORST]
    pairs = [np.unravel_index(at, wrong.shape) for at in order]
    rows = [[names[true], names[said], int(wrong[true, said])] for true, said in pairs if wrong[true, said] > 0]
    return Table(["true", "predicted", "n"], rows) if rows else None


def _rival(names: list[str], row: np.ndarray, own: int) -> str:
    wrong = row.copy()
    wrong[own] = 0
    return f"{names[wrong.argmax()]} ({wrong.max()})" if wrong.any() else ""
