"""State on disk: arrays as safetensors, the rest as JSON."""

from __future__ import annotations

import hashlib
import json
import pathlib
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from sci.api.errors import StorageError
from sci.api.state import State
from sci.runs.writer import write_bytes


def pack(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays as one safetensors file, names sorted; arrays without dimensions keep their shape."""
    ready = {
        name: np.require(arrays[name], requirements="C").reshape(np.shape(arrays[name])) for name in sorted(arrays)
    }
    return safetensors.numpy.save(ready)


def unpack(data: bytes, what: str) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file, writable. `StorageError` when the bytes are not one."""
    try:
        return {name: np.array(array) for name, array in safetensors.numpy.load(data).items()}
    except (SafetensorError, ValueError, KeyError) as error:
        raise StorageError(f"`{what}` is not a whole safetensors file", id="storage.corrupt") from error


def write_state(folder: pathlib.Path, name: str, state: State) -> None:
    """Write ``<name>.safetensors`` and ``<name>.json``."""
    write_bytes(folder / f"{name}.safetensors", pack(state.arrays))
    write_bytes(folder / f"{name}.json", json.dumps(state.meta, ensure_ascii=False, indent=1).encode() + b"\n")


def storable(state: Callable[[], State]) -> State:
    """The state that a component returns, when it can be stored; `TypeError` or `ValueError` when it cannot."""
    found = state()
    for name, array in found.arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind not in "biuf":
            raise TypeError(f"array {name} of the state is {getattr(array, 'dtype', type(array).__name__)}")
    json.dumps(found.meta, allow_nan=False)
    return found


def merge(states: Mapping[str, State]) -> State:
    """Several states as one; the names of the arrays get a prefix."""
    arrays = {f"{prefix}/{name}": array for prefix, state in states.items() for name, array in state.arrays.items()}
    return State(arrays, {prefix: state.meta for prefix, state in states.items()})


def part(state: State, prefix: str) -> State:
    """One of the states that `merge` put together."""
    start = f"{prefix}/"
    arrays = {name[len(start) :]: array for name, array in state.arrays.items() if name.startswith(start)}
    return State(arrays, state.meta.get(prefix, {}))


def digest(state: State) -> str:
    """SHA-256 of names, types, shapes and values."""
    total = hashlib.sha256(pack(state.arrays))
    total.update(json.dumps(state.meta, sort_keys=True, ensure_ascii=False).encode())
    return total.hexdigest()


def plain(value: Any) -> Any:
    """A value with NumPy scalars and numbers that are not finite made fit for JSON (null)."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
