"""Source `generated`: rows that are made up, for examples and tests that need no file."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from sci.api import Dataset, RunContext, dataset
from sci_data.config import GeneratedConfig
from sci_data.messages import messages
from sci_data.phrases import phrases
from sci_data.questions import questions
from sci_data.reviews import reviews


class Generated:
    """Rows from a recipe, the same for the same seed.

    `linear`: columns x1, x2, ... are independent and standard normal, and y = intercept + coefficients x + noise e with
    e standard normal. The others are language: see the modules of their names.

    Args:
        config: the recipe and its settings.
    """

    def __init__(self, config: GeneratedConfig) -> None:
        self.config = config

    def read(self, context: RunContext) -> Dataset:
        """All rows."""
        random = np.random.default_rng(self.config.seed)
        if self.config.recipe != "linear":
            return dataset(pa.table(self._language(random)))
        coefficients = np.array(self.config.coefficients)
        inputs = random.standard_normal((self.config.rows, len(coefficients)))
        noise = self.config.noise * random.standard_normal(self.config.rows)
        columns = {f"x{number}": column for number, column in enumerate(inputs.T, 1)}
        return dataset(pa.table({**columns, "y": inputs @ coefficients + self.config.intercept + noise}))

    def _language(self, random: np.random.Generator) -> dict[str, list[str]]:
        rows, language = self.config.rows, self.config.language
        if self.config.recipe == "phrases":
            return dict(zip(("source", "target"), phrases(rows, random, language or "de"), strict=True))
        if self.config.recipe == "reviews":
            found = reviews(rows, random, language or "en")
        else:
            found = (messages if self.config.recipe == "messages" else questions)(rows, random)
        return dict(zip(("label", "text"), found, strict=True))
