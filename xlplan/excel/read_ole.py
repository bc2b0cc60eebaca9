"""OLE compound files ([MS-CFB]): the names in them, and whether the workbook stream is encrypted."""

from __future__ import annotations

import struct

from xlplan.excel.guard import damaged

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_NAMES = 20_000
_MINI = 64  # bytes of a sector in the ministream
_END = 0xFFFFFFFA  # this and all above end a chain or mark a sector that holds no data
_FILEPASS, _BOUNDSHEET, _EOF = 0x2F, 0x85, 0x0A  # BIFF records ([MS-XLS] 2.3)


class OleFile:
    """The directory of a compound file. `names`: every storage and stream in it, without their tree."""

    def __init__(self, content: bytes) -> None:
        if len(content) < 512 or not content.startswith(MAGIC):
            raise damaged("the header")
        shift, self._cutoff = (
            struct.unpack_from("<H", content, 30)[0],
            struct.unpack_from("<I", content, 56)[0],
        )
        if shift not in (9, 12):
            raise damaged("the header")
        self._content, self._size = content, 1 << shift
        self._fat = self._read_fat()
        self._streams = self._read_directory()
        self.names = tuple(self._streams)

    def has_filepass(self) -> bool:
        """Whether the workbook's first records say that the rest is encrypted ([MS-XLS] 2.4.117)."""
        name = next(name for name in self.names if name.casefold() in ("workbook", "book"))
        records, at = self._start_of(name, 8192), 0
        while at + 4 <= len(records):
            kind, length = struct.unpack_from("<HH", records, at)
            if kind == _FILEPASS:
                return True
            if kind in (_BOUNDSHEET, _EOF):
                return False
            at += 4 + length
        return False

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
        return tuple(number for index in sectors for number in self._numbers(index))

    def _numbers(self, index: int) -> tuple[int, ...]:
        sector = self._sector(index)
        return struct.unpack(f"<{self._size // 4}I", sector.ljust(self._size, b"\xff"))

    def _chain(self, index: int, most: int) -> bytes:
        """The bytes of a chain of sectors, at most about `most` of them."""
        found = bytearray()
        while index < _END and len(found) < most:
            found += self._sector(index)
            if index >= len(self._fat):
                raise damaged("the sector table")
            index = self._fat[index]
        return bytes(found)

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
            streams.setdefault("" if kind == 5 else name, (start, size))
        if "" not in streams:
            raise damaged("the directory")
        return streams

    def _start_of(self, name: str, most: int) -> bytes:
        """The first bytes of a stream."""
        start, size = self._streams[name]
        if size >= self._cutoff:
            return self._chain(start, most)[:size]
        root, root_size = self._streams[""]
        mini, table = self._chain(root, root_size), self._chain(*self._mini_table())
        found = bytearray()
        while start < _END and len(found) < min(most, size):
            found += mini[start * _MINI : (start + 1) * _MINI]
            if len(table) < 4 * start + 4:
                raise damaged("the sector table")
            start = struct.unpack_from("<I", table, 4 * start)[0]
            if not mini:
                raise damaged("the ministream")
        return bytes(found[:size])

    def _mini_table(self) -> tuple[int, int]:
        first, count = struct.unpack_from("<II", self._content, 60)
        return first, min(count * self._size, len(self._content))
