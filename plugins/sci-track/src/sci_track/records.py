"""Event files on disk: records of TensorFlow, each with its length and two checksums.

Layout: https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details. TensorBoard's own writer is
used for single events. It takes some 30 microseconds for an update, as it computes checksums byte by byte in Python;
updates are therefore encoded many at once, with the same bytes as result.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.summary.writer.record_writer import RecordWriter

POLYNOMIAL = 0x82F63B78
"""CRC-32C (Castagnoli), bits reversed: RFC 3720, section 12.1."""
MASK = 0xA282EAD8


def encoded(events: Iterable[Event]) -> bytes:
    """The records of some events."""
    buffer = io.BytesIO()
    writer = RecordWriter(buffer)
    for event in events:
        writer.write(event.SerializeToString())
    return buffer.getvalue()


def framed(rows: np.ndarray) -> np.ndarray:
    """The records of messages of one length.

    Args:
        rows: uint8 [n, length], one message in each row.

    Returns:
        uint8 [n, length + 16].
    """
    count, length = rows.shape
    header = np.frombuffer(np.uint64(length).astype("<u8").tobytes(), np.uint8)[None]
    head = np.concatenate([header, as_bytes(masked(crc32c(header)))], axis=1)
    return np.concatenate([np.broadcast_to(head, (count, 12)), rows, as_bytes(masked(crc32c(rows)))], axis=1)


def crc32c(rows: np.ndarray) -> np.ndarray:
    """CRC-32C of each row of bytes, uint32 [n]."""
    crc = np.full(len(rows), 0xFFFFFFFF, np.uint32)
    for column in np.ascontiguousarray(rows.T):
        crc = TABLE[(crc ^ column) & 0xFF] ^ (crc >> 8)
    return ~crc


def masked(crc: np.ndarray) -> np.ndarray:
    """A checksum of data that may hold checksums: turned by 15 bits, plus a constant."""
    return ((crc >> 15) | (crc << 17)) + np.uint32(MASK)


def as_bytes(words: np.ndarray) -> np.ndarray:
    """uint32 [n] as uint8 [n, 4], the lowest byte first."""
    return words.astype("<u4").view(np.uint8).reshape(-1, 4)


def _table() -> np.ndarray:
    table: np.ndarray = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> 1) ^ np.where(table & 1, np.uint32(POLYNOMIAL), np.uint32(0))
    return table


TABLE = _table()
