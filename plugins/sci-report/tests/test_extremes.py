"""Every extreme that a report must survive, in a real browser: both languages, light and dark, wide and narrow."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from sci_report.config import ReportConfig
from sci_report.html import HtmlReporter
from sci_report.safe import cut

KINDS = (
    "binary",
    "regression",
    "one-class",
    "hundred-classes",
    "two-rows",
    "many-columns",
    "long-names",
    "folds-and-seeds",
    "scripts-of-the-world",
    "undefined",
    "failed-audits",
    "hostile",
    "failure",
    "comparison",
    "everything",
)
LOOKS = [
    *((kind, "OTHERS" if at % 2 else "VIEWS") for at, kind in enumerate(KINDS)),
    *(("binary", "OTHERS"), ("regression", "VIEWS")),
]
"""Each page in half of the views, in turn, because a view takes seconds; two of them in all."""
LARGEST = 3_000_000


@pytest.fixture(scope="module")
def written(studies, extremes, hostile, tmp_path_factory):
    """The path of a page, written when it is first asked for."""
    reporter = HtmlReporter(ReportConfig())
    paths = {}

    def write(kind):
        folder = tmp_path_factory.mktemp(kind)
        if kind == "comparison":
            context = studies.Run(studies.run(folder))
            reporter.compare(extremes.compared(), context)
            return context.directory / "report.html"
        if kind == "everything":
            return extremes.everything(folder)
        if kind == "failure":
            found = studies.failure(folder)
            reporter.failed(found, studies.Run(found.run))
            return found.run / "report.html"
        study = extremes.hostile(folder, hostile) if kind == "hostile" else extremes.EXTREMES[kind](folder)
        reporter.report(study, [], studies.Run(study.run))
        return study.run / "report.html"

    def once(kind):
        if kind not in paths:
            paths[kind] = write(kind)
        return paths[kind]

    return once


@pytest.fixture(scope="module")
def chromium(browser):
    if browser.BROWSER is None:
        pytest.skip("no Chromium is installed, and these tests look at pages in one")
    return browser


@pytest.fixture(scope="module")
def axe(chromium):
    if chromium.CARRIER is None:
        pytest.skip("axe is not installed: make test-browser brings it")
    return chromium


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize(("kind", "views"), LOOKS)
def test_an_extreme_can_be_read_by_everybody(axe, written, tmp_path, kind, views):
    page = written(kind)
    assert page.stat().st_size < LARGEST
    found = axe.looked_at(tmp_path, page, getattr(axe, views))
    assert len(found) == 6
    assert {one["where"]: one["faults"] for one in found if one["faults"]} == {}
    for one in found:
        assert one["passes"] > 15
        assert one["content"] <= one["width"], one["where"]
        assert (one["active"], one["handlers"], one["hit"]) == (0, 0, 0), one["where"]
        shown, hidden = (0, 1) if one["language"] == "le" else (1, 0)
        assert one["words"][shown] > 5
        assert one["words"][hidden] == 0
        assert one["drawn"][hidden] == 0
    assert len({one["ground"] for one in found}) == 2


@pytest.mark.timeout(120)
def test_every_analysis_and_control_has_its_figure_on_the_page_of_all_of_them(written, pages, extremes):
    page = written("everything")
    names = [one if isinstance(one, str) else one["name"] for one in extremes.ANALYSES]
    drawn = {path.stem for path in (page.parent / "figures").glob("*.svg")}
    controls = {"control-label-shuffle", "control-training-size"}
    assert {*names, *controls} <= {name if name in names else name.rsplit(".", 1)[0] for name in drawn}, sorted(drawn)
    assert pages.Page(page.read_text(encoding="utf-8")).tags.count("svg") >= len(names) + len(controls)


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_all_hostile_strings_are_seen_as_text(axe, written, hostile, tmp_path):
    assert len(hostile) == 60
    (found,) = axe.looked_at(tmp_path, written("hostile"), [("le", "tl", 1280, "open")])
    text = re.sub(r"\s+", " ", found["text"])
    missing = [one for one in hostile if re.sub(r"\s+", " ", cut(one).text) not in text]
    assert missing == []


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_a_planted_fault_is_found(axe, written, tmp_path):
    page = tmp_path / "planted.html"
    wide = '<p style="width:2000px">wide</p><b onclick="1">x</b><script>alert(1)</script><img src="data:,">'
    page.write_text(
        written("one-class").read_text(encoding="utf-8").replace("</main>", f"{wide}</main>"), encoding="utf-8"
    )
    for one in axe.looked_at(tmp_path, page):
        assert any(fault.startswith("image-alt: ") for fault in one["faults"])
        assert one["content"] > one["width"]
        assert (one["active"], one["handlers"], one["hit"]) == (1, 1, 1)


@pytest.mark.browser
@pytest.mark.timeout(300)
def test_no_page_asks_the_network_for_anything(chromium, written, tmp_path):
    control = tmp_path / "control.html"
    control.write_text(
        "<!doctype html><title>c</title><img alt='' src='http://127.0.0.1:9/seen.png'>", encoding="utf-8"
    )
    pages = [written(kind) for kind in KINDS]
    assert chromium.asked_for(tmp_path, [*pages, control]) == ["http://127.0.0.1:9/seen.png"]


@pytest.mark.browser
@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", ["binary", "failure", "many-columns"])
def test_a_page_is_printed_whole_and_light(chromium, written, tmp_path, kind):
    if not shutil.which("pdftotext"):
        pytest.skip("no pdftotext is installed (poppler-utils), and this test reads a PDF with it")
    dark = tmp_path / "dark.html"
    text = written(kind).read_text(encoding="utf-8")
    dark.write_text(text.replace('id="ta" checked', 'id="ta"').replace('id="td"', 'id="td" checked'), encoding="utf-8")
    paper = chromium.printed(tmp_path, dark)
    said = subprocess.run(["pdftotext", "-layout", str(paper), "-"], capture_output=True, text=True, check=True).stdout
    folded = {"binary": "adamw", "failure": "training loss", "many-columns": "measurement_299"}
    assert folded[kind] in said, "what is folded on the screen is open on paper"
    assert "中文" not in said, "the switches are of no use on paper"
    picture = tmp_path / "page"
    subprocess.run(["pdftoppm", "-r", "20", "-f", "1", "-l", "1", "-gray", str(paper), str(picture)], check=True)
    (image,) = tmp_path.glob("page-*.pgm")
    pixels = image.read_bytes()[-2000:]
    assert sum(pixels) / len(pixels) > 200, "the ground is light"
