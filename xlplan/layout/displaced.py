"""Cells that were shifted apart from their row or column: what is printed beside or below them gives it away.

Where cells are put in or taken out of one column alone, address and tag of every row agree, and the answers of that
column stand one row off. So do the locked texts of the column from there on: between the last that is in place and
the next that is, no answer is read. The same holds along a row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from xlplan.layout.book import Place
from xlplan.layout.columns import Columns
from xlplan.layout.fits import DAYS, kind_fits
from xlplan.layout.lines import Rows
from xlplan.layout.model import Line
from xlplan.layout.sheet import FIRST, NUMBER, TAG
from xlplan.layout.witnesses import COUNT, EMPTY, TOTAL, Page, is_count

_END = 10**9
_BEYOND = (_END, 0)
Marks = dict[int, dict[int, bool | None]]


@dataclass(slots=True)
class Displaced:
    """What is printed on a sheet, against where it is expected in the file.

    `changed`: labels of which another text, or none, stands at the place. `blocked`: inputs that may be shifted.
    `down`: column → row → whether what is printed there is in place, None where it is gone; `across` by rows.
    """

    changed: dict[Place, Place] = field(default_factory=dict)
    blocked: set[Place] = field(default_factory=set)
    down: Marks = field(default_factory=lambda: defaultdict(dict))
    across: Marks = field(default_factory=lambda: defaultdict(dict))


def displaced(page: Page, rows: Rows, columns: Columns) -> Displaced:
    """Compare every locked text and formula with the place that rows and columns give it."""
    return _Comparing(page, rows, columns).result()


class _Comparing:
    def __init__(self, page: Page, rows: Rows, columns: Columns) -> None:
        self.page, self.rows, self.columns, self.fixed = page, rows, columns, page.fixed
        self.expected = {
            place: columns.place(*place) for place in self.fixed.labels if place[0] not in rows.gone
        }
        self.stray = self._stray_texts()
        self.made = Displaced()
        self.landed: set[Place] = set()
        self._computed = frozenset(self.fixed.computed)

    def _stray_texts(self) -> dict[str, list[Place]]:
        """Where locked texts stand that belong to none of their places."""
        wanted: dict[str, set[Place]] = defaultdict(set)
        for place, at in self.expected.items():
            wanted[self.fixed.labels[place]].add(at)
        self._numbers(wanted)
        return {
            text: [at for at in self.page.where.get(text, ()) if at not in own]
            for text, own in wanted.items()
        }

    def _numbers(self, wanted: dict[str, set[Place]]) -> None:
        column = self.rows.number_column
        for line in self.rows.tagged:
            if line.number and column is not None:
                wanted[line.number].add((self.rows.every.get(line.row, line.row), column))

    def result(self) -> Displaced:
        for place, at in self.expected.items():
            text = self.fixed.labels[place]
            if self.page.texts.get(at) == text:
                self._mark(place, True)
            elif not self._gone(place, at, self.stray[text]):
                self.made.changed[place] = at
        self._formulas()
        self._counts()
        self._printed_numbers()
        for place in self.landed:
            self._mark(place, False)
        for column, marks in self.made.down.items():
            self._block({place[0]: place for place in self.fixed.inputs if place[1] == column}, marks)
        for row, marks in self.made.across.items():
            self._block({place[1]: place for place in self.fixed.inputs if place[0] == row}, marks)
        self._unvouched()
        return self.made

    def _unvouched(self) -> None:
        """Where one column was shifted, so may be those beside it that have nothing printed below to vouch for them."""
        columns = {column for _, column in self.fixed.inputs}
        for marks in [marks for marks in self.made.down.values() if False in marks.values()]:
            for at in [row for row, mark in marks.items() if mark is False]:
                low, high = around(marks, at)
                for column in columns:
                    own = self.made.down.get(column, {})
                    if not any(mark and at <= row <= high for row, mark in own.items()):
                        self.made.blocked |= {
                            p for p in self.fixed.inputs if p[1] == column and low < p[0] < high
                        }

    def _mark(self, place: Place, good: bool | None) -> None:
        """Remember whether what belongs there is in place; what is in place stays so."""
        row, column = place
        for marks, key in ((self.made.down[column], row), (self.made.across[row], column)):
            if marks.get(key) is not True:
                marks[key] = good

    def _gone(self, place: Place, at: Place, strays: Iterable[Place]) -> bool:
        """Whether what is gone from its place stands elsewhere; what is around both may have been moved with it."""
        row, column = place
        found = list(strays)
        same_column = any(c == at[1] for _, c in found)
        same_row = any(r == at[0] for r, _ in found)
        apart = bool(found) and not same_column and not same_row
        self.made.down[column][row] = False if same_column or apart else None
        self.made.across[row][column] = False if same_row or apart else None
        self.landed |= {(self.rows.original.get(r, r), self._column(c)) for r, c in found}
        return bool(found)

    def _formulas(self) -> None:
        """A formula that is gone from its place, with one in its row or column that belongs nowhere."""
        expected = {
            place: self.columns.place(*place)
            for place in self.fixed.computed
            if place[0] not in self.rows.gone
        }
        strays = self.page.formulas - set(expected.values())
        self._shortened(expected)
        for place, at in expected.items() if strays else ():
            if at in self.page.formulas:
                self._mark(place, True)
            else:
                self._gone(place, at, [(r, c) for r, c in strays if r == at[0] or c == at[1]])
        for places, along in ((self.made.down, 0), (self.made.across, 1)):
            self._chains(places, along)

    def _shortened(self, expected: Mapping[Place, Place]) -> None:
        """Formulas below one another of which the last is gone: cells were taken out above, and all moved up by one."""
        for (row, column), at in expected.items() if self.page.formulas else ():
            above, below = expected.get((row - 1, column)), (row + 1, column)
            if at not in self.page.formulas and not self.page.filled(at) and below not in self._computed:
                self.made.down[column][row] = False if above in self.page.formulas else None

    def _chains(self, places: Marks, along: int) -> None:
        """Formulas like one another, shifted by one, still stand at most of their places: not what lies between."""
        for key, marks in places.items():
            wrong = [at for at, mark in marks.items() if mark is False]
            wrong += [place[along] for place in self.landed if place[1 - along] == key]
            for at in marks if wrong else ():
                place = (at, key) if along == 0 else (key, at)
                if min(wrong) < at < max(wrong) and place in self._computed:
                    marks[at] = False

    def _counts(self) -> None:
        """Where no formulas are left, the line that counts a table's rows speaks for them: it is never empty."""
        expected = {
            place: self.columns.place(*place)
            for place, style in self.fixed.checks.items()
            if style == COUNT and place[0] not in self.rows.gone
        }
        said = {at for at, text in self.page.texts.items() if is_count(text)}
        strays = said - set(expected.values())
        for place, at in expected.items() if strays and not self.page.formulas else ():
            if at in said:
                self._mark(place, True)
            else:
                self._gone(place, at, strays)

    def _column(self, column: int) -> int:
        """The layout's column that stands at this column of the file."""
        return next((own for own in self.columns.votes if self.columns.at(own) == column), column)

    def _printed_numbers(self) -> None:
        """Tags and numbers are in place, or stand in a cell that is none of theirs."""
        column, apart = self.rows.number_column, self._numbers_apart()
        for line in self.rows.tagged:
            if apart and line.number:
                self.made.across[line.row][NUMBER] = False
                continue
            at = self.rows.at.get(line.row)
            if line.number and column is not None and line.row not in self.rows.gone:
                here = (self.rows.every.get(line.row, line.row), column)
                if at is not None and self.page.texts.get(here) == line.number:
                    self._mark((line.row, NUMBER), True)
                elif strays := self.stray.get(line.number):
                    self._gone((line.row, NUMBER), here, strays)
            if at is None and self.rows.tag_column is not None:
                strays = [
                    place for place in self.page.where.get(line.tag, ()) if place[1] != self.rows.tag_column
                ]
                self.landed |= {(self.rows.original.get(r, r), self._column(c)) for r, c in strays}

    def _numbers_apart(self) -> bool:
        """Whether the numbers were moved aside while the tags before them, and what is printed beyond, stayed."""
        tag, number, first = self.rows.tag_column, self.rows.number_column, self.columns.at(FIRST)
        if number is None or tag is None or first is None:
            return False
        return number - NUMBER not in (tag - TAG, first - FIRST)

    def _block(self, inputs: dict[int, Place], marks: dict[int, bool | None]) -> None:
        """Block the inputs between the marks in place around each that is not."""
        if not inputs or False not in marks.values():
            return
        for at, mark in marks.items():
            if mark is False:
                low, high = around(marks, at)
                self.made.blocked |= {place for where, place in inputs.items() if low < where < high}


def around(marks: dict[int, bool | None], at: int) -> tuple[int, int]:
    """The nearest marks in place before and after."""
    good = sorted(where for where, mark in marks.items() if mark)
    near = bisect_left(good, at)
    return good[near - 1] if near else 0, good[near] if near < len(good) else _END


def overflowing(
    page: Page, rows: Rows, columns: Columns, printed: Displaced, strange: Container[Place]
) -> set[Place]:
    """Inputs that may be shifted where nothing printed says so: an answer stands just beyond the boxes of its run.

    Cells put into a row or column move its last answer out of the boxes; cells taken out move its first answer over
    what is printed before them.
    """
    return _Overflowing(page, rows, columns, printed, strange).result()


class _Overflowing:
    def __init__(
        self, page: Page, rows: Rows, columns: Columns, printed: Displaced, strange: Container[Place]
    ) -> None:
        self.page, self.rows, self.columns, self.printed, self.strange = page, rows, columns, printed, strange
        self.inputs = page.fixed.inputs
        self.blocked: set[Place] = set()

    def result(self) -> set[Place]:
        runs = list(_runs(self.inputs))
        for run in runs:
            self._column(run)
        if self.page.sheet.validations:
            self._ruled(runs)
        for line in self.rows.tagged:
            columns = sorted(column for row, column in self.inputs if row == line.row)
            for _, beside in groupby(enumerate(columns), lambda one: one[1] - one[0]):
                for run in self._together([(line.row, column) for _, column in beside]):
                    self._row(line, run)
        return self.blocked

    def _together(self, run: list[Place]) -> Iterator[list[Place]]:
        """Boxes of a row that stand beside one another in the file as well, left to right."""
        columns = sorted((self._at(place)[1], place) for place in run)
        for _, beside in groupby(enumerate(columns), lambda one: one[1][0] - one[0]):
            yield [place for _, (_, place) in beside]

    def _ruled(self, runs: Iterable[list[Place]]) -> None:
        """Columns of a table whose rules end in another row than those beside them: their cells were shifted alone."""
        tables: dict[tuple[int, int], list[list[Place]]] = defaultdict(list)
        for run in runs:
            tables[run[0][0], run[-1][0]].append(run)
        for (top, bottom), every in tables.items():
            table = [run for run in every if not self.inputs[run[-1]].field.locked]  # those have no rules
            found = [at for row in range(top, bottom + 1) if (at := self.rows.at.get(row)) is not None]
            if len(table) < 2 or not found:
                continue
            last = max(found)
            ends = {run[0][1]: self._rules_at(run, last) for run in table}
            if (True, False) not in ends.values():
                continue
            for column, (ruled, beyond) in ends.items():
                if beyond or (not ruled and self._shortened(top, bottom, column, last)):
                    self._between(column, top - 1, bottom + 1)

    def _rules_at(self, run: list[Place], row: int) -> tuple[bool, bool]:
        """Whether that row of the file has the rule of these boxes, and whether the row after it has."""
        column = self._at(run[-1])[1]
        carries = self.columns.fits.carries
        item = self.inputs[run[-1]]
        return carries([(item, row)], column), carries([(item, row + 1)], column)

    def _shortened(self, top: int, bottom: int, column: int, last: int) -> bool:
        """Whether a column without its last rule lacks its last answer too, or its table's rows were moved."""
        if any(self.rows.at.get(row) != row for row in range(top, bottom + 1)):
            return True
        row = self.rows.original.get(last, last)
        used = any(self._filled(place) for place in self.inputs if place[0] == row)
        return used and not self._filled((row, column))

    def _at(self, place: Place) -> Place:
        return self.columns.place(*place)

    def _filled(self, place: Place) -> bool:
        return self.page.filled(self._at(place))

    def _column(self, run: list[Place]) -> None:
        if self._untotalled((run[-1][0] + 1, run[-1][1])):
            self.blocked |= set(run)
        empty = [place for place in run if not self._filled(place)] or self._away(run)
        if not empty:
            return
        (top, column), (bottom, _) = run[0], run[-1]
        low, high = around(self.printed.down.get(column, {}), top)
        above, below = self._at((top - 1, column)), self._at((bottom + 1, column))
        if below in self.strange:
            self._between(column, empty[0][0] - 1, high)
            for beside in {c for r, c in self.inputs if r == bottom and c != column}:
                marks = self.printed.down.get(beside, {})
                if not any(mark and row > bottom for row, mark in marks.items()):
                    self._between(beside, empty[0][0] - 1, high)
        head = (top - 1, column)
        if (above in self.strange or head in self.printed.changed) and (
            self._unfinished(run) or not self._head_above(run[0])
        ):
            self._between(column, low, high)

    def _away(self, run: list[Place]) -> list[Place]:
        """Boxes whose rows stand away from their addresses: their column may have stayed where it was."""
        return [place for place in run if self.rows.every.get(place[0], place[0]) != place[0]]

    def _untotalled(self, below: Place) -> bool:
        """Whether the total that belongs below a column is gone, in a file that has what other formulas showed."""
        if self.page.formulas or self.page.fixed.checks.get(below) != TOTAL or self._filled(below):
            return False
        return any(map(is_count, self.page.texts.values()))

    def _head_above(self, first: Place) -> bool:
        """Whether a locked text belongs just above the first box; else what stands there came from the boxes."""
        return (first[0] - 1, first[1]) in self.page.fixed.labels

    def _unfinished(self, run: list[Place]) -> bool:
        """Whether an answer of this column may stand one row higher: a row in use has none.

        Not where the first would stand in the head's place, and what stands there is none of its kind.
        """
        above = self.page.sheet.cells.get(self._at((run[0][0] - 1, run[0][1])), EMPTY).value
        if above is None:
            return True
        if any(self._proves(place) for place in run) and not kind_fits(self.inputs[run[0]], above):
            return False
        used = [place for place in run if any(self._filled(p) for p in self.inputs if p[0] == place[0])]
        return any(not self._filled(place) for place in used[-1:])

    def _between(self, column: int, low: int, high: int) -> None:
        self.blocked |= {place for place in self.inputs if place[1] == column and low < place[0] < high}

    def _row(self, line: Line, run: list[Place]) -> None:
        """The same along a row, where boxes stand beside one another without a gap."""
        if self.rows.at.get(line.row) is None:
            return
        empty = [place for place in run if not self._filled(place)]
        (row, left), (_, right) = run[0], run[-1]
        at, first_at, last_at = self._at(run[0])[0], self._at(run[0])[1], self._at(run[-1])[1]
        if (at, last_at + 1) in self.strange or self._at((row, right + 1)) in self.strange:
            # over something computed it may have come from either side
            first = run[0] if (row, right + 1) in self.page.fixed.computed else (*empty, _BEYOND)[0]
            self.blocked |= {place for place in run if place >= first}
        number = self.rows.number_column
        gone = bool(line.number) and self.page.at(self.rows.every[row], number) != line.number
        gone = gone or self._uncomputed(row, left) or self._at((row, left - 1)) in self.strange
        gone = gone or (at, first_at - 1) in self.strange
        if gone and empty and empty[-1] == run[-1] and not any(self._proves(place) for place in run):
            self.blocked |= set(run)

    def _uncomputed(self, row: int, column: int) -> bool:
        """Whether a formula that belongs just before the boxes of a row is gone, while others are left."""
        place = (row, column - 1)
        return (
            bool(self.page.formulas)
            and place in self.page.fixed.computed
            and self._at(place) not in self.page.formulas
        )

    def _proves(self, place: Place) -> bool:
        """Whether an answer fits the kind of its box, and that of the boxes beside it would be another."""
        item = self.inputs[place]
        beside = [self.inputs.get((place[0], place[1] + step)) for step in (-1, 1)]
        kinds = {other.field.kind for other in beside if other is not None}
        value = self.page.sheet.cells.get(self._at(place), EMPTY).value
        if item.field.kind in kinds or (item.field.kind in DAYS and kinds & set(DAYS)):
            return False
        return bool(kind_fits(item, value))


def _runs(inputs: Iterable[Place]) -> Iterator[list[Place]]:
    """Boxes that stand one below the other without a gap."""
    run: list[Place] = []
    for row, column in sorted(inputs, key=lambda place: (place[1], place[0])):
        if run and run[-1] != (row - 1, column):
            yield run
            run = []
        run.append((row, column))
    if run:
        yield run
