"""The guard before every file that comes back: bounds on size, count and shape, before and while inflating.

A zip is judged by its directory and its headers alone; only the parts a reader asks for are inflated, and
what comes out is counted, whatever the directory declares.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence

from xlplan.errors import XlplanError
from xlplan.form.text import clean_text
from xlplan.layout.book import Unreadable

MEGABYTE = 1_000_000
MOST_COMPRESSED = 30 * MEGABYTE
MOST_INFLATED = 100 * MEGABYTE
MOST_PART = 50 * MEGABYTE
MOST_RATIO = 200
RATIO_FROM = 10 * MEGABYTE  # smaller parts may be as regular as they like
MOST_MEMBERS = 2_000
LONGEST_DETAIL = 120  # characters of what a file calls its parts that a sentence of ours repeats
MOST_SIGNATURES = 20_000  # members as counted by their mark, before a directory is read at all

_LOCAL = struct.Struct("<4s22xHH")
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED


class Refusal(XlplanError):
    """The file cannot be read. `read_workbook` turns it into the answer, so it never leaves this package.

    `detail` may quote the file: what a terminal or a page might obey is taken out, and it is cut.
    `todo` is what to do where that depends on the kind of file.
    """

    def __init__(self, code: str, detail: str = "", todo: str = "") -> None:
        detail = clean_text(detail, lines=False).encode("utf-8", "replace").decode()
        if len(detail) > LONGEST_DETAIL:
            detail = detail[: LONGEST_DETAIL - 1] + "…"
        super().__init__(f"{code}: {detail}")
        self.answer = Unreadable(code=code, detail=detail, todo=todo)


def damaged(detail: str) -> Refusal:
    """The refusal of a file that is broken; `detail` names the part."""
    return Refusal("damaged", detail)


def hostile(detail: str) -> Refusal:
    """The refusal of a file made as no spreadsheet program makes one."""
    return Refusal("hostile", detail)


def too_big(detail: str) -> Refusal:
    """The refusal of a file beyond what a plan can be."""
    return Refusal("too-big", detail)


def check_size(content: bytes) -> None:
    """Refuse a file too big to look at."""
    if len(content) > MOST_COMPRESSED:
        raise too_big("more than 30 MB")


class Archive:
    """A zip whose directory and headers have been checked.

    Parts are looked up without regard to case, as the packaging standard wants (ECMA-376 part 2).
    """

    def __init__(self, content: bytes) -> None:
        check_size(content)
        self._content = content
        self._left = MOST_INFLATED
        entries, end = _directory(content)
        _check_names(entries)
        for entry in entries:
            _check_entry(entry)
        if sum(entry.file_size for entry in entries) > MOST_INFLATED:
            raise too_big("more than 100 MB unpacked")
        self._starts = _data_starts(content, entries, end)
        self._entries = {entry.filename.casefold(): entry for entry in entries}
        self.names = tuple(entry.filename for entry in entries)

    def __contains__(self, name: str) -> bool:
        return name.casefold() in self._entries

    def read(self, name: str) -> bytes:
        """The inflated part. Raises Refusal when it is not there, broken, or larger than it says."""
        entry = self._entries.get(name.casefold())
        if entry is None:
            raise damaged(f"{name} is missing")
        if entry.file_size > MOST_PART:
            raise too_big(f"{name}: more than 50 MB")
        start = self._starts[entry.header_offset]
        packed = self._content[start : start + entry.compress_size]
        data = packed if entry.compress_type == _STORED else _inflated(packed, entry)
        self._left -= len(data)
        if self._left < 0:
            raise too_big("more than 100 MB unpacked")
        if len(data) != entry.file_size or zlib.crc32(data) != entry.CRC:
            raise damaged(name)
        return data

    def rebuilt(self, names: Iterable[str]) -> bytes:
        """A zip of these parts alone, stored and counted: what a reader outside this package may see."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", _STORED) as archive:
            for name in names:
                archive.writestr(zipfile.ZipInfo(name), self.read(name))
        return target.getvalue()


def _directory(content: bytes) -> tuple[list[zipfile.ZipInfo], int]:
    """The members in directory order, and where the directory starts."""
    if content.count(b"PK\x01\x02") > MOST_SIGNATURES:
        raise too_big("too many parts")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries, end = archive.infolist(), archive.start_dir
    except (
        zipfile.BadZipFile,
        struct.error,
        ValueError,
        NotImplementedError,
        OverflowError,
        EOFError,
    ) as fault:
        raise damaged("the zip directory") from fault
    if len(entries) > MOST_MEMBERS:
        raise too_big("too many parts")
    return entries, end


def _check_names(entries: Iterable[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        # orig_filename: zipfile cuts the other one at a NUL and turns the slashes of its own system
        name = entry.orig_filename
        if "\\" in name or "\0" in name or ":" in name or name.startswith("/") or ".." in name.split("/"):
            raise hostile(f"a part named {name[:60]!r}")
        if (folded := name.casefold()) in seen:
            raise hostile(f"two parts named {name[:60]!r}")
        seen.add(folded)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & 0x2041:  # encrypted, strongly encrypted, or with a masked directory
        raise Refusal("encrypted")
    if entry.compress_type not in (_STORED, _DEFLATED):
        raise hostile(f"compression method {entry.compress_type}")
    if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * entry.compress_size:
        raise hostile(f"{entry.filename[:60]} grows more than 200-fold")


def _data_starts(content: bytes, entries: Sequence[zipfile.ZipInfo], end: int) -> dict[int, int]:
    """Where each member's data starts, by the place of its header. No member may reach into another's bytes:
    bombs that outgrow any ratio are made of such (Fifield, "A better zip bomb", 2019)."""
    starts: dict[int, int] = {}
    free = end
    for entry in sorted(entries, key=lambda entry: entry.header_offset, reverse=True):
        at = entry.header_offset
        if not 0 <= at <= len(content) - _LOCAL.size:
            raise damaged(entry.filename[:60])
        mark, name, extra = _LOCAL.unpack_from(content, at)
        if mark != b"PK\x03\x04":
            raise damaged(entry.filename[:60])
        starts[at] = at + _LOCAL.size + name + extra
        if starts[at] + entry.compress_size > free:
            raise hostile("parts that overlap")
        free = at
    if starts and free != 0:  # of two zips in one file, programs do not agree on which one counts
        raise hostile("something before its first part")
    for entry in entries:
        name_at = entry.header_offset + _LOCAL.size
        written = _written(entry)
        if content[name_at : name_at + len(written)] != written:
            raise hostile(f"a part with two names, one of them {entry.filename[:60]!r}")
    return starts


def _written(entry: zipfile.ZipInfo) -> bytes:
    """The name as the directory writes it. Which of two names holds, programs do not agree on."""
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")


def _inflated(packed: bytes, entry: zipfile.ZipInfo) -> bytes:
    engine = zlib.decompressobj(-15)
    try:
        data = engine.decompress(packed, entry.file_size + 1)  # one byte more than declared is enough to know
    except zlib.error as fault:
        raise damaged(entry.filename) from fault
    if len(data) > entry.file_size:
        raise hostile(f"{entry.filename[:60]} is larger than it says")
    if not engine.eof and engine.decompress(engine.unconsumed_tail, 1):
        raise hostile(f"{entry.filename[:60]} is larger than it says")
    return data
