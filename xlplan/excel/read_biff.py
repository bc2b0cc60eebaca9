"""The records of an .xls ([MS-XLS]): a stream of them, and texts that run on over several."""

from __future__ import annotations

import codecs
import struct
from collections.abc import Iterator
from typing import Any

from xlplan.excel.bounds import MOST_RECORDS
from xlplan.excel.guard import damaged, too_big

CONTINUE = 0x3C
_PART = "Workbook"
# Code pages that Python knows by other names ([MS-XLS] 2.4.52); the rest are "cp" and their number
_PAGES = {
    367: "ascii",
    1200: "utf-16-le",
    10000: "mac-roman",
    32768: "mac-roman",
    32769: "cp1252",
    65001: "utf-8",
}


class Records:
    """The records of a stream, read from any place in it; counted over all of them."""

    def __init__(self, stream: bytes) -> None:
        self._stream, self._count = stream, 0

    def read(self, at: int = 0) -> Iterator[tuple[int, Body]]:
        """Kind and body of every record from this place on, each with the records that continue it."""
        stream = self._stream
        while at + 4 <= len(stream):
            kind, data, at = self._one(at)
            more = []
            while stream[at : at + 2] == b"\x3c\x00" and at + 4 <= len(stream):
                _, piece, at = self._one(at)
                more.append(piece)
            yield kind, Body(data, more)

    def _one(self, at: int) -> tuple[int, bytes, int]:
        kind, length = struct.unpack_from("<HH", self._stream, at)
        self._count += 1
        if self._count > MOST_RECORDS:
            raise too_big("too many records")
        end = at + 4 + length
        if end > len(self._stream):
            raise damaged(_PART)
        return kind, self._stream[at + 4 : end], end


class Body:
    """What a record says, read from its beginning on; `data` is its first piece."""

    __slots__ = ("_at", "_more", "data")

    def __init__(self, data: bytes, more: list[bytes]) -> None:
        self.data, self._more, self._at = data, more[::-1], 0

    def numbers(self, form: struct.Struct) -> tuple[Any, ...]:
        """The next numbers, which stand in one piece. Raises Refusal when there are none."""
        if self._at == len(self.data) and self._more:
            self._next()
        if self._at + form.size > len(self.data):
            raise damaged(_PART)
        found = form.unpack_from(self.data, self._at)
        self._at += form.size
        return found

    def left(self) -> bool:
        """Whether there is anything left."""
        return self._at < len(self.data) or bool(self._more)

    def rest(self) -> bytes:
        """What is left of this piece."""
        return self.data[self._at :]

    def skip(self, length: int) -> None:
        """Pass over bytes, which may run on in the next pieces."""
        while length > len(self.data) - self._at:
            length -= len(self.data) - self._at
            self._next()
        self._at += length

    def characters(self, length: int, wide: bool) -> str:
        """So many characters. Where they run on, the next piece begins by saying how wide they are there."""
        found: list[str] = []
        while True:
            size = 2 if wide else 1
            taken = min(length, (len(self.data) - self._at) // size)
            piece = self.data[self._at : self._at + taken * size]
            found.append(piece.decode("utf-16-le" if wide else "latin-1", "surrogatepass"))
            self._at += taken * size
            length -= taken
            if not length:
                return "".join(found)
            self._next()
            (flags,) = self.numbers(BYTE)
            wide = bool(flags & 1)

    def text(self, length: int) -> str:
        """A text of so many characters: its flags, the characters, and passed over what tells of runs and readings.

        [MS-XLS] 2.5.293. A character beyond the first plane is two halves, which may stand in two pieces.
        """
        (flags,) = self.numbers(BYTE)
        runs = self.numbers(SHORT)[0] if flags & 8 else 0
        reading = self.numbers(LONG)[0] if flags & 4 else 0
        found = self.characters(length, bool(flags & 1))
        self.skip(4 * runs + reading)
        return found.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _next(self) -> None:
        if not self._more:
            raise damaged(_PART)
        self.data, self._at = self._more.pop(), 0


BYTE, SHORT, LONG = struct.Struct("<B"), struct.Struct("<H"), struct.Struct("<I")


def page_of(number: int) -> str:
    """Python's name of a code page; Western European where it has none."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
