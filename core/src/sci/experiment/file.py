"""From a path to the text of a small UTF-8 file, whatever lies there."""

from __future__ import annotations

import errno
import os
import pathlib
import re
import stat

from sci.api.errors import ConfigError, Place, SciError, StorageError
from sci.plugins.nearest import nearest

LIMIT = 1 << 20
"""Bytes that an experiment file may have."""

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def read_text(path: pathlib.Path, limit: int = LIMIT) -> str:
    """The text without its byte order mark.

    Raises:
        ConfigError: nothing is there, it is not a plain file, it is too large, or it is not UTF-8.
        StorageError: it cannot be read.
    """
    try:
        data = _read(path, limit)
    except (OSError, ValueError) as error:
        raise _explained(path, error) from None
    return decoded(data, str(path))


def _read(path: pathlib.Path, limit: int) -> bytes:
    _demand_file(path, path.stat())
    # Between the look above and here a pipe may have taken the place of the file: opening must not wait for a writer.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        _demand_file(path, os.fstat(descriptor))
        data = file.read(limit + 1)
    if len(data) > limit:
        raise ConfigError(
            f"the file is larger than {limit >> 20} MiB; an experiment file is a page or two",
            id="config.too-large",
            where=Place(str(path)),
            hint="the path of the experiment file, not of its data",
        )
    return data


def _demand_file(path: pathlib.Path, info: os.stat_result) -> None:
    if stat.S_ISREG(info.st_mode):
        return
    if stat.S_ISDIR(info.st_mode):
        inside = sorted(path.glob("*.yaml")) if os.access(path, os.R_OK | os.X_OK) else []
        raise ConfigError(
            f"`{path}` is a folder, not an experiment file",
            id="config.file",
            where=Place(str(path)),
            hint=str(inside[0]) if inside else "",
        )
    raise ConfigError(
        f"`{path}` is a pipe, socket or device, not an experiment file", id="config.file", where=Place(str(path))
    )


def _explained(path: pathlib.Path, error: OSError | ValueError) -> SciError:
    where = Place(str(path))
    code = getattr(error, "errno", None)
    if isinstance(error, ValueError):
        return ConfigError(
            "the path holds a NUL character", id="config.file", where=Place(str(path).replace("\0", "␀"))
        )
    if code == errno.ENAMETOOLONG:
        return ConfigError(
            f"the path is {len(str(path)):,} characters long", id="config.file", where=Place(f"{str(path)[:60]}..")
        )
    if code == errno.ELOOP:
        return ConfigError(f"`{path}` is a link that leads back to itself", id="config.file", where=where)
    if code in (errno.ENOENT, errno.ENOTDIR):
        return _missing(path, where)
    reason = os.strerror(code).lower() if code else str(error)
    return StorageError(f"`{path}` cannot be read: {reason}", id="storage.read", where=where)


def _missing(path: pathlib.Path, where: Place) -> ConfigError:
    if path.is_symlink():
        return ConfigError(
            f"`{path}` is a link to `{path.readlink()}`, which does not exist", id="config.file", where=where
        )
    folder = path.parent
    meant = nearest(path.name, (entry.name for entry in folder.glob("*.y*ml"))) if folder.is_dir() else None
    suggestion = str(folder / meant) if meant else ""
    question = f"; did you mean `{suggestion}`?" if meant else ""
    return ConfigError(f"there is no file `{path}`{question}", id="config.file", where=where, hint=suggestion)


def decoded(data: bytes, file: str) -> str:
    """The text of these bytes, which must be UTF-8 and free of control characters."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            raise _foreign(encoding, Place(file, 1, 1))
    if data[1:2] == b"\0" or (data[:1] == b"\0" and data[1:2] not in (b"", b"\0")):
        raise _foreign("UTF-16 without a byte order mark", Place(file, 1, 1))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before, byte = data[: error.start].decode("utf-8-sig", "replace"), data[error.start]
        where = _place(file, before, len(before))
        latin = f" (in Latin-1 it is `{chr(byte)}`)" if byte >= 0xA0 else ""
        raise _foreign(f"not UTF-8: byte 0x{byte:02x}{latin} begins no character", where) from None
    found = _UNPRINTABLE.search(text)
    if found:
        code = ord(found.group())
        name = "a NUL character" if code == 0 else f"the control character U+{code:04X}"
        raise ConfigError(
            f"the line holds {name}, which YAML does not allow",
            id="config.encoding",
            where=_place(file, text, found.start()),
            hint='an escape in double quotes, such as "\\t"' if code else "",
        )
    return text


def _foreign(encoding: str, where: Place) -> ConfigError:
    return ConfigError(
        f"the file is {encoding}; experiment files are UTF-8",
        id="config.encoding",
        where=where,
        hint="save it as UTF-8 in the editor",
    )


def _place(file: str, text: str, position: int) -> Place:
    before = re.split("\r\n|\r|\n", text[:position])
    return Place(file, len(before), len(before[-1]) + 1)
