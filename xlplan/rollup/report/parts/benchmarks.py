"""Benchmarks: of the process and of early evidence, as the schools say it."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import OVERDUE
from xlplan.rollup.measures import Measure
from xlplan.rollup.report.lists import Shown, count, day, listing, named, place, prose, standing, text
from xlplan.rollup.report.model import Column, Part, Row, Table, Text
from xlplan.rollup.report.numbers import NONE, number, numbers_by
from xlplan.rollup.sheets.benchmarks import KINDS, MET, UNSAID, finding, order_of

EVERY = Measure(name="", label="", table="benchmarks")


def part(deck: Deck) -> Part | None:
    """None where no plan has benchmarks."""
    if not deck.store.one("SELECT 1 FROM benchmarks LIMIT 1"):
        return None
    rule = Text(f"Process: is the work done? Early evidence: does it help? {deck.basis}")
    lists = [_list(deck, kind) for kind in KINDS]
    return Part(
        id="benchmarks", title="Benchmarks", finding=finding(deck),
        blocks=[rule, _by_status(deck), _by_school(deck), *lists],
    )  # fmt: skip


def _by_status(deck: Deck) -> Table:
    found = numbers_by(deck, EVERY, "said", "kind")

    def rows() -> Iterator[Row]:
        for said in order_of(key[0] for key in found):
            yield Row((said or UNSAID, *(found.get((said, kind), NONE) for kind in KINDS)))

    return Table(
        name="benchmarks-by-status", title="As the schools say", rows=rows(),
        columns=(Column("Status"), *(Column(kind, "count") for kind in KINDS)),
        total=("All", *(number(deck, measure) for measure in KINDS.values())),
    )  # fmt: skip


def _by_school(deck: Deck) -> Table:
    tests = (("", ""), (": met", f" AND said = '{MET}'"), (": past due", f" AND status = '{OVERDUE}'"))
    shown = [
        (f"{kind}{what}", f"coalesce(sum(kind = '{kind}'{test}), 0)")
        for kind in KINDS
        for what, test in tests
    ]
    sums = ", ".join(f"{sql} AS c{at}" for at, (_, sql) in enumerate(shown))
    late = f"sum(status = '{OVERDUE}')"
    sql = f"SELECT plan, {named(deck)}, {sums} FROM benchmarks_full GROUP BY plan ORDER BY {late} DESC, plan"
    columns = [count(label, f"c{at}") for at, (label, _) in enumerate(shown)]
    return listing(deck, "benchmarks-by-school", "By school, most past due first", sql, columns)


def _list(deck: Deck, kind: str) -> Table:
    sql = f"SELECT *, {named(deck)} FROM benchmarks_full WHERE kind = ? ORDER BY plan, n"
    columns = [
        Shown(Column("School says"), lambda row: row["said"] or UNSAID), standing(), day("Due", "due"),
        count("Days late", "days_late"), prose("Benchmark", "benchmark"), prose("Owner", "owner"),
        text("Number", "number"), place(),
    ]  # fmt: skip
    name = "benchmarks-" + kind.lower().replace(" ", "-")
    return listing(deck, name, f"{kind}, one by one", sql, columns, values=[kind])
