"""OLE compound files ([MS-CFB]): the names in them, and their streams. No chain is followed in a circle."""

from __future__ import annotations

import struct

from xlplan.excel.guard import damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_NAMES = 20_000
_MINI = 64  # bytes of a sector in the ministream
_END = 0xFFFFFFFA  # this and all above end a chain or mark a sector that holds no data
_ROOT = 5  # the kind of the directory's first entry


class OleFile:
    """The directory of a compound file. `names`: every storage and stream in it, without their tree."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(MAGIC):
            raise damaged("the header")
        shift: int = struct.unpack_from("<H", content, 30)[0]
        if shift not in (9, 12):
            raise damaged("the header")
        self._content, self._size = content, 1 << shift
        self._cutoff: int = struct.unpack_from("<I", content, 56)[0]
        self._fat = self._read_fat()
        self._streams = self._read_directory()
        self.names = tuple(self._streams)

    def stream(self, *names: str) -> bytes:
        """The first stream of one of these names, whatever its case. Raises Refusal when there is none."""
        known = {name.casefold(): place for name, place in self._streams.items() if name}
        for name in names:
            if (place := known.get(name.casefold())) is not None:
                return self._read(*place)
        raise damaged(f"{names[0]} is missing")

    def _read(self, start: int, size: int) -> bytes:
        if size >= self._cutoff:
            return self._chain(start, size)
        root, root_size = self._streams[""]
        mini, table = self._chain(root, root_size), self._mini_table()
        found = bytearray()
        while start < _END and len(found) < size:
            sector = mini[start * _MINI : (start + 1) * _MINI]
            if not sector or start >= len(table):
                raise damaged("the ministream")
            found += sector
            start = table[start]
        return bytes(found[:size])

    def _sector(self, index: int) -> bytes:
        at = (index + 1) * self._size
        if at >= len(self._content):
            raise damaged("a sector beyond the end")
        return self._content[at : at + self._size]

    def _read_fat(self) -> tuple[int, ...]:
        """The table of sectors: what follows each one."""
        header = struct.unpack_from("<109I", self._content, 76)
        sectors = [index for index in header if index < _END]
        following, seen = struct.unpack_from("<I", self._content, 68)[0], set[int]()
        while following < _END:
            if following in seen:
                raise damaged("a chain that runs in a circle")
            seen.add(following)
            *more, following = self._numbers(following)
            sectors.extend(index for index in more if index < _END)
        if len(sectors) > len(self._content) // self._size:
            raise damaged("the sector table")
        return tuple(number for index in dict.fromkeys(sectors) for number in self._numbers(index))

    def _numbers(self, index: int) -> tuple[int, ...]:
        sector = self._sector(index)
        return struct.unpack(f"<{self._size // 4}I", sector.ljust(self._size, b"\xff"))

    def _chain(self, index: int, size: int) -> bytes:
        """The bytes of a chain of sectors, up to this size; no chain is longer than its file."""
        found = bytearray()
        size = min(size, len(self._content))
        while index < _END and len(found) < size:
            found += self._sector(index)
            if index >= len(self._fat):
                raise damaged("the sector table")
            index = self._fat[index]
        return bytes(found[:size])

    def _read_directory(self) -> dict[str, tuple[int, int]]:
        """First sector and size by name; the root's are those of the ministream."""
        first = struct.unpack_from("<I", self._content, 48)[0]
        entries = self._chain(first, _MOST_NAMES * 128)
        streams: dict[str, tuple[int, int]] = {}
        for at in range(0, len(entries) - 127, 128):
            length, kind = struct.unpack_from("<HB", entries, at + 64)
            if kind == 0 or not 2 <= length <= 64:
                continue
            name = entries[at : at + length - 2].decode("utf-16-le", "replace")
            start, size = struct.unpack_from("<II", entries, at + 116)
            streams.setdefault("" if kind == _ROOT else name, (start, size))
        if "" not in streams:
            raise damaged("the directory")
        return streams

    def _mini_table(self) -> tuple[int, ...]:
        first, count = struct.unpack_from("<II", self._content, 60)
        table = self._chain(first, min(count, len(self._content)) * self._size)
        return struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
