from __future__ import annotations

import hashlib
import json
import os
import stat

import pytest

from sci.api import StorageError
from sci.runs import writer


def test_a_file_appears_only_when_the_block_ends_well(tmp_path):
    path = tmp_path / "deep" / "a.json"
    with pytest.raises(RuntimeError), writer.atomic(path) as file:
        file.write(b"half")
        raise RuntimeError
    assert list((tmp_path / "deep").iterdir()) == []
    writer.write_json(path, {"a": 1})
    assert json.loads(path.read_text()) == {"a": 1}


def test_a_failed_write_leaves_the_file_that_was_there(tmp_path):
    path = tmp_path / "a.txt"
    writer.write_text(path, "whole")
    with pytest.raises(ValueError, match="not JSON compliant"):
        writer.write_json(path, float("nan"))
    assert path.read_text() == "whole"


def test_permissions_are_those_of_an_ordinary_new_file(tmp_path):
    writer.write_text(tmp_path / "ours", "")
    (tmp_path / "theirs").write_text("")
    assert stat.S_IMODE(os.stat(tmp_path / "ours").st_mode) == stat.S_IMODE(os.stat(tmp_path / "theirs").st_mode)


def test_a_file_where_a_folder_is_needed_is_a_storage_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        writer.write_text(tmp_path / "file" / "a", "")


def test_a_full_disk_is_said_and_loses_nothing(tmp_path):
    resource = pytest.importorskip("resource")
    import signal

    path = tmp_path / "a.bin"
    writer.write_bytes(path, b"whole")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
    try:
        with pytest.raises(StorageError) as caught:
            writer.write_bytes(path, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)
    assert caught.value.exit_code == 7
    assert path.read_bytes() == b"whole"
    assert [found.name for found in tmp_path.iterdir()] == ["a.bin"]


def test_a_write_that_the_system_takes_in_parts_is_whole(tmp_path, monkeypatch):
    few = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: few(handle, data[:3]))
    entry = writer.write_hidden(tmp_path / "a", [b"ab", memoryview(b"cdefgh")])
    writer.append_line(tmp_path / "log", "a line")
    assert (tmp_path / "a").read_bytes() == b"abcdefgh"
    assert entry == {"size": 8, "sha256": hashlib.sha256(b"abcdefgh").hexdigest()}
    assert (tmp_path / "log").read_text() == "a line\n"


def test_a_hidden_file_is_never_written_over_another(tmp_path):
    (tmp_path / "a").write_text("there")
    with pytest.raises(FileExistsError):
        writer.write_hidden(tmp_path / "a", [b"new"])
