"""What of a layout a file still shows: the texts that are the same in every copy, and a sheet as texts to look for."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from xlplan.form.text import clean_text
from xlplan.layout.book import Cell, Place, Scalar, Sheet, place_at, text_cell
from xlplan.layout.model import Input, Line, SheetPlan
from xlplan.layout.sheet import FORM_LINE, NUMBER, PERSONAL, TAG, address

EMPTY = Cell(None)
_T = TypeVar("_T")

_FIXED: dict[int, Fixed] = {}  # by the plan's id, which stays its own while the plan is held here
_MOST_FIXED = 1_000
_LABEL = 1_000  # characters of a text that may be one of a form's
_LABELS = 6_000  # texts that are remembered: the five templates have 2,200, and a return some of its own
_TOKEN = PERSONAL[0]
WAY_BACK = "link.right"  # the style of the link in row 1, which in a correction copy leads to To fix
COUNT = "guide"  # the style of the line that counts a table's rows
TOTAL = "total.money"  # the style of a sum of dollars
CARRIED = "carried"  # the style of a name that a formula brings from another sheet
_SAID = {  # style of a computed cell → how what it shows begins, in each of the languages
    "check": re.compile("[✓○▲#]|Needs |Look|To fix|Falta|Revise|Corregir"),
    "state": re.compile("[✓○▲#]|Needs |Look|Not used|Falta|Revise|Sin usar"),
    "month": re.compile("■"),
    COUNT: re.compile(r"\d+ (of \d+ rows?|de \d+ filas?) "),
    "words": re.compile("✓ |Look: |Revise: |No (steps|dates) yet|Aún sin (pasos|fechas)|#"),
    TOTAL: re.compile(r"-?\d*(\.\d+)?$|#"),
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
    `printed`, `formulas_in`: the labels and the columns of formulas by row. `carried`: of names that
    formulas bring from another sheet. `places`: sheet and cell of each input by its slot path, as laid out; `reads`:
    slot path, place and cell of each.
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
    printed: Mapping[int, tuple[str, ...]]
    formulas_in: Mapping[int, tuple[int, ...]]
    carried: tuple[Place, ...]
    places: Mapping[str, tuple[str, str]]
    reads: tuple[tuple[str, Place, str], ...]

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
        get = cells.get
        lost = len([place for place in self.computed if get(place, EMPTY)[1] is None])
        if lost == len(self.computed):
            if any(
                (style == COUNT and not is_count(shown(cells.get(at, EMPTY).value)))
                or (style == TOTAL and at not in cells)
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
        place_at(put.row, put.column): text_cell(put.value)
        for put in plan.puts
        if isinstance(put.value, str) and put.value and _TOKEN not in put.value and put.style != WAY_BACK
    }
    heads: dict[int, set[int]] = defaultdict(set)
    for item in plan.inputs:
        if item.header is not None and item.header[1] == item.column:
            heads[item.header[0]].add(item.column)
    witnesses = {(line.row, TAG) for line in plan.lines if line.tag}
    witnesses |= {(line.row, NUMBER) for line in plan.lines if line.number}
    inputs = {place_at(item.row, item.column): item for item in plan.inputs}
    labels = {place: shown(cell.value) for place, cell in cells.items() if place not in witnesses}
    computed = tuple(place_at(put.row, put.column) for put in plan.puts if put.formula is not None)
    return Fixed(
        plan=plan,
        tagged=tuple(line for line in plan.lines if line.tag and line.tag != plan.key),
        cells=cells,
        labels=labels,
        locked=tuple((put.row, put.column) for put in plan.puts if put.value is not None),
        line=next(((put.row, put.column) for put in plan.puts if put.value == FORM_LINE), None),
        back=next(((put.row, put.column) for put in plan.puts if put.style == WAY_BACK and put.value), None),
        computed=computed,
        checks={
            (put.row, put.column): style
            for put in plan.puts
            if put.formula is not None and (style := _said(put.style)) in _SAID
        },
        known=frozenset(
            place_at(put.row, put.column)
            for put in plan.puts
            if put.value is not None or put.formula is not None
        )
        | inputs.keys(),
        heads={row: tuple(sorted(columns)) for row, columns in sorted(heads.items())},
        inputs=inputs,
        boxes=frozenset(place for place, item in inputs.items() if not item.locked),
        texts=frozenset(shown(cell.value) for cell in cells.values()),
        printed=_by_row((row, text) for (row, _), text in sorted(labels.items())),
        formulas_in=_by_row(computed),
        carried=tuple(
            (put.row, put.column) for put in plan.puts if put.formula is not None and put.style == CARRIED
        ),
        places={item.path: (plan.title, address(item.row, item.column)) for item in plan.inputs},
        reads=tuple(
            (item.path, place_at(item.row, item.column), address(item.row, item.column))
            for item in plan.inputs
        ),
    )


def _by_row(items: Iterable[tuple[int, _T]]) -> Mapping[int, tuple[_T, ...]]:
    made: dict[int, list[_T]] = defaultdict(list)
    for row, item in items:
        made[row].append(item)
    return {row: tuple(own) for row, own in made.items()}


def _plain(text: str) -> str:
    return " ".join(clean_text(text, lines=True).split())


_plain_label = lru_cache(maxsize=_LABELS)(_plain)


def shown(value: Scalar) -> str:
    """A value as it compares with a locked text: blanks and line ends as one blank, a number as people see it."""
    if isinstance(value, str):
        return _plain_label(value) if len(value) <= _LABEL else _plain(value)
    if isinstance(value, float) and abs(value) < 1e15:
        return str(int(value)) if value == int(value) else repr(value)
    return ""


def is_way_back(text: str) -> bool:
    """Whether a text is the link in row 1: back to Start, or in a correction copy to the sheet To fix."""
    return text.startswith(("Back to ", "Go to ", "Volver a ", "Ir a "))


def is_count(text: str) -> bool:
    """Whether a text says how many of a table's rows are used."""
    return _SAID[COUNT].match(text) is not None


def typed_over(cell: Cell, style: str) -> bool:
    """Whether a computed cell of this style holds what no formula of ours says, in a file without formulas."""
    value = cell.value
    text = shown(value) if isinstance(value, (str, float)) else ""
    return value not in (None, "", False) and _SAID[style].match(text) is None


def written(cell: Cell, fixed: Fixed) -> bool:
    """Whether a person wrote it: text or a number that is none of the form's, and no formula."""
    value = cell.value
    if (
        value is None
        or value is False
        or cell.formula is not None
        or (isinstance(value, str) and not value.strip())
    ):
        return False
    return not isinstance(value, str) or shown(value) not in fixed.texts


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

    def labels_of(self, row: int) -> tuple[str, ...]:
        """The texts printed in a row of the layout, but for its tag and number."""
        return self.fixed.printed.get(row, ())

    def matches(self, row: int, at: int, shift: int) -> int:
        """How much of what is printed or computed in a row of the layout stands in that row of the file."""
        own = self.rows.get(at, ())
        texts = sum(text in own for text in self.labels_of(row))
        return 2 * texts + self._computes(row, at, shift)

    def shows_label(self, row: int, at: int) -> bool:
        """Whether half of the texts printed in a row of the layout stand in that row of the file."""
        labels, own = self.labels_of(row), self.rows.get(at, ())
        return bool(labels) and sum(text in own for text in labels) * 2 >= len(labels)

    def shows(self, row: int, at: int, shift: int) -> bool:
        """Whether this row of the file is known for the layout's by its labels, or if it has none by its formulas."""
        return self.shows_label(row, at) or (not self.labels_of(row) and self._computes(row, at, shift))

    def _computes(self, row: int, at: int, shift: int) -> bool:
        """Whether something computed stands there in one of the row's columns."""
        places = [(at, column + shift) for column in self.fixed.formulas_in.get(row, ())]
        if self.formulas:
            return not self.formulas.isdisjoint(places)
        return any(self.filled(place) and self.texts.get(place) not in self.fixed.texts for place in places)
