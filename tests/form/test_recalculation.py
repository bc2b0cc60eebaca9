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


@lru_cache
def traced(name: str) -> Recalculation:
    return recalculation(fixed_values(LAYOUTS[name]), LAYOUTS[name].twins)


def assert_the_same(name: str, typed: Mapping[Key, object], twins: Mapping[Key, Twin]) -> None:
    """Every formula's value, beside that of a copy in which all of them are computed."""
    layout = LAYOUTS[name]
    made = traced(name).over(typed, twins)
    everything = Values({**fixed_values(layout), **typed}, {**layout.twins, **twins})
    assert {key: made[key] for key in layout.twins} == {key: everything[key] for key in layout.twins}


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=8)
@given(data=st.data())
def test_typed_values_come_to_the_same(name: str, data: st.DataObject) -> None:
    assert_the_same(name, typed_somewhere(data, LAYOUTS[name]), {})


@pytest.mark.parametrize("name", LAYOUTS)
@settings(max_examples=5)
@given(data=st.data())
def test_other_formulas_come_to_the_same(name: str, data: st.DataObject) -> None:
    """A correction copy has other formulas in some cells; what reads these is computed again too."""
    layout = LAYOUTS[name]
    typed = typed_somewhere(data, layout)
    cells = data.draw(st.lists(st.sampled_from(sorted(layout.twins)), max_size=9))
    blank = traced(name).blank
    assert_the_same(name, typed, {key: _always(_another(blank[key])) for key in cells})


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
