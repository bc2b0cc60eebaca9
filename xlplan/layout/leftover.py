"""The sheet Left over of a correction copy: what stood in a return and fits no cell, verbatim, each with a box.

A line's tag says by its first letter what becomes of it while its box is empty; so the lines can be read back.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from xlplan.findings import Finding, finding
from xlplan.form.expressions import Expr, column_letters, compare, literal, slot, when
from xlplan.form.text import clean_text
from xlplan.form.upgrade import NO_BOX
from xlplan.languages import say
from xlplan.layout.book import Book, Cell, Scalar, Sheet
from xlplan.layout.heights import guide_lines, height
from xlplan.layout.made import MadeRow
from xlplan.layout.model import Line, Put, SheetPlan
from xlplan.layout.sheet import CHECK, FIRST, LEFTOVER, NUMBER, TAG, TAG_WIDTH

TITLE = "Left over"
QUESTION = "Placed or not needed?"
DONE, TO_DO = "✓ Done", "○ To do"
PLACE, BOX = FIRST + 1, FIRST + 2
WIDTHS = (TAG_WIDTH, 16.0, 4.5, 70.0, 34.0, 20.0, 1.0)
PIECE = 32_000  # characters of one line: Excel takes 32,767 in a cell
_TITLE, _PURPOSE, _KEY, _GAP, _HEAD, _LINE = range(1, 7)
FIRST_LINE = _LINE
# of tags: "x" and "d" are told once a sheet, "n" is kept and not asked again, every other line is told by itself
_LETTERS = {"extra-sheet": "x", "sheet-twice": "d", "label-changed": "n", "upgraded": "u"}
_CODES = {"x": "extra-sheet", "d": "sheet-twice", "l": "stray", "u": "upgraded"}
_TAG = re.compile(r"([lxdu])[1-9][0-9]{0,5}")
_ANSWERED = frozenset({"yes", "y", "true", "x", "1", "✓", "sí", "si", "s", "verdadero"})
_NOTHING = Cell(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOver:
    """What stands in a file and fits no cell of the form, verbatim.

    `code`: of the finding that tells of it ("stray", "contradiction", "sheet-twice", "extra-sheet", …). `told`: the
    sheet and cell that this finding names, where these are a line of the sheet Left over.
    """

    sheet: str
    cell: str
    value: Scalar
    code: str
    told: tuple[str, str] | None = None


def skeleton() -> SheetPlan:
    """The sheet's plan: its heads, and one line for the styles that all lines have."""
    heights = {_TITLE: 34.0, _PURPOSE: 23.0, _KEY: 19.0, _GAP: 8.0, _HEAD: 22.0, _LINE: 24.0}
    last = len(WIDTHS) - 1
    puts = [
        Put(row=_TITLE, column=1, value=say(TITLE), style="title"),
        *(Put(row=_TITLE, column=column, style="title.rule") for column in range(2, last)),
        Put(row=_TITLE, column=last, style="link.right"),
        Put(row=_PURPOSE, column=1, style="purpose"),
        Put(row=_KEY, column=TAG, style="tag"),
        Put(row=_KEY, column=CHECK, style="guide"),
        *(Put(row=_HEAD, column=column, style="head") for column in (CHECK, NUMBER)),
        *(Put(row=_HEAD, column=column, style="head.in") for column in (FIRST, PLACE)),
        Put(row=_HEAD, column=BOX, style="head.center"),
        Put(row=_LINE, column=TAG, style="tag"),
        Put(row=_LINE, column=CHECK, style="check"),
        Put(row=_LINE, column=NUMBER, style="number"),
        Put(row=_LINE, column=FIRST, style="kept"),
        Put(row=_LINE, column=PLACE, style="line.text"),
        Put(row=_LINE, column=BOX, style="input.choice"),
    ]
    return SheetPlan(
        key=LEFTOVER, title=say(TITLE), path="", widths=WIDTHS, puts=tuple(puts), inputs=(), tab="A1261C", freeze="A6",
        lines=tuple(Line(row=row, height=points) for row, points in heights.items()), repeat=(1, _HEAD),
        checks=(f"B{_LINE}:B5000",),
    )  # fmt: skip


def rows(left: Sequence[LeftOver]) -> tuple[MadeRow, ...]:
    """The sheet's rows for what is left over, in the order of the file."""
    head = {
        CHECK: say("Check"), NUMBER: "", FIRST: say("What stood there"), PLACE: say("Where"), BOX: say(QUESTION),
    }  # fmt: skip
    made = [
        MadeRow(
            like=_TITLE, height=34, cells={1: say(TITLE), len(WIDTHS) - 1: say("Go to To fix")},
            links={len(WIDTHS) - 1: f"'{say('To fix')}'!A1"},
        ),
        MadeRow(like=_PURPOSE, height=23, cells={1: say("These texts stood where the form has no box for them.")}),
        MadeRow(
            like=_KEY, height=19,
            cells={
                TAG: LEFTOVER,
                CHECK: say(
                    "Copy each one that you need into the white box it belongs to. "
                    "Then answer Yes beside it, so that it is not asked again."
                ),
            },
        ),
        MadeRow(like=_GAP, height=8),
        MadeRow(like=_HEAD, height=22, cells=head),
    ]  # fmt: skip
    all_lines = lines(left)
    last = len(made) + len(all_lines) + 1  # a locked row after the last box
    counts: dict[str, int] = {}
    for number, (item, text) in enumerate(all_lines, 1):
        letter = _LETTERS.get(item.code, "l")
        counts[letter] = counts.get(letter, 0) + 1
        tall = max(guide_lines(text, WIDTHS[FIRST - 1] - 2), guide_lines(place_of(item), WIDTHS[PLACE - 1]))
        cells: dict[int, str | Expr] = {
            TAG: f"{letter}{counts[letter]}", CHECK: _check(len(made) + 1, last), NUMBER: str(number), FIRST: text,
            PLACE: place_of(item),
        }  # fmt: skip
        made.append(MadeRow(like=_LINE, height=max(24.0, height(tall)), box=BOX, cells=cells))
    return (*made, MadeRow(like=_GAP, height=10))


def lines(left: Sequence[LeftOver]) -> list[tuple[LeftOver, str]]:
    """Each line with its text; a text longer than a cell holds goes on in the next line."""
    found = []
    for item in left:
        text = verbatim(item.value)
        pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)] or [""]
        found += [(item, piece) for piece in pieces]
    return found


def place_of(item: LeftOver) -> str:
    """Where it stood, as people say it."""
    return f"{item.sheet}, {item.cell}"


def verbatim(value: Scalar) -> str:
    """A value as text that loses nothing."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if value is None or isinstance(value, str):
        return value or ""
    return value.date().isoformat() if value.time() == value.time().min else value.isoformat(" ")


def _check(row: int, last: int) -> Expr:
    """The words beside a line: to do until its box says Yes."""
    answered = compare(slot(say(TITLE), row, BOX, _HEAD, last), "=", literal(say("Yes")))
    return when(answered, literal(say(DONE)), literal(say(TO_DO)))


def read_lines(sheet: Sheet) -> list[tuple[LeftOver, Finding | None]]:
    """The lines of a returned sheet that nobody has answered, each with the finding that tells of it.

    Lines of one sheet that was not part of the form are told once, at the first of them.
    """
    found: list[tuple[LeftOver, Finding | None]] = []
    told: set[tuple[str, str]] = set()
    for (row, column), cell in sorted(sheet.cells.items()):
        tag = _TAG.fullmatch(cell.value) if isinstance(cell.value, str) else None
        if column > CHECK or tag is None:
            continue
        text, place, box = (
            sheet.cells.get((row, column + other - TAG), _NOTHING).value for other in (FIRST, PLACE, BOX)
        )
        if (isinstance(box, bool) and box) or clean_text(str(box), lines=False).casefold() in _ANSWERED:
            continue
        code, (name, _, where) = _CODES[tag[1]], str(place or "").rpartition(", ")
        at, kept = f"{column_letters(column + FIRST - TAG)}{row}", verbatim(text)
        item = LeftOver(sheet=name, cell=where, value=kept, code=code, told=(sheet.name, at))
        if code == "stray":
            todo = f"Copy it into the white box it belongs to. Then answer Yes at “{QUESTION}”."
            told_of = finding("stray", sheet=sheet.name, cell=at, found=kept, todo=todo)
        elif code == "upgraded":
            todo = f"Put it where it belongs. Then answer Yes at “{QUESTION}”."
            told_of = finding("upgraded", sheet=sheet.name, cell=at, found=kept, said=NO_BOX, todo=todo)
        elif (code, name) in told:
            told_of = None
        else:
            told.add((code, name))
            told_of = finding(code, sheet=sheet.name, cell=at, found=name, section=name)
        found.append((item, told_of))
    return found


def expects_lines(book: Book) -> str | None:
    """The sheet's title, where the copy's own meta sheet says that it had one."""
    for sheet in book.sheets:
        if sheet.cells.get((1, 1), _NOTHING).value == "identity":
            for (row, column), cell in sheet.cells.items():
                if column == 1 and cell.value == LEFTOVER:
                    return str(sheet.cells.get((row, 2), _NOTHING).value)
    return None
