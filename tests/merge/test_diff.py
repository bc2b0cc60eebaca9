"""What differs between two plans: by slot, in sheet order, as values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.form.markers import Kind
from xlplan.form.spec import FormFacts
from xlplan.layout.model import Layout
from xlplan.merge.diff import Change, changes, counts, parts_of
from xlplan.merge.page import page
from xlplan.merge.values import plain_cells
from xlplan.pipeline.forms import form_of
from xlplan.templates import TEMPLATES

VALUES: dict[Kind, tuple[object, ...]] = {
    Kind.DATE: (date(2026, 10, 1), datetime(2026, 10, 1), date(2026, 10, 2), "TBD"),
    Kind.PAST_DATE: (date(2026, 9, 1), datetime(2026, 9, 1, 8, 30)),
    Kind.MONEY: (Decimal("1200"), Decimal("1200.00"), 1200.5, "about 3,200"),
    Kind.YES_NO: (True, False, "maybe"),
    Kind.TICK: (True, False),
}
TEXTS = ("Meet every week", "Meet every month", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "")


@cache
def layout(name: str, challenges: int = 0) -> Layout:
    slots = (("challenges", challenges),) if challenges else ()
    return form_of(name, FormFacts(slots=slots)).layout


def cells(of: Layout, seed: int, share: float = 0.05) -> dict[str, object]:
    chance = Random(seed)
    return {
        path: chance.choice(VALUES.get(item.field.kind, TEXTS))
        for path, (_, item) in of.inputs.items()
        if not item.locked and chance.random() < share
    }


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(TEMPLATES)), one=st.integers(0, 500), other=st.integers(0, 500))
def test_what_differs_makes_the_second_of_the_first(name: str, one: int, other: int) -> None:
    """Applied to the first plan, the changes give the second; each is of its kind, once, in sheet order."""
    form = layout(name)
    a, b = cells(form, one), cells(form, other)
    found = changes(form, a, b)
    made = plain_cells(form, a)
    for change in found:
        assert made.get(change.path) == change.a != change.b
        kind = "added" if change.a is None else "removed" if change.b is None else "changed"
        assert change.kind == kind
        made[change.path] = change.b
    assert {path: value for path, value in made.items() if value is not None} == plain_cells(form, b)
    assert sum(counts(found).values()) == len({change.path for change in found}) == len(found)
    assert [place(form, change) for change in found] == sorted(place(form, change) for change in found)
    assert changes(form, a, a) == [] and changes(form, b, dict(reversed(b.items()))) == []


def place(form: Layout, change: Change) -> tuple[int, int, int]:
    sheet, item = form.inputs[change.path]
    assert (sheet.title, change.sheet) == (change.sheet, sheet.title)
    return form.sheets.index(sheet), item.row, item.column


def test_values_are_compared_not_how_they_are_written() -> None:
    """A day with midnight, money with more noughts, a tick that is not set."""
    form = layout("sfss")
    due, cost = "challenges[0].strategies[0].steps[0].due", "resources[0].cost"
    tick = next(path for path, (_, item) in form.inputs.items() if item.field.kind is Kind.TICK)
    a = {due: date(2026, 10, 1), cost: Decimal("1200"), tick: False}
    assert changes(form, a, {due: datetime(2026, 10, 1), cost: Decimal("1200.00")}) == []
    (change,) = changes(form, a, {due: date(2026, 10, 1), cost: Decimal("1200.01")})
    assert change.as_json() == {
        "path": cost, "sheet": "Resources", "cell": change.cell, "kind": "changed", "a": "1200.00", "b": "1200.01",
    }  # fmt: skip
    assert form.cell_of(cost) is not None and change.cell == form.cell_of(cost).a1  # type: ignore[union-attr]


def test_a_box_that_one_form_has_alone_is_told_too() -> None:
    """More slots, other addresses: the same slot is the same answer, and what has no box now is not lost."""
    wide, narrow = layout("sfss", 5), layout("sfss")
    last = "challenges[4].description"
    a = {last: "Only here", "challenges[0].description": "In both", "resources[0].item": "Buses"}
    b = {"challenges[0].description": "In both", "resources[0].item": "Bus"}
    there = changes(narrow, a, b, wide)
    assert [(item.path, item.kind, item.b) for item in there] == [
        (last, "removed", None), ("resources[0].item", "changed", "Bus")
    ]  # fmt: skip
    assert there[0].sheet == "Challenge 5"
    back = changes(wide, b, a, narrow)
    assert [(item.path, item.kind) for item in back] == [(last, "added"), ("resources[0].item", "changed")]


def change_of(a: object, b: object, path: str = "challenges[0].description") -> Change:
    (found,) = changes(layout("sfss"), {path: a}, {path: b})
    return found


def test_only_texts_are_compared_by_words() -> None:
    """Of a day one wants to see the whole day."""
    due = "challenges[0].strategies[0].steps[0].due"
    days = parts_of(change_of(date(2026, 10, 1), date(2026, 10, 2), due), 40)
    assert [(part.kind, part.text) for part in days] == [("removed", "2026-10-01"), ("added", "2026-10-02")]
    words = parts_of(change_of("Meet every week", "Meet every month"), 40)
    assert [part.text for part in words] == ["Meet every ", "week", "month"]


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", '"><img src=x onerror=y>', "&lt;b&gt;", "\u202egnp"]
)
def test_hostile_text_is_inert_on_the_page(hostile: str) -> None:
    """In an answer, a file's name and the note: no element of theirs, nothing fetched, nothing run."""
    text = page([change_of("was", hostile)], a=hostile, b="b", note=hostile)
    assert "<script" not in text and "<img" not in text and "\u202e" not in text
    assert text.count("src=") == text.count("src=x") and "http" not in text.replace("http-equiv", "")
    assert ("&amp;lt;b&amp;gt;" in text) == (hostile == "&lt;b&gt;")
    assert "<del>was</del>" in text and "<ins>" in text


def test_the_page_says_so_when_nothing_differs() -> None:
    assert "No answer differs" in page([], a="a", b="b")
