"""Whatever can be wrong with a cell is found at that cell: every field of every template, every structural code."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest

from tests.specimens import edits
from tests.specimens.build import form, poured
from tests.specimens.ills import (
    as_xml,
    first_cells,
    full_plan,
    generic,
    hanging_on,
    holding,
    illnesses,
)
from xlplan.excel.read import read_workbook
from xlplan.findings import Checked, Severity
from xlplan.form.plan import HEADER
from xlplan.form.spec import Group
from xlplan.layout.book import Book
from xlplan.pipeline.check import check_file, check_opened
from xlplan.pipeline.opening import Context, Opened, open_book
from xlplan.templates import TEMPLATES

NAMES = sorted(TEMPLATES)
FIELDS = [(name, field) for name in NAMES for field in first_cells(form(name).layout)]
TABLES = [(name, path) for name in NAMES for path, group in form(name).layout.spec.walk() if group.minimum]
TARGETS = sorted(
    {
        (name, item.refers_to.target)
        for name in NAMES
        for _, group in form(name).layout.spec.walk()
        for item in group.fields
        if item.refers_to is not None and item.refers_to.by == "name"
    }
)
Told = set[tuple[str, str | None, str | None, str | None]]


@cache
def full(name: str) -> bytes:
    """A plan with something in the first row of every table, optional answers too."""
    return poured(name, full_plan(form(name).layout.spec))


@cache
def book(name: str) -> Book:
    made = read_workbook(full(name), "copy.xlsx")
    assert isinstance(made, Book)
    return made


def errors(checked: Checked) -> Told:
    """What keeps a plan from being accepted: code, path, sheet and cell."""
    found = (item for item in checked.findings if item.severity is Severity.ERROR)
    return {(item.code, item.path, item.sheet, item.cell) for item in found}


def place(name: str, code: str, path: str) -> tuple[str, str, str, str]:
    """The finding of that code at the cell of a path."""
    ref = form(name).layout.cell_of(path)
    assert ref is not None
    return code, path, ref.sheet, ref.a1


def checked_plan(name: str, plan: dict[str, Any]) -> Told:
    return errors(check_file(poured(name, plan), "copy.xlsx", Context()).checked)


@pytest.mark.parametrize("name", NAMES)
def test_the_full_plan_is_well(name: str) -> None:
    """What the tests below break is whole before."""
    assert check_file(full(name), "copy.xlsx", Context()).checked.outcome == "accepted"


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_every_illness_is_found_at_its_cell(name: str, field: str) -> None:
    """The code, the path and the cell are the field's, and nothing else is wrong but what hangs on that name."""
    layout, whole = form(name).layout, book(name)
    item = first_cells(layout)[field]
    hanging = {place(name, "unknown-reference", path) for path in hanging_on(layout, whole, item)}
    for code, cell in illnesses(item.field, plain=not item.name):
        opened = open_book(holding(whole, layout, item.path, cell), "copy.xlsx", "", Context())
        assert isinstance(opened, Opened)
        checked = check_opened(opened, Context()).checked
        assert errors(checked) - hanging == {place(name, code, item.path)}, cell
        assert checked.outcome == "rejected"


@pytest.mark.parametrize("name", NAMES)
def test_an_illness_is_found_in_the_file_too(name: str) -> None:
    """Each content once as a file holds it: the same finding as in the workbook made of plain data."""
    layout = form(name).layout
    contents = {
        (code, as_xml(cell)): item.path
        for item in first_cells(layout).values()
        for code, cell in illnesses(item.field, plain=not item.name)
    }
    for (code, (kind, inner)), path in contents.items():
        checked = check_file(
            edits.typed(full(name), layout, path, kind, inner), "copy.xlsx", Context()
        ).checked
        assert place(name, code, path) in errors(checked), inner[:40]


@pytest.mark.parametrize(("name", "table"), TABLES)
def test_a_table_with_too_few_rows_says_so(name: str, table: str) -> None:
    """At the table; what chose one of the missing rows says so too."""
    plan = full_plan(form(name).layout.spec)
    path, rows, group = first_table(form(name).layout.spec.root, plan, table)
    del rows[group.minimum - 1 :]
    found = checked_plan(name, plan)
    assert ("too-few", path) in {(code, where) for code, where, _, _ in found}
    assert {code for code, _, _, _ in found} <= {"too-few", "unknown-reference"}


def first_table(root: Group, plan: dict[str, Any], table: str) -> tuple[str, list[Any], Group]:
    """A table's path, rows and group, in the first rows of the tables around it."""
    data: Any = plan
    group, path = root, ""
    for part in table.replace("[]", "").split("."):
        if isinstance(data, list):
            data, path = data[0], f"{path}[0]"
        data, path = data[part], f"{path}.{part}".strip(".")
        member = group.member(part)
        assert isinstance(member, Group)
        group = member
    return path, data, group


@pytest.mark.parametrize(("name", "target"), TARGETS)
def test_two_rows_of_one_name_are_told_of(name: str, target: str) -> None:
    """At the second of them, however it is written; nothing else is wrong but what hung on the name it had."""
    table, _, field = target.partition(".")
    plan = full_plan(form(name).layout.spec)
    plan[table].append(copy.deepcopy(plan[table][0]))
    number = len(plan[table]) - 1
    plan[table][number][field] = f" {plan[table][0][field].upper()}."
    found = checked_plan(name, plan)
    assert found == {place(name, "duplicate", f"{table}[{number}].{field}")}


@pytest.mark.parametrize("name", NAMES)
def test_a_group_of_ticks_without_one_is_missing(name: str) -> None:
    """A group of ticks is one answer: it is missing at the first of its cells, or at its row."""
    spec = form(name).layout.spec
    groups = [
        path for path, group in spec.walk() if any(item.ticks and item.required for item in group.fields)
    ]
    for path in groups:
        plan = full_plan(spec)
        where, rows, group = first_table(spec.root, plan, path)
        item = next(item for item in group.fields if item.ticks and item.required)
        rows[0][item.name] = []
        found = checked_plan(name, plan)
        assert {(code, at) for code, at, _, _ in found} == {("missing", f"{where}[0].{item.name}")}
    assert bool(groups) == (name == "sfss")


@pytest.mark.parametrize("name", NAMES)
def test_several_references_need_one_where_they_are_required(name: str) -> None:
    spec = form(name).layout.spec
    for path, group in spec.walk():
        for item in group.fields:
            if item.many and item.required and item.refers_to is not None:
                plan = full_plan(spec)
                where, rows, _ = first_table(spec.root, plan, path)
                rows[0][item.name] = []
                found = checked_plan(name, plan)
                assert {(code, at) for code, at, _, _ in found} == {("missing", f"{where}[0].{item.name}")}


def test_a_resource_without_one_of_its_three_answers_is_not_complete() -> None:
    """`expanded_use`, `reallocation` or `new`: one at least."""
    spec = form("planning-for-success").layout.spec
    plan = full_plan(spec)
    plan["initiatives"][0]["resources"][0] |= {"expanded_use": None, "reallocation": None, "new": None}
    found = checked_plan("planning-for-success", plan)
    assert [(code, (path or "").removesuffix(".expanded_use")) for code, path, _, _ in found] == [
        ("missing", "initiatives[0].resources[0]")
    ]


def test_a_strategy_that_needs_a_plan_needs_a_step() -> None:
    """Whether it does is what its status says."""
    spec = form("data-team").layout.spec
    for status in next(item for item in spec.group("strategies").fields if item.name == "status").choices:
        plan = full_plan(spec)
        plan["strategies"][0] |= {"status": status, "steps": []}
        found = {(code, path) for code, path, _, _ in checked_plan("data-team", plan)}
        needed = status in ("new, several steps", "existing, to be refined")
        assert found == ({("too-few", "strategies[0].steps")} if needed else set()), status


@pytest.mark.parametrize("name", NAMES)
def test_every_field_has_cases(name: str) -> None:
    """Every field that people fill in stands in the tests above."""
    spec = form(name).layout.spec
    expected = {
        path
        if group.plain
        else f"{path}{'' if not path or group.slots is None else '[]'}.{item.name}".strip(".")
        for path, group in spec.walk()
        for item in group.fields
        if item.name not in HEADER
    }
    found = {field for own, field in FIELDS if own == name}
    assert {item.removesuffix("[]") for item in found} == expected
    assert generic(first_cells(form(name).layout)["prepared_by"]) == "prepared_by"
