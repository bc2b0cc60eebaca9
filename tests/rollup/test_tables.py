"""Tidy tables: what stands in them, of which type, and where it came from."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from tests.rollup import district
from xlplan.rollup.data import Column, Shape, TableShape
from xlplan.rollup.frames import records, tidy
from xlplan.rollup.tables import columns_of


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The tables of one plan."""
    return tidy(district.shape(), [district.record(0)])


def test_every_table_of_the_shape_comes_out_with_its_columns(tables: dict[str, pd.DataFrame]) -> None:
    """Keys stand before the fields and lineage behind; a table without rows keeps them all."""
    assert list(tables) == [table.name for table in district.shape().tables]
    assert tables["relationships"].empty
    for table in district.shape().tables:
        assert list(tables[table.name].columns) == list(columns_of(table))
    assert list(tables["steps"].columns)[7:11] == ["challenges_number", "strategies_number", "number", "slot"]


def test_ids_keep_their_leading_noughts(tables: dict[str, pd.DataFrame]) -> None:
    """Ids are text in every table."""
    for frame in tables.values():
        assert frame["school_id"].dtype == object and frame["district_id"].dtype == object
    assert set(tables["steps"]["school_id"]) == {"053082500001"}


def test_numbers_count_the_plan_and_slots_the_workbook(tables: dict[str, pd.DataFrame]) -> None:
    """The second challenge was the third sheet."""
    assert [(row["number"], row["slot"]) for row in records(tables["challenges"])] == [(1, 0), (2, 2)]
    assert {row["challenges_number"] for row in records(tables["steps"])} == {1, 2}


def test_lineage_names_the_first_cell_of_a_row_by_its_slots(tables: dict[str, pd.DataFrame]) -> None:
    """Cells are known by slots, plans by closed-up places."""
    where = ("challenges_number", "strategies_number", "number")
    step = next(s for s in records(tables["steps"]) if [s[name] for name in where] == [2, 1, 2])
    assert (step["sheet"], step["cell"]) == ("Challenge 3", "D34")
    assert step["file"] == "returns/Alder Point Elementary.xlsx"


def test_values_have_their_types(tables: dict[str, pd.DataFrame]) -> None:
    """Days are dates, money is Decimal, yes-no can be missing, choices are joined, items are a column."""
    assert all(value is None or type(value) is date for value in tables["steps"]["due"])
    assert all(value is None or isinstance(value, Decimal) for value in tables["resources"]["cost"])
    assert str(tables["steps"]["done"].dtype) == "boolean"
    first = district.plan(0)["challenges"][0]
    assert tables["strategies"]["priorities"][0] == "; ".join(first["strategies"][0]["priorities"])
    assert list(tables["root_causes"]["root_cause"][:2]) == first["root_causes"]
    assert len(tables["monitoring"]) == 1


def test_a_draft_value_of_the_wrong_kind_is_missing() -> None:
    """A draft is read as far as it can be; its findings name the rest."""
    fields = (("due", "date"), ("cost", "money"), ("number", "text"))
    columns = tuple(Column(name=name, kind=kind, label=name) for name, kind in fields)
    table = TableShape(name="steps", path="steps", columns=columns)
    shape = Shape(template="x", title="X", version=1, year="2026-27", tables=(table,))
    plan = {"steps": [{"due": "TBD", "cost": "$4k", "number": "7"}]}
    row = records(tidy(shape, [district.record(0, plan=plan)])["steps"])[0]
    assert (row["due"], row["cost"], row["number"], row["number_"]) == (None, None, 1, "7")


def test_a_field_within_an_object_is_reached_by_its_dotted_name() -> None:
    """Companions stand beside the fields of their row."""
    table = TableShape(
        name="steps", path="steps", columns=(Column(name="priority.decision", kind="choice", label="D"),)
    )
    shape = Shape(template="x", title="X", version=1, year="2026-27", tables=(table,))
    plan = {"steps": [{"priority": {"decision": "drop"}}, {"priority": None}]}
    rows = records(tidy(shape, [district.record(0, plan=plan)])["steps"])
    assert [row["priority.decision"] for row in rows] == ["drop", None]
