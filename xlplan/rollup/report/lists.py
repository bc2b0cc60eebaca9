"""Lists of rows of plans: how many a page holds, and how a school, a day, an amount stands in a cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import DONE, GOING, OVERDUE, SOON, UNDATED
from xlplan.rollup.report.model import Cell, Column, Link, Row, State, Table
from xlplan.rollup.sheets.naming import STATES, school_sql
from xlplan.rollup.words import cut

MOST = 2_000  # rows of a list on a page; the workbook has more, the export all
SIGNS = {
    OVERDUE: State("▲ Overdue", "bad"), SOON: State("○ Due soon", "look"), UNDATED: State("○ No date", "look"),
    DONE: State("✓ Done", "good"), GOING: State("In progress"),
}  # fmt: skip
MEANS = {"▲": "bad", "○": "look", "✓": "good"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One column of a list: its head, and what a row of a query gives for it."""

    column: Column
    cell: Callable[[Any], Cell]


def listing(
    deck: Deck,
    name: str,
    title: str,
    sql: str,
    columns: Sequence[Shown],
    *,
    values: Sequence[Any] = (),
    total: int | None = None,
    note: str = "",
    empty: str = "None.",
) -> Table:
    """A table of the rows of a query that has `plan` and `whose` (and `status`), at most MOST of them.

    `total`: how many rows there are, if that is known; it is told where not all are shown.
    """
    every = int(deck.store.one(f"SELECT count(*) FROM ({sql})", values)) if total is None else total
    told = [cut_note(every), note] if every > MOST else [note]
    return Table(
        name=name, title=title, columns=(Column("School"), *(shown.column for shown in columns)),
        rows=_rows(deck, f"{sql} LIMIT {MOST}", values, columns), note=" ".join(filter(None, told)), empty=empty,
    )  # fmt: skip


def _rows(deck: Deck, sql: str, values: Sequence[Any], columns: Sequence[Shown]) -> Iterator[Row]:
    for row in deck.store.rows(sql, values):
        status = row["status"] if "status" in row.keys() else ""  # noqa: SIM118 (a Row iterates its values)
        cells = (whose(row), *(shown.cell(row) for shown in columns))
        yield Row(cells, plan=row["plan"], status=status or "")


def cut_note(total: int) -> str:
    """What a list that was cut says."""
    return (
        f"The first {MOST:,} of {total:,} rows. All of them are in the summary workbook and in “xlplan export”; "
        "a page of one campaign or district holds more of its own."
    )


def text(label: str, name: str, kind: str = "text") -> Shown:
    """A column as the query has it."""
    return Shown(Column(label, kind), lambda row: row[name])


def prose(label: str, name: str) -> Shown:
    """A column of words."""
    return text(label, name, "prose")


def count(label: str, name: str) -> Shown:
    """A column of counts."""
    return text(label, name, "count")


def day(label: str, name: str) -> Shown:
    """A column of days."""
    return Shown(Column(label, "day"), lambda row: date.fromisoformat(row[name]) if row[name] else None)


def amount(label: str, name: str) -> Shown:
    """A column of cents as dollars."""
    return Shown(
        Column(label, "money"), lambda row: None if row[name] is None else Decimal(row[name]).scaleb(-2)
    )


def standing(label: str = "State") -> Shown:
    """The status of an activity or benchmark, with its sign."""
    return Shown(Column(label, "state"), lambda row: SIGNS.get(row["status"], State(row["status"] or "–")))


def place(label: str = "Where") -> Shown:
    """The sheet and cell of a row in the school's own file."""
    return Shown(Column(label), lambda row: ", ".join(filter(None, (row["sheet"], row["cell"]))) or None)


def whose(row: Any) -> Link:
    """A row's school, with a link to its part; a row that tells of `returns` has one only where some came."""
    back = row["returns"] if "returns" in row.keys() else True  # noqa: SIM118 (a Row iterates its values)
    return Link(str(row["whose"] or ""), f"#plan-{row['plan']}" if back else "")


def named(deck: Deck, alias: str = "whose") -> str:
    """What a query selects for `whose`."""
    return f"{school_sql(deck)} AS {alias}"


def state_of(name: str) -> State:
    """The state of a plan in words."""
    words = STATES.get(name, name)
    return State(words, MEANS.get(words[:1], "plain"))


def short(text: object, limit: int = 60) -> str:
    """A text as a label of a chart takes it."""
    return cut(str(text), limit)
