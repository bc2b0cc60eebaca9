"""Money: what the plans cost by source and by school; without a source, freed and reallocated each apart."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import COST, FREED
from xlplan.rollup.measures import Measure, value, words
from xlplan.rollup.report.lists import amount, count, listing, named, place, prose, text
from xlplan.rollup.report.model import Block, Column, Part, Row, Table, Text
from xlplan.rollup.report.numbers import number, numbers_by, summed
from xlplan.rollup.report.parts.summary import sources_chart
from xlplan.rollup.sheets.money import GLANCE, LISTS, NO_SOURCE, finding
from xlplan.rollup.standard import COST_LINES, COST_OPEN, COSTS


def part(deck: Deck) -> Part | None:
    """None where no plan has a line of money."""
    if not deck.store.one("SELECT 1 FROM money LIMIT 1"):
        return None
    total = Decimal(value(deck.store, COSTS))
    rule = Text(f"Costs as the plans state them; freed money is not taken off. {deck.basis}")
    costs = deck.store.one(f"SELECT 1 FROM money WHERE role = '{COST}' LIMIT 1")
    chart = sources_chart(deck)
    blocks: list[Block] = [rule, *([chart] if chart else []), _glance(deck)]
    blocks += [_by_source(deck)] if costs else []
    blocks += [_by_school(deck), *(_list(deck, *one) for one in LISTS)]
    return Part(id="money", title="Money", finding=finding(deck, total), blocks=blocks)


def _glance(deck: Deck) -> Table:
    def rows() -> Iterator[Row]:
        for measure in GLANCE:
            lines = number(deck, Measure(name="", label="", table="money", where=measure.where))
            yield Row((measure.label, lines, number(deck, measure), words(measure)))
        yield Row((COST_OPEN.label, number(deck, COST_OPEN), None, words(COST_OPEN)))

    return Table(
        name="money-glance", title="At a glance", rows=rows(),
        columns=(Column("What"), Column("Lines", "count"), Column("Amount", "money"),
                 Column("How it is counted", "prose")),
    )  # fmt: skip


def _by_source(deck: Deck) -> Table:
    known = COST_LINES.where_also("amount", None, operator="<>")
    lines, priced, sums = (numbers_by(deck, measure, "source_key") for measure in (COST_LINES, known, COSTS))
    spelled = "SELECT source_key, min(source) FROM money WHERE source <> '' GROUP BY source_key"
    names = {row[0]: row[1] for row in deck.store.rows(spelled)}
    nothing, dollars = summed({}), summed({}, "money")

    def rows() -> Iterator[Row]:
        for key in sorted(lines, key=lambda one: (one is None, -sums[one].value, str(one))):
            yield Row(
                (names.get(key, NO_SOURCE), lines[key], priced.get(key, nothing), sums.get(key, dollars))
            )

    return Table(
        name="money-by-source", title="By funding source", rows=rows(),
        columns=(Column("Funding source"), Column("Lines", "count"), Column("With an amount", "count"),
                 Column("Amount", "money")),
        total=("All", number(deck, COST_LINES), number(deck, known), number(deck, COSTS)),
    )  # fmt: skip


def _by_school(deck: Deck) -> Table:
    sums = {
        "cost": f"role = '{COST}'", "lacking": f"role = '{COST}' AND source IS NULL AND open",
        "moved": f"role = '{COST}' AND reallocated", "freed": f"role = '{FREED}'",
    }  # fmt: skip
    told = ", ".join(f"coalesce(sum(iif({test}, amount, 0)), 0) AS {name}" for name, test in sums.items())
    sql = (
        f"SELECT plan, {named(deck)}, sum(role = '{COST}') AS many, {told} FROM money_full GROUP BY plan "
        "ORDER BY cost DESC, plan"
    )
    columns = [
        count("Lines", "many"), amount("Costs", "cost"), amount("No source", "lacking"), amount("Reallocated", "moved"),
        amount("Freed", "freed"),
    ]  # fmt: skip
    return listing(deck, "money-by-school", "By school, the highest costs first", sql, columns)


def _list(deck: Deck, name: str, heading: str, test: str, empty: str) -> Table:
    sql = f"SELECT *, {named(deck)} FROM money_full WHERE {test} ORDER BY plan, n"
    columns = [
        amount("Amount", "amount"), prose("Item", "item"), prose("Source", "source"), text("Kind", "kind"),
        prose("Strategy or initiative", "strategy"), place(),
    ]  # fmt: skip
    return listing(deck, f"money-{name}", heading, sql, columns, empty=empty)
