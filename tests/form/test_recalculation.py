"""Computing again only what a typed value can change comes to what computing everything comes to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.form.anything import LAYOUTS, typed_somewhere
from xlplan.excel.plate import fixed_values
from xlplan.form.expressions import Key, Twin, Values
from xlplan.form.recalculation import Recalculation, recalculation
from xlplan.layout.model import Layout


@lru_cache
def traced(name: str) -> Recalculation:
    return recalculation(fixed_values(LAYOUTS[name]), LAYOUTS[name].twins)


def everything_computed(
    layout: Layout, typed: Mapping[Key, object], twins: Mapping[Key, Twin]
) -> dict[Key, object]:
    values = Values({**fixed_values(layout), **typed}, {**layout.twins, **twins})
    return {key: values[key] for key in (*layout.twins, *twins)}


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=8)
@given(data=st.data())
def test_typed_values_come_to_the_same(name: str, data: st.DataObject) -> None:
    layout = LAYOUTS[name]
    typed = typed_somewhere(data, layout)
    values = traced(name).over(typed, {})
    assert {key: values[key] for key in layout.twins} == everything_computed(layout, typed, {})


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=5)
@given(data=st.data())
def test_other_formulas_come_to_the_same(name: str, data: st.DataObject) -> None:
    """A correction copy has other formulas in some cells; what reads these is computed again too."""
    layout = LAYOUTS[name]
    typed = typed_somewhere(data, layout)
    cells = data.draw(st.lists(st.sampled_from(sorted(layout.twins)), max_size=9))
    made = traced(name)
    twins = {key: _always(_another(made.blank[key])) for key in cells}
    values = made.over(typed, twins)
    assert {key: values[key] for key in layout.twins} == everything_computed(layout, typed, twins)


def _another(value: object) -> object:
    """A value of the same kind."""
    if isinstance(value, bool):
        return not value
    return ", one more" if isinstance(value, str) else 7


def _always(value: object) -> Twin:
    return lambda _: value


@pytest.mark.parametrize("name", LAYOUTS)
def test_one_typed_cell_leaves_most_formulas_alone(name: str) -> None:
    """Nothing typed: none is computed again. Most cells: fewer than one formula in five."""
    layout, made = LAYOUTS[name], traced(name)
    assert made.over({}, {}) == made.blank
    touched = [
        len(made.blank.keys() - made.over({(sheet.title, item.row, item.column): "x"}, {}).keys())
        for sheet, item in layout.inputs.values()
    ]
    assert sorted(touched)[len(touched) // 2] < len(layout.twins) / 5
