"""TensorFlow and Keras, imported without a word.

Everything of this engine takes `tf` and `keras` from here, so that Keras is bound to TensorFlow whatever the
environment says, writes nothing into the user's folder, and what the libraries print at their start goes to nobody.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from typing import Any

from sci.api import ConfigError

BACKEND = "tensorflow"


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Keep what native code writes to standard error; it is shown after all when the block raises."""
    sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # standard error is closed: there is nothing to keep clean
        yield
        return
    with tempfile.TemporaryFile() as said:
        try:
            os.dup2(said.fileno(), 2)
            yield
        except BaseException:
            said.seek(0)
            os.write(kept, said.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)


@contextlib.contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def bound(module: Any) -> str | None:
    """The backend of a Keras that was imported before; None where it is still being imported."""
    backend = getattr(getattr(module, "backend", None), "backend", None)
    return None if backend is None else str(backend())


def check(found: str | None) -> None:
    """Stop where Keras calculates with something else.

    Raises:
        ConfigError: it is bound for as long as this process lives.
    """
    if found not in (None, BACKEND):
        raise ConfigError(
            f"Keras was imported before with backend `{found}`, and cannot change it in this process",
            id="engine.backend",
            note="engine tensorflow needs Keras on TensorFlow, and sets it where it comes first",
            hint="a new process, or KERAS_BACKEND=tensorflow before the first `import keras`",
        )


def _imported() -> tuple[Any, Any]:
    check(bound(sys.modules.get("keras")))
    level = os.environ.get("TF_CPP_MIN_LOG_LEVEL", "2")
    with tempfile.TemporaryDirectory() as home, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the libraries among themselves
        with _environment(KERAS_BACKEND=BACKEND, KERAS_HOME=home, TF_CPP_MIN_LOG_LEVEL=level), silent():
            import keras
            import tensorflow as tf

            tf.config.list_physical_devices()
    check(bound(keras))
    return tf, keras


tf, keras = _imported()
