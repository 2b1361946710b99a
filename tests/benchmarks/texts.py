"""How fast texts become tokens, and how much memory a study of texts takes that are larger than the memory.

    python tests/benchmarks/texts.py             # measure both, write the raw figures and the page
    python tests/benchmarks/texts.py --page      # write the page from the raw figures
    python tests/benchmarks/texts.py --only tokens --rounds 3      # or memory: this one anew, the other as it was

Speed: texts go through a fitted step of `sci` as they do in a run, and through `datasets.map(batched=True)` with the very
same tokenizer, told to cut at the same length, in turns in one process. What is measured is ours: rows from Arrow, codes
to one ragged column; and theirs: rows from Arrow, codes to Arrow. Both use all processors through the tokenizer.

Memory: a csv file of made-up texts goes through cleaning and word pieces into a small model, with
`training.resident_bytes` at 16 MB. Anonymous memory is read as in `memory.py`.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import figures
import memory
import numpy as np
import pyarrow as pa

RAW = figures.FOLDER / "texts.json"
PAGE = figures.FOLDER / "texts.md"
ROUNDS = 9
LONGEST = 128
RATIO_AIM = 1.0
MEGABYTES = (64, 256)
WORDS = {"short": (20, 120), "long": (700, 2900)}
"""Words of a text, at least and below: a few hundred letters, or 5,000 to 20,000."""
RESIDENT = 2**24

STEPS = {
    "wordpiece": (("subwords", "WordPiece"), ("token_config", "LearnedConfig")),
    "bpe": (("subwords", "Bpe"), ("token_config", "BpeConfig")),
    "unigram": (("unigram", "Unigram"), ("token_config", "LearnedConfig")),
    "characters": (("units", "Characters"), ("token_config", "CharactersConfig")),
}
"""Where each step and its settings are found."""

EXPERIMENT = """\
format: 1
name: memory
seed: 3
data:
  source: {{name: csv, path: texts.csv, max_bytes: 100000000000}}
  target: label
  columns: {{text: {{kind: text}}}}
  split: {{name: random, validation: 0.05, test: 0.05}}
audit: {{near-duplicates: "off", duplicates: "off"}}
task: {{name: classification, positive: good}}
preprocessing:
  - {{name: clean-text, lower: true}}
  - {{name: wordpiece, vocabulary_size: 4000, max_length: 32}}
model: {{name: transformer, hidden_size: 8, layers: 1, heads: 1, max_length: 32}}
engine: torch
training: {{max_steps: 50, batch_size: 32, resident_bytes: {resident}, optimizer: {{name: adam, learning_rate: 0.01}}}}
evaluation: {{metrics: [accuracy], baselines: []}}
report: []
"""


def real() -> dict[str, list[str]]:
    """Real texts, and 200,000 made of them."""
    sys.path.append(str(Path(__file__).resolve().parents[1] / "reference"))
    corpora = importlib.import_module("corpora")
    found = {name: [row[0] for row in corpora.read(name)[1]] for name in ("mr", "sms")}
    for name in ("sst", "chnsenticorp"):
        found[name] = [text for text, _, part in corpora.read(name)[1] if part == "train"]
    draw = np.random.default_rng(0)
    reviews = found["mr"]
    found["200,000 pairs of mr"] = [
        f"{reviews[a]} {reviews[b]}" for a, b in draw.integers(len(reviews), size=(200_000, 2))
    ]
    return found


def speed(rounds: int, only: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Seconds of both for each corpus and each way to cut it, in turns; the first round is not kept."""
    return [
        {"corpus": name, "step": step, "texts": len(texts), **raced(step, texts, rounds)}
        for name, texts in real().items()
        if only is None or name in only
        for step in (("wordpiece", "bpe", "unigram") if name != "chnsenticorp" else ("wordpiece", "characters"))
    ]


def raced(step: str, texts: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Seconds of each round."""
    ours, tokenizer = through_sci(step, texts)
    theirs = through_datasets(tokenizer, texts)
    same(ours(), theirs())
    found: dict[str, list[float]] = {"ours": [], "theirs": []}
    for _ in range(rounds):
        for name, work in (("ours", ours), ("theirs", theirs)):
            began = time.perf_counter()
            work()
            found[name].append(time.perf_counter() - began)
    return found


def through_sci(name: str, texts: Sequence[str]) -> tuple[Callable[[], Any], str]:
    """What takes the texts through a fitted step as a run does, and the tokenizer that was fitted, as JSON."""
    from sci.api import Dataset, Feature, Schema
    from sci.pipeline.steps import Recipe, Steps

    schema = Schema({"text": Feature("text", dtype="string")}, {"text": "input"})
    data = Dataset({"text": pa.chunked_array([pa.array(texts, pa.large_string())])}, schema)
    kind, config = (
        getattr(importlib.import_module(f"sci_text.{module}"), attribute) for module, attribute in STEPS[name]
    )
    settings = config(vocabulary_size=8000, max_length=LONGEST)
    steps = Steps([Recipe(name, lambda columns: kind(settings, columns), frozenset({"text"}), "input", False)])
    steps.fit(data)
    [found] = steps.state()[0].meta["tokenizers"].values()
    return lambda: steps.prepared(data).column("text"), json.dumps(found)


def through_datasets(tokenizer: str, texts: Sequence[str]) -> Callable[[], Any]:
    """What takes the texts through `datasets.map` with this tokenizer, as its documentation shows."""
    import datasets
    from tokenizers import Tokenizer

    datasets.disable_progress_bars()
    fast = Tokenizer.from_str(tokenizer)
    fast.encode_special_tokens = True
    fast.enable_truncation(LONGEST)
    rows = datasets.Dataset.from_dict({"text": list(texts)})

    def coded(batch: Mapping[str, list[str]]) -> dict[str, list[list[int]]]:
        return {"input_ids": [found.ids for found in fast.encode_batch_fast(batch["text"])]}

    return lambda: rows.map(coded, batched=True, remove_columns=["text"], load_from_cache_file=False)


def same(ours: Any, theirs: Any) -> None:
    """Stop where both did not come to the same codes."""
    for row in range(0, len(ours.lengths), 97):
        assert ours.row(row).tolist() == theirs[row]["input_ids"], row


def measured_memory(megabytes: Sequence[int], limit: int | None) -> list[dict[str, Any]]:
    """The study on files of different sizes, of short and of long texts: memory that grows with either would show."""
    bytes_ = limit * 1_000_000 if limit else None
    return [
        {"texts": kind, "limit": bytes_, **studied(size, words, limit=bytes_)}
        for kind, words in WORDS.items()
        for size in megabytes
    ]


def studied(
    megabytes: float, words: tuple[int, int], resident: int = RESIDENT, limit: int | None = None
) -> dict[str, Any]:
    """The study on one file, by a process that may hold `limit` bytes."""
    with tempfile.TemporaryDirectory(prefix="sci-texts-", dir=os.environ.get("SCI_SCRATCH")) as scratch:
        folder = Path(scratch)
        rows = write_texts(folder / "texts.csv", int(megabytes * 1_000_000), words)
        bytes_ = (folder / "texts.csv").stat().st_size
        experiment = EXPERIMENT.format(resident=resident)
        return {"rows": rows, "bytes": bytes_, **memory.study(folder, experiment, resident, limit)}


def write_texts(path: Path, size: int, lengths: tuple[int, int] = WORDS["short"]) -> int:
    """Texts of made-up words whose frequencies follow Zipf's law, until the file is so large; how many there are."""
    draw = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyz"))
    words = np.array(["".join(draw.choice(letters, draw.integers(2, 11))) for _ in range(50_000)])
    shares = 1 / np.arange(1, len(words) + 1)
    cumulated = np.cumsum(shares / shares.sum())
    rows = 0
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(["text", "label"])
        while file.tell() < size:
            counts = draw.integers(*lengths, size=120_000 // lengths[1] * 2)
            drawn = words[np.searchsorted(cumulated, draw.random(int(counts.sum())), side="left")]
            for text in np.split(drawn, np.cumsum(counts)[:-1]):
                lines.writerow([" ".join(text), "good" if text[0] < "m" else "bad"])
            rows += len(counts)
    return rows


def page(raw: Mapping[str, Any]) -> str:
    """The page, from the raw figures alone."""
    lines = [
        "# Texts",
        "",
        "## Tokens a second",
        "",
        "Texts become the codes of their tokens: through a fitted step of `sci`, as in a run, and through "
        f"`datasets.map(batched=True)` with the same tokenizer, at most {LONGEST} tokens each. Both take turns in one "
        "process, and end with the same codes. The ratio is their time divided by ours in the same round, its median "
        f"with a 95 % interval (aim: at least {RATIO_AIM:.0f}).",
        "",
        "| texts | step | number | ours, texts a second | datasets.map | ratio |",
        "|---|---|---:|---:|---:|---:|",
    ]
    for found in raw["tokens"]["rows"]:
        ratio = figures.ratio(found["theirs"], found["ours"])
        ours, theirs = (found["texts"] / np.median(found[name]) for name in ("ours", "theirs"))
        cells = [
            found["corpus"],
            f"`{found['step']}`",
            f"{found['texts']:,}",
            f"{ours:,.0f}",
            f"{theirs:,.0f}",
            f"{ratio.value:.2f} [{ratio.low:.2f}, {ratio.high:.2f}]" + ("" if ratio.value >= RATIO_AIM else ", missed"),
        ]
        lines.append(f"| {' | '.join(cells)} |")
    lines += [
        "",
        f"{len(raw['tokens']['rows'][0]['ours'])} rounds. {figures.where(raw['tokens']['facts'])}",
        "",
        *(memory_section(raw["memory"]) if "memory" in raw else []),
        "Raw figures: [texts.json](texts.json). Again: `make bench`.",
        "",
    ]
    return "\n".join(lines)


def memory_section(raw: Mapping[str, Any]) -> list[str]:
    """The part of the page about memory."""
    lines = [
        "## Texts larger than memory",
        "",
        "A csv file of made-up texts goes through `clean-text` and `wordpiece` into a small `transformer` on engine torch, "
        "with `training.resident_bytes` at 16 MB. Memory is what the process itself holds (anonymous resident memory) at "
        "most. It holds Python, the engine, the counts of distinct words and a few batches, and should not grow with the "
        "file. A limit is what the operating system let the process hold, pages of files among them: a control group, "
        "without swap (`python tests/benchmarks/texts.py --only memory --megabytes 1024 --limit 512`, as root).",
        "",
        "| file | texts | letters a text | limit | memory | time |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    for found in raw["rows"]:
        size, peak = f"{found['bytes'] / 1e6:,.0f} MB", f"{found['peak'] / 1e6:,.0f} MB"
        limit = f"{found['limit'] / 1e6:,.0f} MB" if found.get("limit") else "none"
        letters, time_ = f"{found['bytes'] / found['rows']:,.0f}", f"{found['seconds']:.0f} s"
        lines.append(f"| {size} | {found['rows']:,} | {letters} | {limit} | {peak} | {time_} |")
    where = " ".join([figures.where(raw["facts"]), *raw.get("notes", ())])
    return [*lines, "", where, ""]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", action="store_true", help="Measure nothing; write the page from the raw figures.")
    parser.add_argument("--only", choices=("tokens", "memory"), help="Measure this one only.")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="Turns of each.")
    parser.add_argument("--corpora", nargs="*", help="Names of the corpora that become tokens; all by default.")
    parser.add_argument("--megabytes", type=int, nargs="*", default=MEGABYTES, help="Sizes of the files.")
    parser.add_argument(
        "--limit", type=int, help="Megabytes that the process may hold, kept by a control group (root)."
    )
    given = parser.parse_args(arguments)
    raw = figures.read(RAW)
    if not given.page and given.only != "memory":
        raw["tokens"] = {"facts": figures.facts("datasets", "tokenizers"), "rows": speed(given.rounds, given.corpora)}
        figures.write(RAW, raw)
    if not given.page and given.only != "tokens":
        raw["memory"] = {
            "facts": figures.facts("torch", "tokenizers"),
            "rows": measured_memory(given.megabytes, given.limit),
        }
        figures.write(RAW, raw)
    PAGE.write_text(page(raw), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
