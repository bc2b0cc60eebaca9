"""A row that was taken out is an empty row with one warning; what stood below it is read where it stands now."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import pytest

from tests.layout.edits import Desk, Page, empty, filled, form, rearranged
from tests.layout.test_structure import broken
from xlplan.findings import Finding
from xlplan.layout.locate import locate
from xlplan.layout.raw import RawPlan
from xlplan.templates import TEMPLATES


def without(name: str, sheet: str, rows: range, *, formulas: bool = True, share: float = 1.0) -> Desk:
    """A filled copy with some rows of one sheet deleted."""
    desk = filled(name, Random(7), share, formulas)
    page = next(page for page in desk.pages if page.name == sheet)

    def up(place: tuple[int, int]) -> tuple[int, int] | None:
        row, column = place
        return None if row in rows else (row - len(rows) if row >= rows.stop else row, column)

    rearranged(desk, page, up)
    return desk


def read(name: str, desk: Desk) -> RawPlan:
    return locate(desk.layout, desk.book(empty(name)))


def told(raw: RawPlan, code: str) -> list[Finding]:
    return [item for item in raw.findings if item.code == code]


def cells(raw: RawPlan) -> dict[str, str]:
    return {path: str(value.cell.value) for path, value in raw.values.items()}


def test_a_deleted_row_of_a_table_is_an_empty_row_and_one_warning() -> None:
    whole = cells(read("sfss", filled("sfss", Random(7), 1.0)))
    raw = read("sfss", without("sfss", "Challenge 1", range(35, 36)))
    gone = {path for path in whole if path not in cells(raw)}
    assert gone and all(path.startswith("challenges[0].strategies[0].steps[1].") for path in gone)
    assert cells(raw).items() <= whole.items()
    assert [item.message for item in told(raw, "label-changed")] == [
        "A locked text was changed: it was “1.2”, it is gone, and so is its row."
    ]
    assert {item.code for item in raw.findings} == {"label-changed", "moved"}
    assert not raw.undecided and not raw.left_over


def test_neighbouring_deleted_rows_are_told_together() -> None:
    raw = read("sfss", without("sfss", "Challenge 1", range(35, 38)))
    (item,) = told(raw, "label-changed")
    assert "“1.2”" in item.message and "“1.3” and “1.4”" in item.message
    assert not told(raw, "contradiction")


def test_boxes_below_a_deleted_head_still_read() -> None:
    """The row of heads over the steps of strategy 1 is gone; the other heads of the sheet say that no column moved."""
    whole = cells(read("sfss", filled("sfss", Random(7), 1.0)))
    raw = read("sfss", without("sfss", "Challenge 1", range(33, 34)))
    assert cells(raw) == whole
    assert [item.facts["was"].split(" *")[0] for item in told(raw, "label-changed")] == [
        "Key Implementation Step"
    ]


def test_a_row_whose_answers_are_left_is_not_gone() -> None:
    """Tag and number were erased, and the row below cut out: the answers that are left may be of either."""
    desk = filled("sfss", Random(7), 1.0)
    page = next(page for page in desk.pages if page.name == "Challenge 1")
    for row in (35, 36):
        for column in (1, 3):
            del page.cells[row, column]
    raw = read("sfss", desk)
    assert told(raw, "contradiction")
    assert "challenges[0].strategies[0].steps[1].step" not in raw.values
    assert broken("sfss", desk) == []


def test_a_row_cut_and_pasted_over_its_neighbour_gives_no_answer_to_either() -> None:
    """Tag, number and first box of step 1.2 stand over those of step 1.3; the answers beside them stayed."""
    desk = filled("sfss", Random(7), 0.0)
    page = next(page for page in desk.pages if page.name == "Challenge 1")
    for column in (1, 2, 3):
        page.cells[36, column] = page.cells.pop((35, column))
    page.boxes[36, 5], desk.owners["<owner>"] = page.boxes[36, 5], {page.boxes[36, 5]}
    page.cells[36, 5] = page.cells[36, 1]._replace(value="<owner>")
    raw = read("sfss", desk)
    assert told(raw, "contradiction")
    assert broken("sfss", desk) == []


def rows_of(page: Page) -> Iterator[range]:
    for row in range(1, page.plan.last_row + 1, 4):
        yield range(row, row + (3 if row % 3 == 0 else 1))


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@pytest.mark.parametrize("formulas", [True, False])
def test_whatever_row_is_deleted_no_value_moves_to_another_field(name: str, formulas: bool) -> None:
    first = {
        plan.key.rstrip("0123456789"): plan.title
        for plan in reversed(form(name).layout.sheets)
        if plan.inputs
    }
    pages = [page for page in filled(name, Random(7), 0.0).pages if page.name in first.values()]
    for page in pages:
        for rows in rows_of(page):
            desk = without(name, page.name, rows, formulas=formulas, share=0.6)
            assert broken(name, desk) == [], (page.name, rows)
