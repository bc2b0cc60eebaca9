"""What of a layout a file still shows: the texts that are the same in every copy, and where each row stands.

Address first; where witnesses disagree, two of three decide for a row: its address, its tag, and the number printed
in it, or for a row without one the tags around it and what is printed in it. Where none can, its cells are a
contradiction and give no value.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from xlplan.findings import Finding, finding
from xlplan.layout.book import Cell, Scalar, Sheet
from xlplan.layout.model import Input, Line, SheetPlan
from xlplan.layout.sheet import CHECK, FIRST, FORM_LINE, NUMBER, PERSONAL, TAG

EMPTY = Cell(None)
Place = tuple[int, int]

_FIXED: dict[int, Fixed] = {}  # by the plan's id, which stays its own while the plan is held here
_MOST_FIXED = 1_000
_TOKEN = PERSONAL[0]
WAY_BACK = "link.right"  # the style of the link in row 1, which in a correction copy leads to To fix
COUNT = "guide"  # the style of the line that counts a table's rows
_SAID = {  # style of a computed cell → how what it shows begins
    "check": re.compile("[✓○▲#]|Needs |Look|To fix"),
    "state": re.compile("[✓○▲#]|Needs |Look|Not used"),
    "month": re.compile("■"),
    COUNT: re.compile(r"\d+ of \d+ rows? "),
    "words": re.compile("✓ |Look: |No (steps|dates) yet|#"),
    "total.money": re.compile(r"-?\d*(\.\d+)?$|#"),
    "words.center": re.compile(r"\d*(\.\d+)?$|#"),
    "preview": re.compile("[A-Z]( |$)"),
}


@dataclass(frozen=True, slots=True)
class Fixed:
    """What is the same for every file of a layout, gathered once for each of its sheets.

    `cells`: the locked texts as a reader gives them. `labels`: the same as `shown`, without tags and numbers.
    `locked`: places of all that is no formula, also of what differs from copy to copy; `line`: of the form line,
    `back`: of the link in row 1.
    `computed`: where formulas stand; `checks`: those whose words begin in few ways, with their style. `known`: all
    places at which the layout has something; `boxes`: of what people fill in. `heads`: header row → columns.
    """

    plan: SheetPlan
    tagged: tuple[Line, ...]
    cells: Mapping[Place, Cell]
    labels: Mapping[Place, str]
    locked: tuple[Place, ...]
    line: Place | None
    back: Place | None
    computed: tuple[Place, ...]
    checks: Mapping[Place, str]
    known: frozenset[Place]
    heads: Mapping[int, tuple[int, ...]]
    inputs: Mapping[Place, Input]
    boxes: frozenset[Place]
    texts: frozenset[str]

    def untouched(self, sheet: Sheet) -> bool:
        """Whether every locked text and formula stands at its place, and nothing beside what the layout knows."""
        cells = sheet.cells
        return (
            self.cells.items() <= cells.items()
            and cells.keys() <= self.known
            and not self._uncomputed(cells)
            and not any(self.replaced(at, cells.get(at, EMPTY)) for at in (self.line, self.back) if at)
        )

    def replaced(self, place: Place, cell: Cell) -> bool:
        """Whether another text stands at the place of the form line, or of the link in row 1."""
        if place == self.line:
            return not (isinstance(cell.value, str) and "·" in cell.value)
        return place == self.back and not is_way_back(shown(cell.value))

    def _uncomputed(self, cells: Mapping[Place, Cell]) -> bool:
        """Whether some formulas are gone and others are not; formats without formulas lack all of them."""
        lost = sum(1 for place in self.computed if place not in cells or cells[place].formula is None)
        if lost == len(self.computed):
            if any(
                style == COUNT and not is_count(shown(cells.get(at, EMPTY).value))
                for at, style in self.checks.items()
            ):
                return True
            return any(
                typed_over(cells[place], style) for place, style in self.checks.items() if place in cells
            )
        return lost > 0


def fixed_of(plan: SheetPlan) -> Fixed:
    """The fixed facts of a sheet's plan, gathered when they are first asked for."""
    found = _FIXED.get(id(plan))
    if found is None:
        if len(_FIXED) >= _MOST_FIXED:
            _FIXED.clear()
        found = _FIXED[id(plan)] = _gathered(plan)
    return found


def _gathered(plan: SheetPlan) -> Fixed:
    cells = {
        (put.row, put.column): Cell(put.value)
        for put in plan.puts
        if isinstance(put.value, str) and put.value and _TOKEN not in put.value and put.style != WAY_BACK
    }
    heads: dict[int, set[int]] = defaultdict(set)
    for item in plan.inputs:
        if item.header is not None and item.header[1] == item.column:
            heads[item.header[0]].add(item.column)
    witnesses = {(line.row, TAG) for line in plan.lines if line.tag}
    witnesses |= {(line.row, NUMBER) for line in plan.lines if line.number}
    inputs = {(item.row, item.column): item for item in plan.inputs}
    return Fixed(
        plan=plan,
        tagged=tuple(line for line in plan.lines if line.tag and line.tag != plan.key),
        cells=cells,
        labels={place: shown(cell.value) for place, cell in cells.items() if place not in witnesses},
        locked=tuple((put.row, put.column) for put in plan.puts if put.value is not None),
        line=next(((put.row, put.column) for put in plan.puts if put.value == FORM_LINE), None),
        back=next(((put.row, put.column) for put in plan.puts if put.style == WAY_BACK and put.value), None),
        computed=tuple((put.row, put.column) for put in plan.puts if put.formula is not None),
        checks={
            (put.row, put.column): style
            for put in plan.puts
            if put.formula is not None and (style := _said(put.style)) in _SAID
        },
        known=frozenset(
            (put.row, put.column) for put in plan.puts if put.value is not None or put.formula is not None
        )
        | inputs.keys(),
        heads={row: tuple(sorted(columns)) for row, columns in sorted(heads.items())},
        inputs=inputs,
        boxes=frozenset(place for place, item in inputs.items() if not item.locked),
        texts=frozenset(shown(cell.value) for cell in cells.values()),
    )


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    return " ".join(normalize("NFC", text).split())


def shown(value: Scalar) -> str:
    """A value as it compares with a locked text: blanks and line ends as one blank, a number as people see it."""
    if isinstance(value, str):
        return _plain(value)
    if isinstance(value, float) and abs(value) < 1e15:
        return str(int(value)) if value == int(value) else repr(value)
    return ""


def is_way_back(text: str) -> bool:
    """Whether a text is the link in row 1: back to Start, or in a correction copy to the sheet To fix."""
    return text.startswith(("Back to ", "Go to "))


def is_count(text: str) -> bool:
    """Whether a text says how many of a table's rows are used."""
    return _SAID[COUNT].match(text) is not None


def typed_over(cell: Cell, style: str) -> bool:
    """Whether a computed cell of this style holds what no formula of ours says, in a file without formulas."""
    value = cell.value
    text = shown(value) if isinstance(value, (str, float)) else ""
    return value not in (None, "", False) and _SAID[style].match(text) is None


def _said(style: str) -> str:
    """The style, or the one it is a kind of."""
    return style if style in _SAID else style.partition(".")[0]


class Page:
    """A sheet of a file as texts to look for: by place, by text, by row; and where its formulas stand."""

    def __init__(self, fixed: Fixed, sheet: Sheet) -> None:
        self.fixed, self.sheet = fixed, sheet
        self.texts: dict[Place, str] = {}
        self.where: dict[str, list[Place]] = defaultdict(list)
        self.rows: dict[int, set[str]] = defaultdict(set)
        self.formulas = {place for place, cell in sheet.cells.items() if cell.formula is not None}
        for place in sorted(sheet.cells):
            cell = sheet.cells[place]
            text = shown(cell.value) if isinstance(cell.value, (str, float)) else ""
            if text and cell.formula is None:
                self.texts[place] = text
                self.where[text].append(place)
                self.rows[place[0]].add(text)

    def at(self, row: int, column: int | None) -> str:
        """The text there; empty for none."""
        return self.texts.get((row, column), "") if column is not None else ""

    def filled(self, place: Place) -> bool:
        """Whether something stands there."""
        cell = self.sheet.cells.get(place, EMPTY)
        return cell.value not in (None, "") or cell.error is not None or cell.formula is not None

    def column_of(self, wanted: Iterable[str], column: int) -> int | None:
        """The column in which most of these texts stand, if half of them do; `column` where it serves."""
        texts = set(wanted)
        counts = Counter(at for text in texts for at in {place[1] for place in self.where.get(text, ())})
        if not counts or max(counts.values()) * 2 < len(texts):
            return None
        return column if counts[column] * 2 >= len(texts) else counts.most_common(1)[0][0]


class Rows:
    """Where each row of the layout stands in the file.

    `at`: of rows with a tag, None where nothing decides. `every`: of all rows, as far as they can be told.
    """

    def __init__(self, page: Page) -> None:
        self.page, self.fixed = page, page.fixed
        self.findings: list[Finding] = []
        self.tagged = self.fixed.tagged
        tags = [line.tag for line in self.tagged]
        numbers = [line.number for line in self.tagged if line.number]
        self.tag_column = page.column_of(tags, TAG)
        self.number_column = page.column_of(numbers, NUMBER)
        self.shift = self._shift()
        self.of_tag = self._by_text(self.tag_column)
        self.of_number = self._by_text(self.number_column)
        self._numbers = set(numbers)
        self.at: dict[int, int | None] = {}
        for number, line in enumerate(self.tagged):
            self.at[line.row] = self._decide(number, line)
        self._unique()
        self._torn()
        self.every = self._every()
        self.original = {at: row for row, at in self.every.items()}
        self._report()

    def _shift(self) -> int:
        if self.tag_column is not None:
            return self.tag_column - TAG
        return self.number_column - NUMBER if self.number_column is not None else 0

    def _by_text(self, column: int | None) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for (row, at), text in self.page.texts.items():
            if at == column:
                found[text].append(row)
        return found

    def _decide(self, index: int, line: Line) -> int | None:
        tags = self.of_tag.get(line.tag, [])
        if line.row in tags:
            return self._tagged_in_place(line)
        if len(tags) > 1:
            return None
        if tags:
            return self._away_numbered(line, tags[0]) if line.number else self._away(index, line, tags[0])
        return self._without_tag(index, line)

    def _tagged_in_place(self, line: Line) -> int | None:
        """Address and tag agree; a number that stands elsewhere says that the row beside the tag was shifted."""
        if not line.number or self.page.at(line.row, self.number_column) == line.number:
            return line.row
        if self._elsewhere(line) or self.page.at(line.row, self.number_column) in self._numbers:
            return None
        return line.row

    def _elsewhere(self, line: Line) -> bool:
        """Whether the row's number stands in a row whose number it is not."""
        theirs = {other.row for other in self.tagged if other.number == line.number}
        return bool(set(self.of_number.get(line.number, ())) - theirs)

    def _away_numbered(self, line: Line, row: int) -> int | None:
        here, there = (
            line.row in self.of_number.get(line.number, ()),
            row in self.of_number.get(line.number, ()),
        )
        if there:
            return None if here else row
        return line.row if here else None

    def _away(self, index: int, line: Line, row: int) -> int | None:
        """A row without a number, away from its address: the tags around it, and what is printed in it, must speak."""
        ordered = self._around(index, row)
        if ordered and self._printed(line, row) and not (row != line.row and self._only_at(line, row)):
            return row
        return line.row if self._printed(line, line.row) and not ordered else None

    def _only_at(self, line: Line, row: int) -> bool:
        """Whether what is printed in the row still stands at its address and the tag alone is elsewhere."""
        return self._printed(line, line.row) and not self._printed(line, row)

    def _around(self, index: int, row: int) -> bool:
        """Whether the nearest tags above and below this row of the file are those of the layout."""
        known = {
            at: number for number, other in enumerate(self.tagged) for at in self.of_tag.get(other.tag, ())
        }
        above = max((at for at in known if at < row), default=None)
        below = min((at for at in known if at > row), default=None)
        before = known[above] if above is not None else -1
        after = known[below] if below is not None else len(self.tagged)
        return before == index - 1 and after == index + 1

    def _printed(self, line: Line, row: int) -> bool:
        """Whether this row of the file holds what is printed in the layout's row: its label, or its Check."""
        labels = [text for (at, _), text in self.fixed.labels.items() if at == line.row]
        if labels:
            return sum(text in self.page.rows.get(row, ()) for text in labels) * 2 >= len(labels)
        if (line.row, CHECK) not in self.fixed.computed:
            return False
        place = (row, CHECK + self.shift)
        return place in self.page.formulas if self.page.formulas else self.page.filled(place)

    def _without_tag(self, index: int, line: Line) -> int | None:
        """A row whose tag is gone: its number at its address, or its neighbours at theirs, must speak for it."""
        row = line.row
        if line.number:
            return row if self.page.at(row, self.number_column) == line.number else None
        if self.page.at(row, self.tag_column) in {other.tag for other in self.tagged}:
            return None
        if self.tag_column is None:
            return row if self._labels_in_place(row) else None
        around = [self.tagged[near] for near in (index - 1, index + 1) if 0 <= near < len(self.tagged)]
        return (
            row if around and all(other.row in self.of_tag.get(other.tag, ()) for other in around) else None
        )

    def _labels_in_place(self, row: int) -> bool:
        """Whether the nearest printed rows above and below stand at their addresses, the row itself between them."""
        printed = sorted({at for at, _ in self.fixed.labels if at > 3})
        near = {row} & set(printed) or {
            *([max(at for at in printed if at < row)] if printed and printed[0] < row else []),
            *([min(at for at in printed if at > row)] if printed and printed[-1] > row else []),
        }
        return bool(near) and all(self._matches(at, at) for at in near)

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

    def _torn(self) -> None:
        """Rows that left answers behind: moved without them, unless what is printed below went too."""
        claimed = {at for at in self.at.values() if at is not None}
        group: list[int] = []
        for line in (*self.tagged, None):
            row = line.row if line else 0
            at = self.at.get(row)
            delta = at - row if at is not None else 0
            if group and (not delta or delta != (self.at[group[-1]] or 0) - group[-1]):
                self._judge(group, claimed)
                group = []
            if delta:
                group.append(row)

    def _judge(self, group: list[int], claimed: set[int]) -> None:
        behind = [
            row
            for row in group
            if row not in claimed and any(self._box(row, place) for place in self.fixed.inputs)
        ]
        if not behind:
            return
        delta = (self.at[group[-1]] or 0) - group[-1]
        printed = [(row, column) for row, column in self.fixed.labels if row > group[-1] and column >= FIRST]
        went = sum(
            self.page.at(row + delta, column) == self.fixed.labels[row, column] for row, column in printed
        )
        stayed = sum(self.page.at(row, column) == self.fixed.labels[row, column] for row, column in printed)
        if went <= stayed:
            for row in group:
                self.at[row] = None

    def _box(self, row: int, place: Place) -> bool:
        """Whether this box's place holds something that is not itself printed: a head, or a count, moved there."""
        at = (row, place[1] + self.shift)
        if place[0] != row or not self.page.filled(at) or at in self.page.formulas:
            return False
        return self.page.texts.get(at) not in self.fixed.texts

    def _every(self) -> dict[int, int]:
        """Where all rows stand: those with a tag as decided, the others with the one after or before them."""
        found = {row: at for row, at in self.at.items() if at is not None}
        taken = set(found.values())
        for line in self.fixed.plan.lines:
            if line.row not in self.at:
                found[line.row] = self._beside(line.row, taken)
        return found

    def _beside(self, row: int, taken: set[int]) -> int:
        after = next((at - r for r, at in sorted(self.at.items()) if r > row and at is not None), None)
        before = next(
            (at - r for r, at in sorted(self.at.items(), reverse=True) if r < row and at is not None), 0
        )
        deltas = [delta for delta in (after, before, 0) if delta is not None and row + delta not in taken]
        return row + max(deltas, key=lambda delta: self._matches(row, row + delta), default=0)

    def _matches(self, row: int, at: int) -> int:
        """How many of the texts printed in a row of the layout stand in that row of the file."""
        own = self.page.rows.get(at, ())
        texts = sum(text in own for (printed, _), text in self.fixed.labels.items() if printed == row)
        computed = [column + self.shift for printed, column in self.fixed.computed if printed == row]
        if self.page.formulas:
            return 2 * texts + any((at, column) in self.page.formulas for column in computed)
        return 2 * texts + any(self.page.filled((at, column)) for column in computed)

    def _report(self) -> None:
        lost = [line for line in self.tagged if self.at[line.row] is None]
        if lost:
            self.findings.append(_contradiction(self.page.sheet.name, lost))
        previous: int | None = None
        for line in self.tagged:
            at = self.at[line.row]
            delta = at - line.row if at is not None else previous
            if at is not None and delta and delta != previous:
                todo = (
                    "Nothing to do: its answers were read from there. A fresh copy has everything in place."
                )
                self.findings.append(
                    finding(
                        "moved",
                        sheet=self.page.sheet.name,
                        cell=f"A{at}",
                        found=line.number or line.tag,
                        at=f"row {at}",
                        todo=todo,
                    )
                )
            previous = delta


def _contradiction(sheet: str, lines: list[Line]) -> Finding:
    names = [line.number or line.tag for line in lines]
    told = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    said = "is a row" if len(names) == 1 else "are rows"
    said += " that cannot be found for certain"
    return finding("contradiction", sheet=sheet, cell=f"A{lines[0].row}", found=told, said=said)
