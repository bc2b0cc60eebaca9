"""From a returned workbook to a raw plan: every value with its cell, found by its witnesses; and the strays.

A sheet's witness is its section key; those of rows and columns are in `witnesses` and `columns`. A sheet on which all
locked texts stand at their places, and nothing beside them, is read by address at once.
"""

from __future__ import annotations

from collections.abc import Mapping

from xlplan.findings import finding
from xlplan.layout.book import Book, Cell, Place, Sheet
from xlplan.layout.columns import Columns
from xlplan.layout.displaced import displaced, overflowing
from xlplan.layout.leftover import LeftOver, expects_lines, read_lines
from xlplan.layout.lines import Rows
from xlplan.layout.model import Input, Layout, SheetPlan
from xlplan.layout.raw import Label, RawPlan, RawValue, a1_of, count_of, in_words, strays
from xlplan.layout.sections import find_sheets, tell_strangers, text_at
from xlplan.layout.sheet import LEFTOVER, NUMBER, TAG
from xlplan.layout.witnesses import EMPTY, Fixed, Page, fixed_of, shown, typed_over, written


def locate(layout: Layout, book: Book) -> RawPlan:
    """The raw plan of a workbook. Never raises for what the workbook holds."""
    raw = RawPlan(date1904=book.date1904)
    others = find_sheets(layout, book, raw)
    carried: dict[str, list[Place]] = {}
    for plan in layout.sheets:
        if plan.key not in raw.read:
            asks = any(not item.fact for item in plan.inputs)
            code = "section-missing" if asks else "guide-missing"
            raw.findings.append(finding(code, sheet=plan.title, section=plan.title))
            if asks:
                raw.missing.append(plan)
        elif plan.inputs:
            carried[plan.key] = _read_sheet(plan, raw.read[plan.key], raw)
        elif not plan.hidden:
            _compare_sheet(plan, raw.read[plan.key], raw)
    _carried(carried, raw)
    tell_strangers(layout, others, raw)
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
            LeftOver(sheet=sheet.name, cell=a1_of(*at), value=cell.value, code="stray")
            for at, cell in strange.items()
        ]
        raw.findings += strays(sheet.name, strange)


def _has_formulas(sheet: Sheet) -> bool:
    return any(cell.formula is not None for cell in sheet.cells.values())


def _left_over(book: Book, raw: RawPlan) -> None:
    """The lines of a correction copy's sheet Left over that nobody has answered."""
    sheet = next((one for one in book.sheets if text_at(one, (3, TAG)) == LEFTOVER), None)
    if sheet is None:
        if (title := expects_lines(book)) is not None:
            raw.findings.append(finding("section-missing", sheet=title, section=title))
        return
    for item, told in read_lines(sheet):
        raw.left_over.append(item)
        if told is not None:
            raw.findings.append(told)


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
    name, held, values = sheet.name, sheet.cells.get, raw.values
    raw.places |= (
        fixed.places if name == plan.title else {path: (name, a1) for path, (_, a1) in fixed.places.items()}
    )
    for path, place, a1 in fixed.reads:
        cell = held(place)
        if cell is not None:
            values[path] = RawValue(cell, name, a1)
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
            a1 = a1_of(*at)
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
            cells = [a1_of(*place) for place, _ in filled]
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
                label = Label(sheet=self.sheet.name, cell=a1_of(*at), was=was, found=in_words(cell.value))
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
        self.raw.labels.append(Label(sheet=self.sheet.name, cell=a1_of(*at), was=was, found=found))
        return True

    def _left_over(self, unread: Mapping[Place, Input], labels: set[Place]) -> None:
        beside: dict[Place, Cell] = {}
        strange = self._strange()
        self.told = set(strange)
        for place, cell in strange.items():
            code = "label-changed" if place in labels else "contradiction" if place in unread else "stray"
            if code == "stray":
                beside[place] = cell
            self.raw.left_over.append(
                LeftOver(sheet=self.sheet.name, cell=a1_of(*place), value=cell.value, code=code)
            )
        self.raw.findings += strays(self.sheet.name, beside)


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
            Label(sheet=sheet.name, cell=a1_of(*place), was=str(cell.value), found=in_words(here or ""))
        )
    strange = {
        place: sheet.cells[place]
        for place in sorted(sheet.cells.keys() - (fixed.known - fixed.cells.keys()))
        if written(sheet.cells[place], fixed) and (page.formulas or not moved)
    }
    for place, cell in strange.items():
        code = "label-changed" if place in fixed.cells else "stray"
        raw.left_over.append(LeftOver(sheet=sheet.name, cell=a1_of(*place), value=cell.value, code=code))
    raw.findings += strays(sheet.name, {at: cell for at, cell in strange.items() if at not in fixed.cells})
