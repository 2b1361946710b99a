"""Pages in a real browser: what axe says of them, how wide they are, what can be seen, what they ask the network for."""

from __future__ import annotations

import html
import importlib.util
import json
import pathlib
import re
import shutil
import subprocess
from collections.abc import Sequence
from typing import Any

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CARRIER = importlib.util.find_spec("axe_playwright_python")

VIEWS = (
    ("le", "tl", 1280, "open"),
    ("lz", "td", 1280, "closed"),
    ("le", "td", 400, "closed"),
    ("lz", "tl", 400, "closed"),
    ("le", "tl", 320, "closed"),
    ("lz", "td", 320, "open"),
)
"""Language, colours, width, and whether folded parts are open: every language with every colour, every width with both
languages."""
OTHERS = tuple(
    (language, "td" if colours == "tl" else "tl", width, "closed" if folds == "open" else "open")
    for language, colours, width, folds in VIEWS
)
"""The same in the other colours; with `VIEWS`, every language with every colour at every width."""

_INSIDE = """
<script>
const [language, colours, folds] = location.hash.slice(1).split(",");
document.getElementById(language).click();
document.getElementById(colours).click();
for (const one of document.querySelectorAll("details")) one.open = folds == "open";
const shown = tag => lang => [...document.querySelectorAll(`${tag}[lang="${lang}"]:not(.keep)`)]
  .filter(span => getComputedStyle(span).display !== "none").length;
addEventListener("load", () => axe.run().then(found => parent.postMessage(JSON.stringify({
  where: location.hash + "," + innerWidth,
  width: innerWidth,
  content: document.documentElement.scrollWidth,
  language: language,
  words: ["en", "zh-Hans"].map(shown("main span")),
  drawn: ["en", "zh-Hans"].map(shown("tspan")),
  ground: getComputedStyle(document.body).backgroundColor,
  active: document.querySelectorAll("iframe, object, embed, form, base, link, video, audio, script:not([data-ours])").length,
  handlers: [...document.querySelectorAll("*")].filter(one => [...one.attributes].some(a => /^on/i.test(a.name))).length,
  hit: window.hit || 0,
  text: document.querySelector("main").innerText,
  passes: found.passes.length,
  faults: found.violations.filter(one => ["serious", "critical"].includes(one.impact))
    .map(one => one.id + ": " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")),
}), "*")));
</script>
"""
_OUTSIDE = """
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


def looked_at(folder: pathlib.Path, page: pathlib.Path, views: Sequence[tuple[str, str, int, str]] = VIEWS) -> Any:
    """One finding for each view of a page; its own policy against scripts is taken out so that ours can look, and
    so that a script in the data would run: it would call `alert`, which counts."""
    assert CARRIER is not None
    assert CARRIER.submodule_search_locations is not None
    (origin,) = CARRIER.submodule_search_locations
    axe = (pathlib.Path(origin) / "axe.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page.read_text(encoding="utf-8"))
    head = "<script data-ours>window.alert = () => { window.hit = (window.hit || 0) + 1; }</script>"
    tail = f"<script data-ours>{axe}</script>{_INSIDE.replace('<script>', '<script data-ours>')}"
    inner = folder / "inner.html"
    inner.write_text(text.replace("<head>", f"<head>{head}", 1).replace("</body>", f"{tail}</body>"), encoding="utf-8")
    frames = "".join(
        f'<iframe src="{inner.as_uri()}#{language},{colours},{folds}" width="{width}" height="900"></iframe>'
        for language, colours, width, folds in views
    )
    outer = folder / "outer.html"
    outer.write_text(f"<!doctype html><title>axe</title><body>{_OUTSIDE}{frames}</body>", encoding="utf-8")
    seen = opened(folder, outer, "--virtual-time-budget=90000", "--dump-dom")
    found = re.search(r'<pre id="found">(.*?)</pre>', seen, re.S)
    assert found is not None, seen[-500:]
    return json.loads(html.unescape(found[1]))


def asked_for(folder: pathlib.Path, pages: Sequence[pathlib.Path]) -> list[str]:
    """Addresses on the network that these pages, as they are, ask for."""
    log = folder / "net.json"
    frames = "".join(f'<iframe src="{page.as_uri()}"></iframe>' for page in pages)
    outer = folder / "network.html"
    outer.write_text(f"<!doctype html><title>network</title><body>{frames}</body>", encoding="utf-8")
    nowhere = "--host-resolver-rules=MAP * ~NOTFOUND"
    opened(folder, outer, f"--log-net-log={log}", nowhere, "--virtual-time-budget=3000", "--dump-dom")
    found = re.findall(r'"url":"((?:https?|wss?)://[^"]*)"', log.read_text(encoding="utf-8", errors="replace"))
    return sorted({address for address in found if ".example" in address or "127.0.0.1" in address})


def printed(folder: pathlib.Path, page: pathlib.Path) -> pathlib.Path:
    """The page as a PDF."""
    paper = folder / "paper.pdf"
    opened(folder, page, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    return paper


def opened(folder: pathlib.Path, page: pathlib.Path, *options: str) -> str:
    """What a headless Chromium prints when it opens a page."""
    quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    own = ["--allow-file-access-from-files", f"--user-data-dir={folder / 'profile'}"]
    command = [str(BROWSER), *quiet, *own, *options, page.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=240, check=True).stdout
