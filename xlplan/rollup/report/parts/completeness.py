"""Completeness: the share of the required answers that is in, by school and section, a table a template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlplan.rollup.deck import Deck
from xlplan.rollup.report.lists import named, whose
from xlplan.rollup.report.model import Cell, Column, Number, Part, Row, Share, Table, Text
from xlplan.rollup.report.numbers import query
from xlplan.rollup.sheets.completeness import finding, sections_asked

RULE = "Share of the required answers in, rounded down: only what is complete reads 100%. A dash: nothing came back."


def part(deck: Deck) -> Part | None:
    """A table a template; None where nothing has come back."""
    found = deck.store.rows("SELECT template FROM plans WHERE required GROUP BY template ORDER BY min(plan)")
    tables = [_table(deck, str(row[0]), at) for at, row in enumerate(found, start=1)]
    if not tables:
        return None
    return Part(id="completeness", title="Completeness", finding=finding(deck), blocks=[Text(RULE), *tables])


def _table(deck: Deck, template: str, at: int) -> Table:
    sections = sections_asked(deck, template)
    form = deck.store.one("SELECT form FROM plans WHERE template = ? LIMIT 1", [template]) or template
    return Table(
        name=f"completeness-{at}", title=str(form), rows=_rows(deck, template, sections),
        columns=(Column("School"), Column("All sections", "share"), *(Column(name, "share") for name in sections)),
        total=_total(deck, template, sections),
    )  # fmt: skip


def _rows(deck: Deck, template: str, sections: Sequence[str]) -> Iterator[Row]:
    plans = f"SELECT plan, returns, {named(deck)} FROM plans WHERE template = ? ORDER BY plan"
    for plan in deck.store.rows(plans, [template]):
        sql = "SELECT section, filled, required FROM completeness WHERE plan = ?"
        own = {row[0]: (row[1], row[2]) for row in deck.store.rows(sql, [plan["plan"]])}
        whole = (
            (sum(pair[0] for pair in own.values()), sum(pair[1] for pair in own.values())) if own else None
        )
        yield Row(
            (whose(plan), _share(whole), *(_share(own.get(name)) for name in sections)), plan=plan["plan"]
        )


def _share(pair: tuple[int, int] | None) -> Cell:
    return None if pair is None else Share(Number(value=pair[0]), Number(value=pair[1]))


def _total(deck: Deck, template: str, sections: Sequence[str]) -> tuple[Cell, ...]:
    """How many of the schools that answered have all of a section."""

    def count(what: str, section: str | None) -> Number:
        test = "" if section is None else " AND section = ?"
        sql = f"SELECT 1, plan, {what} FROM completeness_full WHERE template = ?{test} GROUP BY plan"
        return query(deck, sql, [template, *([section] if section else [])]).get(1, Number(value=0))

    whole = "sum(filled) >= sum(required)"
    return (
        "Schools with all answers in",
        *(Share(count(whole, one), count("1", one), "of") for one in (None, *sections)),
    )
