""".ods, .xls and .xlsb come through calamine in a child process; for .xlsx it is the oracle."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from python_calamine import load_workbook

from xlplan.excel import child, others
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Book, Cell, Unreadable

SOFFICE = shutil.which("soffice")
libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
pytestmark = pytest.mark.xdist_group("libreoffice")

TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"


def original() -> bytes:
    """A workbook with a value of every kind, away from A1."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Plan"
    values = (
        "Größe & Mut",
        "001234",
        12,
        1.25,
        True,
        False,
        date(2026, 9, 1),
        datetime(2026, 9, 1, 8, 30),
        "two\nlines",
    )
    for at, value in enumerate(values, start=3):
        sheet.cell(at, 2, value)
    sheet["D3"] = "=B5*2"
    sheet["D4"] = "=1/0"
    book.create_sheet("Lists").sheet_state = "hidden"
    book["Lists"]["C4"] = "only"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """The original as LibreOffice saves it, by format."""
    folder = tmp_path_factory.mktemp("converted")
    (folder / "plan.xlsx").write_bytes(original())
    formats = {"ods": "ods", "xls": "xls:MS Excel 97", "xlsx": "xlsx:Calc MS Excel 2007 XML"}
    for kind in formats.values():
        command = [
            str(SOFFICE),
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            kind,
        ]
        subprocess.run(
            [*command, "--outdir", str(folder / "out"), str(folder / "plan.xlsx")],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
    return {kind: (folder / "out" / f"plan.{kind}").read_bytes() for kind in formats}


def values(book: Book) -> list[dict[tuple[int, int], object]]:
    return [
        {at: cell.value for at, cell in sheet.cells.items() if cell.value is not None}
        for sheet in book.sheets
    ]


def read(content: bytes) -> Book:
    book = read_workbook(content)
    assert isinstance(book, Book), book
    return book


def refused(content: bytes) -> Unreadable:
    answer = read_workbook(content)
    assert isinstance(answer, Unreadable), answer
    return answer


@libreoffice
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_formats_read_as_the_same_values_at_the_same_places(
    converted: Mapping[str, bytes], kind: str
) -> None:
    """Only the values: these formats tell us nothing else."""
    book = read(converted[kind])
    assert values(book) == values(read(converted["xlsx"]))
    assert (book.format, book.tells, book.macros) == (kind, frozenset(), False)
    assert [(sheet.name, sheet.visible, sheet.protected) for sheet in book.sheets] == [
        ("Plan", True, None), ("Lists", False, None),
    ]  # fmt: skip


@libreoffice
def test_calamine_sees_the_same_values_in_an_xlsx(converted: Mapping[str, bytes]) -> None:
    """It is the oracle of our own reading, for what it can see."""
    for content in (converted["xlsx"], original()):
        oracle = load_workbook(io.BytesIO(content))
        seen = [
            {
                (row, column): datetime(*value.timetuple()[:6]) if isinstance(value, date) else value
                for row, line in enumerate(
                    oracle.get_sheet_by_index(at).to_python(skip_empty_area=False), start=1
                )
                for column, value in enumerate(line, start=1)
                if value != ""
            }
            for at in range(2)
        ]
        assert values(read(content)) == seen


@libreoffice
def test_libreoffice_gives_formulas_errors_and_states(converted: Mapping[str, bytes]) -> None:
    """What calamine is blind to."""
    book = read(converted["xlsx"])
    assert book.sheets[0].cells[3, 4] == Cell(24.0, "B5*2")
    assert book.sheets[0].cells[4, 4] == Cell(None, "1/0", "#DIV/0!")
    assert not book.sheets[1].visible


@libreoffice
def test_error_cells_of_an_ods_are_errors(converted: Mapping[str, bytes]) -> None:
    """They would be empty cells by calamine alone, and the school be told to fill in what it has."""
    assert read(converted["ods"]).sheets[0].cells[4, 4] == Cell(None, None, "#DIV/0!")


@libreoffice
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_a_cut_file_is_damaged(converted: Mapping[str, bytes], kind: str) -> None:
    """In every format."""
    for part in (0.3, 0.6, 0.95):
        content = converted[kind]
        answer = read_workbook(content[: int(len(content) * part)])
        assert isinstance(answer, Book) or answer.code == "damaged"  # the tail of an .xls may not matter
    assert refused(converted[kind][:1000]).code == "damaged"


@libreoffice
def test_an_xls_is_recognised_as_encrypted_or_as_another_programs(converted: Mapping[str, bytes]) -> None:
    """By the streams in it, and by the record that says so."""
    content = converted["xls"]
    name = "Workbook".encode("utf-16-le")
    assert refused(content.replace(name, "WordDocu".encode("utf-16-le"), 1)).code == "not-a-workbook"
    start = content.index(b"\x09\x08\x10\x00")  # the first record, BOF of BIFF8, 16 bytes long
    after = start + 20
    locked = content[:after] + b"\x2f\x00" + content[after + 2 :]
    assert refused(locked) == Unreadable(code="encrypted")


def compound(stream: str) -> bytes:
    """An OLE file with one empty stream."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[30:32] = (9).to_bytes(2, "little")
    header[48:52] = (1).to_bytes(4, "little")
    header[56:60] = (4096).to_bytes(4, "little")
    header[60:64] = header[68:72] = b"\xfe\xff\xff\xff"
    header[76:512] = (0).to_bytes(4, "little") + b"\xff" * 432
    table = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff" * 504
    entries = b"".join(entry(name, kind) for name, kind in (("Root Entry", 5), (stream, 2)))
    return bytes(header) + table + entries.ljust(512, b"\0")


def entry(name: str, kind: int) -> bytes:
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little") + bytes([kind, 1])
    return head.ljust(116, b"\0") + b"\xfe\xff\xff\xff" + bytes(8)


@pytest.mark.parametrize(
    ("stream", "answer"),
    [
        ("EncryptedPackage", Unreadable(code="encrypted")),
        ("WordDocument", Unreadable(code="unsupported-format", detail="Word")),
        ("PowerPoint Document", Unreadable(code="unsupported-format", detail="PowerPoint")),
        ("Other", Unreadable(code="not-a-workbook", detail="another Office file")),
    ],
)
def test_an_ole_file_is_told_by_its_streams(stream: str, answer: Unreadable) -> None:
    """A workbook with a password for opening is one of these."""
    assert read_workbook(compound(stream)) == answer


def ods(rows: str, *, manifest: str = "", head: str = "") -> bytes:
    """An .ods of one table."""
    content = (
        f'{head}<office:document-content xmlns:office="{OFFICE}" xmlns:table="{TABLE}" xmlns:text="{TEXT}">'
        "<office:body><office:spreadsheet>"
        f'<table:table table:name="Plan">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listing = (
        '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<m:file-entry m:full-path="content.xml" m:media-type="text/xml">{manifest}</m:file-entry>'
        "</m:manifest>"
    )
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("mimetype", kind), ("content.xml", content), ("META-INF/manifest.xml", listing)):
            archive.writestr(name, text)
    return target.getvalue()


FULL = '<table:table-cell {} office:value-type="float" office:value="7"><text:p>7</text:p></table:table-cell>'
EMPTY = "<table:table-cell {}/>"


def line(*inner: str, repeat: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeat}">' + "".join(inner) + "</table:table-row>"


def columns(count: int) -> str:
    return f'table:number-columns-repeated="{count}"'


def test_repeats_at_the_end_of_an_ods_are_nothing() -> None:
    """LibreOffice fills every sheet up to its last row so."""
    rows = (
        line(FULL.format(columns(2)), EMPTY.format(columns(16_382)))
        + line(EMPTY.format(columns(16_384)), repeat=3)
        + line(FULL.format(""))
        + line(EMPTY.format(columns(16_384)), repeat=1_048_571)
    )
    assert values(read(ods(rows))) == [{(1, 1): 7.0, (1, 2): 7.0, (5, 1): 7.0}]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (line(FULL.format(columns(16_384)), repeat=1_048_576), "too-big"),
        (line(FULL.format(columns(1)), repeat=300_001), "too-big"),
        (
            line(EMPTY.format(columns(16_383)), FULL.format("")) + line(repeat=9_999) + line(FULL.format("")),
            "too-big",
        ),
        (line(FULL.format(columns(16_385))), "damaged"),
        (line(repeat=1_048_577), "damaged"),
        (line(FULL.format(columns(-1))), "damaged"),
        (line("<text:p>" * 200 + "</text:p>" * 200), "hostile"),
        (line("<text:p>"), "damaged"),
    ],
)
def test_repeats_that_unfold_beyond_a_plan_are_refused(rows: str, code: str) -> None:
    """A few bytes can stand for seventeen thousand million cells."""
    assert refused(ods(rows)).code == code


def test_an_ods_that_is_encrypted_or_has_a_document_type_is_refused() -> None:
    """Before anything else reads it."""
    assert refused(ods("", manifest="<m:encryption-data/>")) == Unreadable(code="encrypted")
    assert refused(ods("", head="<!DOCTYPE a>")) == Unreadable(
        code="hostile", detail="content.xml: a document type"
    )


def test_an_ods_that_calamine_cannot_see_into_is_not_taken_for_an_empty_one() -> None:
    """Gnumeric and others use other prefixes for the same names."""
    content = io.BytesIO(ods(line(FULL.format(""))))
    target = io.BytesIO()
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            data = source.read(name)
            for mark in (b"<", b"</", b" ", b"xmlns:"):
                data = data.replace(mark + b"table:", mark + b"t:").replace(mark + b"table=", mark + b"t=")
            archive.writestr(name, data.replace(b":xmlns:t:1.0", b":xmlns:table:1.0"))
    assert refused(target.getvalue()) == Unreadable(code="unsupported-format", detail="foreign OpenDocument")


def test_calamine_is_not_imported_by_the_reader() -> None:
    """Only the child pays for it, and only the child can die of it."""
    code = (
        "import sys, xlplan.excel.read as _; sys.exit(bool({'python_calamine', 'openpyxl'} & {*sys.modules}))"
    )
    root = Path(others.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


def test_a_child_that_dies_or_dawdles_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its death is not ours."""
    content = ods(line(FULL.format("")))
    monkeypatch.setattr(others, "TIME_LIMIT", 0.001)
    assert refused(content) == Unreadable(code="too-big", detail="it took too long to read")
    monkeypatch.setattr(others, "TIME_LIMIT", 30.0)
    monkeypatch.setattr(others, "CHILD", "xlplan.excel.nothing")
    assert refused(content) == Unreadable(code="damaged", detail="reading it failed")


def test_a_binary_workbook_that_is_broken_is_damaged() -> None:
    """Whatever calamine makes of it."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.bin", b"\0\1\2")
        archive.writestr("_rels/.rels", b"<a/>")
    assert refused(target.getvalue()).code == "damaged"


@pytest.mark.skipif(sys.platform == "win32", reason="limits of memory are set where the system has them")
def test_a_stray_cell_that_would_take_all_memory_kills_only_the_child() -> None:
    """An .xlsx of 5 kB does it to calamine; we give it one by the back door."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["XFD1048576"] = 1, 2
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(others.Refusal) as caught:
        others.read(target.getvalue(), "xlsb")
    assert caught.value.answer.code in ("damaged", "too-big")
    assert len(read(target.getvalue()).sheets[0].cells) == 2


def test_the_letters_of_columns_are_those_of_excel() -> None:
    """Merged ranges of an .xls are told by them."""
    assert [child._letters(at) for at in (0, 25, 26, 701, 702, 16_383)] == [
        "A",
        "Z",
        "AA",
        "ZZ",
        "AAA",
        "XFD",
    ]
