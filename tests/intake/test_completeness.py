"""What is counted without looking at every line is what the workbook counts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.form.anything import LAYOUTS, typed_somewhere
from xlplan.excel.plate import fixed_values
from xlplan.form.expressions import Key, Values
from xlplan.intake.completeness import completeness
from xlplan.layout.model import Layout, SheetPlan
from xlplan.layout.place import live_cells


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
    typed = typed_somewhere(data, layout)
    told = completeness(layout, typed)
    assert [
        (line["sheet"], line["filled"], line["required"] - line["filled"]) for line in told
    ] == by_the_formulas(layout, typed)
