"""The README's model runs."""

from __future__ import annotations

import pathlib
import re

import numpy as np

from sci.api import ComponentConfig

README = pathlib.Path(__file__).parents[1] / "README.md"


def test_the_model_of_the_readme_trains(bench, feed, steps, flowers) -> None:
    [code] = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(code, names)

    made = bench(feed(flowers), factory=names["Two"], config=ComponentConfig())
    losses = made.trainer.run(steps(50, 10, 10))

    assert losses[-5:].mean() < losses[:5].mean()
    assert "hidden.0.linear.weight" in made.weights
    assert np.isfinite(losses).all()
