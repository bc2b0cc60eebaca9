"""Where rows and columns of a layout stand in a file: address, tag and number decide for a row, heads for a column.

Address first; where witnesses disagree, two of three decide for a row and the header for a column; where none can,
the cell is a contradiction and gives no value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Cell, Sheet
from xlplan.layout.model import Input, Line, SheetPlan
from xlplan.layout.sheet import NUMBER, TAG

EMPTY = Cell(None)
_FIXED: dict[int, Fixed] = {}  # by the plan's id, which stays its own while the plan is held here
_MOST_FIXED = 1_000


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is the same for every file of a layout, gathered once for each of its sheets."""

    plan: SheetPlan
    tagged: tuple[Line, ...]
    headers: Mapping[tuple[int, int], str]
    puts: frozenset[tuple[int, int]]
    texts: frozenset[str]


def fixed_of(plan: SheetPlan) -> Fixed:
    """The fixed facts of a sheet's plan, gathered when they are first asked for."""
    found = _FIXED.get(id(plan))
    if found is None:
        if len(_FIXED) >= _MOST_FIXED:
            _FIXED.clear()
        headers = {item.header for item in plan.inputs if item.header}
        found = _FIXED[id(plan)] = Fixed(
            plan,
            tuple(line for line in plan.lines if line.tag and line.tag != plan.key),
            {header: plan.texts.get(header, "") for header in sorted(headers)},
            frozenset((put.row, put.column) for put in plan.puts),
            frozenset(plan.texts.values()),
        )
    return found


class Rows:
    """Where each input row of the layout stands in the file: `at` maps layout row → file row."""

    def __init__(self, plan: SheetPlan, sheet: Sheet, shift: int) -> None:
        self.plan, self.sheet, self.shift = plan, sheet, shift
        self.findings: list[Finding] = []
        self.tagged = fixed_of(plan).tagged
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


class Columns:
    """Where each column of a block stands in the file, by its header."""

    def __init__(self, plan: SheetPlan, sheet: Sheet, rows: Rows, shift: int) -> None:
        self.plan, self.sheet, self.rows, self.shift = plan, sheet, rows, shift
        self.findings: list[Finding] = []
        self.found: dict[tuple[int, int], int | None] = {}
        self.told: set[int] = set()
        self.near: dict[int, int | None] = {}
        self.texts = fixed_of(plan).headers
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
