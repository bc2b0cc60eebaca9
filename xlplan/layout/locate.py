"""From a returned workbook to a raw plan: every value with its cell, found by its witnesses; and the strays.

A row's witnesses are its address, its tag in column A and the text printed in column C; a column's are its address
and its header; a sheet's is its section key. Address first; where they disagree, two of three decide for a row and
the header for a column; where none can, the cell is a contradiction and gives no value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Book, Cell, Sheet
from xlplan.layout.model import Input, Layout, Line, SheetPlan
from xlplan.layout.sheet import NUMBER, TAG

EMPTY = Cell(None)
KEY_AREA = (8, 6)  # rows and columns in which a section key is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class RawValue:
    """What stands in the cell of a field: the cell's content and where it was read."""

    cell: Cell
    sheet: str
    a1: str


@dataclass(slots=True, kw_only=True)
class RawPlan:
    """Every field's cell by slot path (empty ones left out), and what was found of the workbook's structure."""

    values: dict[str, RawValue] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    missing: list[SheetPlan] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)


def locate(layout: Layout, book: Book) -> RawPlan:
    """The raw plan of a workbook. Never raises for what the workbook holds."""
    raw = RawPlan()
    found, others = _sheets(layout, book, raw)
    for plan in layout.sheets:
        if plan.hidden or plan.key in ("start", "guide"):
            continue
        if plan.key not in found:
            raw.missing.append(plan)
            raw.findings.append(finding("section-missing", sheet=plan.title, section=plan.title))
            continue
        _read_sheet(plan, found[plan.key], raw)
    raw.findings += [finding("extra-sheet", sheet=sheet.name, found=sheet.name) for sheet in others]
    return raw


def find_section(book: Book, key: str) -> Sheet | None:
    """The sheet that carries this section key."""
    return next((sheet for sheet in book.sheets if _key_place(sheet, {key})), None)


def keys_of(book: Book) -> set[str]:
    """All texts of a workbook that stand where section keys do."""
    return {
        str(cell.value)
        for sheet in book.sheets
        for (row, column), cell in sheet.cells.items()
        if row <= KEY_AREA[0] and column <= 2 and isinstance(cell.value, str)
    }


def _key_place(sheet: Sheet, keys: set[str] | Mapping[str, object]) -> tuple[str, int, int] | None:
    """The section key of a sheet with its row and column; its fixed place A3 first."""
    at = sheet.cells.get((3, TAG), EMPTY).value
    if isinstance(at, str) and at in keys:
        return at, 3, TAG
    for row in range(1, KEY_AREA[0] + 1):
        for column in range(1, KEY_AREA[1] + 1):
            value = sheet.cells.get((row, column), EMPTY).value
            if isinstance(value, str) and value in keys:
                return value, row, column
    return None


def _sheets(layout: Layout, book: Book, raw: RawPlan) -> tuple[dict[str, Sheet], list[Sheet]]:
    """Each section's sheet, by key, else by title; what is left over."""
    plans = {plan.key: plan for plan in layout.sheets}
    found: dict[str, Sheet] = {}
    others: list[Sheet] = []
    ranked = sorted(
        book.sheets, key=lambda sheet: not _titled(sheet, plans)
    )  # the sheet under its own title first
    for sheet in ranked:
        place = _key_place(sheet, plans)
        key = (
            place[0]
            if place
            else next((plan.key for plan in plans.values() if plan.title == sheet.name), None)
        )
        if key is None:
            if sheet.cells and sheet.name not in ("Evaluation Warning",):
                others.append(sheet)
        elif key in found:
            raw.findings.append(
                finding("sheet-twice", sheet=sheet.name, found=sheet.name, section=plans[key].title)
            )
        else:
            found[key] = sheet
            if sheet.name != plans[key].title and not plans[key].hidden:
                raw.findings.append(
                    finding("sheet-renamed", sheet=sheet.name, found=sheet.name, section=plans[key].title)
                )
    return found, others


def _titled(sheet: Sheet, plans: Mapping[str, SheetPlan]) -> bool:
    place = _key_place(sheet, plans)
    return place is not None and plans[place[0]].title == sheet.name


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What is the same for every file of a layout, gathered once for each of its sheets."""

    plan: SheetPlan
    tagged: tuple[Line, ...]
    headers: Mapping[tuple[int, int], str]
    puts: frozenset[tuple[int, int]]
    texts: frozenset[str]


_FIXED: dict[int, _Fixed] = {}  # by the plan's id, which stays its own while the plan is held here
_MOST_FIXED = 1_000


def _fixed(plan: SheetPlan) -> _Fixed:
    found = _FIXED.get(id(plan))
    if found is None:
        if len(_FIXED) >= _MOST_FIXED:
            _FIXED.clear()
        headers = {item.header for item in plan.inputs if item.header}
        found = _FIXED[id(plan)] = _Fixed(
            plan,
            tuple(line for line in plan.lines if line.tag and line.tag != plan.key),
            {header: plan.texts.get(header, "") for header in sorted(headers)},
            frozenset((put.row, put.column) for put in plan.puts),
            frozenset(plan.texts.values()),
        )
    return found


@lru_cache(maxsize=10_000)
def _a1(row: int, column: int) -> str:
    return f"{column_letters(column)}{row}"


def _read_sheet(plan: SheetPlan, sheet: Sheet, raw: RawPlan) -> None:
    place = _key_place(sheet, {plan.key})
    shift = place[2] - TAG if place else 0
    rows = _Rows(plan, sheet, shift)
    columns = _Columns(plan, sheet, rows, shift)
    read: set[tuple[int, int]] = set()
    for item in plan.inputs:
        row, column = rows.at.get(item.row), columns.of(item)
        if row is None or column is None:
            raw.undecided.add(item.path)
            continue
        read.add((row, column))
        a1 = _a1(row, column)
        raw.places[item.path] = (sheet.name, a1)
        cell = sheet.cells.get((row, column))
        if cell is not None:
            raw.values[item.path] = RawValue(cell=cell, sheet=sheet.name, a1=a1)
    raw.findings += rows.findings + columns.findings
    raw.findings += _strays(plan, sheet, rows, shift, read)


class _Rows:
    """Where each input row of the layout stands in the file: `at` maps layout row → file row."""

    def __init__(self, plan: SheetPlan, sheet: Sheet, shift: int) -> None:
        self.plan, self.sheet, self.shift = plan, sheet, shift
        self.findings: list[Finding] = []
        self.tagged = _fixed(plan).tagged
        self.at: dict[int, int | None] = {}
        self._originals: dict[int, int | None] = {}
        if all(self._text(line.row, TAG) == line.tag for line in self.tagged) and not self._doubled():
            self.at = {line.row: line.row for line in self.tagged}
        else:
            self._decide()
        self.in_place = all(line == at for line, at in self.at.items())

    def _text(self, row: int, column: int) -> str:
        value = self.sheet.cells.get((row, column + self.shift), EMPTY).value
        return value.strip() if isinstance(value, str) else ""

    def _by_text(self, column: int) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for (row, at), cell in self.sheet.cells.items():
            if at == column + self.shift and isinstance(cell.value, str):
                found[cell.value.strip()].append(row)
        return found

    def _doubled(self) -> bool:
        found = self._by_text(TAG)
        return any(len(found[line.tag]) > 1 for line in self.tagged)

    def _decide(self) -> None:
        tags = self._by_text(TAG)
        for line in self.tagged:
            at = tags.get(line.tag, [])
            row = line.row if line.row in at else at[0] if len(at) == 1 else None
            if row is not None and row != line.row and line.number and self._text(row, NUMBER) != line.number:
                # tag and number disagree away from the address: the address decides where the number stands there
                row = (
                    line.row
                    if self._text(line.row, NUMBER) == line.number and not self._text(line.row, TAG)
                    else None
                )
            if not at:
                row = self._without_tag(line.row, line.number)
            self.at[line.row] = row
        self._unique()
        self._report()

    def _without_tag(self, row: int, number: str) -> int | None:
        """A row whose tag is gone: its number at its address, or its neighbours at theirs, must speak for it."""
        if number:
            return row if self._text(row, NUMBER) == number else None
        rows = [line.row for line in self.tagged]
        near = rows.index(row)
        around = [
            line
            for line in (
                self.tagged[near - 1] if near else None,
                self.tagged[near + 1] if near + 1 < len(rows) else None,
            )
            if line
        ]
        return row if around and all(self._text(line.row, TAG) == line.tag for line in around) else None

    def _unique(self) -> None:
        """No two rows of the layout may be read from one row of the file."""
        taken: dict[int, list[int]] = defaultdict(list)
        for row, at in self.at.items():
            if at is not None:
                taken[at].append(row)
        for at, rows in taken.items():
            if len(rows) > 1:
                for row in rows:
                    self.at[row] = at if row == at else None

    def _report(self) -> None:
        previous: int | None = None
        for line in self.tagged:
            at = self.at[line.row]
            if at is None:
                self.findings.append(
                    finding(
                        "contradiction",
                        sheet=self.sheet.name,
                        cell=f"A{line.row}",
                        found=line.number or line.tag,
                    )
                )
                continue
            delta = at - line.row
            if delta and delta != previous:
                todo = (
                    "Nothing to do: its answers were read from there. A fresh copy has everything in place."
                )
                self.findings.append(
                    finding(
                        "moved",
                        sheet=self.sheet.name,
                        cell=f"A{at}",
                        found=line.number or line.tag,
                        at=f"row {at}",
                        todo=todo,
                    )
                )
            previous = delta

    def header(self, row: int) -> int:
        """Where a header row stands: it moves with the tagged row after it."""
        following = next(
            (line.row for line in self.tagged if line.row >= row and self.at[line.row] is not None), None
        )
        at = self.at[following] if following is not None else None
        return row if at is None or following is None else row + at - following

    def original(self, row: int) -> int | None:
        """The layout's row that stands at this row of the file, as far as rows moved as one."""
        if row not in self._originals:
            self._originals[row] = self._original(row)
        return self._originals[row]

    def _original(self, row: int) -> int | None:
        if self.in_place:
            return row
        for line, at in self.at.items():
            if at == row:
                return line
        above = [line for line in self.at if self.at[line] is not None and (self.at[line] or 0) < row]
        below = [line for line in self.at if self.at[line] is not None and (self.at[line] or 0) > row]
        if below:
            nearest = min(below)
            return row - ((self.at[nearest] or 0) - nearest)
        if above:
            nearest = max(above)
            return row - ((self.at[nearest] or 0) - nearest)
        return row


class _Columns:
    """Where each column of a block stands in the file, by its header."""

    def __init__(self, plan: SheetPlan, sheet: Sheet, rows: _Rows, shift: int) -> None:
        self.plan, self.sheet, self.rows, self.shift = plan, sheet, rows, shift
        self.findings: list[Finding] = []
        self.found: dict[tuple[int, int], int | None] = {}
        self.told: set[int] = set()
        self.near: dict[int, int | None] = {}
        self.texts = _fixed(plan).headers
        self.blocks: dict[int, list[int]] = defaultdict(list)
        for row, column in self.texts:
            self.blocks[row].append(column)

    def of(self, item: Input) -> int | None:
        """The file's column of an input, or None where nothing decides."""
        if item.header is None or item.header[1] != item.column:
            return self._by_neighbours(item)
        if item.header not in self.found:
            self.found[item.header] = self._decide(item.header)
        return self.found[item.header]

    def _decide(self, header: tuple[int, int]) -> int | None:
        row, column = self.rows.header(header[0]), header[1] + self.shift
        text = self.texts[header]
        if self._at(row, column) == text:
            return column
        places = [at for (r, at), cell in self.sheet.cells.items() if r == row and cell.value == text]
        if len(places) == 1:
            if header[0] not in self.told:
                self.told.add(header[0])
                todo = "Nothing to do: its answers were read from there."
                where = f"column {column_letters(places[0])}"
                self.findings.append(
                    finding(
                        "moved",
                        sheet=self.sheet.name,
                        cell=f"{column_letters(places[0])}{row}",
                        found=text,
                        at=where,
                        todo=todo,
                    )
                )
            return places[0]
        return self._between(header, row)

    def _between(self, header: tuple[int, int], row: int) -> int | None:
        """A header that is gone or overtyped: its neighbours, or the other heads of its column, must tell.

        Another text at its address is an overtyped head while all its neighbours stand at theirs; nothing there,
        or a neighbour's text, may be a column that was taken out.
        """
        columns = self.blocks[header[0]]
        others = [self.texts[header[0], other] for other in columns if other != header[1]]
        beside = [self._at(row, other + self.shift) for other in columns if other != header[1]]
        typed = self._at(row, header[1] + self.shift)
        if typed and typed not in others and beside == others:
            return header[1] + self.shift
        found = self._in_column(header)
        if found is None:
            where = f"{column_letters(header[1])}{row}"
            told = finding("contradiction", sheet=self.sheet.name, cell=where, found=self.texts[header])
            self.findings.append(told)
        return found

    def _in_column(self, header: tuple[int, int]) -> int | None:
        """Where the other heads of the same column stand, if they agree."""
        known: set[int] = set()
        for other, text in self.texts.items():
            if other[1] == header[1] and other != header and text:
                row = self.rows.header(other[0])
                known |= {at for (r, at), cell in self.sheet.cells.items() if r == row and cell.value == text}
        return known.pop() if len(known) == 1 else None

    def _by_neighbours(self, item: Input) -> int | None:
        if item.column not in self.near:
            self.near[item.column] = self._under_headers(item)
        return self.near[item.column]

    def _under_headers(self, item: Input) -> int | None:
        """A column without a header text of its own (ticks under live words): as the headers over it stand."""
        for header in self.texts:
            if header[1] == item.column and header not in self.found:
                self.found[header] = self._decide(header)
        known = {at for header, at in self.found.items() if header[1] == item.column}
        if len(known) == 1:
            return known.pop()
        return None if known else item.column + self.shift

    def _at(self, row: int, column: int) -> str:
        value = self.sheet.cells.get((row, column), EMPTY).value
        return value if isinstance(value, str) else ""


def _strays(
    plan: SheetPlan, sheet: Sheet, rows: _Rows, shift: int, read: set[tuple[int, int]]
) -> list[Finding]:
    """What people left where the form has nothing: beside, below, in a second row of the same tag."""
    fixed = _fixed(plan)
    known, texts = fixed.puts, fixed.texts
    found: list[Finding] = []
    left = [
        (place, cell)
        for place, cell in sheet.cells.items()
        if place not in read
        and cell.value is not None
        and cell.value != ""
        and not isinstance(cell.value, bool)
        and (rows.original(place[0]), place[1] - shift) not in known
    ]
    for (row, column), cell in sorted(left):
        if isinstance(cell.value, str) and (cell.value in texts or not cell.value.strip()):
            continue
        todo = "Move it into the white box it belongs to, or delete it."
        found.append(
            finding(
                "stray",
                sheet=sheet.name,
                cell=f"{column_letters(column)}{row}",
                found=str(cell.value),
                todo=todo,
            )
        )
    return found
