"""What people do to rows, columns, ranges and sheets with a real program: no value changes its field or gets lost."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.clients.libreoffice import LibreOffice
from tests.layout.edits import form
from xlplan.excel.compile import compile_plate
from xlplan.excel.plate import pour
from xlplan.excel.read import read_workbook
from xlplan.form.markers import Kind
from xlplan.layout.book import Book
from xlplan.layout.locate import locate
from xlplan.layout.raw import RawPlan
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, personal

KINDS = (Kind.TEXT, Kind.PROSE, Kind.PERSON)
FORMATS = (".xlsx", ".ods", ".xls")

# On one of the four like sheets "Challenge": steps of strategy 1 in rows 34 to 38, their heads in row 33, boxes from D.
# With what is done stands the row or rows whose answers may go with it, None for any.
CHANGES: list[list[tuple[str, tuple[object, ...], range | None]]] = [
    [
        ("put_in", ("A35", "ROWS"), range(0)),
        ("take_out", ("A35", "ROWS"), range(35, 36)),
        ("take_out", ("A33", "ROWS"), range(0)),
        ("take_out", ("A35:A37", "ROWS"), range(35, 38)),
    ],
    [
        ("put_in", ("F1", "COLUMNS"), range(0)),
        ("take_out", ("E1", "COLUMNS"), None),
        ("put_in", ("D35", "DOWN"), range(0)),
        ("take_out", ("D35", "UP"), range(35, 36)),
    ],
    [
        ("put_in", ("C35", "RIGHT"), range(0)),
        ("cut", ("A35:I36", "A37"), range(37, 39)),
        ("cut", ("A35:D35", "A36"), range(36, 37)),
        ("copy", ("A34:I34", "A37"), range(37, 38)),
    ],
    [
        ("sort", ("A34:I38", 0, False), range(0)),
        ("sort", ("A34:A38", 0, False), range(0)),
        ("merge", ("D34:D36",), range(34, 37)),
        ("paste", ("C34", [["x"], ["y"], ["z"]]), range(0)),
    ],
    [
        ("rename_sheet", ("Our first",), range(0)),
        ("move_sheet", (9,), range(0)),
        ("copy_sheet", ("Challenge 3 (2)",), range(0)),
        ("delete_sheet", (), None),
    ],
]


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """A copy with a text of its own in nine of ten text boxes; text → slot path."""
    made, random = form("sfss"), Random(3)
    texts = {
        path: f"{plan.key}.{item.row}.{item.column} answer"
        for path, (plan, item) in made.layout.inputs.items()
        if item.field.kind in KINDS and not item.locked and not item.field.refers_to and random.random() < 0.9
    }
    who = personal(BLANK_SCHOOL, blank_identity(made), b"", "")
    file = tmp_path_factory.mktemp("structure") / "answered.xlsx"
    file.write_bytes(pour(compile_plate(made.layout), who, texts))
    return file, {text: path for path, text in texts.items()}


@pytest.mark.parametrize("changes", CHANGES, ids=lambda one: " ".join(what for what, _, _ in one))
def test_no_answer_changes_its_field_or_is_lost(
    libreoffice: LibreOffice,
    answered: tuple[Path, dict[str, str]],
    tmp_path: Path,
    changes: list[tuple[str, tuple[object, ...], range | None]],
) -> None:
    file, owners = answered
    jobs = [(what, f"Challenge {number}", *rest) for number, (what, rest, _) in enumerate(changes, 1)]
    files = [tmp_path / f"changed{suffix}" for suffix in FORMATS]
    libreoffice.run(file, change=jobs, save=files)
    may_go = {
        text
        for text in owners
        for number, (_, _, rows) in enumerate(changes, 1)
        if text.startswith(f"ch{number}.") and (rows is None or int(text.split(".")[1]) in rows)
    }
    for out in files:
        raw, there = read(out)
        assert misread(raw, owners) == [], out.suffix
        kept = {str(value.cell.value) for value in raw.values.values()}
        kept |= {str(item.value) for item in raw.left_over}
        assert there & owners.keys() <= kept, out.suffix
        assert owners.keys() - there <= may_go, out.suffix


def read(file: Path) -> tuple[RawPlan, set[str]]:
    """The raw plan of a file, and all texts that stand in it."""
    book = read_workbook(file.read_bytes())
    assert isinstance(book, Book)
    texts = {
        str(cell.value) for sheet in book.sheets for cell in sheet.cells.values() if cell.formula is None
    }
    return locate(form("sfss").layout, book), texts


def misread(raw: RawPlan, owners: dict[str, str]) -> list[str]:
    """Answers that are read in a field that is not theirs."""
    return [
        f"{value.cell.value} at {path}"
        for path, value in raw.values.items()
        if owners.get(str(value.cell.value), path) != path
    ]


def test_a_copy_that_was_only_saved_reads_in_full(
    libreoffice: LibreOffice, answered: tuple[Path, dict[str, str]], tmp_path: Path
) -> None:
    """The law above would hold of an empty reading: here all answers are read in their own fields."""
    file, owners = answered
    files = [tmp_path / f"same{suffix}" for suffix in FORMATS]
    libreoffice.run(file, save=files)
    for out in files:
        raw, _ = read(out)
        read_at = {str(value.cell.value): path for path, value in raw.values.items()}
        assert owners.items() <= read_at.items()
        assert raw.findings == []
