"""The report as data: what its numbers come to, for all plans and for some, and what holds its parts together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline.loop import begun
from tests.rollup import mixed
from xlplan.campaign import Campaign
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import STATUSES
from xlplan.rollup.measures import value
from xlplan.rollup.report.build import TOLD, report_of
from xlplan.rollup.report.model import (
    Block,
    Cell,
    Chart,
    Link,
    Marked,
    Number,
    Part,
    Report,
    Row,
    Share,
    State,
    Table,
    Tiles,
)
from xlplan.rollup.report.numbers import together
from xlplan.rollup.standard import FIGURES

KINDS = {
    "text": (str, Link, State, Number, type(None)), "prose": (str, Link, Marked, type(None)),
    "count": (int, Decimal, Number, type(None)), "money": (Decimal, Number, type(None)),
    "share": (Share, type(None)), "state": (State, type(None)),
}  # fmt: skip


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deck]:
    made: Campaign = mixed.campaign(tmp_path_factory.mktemp("report") / "autumn")
    with mixed.deck(made) as found:
        yield found


@pytest.fixture(scope="module")
def parts(deck: Deck) -> list[Part]:
    """The parts with the rows of their tables in lists."""
    return [replace(part, blocks=[held(block) for block in part.blocks]) for part in report_of(deck).parts()]


def held(block: Block) -> Block:
    return replace(block, rows=list(block.rows)) if isinstance(block, Table) else block


def tables(parts: list[Part]) -> Iterator[Table]:
    for part in parts:
        for block in part.blocks:
            if isinstance(block, Table):
                yield block
            elif isinstance(block, Chart):
                yield block.table


def table(parts: list[Part], name: str) -> Table:
    return next(one for one in tables(parts) if one.name == name)


def cells(one: Table) -> Iterator[Cell]:
    for row in one.rows:
        yield from row.cells
    yield from one.total


def numbers(parts: list[Part]) -> Iterator[Number]:
    for one in tables(parts):
        for cell in cells(one):
            yield from (cell.part, cell.whole) if isinstance(cell, Share) else ()
            yield from (cell,) if isinstance(cell, Number) else ()
    for part in parts:
        for block in part.blocks:
            for tile in block.tiles if isinstance(block, Tiles) else ():
                found = tile.number
                yield from (found.part, found.whole) if isinstance(found, Share) else (found,)


def test_every_part_of_the_workbook_is_told_or_named_as_left_out(parts: list[Part], deck: Deck) -> None:
    told = {part.title for part in parts}
    method = parts[-1]
    assert method.title == "Method"
    left = next(block.text for block in method.blocks if getattr(block, "label", "") == "Parts left out")
    for name in TOLD:
        assert (name in told) != (name in left), name
    assert {part.plan for part in parts} == {None}
    assert deck.schools == len(report_of(deck).plans)


def test_links_lead_to_what_is_there(parts: list[Part], deck: Deck) -> None:
    """To a part of the report, or to the part of a plan that came back."""
    ids = {f"#{part.id}" for part in parts}
    back = {f"#plan-{row[0]}" for row in deck.store.rows("SELECT plan FROM plans WHERE returns")}
    met = {cell.href for one in tables(parts) for cell in cells(one) if isinstance(cell, Link)}
    assert met - {""} <= ids | back
    assert back <= met, "every plan that came back is linked to"


def test_ids_and_names_stand_once(parts: list[Part]) -> None:
    names = [part.id for part in parts] + [one.name for one in tables(parts)]
    assert len(names) == len(set(names)), sorted(names)


def test_tables_hold_what_their_columns_say(parts: list[Part]) -> None:
    for one in tables(parts):
        for row in [*one.rows, *([Row(one.total)] if one.total else [])]:
            assert len(row.cells) == len(one.columns), one.name
            for column, cell in zip(one.columns, row.cells, strict=True):
                if column.kind in KINDS:
                    assert isinstance(cell, KINDS[column.kind]), (one.name, column.label, cell)
            assert row.status in ("", *STATUSES), one.name


def test_a_number_is_what_its_plans_add_up_to(parts: list[Part]) -> None:
    """So that what is counted again for all plans is what stands there."""
    met = list(numbers(parts))
    assert len(met) > 200
    for number in met:
        if number.by:
            assert sum(number.by.values()) == number.value


def test_named_numbers_are_the_figures_that_trace_explains(parts: list[Part], deck: Deck) -> None:
    known = {measure.name: value(deck.store, measure) for measure in FIGURES}
    told = {str(row.cells[0]): row.cells[2] for row in table(parts, "figures").rows}
    assert {name: cell.value for name, cell in told.items() if isinstance(cell, Number)} == known
    for number in numbers(parts):
        if number.name:
            assert number.value == known[number.name], number.name


def test_for_some_plans_a_number_is_what_the_store_says_of_them(parts: list[Part], deck: Deck) -> None:
    """The figures of each plan alone: what a page shows when one school is chosen."""
    told = {str(row.cells[0]): row.cells[2] for row in table(parts, "figures").rows}
    for measure in FIGURES:
        number = told[measure.name]
        assert isinstance(number, Number)
        for key in report_of(deck).plans:
            own = value(deck.store, measure.where_also("plan", key.plan))
            assert number.by.get(key.plan, 0) == own, (measure.name, key.plan)


def test_totals_are_what_their_rows_add_up_to(parts: list[Part]) -> None:
    for name in ("by-month", "benchmarks-by-status", "money-by-source", "by-districts"):
        one = table(parts, name)
        for at, cell in enumerate(one.total):
            if isinstance(cell, Number):
                column = [row.cells[at] for row in one.rows]
                summed = together(*(item for item in column if isinstance(item, Number)))
                assert (summed.value, summed.by) == (cell.value, cell.by), (name, one.columns[at].label)


def test_rows_of_lists_know_their_plan(parts: list[Part]) -> None:
    """A row of a plan names it, and the link in its first cell leads there: filters and links speak of one plan."""
    for one in tables(parts):
        for row in one.rows:
            first = row.cells[0]
            if isinstance(first, Link) and first.href:
                assert first.href == f"#plan-{row.plan}", one.name


@pytest.mark.parametrize("template", ["sfss", "planning-for-success"])
def test_before_anything_came_back_the_report_says_so(tmp_path: Path, template: str) -> None:
    with mixed.deck(begun(tmp_path / "autumn", template)) as nothing:
        told = [
            replace(part, blocks=[held(block) for block in part.blocks])
            for part in report_of(nothing).parts()
        ]
    assert [part.id for part in told] == ["summary", "returns", "method"]
    assert told[0].finding.startswith("No plan has come back yet")
    assert {cell.href for cell in cells(table(told, "returned")) if isinstance(cell, Link)} == {""}


def test_the_report_says_whose_and_when(deck: Deck) -> None:
    report: Report = report_of(deck)
    assert report.title == "2 districts"
    assert "January 31, 2027" in report.about
    assert set(report.statuses) <= set(STATUSES)
