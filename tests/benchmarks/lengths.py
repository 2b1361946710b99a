"""What rows of different lengths cost: padding, epochs with and without `training.bucket_by_length`, a loop by hand.

    SCI_REFERENCE_DATA=... python tests/benchmarks/lengths.py [torch] [tensorflow] [by-hand] [waste]

Sentences of the movie reviews (MR), 10,662 rows of 1 to 59 words, and of SST (6,920 rows, binary, training part). Times
are CPU seconds of one thread, the best of five epochs, in which the measured epochs take turns.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from sci.api import Dataset, Feature, Ragged, Schema, Step
from sci.pipeline.feed import ArrayFeed, Packing
from sci.pipeline.order import order
from sci.pipeline.pieces import padded
from sci.pipeline.runner import plugins
from sci.pipeline.steps import Steps

BATCH = 32
VOCABULARY = 8000
LOGITS = {"logits": Feature("array", shape=(2,))}
MODELS = {
    "transformer": {"layers": 2, "hidden_size": 64, "heads": 4, "max_length": 64, "dropout": 0.0},
    "rnn": {"hidden_size": 64, "embedding_size": 64, "bidirectional": True},
}


def movie_reviews(folder: Path) -> tuple[list[str], np.ndarray]:
    """Sentences and whether they are positive."""
    parts = [
        (folder / f"mr_rt_polarity/rt-polarity.{name}").read_bytes().decode("latin-1").split("\n")
        for name in ("neg", "pos")
    ]
    kept = [[line for line in part if line] for part in parts]
    return kept[0] + kept[1], np.repeat([0, 1], [len(kept[0]), len(kept[1])])


def sst(folder: Path) -> tuple[list[str], np.ndarray]:
    """Sentences and whether they are positive."""
    lines = [line for line in (folder / "sst/stsa.binary.train").read_text(encoding="utf-8").split("\n") if line]
    return [line[2:] for line in lines], np.array([int(line[0]) for line in lines])


def rows_of(texts: list[str], target: np.ndarray) -> Dataset:
    """Words as codes, the most frequent first."""
    words = [text.split() for text in texts]
    counts = Counter(word for row in words for word in row)
    codes = {word: code + 2 for code, (word, _) in enumerate(counts.most_common(VOCABULARY - 2))}
    values = np.array([codes.get(word, 1) for row in words for word in row], dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum([len(row) for row in words])]).astype(np.int64)
    features = {
        "text": Feature("tokens", dtype="int64", ragged=True, size=VOCABULARY),
        "label": Feature("category", dtype="int64", size=2),
    }
    schema = Schema(features, {"text": "input", "label": "target"}, {"target": "label"})
    return Dataset({"text": Ragged(values, offsets), "label": target.astype(np.int64)}, schema)


def plan(data: Dataset, epoch: int, bucketed: bool) -> list[np.ndarray]:
    """The batches of an epoch."""
    return order(0, epoch, len(data), BATCH, padded(data.lengths("text")) if bucketed else None)


def waste(data: Dataset, batches: list[np.ndarray]) -> float:
    """The share of positions that is padding."""
    lengths = data.lengths("text")
    return float(1 - lengths.sum() / sum(len(one) * padded(lengths[one]).max() for one in batches))


def trainer(engine: str, model: str, data: Dataset) -> Any:
    """A network in training, as a run makes it."""
    registry = plugins().registry

    def made(kind: str, name: str, *more: Any, **settings: Any) -> Any:
        entry = registry.find(kind, name, engine)
        return entry.load()(entry.settings(settings), *more)

    own = made("engines", engine, threads=1)
    own.start({"device": "cpu"}, 0)
    entry = registry.find("models", model, engine)
    network = own.build(entry.load(), entry.settings(MODELS[model]), data.schema.drop("label"), LOGITS, 0)
    return own.trainer(
        network,
        made("losses", "cross-entropy", LOGITS),
        lambda groups: {name: made("optimizers", "adamw", of, learning_rate=1e-3) for name, of in groups.items()},
        ArrayFeed(data, Steps([]), Packing(data.schema, "float32"), 0),
        {},
    )


def epoch_of(made: Any, batches: list[np.ndarray], epoch: int) -> None:
    """One epoch in chunks of 64, as the core asks for it."""
    steps = [Step(number, epoch, indices, 1.0) for number, indices in enumerate(batches)]
    for start in range(0, len(steps), 64):
        assert np.isfinite(made.run(steps[start : start + 64])).all()


def by_hand(made: Any, data: Dataset) -> Callable[[list[np.ndarray]], None]:
    """The loop that one would write for the same network and batches."""
    import torch
    from torch.nn import functional

    text: Any = data.column("text")
    rows = [torch.from_numpy(text.row(row).copy()) for row in range(len(data))]
    target = torch.from_numpy(np.asarray(data.column("label")))
    optimizer = torch.optim.AdamW(made.network.parameters(), lr=1e-3, fused=True)

    def epoch(batches: list[np.ndarray]) -> None:
        made.network.train()
        total = torch.zeros(())
        for indices in batches:
            chosen = [rows[row] for row in indices]
            lengths = torch.tensor([len(one) for one in chosen], dtype=torch.int32)
            longest = -(-max(int(lengths.max()), 1) // 8) * 8
            tokens = torch.nn.utils.rnn.pad_sequence(chosen, batch_first=True)
            tokens = functional.pad(tokens, (0, longest - tokens.shape[1]))
            found = made.network({"text": tokens, "text.length": lengths})
            loss = functional.cross_entropy(found["logits"], target[indices])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.detach()

    return epoch


def best(works: dict[str, Callable[[int], None]], rounds: int = 5) -> dict[str, float]:
    """CPU seconds of each, the best of several rounds in turns, after one that does not count."""
    found = dict.fromkeys(works, float("inf"))
    for turn in range(rounds + 1):
        for name, work in works.items():
            begun = time.process_time()
            work(turn)
            if turn:
                found[name] = min(found[name], time.process_time() - begun)
    return found


def main(asked: list[str]) -> int:
    folder = Path(os.environ["SCI_REFERENCE_DATA"])
    sets = {"mr": rows_of(*movie_reviews(folder)), "sst": rows_of(*sst(folder))}
    if "waste" in asked or not asked:
        for name, data in sets.items():
            plain, bucketed = (waste(data, plan(data, 0, on)) for on in (False, True))
            print(f"{name}: {plain:.1%} of the positions are padding when shuffled, {bucketed:.1%} when bucketed")
    data = sets["mr"].take(np.random.default_rng(0).permutation(len(sets["mr"]))[:2048])
    for engine in ("torch", "tensorflow"):
        if engine in asked or not asked:
            for model in MODELS:
                made = trainer(engine, model, data)
                works = {
                    str(on): (lambda turn, on=on, made=made: epoch_of(made, plan(data, turn, on), turn))
                    for on in (False, True)
                }
                times = best(works)
                print(
                    f"{engine} {model}: {times['False']:.2f} s shuffled, {times['True']:.2f} s bucketed",
                    f"traces {made.traces}" if engine == "tensorflow" else "",
                )
    if "by-hand" in asked or not asked:
        small = trainer("torch", "transformer", data)
        loop = by_hand(trainer("torch", "transformer", data), data)
        times = best(
            {
                "sci": lambda turn: epoch_of(small, plan(data, turn, True), turn),
                "hand": lambda turn: loop(plan(data, turn, True)),
            }
        )
        print(f"sci {times['sci']:.2f} s, by hand {times['hand']:.2f} s: {times['sci'] / times['hand']:.3f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
