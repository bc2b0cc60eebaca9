"""Quality: what was found in the returns, by rule and by school, what is waived and why, and one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlplan.rollup.deck import Deck
from xlplan.rollup.report.lists import Shown, count, listing, named, place, prose, text
from xlplan.rollup.report.model import Cell, Column, Part, Row, State, Table, Text
from xlplan.rollup.report.numbers import query, summed
from xlplan.rollup.sheets.quality import GUIDANCE, SEVERITIES, WEIGHT, finding
from xlplan.rollup.words import opened

SIGNS = {
    "error": State("▲ Error", "bad"),
    "warning": State("! Warning", "look"),
    "advice": State("· Advice"),
    "note": State("· Note"),
}


def part(deck: Deck) -> Part | None:
    """None where nothing was found."""
    if not deck.store.one("SELECT 1 FROM findings LIMIT 1"):
        return None
    return Part(
        id="quality", title="Quality", finding=finding(deck),
        blocks=[Text(GUIDANCE), _by_rule(deck), _by_school(deck), _waivers(deck), _one_by_one(deck)],
    )  # fmt: skip


def _by_rule(deck: Deck) -> Table:
    many = query(deck, "SELECT code || ' ' || severity, plan, count(*) FROM findings GROUP BY 1, 2")
    plans = query(deck, "SELECT DISTINCT code || ' ' || severity, plan, 1 FROM findings")
    waived = query(
        deck,
        "SELECT code || ' ' || severity, plan, count(*) FROM findings WHERE waived IS NOT NULL GROUP BY 1, 2",
    )
    found = deck.store.rows(
        "SELECT code, severity, count(DISTINCT plan) AS plans, min(n) AS first FROM findings GROUP BY code, severity "
        f"ORDER BY {WEIGHT}, plans DESC, code"
    )

    def rows() -> Iterator[Row]:
        for row in found:
            key = f"{row['code']} {row['severity']}"
            example = next(
                deck.store.rows("SELECT message, remedy FROM findings WHERE n = ?", [row["first"]])
            )
            yield Row((
                row["code"], severity(row), plans[key], many[key], waived.get(key, summed({})), example["message"],
                example["remedy"],
            ))  # fmt: skip

    return Table(
        name="rules", title="By rule", rows=rows(),
        columns=(Column("Rule"), Column("Severity", "state"), Column("Plans", "count"), Column("Findings", "count"),
                 Column("Waived", "count"), Column("For example", "prose"), Column("What to do", "prose")),
    )  # fmt: skip


def _by_school(deck: Deck) -> Table:
    sums = ", ".join(f"sum(severity = '{name}' AND waived IS NULL) AS {name}" for name in SEVERITIES)
    order = ", ".join(f"{name} DESC" for name in SEVERITIES)
    sql = f"SELECT plan, {named(deck)}, template, {sums} FROM findings_full GROUP BY plan ORDER BY {order}, plan"
    columns = [count(opened(name) + ("s" if name != "advice" else ""), name) for name in SEVERITIES]
    return listing(deck, "findings-by-school", "By school, waived findings left out", sql, columns)


def _waivers(deck: Deck) -> Table:
    sql = (
        f"SELECT plan, {named(deck)}, code, waived, count(*) AS many FROM findings_full WHERE waived IS NOT NULL "
        "GROUP BY plan, code, waived ORDER BY plan, code"
    )
    why = Shown(Column("Until when and why", "prose"), lambda row: opened(row["waived"]))
    columns = [text("Rule", "code"), count("Findings", "many"), why]
    return listing(deck, "waived", "Waived by the district", sql, columns, empty="Nothing is waived.")


def _one_by_one(deck: Deck) -> Table:
    sql = f"SELECT *, {named(deck)} FROM findings_full ORDER BY {WEIGHT}, code, plan, n"
    columns = [
        Shown(Column("Severity", "state"), severity), text("Rule", "code"), place(), prose("What we found", "message"),
        Shown(Column("What to do", "prose"), lambda row: opened(row["waived"]) if row["waived"] else row["remedy"]),
    ]  # fmt: skip
    return listing(deck, "findings", "One by one", sql, columns)


def severity(row: Any) -> Cell:
    """The severity with its sign."""
    found = SIGNS.get(row["severity"], State(row["severity"]))
    waived = "waived" in row.keys() and row["waived"]  # noqa: SIM118 (a Row iterates its values)
    return State(f"{found.text}, waived") if waived else found
