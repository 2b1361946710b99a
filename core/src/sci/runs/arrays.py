"""State on disk: arrays as safetensors, the rest as JSON."""

from __future__ import annotations

import hashlib
import json
import pathlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from sci.api.errors import StorageError
from sci.api.state import State
from sci.runs.writer import Chunk, write_chunks

DTYPES = {
    "uint64": "U64",
    "int64": "I64",
    "float64": "F64",
    "complex64": "C64",
    "float32": "F32",
    "uint32": "U32",
    "int32": "I32",
    "float16": "F16",
    "uint16": "U16",
    "int16": "I16",
    "int8": "I8",
    "uint8": "U8",
    "bool": "BOOL",
}
"""Types of numbers, in the order in which safetensors lays them out, and its names for them."""
CHUNK_BYTES = 1 << 20


def chunks(arrays: Mapping[str, np.ndarray]) -> Iterator[Chunk]:
    """The safetensors file of these arrays, piece by piece and without a second copy of them.

    The bytes are those of `safetensors.numpy.save`, which builds the whole file in memory, several times over.
    `TypeError` for an array of a type that the format does not have.
    """
    for name, array in arrays.items():
        if array.dtype.name not in DTYPES:
            raise TypeError(f"array {name} is {array.dtype}, which safetensors cannot hold")
    ranks = list(DTYPES)
    names = sorted(arrays, key=lambda name: (ranks.index(arrays[name].dtype.name), name))
    header, end = {}, 0
    for name in names:
        array = arrays[name]
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": DTYPES[array.dtype.name], "shape": list(array.shape), "data_offsets": [begin, end]}
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    yield len(text).to_bytes(8, "little") + text
    for name in names:
        flat = np.ascontiguousarray(arrays[name]).reshape(-1)
        view = flat.astype(flat.dtype.newbyteorder("<"), copy=False).view(np.uint8).data
        for start in range(0, len(view), CHUNK_BYTES):
            yield view[start : start + CHUNK_BYTES]


def pack(arrays: Mapping[str, np.ndarray]) -> bytes:
    """Arrays as one safetensors file; arrays without dimensions keep their shape."""
    return b"".join(chunks(arrays))


def unpack(data: bytes, what: str) -> dict[str, np.ndarray]:
    """The arrays of a safetensors file, writable. `StorageError` when the bytes are not one."""
    try:
        return {name: np.array(array) for name, array in safetensors.numpy.load(data).items()}
    except (SafetensorError, ValueError, KeyError) as error:
        raise StorageError(f"`{what}` is not a whole safetensors file", id="storage.corrupt") from error


def files(name: str, state: State) -> dict[str, Iterator[Chunk]]:
    """What a state is on disk: ``<name>.safetensors`` and ``<name>.json``, piece by piece."""
    text = json.dumps(state.meta, ensure_ascii=False, indent=1).encode() + b"\n"
    return {f"{name}.safetensors": chunks(state.arrays), f"{name}.json": iter([text])}


def write_state(folder: pathlib.Path, name: str, state: State) -> None:
    """Write ``<name>.safetensors`` and ``<name>.json``, each atomically."""
    for file, content in files(name, state).items():
        write_chunks(folder / file, content)


def storable(state: Callable[[], State]) -> State:
    """The state that a component returns, when it can be stored; `TypeError` or `ValueError` when it cannot."""
    found = state()
    for name, array in found.arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.name not in DTYPES:
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
