"""How many required answers are in, and how many are required: the workbook's own count.

Of the rows of a form most stay empty, and count what they count in an empty form; so only the others are looked at.
Those of most plans are filled in alike: what a Check line counts is remembered with what it looked at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from xlplan.form.expressions import Key, Values, held_of
from xlplan.form.recalculation import Filled
from xlplan.layout.model import Layout
from xlplan.layout.place import live_cells

MOST_REMEMBERED = 16  # ways of filling in, of one line

Counts = tuple[int, int]


def completeness(layout: Layout, typed: Mapping[Key, object]) -> tuple[dict[str, Any], ...]:
    """Per sheet with inputs, how many required answers are in and how many are required. `typed`: the raw cells."""
    form = _form(layout)
    held = held_of(typed)
    made = dict(form.counts)
    for line in {line for key in typed for line in form.lines_at.get(key, ())}:
        filled, missing = line.counted(held) or _count(layout, line, typed)
        made[line.sheet] = (
            made[line.sheet][0] + filled - line.empty[0],
            made[line.sheet][1] + missing - line.empty[1],
        )
    return tuple(
        {"sheet": sheet, "filled": filled, "required": filled + missing}
        for sheet, (filled, missing) in made.items()
    )


@dataclass(slots=True, kw_only=True, eq=False)
class _Line:
    """A Check line's two cells. `empty`: what they count in an empty form.

    `known`: what they counted: the input cells that were asked for being filled, those of them that were, the counts.
    """

    sheet: str
    filled: Key
    missing: Key
    empty: Counts = (0, 0)
    known: list[tuple[frozenset[Key], frozenset[Key], Counts]] = field(default_factory=list)

    def counted(self, held: frozenset[Key]) -> Counts | None:
        """What they count where these cells are filled, if that is known."""
        for asked, filled, counts in self.known:
            if asked & held == filled:
                return counts
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """`lines_at`: input cell → the lines that an answer there can change; `counts`: of the empty form, by sheet.

    A line looks at other cells than in an empty form only if one of those is filled in.
    """

    lines_at: Mapping[Key, tuple[_Line, ...]]
    counts: Mapping[str, Counts]


@lru_cache(maxsize=64)
def _form(layout: Layout) -> _Form:
    lines_at: dict[Key, list[_Line]] = defaultdict(list)
    counts: dict[str, Counts] = {}
    for sheet in layout.sheets:
        for filled, missing in zip(live_cells(sheet, "filled"), live_cells(sheet, "missing"), strict=True):
            line = _Line(sheet=sheet.title, filled=filled, missing=missing)
            values = _Watched(layout, {})
            line.empty = values.counts(line)
            for key in values.asked | values.read:
                lines_at[key].append(line)
            sums = counts.get(sheet.title, (0, 0))
            counts[sheet.title] = (sums[0] + line.empty[0], sums[1] + line.empty[1])
    return _Form(lines_at={key: tuple(lines) for key, lines in lines_at.items()}, counts=counts)


def _count(layout: Layout, line: _Line, typed: Mapping[Key, object]) -> Counts:
    """What a line counts; remembered where it only asked which cells are filled."""
    values = _Watched(layout, typed)
    counts = values.counts(line)
    if not values.read:
        asked = frozenset(values.asked)
        line.known = [(asked, asked & frozenset(values.held), counts), *line.known[: MOST_REMEMBERED - 1]]
    return counts


class _Watched(Values):
    """The values of a form. `read`: input cells whose values were looked at; `asked`: if only for being filled."""

    def __init__(self, layout: Layout, typed: Mapping[Key, object]) -> None:
        super().__init__(_fixed(layout), layout.twins)
        self._typed = typed
        self.read: set[Key] = set()
        filled = Filled(held_of(typed))
        self.held, self.asked = filled, filled.asked

    def __missing__(self, key: Key) -> Any:
        if key in self._twins:
            return super().__missing__(key)
        self.read.add(key)
        self[key] = value = self._typed.get(key)
        return value

    def counts(self, line: _Line) -> Counts:
        """What the line's two cells count."""
        return int(self[line.filled] or 0), int(self[line.missing] or 0)


@lru_cache(maxsize=64)
def _fixed(layout: Layout) -> Mapping[Key, object]:
    """The days that stand in every copy."""
    start = layout.sheets[0]
    return {
        (start.title, put.row, put.column): put.value for put in start.puts if isinstance(put.value, date)
    }
