"""What a correction copy has beside the school's answers: the rows of To fix, words in Check, states, marked cells.

Every line compares the cells it speaks of with what was found in them, so its words go once they are changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from xlplan.catalogue import PUT_RIGHT
from xlplan.findings import phrased, put_right, said
from xlplan.form.expressions import (
    Expr,
    Key,
    both,
    compare,
    either,
    exact,
    is_empty,
    is_filled,
    is_number,
    joined,
    literal,
    locked,
    phrase,
    quote_sheet,
    slot,
    starting_with,
    total,
    when,
)
from xlplan.form.text import harmless
from xlplan.languages import day_in_words, say, speaking, spoken
from xlplan.layout import leftover
from xlplan.layout.heights import guide_lines, height
from xlplan.layout.made import MadeRow, formulas_of, shown
from xlplan.layout.model import Layout
from xlplan.layout.place import META
from xlplan.layout.points import (
    ERRORS,
    GROUPS,
    REMARKS,
    WARNINGS,
    Group,
    Point,
    Returned,
    field_of,
    place_of,
    points_of,
)
from xlplan.layout.sheet import CHECK, TAG, TOFIX
from xlplan.layout.tofix import (
    DO,
    FIELD,
    FOUND,
    FOUND_ROW,
    GAP,
    HEAD,
    KEY,
    LINE,
    LINK,
    NUMBER,
    PLAIN,
    PURPOSE,
    STATE,
    TITLE,
    TITLE_ROW,
    WIDTHS,
)

SENT, CHANGED = "As you sent it", "✓ Changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A cell that a line of To fix speaks of. `weight`: "fix" or "need"; `words`: the finding, for its message.

    `found`: the place of what was found among the values kept on Meta, from 1; 0 where the cell was empty.
    """

    weight: str
    number: int
    words: str
    found: int
    is_text: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a correction copy has beside the school's answers. `found`: the values kept on Meta, in order.

    `formulas`: every formula that differs from the fresh copy's, by cell. `marks`: by slot path.
    """

    to_fix: tuple[MadeRow, ...]
    left_over: tuple[MadeRow, ...]
    marks: Mapping[str, Mark]
    formulas: Mapping[Key, Expr]
    found: tuple[object, ...]
    lines: int


def correction(layout: Layout, returned: Returned, received: date, due: str = "") -> Correction:
    """What a correction copy of this layout says of what came back on that day. `due`: the deadline in words."""
    with speaking(layout.spec.facts.language):
        return _Correcting(layout, returned, received, due).made()


@dataclass(slots=True)
class _Correcting:
    layout: Layout
    returned: Returned
    received: date
    due: str
    found: list[object] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)  # slot path → its place in `found`, 0 where empty
    rows: list[MadeRow] = field(default_factory=list)
    at: dict[int, int] = field(default_factory=dict)  # number of a point → its row on To fix

    def made(self) -> Correction:
        left = self.returned.left_over
        left_rows = leftover.rows(left) if left else ()
        points = points_of(self.layout, self.returned)
        self._head(points)
        for group in GROUPS:
            self._group(group, [point for point in points if point.group is group])
        self._put_right()
        self._add(GAP, 10)
        formulas = formulas_of(say(TITLE), self.rows) | formulas_of(say(leftover.TITLE), left_rows)
        formulas |= self._checks(points) | self._states(points)
        return Correction(
            to_fix=tuple(self.rows), left_over=left_rows, marks=self._marks(points), formulas=formulas,
            found=tuple(self.found), lines=len(self.rows),
        )  # fmt: skip

    # --- comparing

    def _place(self, path: str) -> int:
        """Where what was found in a cell is kept; 0 where it was empty."""
        if path not in self.places:
            value = shown(self.returned.cells.get(path), self.layout.inputs[path][1].field)
            if is_filled(value):
                self.found.append(value)
            self.places[path] = len(self.found) if is_filled(value) else 0
        return self.places[path]

    def _as_found(self, path: str) -> Expr:
        sheet, item = self.layout.inputs[path]
        cell = slot(sheet.title, item.row, item.column, 2, sheet.last_row)
        place = self._place(path)
        if not place:
            return is_empty(cell)
        kept = locked(META, FOUND_ROW + place - 1, 2)
        if isinstance(self.found[place - 1], str):
            return exact(cell, kept)
        return both(is_number(cell), compare(cell, "=", kept))

    def _unchanged(self, point: Point) -> Expr | None:
        if point.line is not None:
            words = locked(say(leftover.TITLE), point.line, CHECK)
            return compare(words, "=", literal(say(leftover.TO_DO)))
        tests = [self._as_found(path) for path in point.watched]
        if not tests:
            return None
        if len(tests) == 1:
            return tests[0]
        return either(*tests) if point.finding.code == "missing" else both(*tests)

    # --- the sheet's rows

    def _add(
        self, like: int, points: float, cells: Mapping[int, str | Expr] | None = None, link: str = ""
    ) -> int:
        self.rows.append(
            MadeRow(like=like, height=points, cells=cells or {}, links={LINK: link} if link else {})
        )
        return len(self.rows)

    def _head(self, points: Sequence[Point]) -> None:
        remarks, errors, warnings, advice = (
            sum(1 for point in points if point.group is group) for group in GROUPS
        )
        said = [
            say("{n} thing to fix" if errors == 1 else "{n} things to fix", n=errors) if errors else "",
            say("{n} remark to answer" if remarks == 1 else "{n} remarks to answer", n=remarks)
            if remarks
            else "",
            say("{n} to check", n=warnings) if warnings else "",
            say("{n} piece of advice" if advice == 1 else "{n} pieces of advice", n=advice) if advice else "",
        ]
        told = ", ".join(filter(None, said))
        asked = errors or remarks
        title = f"{say(TITLE if asked else 'Nothing must be fixed')}{': ' + told if told else ''}"
        self._add(TITLE_ROW, 34, {1: title})
        day = day_in_words(self.received, year=False)
        by = say(" by {day}", day=self.due) if self.due else ""
        todo = say("Your plan was accepted: use this copy from now on if you change it.")
        if errors:
            todo = say("Correct the cells listed, save, and return this file{by}.", by=by)
        elif remarks:
            todo = say("Change the cells listed, save, and return this file{by}.", by=by)
        stand = say("Your answers of {day} stand in this fresh copy.", day=day)
        self._add(PURPOSE, 23, {1: f"{stand} {todo}"})
        guide = say("Click a place to go there. Its cell is marked, and Check names the number below.")
        guide += " " + say("The last column tells what you have changed.")
        if self.returned.left_over:
            guide += " " + say("What fitted no box stands on the last sheet, Left over.")
        self._add(KEY, 19, {TAG: TOFIX, NUMBER: guide if points else ""})

    def _group(self, group: Group, points: Sequence[Point]) -> None:
        if not points:
            return
        self._add(GAP, 8)
        self._add(group.like, 25, {NUMBER: say(group.title), FIELD: say(group.promise)})
        heads = ("No.", "Go to", "Field", "What we found", "What to do", "State now")
        self._add(HEAD, 22, dict(enumerate(map(say, heads), NUMBER)))
        for point in points:
            self._line(point)

    def _line(self, point: Point) -> None:
        shown, link = self._go_to(point)
        message, remedy = map(harmless, said(point.finding, spoken()))
        if point.line is not None:
            remedy = say(
                "Copy what you need of it into its white box. Then answer Yes at “Placed or not needed?”."
            )
        unchanged = self._unchanged(point)
        cells: dict[int, str | Expr] = {
            NUMBER: str(point.number), LINK: shown, FIELD: point.field, FOUND: message, DO: remedy,
        }  # fmt: skip
        if unchanged is not None:
            cells[STATE] = when(unchanged, literal(_sent(point.group)), literal(say(CHANGED)))
        tall = _lines({FIELD: point.field, FOUND: message, DO: remedy})
        self.at[point.number] = self._add(LINE, max(30.0, height(tall)), cells, link)

    def _go_to(self, point: Point) -> tuple[str, str]:
        if point.line is not None:
            title = say(leftover.TITLE)
            return f"{title}, D{point.line}", f"'{title}'!D{point.line}"
        if point.ref is None:
            return "", ""
        place = quote_sheet(point.ref.sheet, "") + point.ref.a1
        return f"{point.ref.sheet}, {point.ref.a1}" if point.ref.row > 1 else point.ref.sheet, place

    def _put_right(self) -> None:
        """What the fresh copy itself put right, with nothing to do."""
        done = [
            item for item in self.returned.findings if item.code in PUT_RIGHT and item.code not in _SILENT
        ]
        if not done:
            return
        self._add(GAP, 8)
        promise = say("This copy has these in order again; it is told so that you know.")
        self._add(PLAIN, 25, {NUMBER: say("Already put right"), FIELD: promise})
        heads = ("", "Where", "Field", "What we found", "What this copy has")
        self._add(HEAD, 22, dict(enumerate(map(say, heads), NUMBER)))
        for item in done:
            ref = self.layout.cell_of(item.path) if item.path else None
            place = ref or place_of(self.layout, item)
            where = ", ".join(filter(None, (item.sheet, item.cell))) or say("The file")
            link = quote_sheet(place.sheet, "") + place.a1 if place else ""
            if ref is not None:
                where = f"{ref.sheet}, {ref.a1}"
            what = field_of(self.layout, item) if item.path else ""
            cells = {
                LINK: where,
                FIELD: what,
                FOUND: said(item, spoken())[0],
                DO: put_right(item.code, spoken()),
            }
            cells = {column: harmless(text) for column, text in cells.items()}
            tall = _lines(cells)
            self._add(LINE, max(24.0, height(tall)), cells, link)

    # --- what changes elsewhere

    def _checks(self, points: Iterable[Point]) -> dict[Key, Expr]:
        """Check, which names the first point of its row that is still as it was sent, and else says what it says."""
        found: dict[Key, Expr] = {}
        for point in sorted(points, key=lambda point: -point.number):
            cell = self._check_of(point)
            unchanged = self._unchanged(point)
            if cell is None or unchanged is None or not point.group.weight:
                continue
            sign = "▲ " if point.group.weight == "fix" else ""
            words = literal(f"{sign}{say('To fix {n}: {what}', n=point.number, what=self._brief(point))}")
            key, formula = cell
            found[key] = when(unchanged, words, found.get(key, formula))
        return found

    def _brief(self, point: Point) -> str:
        """What Check says of a point, in two or three words."""
        known = self.layout.inputs.get(point.watched[0] if point.watched else point.finding.path or "")
        noun = known[1].field.noun if known else point.field.lower()
        wanted = point.finding.facts.get("wanted", "")
        if 0 < len(wanted) <= _SHORT:
            return say("not {wanted}", wanted=phrased(wanted, spoken()))
        return say(_BRIEF.get(point.finding.code, "{noun}"), noun=noun)

    def _check_of(self, point: Point) -> tuple[Key, Expr] | None:
        """The Check cell of a point's row: in that row, else the nearest above it."""
        if point.ref is None:
            return None
        plan = next(plan for plan in self.layout.sheets if plan.title == point.ref.sheet)
        checks = [
            put for put in plan.puts if put.column == CHECK and put.formula and put.row <= point.ref.row
        ]
        if not checks or point.ref.row < 3:
            return None
        put = max(checks, key=lambda put: put.row)
        assert put.formula is not None
        return (plan.title, put.row, put.column), put.formula

    def _states(self, points: Sequence[Point]) -> dict[Key, Expr]:
        """The states in row 1 of the sheets and on Start: how many are still to fix and to check."""
        start = self.layout.sheets[0]
        lines = {put.link: put.row for put in start.puts if put.link}
        found: dict[Key, Expr] = {}
        for plan in self.layout.sheets[1:]:
            mine = [point for point in points if point.ref is not None and point.ref.sheet == plan.title]
            fix, check = self._still(mine, (REMARKS, ERRORS)), self._still(mine, (WARNINGS,))
            if fix is None and check is None:
                continue
            places = [(plan, put) for put in plan.puts if put.style == "state"]
            row = lines.get(f"'{plan.title}'!A1")
            places += [(start, put) for put in start.puts if put.row == row and put.column == 5]
            for where, put in places:
                if put.formula is not None:
                    found[where.title, put.row, put.column] = _state(fix, check, put.formula)
        return found

    def _still(self, points: Sequence[Point], groups: Sequence[Group]) -> Expr | None:
        """How many lines of these groups still have the words with which they came; a group's stand together."""
        counts = []
        for group in groups:
            rows = [self.at[point.number] for point in points if point.group is group]
            if rows:
                counts.append(starting_with(say(TITLE), STATE, min(rows), max(rows), _sent(group)))
        return counts[0] if len(counts) == 1 else total(counts) if counts else None

    def _marked(self, point: Point) -> tuple[str, ...]:
        """The cells to mark: all that are missing, else the one that the finding names, or its row's first."""
        if not point.group.weight:
            return ()
        return point.watched if point.finding.code == "missing" else point.watched[:1]

    def _marks(self, points: Sequence[Point]) -> dict[str, Mark]:
        """The cells to mark, each by its heaviest point; a cell of several has the words of all."""
        found: dict[str, Mark] = {}
        words: dict[str, str] = {}
        for point in points:
            for path in self._marked(point):
                told = harmless(" ".join(said(point.finding, spoken())))
                words[path] = f"{words[path]} {told}" if path in words else told
                place = self._place(path)
                first = found.get(path)
                found[path] = Mark(
                    weight=first.weight if first else point.group.weight,
                    number=first.number if first else point.number, words=words[path], found=place,
                    is_text=not place or isinstance(self.found[place - 1], str),
                )  # fmt: skip
        return found


_SHORT = 16  # characters that Check has room for beside "To fix 1:"
_BRIEF = {
    "missing": "{noun} is missing",
    "remark": "see remark",
    "choice": "not a choice",
    "range": "{noun} out of range",
    "date-outside-window": "{noun} out of range",
    "too-long": "text too long",
    "too-few": "too few rows",
    "unknown-reference": "not found",
    "duplicate": "name stands twice",
    "error-cell": "error in cell",
    "formula-no-value": "no result",
    "end-before-start": "due before start",
    "owner-not-one-person": "one person",
    "not-observable": "what is done?",
    "same-dates": "same dates",
    "step-order": "order of steps",
    "unfunded": "source of money",
    "cost-unknown": "no amount",
}  # of findings, for Check; others are named by their box


def _sent(group: Group) -> str:
    """The words of a line whose cells are as they came."""
    return f"▲ {say(SENT)}" if group.weight == "fix" else say(SENT)


def _lines(texts: Mapping[int, str]) -> int:
    return max(guide_lines(text, WIDTHS[column - 1] - 3.5) for column, text in texts.items())


def _state(fix: Expr | None, check: Expr | None, plain: Expr) -> Expr:
    """How many are still to fix and to check; the sheet's own words once none is."""
    fix_, check_ = fix or literal(0), check or literal(0)
    to_check = phrase("{n} to check", n=check_)
    only = when(compare(check_, ">", literal(0)), joined(literal(say("Look: ")), to_check), plain)
    if fix is None:
        return only
    fixes = phrase("▲ {n} to fix", n=fix_)
    more = (
        when(compare(check_, ">", literal(0)), joined(literal(", "), to_check), literal(""))
        if check
        else None
    )
    return when(compare(fix_, ">", literal(0)), joined(fixes, more) if more else fixes, only)


_SILENT = ("identity-unverified", "seal-unchecked")  # of no use to the school
