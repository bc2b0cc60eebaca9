"""Which sheet of a workbook is which section: by its key, else by its name and looks; and the sheets that are none."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from xlplan.findings import finding
from xlplan.layout.book import Book, Place, Sheet
from xlplan.layout.leftover import LeftOver
from xlplan.layout.model import Layout, SheetPlan
from xlplan.layout.raw import RawPlan, a1_of, count_of
from xlplan.layout.sheet import LEFTOVER, TAG, TOFIX
from xlplan.layout.witnesses import EMPTY, fixed_of, shown, typed_over, written

KEY_AREA = (8, 6)  # rows and columns in which a section key is looked for
MOST_STRANGE = 500  # cells of sheets that are not ours which are kept
_AREA = tuple(product(range(1, KEY_AREA[0] + 1), range(1, KEY_AREA[1] + 1)))
_NOT_THEIRS = ("Evaluation Warning",)  # sheets that trial versions of programs add


def find_section(book: Book, key: str) -> Sheet | None:
    """The sheet that carries this section key."""
    return next((sheet for sheet in book.sheets if _key_of(sheet, {key})), None)


def keys_of(book: Book) -> set[str]:
    """All texts of a workbook that stand where section keys do."""
    return {
        shown(cell.value)
        for sheet in book.sheets
        for (row, column), cell in sheet.cells.items()
        if row <= KEY_AREA[0] and column <= 2 and isinstance(cell.value, str)
    }


def text_at(sheet: Sheet, place: Place) -> str:
    """The text there as it compares with a locked one; empty for none."""
    value = sheet.cells.get(place, EMPTY).value
    return shown(value) if isinstance(value, str) else ""


def _key_of(sheet: Sheet, keys: set[str] | Mapping[str, object]) -> str | None:
    """The section key of a sheet; its fixed place A3 first."""
    at = text_at(sheet, (3, TAG))
    if at in keys:
        return at
    held = [place for place in _AREA if place in sheet.cells]
    return next((text for place in held if (text := text_at(sheet, place)) in keys), None)


def find_sheets(layout: Layout, book: Book, raw: RawPlan) -> list[Sheet]:
    """Find each section's sheet; gives what is no sheet of the form."""
    plans = {plan.key: plan for plan in layout.sheets}
    others: list[Sheet] = []
    twice: list[tuple[Sheet, SheetPlan]] = []
    keys = {id(sheet): _section(sheet, plans) for sheet in book.sheets}
    keys |= dict.fromkeys(_out_of_order(plans, book, keys))

    def rank(sheet: Sheet) -> tuple[bool, bool]:
        key = keys[id(sheet)]
        return key is None or _key_of(sheet, {key}) is None, sheet.name != _title(key, plans)

    # a sheet with its key before one that is known by its name, and the one under its own title first
    for sheet in sorted(book.sheets, key=rank):
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
    at = text_at(sheet, (3, TAG))
    if at in (TOFIX, LEFTOVER) or (at in plans and plans[at].title == sheet.name):
        return at
    key = _key_of(sheet, plans)
    if key is not None and _looks_like(sheet, plans[key]):
        return key
    named = next((plan.key for plan in plans.values() if plan.title == sheet.name), None)
    title = text_at(sheet, (1, 1))
    shows = next((plan.key for plan in plans.values() if plan.title == title and plan.inputs), None)
    if named is not None and shows is not None and named != shows:
        return None
    found = named if named is not None else shows
    if found is None:
        return next((plan.key for plan in plans.values() if plan.hidden and _is_hidden(sheet, plan)), None)
    return found if _looks_like(sheet, plans[found]) else None


def _is_hidden(sheet: Sheet, plan: SheetPlan) -> bool:
    """Whether a sheet under another name is this one for programs: nearly all it has stands at its place."""
    fixed, cells = fixed_of(plan), sheet.cells
    texts = sum(text_at(sheet, place) == shown(cell.value) for place, cell in fixed.cells.items())
    formulas = sum(cells.get(place, EMPTY).formula is not None for place in fixed.computed)
    count = len(fixed.cells) + len(fixed.computed)
    return count > 0 and 10 * (texts + formulas) >= 9 * count


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
        and text_at(sheet, (1, 1)) != plans[key].title
        and not (
            max(places[:at][-1:], default=-1) < places[at] < min(places[at + 1 : at + 2], default=len(order))
        )
    }


def _looks_like(sheet: Sheet, plan: SheetPlan) -> bool:
    """Whether a few of the section's texts stand on the sheet, wherever."""
    if plan.hidden:
        return True
    texts = fixed_of(plan).texts
    held = {shown(cell.value) for cell in sheet.cells.values() if isinstance(cell.value, str)}
    return len(held & texts) >= min(5, len(texts))


def _second_copy(plan: SheetPlan, sheet: Sheet, raw: RawPlan) -> None:
    """A sheet that is in the file twice: what differs from the one that is read is left over."""
    fixed, first = fixed_of(plan), raw.read[plan.key].cells
    differs = (
        []
        if plan.hidden
        else [
            (place, cell)
            for place, cell in sorted(sheet.cells.items())
            if written(cell, fixed)
            and (place not in fixed.checks or typed_over(cell, fixed.checks[place]))
            and first.get(place, EMPTY).value != cell.value
        ]
    )
    for place, cell in differs:
        raw.left_over.append(
            LeftOver(sheet=sheet.name, cell=a1_of(*place), value=cell.value, code="sheet-twice")
        )
    more = f" What differs in it: {count_of([a1_of(*place) for place, _ in differs])}." if differs else ""
    raw.findings.append(
        finding("sheet-twice", sheet=sheet.name, found=sheet.name, section=plan.title, more=more)
    )


def tell_strangers(layout: Layout, others: list[Sheet], raw: RawPlan) -> None:
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
                LeftOver(sheet=sheet.name, cell=a1_of(*place), value=cell.value, code="extra-sheet")
            )
        more = f" It holds {len(filled):,} cells, more than we keep." if len(filled) > room else ""
        room = max(0, room - len(filled))
        raw.findings.append(finding("extra-sheet", sheet=sheet.name, found=sheet.name, more=more))
