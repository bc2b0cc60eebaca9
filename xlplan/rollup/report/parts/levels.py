"""Districts, or regions, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xlplan.rollup.deck import Deck
from xlplan.rollup.measures import Measure
from xlplan.rollup.report.model import Cell, Column, Number, Part, Row, Share, Table
from xlplan.rollup.report.numbers import kind_of, numbers_by, summed, together
from xlplan.rollup.sheets.levels import COLUMNS, REGIONS, Level, Shown, finding, levels_of, units_of
from xlplan.rollup.words import counted


def part(deck: Deck) -> Part | None:
    """The units of each level with the same figures for each."""
    levels = levels_of(deck)
    if not levels:
        return None
    title = "Regions" if levels == (REGIONS,) else "Districts"
    blocks = [_table(deck, level) for level in levels]
    return Part(id=title.lower(), title=title, finding=finding(deck, levels[-1]), blocks=blocks)


def _table(deck: Deck, level: Level) -> Table:
    units = units_of(deck, level)
    every = [
        measure for column in COLUMNS for measure in (*column.measures, *([column.of] if column.of else ()))
    ]
    known = {measure.name: numbers_by(deck, measure, *level.keys) for measure in every}

    def rows() -> Iterator[Row]:
        for key, names in units:
            own = key if key[1:] else key[0]
            yield Row((*names, *(_cell(column, {name: found.get(own) for name, found in known.items()})
                                 for column in COLUMNS)))  # fmt: skip

    totals = {name: together(*found.values()) for name, found in known.items()}
    return Table(
        name=f"by-{level.table}", title=counted(len(units), level.table.removesuffix("s")).capitalize(), rows=rows(),
        columns=(*(Column(head) for head in level.heads), *(Column(one.label, _kind(one)) for one in COLUMNS)),
        total=("All together", *[None] * (len(level.heads) - 1), *(_cell(column, totals) for column in COLUMNS)),
    )  # fmt: skip


def _kind(column: Shown) -> str:
    return "share" if column.of else kind_of(column.measures[0])


def _cell(column: Shown, known: Mapping[str, Number | None]) -> Cell:
    found = together(*(_number(measure, known) for measure in column.measures))
    return Share(found, _number(column.of, known)) if column.of else found


def _number(measure: Measure, known: Mapping[str, Any]) -> Number:
    found = known.get(measure.name)
    return found if isinstance(found, Number) and found.by else summed({}, kind_of(measure))
