"""Pages in a real browser: nothing sticks out sideways, and exactly one language is seen."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed, and these tests look at pages in one"),
]

WIDTHS = (1280, 400, 320)
SCRIPT = """
<script>
addEventListener("load", () => {
  const found = [];
  for (const frame of document.querySelectorAll("iframe")) {
    const page = frame.contentDocument, style = frame.contentWindow.getComputedStyle;
    const seen = lang => [...page.querySelectorAll(`main span[lang="${lang}"]:not(.keep)`)]
      .filter(span => style(span).display !== "none").length;
    const drawn = lang => [...page.querySelectorAll(`tspan[lang="${lang}"]`)]
      .filter(span => style(span).display !== "none").length;
    const counts = [seen("en"), seen("zh-Hans"), drawn("en"), drawn("zh-Hans")];
    found.push([frame.width, page.documentElement.scrollWidth, ...counts]);
  }
  document.body.textContent = "FOUND" + JSON.stringify(found) + "END";
});
</script>
"""


def look(folder, page):
    """Width, width of the content, spans seen in English and Chinese, and the same in figures, for each width."""
    frames = "".join(f'<iframe src="{page.as_uri()}" width="{width}" height="900"></iframe>' for width in WIDTHS)
    outer = folder / "look.html"
    outer.write_text(f"<!doctype html><body>{frames}{SCRIPT}</body>")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    own = ["--allow-file-access-from-files", f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=4000"]
    command = [str(BROWSER), *quiet, *own, "--dump-dom", outer.as_uri()]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r"FOUND(\[.*?\])END", seen)
    assert found is not None, seen[:500]
    return [list(map(int, row.split(","))) for row in re.findall(r"\[([^\[\]]+)\]", found[1].replace('"', ""))]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["binary", "regression", "five", "long"])
def test_no_page_is_wider_than_its_window_and_one_language_is_seen(studies, pages, tmp_path, kind, language):
    study = {
        "binary": lambda: studies.binary(tmp_path),
        "regression": lambda: studies.regression(tmp_path),
        "five": lambda: studies.several(tmp_path, ["setosa", "versicolor", "virginica", "鸢尾花的一种", "زنبق"]),
        "long": lambda: studies.several(tmp_path, ["x" * 90, "y" * 90], name="n" * 300, question="q" * 700),
    }[kind]()
    pages.report(study, studies.Run(study.run), language=language)
    for width, content, english, chinese, drawn_english, drawn_chinese in look(tmp_path, study.run / "report.html"):
        assert content <= width
        shown, hidden = (english, chinese) if language == "en" else (chinese, english)
        assert shown > 50
        assert hidden == 0
        assert (drawn_english, drawn_chinese)[language == "en"] == 0
