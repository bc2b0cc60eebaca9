"""Needs: what two or more schools ask for, with their own words, and then everything that is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlplan.rollup.deck import Deck
from xlplan.rollup.report.lists import MOST, listing, named, place, prose, text
from xlplan.rollup.report.model import Column, Part, Row, Table, Text
from xlplan.rollup.report.numbers import numbers_by, query, summed
from xlplan.rollup.shared import Need, shared_needs
from xlplan.rollup.sheets.naming import school_sql, some
from xlplan.rollup.sheets.needs import FIRST, GUIDANCE, finding
from xlplan.rollup.standard import NEEDS
from xlplan.rollup.words import cut


def part(deck: Deck) -> Part | None:
    """None where no plan asks for anything."""
    if not deck.store.one("SELECT 1 FROM needs LIMIT 1"):
        return None
    found = shared_needs(deck.store)
    return Part(
        id="needs", title="Needs", finding=finding(found),
        blocks=[Text(GUIDANCE), _shared(deck, found), _kinds(deck, found), _all(deck)],
    )  # fmt: skip


def _shared(deck: Deck, found: Sequence[Need]) -> Table:
    def rows() -> Iterator[Row]:
        for need in found[:MOST]:
            plans = list(need.plans)[:FIRST]
            marks = ", ".join("?" * len(plans))
            names = deck.store.rows(
                f"SELECT DISTINCT {school_sql(deck)} FROM plans WHERE plan IN ({marks}) ORDER BY plan", plans
            )
            schools = some((str(row[0]) for row in names), len(need.schools), 260)
            wordings = sorted(need.wordings, key=lambda one: (-need.wordings[one], one))
            words = some((f"“{cut(one, 90)}” {need.wordings[one]:,}" for one in wordings), len(wordings), 300)
            by = summed(dict.fromkeys(need.plans, 1))
            yield Row((need.name, need.kind, by, len(need.schools), need.asked, words, schools))

    return Table(
        name="shared-needs", title="Asked for by two schools or more", rows=rows(),
        columns=(Column("Need", "prose"), Column("Kind"), Column("Plans", "count"), Column("Schools", "count"),
                 Column("Rows", "count"), Column("In their words, and how often", "prose"),
                 Column("Asked for by", "prose")),
        empty="No need is asked for by more than one school.",
    )  # fmt: skip


def _kinds(deck: Deck, found: Sequence[Need]) -> Table:
    many = numbers_by(deck, NEEDS, "kind")
    plans = query(deck, "SELECT DISTINCT kind, plan, 1 FROM needs")
    shared: dict[str, int] = {}
    for need in found:
        shared[need.kind] = shared.get(need.kind, 0) + 1
    rows = [
        Row((kind or "–", many[kind], plans[kind], shared.get(kind, 0)))
        for kind in sorted(many, key=lambda kind: (-many[kind].value, str(kind)))
    ]
    return Table(
        name="needs-by-kind", title="By kind", rows=rows,
        columns=(Column("Kind"), Column("Rows", "count"), Column("Plans", "count"), Column("Shared needs", "count")),
    )  # fmt: skip


def _all(deck: Deck) -> Table:
    sql = f"SELECT *, {named(deck)} FROM needs_full ORDER BY kind, plan, n"
    columns = [text("Kind", "kind"), prose("What", "item"), prose("What is needed for it", "need"), place()]
    return listing(deck, "needs-all", "All, by kind", sql, columns)
