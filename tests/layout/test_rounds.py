"""Copies of later rounds: what is locked looks it, what is open is asked for, and all of it stands on a page."""

from __future__ import annotations

import pytest

from tests.pipeline.later import later
from xlplan.excel.styles import INPUT, LOOKS
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.intake.completeness import completeness
from xlplan.layout.model import Layout, SheetPlan
from xlplan.templates import TEMPLATES

ROUNDS = (CARRIED, STATUS_ROUND)
MOST = {CARRIED: 180.0, STATUS_ROUND: 205.0}  # characters of a sheet's width that still print readably


def texts(plan: SheetPlan) -> set[str]:
    return {str(put.value) for put in plan.puts if put.value is not None}


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_white_boxes_are_theirs_and_locked_ones_are_not(name: str, round_: str) -> None:
    """A locked answer stands on the ground, in the format of its kind; every box has its head beside or above it."""
    for plan in later(name, round_).form.layout.sheets:
        for item in plan.inputs:
            look = LOOKS[item.style]
            assert item.fact or look.locked == item.locked == (look.fill != INPUT), item.path
            assert item.locked == (item.field.locked or item.fact), item.path
            if item.field.locked:
                assert look.format == LOOKS[item.style.replace("held.", "input.")].format, item.path
            assert item.header is None or item.header[0] <= item.row


@pytest.mark.parametrize("round_", ROUNDS)
@pytest.mark.parametrize("name", TEMPLATES)
def test_sheets_stay_on_a_page_and_heads_keep_their_words(name: str, round_: str) -> None:
    """No sheet is wider than a page can show, and no column narrower than the longest word over it."""
    for plan in later(name, round_).form.layout.sheets:
        if plan.inputs:
            assert sum(plan.widths) <= MOST[round_], (plan.title, sum(plan.widths))
        for item in plan.inputs:
            if item.header is None or item.header[1] != item.column:
                continue
            word = max(plan.texts[item.header].replace("/", "/ ").split(" "), key=len)
            assert len(word) <= plan.widths[item.column - 1], (item.path, word)


@pytest.mark.parametrize("name", TEMPLATES)
def test_start_says_what_the_check_is_and_which_sheets_are_only_read(name: str) -> None:
    layout = later(name, STATUS_ROUND).form.layout
    start = layout.sheet("start")
    assert any("mid-year check" in text for text in texts(start))
    rows = {put.row: put.value for put in start.puts if put.style == "soft.link"}
    read = {rows[put.row] for put in start.puts if put.value == "to read"}
    for plan in layout.sheets:
        if plan.inputs:
            assert (plan.title in read) == all(item.locked for item in plan.inputs), plan.title
            assert (plan.title in read) == any("nothing to fill in" in text for text in texts(plan)), (
                plan.title
            )


def asked(layout: Layout, typed: dict[str, object]) -> tuple[int, int]:
    cells = {
        (sheet.title, item.row, item.column): typed[path]
        for path, (sheet, item) in layout.inputs.items()
        if path in typed
    }
    lines = completeness(layout, cells)
    return sum(line["filled"] for line in lines), sum(line["required"] for line in lines)


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_check_counts_the_open_boxes_of_rows_in_use_alone(name: str) -> None:
    """Locked answers are never asked for; a row is asked by what is locked in it, not by what is typed beside."""
    one = later(name, STATUS_ROUND)
    layout = one.form.layout
    begun = {layout.inputs[path][1].group for path in one.cells if layout.inputs[path][1].field.locked}
    required = [
        path
        for path, (_, item) in layout.inputs.items()
        if item.field.required and not item.fact and (item.group in begun or item.group == "")
    ]
    filled = sum(path in one.cells for path in required)
    assert asked(layout, dict(one.cells)) == (filled, len(required))
    everything = dict(one.cells) | {path: "x" for path, (_, item) in layout.inputs.items() if not item.locked}
    assert asked(layout, everything) == (len(required), len(required))
    assert asked(layout, {}) == (0, 2)


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_shown_of_a_row_begins_none(name: str) -> None:
    """In a carried copy, rows of which nothing is left but what was said of them are not in use."""
    one = later(name, CARRIED)
    shown = {path: value for path, value in one.cells.items() if one.form.layout.inputs[path][1].field.shown}
    assert shown and asked(one.form.layout, shown) == asked(one.form.layout, {})
