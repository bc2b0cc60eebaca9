"""Returns: who was asked, what came, in what state."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from xlplan.rollup.deck import Deck
from xlplan.rollup.report.lists import Shown, count, day, listing, named, state_of, text
from xlplan.rollup.report.model import Cell, Column, Number, Part, Share
from xlplan.rollup.report.numbers import number
from xlplan.rollup.sheets.naming import templates
from xlplan.rollup.sheets.spoken import returns_sentence
from xlplan.rollup.standard import ANSWERS_ASKED, ANSWERS_IN, LATE, SCHOOLS
from xlplan.rollup.words import counted

COUNTS = ("returns", "errors", "warnings")


def part(deck: Deck) -> Part:
    """A row a plan."""
    back = int(deck.store.one("SELECT count(*) FROM plans WHERE returns"))
    several = [text("Template", "form")] if templates(deck) else []
    columns = [
        Shown(Column("State", "state"), lambda row: state_of(row["state"])),
        Shown(Column("Late"), lambda row: "late" if row["late"] else None),
        *several, day("Returned", "received"), count("Issue", "issued"), count("Returns", "returns"),
        Shown(Column("Answers in", "share"), answers), Shown(Column("Errors", "count"), _if_back("errors")),
        Shown(Column("Warnings", "count"), _if_back("warnings")),
    ]  # fmt: skip
    sql = f"SELECT *, {named(deck)} FROM plans ORDER BY district, school, template, plan"
    table = listing(deck, "returned", f"{back:,} of {counted(deck.schools, 'plan')} came back", sql, columns)
    sums = {name: number(deck, replace(SCHOOLS, name="", sum=name)) for name in COUNTS}
    total: tuple[Cell, ...] = (
        "All", None, number(deck, LATE), *([None] if several else []), None, None, sums["returns"],
        Share(number(deck, ANSWERS_IN), number(deck, ANSWERS_ASKED)), sums["errors"], sums["warnings"],
    )  # fmt: skip
    return Part(
        id="returns", title="Returns", finding=returns_sentence(deck), blocks=[replace(table, total=total)]
    )


def answers(row: Any) -> Cell:
    """The share of the required answers of a plan that came back."""
    if not row["returns"] or not row["required"]:
        return None
    return Share(Number(value=row["filled"]), Number(value=row["required"]))


def _if_back(name: str) -> Any:
    return lambda row: row[name] if row["returns"] else None
