"""Building one sheet row by row: a cursor, the locked texts, the inputs and the Check lines."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from xlplan.form.expressions import (
    Expr,
    column_letters,
    column_sum,
    compare,
    literal,
    locked,
    phrase,
    slot,
    starting_with,
    when,
)
from xlplan.form.live import Stretch
from xlplan.form.markers import Kind
from xlplan.form.plan import SheetOf
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import Field, FormFacts
from xlplan.languages import say
from xlplan.layout.heights import guide_lines, height
from xlplan.layout.midyear import IN_USE
from xlplan.layout.model import CellRef, Input, Line, Put, SheetPlan, Unit

TAG, CHECK, NUMBER, FIRST = 1, 2, 3, 4  # columns of every input sheet
TAG_WIDTH, NUMBER_WIDTH, MARGIN = 6.5, 4.5, 1.0
PERSONAL = "⟦{}⟧"  # stands for a text that differs from copy to copy
FORM_LINE = PERSONAL.format("school") + "  ·  " + PERSONAL.format("code")
TOFIX, LEFTOVER = "tofix", "leftover"  # the section keys of the two sheets that only correction copies have
LIVE = "Live"
LIVE_COLUMNS = (
    "place", "begun", "asked", "filled", "missing", "nouns", "months", "timing", "after", "steps",
)  # fmt: skip
TITLE_ROOM, FORM_ROOM = 2.0, 56.0  # characters of column width: a letter of the title, a form line
STATE_ROOM, LINK_ROOM = 24.0, 14.0  # characters that the longest state and the link in row 1 take
PAGE_WIDTH, PAGE_HEIGHT = 734.0, 530.0  # points: letter, landscape, less margins
POINTS_PER_CHARACTER = 5.5  # of column width, as the widest program draws it

STYLES = {
    Kind.TEXT: "input.text", Kind.PROSE: "input.prose", Kind.PERSON: "input.text", Kind.DATE: "input.date",
    Kind.PAST_DATE: "input.date", Kind.MONEY: "input.money", Kind.YES_NO: "input.choice",
    Kind.CHOICE: "input.choice", Kind.TICK: "input.tick",
}  # fmt: skip
WIDTHS = {
    Kind.TEXT: 30.0, Kind.PROSE: 45.0, Kind.PERSON: 22.0, Kind.DATE: 13.0, Kind.PAST_DATE: 13.0,
    Kind.MONEY: 17.0, Kind.YES_NO: 12.0, Kind.CHOICE: 20.0, Kind.TICK: 14.0,
}  # fmt: skip
LEAST = {Kind.PROSE: 1.6}


class Names(NamedTuple):
    """The names that references choose from: their cells on Lists, and what one of them is."""

    cells: Stretch
    noun: str


class LiveLines:
    """The Live sheet while it is built: a line a unit.

    From G on stands what only some rows have: the months of a strip, whether a step starts early and whether it lies
    outside its row's dates, the number of the step it comes after, how many steps a row has.
    """

    FIRST_ROW = 2

    def __init__(self) -> None:
        self.puts: list[Put] = []
        self.row = self.FIRST_ROW

    def add(
        self,
        place: str,
        begun: Expr,
        asked: Expr | None,
        filled: Expr,
        missing: Expr,
        nouns: Expr | None = None,
    ) -> int:
        """One line; returns its row. `asked` None: asked for once begun. `nouns`: what is missing, each after ", "."""
        row = self.row
        self.puts.append(Put(row=row, column=1, value=place, style="plain"))
        for column, formula in ((2, begun), (3, asked), (4, filled), (5, missing)):
            if formula is not None:
                self.puts.append(Put(row=row, column=column, formula=formula, style="plain"))
        if nouns is not None:
            self.puts.append(Put(row=row, column=6, formula=nouns, style="plain"))
        self.row += 1
        return row

    def note(self, row: int, column: str, formula: Expr) -> Expr:
        """A further number on a line, to be read by more than one formula; returns the place to read it from."""
        self.puts.append(Put(row=row, column=LIVE_COLUMNS.index(column) + 1, formula=formula, style="plain"))
        return live(row, column)


def live(row: int, column: str) -> Expr:
    """A cell of a Live line, by the name of its column."""
    return locked(LIVE, row, LIVE_COLUMNS.index(column) + 1)


class SheetBuilder:
    """One sheet in the making. Rows are taken from `row` on; `end` closes it into a SheetPlan."""

    def __init__(
        self,
        sheet: SheetOf,
        *,
        key: str,
        title: str,
        path: str,
        widths: tuple[float, ...],
        facts: FormFacts,
        live_lines: LiveLines,
        check: float = 16.0,
    ) -> None:
        self.sheet, self.key, self.title, self.path, self.facts = sheet, key, title, path, facts
        self.widths = (TAG_WIDTH, check, NUMBER_WIDTH, *widths, MARGIN)
        self.live = live_lines
        self.live_first = live_lines.row
        self.last_row = 0
        self.live_last = 0
        self.dates: dict[str, tuple[int, int]] = {}
        self.names: Mapping[str, Names] = {}
        self.months = 0
        self.checks: list[str] = []
        self.row = 1
        self.puts: list[Put] = []
        self.inputs: list[Input] = []
        self.lines: dict[int, Line] = {}
        self.units: list[Unit] = []
        self.breaks: list[int] = []
        self.rows: dict[str, CellRef] = {}
        self.freeze, self.repeat = "A2", (1, 1)
        self.tables = 0
        self.tops: set[int] = set()
        self.blocks: list[int] = []

    @property
    def last_used(self) -> int:
        return len(self.widths) - 1

    def text(self, row: int, column: int, value: str | float | date, style: str, link: str = "") -> None:
        """A locked text."""
        self.puts.append(Put(row=row, column=column, value=value, style=style, link=link))

    def formula(self, row: int, column: int, formula: Expr, style: str) -> None:
        """A locked formula."""
        self.puts.append(Put(row=row, column=column, formula=formula, style=style))

    def line(
        self, points: float, *, tag: str = "", number: str = "", least: float = 0.0, top: bool = False
    ) -> int:
        """Take the next row; returns its number. `top`: tag, number and Check stand at the top, as its prose does."""
        row = self.row
        self.lines[row] = Line(row=row, height=points, tag=tag, number=number, least=least)
        if tag:
            self.text(row, TAG, tag, "tag.top" if top else "tag")
        if number:
            self.text(
                row, NUMBER, number, "number.top" if top else "number" if len(number) < 4 else "number.long"
            )
        if top:
            self.tops.add(row)
        self.row += 1
        return row

    def gap(self, points: float = 10.0) -> int:
        """An empty row."""
        return self.line(points)

    def width(self, column: int) -> float:
        return self.widths[column - 1]

    def head(self, *, required: bool = True) -> None:
        """Title, purpose, section key and guidance: rows 1 to 3, and one row more for each further sentence.

        `required`: the sheet has boxes, so the purpose ends with what the star means.
        """
        row = self.line(34)
        self.text(row, 1, self.title, "title")
        for column in range(2, self.last_used + 1):
            self.puts.append(Put(row=row, column=column, style="title.rule"))
        row = self.line(23)
        begun = (
            IN_USE
            if self.facts.round == STATUS_ROUND
            else "    *  must be filled in, in every row you begin."
        )
        star = say(begun) if required else ""
        self.text(row, 1, self.sheet.purpose + star, "purpose")
        for number, sentence in enumerate(self.sheet.guide or ("",)):
            room = sum(self.widths[1 : self.last_used])
            row = self.line(
                height(guide_lines(sentence, room)) if sentence else 19, tag=self.key if number == 0 else ""
            )
            if sentence:
                self.text(row, CHECK, sentence, "guide")

    def cell(self, row: int, column: int) -> Expr:
        """The input at that place as an expression: by its place between row 2 and the sheet's last row."""
        key = (self.title, row, column)

        def excel(here: str) -> str:
            return slot(self.title, row, column, 2, self.last_row).excel(here)

        return Expr(excel, lambda values: values[key], key)

    def box(self, path: str) -> Expr:
        """The input of that slot path."""
        found = next(item for item in self.inputs if item.path == path)
        return self.cell(found.row, found.column)

    def stretch(self, column: int, first: int, last: int) -> Stretch:
        """The input cells of one column between two rows, both included."""
        return Stretch(self.title, column, first, last, 2, lambda: self.last_row)

    def put_input(
        self,
        path: str,
        group: str,
        name: str,
        row: int,
        column: int,
        field: Field,
        *,
        place: str,
        style: str = "",
        rule: str = "",
        choice: str = "",
        item: int | None = None,
        header: tuple[int, int] | None = None,
        locked_: bool = False,
    ) -> Input:
        """An input cell, its style and rule by the field's kind unless given; locked where its field is."""
        style = style or STYLES[field.kind]
        if field.locked:
            style = style.replace("input.", "held.", 1)
        made = Input(
            path=path, group=group, name=name, row=row, column=column, field=field, place=place, choice=choice,
            item=item, style=style, rule=rule or rule_of(group, field, self.key), locked=locked_ or field.locked,
            header=header,
        )  # fmt: skip
        self.inputs.append(made)
        return made

    def unit(
        self,
        row: int,
        place: str,
        group: str,
        *,
        begun: Expr,
        asked: Expr | None,
        filled: Expr,
        missing: Expr,
        words: Expr,
        nouns: Expr | None = None,
    ) -> Unit:
        """A Check line: its numbers on Live, its words in column B."""
        number = self.live.add(place, begun, asked, filled, missing, nouns)
        unit = Unit(live=number, row=row, place=place, group=group)
        self.units.append(unit)
        self.formula(row, CHECK, words, "check.top" if row in self.tops else "check")
        return unit

    def end(self, *, tab: str) -> SheetPlan:
        """The finished sheet: state and form line in row 1, a locked row at the end."""
        last = self.gap(10)
        self.last_row = last
        self._state()
        self._page_breaks()
        texts = {(put.row, put.column): str(put.value) for put in self.puts if put.value is not None}
        return SheetPlan(
            key=self.key, title=self.title, path=self.path, widths=self.widths,
            lines=tuple(self.lines[row] for row in sorted(self.lines)), puts=tuple(self.puts),
            inputs=tuple(self.inputs), units=tuple(self.units), freeze=self.freeze, breaks=tuple(self.breaks),
            repeat=self.repeat, tab=tab, texts=texts, checks=tuple(self.checks),
        )  # fmt: skip

    def _state(self) -> None:
        """Row 1: the form line (in row 2 where the title needs the room), the live state, the link back."""
        state_column = max(FIRST + 1, self._left_of(self.last_used, LINK_ROOM))
        self.text(1, self.last_used, say("Back to Start"), "link.right", link=f"'{say('Start')}'!A1")
        form = self._left_of(state_column, STATE_ROOM)
        if sum(self.widths[:form]) - TITLE_ROOM * len(self.title) >= FORM_ROOM:
            self.text(1, form, FORM_LINE, "form.line")
        else:
            self.text(2, self.last_used, FORM_LINE, "form.below")
        if self.units:
            self.formula(
                1,
                state_column,
                state_words(self.live_first, self.live.row - 1, self.title, self.last_row),
                "state",
            )

    def _left_of(self, column: int, room: float) -> int:
        """The next column to the left that leaves so many characters up to the end of `column`; D at the least."""
        found = column - 1
        while found > FIRST and sum(self.widths[found:column]) < room:
            found -= 1
        return max(found, FIRST)

    def _page_breaks(self) -> None:
        """A break before each block that would be split over two pages."""
        scale = min(1.0, PAGE_WIDTH / (sum(self.widths) * POINTS_PER_CHARACTER))
        room = PAGE_HEIGHT / scale
        repeated = sum(self.lines[row].height for row in range(self.repeat[0], self.repeat[1] + 1))
        used, ends = 0.0, [*self.blocks, self.last_row + 1][1:]
        blocks = dict(zip(self.blocks, ends, strict=True))
        for row in sorted(self.lines):
            if row - 1 in self.breaks:
                used = repeated
            tall = sum(self.lines[inner].height for inner in range(row, blocks.get(row, row)))
            if row in blocks and repeated < used and used + tall > room >= repeated + tall:
                self.breaks.append(row - 1)
                used = repeated
            used += self.lines[row].height
        self.breaks.sort()


def state_words(first: int, last: int, title: str, last_row: int) -> Expr:
    """The sheet's state: nothing, not begun, what it needs, rows to look at, done."""
    missing, begun = column_sum(LIVE, 5, first, last), column_sum(LIVE, 2, first, last)
    looks = starting_with(title, CHECK, 2, last_row, say("Look"))
    many = phrase("Needs {n} answers", n=missing)
    needs_ = when(compare(missing, "=", literal(1)), literal(say("Needs 1 answer")), many)
    look = when(
        compare(looks, "=", literal(1)),
        literal(say("Look at 1 row")),
        phrase("Look at {n} rows", n=looks),
    )
    done = when(compare(looks, ">", literal(0)), look, literal(say("✓ Done")))
    empty = when(compare(missing, ">", literal(0)), literal(say("○ Not begun")), literal(""))
    return when(compare(begun, "=", literal(0)), empty, when(compare(missing, ">", literal(0)), needs_, done))


def rule_of(group: str, field: Field, key: str) -> str:
    """The name of the validation rule a field's cells share; `key`: the section key of their sheet."""
    if field.refers_to is not None and field.refers_to.by == "number":
        return f"list:before_{key}_{field.name}"
    if field.refers_to is not None and field.refers_to.by == "name":
        return "list:" + rows_name(field.refers_to.target)
    if field.kind is Kind.CHOICE and field.choices:
        return "list:" + list_name(group, field)
    if field.kind is Kind.YES_NO:
        return "list:list_yes_no"
    if field.kind is Kind.TICK:
        return "list:list_tick"
    return str(field.kind) if field.limit is None else f"{field.kind}:{field.limit}"


def list_name(group: str, field: Field) -> str:
    """The defined name of a field's choices on the hidden sheet Lists."""
    stem = re.sub(r"\[\d*\]", "", group).replace(".", "_")
    return f"list_{stem + '_' if stem else ''}{field.name}"


def rows_name(target: str) -> str:
    """The defined name of the list that offers the rows of a reference's target, such as trends.name."""
    return "rows_" + re.sub(r"\W+", "_", target)


def address(row: int, column: int) -> str:
    """An address such as C14."""
    return f"{column_letters(column)}{row}"
