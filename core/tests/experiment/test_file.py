from __future__ import annotations

import os
import pathlib

import pytest

from sci.api.errors import ConfigError, SciError, StorageError
from sci.experiment.file import LIMIT, read_text


def refused(path) -> SciError:
    with pytest.raises(SciError) as caught:
        read_text(pathlib.Path(path))
    return caught.value


def test_a_byte_order_mark_is_not_part_of_the_text(write):
    assert read_text(pathlib.Path(write(b"\xef\xbb\xbfformat: 1\n"))) == "format: 1\n"


@pytest.mark.parametrize(
    ("data", "words", "line", "column"),
    [
        ("format: 1\n".encode("utf-16"), "UTF-16", 1, 1),
        ("format: 1\n".encode("utf-16-le"), "UTF-16", 1, 1),
        ("format: 1\n".encode("utf-16-be"), "UTF-16", 1, 1),
        ("format: 1\n".encode("utf-32"), "UTF-32", 1, 1),
        ("format: 1\nname: µ\n".encode("latin-1"), "in Latin-1 it is `µ`", 2, 7),
        (b"a: 1\nb: \xff\n", "not UTF-8", 2, 4),
        (b"a: 1\nb: x\0y\n", "NUL", 2, 5),
        (b"a: 1\nb: \x1b[31m\n", "U+001B", 2, 4),
        ("a: 1\nb: c\u2028d: 2\n".encode(), "U+2028", 2, 5),
        ("a: ü\r\nb: \x85\n".encode(), "U+0085", 2, 4),
    ],
)
def test_other_encodings_and_control_characters_are_named_with_their_place(write, data, words, line, column):
    error = refused(write(data))

    assert isinstance(error, ConfigError)
    assert words in error.message
    assert (error.where.line, error.where.column) == (line, column)


def test_a_missing_file_has_the_nearest_one_in_its_hint(write):
    write("format: 1\n", "spam.yaml")

    error = refused("spma.yaml")

    assert error.message == "there is no file `spma.yaml`; did you mean `spam.yaml`?"
    assert error.exit_code == 2


def test_a_folder_names_the_experiment_in_it(write, tmp_path):
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "experiment.yaml").write_text("format: 1\n")

    error = refused("study") if write("") else None

    assert "is a folder" in error.message
    assert error.hint == "study/experiment.yaml"


def test_a_dangling_link_says_where_it_leads(tmp_path):
    (tmp_path / "link.yaml").symlink_to("nowhere.yaml")

    assert "`nowhere.yaml`, which does not exist" in refused(tmp_path / "link.yaml").message


def test_a_link_to_itself_is_named(tmp_path):
    (tmp_path / "link.yaml").symlink_to("link.yaml")

    assert "leads back to itself" in refused(tmp_path / "link.yaml").message


@pytest.mark.timeout(60)  # whoever opens the pipe waits for ever
def test_pipes_and_devices_are_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    errors = [refused(path) for path in (tmp_path / "pipe", "/dev/zero", "/dev/null")]

    assert all(error.exit_code == 2 and "device" in error.message for error in errors)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_matter_of_storage(write):
    path = write("format: 1\n")
    os.chmod(path, 0)

    error = refused(path)

    assert isinstance(error, StorageError)
    assert error.exit_code == 7


def test_a_large_file_is_refused_without_being_read(tmp_path):
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(100 << 30)

    assert "larger than 1 MiB" in refused(path).message


def test_a_file_of_just_the_limit_is_read(write):
    assert len(read_text(pathlib.Path(write(b"#" * LIMIT)))) == LIMIT


@pytest.mark.parametrize("path", ["x" * 200_000, "a/" * 50_000, "nul\0byte", "spam.yaml/inside"])
def test_paths_that_cannot_be_are_config_errors(write, path):
    write("format: 1\n")

    error = refused(path)

    assert error.exit_code == 2
    assert len(error.message) < 300
