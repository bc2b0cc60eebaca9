"""What other programs save as .ods and .xls reads as what they were given; calamine and xlrd agree."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import pytest
import xlrd
from openpyxl import Workbook
from python_calamine import load_workbook

from tests.excel.reading import read, refused
from xlplan.excel import read as reading
from xlplan.excel.read import read_workbook
from xlplan.layout.book import Book, Cell

SOFFICE = shutil.which("soffice")
libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
pytestmark = pytest.mark.xdist_group("libreoffice")
FILES = (
    Path(__file__).parent / "files"
)  # one small workbook, as openpyxl wrote it and as other programs saved it
STORED = sorted(path.name for path in FILES.iterdir() if path.is_file())


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


def oracle(content: bytes) -> list[dict[tuple[int, int], object]]:
    """What calamine sees: values alone, empty for errors."""
    book = load_workbook(io.BytesIO(content))
    sheets = [
        book.get_sheet_by_index(at).to_python(skip_empty_area=False) for at in range(len(book.sheet_names))
    ]
    return [
        {
            (row, column): plain(value)
            for row, line in enumerate(sheet, start=1)
            for column, value in enumerate(line, start=1)
            if value != ""
        }
        for sheet in sheets
    ]


def plain(value: object) -> object:
    if isinstance(value, date):
        return datetime(*value.timetuple()[:6])
    return datetime.combine(date(1899, 12, 31), value) if isinstance(value, time) else value


def filled(book: Book) -> list[dict[tuple[int, int], object]]:
    """Values but for empty texts, which calamine does not tell from nothing."""
    return [{at: value for at, value in sheet.items() if value != ""} for sheet in values(book)]


@libreoffice
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_other_formats_read_as_the_same_values_at_the_same_places(
    converted: Mapping[str, bytes], kind: str
) -> None:
    """With their sheets' names and states."""
    book = read(converted[kind])
    assert filled(book) == filled(read(converted["xlsx"])) == oracle(converted[kind])
    assert (book.format, book.macros) == (kind, False)
    assert [(sheet.name, sheet.visible) for sheet in book.sheets] == [("Plan", True), ("Lists", False)]


@libreoffice
def test_calamine_sees_the_same_values_in_an_xlsx(converted: Mapping[str, bytes]) -> None:
    """It is the oracle of our own reading, for what it can see."""
    for content in (converted["xlsx"], original()):
        assert filled(read(content)) == oracle(content)


@libreoffice
def test_libreoffice_gives_formulas_and_errors_in_every_format(converted: Mapping[str, bytes]) -> None:
    """What calamine is blind to; the formulas of an .xls stand there as tokens, and have no text."""
    found = {kind: read(converted[kind]).sheets[0].cells for kind in converted}
    assert [found["xlsx"][3, 4], found["xlsx"][4, 4]] == [Cell(24.0, "B5*2"), Cell(None, "1/0", "#DIV/0!")]
    assert [found["ods"][3, 4], found["ods"][4, 4]] == [Cell(24.0, "[.B5]*2"), Cell(None, "1/0", "#DIV/0!")]
    assert [found["xls"][3, 4], found["xls"][4, 4]] == [Cell(24.0, ""), Cell(None, "", "#DIV/0!")]


@libreoffice
@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_a_cut_file_is_damaged(converted: Mapping[str, bytes], kind: str) -> None:
    """In every format."""
    for part in (0.3, 0.6, 0.95):
        content = converted[kind]
        answer = read_workbook(content[: int(len(content) * part)])
        assert isinstance(answer, Book) or answer.code == "damaged"  # the tail of an .xls may not matter
    assert refused(converted[kind][:1000]).code == "damaged"


@pytest.mark.parametrize("name", STORED)
def test_every_program_s_file_holds_what_it_was_given(name: str) -> None:
    """Values, errors, which cells are formulas, merged ranges, states and the constant name, in every format."""
    given, book = read((FILES / "libreoffice.xlsx").read_bytes()), read((FILES / name).read_bytes())
    assert [sheet.name for sheet in book.sheets] == ["Plan", "Lists"]
    assert [sheet.visible for sheet in book.sheets] == [True, False]
    assert [sheet.merged for sheet in book.sheets] == [("F3:G4",), ()]
    assert book.names["xlplan_identity"] == '"XLPLAN1.abc"'
    for sheet, other in zip(given.sheets, book.sheets, strict=True):
        assert sheet.cells.keys() == other.cells.keys()
        for at, cell in sheet.cells.items():
            held = other.cells[at]
            assert (held.formula is None) == (cell.formula is None), at
            if name != "openpyxl.xlsx" or cell.formula is None:  # which computes nothing
                assert held.error == cell.error, at
                assert alike(held.value, cell.value, name), (at, held, cell)


def alike(one: object, other: object, name: str) -> bool:
    """Equal but for what the format or the program cannot say."""
    if other == "😀" and name == "gnumeric-excel95.xls":
        return one == "?"  # Excel 5 has a code page
    if other == "" and name == "libreoffice.ods":
        return one is None  # it writes no result for a formula that gives an empty text
    if isinstance(one, str) and isinstance(other, str) and name.endswith(".ods"):
        return one == other.rstrip(
            " "
        )  # white space at a paragraph's end is none (OpenDocument 1.3 part 3, 6.1.2)
    return one == other


@pytest.mark.parametrize("name", ["gnumeric.xls", "libreoffice.ods", "libreoffice.xls"])
def test_calamine_sees_the_same_in_the_stored_files(name: str) -> None:
    """In those it can read: Gnumeric's .ods is no spreadsheet to it, and over its Excel 95 it breaks down."""
    content = (FILES / name).read_bytes()
    ours, seen = filled(read(content)), oracle(content)
    assert [{at: stripped(value) for at, value in sheet.items()} for sheet in ours] == [
        {at: stripped(value) for at, value in sheet.items()} for sheet in seen
    ]


def stripped(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


@pytest.mark.parametrize("name", [name for name in STORED if name.endswith(".xls")])
def test_xlrd_sees_the_same_in_the_stored_files(name: str) -> None:
    """Errors, too, by their code, and which cells hold truth."""
    content = (FILES / name).read_bytes()
    sheet, ours = xlrd.open_workbook(file_contents=content).sheet_by_index(0), read(content).sheets[0].cells
    for row in range(sheet.nrows):
        for column in range(sheet.ncols):
            kind, value = sheet.cell_type(row, column), sheet.cell_value(row, column)
            cell = ours.get((row + 1, column + 1), Cell(None))
            if kind == xlrd.XL_CELL_ERROR:
                assert cell.error == xlrd.error_text_from_code[value]
            elif kind == xlrd.XL_CELL_BOOLEAN:
                assert cell.value is bool(value)
            elif kind == xlrd.XL_CELL_DATE:
                assert isinstance(cell.value, datetime)
            elif kind in (xlrd.XL_CELL_TEXT, xlrd.XL_CELL_NUMBER):
                assert cell.value == value
            else:
                assert cell.value in (None, "")


def test_nothing_heavy_is_imported_by_the_reader() -> None:
    """Neither the oracles nor what opens passwords, which only the child process loads."""
    heavy = "{'python_calamine', 'openpyxl', 'xlrd', 'msoffcrypto', 'cryptography'}"
    code = f"import sys, xlplan.excel.read as _; sys.exit(bool({heavy} & {{*sys.modules}}))"
    root = Path(reading.__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
