"""The settings of the tasks."""

from __future__ import annotations

from pydantic import Field

from sci.api import ComponentConfig


class Seq2seqConfig(ComponentConfig):
    """How an answer is searched for."""

    beam: int = Field(4, ge=1)
    """How many beginnings of an answer are followed at once; 1 takes the likeliest token each time."""

    validation_beam: int | None = Field(None, ge=1)
    """The same for the validation rows after each epoch of training. Without it only the likeliest token is taken each
    time, and that only where early stopping watches a metric; otherwise no row is answered, and the history has the
    loss alone. What is measured when training is over is always searched for with `beam`."""

    length_penalty: float = Field(0.6, ge=0)
    """Answers are compared by their log-probability divided by ((5 + tokens) / 6) to this power (Wu et al. 2016,
    arXiv:1609.08144); with 0 short answers win."""

    max_length: int = Field(128, ge=1)
    """Longest answer, in tokens; none is longer than twice the input and 10 either."""
