"""The tiles of the summary: what a superintendent asks first, at most five."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from xlplan.rollup.book import Figure
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import SOON_DAYS
from xlplan.rollup.measures import Measure, formula, value
from xlplan.rollup.sheets.coverage import formula_of, least_covered
from xlplan.rollup.sheets.naming import activity_noun, plural
from xlplan.rollup.standard import (
    ACCEPTED,
    ACTIVITIES,
    ACTIVITIES_DONE,
    ACTIVITIES_OVERDUE,
    ACTIVITIES_SOON,
    ANSWERS_ASKED,
    ANSWERS_IN,
    APPROVED,
    COST_LINES,
    COSTS,
    ERRORS,
    FINDINGS,
    LATE,
    NEEDS,
    SCHOOLS,
    UNFUNDED,
)
from xlplan.rollup.words import counted, cut, dollars

NOTE = 58  # characters of a tile's note, two lines
TILES = 5
LARGE = 10_000_000  # dollars that want a smaller type


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A label, a number and what to make of it."""

    label: str
    number: Figure
    note: str
    style: str = "tile.number"


def tiles_of(deck: Deck) -> list[Tile]:
    """The first five that these forms and returns have something for."""
    makers: tuple[Callable[[Deck], Tile | None], ...] = (
        _accepted, _answers, _activities, _money, _priority, _needs, _errors, _late,
    )  # fmt: skip
    return list(islice((tile for make in makers if (tile := make(deck))), TILES))


def joined(deck: Deck, *measures: Measure, between: str = "+") -> str | None:
    """Their formulas in one; None where one has no rows to be taken over."""
    found = [formula(measure, deck.regions) for measure in measures]
    return "=" + between.join(text.removeprefix("=") for text in found if text) if all(found) else None


def share(filled: int | Decimal, asked: int | Decimal) -> float:
    """The share of required answers, rounded down to a percent: only what is complete reads 100%."""
    return 1.0 if filled >= asked else int(100 * filled / asked) / 100


def share_formula(filled: str, asked: str) -> str:
    """The same by two formulas."""
    part, whole = filled.removeprefix("="), asked.removeprefix("=")
    return f"=IF({part}>={whole},1,INT(100*({part})/({whole}))/100)"


def _note(deck: Deck, *parts: str) -> str:
    """The parts that say something; where drafts count, the note says so."""
    drafts = deck.store.one("SELECT 1 FROM plans WHERE counted AND draft LIMIT 1")
    return cut(", ".join(part for part in (*parts, "with drafts" if drafts else "") if part), NOTE)


def _accepted(deck: Deck) -> Tile | None:
    if not deck.schools:
        return None
    done = sum(int(value(deck.store, measure)) for measure in (ACCEPTED, APPROVED))
    fix = _states(deck, "rejected", "in-review", "waiting")
    away = _states(deck, "issued", "not-issued")
    text, whole = joined(deck, ACCEPTED, APPROVED), joined(deck, SCHOOLS)
    by_formula = f'{text}&" of "&{whole.removeprefix("=")}' if text and whole else None
    parts = (f"{fix:,} to correct" if fix else "", f"{away:,} not returned" if away else "")
    return Tile(
        label="Plans accepted", number=Figure(f"{done} of {deck.schools}", by_formula),
        note=cut(", ".join(filter(None, parts)), NOTE) or "all plans are in",
    )  # fmt: skip


def _states(deck: Deck, *states: str) -> int:
    marks = ", ".join("?" * len(states))
    return int(deck.store.one(f"SELECT count(*) FROM plans WHERE state IN ({marks})", states))


def _answers(deck: Deck) -> Tile | None:
    filled, asked = value(deck.store, ANSWERS_IN), value(deck.store, ANSWERS_ASKED)
    if not asked:
        return None
    pair = [formula(measure, deck.regions) for measure in (ANSWERS_IN, ANSWERS_ASKED)]
    back = int(deck.store.one("SELECT count(*) FROM plans WHERE required"))
    return Tile(
        label="Required answers in", style="tile.percent", note=f"of the {counted(back, 'plan')} returned",
        number=Figure(share(filled, asked), share_formula(pair[0], pair[1]) if pair[0] and pair[1] else None),
    )  # fmt: skip


def _activities(deck: Deck) -> Tile | None:
    every = int(value(deck.store, ACTIVITIES))
    if not every:
        return None
    done, late = (int(value(deck.store, measure)) for measure in (ACTIVITIES_DONE, ACTIVITIES_OVERDUE))
    return Tile(
        label=f"{plural(activity_noun(deck)).capitalize()} due in {SOON_DAYS} days",
        number=deck.figure(ACTIVITIES_SOON), note=_note(deck, f"of {every:,}; {done:,} done", f"{late:,} overdue"),
    )  # fmt: skip


def _money(deck: Deck) -> Tile | None:
    lines, known = int(value(deck.store, COST_LINES)), Decimal(value(deck.store, COSTS))
    if not lines:
        return None
    priced = int(value(deck.store, COST_LINES.where_also("amount", None, operator="<>")))
    without = Decimal(value(deck.store, UNFUNDED))
    told = (
        f"{dollars(without)} of it without a source"
        if without
        else f"{priced:,} of {lines:,} lines have an amount"
    )
    style = "tile.money" if known < LARGE else "tile.large-money"
    return Tile(
        label="Anticipated costs", number=deck.figure(COSTS, known), note=_note(deck, told), style=style
    )


def _priority(deck: Deck) -> Tile | None:
    least = least_covered(deck)
    if least is None or least.covered == least.plans:
        return None  # the first sentences say so
    number = Figure(f"{least.covered} of {least.plans}", formula_of(deck, least))
    return Tile(label="Least covered priority", number=number, note=_note(deck, f"plans: {least.priority}"))


def _needs(deck: Deck) -> Tile | None:
    if not value(deck.store, NEEDS):
        return None
    plans = int(deck.store.one("SELECT count(DISTINCT plan) FROM needs"))
    return Tile(
        label="Needs named", number=deck.figure(NEEDS), note=_note(deck, f"by {counted(plans, 'plan')}")
    )


def _errors(deck: Deck) -> Tile | None:
    if not deck.store.one("SELECT 1 FROM plans WHERE returns LIMIT 1"):
        return None
    many = int(value(deck.store, FINDINGS)) - int(value(deck.store, ERRORS))
    return Tile(
        label="Errors to correct", number=deck.figure(ERRORS), note=f"and {counted(many, 'other finding')}"
    )


def _late(deck: Deck) -> Tile | None:
    late = int(value(deck.store, LATE))
    told = f"{'plan' if late == 1 else 'plans'} past the day"
    return Tile(label="Late", number=deck.figure(LATE, late), note=told) if deck.schools else None
