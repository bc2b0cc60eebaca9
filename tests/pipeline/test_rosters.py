"""A roster from a workbook is the roster that the same lines of CSV would be; ids stay text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.excel.test_read_ods import document, line, table
from xlplan.errors import SetupError
from xlplan.pipeline.rosters import roster_in

HEAD = ("District_ID", "District", "school id", "School")


def book(folder: Path, *rows: tuple[Any, ...], before: tuple[tuple[Any, ...], ...] = ()) -> Path:
    """A workbook with a cover sheet, if any, and the roster on the next."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in before:
        sheet.append(row)
    if before:
        sheet = made.create_sheet("Schools")
    for row in rows:
        sheet.append(row)
    path = folder / "schools.xlsx"
    made.save(path)
    return path


def test_texts_stay_texts(tmp_path: Path) -> None:
    """Ids with leading zeros, accents, and a name that looks like a formula."""
    path = book(
        tmp_path,
        HEAD,
        ("0100005", "Ålbany", "010000500870", "'=Albany Middle"),
        ("0100005", "Ålbany", None, None),
    )
    found = roster_in(path)
    assert [(s.district_id, s.district, s.school_id, s.school) for s in found.schools] == [
        ("0100005", "Ålbany", "010000500870", "'=Albany Middle"), ("0100005", "Ålbany", "", ""),
    ]  # fmt: skip
    assert found.notes == ()


def test_a_leading_zero_that_a_program_took_comes_back_with_a_note(tmp_path: Path) -> None:
    """States 01 to 09, whose ids lose one zero when they are numbers; the district's own plan too."""
    path = book(tmp_path, HEAD, (100005, "Albany", 10000500870, "Middle"), (100005, "Albany", None, None))
    found = roster_in(path)
    assert [school.key for school in found.schools] == ["010000500870", "0100005"]
    assert found.schools[0].district_id == "0100005"
    assert [note for note in found.notes if "leading zero" in note] == [
        "column district_id: 2 ids had lost their leading zero and got it back",
        "column school_id: 1 ids had lost their leading zero and got it back",
    ]


def test_numbers_that_lack_nothing_stay(tmp_path: Path) -> None:
    """Ids of states from 10 on, and a district's own short numbers."""
    path = book(tmp_path, HEAD, (5308250, "Spokane", 530825001378, "Adams"), (12, "Own", 345, "Else"))
    assert [(s.district_id, s.school_id) for s in roster_in(path).schools] == [
        ("5308250", "530825001378"), ("12", "345"),
    ]  # fmt: skip
    assert roster_in(path).notes == ()


def test_the_sheet_with_the_columns_is_taken(tmp_path: Path) -> None:
    """A cover sheet before it, and columns that nobody asked for."""
    path = book(
        tmp_path, (*HEAD, "Town"), ("1", "D", "2", "Adams", "X"), before=(("Our schools",), ("as of May",))
    )
    found = roster_in(path)
    assert [school.school for school in found.schools] == ["Adams"]
    assert found.notes == ("column 'Town' is not used and was ignored",)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", "b")], "no sheet has the columns"),
        ([("district_id", "school_id", "school"), ("1", "2", "S")], "no column district"),
        ([HEAD, ("1", "D", "2", "S"), ("1", "D", "2", "S")], "line 3: column school_id"),
        ([HEAD, ("1", "D", 5308250013781234567, "S")], "row 2, column school id"),
        ([HEAD, ("1", "D", 12.5, "S")], "holds"),
    ],
)
def test_what_is_wrong_is_said_by_row(tmp_path: Path, rows: list[tuple[Any, ...]], said: str) -> None:
    if said == "holds":
        assert roster_in(book(tmp_path, *rows)).schools[0].school_id == "12.5"
        return
    with pytest.raises(SetupError) as error:
        roster_in(book(tmp_path, *rows))
    assert said in str(error.value)


def test_an_ods_is_read_alike(tmp_path: Path) -> None:
    """Of LibreOffice and others."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    rows = (HEAD, ("010", "D", "0102", "Adams"))
    cells = "".join(line(*(cell.format(text) for text in row)) for row in rows)
    (tmp_path / "schools.ods").write_bytes(document(table(cells)))
    (school,) = roster_in(tmp_path / "schools.ods").schools
    assert (school.district_id, school.school_id, school.school) == ("010", "0102", "Adams")


def test_a_damaged_workbook_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.xlsx").write_bytes(b"PK\x03\x04" + b"\0" * 50)
    with pytest.raises(SetupError, match=r"x\.xlsx"):
        roster_in(tmp_path / "x.xlsx")
