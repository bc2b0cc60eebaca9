"""Numbers for sentences: a figure in, the number with its words and its source out."""

from __future__ import annotations

from decimal import Decimal

from xlplan.form.text import harmless
from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.model import Num, Own, Source
from xlplan.rollup.measures import Measure, rows, value
from xlplan.rollup.words import dollars

NAME = 90  # characters of a name within a sentence


def number(found: int | Decimal, source: Source, zero: str = "") -> Num:
    """A count, or an amount; `zero`: the word for none of it."""
    text = dollars(found) if isinstance(found, Decimal) else f"{found:,}"
    return Num(zero if zero and not found else text, found, source)


def figure(deck: Deck, measure: Measure, sheet: str, zero: str = "") -> Num:
    """A figure of the rollup."""
    return number(value(deck.store, measure), Source(sheet=sheet, measure=measure), zero)


def plans_in(deck: Deck, measure: Measure, sheet: str) -> Num:
    """How many plans have rows in a figure."""
    found = len({row["plan"] for row in rows(deck.store, measure)})
    return number(found, Source(sheet=sheet, measure=measure, of="plan"))


def highest(deck: Deck, measure: Measure, column: str, sheet: str) -> Num:
    """The highest value of a column among the rows of a figure."""
    found = max((int(row[column] or 0) for row in rows(deck.store, measure)), default=0)
    return number(found, Source(sheet=sheet, measure=measure, of=column))


def word(found: Num, one: str, many: str) -> str:
    """The word that goes with the number."""
    return one if found.value == 1 else many


def named(text: object) -> Own:
    """A name or a few words from outside on one line, shortened between words."""
    line = " ".join(harmless(str(text or "")).split())
    if len(line) > NAME:
        start = line[: NAME - 1]
        line = (start[: start.rfind(" ")] if start.rfind(" ") > NAME // 2 else start).rstrip() + "…"
    return Own(line)


def listed(names: list[Own], most: int = 4) -> tuple[list[str | Own], int]:
    """The first names with what stands between them, and how many are left."""
    most = len(names) if len(names) == most + 1 else most  # nobody is "1 more"
    shown, rest = names[:most], max(0, len(names) - most)
    parts: list[str | Own] = []
    for at, one in enumerate(shown):
        last = at == len(shown) - 1 and not rest
        parts += [" and " if at and last else ", " if at else "", one]
    return [part for part in parts if part], rest
