"""A sheet's cells moved about as a hand moves them in a spreadsheet program, with their styles and rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from xlplan.excel.damage import edited
from xlplan.form.expressions import column_letters
from xlplan.layout.model import Layout

from . import edits

Place = tuple[int, int]  # row and column
Move = Callable[[Place], Place | None]
_ROW = re.compile(r'<row r="(\d+)"([^>]*?)(?:/>|>(.*?)</row>)', re.S)
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.S)
_DATA = re.compile(r"<sheetData>.*</sheetData>", re.S)
_RULE = re.compile(r'(<dataValidation sqref=")([^"]*)(".*?</dataValidation>)', re.S)
_RANGE = re.compile(r"([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?")


def column_number(letters: str) -> int:
    """1 for A."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def moved(content: bytes, layout: Layout, title: str, move: Move, *, rules: bool = True) -> bytes:
    """The workbook with every cell of a sheet where `move` puts it; None takes it out. What comes covers what stands.

    `rules`: whether what boxes check goes along, as it does when whole rows, columns or cut ranges move.
    """

    def edit(xml: str) -> str:
        made = _DATA.sub(lambda found: _moved_cells(found[0], move), xml, count=1)
        return _moved_rules(made, move) if rules else made

    return edited(content, {edits.part_of(layout, title): edit})


def _moved_cells(data: str, move: Move) -> str:
    heights: dict[int, str] = {}
    cells: dict[Place, str] = {}
    found: list[tuple[bool, Place, str]] = []
    for row in _ROW.finditer(data):
        heights[int(row[1])] = row[2]
        for cell in _CELL.finditer(row[3] or ""):
            place = (int(cell[2]), column_number(cell[1]))
            to = move(place)
            if to is not None:
                inner = f">{cell[4]}</c>" if cell[4] is not None else "/>"
                found.append((to != place, to, f"{cell[3]}{inner}"))
    for _, to, cell_xml in sorted(found, key=lambda one: one[0]):  # what moved stands above what stayed
        cells[to] = cell_xml
    rows: dict[int, list[str]] = {row: [] for row in heights}
    for (at, column), cell_xml in sorted(cells.items()):
        rows.setdefault(at, []).append(f'<c r="{column_letters(column)}{at}"{cell_xml}')
    lines = (f'<row r="{at}"{heights.get(at, "")}>{"".join(rows[at])}</row>' for at in sorted(rows))
    return f"<sheetData>{''.join(lines)}</sheetData>"


def _moved_rules(xml: str, move: Move) -> str:
    rules = [(found, places_of(found[2])) for found in _RULE.finditer(xml)]
    covered = {to for _, places in rules for place in places if (to := move(place)) not in (None, place)}

    def change(found: re.Match[str]) -> str:
        went = {to for place in places_of(found[2]) if (to := move(place)) is not None and to != place}
        stayed = {place for place in places_of(found[2]) if move(place) == place and place not in covered}
        ranges = ranges_of(went | stayed)
        return f"{found[1]}{ranges}{found[3]}" if ranges else ""

    return re.sub(r'<dataValidations count="\d+"></dataValidations>', "", _RULE.sub(change, xml))


def places_of(ranges: str) -> set[Place]:
    """The cells of a list of ranges."""
    places = set()
    for found in _RANGE.finditer(ranges):
        left, top = column_number(found[1]), int(found[2])
        right, bottom = column_number(found[3] or found[1]), int(found[4] or found[2])
        places |= {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
    return places


def ranges_of(places: Iterable[Place]) -> str:
    """A list of ranges of these cells, a column at a time."""
    made: list[str] = []
    last: Place | None = None
    for column, row in sorted((column, row) for row, column in places):
        letters = column_letters(column)
        if last == (column, row - 1):
            made[-1] = f"{made[-1].split(':')[0]}:{letters}{row}"
        else:
            made.append(f"{letters}{row}")
        last = column, row
    return " ".join(made)


def row_in(at: int, count: int = 1) -> Move:
    """Empty rows put in before row `at`."""
    return lambda place: (place[0] + count * (place[0] >= at), place[1])


def rows_out(first: int, count: int = 1) -> Move:
    """Rows deleted."""

    def move(place: Place) -> Place | None:
        row, column = place
        if first <= row < first + count:
            return None
        return (row - count * (row >= first + count), column)

    return move


def column_in(at: int) -> Move:
    """An empty column put in before column `at`."""
    return lambda place: (place[0], place[1] + (place[1] >= at))


def column_out(at: int) -> Move:
    """A column deleted."""
    return lambda place: None if place[1] == at else (place[0], place[1] - (place[1] > at))


def rows_in_order(order: Iterable[int]) -> Move:
    """Rows in another order, such as a sort makes: whole rows, with all that stands in them."""
    after = list(order)
    at = dict(zip(after, sorted(after), strict=True))
    return lambda place: (at.get(place[0], place[0]), place[1])


def columns_swapped(one: int, other: int) -> Move:
    """Two columns in each other's place, heads and all."""
    at = {one: other, other: one}
    return lambda place: (place[0], at.get(place[1], place[1]))


def cells_down(rows: range, columns: range, count: int = 1) -> Move:
    """Cells put in above a block, so that it moves down, over what stands below; or out of it, with `count` below 0."""
    return cut(rows, columns, down=count)


def cut(rows: range, columns: range, *, down: int = 0, along: int = 0) -> Move:
    """A block cut and pasted elsewhere, over what stands there."""
    target = {(row + down, column + along) for row in rows for column in columns}

    def move(place: Place) -> Place | None:
        if place[0] in rows and place[1] in columns:
            return (place[0] + down, place[1] + along)
        return None if place in target else place

    return move
