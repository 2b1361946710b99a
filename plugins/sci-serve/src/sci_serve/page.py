"""The description for people: one HTML page that loads nothing, from here or elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from sci_serve.requests import example
from sci_serve.service import Service

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.6 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 27px } h2 { font-size: 20px; margin-top: 2rem }
table { border-collapse: collapse; width: 100%; font-size: 15px }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884 }
pre { overflow-x: auto; padding: .8rem; border: 1px solid #8884 }
"""


def page(service: Service, document: dict[str, Any]) -> str:
    """The page; every text of the experiment is escaped."""
    about = [service.experiment.get("question"), _intended(service)]
    fields = ((name, _kind(feature)) for name, feature in service.request.columns.items())
    outputs = ((name, _kind(feature)) for name, feature in service.outputs.items())
    routes = (
        (f"{method.upper()} {path}", entry["summary"])
        for path, methods in document["paths"].items()
        for method, entry in methods.items()
    )
    refusals = ((status, entry["description"]) for status, entry in _responses(document) if status != "200")
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(service.name)}</title>
<style>{STYLE}</style>
<main>
<h1>{escape(service.name)}</h1>
{"".join(f"<p>{escape(str(text))}</p>" for text in about if text)}
{_table("Figures on the test rows", ("metric", "value", "interval", "rows"), _figures(service))}
{_table("Fields of a row", ("name", "kind"), fields)}
{_table("Fields of a prediction", ("name", "kind"), outputs)}
<h2>Ask</h2>
<pre>{escape(call(service))}</pre>
<p>At most {service.config.max_rows:,} rows and {service.config.max_bytes:,} bytes in a request.</p>
{_table("Answers without a prediction", ("status", "meaning"), refusals)}
{_table("Routes", ("route", "answer"), routes)}
<p>Run {escape(service.run)}, weights {escape(service.weights or "unknown")}.</p>
</main>
</html>
"""


def call(service: Service) -> str:
    """A call to copy."""
    body = json.dumps(example(service.request), ensure_ascii=False).replace("'", "'\\''")
    kind = "-H 'Content-Type: application/json'"
    return f"curl {kind} -H \"Authorization: Bearer $SCI_TOKEN\" \\\n  -d '{body}' \\\n  http://127.0.0.1:8000/predict"


def _table(title: str, head: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    body = ["".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows]
    if not body:
        return ""
    top = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    return f"<h2>{escape(title)}</h2><table><tr>{top}</tr>{''.join(f'<tr>{row}</tr>' for row in body)}</table>"


def _figures(service: Service) -> Iterable[tuple[Any, ...]]:
    for name, entry in service.metadata()["metrics"].items():
        if isinstance(entry, dict):
            ends = entry.get("interval") or []
            yield name, _short(entry.get("value")), " to ".join(_short(end) for end in ends), entry.get("n", "")


def _short(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else "not defined"


def _kind(feature: Any) -> str:
    unit = f" in {feature.unit}" if feature.unit else ""
    values = f": {', '.join(feature.values[:8])}" if feature.values else ""
    return f"{feature.kind}{unit}{values}"


def _intended(service: Service) -> str:
    found = service.experiment.get("intended_use")
    if found is None or isinstance(found, str):
        return found or ""
    return json.dumps(found, ensure_ascii=False)


def _responses(document: dict[str, Any]) -> Iterable[tuple[str, Any]]:
    found: dict[str, Any] = document["paths"]["/predict"]["post"]["responses"]
    return found.items()
