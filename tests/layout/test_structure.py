"""Whatever a hand does to rows, columns, ranges and sheets: a value is read where it belongs, or is told of."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.layout.edits import EDITS, Desk, empty, filled
from xlplan.layout.locate import locate
from xlplan.layout.raw import RawPlan
from xlplan.templates import TEMPLATES


def broken(name: str, desk: Desk) -> list[str]:
    """Every value in the wrong field, and every one that is neither read nor told of."""
    book = desk.book(empty(name))
    raw = locate(desk.layout, book)
    wrong = [
        f"{value.cell.value} read at {path}"
        for path, value in raw.values.items()
        if str(value.cell.value) in desk.owners and path not in desk.owners[str(value.cell.value)]
    ]
    held = {cell.value for sheet in book.sheets for cell in sheet.cells.values()}
    read = {str(value.cell.value) for value in raw.values.values()}
    told = {str(one.value) for one in raw.left_over if _has_finding(raw, one.sheet, one.code, one.cell)}
    lost = [f"{value} lost" for value in desk.owners if value in held and value not in read | told]
    return wrong + lost


def _has_finding(raw: RawPlan, sheet: str, code: str, cell: str) -> bool:
    if code == "label-changed":
        return any((label.sheet, label.cell) == (sheet, cell) for label in raw.labels)
    return any((item.sheet, item.code) == (sheet, code) for item in raw.findings)


def agree_not(kinds: list[str]) -> bool:
    """Heads gone from two exchanged columns and heads exchanged of two others bear each other out (decision 16)."""
    return not {"swap_headless", "swap_heads"} <= set(kinds)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(min_value=0, max_value=2**32),
    kinds=st.lists(st.sampled_from(sorted(EDITS)), min_size=1, max_size=3).filter(agree_not),
    share=st.sampled_from((1.0, 0.6, 0.2)),
    formulas=st.booleans(),
)
def test_no_value_is_misread_or_lost(
    name: str, seed: int, kinds: list[str], share: float, formulas: bool
) -> None:
    random = Random(seed)
    desk = filled(name, random, share, formulas)
    for kind in kinds:
        EDITS[kind](desk, random)
    assert broken(name, desk) == [], desk.done


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_an_untouched_copy_reads_in_full(name: str) -> None:
    desk = filled(name, Random(1), 1.0)
    raw = locate(desk.layout, desk.book(empty(name)))
    assert (raw.findings, raw.left_over, raw.labels, raw.undecided) == ([], [], [], set())
    assert {
        str(value.cell.value): {path} for path, value in raw.values.items() if path in _boxes(desk)
    } == desk.owners


def _boxes(desk: Desk) -> set[str]:
    return {path for page in desk.pages for path in page.boxes.values()}
