"""Python's and NumPy's global random generators, which a component leaves alone."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from sci.testing.check import Fault


@contextlib.contextmanager
def untouched() -> Iterator[None]:
    """A fault where the block draws from a global generator, or seeds one."""
    before, numbers = random.getstate(), _numpy_state()
    yield
    if before != random.getstate():
        raise Fault("the state of Python's `random` has changed")
    if numbers != _numpy_state():
        raise Fault("the state of `numpy.random` has changed")


@contextlib.contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Both generators at this seed; afterwards they are where they were."""
    kept, kept_numpy = random.getstate(), np.random.get_state(legacy=True)
    random.seed(seed)
    np.random.seed(seed)
    try:
        yield
    finally:
        random.setstate(kept)
        np.random.set_state(kept_numpy)


def _numpy_state() -> str:
    state: Any = np.random.get_state(legacy=False)
    return f"{state['state']['key'].tobytes().hex()} {state['state']['pos']} {state['has_gauss']} {state['gauss']}"
