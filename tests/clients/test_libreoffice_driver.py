"""The driver types like a person: what a lock or a rule refuses stays out, what is typed stays as typed."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from .libreoffice import Cell, LibreOffice, LibreOfficeError, Result, to_png

pytestmark = pytest.mark.xdist_group("libreoffice")

SERIAL_OF_15_OCTOBER_2026 = 46310.0


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two locked sheets and a hidden one.

    | cell of Form | is                         |
    | A1           | locked text "Title"        |
    | B1           | text                       |
    | B2           | list Yes, No               |
    | B3           | date 2026-09-01 … 2027-06-30 |
    | B4           | decimal 0 … 1000           |
    | B5           | locked formula, twice B4   |
    | B6           | unlocked, holds "old"      |
    | B10 … B609   | text                       |
    """
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "Form"
    page["A1"] = "Title"
    page["B5"] = "=B4*2"
    page["B6"] = "old"
    for at in ("B1", "B6", *(f"B{row}" for row in range(10, 610))):
        page[at].number_format = "@"
        page[at].protection = Protection(locked=False)
    for at, number_format in (("B2", "@"), ("B3", "yyyy-mm-dd"), ("B4", "#,##0.00")):
        page[at].number_format = number_format
        page[at].protection = Protection(locked=False)
    rules = {
        "B2": DataValidation(type="list", formula1='"Yes,No"'),
        "B3": DataValidation(
            type="date", operator="between", formula1="DATE(2026,9,1)", formula2="DATE(2027,6,30)"
        ),
        "B4": DataValidation(type="decimal", operator="between", formula1="0", formula2="1000"),
    }
    for at, rule in rules.items():
        rule.showErrorMessage = True
        page.add_data_validation(rule)
        rule.add(at)
    second = book.create_sheet("It's 2nd")
    second["A1"].protection = Protection(locked=False)
    hidden = book.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    for sheet in book:
        sheet.protection.sheet = True
    path = tmp_path_factory.mktemp("form") / "form.xlsx"
    book.save(path)
    book.close()
    return path


def typed(office: LibreOffice, form: Path, *cells: tuple[str, str]) -> tuple[Cell, ...]:
    return office.run(form, type=[("Form", at, text) for at, text in cells]).typed


def test_a_locked_cell_refuses_and_the_next_cell_takes(libreoffice: LibreOffice, form: Path) -> None:
    """The error box that a lock raises swallows no key stroke of the cell after it."""
    locked, free = typed(libreoffice, form, ("A1", "mine"), ("B1", "yours"))
    assert (locked.value, locked.changed) == ("Title", False)
    assert (free.value, free.changed) == ("yours", True)


def test_a_locked_formula_refuses(libreoffice: LibreOffice, form: Path) -> None:
    """Neither typing nor Delete gets at it."""
    result = libreoffice.run(form, type=[("Form", "B5", "7")], clear=[("Form", "B5")])
    assert [one.formula for one in (*result.typed, *result.cleared)] == ["=B4*2", "=B4*2"]
    assert not result.typed[0].changed
    assert not result.cleared[0].changed


@pytest.mark.parametrize(
    ("at", "bad", "good", "kept"),
    [
        ("B2", "Perhaps", "Yes", "Yes"),
        ("B3", "2027-07-01", "2026-10-15", SERIAL_OF_15_OCTOBER_2026),
        ("B3", "soon", "10/15/2026", SERIAL_OF_15_OCTOBER_2026),
        ("B4", "-1", "12.5", 12.5),
        ("B4", "ten", "1000", 1000.0),
    ],
)
def test_a_rule_refuses_the_bad_and_keeps_the_good(
    libreoffice: LibreOffice, form: Path, at: str, bad: str, good: str, kept: str | float
) -> None:
    """Lists, dates and decimals, each typed twice in a row."""
    first, second, after = typed(libreoffice, form, (at, bad), (at, good), (at, bad))
    assert (first.type, first.changed) == ("empty", False)
    assert (second.value, second.changed) == (kept, True)
    assert (after.value, after.changed) == (kept, False)


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Nguyễn — naïve “quotes” … 1½",
        "emoji 🎓 beyond the basic plane 𝔘",
        "first line\nsecond line\n\nfourth line",
        "=1+1",
        "=SUM(A1:A9) and more",
        "+5",
        "-5",
        "@home",
        "'quoted",
        "001234",
        "3E5",
        "true",
        "10/15/2026",
        "50%",
        "1/2",
        '(c) teh TWo i.e. www.example.org "straight" -- 1st don\'t',
        "two  blanks",
        "يوم 中文 한국어",
        "Old and longer than what was there",
    ],
)
def test_text_in_a_text_cell_stays_as_typed(libreoffice: LibreOffice, form: Path, text: str) -> None:
    """No formula, no number, no auto-correction, no auto-completion."""
    (cell,) = typed(libreoffice, form, ("B6", text))
    assert (cell.type, cell.value, cell.formula, cell.changed) == ("text", text, None, True)


@pytest.mark.parametrize("text", ["", "\nfirst", "a\tb", "bell\a"])
def test_what_no_key_types_is_a_problem(libreoffice: LibreOffice, form: Path, text: str) -> None:
    """A tab would leave the cell half typed, so nothing is typed at all."""
    (cell,) = typed(libreoffice, form, ("B6", text))
    assert cell.problem is not None
    assert cell.changed is False


def test_sheets_that_nobody_can_reach_are_a_problem(libreoffice: LibreOffice, form: Path) -> None:
    """The job goes on with the cells that can be reached."""
    hidden, missing, there = libreoffice.run(
        form, type=[("Lists", "A1", "x"), ("Gone", "A1", "x"), ("It's 2nd", "A1", "x")]
    ).typed
    assert (hidden.problem, missing.problem) == ("the sheet is hidden", "no such sheet")
    assert (there.value, there.problem) == ("x", None)


def test_delete_empties_an_unlocked_cell_only(libreoffice: LibreOffice, form: Path) -> None:
    """Delete is a key stroke too, and the lock holds against it."""
    free, locked = libreoffice.run(form, clear=[("Form", "B6"), ("Form", "A1")]).cleared
    assert (free.type, free.changed) == ("empty", True)
    assert (locked.value, locked.changed) == ("Title", False)


def test_all_values_are_read_with_formulas(libreoffice: LibreOffice, form: Path) -> None:
    """A formula gives its fresh result and its text; a text that looks like one gives none."""
    result = libreoffice.run(
        form, type=[("Form", "B4", "21"), ("Form", "B1", "=1+1")], recalculate=True, values="all"
    )
    cells = {at: (one.type, one.value, one.formula) for (_, at), one in result.by_cell().items()}
    assert cells == {
        "A1": ("text", "Title", None),
        "B1": ("text", "=1+1", None),
        "B4": ("number", 21.0, None),
        "B5": ("number", 42.0, "=B4*2"),
        "B6": ("text", "old", None),
    }


def test_named_values_are_read_with_what_they_show(libreoffice: LibreOffice, form: Path) -> None:
    """Asked for by name, an empty cell is an answer too."""
    result = libreoffice.run(
        form, type=[("Form", "B4", "1.5")], values=[("Form", "B4"), ("Form", "B3"), ("Form", "B5")]
    )
    assert [(one.type, one.value, one.string) for one in result.values] == [
        ("number", 1.5, "1.50"),
        ("empty", None, ""),
        ("number", 3.0, "3"),
    ]
    assert result.value("Form", "B5") == 3.0


def test_an_error_cell_reads_as_an_error(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Both ways of reading say so."""
    path = tmp_path / "errors.xlsx"
    book = openpyxl.Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.append(["=1/0", '=IF(TRUE,"words","")', "=2>1", dt.date(2026, 10, 15)])
    book.save(path)
    book.close()
    by_name = libreoffice.run(
        path, recalculate=True, values=[("Sheet", at) for at in ("A1", "B1", "C1", "D1")]
    )
    in_bulk = libreoffice.run(path, recalculate=True, values="all")
    for result in (by_name, in_bulk):
        assert [(one.type, one.value) for one in result.values] == [
            ("error", "#DIV/0!"),
            ("text", "words"),
            ("number", 1.0),
            ("number", SERIAL_OF_15_OCTOBER_2026),
        ]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_a_saved_file_holds_what_was_typed(
    libreoffice: LibreOffice, form: Path, tmp_path: Path, kind: str
) -> None:
    """Each format opens again, with its locks and its lists at work."""
    out = tmp_path / f"saved.{kind}"
    text = "kept – ünïcode\nsecond line"
    first = libreoffice.run(form, type=[("Form", "B1", text), ("Form", "B3", "2026-10-15")], save=[out])
    assert first.saved == (out,)
    again: Result = libreoffice.run(
        out, type=[("Form", "A1", "mine"), ("Form", "B2", "Perhaps"), ("Form", "B2", "No")], values="all"
    )
    assert again.value("Form", "B1") == text
    assert again.value("Form", "B3") == SERIAL_OF_15_OCTOBER_2026
    assert [one.changed for one in again.typed] == [False, False, True]


def test_the_opened_file_stays_as_it_was(libreoffice: LibreOffice, form: Path) -> None:
    """A job writes only where it is told to."""
    before = form.read_bytes()
    typed(libreoffice, form, ("B1", "x"))
    assert form.read_bytes() == before
    assert [one.name for one in form.parent.iterdir()] == ["form.xlsx"]


def test_pages_become_pictures(libreoffice: LibreOffice, form: Path, tmp_path: Path) -> None:
    """One PNG a page, in order."""
    pages = to_png(form, tmp_path / "look", office=libreoffice)
    assert pages
    assert all(one.read_bytes().startswith(b"\x89PNG") for one in pages)


def test_a_hundred_cells_take_seconds(libreoffice: LibreOffice, form: Path) -> None:
    """A whole plan is typed in well under a minute."""
    text = "Build the list of students at 5, 10 and 15 missed days"
    result = libreoffice.run(form, type=[("Form", f"B{row}", text) for row in range(10, 110)])
    assert not result.unchanged
    assert result.seconds < 30


def test_a_file_that_is_no_workbook_is_an_error_and_the_next_job_runs(
    libreoffice: LibreOffice, form: Path, tmp_path: Path
) -> None:
    """One bad file does not cost the session."""
    with pytest.raises(LibreOfficeError, match="not there"):
        libreoffice.run(tmp_path / "missing.xlsx")
    with pytest.raises(LibreOfficeError, match="can save"):
        libreoffice.run(form, save=[tmp_path / "out.docx"])
    assert typed(libreoffice, form, ("B1", "still here"))[0].changed


def test_a_job_past_its_time_is_killed_and_the_next_one_runs(libreoffice: LibreOffice, form: Path) -> None:
    """The whole process group goes, and a fresh soffice takes the next job."""
    many = [("Form", f"B{row}", "x" * 200) for row in range(10, 610)]
    with pytest.raises(LibreOfficeError, match=r"killed after 0\.3 s"):
        libreoffice.run(form, type=many, timeout=0.3)
    assert typed(libreoffice, form, ("B1", "back"))[0].changed
