"""In which encoding bytes that are not UTF-8 were probably written."""

from __future__ import annotations

import re

COMMON = 0.9
"""Share of the characters beyond ASCII that are common ones where an East Asian encoding is the right one."""

LEVELS = {"gb18030": ("gb2312", 0xB0, 0xD7), "big5": ("big5", 0xA4, 0xC6), "shift_jis": ("shift_jis", 0x88, 0x97)}
"""Where each of these has its common characters: their first byte in this encoding, from and to."""

HANGUL = 8
"""So many syllables in a row that are all Korean are no Chinese: of the common characters 6 in 10 share their bytes."""

WESTERN = ("cp1252", "latin-1")
RUN = re.compile(rb"[\xc0-\xff]{3}|[\x80-\xff]{5}")
"""So many letters, or marks and letters, beyond ASCII in a row are of no Western language."""

SIDE = 2**16
"""Bytes on each side of the wrong one that are looked at."""


def is_damaged(block: bytes) -> bool:
    """Whether bytes that are not UTF-8 are exceptions among characters of UTF-8 beyond ASCII."""
    text = block.decode("utf-8", "replace")
    wrong = text.count("\ufffd")
    return sum(character > "\x7f" for character in text) - wrong >= wrong


def guessed(block: bytes, at: int) -> str:
    """The encoding in which the text around a byte is most plausible; empty where none is.

    Args:
        block: a piece of the file.
        at: position of the byte that is not UTF-8.
    """
    start = block.rfind(b"\n", 0, max(at - SIDE, 0)) + 1
    end = block.find(b"\n", at + SIDE)
    around = block[start : len(block) if end < 0 else end]
    korean = _beyond_ascii(around, "euc_kr")
    if len(korean) >= HANGUL and sum("가" <= character <= "힣" for character in korean) >= COMMON * len(korean):
        return "euc_kr"
    shares = {encoding: _common(around, encoding) for encoding in LEVELS}
    best = max(shares, key=lambda encoding: shares[encoding])
    return best if shares[best] >= COMMON else _western(around)


def _beyond_ascii(data: bytes, encoding: str) -> str:
    return "".join(character for character in data.decode(encoding, "replace") if character > "\x7f")


def _common(data: bytes, encoding: str) -> float:
    """Share of common characters, marks and kana among those beyond ASCII; no Japanese text is without kana."""
    found = _beyond_ascii(data, encoding)
    if encoding == "shift_jis" and not any("\u3040" <= character <= "\u30ff" for character in found):
        return 0.0
    return sum(_is_common(character, encoding) for character in found) / len(found)


def _is_common(character: str, encoding: str) -> bool:
    if "\u3000" <= character <= "\u30ff" or "\uff01" <= character <= "\uff5e" or character in "“”‘’—…·":
        return True
    name, first, last = LEVELS[encoding]
    encoded = character.encode(name, "ignore")
    return len(encoded) == 2 and first <= encoded[0] <= last


def _western(data: bytes) -> str:
    """Of cp1252 and latin-1 the one that has all these bytes, where letters beyond ASCII stand alone or in pairs."""
    if RUN.search(data):
        return ""
    if all(byte < 0x80 or byte >= 0xA0 for byte in data):
        return "latin-1"
    return "" if "\ufffd" in data.decode("cp1252", "replace") else "cp1252"
