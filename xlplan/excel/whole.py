"""Whether a file that is being copied is all there, as far as its own structure tells."""

from __future__ import annotations

import os
from struct import unpack, unpack_from
from typing import BinaryIO

_ZIP, _ZIP_END, _ZIP_LIST = b"PK\x03\x04", b"PK\x05\x06", b"PK\x01\x02"
_END_LENGTH, _LONGEST_COMMENT = 22, 65_535
_IN_ZIP64 = 0xFFFFFFFF
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_HEAD, _LISTED = 512, 109  # bytes of its header, sectors of the allocation table that it lists
_TABLE = 0xFFFFFFFD  # the entry of a sector that is of the allocation table itself
_UNUSED = (0xFFFFFFFF, 0)  # entries of sectors that hold nothing; SheetJS has written 0
_HIGHEST = 0xFFFFFFFA


def is_whole(file: BinaryIO) -> bool:
    """Whether nothing speaks for more to come: of a zip the end record is there, of an OLE file the last sector.

    Of formats that do not say where they end only emptiness tells, or a beginning of zeros: some programs give a
    copy its full length before they fill it.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(_OLE_HEAD)
    if not head.strip(b"\0"):
        return False
    if head.startswith(_ZIP):
        return _zip_ends(file, size)
    if head.startswith(_OLE):
        return len(head) == _OLE_HEAD and _ole_ends(file, head, size)
    return True


def _zip_ends(file: BinaryIO, size: int) -> bool:
    """Whether the end record is there, and the list of contents where it says. (APPNOTE.TXT 4.3.16)

    The place is compared too: a zip within a zip has an end record of its own.
    """
    start = max(0, size - _END_LENGTH - _LONGEST_COMMENT)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(_ZIP_END)
    if at < 0 or len(tail) - at < _END_LENGTH:
        return False
    length, place, comment = unpack_from("<IIH", tail, at + 12)
    if len(tail) - at < _END_LENGTH + comment:
        return False
    if _IN_ZIP64 in (length, place):  # another record says where; what stands at the very end is written last
        return True
    if place + length != start + at:
        return False
    file.seek(place)
    return length == 0 or file.read(4) == _ZIP_LIST


def _ole_ends(file: BinaryIO, head: bytes, size: int) -> bool:
    """Whether every sector in use lies within the file, and something stands in the last. ([MS-CFB] 2.2, 2.3)"""
    shift: int = unpack_from("<H", head, 30)[0]
    if not 7 <= shift <= 16:
        return False
    length, end = 1 << shift, 0
    for number, sector in enumerate(unpack_from(f"<{_LISTED}I", head, 76)):
        if sector > _HIGHEST:
            continue
        file.seek((sector + 1) << shift)
        table = file.read(length)
        if len(table) < length:
            return False
        entries = unpack(f"<{length // 4}I", table)
        first = number * len(entries)
        if first <= sector < first + len(entries) and entries[sector - first] != _TABLE:
            return False
        end = max((first + at + 1 for at, entry in enumerate(entries) if entry not in _UNUSED), default=end)
    file.seek(end << shift)
    return (end << shift) < size and bool(file.read(length).strip(b"\0"))
