"""Districts, or regions, side by side: the same figures for each, with all of them on top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlplan.rollup.book import Book, Figure, Page
from xlplan.rollup.deck import Deck, Sheet
from xlplan.rollup.look import heads, height
from xlplan.rollup.measures import Measure, values_by
from xlplan.rollup.standard import (
    ACCEPTED,
    ACTIVITIES,
    ACTIVITIES_DONE,
    ACTIVITIES_OVERDUE,
    ANSWERS_ASKED,
    ANSWERS_IN,
    APPROVED,
    COSTS,
    COUNTED,
    ERRORS,
    FREED_MONEY,
    LATE,
    NEEDS,
    SCHOOLS,
    UNFUNDED,
)
from xlplan.rollup.words import counted, percent

NAME = "Districts"
DISTRICT, REGION, ALL = BY = ("district", "region", "all")
TOP = 2  # the row of the first head
NO_REGION = "No region"
WIDTHS = (32.0, 18.0)
Values = dict[Any, int | Decimal]


@dataclass(frozen=True, slots=True)
class Shown:
    """One column: a figure, or the sum of several, or of `of` the share that the figure is."""

    label: str
    measures: tuple[Measure, ...]
    style: str = "row.count"
    width: float = 11
    of: Measure | None = None


COLUMNS = (
    Shown("Plans", (SCHOOLS,), width=9),
    Shown("Accepted", (ACCEPTED, APPROVED), width=12),
    Shown("In the figures", (COUNTED,), width=10),
    Shown("Late", (LATE,), width=9),
    Shown("Answers in", (ANSWERS_IN,), "row.percent", 11, ANSWERS_ASKED),
    Shown("Activities", (ACTIVITIES,), width=12),
    Shown("Done", (ACTIVITIES_DONE,), width=9),
    Shown("Overdue", (ACTIVITIES_OVERDUE,), width=11),
    Shown("Costs", (COSTS,), "row.money", 16),
    Shown("Without a source", (UNFUNDED,), "row.money", 15),
    Shown("Freed", (FREED_MONEY,), "row.money", 14),
    Shown("Needs", (NEEDS,), width=9),
    Shown("Errors", (ERRORS,), width=9),
)


@dataclass(frozen=True, slots=True)
class Level:
    """One kind of unit: the columns that tell one from another, its heading, and what its table is called."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    heads: tuple[str, ...]
    table: str


REGIONS = Level(("region",), ("region",), ("Region",), "regions")
DISTRICTS = Level(("district_id",), ("district",), ("District",), "districts")
DISTRICTS_OF_REGIONS = Level(
    ("region", "district_id"), ("district", "region"), ("District", "Region"), "districts"
)
Unit = tuple[tuple[Any, ...], tuple[str, ...]]  # what tells it from the others, and its names


def levels_of(deck: Deck) -> tuple[Level, ...]:
    """The tables that a rollup by district, region or all of them shows; none where there is only one unit."""
    regions = _several(deck, "region")
    several = _several(deck, "district_id") or deck.by == ALL
    below = DISTRICTS_OF_REGIONS if regions else DISTRICTS
    wanted = {
        DISTRICT: (below,) if several else (),
        REGION: (REGIONS,) if deck.store.one("SELECT 1 FROM plans WHERE region IS NOT NULL LIMIT 1") else (),
        ALL: ((REGIONS, below) if regions else (below,)),
    }
    return wanted[deck.by]


def units_of(deck: Deck, level: Level) -> list[Unit]:
    """The units of a level, by name; those of one name with their ids."""
    names = ", ".join(f"max({name})" for name in level.names)
    keys = ", ".join(level.keys)
    found = [
        (tuple(row)[: len(level.keys)], tuple(name or NO_REGION for name in tuple(row)[len(level.keys) :]))
        for row in deck.store.rows(f"SELECT {keys}, {names} FROM plans GROUP BY {keys}")
    ]
    often = Counter(named for _, named in found)
    found = [
        (key, named if often[named] == 1 else (f"{named[0]} ({key[-1]})", *named[1:])) for key, named in found
    ]
    return sorted(found, key=lambda unit: (unit[1][::-1], unit[0][-1] or ""))


def _has(deck: Deck) -> bool:
    return bool(levels_of(deck))


def _write(book: Book, deck: Deck) -> None:
    levels = levels_of(deck)
    names = max(len(level.names) for level in levels)
    widths = [*WIDTHS[:names], *(column.width for column in COLUMNS)]
    page = book.page("Regions" if levels == (REGIONS,) else NAME, widths)
    page.title(_title(deck, levels), finding(deck, levels[-1]))
    plain = _totals(page, deck, names)
    row = TOP + 2
    for level in levels:
        row, formulas = _table(page, deck, level, names, row + 1)
        plain = plain or not formulas
    notes = [
        deck.basis + " Answers in: of the plans that came back. Errors: to correct, waived ones left out.",
        *([_filters(levels[-1])] if plain else []),
    ]
    for line, note in enumerate(notes, start=row + 1):
        page.put(line, 0, note, "note")
    page.sheet.freeze_panes(TOP + 2, 1)
    page.sheet.repeat_rows(0, TOP)


def _totals(page: Page, deck: Deck, names: int) -> bool:
    """All units together, above the tables, with the heads of the columns; whether some are plain numbers."""
    styles = ["row.bold", *["row"] * (names - 1), *(column.style for column in COLUMNS)]
    labels = ["All together", *[""] * (names - 1), *(column.label for column in COLUMNS)]
    page.row(TOP, labels, heads(styles), 36)
    figures = [_figure(deck, column, (), {}) for column in COLUMNS]
    page.row(TOP + 1, [deck.whose, *[None] * (names - 1), *figures], styles, height((deck.whose, WIDTHS[0])))
    return any(figure.formula is None for figure in figures)


def _table(page: Page, deck: Deck, level: Level, names: int, top: int) -> tuple[int, bool]:
    """One table of units; the row below it, and whether its figures are formulas."""
    units = units_of(deck, level)
    labels = [*level.heads, *[" "] * (names - len(level.heads)), *(column.label for column in COLUMNS)]
    styles = ["row.bold", *["row"] * (names - 1), *(column.style for column in COLUMNS)]
    formulas = {
        measure.table: deck.by_formula(measure.table, len(units) * 2)
        for column in COLUMNS
        for measure in column.measures
    }
    known = {measure.name: values_by(deck.store, measure, *level.keys) for measure in _measures()}
    page.sheet.set_row(top, 36)
    for row, (key, named) in enumerate(units, start=top + 1):
        where = tuple(zip(level.keys, key, strict=True))
        found = {name: values.get(key if key[1:] else key[0], 0) for name, values in known.items()}
        figures = [
            _figure(deck, column, where, found, formula=all(formulas[m.table] for m in column.measures))
            for column in COLUMNS
        ]
        padded = [*named, *[None] * (names - len(named))]
        page.row(row, [*padded, *figures], styles, height(*zip(named, WIDTHS, strict=False)))
    page.table(level.table, top, labels, len(units), heads(styles))
    return top + len(units) + 1, all(formulas.values())


def _figure(
    deck: Deck,
    column: Shown,
    where: Sequence[tuple[str, Any]],
    known: dict[str, Any],
    *,
    formula: bool = True,
) -> Figure:
    """One cell: its value, and the formula over the data sheets."""
    parts = [_part(deck, measure, where, known) for measure in column.measures]
    found, told = sum(part.value for part in parts), _joined(parts)
    if column.of is not None:
        whole = _part(deck, column.of, where, known)
        # rounded down: only what is complete reads 100%
        share = 100 * int(found) // int(whole.value) / 100 if whole.value else "–"
        bottom = (whole.formula or "=0")[1:]
        told = f'=IF({bottom}=0,"–",INT(100*({(told or "=0")[1:]})/({bottom}))/100)' if told else None
        return Figure(share, told if formula else None)
    return Figure(found, told if formula else None)


def _part(deck: Deck, measure: Measure, where: Sequence[tuple[str, Any]], known: dict[str, Any]) -> Figure:
    for name, value in where:
        measure = measure.where_also(name, value)
    return deck.figure(measure, known.get(measure.name))


def _joined(parts: Sequence[Figure]) -> str | None:
    formulas = [part.formula[1:] for part in parts if part.formula]
    return "=" + "+".join(formulas) if len(formulas) == len(parts) else None


def _measures() -> Iterator[Measure]:
    for column in COLUMNS:
        yield from column.measures
        if column.of:
            yield column.of


def _several(deck: Deck, column: str) -> bool:
    return int(deck.store.one(f"SELECT count(DISTINCT {column}) FROM plans")) > 1


def _title(deck: Deck, levels: Sequence[Level]) -> str:
    if len(units_of(deck, levels[-1])) == 1:
        return f"{deck.whose}: all together"
    said = [counted(len(units_of(deck, level)), level.table.removesuffix("s")) for level in levels]
    return f"{' and '.join(said).capitalize()} side by side"


def finding(deck: Deck, level: Level) -> str:
    """What the numbers say first: which unit has most to do."""
    units = dict(units_of(deck, level))
    activities = values_by(deck.store, ACTIVITIES, *level.keys)
    overdue = values_by(deck.store, ACTIVITIES_OVERDUE, *level.keys)
    if not overdue:
        asked = values_by(deck.store, SCHOOLS, *level.keys)
        done = values_by(deck.store, COUNTED, *level.keys)
        key = min(asked, key=lambda one: (done.get(one, 0) / asked[one], -asked[one], str(one)))
        if done.get(key, 0) == asked[key]:
            return "Every plan is in, and nothing is overdue anywhere."
        if len(units) == 1:
            return f"Nothing is overdue; {done.get(key, 0)} of {counted(int(asked[key]), 'plan')} are in the figures."
        name = units[key if isinstance(key, tuple) else (key,)][0]
        return f"Nothing is overdue; {name} has the fewest plans in the figures: {done.get(key, 0)} of {asked[key]}."
    key = max(overdue, key=lambda one: (overdue[one] / activities[one], overdue[one], str(one)))
    name = units[key if isinstance(key, tuple) else (key,)][0]
    share = percent(overdue[key], activities[key])
    if len(units) == 1:
        return f"Of {activities[key]:,} activities, {overdue[key]:,} are overdue, {share}."
    return f"{name} has the largest share of its activities overdue: {overdue[key]:,} of {activities[key]:,}, {share}."


def _filters(level: Level) -> str:
    """The filter of what stands without a formula."""
    whose = " and ".join(head for head in level.heads[::-1])
    return f"Numbers without a formula: filter the data sheets by {whose}, and by the column's own state or role."


SHEET = Sheet(NAME, _has, _write)
