"""A filled sheet as a person's hand changes it: rows, columns, ranges and single cells put in, taken out and moved.

Every value is unique, and knows the slot path that it was typed for. Cells keep their boxes: what is moved together
with locked cells belongs where it belonged, and what is moved from box to box alone belongs where it now stands.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

from xlplan.excel.plate import stamp
from xlplan.excel.read import read_workbook
from xlplan.form.spec import FormFacts
from xlplan.layout.book import Book, Cell, Sheet
from xlplan.layout.model import Layout, SheetPlan
from xlplan.layout.witnesses import fixed_of
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal, plate_of

Place = tuple[int, int]
Move = Callable[[Place], Place | None]


@cache
def form(name: str) -> FormOf:
    """A template's form as it is without a campaign."""
    return form_of(name, FormFacts())


@cache
def empty(name: str) -> Book:
    """The blank of a template as the reader gives it."""
    made = form(name)
    book = read_workbook(stamp(plate_of(made, ""), personal(BLANK_SCHOOL, blank_identity(made), b"", "")))
    assert isinstance(book, Book)
    return book


@dataclass
class Page:
    """One sheet under the hand: cells, and which slot path the box at a place has."""

    plan: SheetPlan
    cells: dict[Place, Cell]
    boxes: dict[Place, str]
    name: str

    @property
    def size(self) -> tuple[int, int]:
        return self.plan.last_row + 2, self.plan.last_column + 1


@dataclass
class Desk:
    """A filled workbook. `owners`: value → the slot paths that it may be read at."""

    layout: Layout
    pages: list[Page]
    others: list[Sheet]
    full: bool
    owners: dict[str, set[str]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    extra: list[Sheet] = field(default_factory=list)

    def book(self, base: Book) -> Book:
        """The workbook as it is now."""
        sheets = [Sheet(name=page.name, cells=page.cells) for page in self.pages]
        return replace(base, sheets=(*self.others, *sheets, *self.extra))

    def page(self, random: Random) -> Page:
        return random.choice([page for page in self.pages if page.plan.inputs])


def filled(name: str, random: Random, share: float, formulas: bool = True) -> Desk:
    """A copy with a unique value in that share of its boxes; without formulas as a value-only program saves it."""
    layout, base = form(name).layout, empty(name)
    desk = Desk(layout=layout, pages=[], others=[], full=share == 1.0)
    for plan, sheet in zip(layout.sheets, base.sheets, strict=True):
        assert plan.title == sheet.name
        if not plan.inputs:
            desk.others.append(sheet)
            continue
        cells = {
            place: cell if formulas or cell.formula is None else Cell(cell.value)
            for place, cell in sheet.cells.items()
            if formulas or cell.formula is None or cell.value not in (None, "")
        }
        page = Page(plan=plan, cells=cells, boxes={}, name=sheet.name)
        for item in plan.inputs:
            if item.locked:
                continue
            page.boxes[item.row, item.column] = item.path
            if random.random() < share:
                value = f"<{plan.key} {item.row}.{item.column}>"
                cells[item.row, item.column] = Cell(value)
                desk.owners[value] = {item.path}
        desk.pages.append(page)
    return desk


def locked(page: Page) -> dict[Place, Cell]:
    """What stands outside the boxes."""
    return {place: cell for place, cell in page.cells.items() if place not in page.boxes}


def rearranged(desk: Desk, page: Page, move: Move, *, texts_only: bool = False) -> None:
    """Every cell where `move` puts it; None takes it out. Boxes go along, unless only answers were moved."""
    before = locked(page)
    cells: dict[Place, Cell] = {}
    boxes: dict[Place, str] = {}
    came = sorted(
        page.cells, key=lambda place: move(place) != place
    )  # what moves wins over what stands there
    for place in came:
        to = move(place)
        if to is not None:
            cells[to] = page.cells[place]
    for place in sorted(page.boxes, key=lambda place: move(place) != place):
        to = move(place)
        if to is not None:
            boxes[to] = page.boxes[place]
    after = {place: cell for place, cell in cells.items() if place not in page.boxes}
    moved = {place for place in before if move(place) != place}
    if texts_only:
        moved = {place for place in moved if before[place].formula is None and move(place) is not None}
    if (moved or before != after) and not (texts_only and not moved):
        page.boxes = boxes
    else:
        answers = [
            (str(cell.value), page.boxes[place]) for place, cell in cells.items() if place in page.boxes
        ]
        for value, _ in answers:
            if value in desk.owners:
                desk.owners[value] = {path for other, path in answers if other == value}
    page.cells = cells


def insert_rows(desk: Desk, random: Random) -> None:
    page = desk.page(random)
    at = random.randint(1, page.size[0])
    desk.done.append(f"{page.name}: row put in before {at}")
    rearranged(desk, page, lambda p: (p[0] + (p[0] >= at), p[1]))


def delete_rows(desk: Desk, random: Random) -> None:
    page = desk.page(random)
    at = random.randint(1, page.size[0])
    desk.done.append(f"{page.name}: row {at} deleted")
    rearranged(desk, page, lambda p: None if p[0] == at else (p[0] - (p[0] > at), p[1]))


def insert_columns(desk: Desk, random: Random) -> None:
    page = desk.page(random)
    at = random.randint(1, page.size[1])
    desk.done.append(f"{page.name}: column put in before {at}")
    rearranged(desk, page, lambda p: (p[0], p[1] + (p[1] >= at)))


def delete_columns(desk: Desk, random: Random) -> None:
    page = desk.page(random)
    at = random.randint(1, page.size[1])
    desk.done.append(f"{page.name}: column {at} deleted")
    rearranged(desk, page, lambda p: None if p[1] == at else (p[0], p[1] - (p[1] > at)))


def move_column(desk: Desk, random: Random) -> None:
    page = desk.page(random)
    source, target = random.randint(1, page.size[1]), random.randint(1, page.size[1])
    order = [c for c in range(1, page.size[1] + 2) if c != source]
    order.insert(target - 1, source)
    at = {c: n for n, c in enumerate(order, 1)}
    desk.done.append(f"{page.name}: column {source} moved to {target}")
    rearranged(desk, page, lambda p: (p[0], at.get(p[1], p[1])))


def shuffle_rows(desk: Desk, random: Random) -> None:
    page = desk.page(random)
    first = random.randint(4, page.size[0])
    last = min(page.size[0], first + random.randint(1, 8))
    rows = list(range(first, last + 1))
    mixed = rows[::-1] if random.random() < 0.5 else random.sample(rows, len(rows))
    at = dict(zip(rows, mixed, strict=True))
    desk.done.append(f"{page.name}: rows {at}")
    rearranged(desk, page, lambda p: (at.get(p[0], p[0]), p[1]))


def shift_down(desk: Desk, random: Random) -> None:
    """Cells put in or taken out of some columns alone."""
    page = desk.page(random)
    at = random.randint(3, page.size[0])
    left = random.randint(1, page.size[1])
    right = left if random.random() < 0.6 else random.randint(left, page.size[1])
    out = random.random() < 0.5
    desk.done.append(f"{page.name}: cells {'out' if out else 'in'} at row {at}, columns {left} to {right}")

    def move(p: Place) -> Place | None:
        if not left <= p[1] <= right or p[0] < at:
            return p
        if out:
            return None if p[0] == at else (p[0] - 1, p[1])
        return (p[0] + 1, p[1])

    rearranged(desk, page, move)


def shift_right(desk: Desk, random: Random) -> None:
    """Cells put in or taken out of some rows alone."""
    page = desk.page(random)
    at = random.randint(1, page.size[1])
    top = random.randint(3, page.size[0])
    out = random.random() < 0.5
    # what is taken out of the left of several rows of a full table leaves no trace
    bottom = top if out or random.random() < 0.6 or not desk.full else random.randint(top, page.size[0])
    desk.done.append(f"{page.name}: cells {'out' if out else 'in'} at column {at}, rows {top} to {bottom}")

    def move(p: Place) -> Place | None:
        if not top <= p[0] <= bottom or p[1] < at:
            return p
        if out:
            return None if p[1] == at else (p[0], p[1] - 1)
        return (p[0], p[1] + 1)

    rearranged(desk, page, move)


def _range(page: Page, random: Random) -> tuple[range, range]:
    top, left = random.randint(3, page.size[0]), random.randint(1, page.size[1])
    whole = random.random() < 0.4
    columns = range(1, page.size[1] + 1) if whole else range(left, left + random.randint(1, 5))
    return range(top, top + random.randint(1, 6)), columns


def cut(desk: Desk, random: Random) -> None:
    """A range cut and pasted elsewhere, over what stands there."""
    page = desk.page(random)
    rows, columns = _range(page, random)
    down = random.randint(-8, 12)
    along = 0 if random.random() < 0.6 else random.randint(-2, 2)
    target = {(r + down, c + along) for r in rows for c in columns}
    if min(target) < (1, 1) or min(c for _, c in target) < 1:
        return
    desk.done.append(f"{page.name}: cut {rows} {columns} by {down}, {along}")

    def move(p: Place) -> Place | None:
        if p[0] in rows and p[1] in columns:
            return (p[0] + down, p[1] + along)
        return None if p in target else p

    before = dict(page.cells)
    boxes = dict(page.boxes)
    rearranged(desk, page, move, texts_only=True)
    if all(page.cells.get(p) == before.get(p) for p in target if p in before and p not in boxes):
        for p in target & boxes.keys():  # what is printed around the boxes looks as it did: put there by hand
            value = str(page.cells[p].value) if p in page.cells else ""
            if value in desk.owners:
                desk.owners[value] = desk.owners[value] | {boxes[p]}


def copy(desk: Desk, random: Random) -> None:
    """A range copied and pasted elsewhere: what stands in a box then was put there by hand."""
    page = desk.page(random)
    rows, columns = _range(page, random)
    down, along = random.randint(-8, 12), random.choice((0, 0, 0, 1, -1))
    desk.done.append(f"{page.name}: copied {rows} {columns} by {down}, {along}")
    held = {(r, c): page.cells.get((r, c)) for r in rows for c in columns}
    for (row, column), cell in held.items():
        to = (row + down, column + along)
        if min(to) < 1:
            continue
        page.cells.pop(to, None)
        if cell is not None:
            page.cells[to] = cell
            if isinstance(cell.value, str) and cell.value in desk.owners and to in page.boxes:
                desk.owners[cell.value] = desk.owners[cell.value] | {page.boxes[to]}


def overtype(desk: Desk, random: Random) -> None:
    """Something typed over a locked text; what stands for a fact of the header is read as that fact."""
    page = desk.page(random)
    texts = [place for place, cell in locked(page).items() if cell.formula is None]
    place = random.choice(texts)
    value = f"<typed {len(desk.done)} {place}>"
    desk.done.append(f"{page.name}: typed over {place}")
    page.cells[place] = Cell(value)
    desk.owners[value] = {item.path for item in page.plan.inputs if (item.row, item.column) == place}


def clear_column(desk: Desk, random: Random) -> None:
    """Tags, checks or numbers emptied."""
    page = desk.page(random)
    column = random.randint(1, 3)
    desk.done.append(f"{page.name}: column {column} emptied")
    page.cells = {place: cell for place, cell in page.cells.items() if place[1] != column}


def sort_column(desk: Desk, random: Random) -> None:
    """The texts of one of the first columns in descending order, all else in place."""
    page = desk.page(random)
    column = random.choice((1, 3))
    if any(done.startswith(page.name) and done.endswith("sorted") for done in desk.done):
        return  # tags and numbers in the same new order: so do the answers of rows that were moved by hand
    texts = {p: c for p, c in page.cells.items() if p[1] == column and p[0] > 3}
    desk.done.append(f"{page.name}: column {column} sorted")
    page.cells |= dict(zip(sorted(texts), sorted(texts.values(), key=str, reverse=True), strict=True))


def swap_names(desk: Desk, random: Random) -> None:
    one, other = random.sample(desk.pages, 2)
    desk.done.append(f"{one.name} and {other.name} have each other's name")
    one.name, other.name = other.name, one.name


def rename(desk: Desk, random: Random) -> None:
    page = desk.page(random)
    desk.done.append(f"{page.name} renamed")
    page.name = f"Mine {len(desk.done)}"


def copy_sheet(desk: Desk, random: Random) -> None:
    """A second copy of a sheet, with other values in some boxes."""
    page = desk.page(random)
    cells = dict(page.cells)
    for place in random.sample(sorted(page.boxes), min(5, len(page.boxes))):
        value = f"<copy {len(desk.done)} {place}>"
        cells[place] = Cell(value)
        desk.owners[value] = {page.boxes[place]}
    desk.done.append(f"{page.name} copied")
    desk.extra.append(Sheet(name=f"{page.name} ({len(desk.done)})", cells=cells))


def stray(desk: Desk, random: Random) -> None:
    """Something typed beside the boxes, or over a computed cell."""
    page = desk.page(random)
    place = (random.randint(1, page.size[0] + 3), random.randint(1, page.size[1] + 3))
    if place in page.boxes or (place in page.cells and page.cells[place].formula is None):
        return
    value = f"<note {len(desk.done)} {place}>"
    desk.done.append(f"{page.name}: note at {place}")
    page.cells[place] = Cell(value)
    desk.owners[value] = set()


def _heads(page: Page, random: Random) -> tuple[int, list[int]] | None:
    """The row and the columns of one table's heads."""
    rows = [(row, list(columns)) for row, columns in fixed_of(page.plan).heads.items() if len(columns) > 1]
    return random.choice(rows) if rows else None


def _answers(desk: Desk, page: Page, row: int, columns: Sequence[int]) -> bool:
    """Whether answers have taken the place of these heads."""
    return any(str(page.cells[row, c].value) in desk.owners for c in columns if (row, c) in page.cells)


def swap_heads(desk: Desk, random: Random) -> None:
    """Two heads in each other's place, or all in another order, the answers where they were."""
    page = desk.page(random)
    if (found := _heads(page, random)) is None:
        return
    row, columns = found
    one = random.sample(columns, 2 if random.random() < 0.7 else len(columns))
    if _answers(desk, page, row, columns):
        return
    other = [*one[1:], one[0]]
    desk.done.append(f"{page.name}: heads in row {row}: {one} are {other}")
    heads = {column: page.cells.get((row, column)) for column in one}
    cells = {place: cell for place, cell in page.cells.items() if place[0] != row or place[1] not in one}
    cells |= {(row, to): cell for at, to in zip(one, other, strict=True) if (cell := heads[at])}
    page.cells = cells


def drag_head(desk: Desk, random: Random) -> None:
    """A head dragged or copied over the one beside it, or cells put into or taken out of the row of heads alone."""
    page = desk.page(random)
    if (found := _heads(page, random)) is None:
        return
    row, columns = found
    at, step = random.choice(columns), random.choice((-1, 1))
    how = random.choice(("dragged", "copied", "put in", "taken out"))
    if _answers(desk, page, row, columns):
        return
    desk.done.append(f"{page.name}: head {at} in row {row} {how} {step}")
    cells = dict(page.cells)
    if how in ("dragged", "copied"):
        head = cells.get((row, at)) if how == "copied" else cells.pop((row, at), None)
        if head is not None:
            cells[row, at + step] = head
    else:
        by = 1 if how == "put in" else -1
        right = {place: cells.pop(place) for place in list(cells) if place[0] == row and place[1] >= at}
        cells |= {(row, c + by): cell for (_, c), cell in right.items() if c + by >= at}
    page.cells = cells


def first_cells(desk: Desk, random: Random) -> None:
    """Tags, checks and numbers put in, taken out or cut without the answers beside them."""
    page = desk.page(random)
    rows = [line.row for line in page.plan.lines if line.tag and line.row > 4]
    if not rows:
        return
    at, count = random.choice(rows), random.choice((1, 1, 2, 3))
    how = random.choice(("in", "out", "cut down", "cut up"))
    desk.done.append(f"{page.name}: columns 1 to 3 {how} at row {at}, {count} rows")
    by = 1 if how in ("in", "cut down") else -1
    source = range(at, at + count) if how.startswith("cut") else range(at + (how == "out"), 10_000)
    target = {row + by for row in source} if how.startswith("cut") else {at}

    def move(p: Place) -> Place | None:
        if p[1] > 3:
            return p
        return (p[0] + by, p[1]) if p[0] in source else None if p[0] in target else p

    rearranged(desk, page, move)


def swap_headless(desk: Desk, random: Random) -> None:
    """A row of heads deleted, and two of its columns swapped as a whole."""
    page = desk.page(random)
    if (found := _heads(page, random)) is None:
        return
    row, columns = found
    one, other = random.sample(columns, 2)
    desk.done.append(f"{page.name}: heads in row {row} gone, columns {one} and {other} swapped")
    at = {one: other, other: one}
    rearranged(
        desk,
        page,
        lambda p: None if p[0] == row else (p[0] - (p[0] > row), at.get(p[1], p[1])),
    )


def overtype_with(desk: Desk, random: Random) -> None:
    """A locked text typed over with another of the sheet's."""
    page = desk.page(random)
    texts = [place for place, cell in locked(page).items() if cell.formula is None]
    place, other = random.sample(texts, 2)
    if any(str(page.cells[at].value) in desk.owners for at in (place, other)):
        return
    desk.done.append(f"{page.name}: {place} says what {other} says")
    page.cells[place] = page.cells[other]


def exchange_contents(desk: Desk, random: Random) -> None:
    """All that stands on two sheets in each other's place: they keep their names."""
    one, other = random.sample([page for page in desk.pages if page.plan.inputs], 2)
    desk.done.append(f"{one.name} and {other.name} hold each other's cells")
    one.name, other.name = other.name, one.name
    a, b = desk.pages.index(one), desk.pages.index(other)
    desk.pages[a], desk.pages[b] = other, one


def reorder_untagged(desk: Desk, random: Random) -> None:
    """The column of tags deleted, and rows put in another order."""
    page = desk.page(random)
    desk.done.append(f"{page.name}: column 1 deleted")
    rearranged(desk, page, lambda p: None if p[1] == 1 else (p[0], p[1] - 1))
    first = random.randint(4, page.size[0])
    rows = list(range(first, min(page.size[0], first + random.randint(1, 8)) + 1))
    at = dict(zip(rows, random.sample(rows, len(rows)), strict=True))
    desk.done.append(f"{page.name}: rows {at}")
    rearranged(desk, page, lambda p: (at.get(p[0], p[0]), p[1]))


def transpose(desk: Desk, random: Random) -> None:
    """Rows for columns, the whole sheet."""
    page = desk.page(random)
    desk.done.append(f"{page.name}: transposed")
    rearranged(desk, page, lambda p: (p[1], p[0]))


EDITS: Mapping[str, Callable[[Desk, Random], None]] = {
    edit.__name__: edit
    for edit in (
        insert_rows, delete_rows, insert_columns, delete_columns, move_column, shuffle_rows, shift_down, shift_right,
        cut, copy, overtype, clear_column, sort_column, swap_names, rename, copy_sheet, stray,
        swap_heads, drag_head, first_cells, swap_headless, overtype_with, exchange_contents, reorder_untagged,
        transpose,
    )
}  # fmt: skip
