"""A zip package assembled from parts that are compressed already: same parts, same bytes.

A part that differs from copy to copy is a constant head, deflated once and flushed, and a short tail stored raw
behind it in the same deflate stream (RFC 1951, 3.2.4), so that a copy costs no compression at all.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO

from deflate import deflate_compress

try:
    from isal import igzip_lib
except ImportError:  # of the extra "fast"
    igzip_lib = None  # type: ignore[assignment]

Deflate = Callable[[bytes], bytes]

SMALLEST = 12  # libdeflate's levels go to 12; a fourteenth smaller than zlib's 9
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_DOS_DATE = (1980 - 1980) << 9 | 1 << 5 | 1  # January 1, 1980: no clock in a copy
_SAME_DATE = (1980, 1, 1, 0, 0, 0)
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


@dataclass(frozen=True, slots=True)
class Run:
    """The first members of a package as they stand in it, and what its directory says of them."""

    content: bytes
    directory: bytes
    count: int


NOTHING = Run(b"", b"", 0)


def by_zlib(content: bytes) -> bytes:
    """The stream that Python's own library makes; level 6 would take half as long again for a twentieth less."""
    squeeze = zlib.compressobj(4, zlib.DEFLATED, -15)
    return squeeze.compress(content) + squeeze.flush()


def by_libdeflate(content: bytes) -> bytes:
    """A stream a twentieth shorter than zlib's in three quarters of the time."""
    return bytes(deflate_compress(content, 5))


def by_isal(content: bytes) -> bytes:
    """A stream a seventh longer than libdeflate's in a quarter of the time."""
    stream: bytes = igzip_lib.compress(content, 1, igzip_lib.COMP_DEFLATE)
    return stream


DEFLATING: dict[str, Deflate] = {"zlib": by_zlib, "libdeflate": by_libdeflate}
if igzip_lib is not None:
    DEFLATING["isal"] = by_isal
QUICKEST = DEFLATING[[*DEFLATING][-1]]  # of those that are installed


def deflated(name: str, content: bytes, deflate: Deflate = QUICKEST) -> Part:
    """A whole part of one copy, quickly."""
    return Part(name, deflate(content), zlib.crc32(content), len(content))


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
        block = by_zlib(tail)
    return Part(head.name, head.stream + block, zlib.crc32(tail, head.crc), head.size + len(tail))


def run_of(parts: Iterable[Part]) -> Run:
    """Members with which many packages begin, laid out once."""
    content, directory = _laid_out(parts, NOTHING)
    return Run(b"".join(content), b"".join(directory), len(directory) // 2)


def assemble(parts: Iterable[Part], after: Run = NOTHING) -> bytes:
    """The package, its members in the order given, `after` those of a run."""
    content, directory = _laid_out(parts, after)
    count, start = after.count + len(directory) // 2, len(after.content) + sum(map(len, content))
    size = len(after.directory) + sum(map(len, directory))
    end = _END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, 0)
    return b"".join((after.content, *content, after.directory, *directory, end))


def _laid_out(parts: Iterable[Part], after: Run) -> tuple[list[bytes], list[bytes]]:
    """What stands in the package of these members, and in its directory: two pieces of each."""
    content: list[bytes] = []
    directory: list[bytes] = []
    offset = len(after.content)
    for part in parts:
        name = part.name.encode()
        sizes = (part.crc, len(part.stream), part.size)
        local = _LOCAL.pack(b"PK\x03\x04", 20, 0, 8, 0, _DOS_DATE, *sizes, len(name), 0) + name
        entry = (b"PK\x01\x02", 20, 20, 0, 8, 0, _DOS_DATE, *sizes, len(name), 0, 0, 0, 0, 0, offset)
        content += (local, part.stream)
        directory += (_CENTRAL.pack(*entry), name)
        offset += len(local) + len(part.stream)
    return content, directory


def plainly(package: bytes) -> bytes:
    """The same members as Python's own zip library packs them: each one ordinary stream, no trick in any."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            made.writestr(zipfile.ZipInfo(name, _SAME_DATE), source.read(name), zipfile.ZIP_DEFLATED)
    return target.getvalue()
