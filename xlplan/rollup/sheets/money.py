"""Money: what the plans cost by source and by school; without a source, freed and reallocated each apart."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.facts import COST, FREED
from xlplan.rollup.links import link_to_cell
from xlplan.rollup.measures import Measure, coded, value, values_by, words
from xlplan.rollup.sheets.blocks import Counter, write_block
from xlplan.rollup.sheets.naming import MOST, cut_note, school_sql
from xlplan.rollup.standard import COST_LINES, COST_OPEN, COSTS, FREED_MONEY, REALLOCATED, UNFUNDED
from xlplan.rollup.words import counted, dollars, percent

NAME = "Money"
WIDTHS = (42, 17, 17, 17, 17, 44, 40)
NO_SOURCE = "No source named"
GLANCE = (COSTS, UNFUNDED, REALLOCATED, FREED_MONEY)
LISTS = (
    ("open", "Amount or source open", f"role = '{COST}' AND open", "Nothing is open."),
    (
        "reallocated",
        "Paid by reallocating",
        f"role = '{COST}' AND reallocated",
        "Nothing is paid by reallocating.",
    ),
    ("freed", "Freed by what is given up", f"role = '{FREED}'", "Nothing is freed."),
)


def _write(book: Book, deck: Deck) -> None:
    page = book.page(NAME, WIDTHS)
    total = Decimal(value(deck.store, COSTS))
    page.title(f"Money: {dollars(total)} in {counted(deck.plans, 'plan')}", finding(deck, total))
    page.row(2, [f"Costs as the plans state them; freed money is not taken off. {deck.basis}"], ["note"], 20)
    row = _glance(page, deck, 3)
    if deck.store.one(f"SELECT 1 FROM money WHERE role = '{COST}' LIMIT 1"):
        row = _by_source(page, deck, row, total)
    row = _by_school(page, deck, row)
    for name, heading, test, empty in LISTS:
        row = _list(page, deck, row, name, heading, test, empty)
    page.sheet.freeze_panes(1, 0)
    page.sheet.repeat_rows(0)


def finding(deck: Deck, total: Decimal) -> str:
    """The largest source, and what is not paid for."""
    sums = {
        key: amount for key, amount in values_by(deck.store, COSTS, "source_key").items() if key and amount
    }
    told = []
    if sums and total:
        key = min(sums, key=lambda one: (-sums[one], one))
        name = deck.store.one("SELECT min(source) FROM money WHERE source_key = ?", [key])
        told.append(f"Largest source: {name}, {dollars(Decimal(sums[key]))} ({percent(sums[key], total)})")
    lacking = Decimal(value(deck.store, UNFUNDED))
    unasked = total - lacking - sum((Decimal(amount) for amount in sums.values()), Decimal(0))
    if lacking:
        told.append(f"{dollars(lacking)} has no source yet")
    if unasked:  # a form with a budget only, or a line that is no money
        told.append(f"for {dollars(unasked)} no source is asked")
    if sums and not lacking and not unasked:
        told.append("every cost with an amount names its source")
    if freed := Decimal(value(deck.store, FREED_MONEY)):
        told.append(f"{dollars(freed)} is freed")
    text = "; ".join(told) or "no amount is stated yet"
    return text[:1].upper() + text[1:] + "."


def _glance(page: Page, deck: Deck, top: int) -> int:
    """The four sums that are not to be mixed, each with its lines and the filter that gives it."""
    figure = Counter(deck, "money", 2 * len(GLANCE) + 2, "Role, Source and Reallocated")

    def lines() -> Iterator[list[Any]]:
        for measure in GLANCE:
            rows = Measure(name="", label="", table="money", where=measure.where)
            yield [measure.label, figure(rows, value(deck.store, rows)), figure(measure, value(deck.store, measure)),
                   words(measure)]  # fmt: skip
        open_lines = figure(COST_OPEN, value(deck.store, COST_OPEN))
        yield [COST_OPEN.label, open_lines, None, words(COST_OPEN)]

    columns = (
        ("What", "row.bold"),
        ("Lines", "row.count"),
        ("Amount", "row.money"),
        ("How it is counted", "row.after"),
    )
    return write_block(page, top, WIDTHS, "money_glance", "At a glance", columns, lines(), note=figure.note)


def _by_source(page: Page, deck: Deck, top: int, total: Decimal) -> int:
    sums, many = values_by(deck.store, COSTS, "source_key"), values_by(deck.store, COST_LINES, "source_key")
    known = COST_LINES.where_also("amount", None, operator="<>")
    priced = values_by(deck.store, known, "source_key")
    keys = sorted(many, key=lambda key: (key is None, -sums[key], str(key)))
    figure = Counter(deck, "money", min(len(keys), MOST) * 3 + 3, "Role and Source")
    shown = keys[:MOST]
    head = top + 1 + bool(figure.note)
    last = head + 1 + len(shown)  # the row of the sums

    def lines() -> Iterator[list[Any]]:
        for row, key in enumerate(shown, start=head + 1):
            name = (
                deck.store.one("SELECT min(source) FROM money WHERE source_key = ?", [key])
                if key
                else NO_SOURCE
            )
            own = [(COST_LINES, many[key]), (known, priced.get(key, 0)), (COSTS, sums[key])]
            figures = [figure(coded(deck.store, measure, "source_key", key), found) for measure, found in own]
            share = Decimal(sums[key]) / total if total else Decimal(0)
            yield [name, *figures, Figure(share, f"=IF(D${last + 1}=0,0,D{row + 1}/D${last + 1})")]

    columns = (("Funding source", "row.bold"), ("Lines", "row.count"), ("With an amount", "row.count"),
               ("Amount", "row.money"), ("Share", "row.percent"))  # fmt: skip
    end = write_block(
        page, top, WIDTHS, "money_by_source", "By funding source", columns, lines(), note=figure.note
    )
    totals = [figure(m, value(deck.store, m)) for m in (COST_LINES, known, COSTS)]
    styles = ["last", "last.count", "last.count", "last.money", "last.percent"]
    page.row(end, ["All", *totals, 1 if total else 0], styles, 20)
    return end + 1


def _by_school(page: Page, deck: Deck, top: int) -> int:
    plans = int(deck.store.one("SELECT count(DISTINCT plan) FROM money"))
    figure = Counter(
        deck, "money", min(plans, MOST) * (len(GLANCE) + 1), "Plan no., Role, Source and Reallocated"
    )
    found = deck.store.rows(
        f"SELECT plan, {school_sql(deck)} AS whose, template, "
        f"sum(role = '{COST}') AS many, coalesce(sum(iif(role = '{COST}', amount, 0)), 0) AS cost, "
        f"coalesce(sum(iif(role = '{COST}' AND source IS NULL AND open, amount, 0)), 0) AS lacking, "
        f"coalesce(sum(iif(role = '{COST}' AND reallocated, amount, 0)), 0) AS moved, "
        f"coalesce(sum(iif(role = '{FREED}', amount, 0)), 0) AS freed "
        "FROM money_full GROUP BY plan ORDER BY cost DESC, plan"
    )

    def line(row: Any) -> list[Any]:
        sums = [
            figure(measure.where_also("plan", row["plan"]), Decimal(row[name]).scaleb(-2))
            for measure, name in zip(GLANCE, ("cost", "lacking", "moved", "freed"), strict=True)
        ]
        return [
            row["whose"],
            *sums,
            row["template"],
            figure(COST_LINES.where_also("plan", row["plan"]), row["many"]),
        ]

    columns = (("School", "row.bold"), ("Costs", "row.money"), ("No source", "row.money"), ("Reallocated", "row.money"),
               ("Freed", "row.money"), ("Template", "row.after"), ("Cost lines", "row.count"))  # fmt: skip
    note = " ".join(filter(None, (cut_note(plans, "Data money"), figure.note)))
    return write_block(page, top, WIDTHS, "money_by_school", "By school, the highest costs first", columns,
                       map(line, found), note=note)  # fmt: skip


def _list(page: Page, deck: Deck, top: int, name: str, heading: str, test: str, empty: str) -> int:
    total = int(deck.store.one(f"SELECT count(*) FROM money WHERE {test}"))
    found = deck.store.rows(
        f"SELECT *, {school_sql(deck)} AS whose FROM money_full WHERE {test} ORDER BY plan, n LIMIT {MOST}"
    )
    columns = (("School", "row.bold"), ("Source", "row.prose"), ("Kind", "row.prose"), ("Amount", "row.money"),
               ("Cell", "row.linked"), ("Item", "row.prose"), ("Strategy or initiative", "row.prose"))  # fmt: skip
    lines = (
        [row["whose"], row["source"], row["kind"],
         None if row["amount"] is None else Decimal(row["amount"]).scaleb(-2), link_to_cell(deck, row), row["item"],
         row["strategy"]]
        for row in found
    )  # fmt: skip
    return write_block(
        page, top, WIDTHS, f"money_{name}", f"{heading}: {counted(total, 'line')}", columns, lines,
        note=cut_note(total, "Data money"), empty=empty,
    )  # fmt: skip


SHEET = Sheet(NAME, lambda deck: bool(deck.store.one("SELECT 1 FROM money LIMIT 1")), _write)
