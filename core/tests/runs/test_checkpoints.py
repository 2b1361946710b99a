from __future__ import annotations

import json
import random

import numpy as np
import pytest
import safetensors.numpy

from sci.api import State, StorageError
from sci.runs import arrays, checkpoints
from sci.runs.lock import RunLock
from sci.runs.manifest import listing


def states(value: float) -> dict[str, State]:
    return {
        "trainer": State({"w": np.array([value], dtype=np.float64), "zero_d": np.array(value)}, {"t": 3}),
        "loop": State({}, {"step": 1}),
    }


def test_a_checkpoint_comes_back_exactly_zero_dimensional_arrays_too(tmp_path):
    checkpoints.save(tmp_path, 12, states(1.5), keep=2)
    step, found = checkpoints.load(tmp_path / "step-00000012")
    assert step == 12
    assert found["trainer"].arrays["zero_d"].shape == ()
    assert found["trainer"].arrays["w"].tolist() == [1.5]
    assert found["loop"].meta == {"step": 1}


def test_only_the_newest_stay(tmp_path):
    for step in (1, 2, 3):
        checkpoints.save(tmp_path, step, states(step), keep=2)
    assert [path.name for path in checkpoints.newest(tmp_path)] == ["step-00000003", "step-00000002"]


@pytest.mark.parametrize("file", ["trainer.safetensors", "trainer.json", "loop.json", "MANIFEST.json"])
@pytest.mark.parametrize("damage", ["flip", "cut", "gone"])
def test_damage_is_found_and_the_checkpoint_before_is_used(tmp_path, file, damage):
    for step in (1, 2):
        checkpoints.save(tmp_path, step, states(step), keep=2)
    path = tmp_path / "step-00000002" / file
    data = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        data[len(data) // 2] ^= 1
        path.write_bytes(data if damage == "flip" else data[: len(data) // 2])
    found = list(checkpoints.good(tmp_path))
    assert found[0][1] is None
    assert "step-00000002" in found[0][2]
    assert found[1][1] is not None
    assert found[1][1]["trainer"].arrays["w"].tolist() == [1.0]


def test_a_folder_without_a_manifest_is_no_checkpoint(tmp_path):
    (tmp_path / "step-00000001").mkdir()
    with pytest.raises(StorageError, match="not whole"):
        checkpoints.load(tmp_path / "step-00000001")


def test_no_flipped_bit_of_any_file_goes_unseen(tmp_path):
    checkpoints.save(tmp_path, 12, states(1.5), keep=2)
    draw = random.Random(0)
    seen = 0
    for path in sorted((tmp_path / "step-00000012").iterdir()):
        whole = path.read_bytes()
        for at in range(len(whole)):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << draw.randrange(8)]) + whole[at + 1 :])
            [(_, found, reason)] = checkpoints.good(tmp_path)
            assert found is None, (path.name, at)
            assert "step-00000012" in reason or "is not a file" in reason
            seen += 1
        path.write_bytes(whole)
    assert seen > 500
    assert next(checkpoints.good(tmp_path))[1] is not None


def test_steps_beyond_eight_digits_are_found_and_ordered_as_numbers(tmp_path):
    for step in (99_999_999, 100_000_000, 1_000_000_000):
        checkpoints.save(tmp_path, step, states(1.0), keep=2)
    assert [checkpoints.step_of(path) for path in checkpoints.newest(tmp_path)] == [1_000_000_000, 100_000_000]


def test_a_folder_that_is_not_ours_is_neither_read_nor_removed(tmp_path):
    (tmp_path / "step-mine").mkdir()
    for step in (1, 2, 3):
        checkpoints.save(tmp_path, step, states(1.0), keep=1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["step-00000003", "step-mine"]


def test_what_a_killed_writer_left_goes_when_the_run_is_entered_again(tmp_path):
    folder = tmp_path / "checkpoints"
    checkpoints.save(folder, 1, states(1.0), keep=2)
    (folder / "step-00000002.tmp-4711").mkdir()
    (folder / "step-00000002.tmp-4711" / "trainer.json").write_text("{")
    (tmp_path / ".manifest.json.ab12_x9z.tmp").write_text("{")
    (tmp_path / "notes.tmp").write_text("of somebody else")
    with RunLock(tmp_path):
        left = sorted(path.name for path in tmp_path.rglob("*"))
    assert left[:1] == [".lock"]
    assert [name for name in left if "tmp" in name] == ["notes.tmp"]
    assert next(checkpoints.good(folder))[1] is not None


def test_the_manifest_of_a_run_takes_the_hashes_of_a_checkpoint_from_the_time_of_its_writing(tmp_path):
    path = checkpoints.save(tmp_path / "checkpoints", 1, states(1.0), keep=2)
    before = {entry["path"]: entry["sha256"] for entry in listing(tmp_path)}
    file = path / "trainer.safetensors"
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    after = {entry["path"]: entry["sha256"] for entry in listing(tmp_path)}
    assert after == before
    assert len(before) == 5


TYPES = ["bool", "u1", "i1", "i2", "u2", "f2", "i4", "u4", "f4", "i8", "u8", "f8"]


def test_arrays_are_written_byte_for_byte_as_safetensors_writes_them(monkeypatch):
    monkeypatch.setattr(arrays, "CHUNK_BYTES", 100)
    draw = np.random.default_rng(0)
    many = {f"{part}.{dtype}": draw.integers(0, 2, (3, 5)).astype(dtype) for part in "ba" for dtype in TYPES}
    odd = {'é"/x': np.array(0.5), "empty": np.zeros((0, 3), dtype="f4"), "turned": np.arange(6.0).reshape(2, 3).T}
    written = {**many, **odd}
    reference = safetensors.numpy.save({name: array.copy(order="C") for name, array in written.items()})
    assert arrays.pack(written) == reference
    found = arrays.unpack(arrays.pack(written), "x")
    assert all(np.array_equal(found[name], written[name]) for name in written)
    assert {name: array.shape for name, array in found.items()} == {name: a.shape for name, a in written.items()}


def test_an_array_in_foreign_byte_order_comes_back_with_its_values():
    found = arrays.unpack(arrays.pack({"x": np.arange(3, dtype=">f8")}), "x")
    assert found["x"].tolist() == [0.0, 1.0, 2.0]


def test_what_safetensors_has_no_type_for_is_refused():
    with pytest.raises(TypeError, match="array x is object"):
        arrays.pack({"x": np.array([None])})


def test_files_of_a_checkpoint_are_listed_with_size_and_hash_in_a_manifest_that_comes_last(tmp_path):
    path = checkpoints.save(tmp_path, 3, states(2.0), keep=1)
    document = json.loads((path / "MANIFEST.json").read_text())
    assert document["step"] == 3
    assert sorted(document["files"]) == ["loop.json", "loop.safetensors", "trainer.json", "trainer.safetensors"]
    assert {name: entry["size"] for name, entry in document["files"].items()} == {
        name: (path / name).stat().st_size for name in document["files"]
    }
