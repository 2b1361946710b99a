"""What holds for the tests of all packages, which share their processes."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

MADE_UP = "sci_house"
"""The package of the plugins that tests write into a folder of their own."""


def pytest_collection_finish(session: pytest.Session) -> None:
    """Give TensorFlow one thread: it takes their number once in a process, from whichever test comes first."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.config.threading.set_intra_op_parallelism_threads(1)
        tensorflow.config.threading.set_inter_op_parallelism_threads(1)


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """A made-up plugin that one test imported is not there for the next, which writes another of that name."""
    yield
    for name in [name for name in sys.modules if name.partition(".")[0] == MADE_UP]:
        del sys.modules[name]
