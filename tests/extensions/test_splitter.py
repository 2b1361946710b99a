"""A plugin that divides rows in another way: by cells of a map."""

from __future__ import annotations

import shutil

import numpy as np
import pyarrow.parquet as pq
import pytest

EXPERIMENT = """
format: 1
name: map
seed: 9
task: regression
data:
  source: {name: csv, path: map.csv}
  target: y
  context: [east, north]
  split: {name: blocks, coordinates: [east, north], size: 10}
model: least-squares
engine: numpy
evaluation: {metrics: [rmse], baselines: []}
report: []
"""


@pytest.fixture
def places(house):
    """Measurements all over a square of 100 by 100."""
    random = np.random.default_rng(3)
    east, north = random.uniform(0, 100, (2, 600))
    house.table("map.csv", east=east, north=north, x=random.normal(size=600), y=random.normal(size=600))
    house.write("e.yaml", EXPERIMENT)
    house.install("blocks")
    return house


def cells(folder, ids) -> set[tuple[int, int]]:
    rows = np.loadtxt(folder / "map.csv", delimiter=",", skiprows=1)
    return set(map(tuple, np.floor(rows[ids, :2] / 10).astype(int)))


def test_no_cell_is_in_two_parts(places):
    done = places.ran("e.yaml")

    parts = {
        part: pq.read_table(done.run / "predictions" / f"{part}.parquet").column("id").to_numpy()
        for part in ("validation", "test")
    }
    train = np.setdiff1d(np.arange(600), np.concatenate(list(parts.values())))
    found = [cells(places.folder, ids) for ids in (train, *parts.values())]
    assert not found[0] & found[1]
    assert not found[0] & found[2]
    assert not found[1] & found[2]
    assert sum(map(len, found)) == len(set().union(*found))
    assert 80 < len(parts["test"]) < 160


def test_the_seed_draws_the_cells(places):
    first, again, other = (
        pq.read_table(
            places.ran("e.yaml", "--set", f"data.split.seed={seed}").run / "predictions" / "test.parquet"
        ).column("id").to_pylist()
        for seed in (1, 1, 2)
    )  # fmt: skip

    assert first == again != other


@pytest.mark.parametrize(
    ("setting", "code", "words"),
    [
        ("data.split.coordinates=[east, west]", 3, "no column `west` to divide by"),
        ("data.split.size=1000", 3, "1 cells cannot be divided so"),
        ("data.split.size=0", 2, "size"),
    ],
)
def test_what_cannot_be_divided_is_refused(places, setting, code, words):
    done = places.sci("run", "e.yaml", "--set", setting)

    assert done.code == code
    assert words in done.err


def test_two_plugins_with_one_splitter_are_both_named_and_neither_is_chosen(places):
    info = places.site / "sci_rival-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: sci-rival\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[sci.plugins]\nrival = sci_rival.plugin\n")
    shutil.copytree(places.site / "sci_blocks", places.site / "sci_rival")
    (info / "RECORD").write_text("")

    done = places.sci("run", "e.yaml")

    assert done.code == 4
    assert "splitter `blocks` is offered by sci-blocks 1.0 and sci-rival 1.0" in done.err
