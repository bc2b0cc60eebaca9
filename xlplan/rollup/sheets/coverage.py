"""Which of the priorities that a form offers the plans cover."""

from __future__ import annotations

from dataclasses import dataclass

from xlplan.rollup.deck import Deck
from xlplan.rollup.measures import formula
from xlplan.rollup.standard import COUNTED, PRIORITIES

OFFERED = (
    "FROM plans JOIN choices ON choices.template = plans.template "
    "LEFT JOIN (SELECT DISTINCT plan, priority FROM priorities) AS named "
    "ON named.plan = plans.plan AND named.priority = choices.choice WHERE plans.counted"
)
"""A row for each counted plan and priority that its form offers; `named.plan` is NULL where it is a gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many of the plans that are offered a priority connect something to it."""

    priority: str
    covered: int
    plans: int


def least_covered(deck: Deck) -> Coverage | None:
    """The priority that the smallest share of plans covers, the least connected first."""
    counts = f"SELECT choice, count(named.plan) AS covered, count(*) AS plans {OFFERED} GROUP BY choice"
    many = "(SELECT count(*) FROM priorities WHERE priority = choice)"
    row = next(
        deck.store.rows(f"SELECT * FROM ({counts}) ORDER BY 1.0 * covered / plans, {many}, choice"), None
    )
    return Coverage(priority=row["choice"], covered=row["covered"], plans=row["plans"]) if row else None


def formula_of(deck: Deck, found: Coverage) -> str | None:
    """ "5 of 8" as a formula: the plans that have a row with the priority, of those whose form offers it."""
    if not deck.by_formula("priorities", deck.plans):
        return None
    templates = "SELECT DISTINCT template FROM choices WHERE choice = ?"
    asked = [COUNTED.where_also("template", row[0]) for row in deck.store.rows(templates, [found.priority])]
    whole = [str(formula(measure, deck.regions)).removeprefix("=") for measure in asked]
    (plans,) = deck.regions["plans"][:1]
    every = plans.range("plan")
    one = str(formula(PRIORITIES.where_also("priority", found.priority), deck.regions)).removeprefix("=")
    if len(deck.regions["plans"]) > 1 or "SUMPRODUCT" in one:
        return None
    pieces = "+".join(
        part[:-1] + f",{region.range('plan')},{every})"
        for part, region in zip(_pieces(one), deck.regions["priorities"], strict=True)
    )
    return f'=SUMPRODUCT(({pieces}>0)*1)&" of "&({"+".join(whole)})'


def _pieces(text: str) -> list[str]:
    """The COUNTIFS of a sum of them; a text within one may hold anything."""
    parts = text.split("+COUNTIFS(")
    return [parts[0], *("COUNTIFS(" + part for part in parts[1:])]
