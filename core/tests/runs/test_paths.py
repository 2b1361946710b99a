from __future__ import annotations

import os

import pytest

from sci.api import DataError, StorageError
from sci.runs.paths import inside, resolve

ESCAPES = [
    "../x", "a/../../x", "/etc/passwd", "..", "a/../..", "..\\x", "a\\..\\..\\x", "x\0y", "", "/", "//etc/passwd",
    "./../x", "C:\\x", "\\\\host\\share", "a/./../../b",
]  # fmt: skip


@pytest.mark.parametrize("name", ESCAPES)
def test_no_name_leads_out_of_a_run(tmp_path, name):
    with pytest.raises(StorageError):
        inside(tmp_path, name)


def test_a_link_inside_a_run_does_not_lead_out(tmp_path):
    (tmp_path / "out").symlink_to("/etc")
    with pytest.raises(StorageError):
        inside(tmp_path, "out/passwd")


def test_data_paths_are_relative_to_the_experiment(tmp_path):
    (tmp_path / "a b.csv").write_text("x")
    assert resolve(tmp_path, "a b.csv").read_text() == "x"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda base: "absent.csv", "there is no file `absent.csv`"),
        (lambda base: (base / "loop").symlink_to(base / "loop") or "loop", "circle"),
        (lambda base: os.mkfifo(base / "pipe") or "pipe", "not a regular file"),
        (lambda base: (base / "link").symlink_to("/etc/hostname") or "link", "leads out"),
        (lambda base: "a\nb", "control character"),
        (lambda base: "", "empty"),
    ],
    ids=["absent", "loop", "fifo", "link out", "newline", "empty"],
)
def test_what_cannot_be_read_is_named(tmp_path, make, words):
    with pytest.raises(DataError, match=words):
        resolve(tmp_path, make(tmp_path))


def test_an_absolute_path_is_taken_at_its_word(tmp_path):
    file = tmp_path / "data.csv"
    file.write_text("x")
    assert resolve(tmp_path / "elsewhere", str(file)) == file
