"""axe finds no serious fault in the page: light and dark, wide and narrow, in both languages."""

from __future__ import annotations

import html
import importlib.util
import json
import pathlib
import re
import shutil
import subprocess

import pytest

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CARRIER = importlib.util.find_spec("axe_playwright_python")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed, and these tests look at pages in one"),
    pytest.mark.skipif(CARRIER is None, reason="axe is not installed: make test-browser brings it"),
]

WIDTHS = (1280, 400, 320)
INSIDE = """
<script>
const [language, colours] = location.hash.slice(1).split(",");
document.getElementById(language).click();
document.getElementById(colours).click();
addEventListener("load", () => axe.run().then(found => parent.postMessage(JSON.stringify({
  where: location.hash + "," + innerWidth,
  passes: found.passes.length,
  faults: found.violations.filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")),
}), "*")));
</script>
"""
OUTSIDE = """
<script>
const found = [];
addEventListener("message", event => {
  found.push(JSON.parse(event.data));
  if (found.length == document.querySelectorAll("iframe").length) {
    const told = document.createElement("pre");
    told.id = "found";
    told.textContent = JSON.stringify(found);
    document.body.replaceChildren(told);
  }
});
</script>
"""


def looked_at(folder, page):
    """What axe says of each language, colours and width."""
    assert CARRIER is not None
    (origin,) = CARRIER.submodule_search_locations
    axe = (pathlib.Path(origin) / "axe.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    inner = folder / "inner.html"
    inner.write_text(text.replace("</body>", f"<script>{axe}</script>{INSIDE}</body>"), encoding="utf-8")
    frames = "".join(
        f'<iframe src="{inner.as_uri()}#{language},{colours}" width="{width}" height="900"></iframe>'
        for language in ("le", "lz")
        for colours in ("tl", "td")
        for width in WIDTHS
    )
    outer = folder / "outer.html"
    outer.write_text(f"<!doctype html><title>axe</title><body>{OUTSIDE}{frames}</body>", encoding="utf-8")
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    own = ["--allow-file-access-from-files", f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=60000"]
    command = [str(BROWSER), *quiet, *own, "--dump-dom", outer.as_uri()]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True).stdout
    found = re.search(r'<pre id="found">(.*?)</pre>', seen, re.S)
    assert found is not None, seen[-500:]
    return json.loads(html.unescape(found[1]))


@pytest.mark.timeout(300)
def test_axe_finds_no_serious_fault(studies, pages, tmp_path):
    study = studies.binary(tmp_path)
    pages.report(study, studies.Run(study.run))
    found = looked_at(tmp_path, study.run / "report.html")
    assert len(found) == 12
    assert all(one["passes"] > 15 for one in found)
    assert {one["where"]: one["faults"] for one in found if one["faults"]} == {}


@pytest.mark.timeout(300)
def test_a_planted_fault_is_found(studies, pages, tmp_path):
    study = studies.several(tmp_path, ["a", "b"], n=30)
    pages.report(study, studies.Run(study.run))
    page = study.run / "report.html"
    page.write_text(page.read_text(encoding="utf-8").replace("</main>", '<img src="data:,"></main>'), encoding="utf-8")
    found = looked_at(tmp_path, page)
    assert len(found) == 12
    assert all(any(fault.startswith("image-alt: ") for fault in one["faults"]) for one in found)
