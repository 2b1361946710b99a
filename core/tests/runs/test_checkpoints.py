from __future__ import annotations

import numpy as np
import pytest

from sci.api import State, StorageError
from sci.runs import checkpoints


def states(value: float) -> dict[str, State]:
    return {
        "trainer": State({"w": np.array([value]), "zero_d": np.array(value)}, {"t": 3}),
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
