"""Keeps light modules light and standard output clean while code of plugins is imported."""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

_NAMES = (
    "accelerate cv2 dask datasets diffusers fastapi flax jax jaxlib keras librosa lightgbm lightning "
    "matplotlib mlflow numba onnx onnxruntime optuna pandas plotly polars pytorch_lightning ray "
    "scipy seaborn sentence_transformers shap sklearn spacy statsmodels tensorflow tf_keras "
    "tokenizers torch torchaudio torchvision transformers uvicorn xgboost"
)
FRAMEWORKS = frozenset(_NAMES.split())
"""Libraries that take long to import: no light module needs them to say what a plugin offers."""


class RefusedImport(ImportError):
    """The import guard held this import off."""


@contextlib.contextmanager
def light(banned: Mapping[str, str] | None = None, frameworks: bool = True) -> Iterator[list[str]]:
    """Refuse imports of frameworks, and of `banned` modules (name to reason), in this thread; yields what was refused.

    What is imported already stays usable, and `importlib.util.find_spec` still says whether a library is installed.
    The recursion limit is the same afterwards: with a low one nothing large can be imported any more.
    """
    guard = _Guard(dict(banned or {}), frameworks)
    limit = sys.getrecursionlimit()
    sys.meta_path.insert(0, guard)
    try:
        yield guard.refused
    finally:
        sys.meta_path.remove(guard)
        sys.setrecursionlimit(limit)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Send to standard error what Python, C libraries and child processes write to standard output.

    So that `--json` stays one document, whatever a plugin prints. The current folder is the same afterwards.
    """
    with contextlib.ExitStack() as stack:
        stack.enter_context(_folder_kept())
        stack.enter_context(_descriptor_redirected())
        stack.enter_context(contextlib.redirect_stdout(sys.stderr))
        yield


def heavy(name: str | None) -> str | None:
    """The framework that a module name belongs to, if any."""
    top = (name or "").partition(".")[0]
    return top if top in FRAMEWORKS else None


def why_refused(framework: str) -> str:
    """What is said about an import that was held off."""
    return f"imports {framework} during discovery; move it behind `target`"


class _Guard(importlib.abc.MetaPathFinder):
    def __init__(self, banned: Mapping[str, str], frameworks: bool) -> None:
        self.refused: list[str] = []
        self._banned = banned
        self._frameworks = frameworks
        self._thread = threading.get_ident()
        self._asks = False

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        reason = self._reason(name)
        if reason is None or self._asks or threading.get_ident() != self._thread:
            return None
        self._asks = True  # another finder may ask all others in turn, this one among them
        try:
            found = self._found(name, path, target)
        finally:
            self._asks = False
        if found is None:
            return None
        return importlib.machinery.ModuleSpec(name, _Refusal(reason, self.refused), origin=found.origin)

    def _found(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> importlib.machinery.ModuleSpec | None:
        finders = [one for one in sys.meta_path if not isinstance(one, _Guard) and hasattr(one, "find_spec")]
        specs = (finder.find_spec(name, path, target) for finder in finders)
        return next((spec for spec in specs if spec is not None), None)

    def _reason(self, name: str) -> str | None:
        if self._frameworks and heavy(name):
            return why_refused(str(heavy(name)))
        return next((why for ban, why in self._banned.items() if name == ban or name.startswith(f"{ban}.")), None)


class _Refusal(importlib.abc.Loader):
    """Refuses when the module is about to be made: a mere look whether it is there goes through."""

    def __init__(self, reason: str, refused: list[str]) -> None:
        self._reason = reason
        self._refused = refused

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        self._refused.append(self._reason)
        raise RefusedImport(self._reason, name=spec.name)

    def exec_module(self, module: ModuleType) -> None:
        raise NotImplementedError("create_module always refuses")


@contextlib.contextmanager
def _folder_kept() -> Iterator[None]:
    try:
        folder = Path.cwd()
    except OSError:  # it was deleted under our feet
        yield
        return
    try:
        yield
    finally:
        os.chdir(folder)


@contextlib.contextmanager
def _descriptor_redirected() -> Iterator[None]:
    _flush()
    try:
        kept = os.dup(1)
    except OSError:  # standard output is closed: nothing can leak into it
        yield
        return
    try:
        with contextlib.suppress(OSError):
            os.dup2(2, 1)
        yield
    finally:
        _flush()
        os.dup2(kept, 1)
        os.close(kept)


def _flush() -> None:
    with contextlib.suppress(Exception):
        sys.stdout.flush()
