"""A zip package assembled from parts that are compressed already: same parts, same bytes.

A part that differs from copy to copy is a constant head, deflated once and flushed, and a short tail stored raw
behind it in the same deflate stream (RFC 1951, 3.2.4), so that a copy costs no compression at all.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from deflate import deflate_compress

SMALLEST = 12  # libdeflate's levels go to 12; a fourteenth smaller than zlib's 9
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DOS_DATE = (1980 - 1980) << 9 | 1 << 5 | 1  # January 1, 1980: no clock in a copy
STORED_LIMIT = 65_535  # bytes of one stored block


@dataclass(frozen=True, slots=True)
class Part:
    """One member, deflated: its name, stream, CRC-32 and size."""

    name: str
    stream: bytes
    crc: int
    size: int


@dataclass(frozen=True, slots=True)
class Head:
    """The constant beginning of a member: its deflated stream up to a flush, CRC-32 and size."""

    name: str
    stream: bytes
    crc: int
    size: int


def deflated(name: str, content: bytes) -> Part:
    """A whole part of one copy, quickly."""
    squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
    stream = squeeze.compress(content) + squeeze.flush()
    return Part(name, stream, zlib.crc32(content), len(content))


def squeezed(name: str, content: bytes) -> Part:
    """A whole part that thousands of copies share, as small as deflate can be: libdeflate looks for the best parse."""
    stream = deflate_compress(content, SMALLEST)
    return Part(name, bytes(stream), zlib.crc32(content), len(content))


def head_of(name: str, content: bytes) -> Head:
    """The constant beginning of a part."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    stream = squeeze.compress(content) + squeeze.flush(zlib.Z_FULL_FLUSH)
    return Head(name, stream, zlib.crc32(content), len(content))


def with_tail(head: Head, tail: bytes) -> Part:
    """The part whose beginning is `head` and whose end is `tail`."""
    if len(tail) <= STORED_LIMIT:
        block = b"\x01" + struct.pack("<HH", len(tail), len(tail) ^ 0xFFFF) + tail
    else:
        squeeze = zlib.compressobj(6, zlib.DEFLATED, -15)
        block = squeeze.compress(tail) + squeeze.flush()
    return Part(head.name, head.stream + block, zlib.crc32(tail, head.crc), head.size + len(tail))


def assemble(parts: Iterable[Part]) -> bytes:
    """The package, its members in the order given."""
    chunks: list[bytes] = []
    central: list[bytes] = []
    offset = 0
    for part in parts:
        name = part.name.encode()
        sizes = (part.crc, len(part.stream), part.size)
        local = _LOCAL.pack(b"PK\x03\x04", 20, 0, 8, 0, _DOS_DATE, *sizes, len(name), 0)
        chunks += (local, name, part.stream)
        central += (
            _CENTRAL.pack(
                b"PK\x01\x02", 20, 20, 0, 8, 0, _DOS_DATE, *sizes, len(name), 0, 0, 0, 0, 0, offset
            ),
            name,
        )
        offset += len(local) + len(name) + len(part.stream)
    directory = b"".join(central)
    count = len(central) // 2
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)
    return b"".join((*chunks, directory, end))
