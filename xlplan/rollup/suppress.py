"""Tables of counts for publishing: small counts are withheld, and with them what would give them back."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

MUCH = 1 << 60  # no bound
LEAST = 3  # under which "<2" would say that it is 1
Cell = tuple[int, int]
Table = Sequence[Sequence[int]]


class Shown(StrEnum):
    """How a cell is published: as it is, as "<N", or withheld so that no other can be worked out."""

    PLAIN = "plain"
    SMALL = "small"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class _Guess:
    """What a reader knows of a hidden cell from how it is marked: its least and greatest value."""

    least: int
    most: int


def suppressed(table: Table, least: int, small: Iterable[Cell] | None = None) -> list[list[Shown]]:
    """How each cell of a table is to be shown, so that nobody can work out one that is not.

    The last row and the last column are totals. Every count from 1 to `least` - 1 is SMALL; `small` names the cells
    instead where a cell is an amount, small by the number of plans behind it. What could be got back from the sums of
    rows and columns, or from what the marks themselves say, brings the next smallest with it, totals too. Where no
    other cell is left to take along, everything but zeros is withheld.
    """
    counted = small is None
    if small is None:
        small = [
            (row, column)
            for row, values in enumerate(table)
            for column, value in enumerate(values)
            if 0 < value < least
        ]
    marks = [[Shown.PLAIN] * len(values) for values in table]
    for row, column in small:
        marks[row][column] = Shown.SMALL
    while exposed := list(_exposed(table, marks, least, counted)):
        partner = _next_smallest(table, marks, exposed)
        if partner is None:
            return [[Shown.WITHHELD if value else Shown.PLAIN for value in values] for values in table]
        marks[partner[0]][partner[1]] = Shown.WITHHELD
    return marks


def _exposed(table: Table, marks: Sequence[Sequence[Shown]], least: int, counted: bool) -> Iterator[Cell]:
    """The hidden cells whose value follows from what is shown.

    Signed so that totals count against their parts, every row and every column of a table sums up to 0. Another table
    fits all that is shown just if the hidden cells can be changed along a closed way through rows and columns within
    their bounds, one up, the next down; a cell on no such way is known.
    """
    hidden = {
        (row, column): _guess(mark, least, counted)
        for row, line in enumerate(marks)
        for column, mark in enumerate(line)
        if mark is not Shown.PLAIN
    }
    ways: dict[tuple[str, int], dict[tuple[str, int], Cell]] = {}
    for cell, guess in hidden.items():
        row, column = ("row", cell[0]), ("column", cell[1])
        value = table[cell[0]][cell[1]]
        up, down = value < guess.most, value > guess.least
        if _total(table, cell):
            up, down = down, up
        if up:
            ways.setdefault(row, {})[column] = cell
        if down:
            ways.setdefault(column, {})[row] = cell
    for cell in hidden:
        row, column = ("row", cell[0]), ("column", cell[1])
        raised = ways.get(row, {}).get(column) == cell and _reaches(ways, column, row, cell)
        lowered = ways.get(column, {}).get(row) == cell and _reaches(ways, row, column, cell)
        if not raised and not lowered:
            yield cell


def _guess(mark: Shown, least: int, counted: bool) -> _Guess:
    if not counted:
        return _Guess(0, MUCH)  # an amount, of which the mark says nothing
    return _Guess(1, least - 1) if mark is Shown.SMALL else _Guess(least, MUCH)


def _total(table: Table, cell: Cell) -> bool:
    """Whether a cell counts against the others of its row and column: a total, but not the total of totals."""
    return (cell[0] == len(table) - 1) != (cell[1] == len(table[0]) - 1)


def _reaches(
    ways: dict[tuple[str, int], dict[tuple[str, int], Cell]],
    start: tuple[str, int],
    end: tuple[str, int],
    cell: Cell,
) -> bool:
    """Whether a way leads from one line to another that does not go through `cell`."""
    seen, todo = {start}, deque([start])
    while todo:
        for line, through in ways.get(here := todo.popleft(), {}).items():
            if through == cell and here in (start, end):
                continue
            if line == end:
                return True
            if line not in seen:
                seen.add(line)
                todo.append(line)
    return False


def _next_smallest(table: Table, marks: Sequence[Sequence[Shown]], exposed: Sequence[Cell]) -> Cell | None:
    """The smallest cell still shown in the row or column, of an exposed cell, that has fewest hidden ones.

    Zeros stay shown.
    """
    rows = [
        [(row, column) for column in range(len(table[0]))] for row in sorted({cell[0] for cell in exposed})
    ]
    columns = [
        [(row, column) for row in range(len(table))] for column in sorted({cell[1] for cell in exposed})
    ]
    lines = sorted((*rows, *columns), key=lambda line: sum(marks[r][c] is not Shown.PLAIN for r, c in line))
    everything = [(r, c) for r in range(len(table)) for c in range(len(table[0]))]
    for line in (*lines, everything):
        shown = [(r, c) for r, c in line if marks[r][c] is Shown.PLAIN and table[r][c]]
        if shown:
            return min(shown, key=lambda found: (table[found[0]][found[1]], found))
    return None
