"""Whatever can be wrong with a cell of sfss is found at that cell, for every field and every structural code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest

from tests.specimens import edits
from tests.specimens.build import form, poured
from xlplan.form.markers import Kind
from xlplan.form.spec import Field
from xlplan.layout.model import Input
from xlplan.pipeline.check import Context, check_file
from xlplan.samples import sample_plans

DAYS, TEXTS = (Kind.DATE, Kind.PAST_DATE), (Kind.TEXT, Kind.PROSE, Kind.PERSON)


@cache
def full() -> bytes:
    """A sample with something in the first row of every table, optional answers too."""
    plan = sample_plans("sfss")[0]
    plan["team"] = [{"name": "R. Diaz", "role": "Principal", "facilitator": True, "recorder": False}]
    plan["signoffs"] = [{"role": "principal", "name": "R. Diaz", "signed_on": "2026-09-15"}]
    return poured("sfss", plan)


def first_cells() -> dict[str, Input]:
    """One input for every field of the form: the first slot's, and for ticks the first choice's."""
    found: dict[str, Input] = {}
    for path, (_, item) in form("sfss").layout.inputs.items():
        slots = [part.split("]")[0] for part in path.split("[")[1:]]
        first = all(slot == "0" or not slot.isdigit() for slot in slots)
        generic = f"{re.sub(r'[0-9]+', '', item.group)}.{item.name}"
        if first and not item.locked:
            found.setdefault(generic, item)
    return found


def illnesses(field: Field, *, plain: bool) -> Iterator[tuple[str, str, str]]:
    """Code, type and content of a cell, for every structural code that applies; an emptied `plain` row is no row."""
    yield "error-cell", "e", "<v>#REF!</v>"
    yield "formula-no-value", "", "<f>1+1</f>"
    if field.required and not field.ticks and not plain:
        yield "missing", "", ""
        yield "missing", "inlineStr", "<is><t>  \u00a0 </t></is>"
    if field.kind in DAYS:
        yield "type", "inlineStr", "<is><t>Fall 2026</t></is>"
        yield "type", "b", "<v>1</v>"
    if field.kind is Kind.PAST_DATE:
        yield "range", "", "<v>36526</v>"
    if field.kind is Kind.DATE:
        yield "date-outside-window", "", "<v>36526</v>"
    if field.kind is Kind.MONEY:
        yield "type", "inlineStr", "<is><t>in kind</t></is>"
        yield "range", "", "<v>-500</v>"
        yield "range", "", "<v>1.005</v>"
        yield "range", "", "<v>1e10</v>"
        yield "range", "", "<v>1E+300</v>"
    if field.kind in (Kind.YES_NO, Kind.CHOICE, Kind.TICK):
        yield "choice", "inlineStr", "<is><t>perhaps</t></is>"
        yield "choice", "", "<v>7</v>"
    if field.kind in TEXTS and field.limit:
        yield "too-long", "inlineStr", f"<is><t>{'x' * (field.limit + 1)}</t></is>"
        yield "too-long", "inlineStr", f"<is><t>{'🎓' * (field.limit // 2 + 1)}</t></is>"


CASES = [
    (name, item.path, code, kind, inner)
    for name, item in first_cells().items()
    for code, kind, inner in illnesses(item.field, plain=not item.name)
]


@pytest.mark.parametrize("name", sorted({case[0] for case in CASES}))
def test_every_illness_is_found_at_its_cell(name: str) -> None:
    """The code, the path and the cell are the field's, and the file is not accepted."""
    layout = form("sfss").layout
    for _, path, code, kind, inner in (case for case in CASES if case[0] == name):
        checked = check_file(edits.typed(full(), layout, path, kind, inner), "copy.xlsx", Context()).checked
        ref = layout.cell_of(path)
        assert ref is not None
        found = [(item.code, item.path, item.sheet, item.cell) for item in checked.findings]
        assert (code, path, ref.sheet, ref.a1) in found, f"{inner[:40]} gave {found}"
        assert checked.outcome == "rejected"


def test_a_strategy_without_a_tick_lacks_its_priority() -> None:
    """A group of ticks is one answer: it is missing at the first of its cells, or at the strategy."""
    plan = sample_plans("sfss")[0]
    plan["challenges"][0]["strategies"][0]["priorities"] = []
    found = check_file(poured("sfss", plan), "copy.xlsx", Context()).checked.findings
    assert [(item.code, item.path) for item in found] == [
        ("missing", "challenges[0].strategies[0].priorities")
    ]
    assert (found[0].sheet, found[0].cell is not None) == ("Challenge 1", True)


def test_every_field_has_cases() -> None:
    """34 fields and more, each at least with an error value and a formula without a value."""
    fields = {field.name for _, group in form("sfss").layout.spec.walk() for field in group.fields}
    assert len({case[0] for case in CASES}) >= 34
    assert fields - {"district_id", "district", "school_id", "school", "year"} <= {
        name.rsplit(".", 1)[1] or "root_causes" for name in (case[0] for case in CASES)
    }
