"""A linear model as a query in SQL."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from sci.api import ConfigError, Deployment, Pipeline, RunContext

from {{ module }}.affine import coefficients
from {{ module }}.config import SqlConfig

NAME = "{{ component }}"
FOLDER = f"exports/{NAME}"


class Sql:
    """Writes ``score.sql`` and ``coefficients.csv``.

    Args:
        config: the table that the query reads, and how exact it has to be.
    """

    def __init__(self, config: SqlConfig) -> None:
        self.config = config

    def deploy(self, pipeline: Pipeline, context: RunContext) -> Deployment:
        """The same predictions as the pipeline's.

        Raises:
            ConfigError: the model does not predict a number, reads other things than numbers, or is not linear.
        """
        names = list(pipeline.request.columns)
        self._check(pipeline)

        def predicted(rows: np.ndarray) -> np.ndarray:
            answer = pipeline.predict(pa.table(dict(zip(names, rows.T, strict=True))))
            return np.asarray(answer.column("prediction.value").to_numpy(), dtype=np.float64)

        try:
            intercept, slopes = coefficients(predicted, len(names), self.config.tolerance)
        except ValueError as error:
            raise ConfigError(f"the model cannot become a query: it is {error}", id="fit.deploy") from error
        files = {
            "score.sql": query(self.config.table, names, intercept, slopes),
            "coefficients.csv": table(names, intercept, slopes),
        }
        for name, text in files.items():
            with context.write(f"{FOLDER}/{name}") as file:
                file.write(text.encode("utf-8"))
        return Deployment(NAME, [f"{FOLDER}/{name}" for name in files], f"{FOLDER}/score.sql")

    def _check(self, pipeline: Pipeline) -> None:
        if "value" not in pipeline.outputs:
            raise ConfigError("a query in SQL answers with a number, and this task does not", id="fit.deploy")
        for name, feature in pipeline.request.columns.items():
            if feature.kind != "number" or feature.ragged:
                raise ConfigError(
                    f"input `{name}` is {feature.kind}, and a query in SQL reads numbers", id="fit.deploy"
                )


def query(name: str, columns: Sequence[str], intercept: float, slopes: np.ndarray) -> str:
    """One row for each row of the table: its id, and what the model predicts; NULL where an input is missing."""
    terms = [f"{slope!r} * {quoted(column)}" for column, slope in zip(columns, slopes.tolist(), strict=True)]
    added = "\n         + ".join([repr(intercept), *terms])
    return f"SELECT id,\n         {added}\n       AS prediction\n  FROM {quoted(name)};\n"


def table(columns: Sequence[str], intercept: float, slopes: np.ndarray) -> str:
    """The coefficients as csv, in the units of the source."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["term", "coefficient"])
    writer.writerow(["(intercept)", repr(intercept)])
    writer.writerows([column, repr(slope)] for column, slope in zip(columns, slopes.tolist(), strict=True))
    return text.getvalue()


def quoted(name: str) -> str:
    """A name as SQL writes names, whatever letters it has."""
    return '"' + name.replace('"', '""') + '"'
