"""From a returned workbook to a raw plan: every value with its cell, found by its witnesses; and the strays.

A sheet's witness is its section key; those of rows and columns are in `witnesses` and `columns`. A sheet on which all
locked texts stand at their places, and nothing beside them, is read by address at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Book, Cell, Scalar, Sheet
from xlplan.layout.columns import Columns
from xlplan.layout.displaced import displaced, overflowing
from xlplan.layout.leftover import LeftOver, expects_lines, read_lines
from xlplan.layout.lines import Rows
from xlplan.layout.model import Input, Layout, SheetPlan
from xlplan.layout.sheet import LEFTOVER, NUMBER, TAG, TOFIX
from xlplan.layout.witnesses import EMPTY, Fixed, Page, Place, fixed_of, shown, typed_over

KEY_AREA = (8, 6)  # rows and columns in which a section key is looked for
MOST_STRANGE = 500  # cells of sheets that are not ours which are kept
MANY = 4  # of a sheet: strays from which on they are told as one
_NOT_THEIRS = ("Evaluation Warning",)  # sheets that trial versions of programs add


@dataclass(frozen=True, slots=True, kw_only=True)
class RawValue:
    """What stands in the cell of a field: the cell's content and where it was read."""

    cell: Cell
    sheet: str
    a1: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A locked text that is another in the file: where, what it was as laid out, and what stands there."""

    sheet: str
    cell: str
    was: str
    found: str


@dataclass(slots=True, kw_only=True)
class RawPlan:
    """Every field's cell by slot path (empty ones left out), and what was found of the workbook's structure.

    `read`: section key → the sheet that was read for it; `untouched`: keys of those read by address. `labels`: locked
    texts that are others. `left_over`: what stands where nothing is read; of a second copy of a sheet what differs
    from the first.
    """

    values: dict[str, RawValue] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    missing: list[SheetPlan] = field(default_factory=list)
    undecided: set[str] = field(default_factory=set)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    left_over: list[LeftOver] = field(default_factory=list)
    date1904: bool = False
    labels: list[Label] = field(default_factory=list)
    read: dict[str, Sheet] = field(default_factory=dict)
    untouched: set[str] = field(default_factory=set)


def locate(layout: Layout, book: Book) -> RawPlan:
    """The raw plan of a workbook. Never raises for what the workbook holds."""
    raw = RawPlan(date1904=book.date1904)
    others = _sheets(layout, book, raw)
    carried: dict[str, list[Place]] = {}
    for plan in layout.sheets:
        if plan.key not in raw.read:
            code = "section-missing" if plan.inputs else "guide-missing"
            raw.findings.append(finding(code, sheet=plan.title, section=plan.title))
            if plan.inputs:
                raw.missing.append(plan)
        elif plan.inputs:
            carried[plan.key] = _read_sheet(plan, raw.read[plan.key], raw)
        elif not plan.hidden:
            _compare_sheet(plan, raw.read[plan.key], raw)
    _carried(carried, raw)
    _strangers(layout, others, raw)
    _left_over(book, raw)
    return raw


def _carried(places: Mapping[str, list[Place]], raw: RawPlan) -> None:
    """What was typed over a name carried from another sheet, in a sheet that has no formulas to tell by."""
    asked = {key: at for key, at in places.items() if at and not _has_formulas(raw.read[key])}
    texts = [value.cell.value for value in raw.values.values() if asked and isinstance(value.cell.value, str)]
    answers = [shown(text) for text in texts]
    for key, own in asked.items():
        sheet = raw.read[key]
        strange = {
            at: cell
            for at in own
            if (text := in_words((cell := sheet.cells.get(at, EMPTY)).value))
            and not any(answer.startswith(shown(text).removesuffix("…")) for answer in answers)
        }
        raw.left_over += [
            LeftOver(sheet=sheet.name, cell=_a1(*at), value=cell.value, code="stray")
            for at, cell in strange.items()
        ]
        raw.findings += _strays(sheet.name, strange)


def _has_formulas(sheet: Sheet) -> bool:
    return any(cell.formula is not None for cell in sheet.cells.values())


def _left_over(book: Book, raw: RawPlan) -> None:
    """The lines of a correction copy's sheet Left over that nobody has answered."""
    sheet = next((one for one in book.sheets if one.cells.get((3, TAG), EMPTY).value == LEFTOVER), None)
    if sheet is None:
        if (title := expects_lines(book)) is not None:
            raw.findings.append(finding("section-missing", sheet=title, section=title))
        return
    for item, told in read_lines(sheet):
        raw.left_over.append(item)
        if told is not None:
            raw.findings.append(told)


def find_section(book: Book, key: str) -> Sheet | None:
    """The sheet that carries this section key."""
    return next((sheet for sheet in book.sheets if _key_of(sheet, {key})), None)


def keys_of(book: Book) -> set[str]:
    """All texts of a workbook that stand where section keys do."""
    return {
        str(cell.value)
        for sheet in book.sheets
        for (row, column), cell in sheet.cells.items()
        if row <= KEY_AREA[0] and column <= 2 and isinstance(cell.value, str)
    }


def _key_of(sheet: Sheet, keys: set[str] | Mapping[str, object]) -> str | None:
    """The section key of a sheet; its fixed place A3 first."""
    at = sheet.cells.get((3, TAG), EMPTY).value
    if isinstance(at, str) and at in keys:
        return at
    for row in range(1, KEY_AREA[0] + 1):
        for column in range(1, KEY_AREA[1] + 1):
            value = sheet.cells.get((row, column), EMPTY).value
            if isinstance(value, str) and value in keys:
                return value
    return None


def _sheets(layout: Layout, book: Book, raw: RawPlan) -> list[Sheet]:
    """Find each section's sheet; gives what is no sheet of the form."""
    plans = {plan.key: plan for plan in layout.sheets}
    others: list[Sheet] = []
    twice: list[tuple[Sheet, SheetPlan]] = []
    keys = {id(sheet): _section(sheet, plans) for sheet in book.sheets}
    keys |= dict.fromkeys(_out_of_order(plans, book, keys))
    # the sheet under its own title first
    for sheet in sorted(book.sheets, key=lambda one: one.name != _title(keys[id(one)], plans)):
        key = keys[id(sheet)]
        if key in (TOFIX, LEFTOVER):
            continue
        if key is None:
            if sheet.cells and sheet.name not in _NOT_THEIRS:
                others.append(sheet)
        elif key in raw.read:
            twice.append((sheet, plans[key]))
        else:
            raw.read[key] = sheet
            if sheet.name != plans[key].title and not plans[key].hidden:
                raw.findings.append(
                    finding("sheet-renamed", sheet=sheet.name, found=sheet.name, section=plans[key].title)
                )
    for sheet, plan in twice:
        _second_copy(plan, sheet, raw)
    return others


def _title(key: str | None, plans: Mapping[str, SheetPlan]) -> str | None:
    return plans[key].title if key is not None and key in plans else None


def _section(sheet: Sheet, plans: Mapping[str, SheetPlan]) -> str | None:
    """The section key of a sheet, if it also looks like that section; else by its name and the title in A1."""
    at = sheet.cells.get((3, TAG), EMPTY).value
    if at in (TOFIX, LEFTOVER):
        return str(at)
    if isinstance(at, str) and at in plans and plans[at].title == sheet.name:
        return at
    key = _key_of(sheet, plans)
    if key is not None and _looks_like(sheet, plans[key]):
        return key
    named = next((plan.key for plan in plans.values() if plan.title == sheet.name), None)
    title = sheet.cells.get((1, 1), EMPTY).value
    shows = next((plan.key for plan in plans.values() if plan.title == title and plan.inputs), None)
    if named is not None and shows is not None and named != shows:
        return None
    found = named if named is not None else shows
    return found if found is not None and _looks_like(sheet, plans[found]) else None


def _out_of_order(plans: Mapping[str, SheetPlan], book: Book, keys: Mapping[int, str | None]) -> set[int]:
    """Sheets known by their name alone that do not stand where it says: two of them may have changed names."""
    order = [key for key, plan in plans.items() if plan.inputs]
    known = [(sheet, key) for sheet in book.sheets if (key := keys[id(sheet)]) in order]
    places = [order.index(key or "") for _, key in known]
    return {
        id(sheet)
        for at, (sheet, key) in enumerate(known)
        if key is not None
        and _key_of(sheet, {key}) is None
        and sheet.cells.get((1, 1), EMPTY).value != plans[key].title
        and not (
            max(places[:at][-1:], default=-1) < places[at] < min(places[at + 1 : at + 2], default=len(order))
        )
    }


def _looks_like(sheet: Sheet, plan: SheetPlan) -> bool:
    """Whether a few of the section's texts stand on the sheet, wherever."""
    if plan.hidden:
        return True
    texts = fixed_of(plan).texts
    return len(
        {cell.value for cell in sheet.cells.values() if isinstance(cell.value, str)} & _verbatim(plan)
    ) >= min(5, len(texts))


def _verbatim(plan: SheetPlan) -> set[str]:
    return {cell.value for cell in fixed_of(plan).cells.values() if isinstance(cell.value, str)}


@lru_cache(maxsize=10_000)
def _a1(row: int, column: int) -> str:
    return f"{column_letters(max(column, 1))}{row}"  # a column that is gone was left of A


def _read_sheet(plan: SheetPlan, sheet: Sheet, raw: RawPlan) -> list[Place]:
    """Read the inputs of a sheet: by address where nothing was touched, else where the witnesses say.

    Gives the places at which names carried from another sheet stand.
    """
    fixed = fixed_of(plan)
    if not fixed.untouched(sheet):
        reading = _Reading(fixed, sheet, raw)
        reading.read()
        return [
            place
            for place in (reading.columns.place(*own) for own in fixed.carried)
            if place in reading.computed_at and place not in reading.told
        ]
    raw.untouched.add(plan.key)
    cells, values, places = sheet.cells, raw.values, raw.places
    for item in plan.inputs:
        a1 = _a1(item.row, item.column)
        places[item.path] = (sheet.name, a1)
        cell = cells.get((item.row, item.column))
        if cell is not None:
            values[item.path] = RawValue(cell=cell, sheet=sheet.name, a1=a1)
    return list(fixed.carried)


class _Reading:
    """A sheet on which something is not as it was laid out."""

    def __init__(self, fixed: Fixed, sheet: Sheet, raw: RawPlan) -> None:
        self.fixed, self.sheet, self.raw = fixed, sheet, raw
        self.page = Page(fixed, sheet)
        self.rows = Rows(self.page)
        self.columns = Columns(self.page, self.rows)
        self.printed = displaced(self.page, self.rows, self.columns)
        self.locked_at = {self.columns.place(*place): place for place in fixed.locked}
        self.computed_at = {self.columns.place(*place) for place in fixed.computed}
        self.checks_at = {self.columns.place(*place): style for place, style in fixed.checks.items()}
        self.at: dict[str, Place] = {}  # by slot path
        self.told: set[Place] = set()  # as left over
        self.homes: dict[str, list[Place]] = {}  # of the form's texts
        self.in_place = not self.rows.gone and all(row == at for row, at in self.rows.at.items())

    def read(self) -> None:
        """Read what is decided; tell of the rest, and of what stands beside."""
        for item in self.fixed.plan.inputs:
            row, column = self.rows.at.get(item.row), self.columns.of(item)
            if row is not None and column is not None:
                self.at[item.path] = (row, column)
        blocked = self.printed.blocked | overflowing(
            self.page, self.rows, self.columns, self.printed, self._strange()
        )
        blocked |= {
            place
            for place, item in self.fixed.inputs.items()
            if item.path not in self.at
            and self.rows.at.get(item.row) is not None
            and not self._has_head(item)
        }
        unread = self._keep(blocked)
        self.raw.findings += self.rows.findings + self.columns.findings
        self._left_over(unread, self._labels())

    def _keep(self, blocked: set[Place]) -> dict[Place, Input]:
        """Take the values that are decided; gives the others' inputs by where they would be expected."""
        name, raw, inputs = self.sheet.name, self.raw, self.fixed.plan.inputs
        unread: dict[Place, Input] = {}
        for item in inputs:
            at = self.at.get(item.path)
            if at is None or (item.row, item.column) in blocked:
                self.at.pop(item.path, None)
                unread[self._presumed(item)] = item
                continue
            a1 = _a1(*at)
            raw.places[item.path] = (name, a1)
            cell = self.sheet.cells.get(at)
            if cell is not None:
                raw.values[item.path] = RawValue(cell=cell, sheet=name, a1=a1)
        begun = {item.group for item in inputs if item.path in raw.values}
        shifted = {item.group for place, item in unread.items() if self.page.filled(place)}
        for item in inputs:
            # a row that nobody began is not begun by a column that cannot be told; one that was shifted is, as a whole
            if item.row in self.rows.gone:
                continue
            lost = item.path not in self.at and (self.rows.at.get(item.row) is None or item.group in begun)
            if lost or (item.group in shifted - begun and item.path not in raw.values):
                raw.undecided.add(item.path)
        self._blocked(blocked)
        return unread

    def _presumed(self, item: Input) -> Place:
        return self.columns.place(item.row, item.column)

    def _blocked(self, blocked: set[Place]) -> None:
        """Tell of the inputs that may hold what belongs to the one beside or above them."""
        boxes = {self._presumed(item): item for item in map(self.fixed.inputs.__getitem__, blocked)}
        filled = [(place, boxes[place]) for place in sorted(boxes) if self._answered(place)]
        if filled:
            (first, item), *_ = filled
            cells = [_a1(*place) for place, _ in filled]
            found = shown(self.sheet.cells[first].value) or item.place
            said = "may belong to another row or column, since cells were shifted there"
            named = "" if len(cells) == 1 else f" So may what stands in {count_of(cells[1:])}."
            self.raw.findings.append(
                finding(
                    "contradiction", sheet=self.sheet.name, cell=cells[0], found=found, said=said, more=named
                )
            )

    def _answered(self, place: Place) -> bool:
        """Whether something stands there that is no text of the form."""
        return self.page.filled(place) and self.page.texts.get(place) not in self.fixed.texts

    def _strange(self) -> dict[Place, Cell]:
        """Filled cells of the file that no input is read from, and that hold nothing of the form."""
        read = set(self.at.values())
        cells = self.sheet.cells
        return {
            place: cells[place]
            for place in sorted(cells.keys() - read)
            if self._is_strange(place, cells[place])
        }

    def _is_strange(self, place: Place, cell: Cell) -> bool:
        value = cell.value
        if value is None or value is False or (isinstance(value, str) and not value.strip()):
            return False
        text = shown(value) if isinstance(value, (str, float)) else ""
        if place in self.locked_at:
            if self.locked_at[place] in (self.fixed.line, self.fixed.back):
                return self.fixed.replaced(self.locked_at[place], cell) and text not in self.fixed.texts
            # a header fact that is not read is told: it may be an answer that was moved there
            header = self.locked_at[place] in self.fixed.inputs and bool(text)
            return (header or self.locked_at[place] in self.fixed.cells) and text not in self.fixed.texts
        if place in self.computed_at and cell.formula is not None:
            return False
        if place in self.computed_at and text not in self.fixed.texts:
            # where some formulas of the sheet are left, a constant was typed over this one
            return bool(self.page.formulas) or (
                place in self.checks_at and typed_over(cell, self.checks_at[place])
            )
        if place in self.computed_at and not self.page.formulas:
            return False  # what it shows is also printed elsewhere
        if not text or text not in self.fixed.texts:
            return True
        # what is printed on the form, in a place where it has nothing: somebody's own, unless it moved there
        beside = place[1] > self.fixed.plan.last_column or self.in_place
        return beside and place[1] not in (TAG, NUMBER) and self._at_home(text)

    def _at_home(self, text: str) -> bool:
        """Whether the form's own text of these words stands wherever it should."""
        if not self.homes:
            for at, place in self.locked_at.items():
                if place in self.fixed.cells:
                    self.homes.setdefault(shown(self.fixed.cells[place].value), []).append(at)
        homes = self.homes.get(text, ())
        return bool(homes) and all(self.page.texts.get(at) == text for at in homes)

    @staticmethod
    def _has_head(item: Input) -> bool:
        """Whether a head that cannot be found is told of already."""
        return item.header is not None and item.header[1] == item.column

    def _labels(self) -> set[Place]:
        """Tell of locked texts of which another text, or none, stands at the place; gives these places."""
        changed: set[Place] = set()
        for at, place in self.locked_at.items():
            if place[0] in self.rows.gone:
                continue
            if place in (self.fixed.line, self.fixed.back) and self._replaced(place, at):
                changed.add(at)
            if place not in self.fixed.cells or self.rows.at.get(place[0], 0) is None:
                continue
            cell = self.sheet.cells.get(at, EMPTY)
            text = shown(cell.value) if isinstance(cell.value, (str, float)) else str(cell.value or "")
            if text == shown(self.fixed.cells[place].value):
                continue
            if (
                place in self.printed.changed
                or (text and text not in self.fixed.texts)
                or place[1] in (TAG, NUMBER)
            ):
                was = str(self.fixed.cells[place].value)
                label = Label(sheet=self.sheet.name, cell=_a1(*at), was=was, found=in_words(cell.value))
                self.raw.labels.append(label)
                changed.add(at)
        return changed

    def _replaced(self, place: Place, at: Place) -> bool:
        """Tell of the form line, or of the link in row 1, where another text stands there."""
        cell = self.sheet.cells.get(at, EMPTY)
        if not self.fixed.replaced(place, cell) or shown(cell.value) in self.fixed.texts:
            return False
        was = "the school and the form code" if place == self.fixed.line else "Back to Start"
        found = in_words(cell.value)
        self.raw.labels.append(Label(sheet=self.sheet.name, cell=_a1(*at), was=was, found=found))
        return True

    def _left_over(self, unread: Mapping[Place, Input], labels: set[Place]) -> None:
        strays: dict[Place, Cell] = {}
        strange = self._strange()
        self.told = set(strange)
        for place, cell in strange.items():
            code = "label-changed" if place in labels else "contradiction" if place in unread else "stray"
            if code == "stray":
                strays[place] = cell
            self.raw.left_over.append(
                LeftOver(sheet=self.sheet.name, cell=_a1(*place), value=cell.value, code=code)
            )
        self.raw.findings += _strays(self.sheet.name, strays)


def _strays(sheet: str, cells: Mapping[Place, Cell]) -> list[Finding]:
    """What people left where the form has nothing; many cells of a sheet as one."""
    told = [(_a1(*place), in_words(cell.value)) for place, cell in cells.items()]
    todo = "Move it into the white box it belongs to, or delete it."
    if len(told) < MANY:
        return [finding("stray", sheet=sheet, cell=a1, found=text, todo=todo) for a1, text in told]
    (first, text), *more = told
    todo = (
        f"Move it and what stands in {count_of([a1 for a1, _ in more])} into the white boxes, or delete it."
    )
    return [finding("stray", sheet=sheet, cell=first, found=text, todo=todo)]


def in_words(value: Scalar) -> str:
    """A cell's content as text."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    if value is None:
        return ""
    return shown(value) if isinstance(value, float) and shown(value) else str(value)


def count_of(cells: list[str]) -> str:
    """Cells by their addresses, the first ten of many."""
    if len(cells) <= 10:
        return ", ".join(cells)
    return f"{', '.join(cells[:10])} and {len(cells) - 10} more"


def _compare_sheet(plan: SheetPlan, sheet: Sheet, raw: RawPlan) -> None:
    """A sheet without inputs: what is printed on it, and what people wrote beside."""
    fixed = fixed_of(plan)
    if fixed.untouched(sheet):
        return
    page = Page(fixed, sheet)
    moved = False
    for place, cell in fixed.cells.items():
        here = sheet.cells.get(place, EMPTY).value
        text = shown(cell.value)
        if page.at(*place) == text:
            continue
        if page.where.get(text):
            moved = True
            continue
        raw.labels.append(
            Label(sheet=sheet.name, cell=_a1(*place), was=str(cell.value), found=in_words(here or ""))
        )
    strange = {
        place: sheet.cells[place]
        for place in sorted(sheet.cells.keys() - (fixed.known - fixed.cells.keys()))
        if _written(sheet.cells[place], fixed) and (page.formulas or not moved)
    }
    for place, cell in strange.items():
        code = "label-changed" if place in fixed.cells else "stray"
        raw.left_over.append(LeftOver(sheet=sheet.name, cell=_a1(*place), value=cell.value, code=code))
    raw.findings += _strays(sheet.name, {at: cell for at, cell in strange.items() if at not in fixed.cells})


def _written(cell: Cell, fixed: Fixed) -> bool:
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


def _second_copy(plan: SheetPlan, sheet: Sheet, raw: RawPlan) -> None:
    """A sheet that is in the file twice: what differs from the one that is read is left over."""
    fixed, first = fixed_of(plan), raw.read[plan.key].cells
    differs = (
        []
        if plan.hidden
        else [
            (place, cell)
            for place, cell in sorted(sheet.cells.items())
            if _written(cell, fixed)
            and (place not in fixed.checks or typed_over(cell, fixed.checks[place]))
            and first.get(place, EMPTY).value != cell.value
        ]
    )
    for place, cell in differs:
        raw.left_over.append(
            LeftOver(sheet=sheet.name, cell=_a1(*place), value=cell.value, code="sheet-twice")
        )
    more = f" What differs in it: {count_of([_a1(*place) for place, _ in differs])}." if differs else ""
    raw.findings.append(
        finding("sheet-twice", sheet=sheet.name, found=sheet.name, section=plan.title, more=more)
    )


def _strangers(layout: Layout, others: list[Sheet], raw: RawPlan) -> None:
    """Sheets that are none of the form's, and what stands on them but for the form's own texts, up to a bound."""
    room = MOST_STRANGE
    texts = (
        {text for plan in layout.sheets if plan.inputs for text in fixed_of(plan).texts} if others else set()
    )
    for sheet in others:
        filled = [
            (place, cell)
            for place, cell in sheet.cells.items()
            if cell.value is not None and (not isinstance(cell.value, str) or cell.value.strip())
            if not isinstance(cell.value, str) or shown(cell.value) not in texts
        ]
        for place, cell in sorted(filled)[:room]:
            raw.left_over.append(
                LeftOver(sheet=sheet.name, cell=_a1(*place), value=cell.value, code="extra-sheet")
            )
        more = f" It holds {len(filled):,} cells, more than we keep." if len(filled) > room else ""
        room = max(0, room - len(filled))
        raw.findings.append(finding("extra-sheet", sheet=sheet.name, found=sheet.name, more=more))
