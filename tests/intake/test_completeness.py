"""What is counted without looking at every line is what the workbook counts."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.errors import TemplateError
from xlplan.excel.plate import fixed_values
from xlplan.form.expressions import Key, Values
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.form.spec import FormFacts
from xlplan.intake.completeness import completeness
from xlplan.layout.model import Layout, SheetPlan
from xlplan.layout.place import live_cells
from xlplan.pipeline.forms import form_of
from xlplan.templates import TEMPLATES

TYPED = st.sampled_from(["x", "Yes", "No", " ", "", 5.0, True, False, None, datetime(2027, 1, 4)])


def layouts() -> dict[str, Layout]:
    made = {}
    for name in TEMPLATES:
        for round_ in ("", CARRIED, STATUS_ROUND):
            try:
                made[f"{name} {round_}".strip()] = form_of(name, FormFacts(round=round_)).layout
            except TemplateError:  # not every template has later rounds
                continue
    return made


LAYOUTS = layouts()


def by_the_formulas(layout: Layout, typed: dict[Key, object]) -> list[tuple[str, int, int]]:
    """Every Check line's two cells, added up."""
    values = Values({**fixed_values(layout), **typed}, layout.twins)
    return [
        (sheet.title, *(_sum(values, sheet, name) for name in ("filled", "missing")))
        for sheet in layout.sheets
        if sheet.units
    ]


def _sum(values: Values, sheet: SheetPlan, name: str) -> int:
    return int(sum(values[key] or 0 for key in live_cells(sheet, name)))


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=15)
@given(data=st.data())
def test_completeness_is_what_the_formulas_count(name: str, data: st.DataObject) -> None:
    """Whatever is typed, wherever, and whatever other plans were counted before."""
    layout = LAYOUTS[name]
    first, step = data.draw(st.integers(0, 6)), data.draw(st.sampled_from([1, 2, 7, 40]))
    choices = [(sheet.title, item) for sheet, item in layout.inputs.values()][first::step]
    typed: dict[Key, object] = {}
    for title, item in choices:
        own = st.sampled_from(item.field.choices) | TYPED if item.field.choices else TYPED
        typed[title, item.row, item.column] = data.draw(own)
    told = completeness(layout, typed)
    assert [
        (line["sheet"], line["filled"], line["required"] - line["filled"]) for line in told
    ] == by_the_formulas(layout, typed)
