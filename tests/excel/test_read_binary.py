"""An .xls and an .xlsb are read from their records: every kind of cell, and no trust in any length."""

from __future__ import annotations

import struct
from datetime import datetime

import pytest

from tests.excel import hostile
from tests.excel.hostile import binary, record, wide
from tests.excel.reading import read, refused
from xlplan.excel.read import read_workbook
from xlplan.excel.read_binary import rk
from xlplan.excel.read_ole import OleFile
from xlplan.layout.book import Book, Cell, Unreadable

XF = record(0xE0, struct.pack("<HH", 0, 0)) + record(0xE0, struct.pack("<HH", 0, 14))


def at(row: int, column: int, style: int = 0) -> bytes:
    return struct.pack("<HHH", row, column, style)


def formula(row: int, result: bytes) -> bytes:
    return record(0x06, at(row, 0) + result + struct.pack("<HIH", 0, 0, 3) + b"\x1e\1\0")


@pytest.mark.parametrize(
    ("packed", "number"),
    [
        (0x3FF00000, 1.0),
        (0x3FF00001, 0.01),
        (10 << 2 | 2, 10.0),
        (123456 << 2 | 3, 1234.56),
        (0xFFFFFFFE, -1.0),
    ],
)
def test_a_packed_number_is_a_float_or_an_integer_perhaps_in_hundredths(packed: int, number: float) -> None:
    """As [MS-XLS] 2.5.217 has it."""
    assert rk(packed) == number


def test_every_kind_of_cell_of_an_xls_is_read() -> None:
    """Numbers in four forms, texts in two, truth, errors, formulas by the kind of their result, blanks."""
    shared = record(
        0xFC, struct.pack("<II", 9, 9) + b"\1\0\0a" + b"\2\0\1" + "é😀"[:1].encode("utf-16-le") + b"b\0"
    )
    cells = (
        record(0x203, at(0, 0) + struct.pack("<d", 1.5))
        + record(0x27E, at(0, 1, 1) + struct.pack("<I", 46266 << 2 | 2))
        + record(0xBD, struct.pack("<HHHIHIH", 0, 2, 0, 4 << 2 | 2, 0, 5 << 2 | 2, 3))
        + record(0xFD, at(0, 4) + struct.pack("<I", 1))
        + record(0x204, at(0, 5) + b"\2\0\0hi")
        + record(0x205, at(0, 6) + b"\1\0")
        + record(0x205, at(0, 7) + b"\x17\1")
        + record(0x201, at(0, 8))
        + formula(1, struct.pack("<d", 2.5))
        + formula(2, b"\1\0\1\0\0\0\xff\xff")
        + formula(3, b"\2\0\7\0\0\0\xff\xff")
        + formula(4, b"\0\0\0\0\0\0\xff\xff")
        + record(0x207, b"\3\0\0abc")
        + formula(5, b"\3\0\0\0\0\0\xff\xff")
        + formula(6, b"\0\0\0\0\0\0\xff\xff")
    )
    book = read(hostile.xls(cells, globals_=XF + shared))
    assert book.sheets[0].cells == {
        (1, 1): Cell(1.5), (1, 2): Cell(datetime(2026, 9, 1)), (1, 3): Cell(4.0), (1, 4): Cell(5.0),
        (1, 5): Cell("éb"), (1, 6): Cell("hi"), (1, 7): Cell(True), (1, 8): Cell(None, None, "#REF!"),
        (2, 1): Cell(2.5, ""), (3, 1): Cell(True, ""), (4, 1): Cell(None, "", "#DIV/0!"), (5, 1): Cell("abc", ""),
        (6, 1): Cell("", ""), (7, 1): Cell(None, ""),
    }  # fmt: skip
    assert book.tells == {"formulas", "protection", "names"}


def test_a_text_runs_on_over_records_in_either_width() -> None:
    """Each piece says anew how wide its characters are; runs and readings after them are passed over."""
    first = struct.pack("<II", 2, 2) + struct.pack("<HBHI", 6, 0b1101, 1, 3) + "ab".encode("utf-16-le")
    rest = b"\0cd" + b"", b"\1" + "é!".encode("utf-16-le") + b"\0\0\0\0" + b"xyz" + b"\1\0\0q"
    shared = record(0xFC, first) + b"".join(record(0x3C, piece) for piece in rest)
    cells = record(0xFD, at(0, 0) + struct.pack("<I", 0)) + record(0xFD, at(1, 0) + struct.pack("<I", 1))
    assert read(hostile.xls(cells, globals_=shared)).sheets[0].cells == {
        (1, 1): Cell("abcdé!"),
        (2, 1): Cell("q"),
    }


@pytest.mark.parametrize(
    ("cells", "detail"),
    [
        (record(0xFD, at(0, 0) + struct.pack("<I", 7)), "Plan: shared string 7"),
        (hostile.NUMBER * 2, "Plan: two cells at one place"),
        (record(0x203, at(0, 0)), "Workbook"),
        (record(0x203, at(0, 0) + struct.pack("<d", float("inf"))), "Plan: a number that is none"),
        (record(0x204, at(0, 0) + b"\xff\xff\0a"), "Workbook"),
        (record(0x0A) + b"", "Workbook is cut off"),
    ],
)
def test_an_xls_that_contradicts_itself_is_damaged(cells: bytes, detail: str) -> None:
    """Nothing is guessed."""
    if detail.endswith("cut off"):
        content = hostile.xls(record(0x809, struct.pack("<HH", 0x600, 0x20)))
    else:
        content = hostile.xls(cells)
    assert refused(content) == Unreadable(code="damaged", detail=detail)


def test_an_xls_with_a_password_or_of_another_program_is_told() -> None:
    """By the record that says so, and by the streams."""
    assert refused(hostile.xls(globals_=record(0x2F, bytes(6)))).code == "encrypted"
    answers = {
        "EncryptedPackage": ("encrypted", ""),
        "WordDocument": ("unsupported-format", "A Word document"),
        "PowerPoint Document": ("unsupported-format", "A PowerPoint file"),
        "MatOST": ("unsupported-format", "A Works file"),
        "__properties_version1.0": ("not-a-workbook", "an e-mail"),
        "Other": ("not-a-workbook", "another Office file"),
    }
    for stream, (code, detail) in answers.items():
        answer = refused(hostile.compound(stream, b""))
        assert (answer.code, answer.detail) == (code, detail)


def test_chains_that_run_in_circles_end() -> None:
    """The directory's, a stream's, the small streams', and the table's own."""
    content = bytearray(hostile.xls(hostile.NUMBER))
    ole = OleFile(bytes(content))
    sectors = struct.unpack_from("<I", content, 48)[0]
    table = (struct.unpack_from("<I", content, 76)[0] + 1) * 512
    for sector in range(sectors + 1):
        changed = bytearray(content)
        struct.pack_into("<I", changed, table + 4 * sector, 0 if sector < sectors else sector)
        assert isinstance(read_workbook(bytes(changed)), (Book, Unreadable))
    assert ole.names == ("", "Workbook")
    for place, number in ((48, 0xFFFFFF), (56, 0xFFFFFFFF), (30, 40), (76, 0xFFFF)):
        changed = bytearray(content)
        struct.pack_into("<I", changed, place, number)
        assert refused(bytes(changed)).code == "damaged", (place, number)
    for sector in range(sectors):  # the list of tables may run on into nonsense that nobody needs
        changed = bytearray(content)
        struct.pack_into("<I", changed, 68, sector)
        assert isinstance(read_workbook(bytes(changed)), (Book, Unreadable))
    mini = bytearray(hostile.compound("Workbook", b""))
    entry = (struct.unpack_from("<I", mini, 48)[0] + 1) * 512
    struct.pack_into("<II", mini, entry + 128 + 116, 0, 4000)  # small enough for the ministream
    struct.pack_into("<II", mini, entry + 116, 0, 64)  # which is one sector long
    struct.pack_into("<II", mini, 60, 0, 1)
    assert refused(bytes(mini)).code == "damaged"


def binary_cell(kind: int, column: int, value: bytes, style: int = 0) -> bytes:
    return binary(kind, struct.pack("<II", column, style) + value)


def row(number: int) -> bytes:
    return binary(0, struct.pack("<I", number) + bytes(13))


STYLES = (
    binary(44, struct.pack("<H", 200) + wide("yyyy-mm-dd")) + binary(617, struct.pack("<I", 2))
    + binary(47, struct.pack("<HH", 0, 0) + bytes(12)) + binary(47, struct.pack("<HH", 0, 200) + bytes(12))
    + binary(618)
)  # fmt: skip
TEXTS = (
    binary(159, struct.pack("<II", 2, 2))
    + binary(19, b"\0" + wide("a"))
    + binary(19, b"\0" + wide("é😀"))
    + binary(160)
)


def test_every_kind_of_cell_of_an_xlsb_is_read() -> None:
    """In all its forms; short cells stand beside the one before."""
    tail = struct.pack("<HII", 0, 0, 0)
    cells = (
        row(0)
        + binary_cell(1, 0, b"")
        + binary_cell(2, 1, struct.pack("<I", 46266 << 2 | 2), style=1)
        + binary_cell(3, 2, b"\x17")
        + binary_cell(4, 3, b"\1")
        + binary_cell(5, 4, struct.pack("<d", 1.5))
        + binary_cell(6, 5, wide("in place"))
        + binary_cell(7, 6, struct.pack("<I", 1))
        + row(2)
        + binary_cell(8, 0, wide("result") + tail)
        + binary_cell(9, 1, struct.pack("<d", 2.5) + tail)
        + binary_cell(10, 2, b"\0" + tail)
        + binary_cell(11, 3, b"\7" + tail)
        + binary_cell(62, 4, b"\0" + wide("rich"))
    )
    content = hostile.xlsb([cells], [TEXTS], [STYLES])
    book = read(content)
    assert book.sheets[0].cells == {
        (1, 2): Cell(datetime(2026, 9, 1)), (1, 3): Cell(None, None, "#REF!"), (1, 4): Cell(True), (1, 5): Cell(1.5),
        (1, 6): Cell("in place"), (1, 7): Cell("é😀"), (3, 1): Cell("result", ""), (3, 2): Cell(2.5, ""),
        (3, 3): Cell(False, ""), (3, 4): Cell(None, "", "#DIV/0!"), (3, 5): Cell("rich"),
    }  # fmt: skip
    short = (
        row(0)
        + binary(16, struct.pack("<Id", 0, 1.0))
        + binary(18, struct.pack("<II", 0, 0))
        + binary(12, bytes(4))
    )
    short += binary(15, struct.pack("<IB", 0, 1))
    assert read(hostile.xlsb([short], [TEXTS])).sheets[0].cells == {
        (1, 1): Cell(1.0), (1, 2): Cell("a"), (1, 4): Cell(True),
    }  # fmt: skip


def test_what_stands_around_the_cells_of_an_xlsb_is_told() -> None:
    """The lock, in both forms, and merged ranges."""
    around = binary(535, struct.pack("<HI", 0, 1)) + binary(176, struct.pack("<4I", 2, 3, 5, 6))
    sheet = read(hostile.xlsb([around])).sheets[0]
    assert (sheet.protected, sheet.merged) == (True, ("F3:G4",))
    assert read(hostile.xlsb([binary(678, struct.pack("<II", 100_000, 1))])).sheets[0].protected
    assert read(hostile.xlsb()).sheets[0].protected is False


@pytest.mark.parametrize(
    "cells",
    [
        binary_cell(5, 0, struct.pack("<d", 1.0)),
        row(0) + binary_cell(7, 0, struct.pack("<I", 3)),
        row(0) + binary_cell(5, 16_384, struct.pack("<d", 1.0)),
        row(0) + binary_cell(5, 0, b"\0"),
        row(0) + binary_cell(6, 0, b"\xff\xff\xff\x7f"),
        row(0) + binary_cell(5, 0, struct.pack("<d", float("nan"))),
        row(1_048_576),
        b"\x85\x01\xff\xff\xff\x7f",
    ],
)
def test_an_xlsb_that_contradicts_itself_is_damaged(cells: bytes) -> None:
    """Whatever a length says, nothing beyond the part is looked at."""
    answer = refused(hostile.xlsb([cells]))
    assert answer.code == "damaged" and answer.detail.startswith("xl/worksheets/sheet1.bin")
