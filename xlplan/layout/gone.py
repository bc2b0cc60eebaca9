"""Rows that were taken out: of which nothing is left, and for which there is no room between their neighbours."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from xlplan.layout.sheet import NUMBER, TAG
from xlplan.layout.witnesses import Page


@dataclass(slots=True)
class TakenOut:
    """`rows`: those of the layout that are gone; `homes`: where the rows without a tag beside them stand."""

    rows: set[int] = field(default_factory=set)
    homes: dict[int, int] = field(default_factory=dict)


class _Gap(NamedTuple):
    """Between two rows that were found: from `above` to `below` in the layout, from `top` to `bottom` in the file."""

    above: int
    below: int
    top: int
    bottom: int

    @property
    def rows(self) -> range:
        return range(self.above + 1, self.below)

    @property
    def room(self) -> range:
        return range(self.top + 1, self.bottom)


def taken_out(page: Page, at: Mapping[int, int | None], silent: Container[int], shift: int) -> TakenOut:
    """The rows that are gone. `at`: where the tagged rows stand; `silent`: those whose tag and number stand nowhere.

    `shift`: by how many columns the sheet's first columns stand off.
    """
    made = TakenOut()
    for gap in _gaps(page, at):
        lost = [row for row in gap.rows if row in at]
        if all(row in silent for row in lost) and (lost or len(gap.room) < len(gap.rows)):
            _judge(page, gap, lost, shift, made)
    return made


def _gaps(page: Page, at: Mapping[int, int | None]) -> Iterator[_Gap]:
    """Between each two neighbouring tagged rows that were found, and before the first and after the last."""
    last = page.fixed.plan.last_row
    found = [(0, 0), *((row, place) for row, place in sorted(at.items()) if place is not None)]
    row, place = found[-1]
    found.append((last + 1, max(place + last + 1 - row, max(page.rows, default=0) + 1)))
    for (above, top), (below, bottom) in pairwise(found):
        if bottom > top:
            yield _Gap(above, below, top, bottom)


def _judge(page: Page, gap: _Gap, lost: Sequence[int], shift: int, made: TakenOut) -> None:
    """Find the rows without a tag of a gap by what is printed in them; what finds no room is gone."""
    others = [row for row in gap.rows if row not in lost]
    homes = _homes(page, others, gap.room, shift)
    if not _nothing_left(page, gap, lost, set(homes.values()), shift):
        return
    ends = [(gap.above, gap.top), *sorted(homes.items()), (gap.below, gap.bottom)]
    for (above, top), (below, bottom) in pairwise(ends):
        between = [row for row in others if above < row < below]
        kept = _kept(page, between, range(top + 1, bottom))
        homes |= {row: top + 1 + number for number, row in enumerate(kept)}
    made.homes |= homes
    made.rows |= set(lost) | (set(others) - homes.keys())


def _homes(page: Page, rows: Sequence[int], room: range, shift: int) -> dict[int, int]:
    """Where these rows stand, in their order, as far as something printed or computed in them tells."""
    homes: dict[int, int] = {}
    free = room.start
    for row in rows:
        at = next((place for place in range(free, room.stop) if page.shows(row, place, shift)), None)
        if at is not None:
            homes[row], free = at, at + 1
    return homes


def _nothing_left(page: Page, gap: _Gap, lost: Sequence[int], homes: Container[int], shift: int) -> bool:
    """Whether the file's rows of a gap, but for those of rows without a tag, hold nothing that could be lost's."""
    if not lost:
        return True
    if any(page.shows_label(row, at) for row in lost for at in gap.room if at not in homes):
        return False
    computed = set() if page.formulas else {c + shift for r, c in page.fixed.computed if r in gap.rows}
    return not any(
        page.filled(place)
        and place not in page.formulas
        and place[1] not in computed
        and (page.texts.get(place) not in page.fixed.texts or place[1] - shift in (TAG, NUMBER))
        for place in page.sheet.cells
        if place[0] in gap.room and place[0] not in homes
    )


def _kept(page: Page, rows: Sequence[int], room: range) -> list[int]:
    """Those of these rows for which there is room; a printed row that shows nothing goes before an empty one."""
    written = sum(1 for at in room if page.rows.get(at))
    printed = [row for row in rows if page.labels_of(row)]
    order = [*printed[written:], *(row for row in rows if row not in printed), *printed[:written]]
    going = set(order[: max(0, len(rows) - len(room))])
    return [row for row in rows if row not in going]
