"""The seal: locked texts, lists and rules of a return against the form as issued. It shows, it does not hide.

What a program changes when it merely opens and saves a copy earns nothing: rules split or joined, list names written
another way, line ends, blanks. Computed cells are not sealed, nor are the sheets that only correction copies have.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_number
from xlplan.layout.book import Book, Place, Sheet, Validation, areas_of
from xlplan.layout.model import Layout, SheetPlan
from xlplan.layout.raw import Label, RawPlan, a1_of, count_of
from xlplan.layout.witnesses import EMPTY, fixed_of, shown

FEW = 3  # of a sheet: changed texts that are told each; more are told as one
FEW_SHEETS = 3  # with rules gone that are told each
_MOST_CELLS = 100_000  # of one rule that are looked at: a rule may be on a whole column
_KINDS = ("list", "date", "textLength", "custom", "decimal", "whole")


def text_findings(raw: RawPlan) -> list[Finding]:
    """Locked texts that are others, each with what it was; many of one sheet as one."""
    by_sheet: dict[str, list[Label]] = defaultdict(list)
    for label in raw.labels:
        by_sheet[label.sheet].append(label)
    return [item for labels in by_sheet.values() for item in _texts(labels)]


def _texts(labels: list[Label]) -> Iterable[Finding]:
    told = labels if len(labels) <= FEW else labels[:1]
    for label in told:
        rest = list(dict.fromkeys(other.cell for other in labels[1:])) if len(told) < len(labels) else []
        more = f" So were {len(rest)} more on this sheet: {count_of(rest)}." if rest else ""
        yield finding(
            "label-changed",
            sheet=label.sheet,
            cell=label.cell,
            found=label.found,
            was=" ".join(label.was.split()),
            now=f"“{_short(label.found)}”" if label.found else "empty",
            more=more,
        )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else line[:59] + "…"


def list_findings(layout: Layout, book: Book, raw: RawPlan) -> list[Finding]:
    """Choices that are others, and names of lists that are gone or lead elsewhere."""
    found: list[Finding] = []
    for plan in layout.sheets:
        if plan.key == "lists" and plan.key in raw.read:
            found += _choices(plan, raw.read[plan.key])
    if "names" in book.tells:
        found += _names(layout, book)
    return found + _own_lists(layout, book, raw)


def _choices(plan: SheetPlan, sheet: Sheet) -> list[Finding]:
    cells = fixed_of(plan).cells
    if cells.items() <= sheet.cells.items():
        return []
    other = [
        (place, str(cell.value))
        for place, cell in cells.items()
        if shown(sheet.cells.get(place, EMPTY).value) != shown(cell.value)
    ]
    if not other:
        return []
    (row, column), was = other[0]
    now = shown(sheet.cells.get((row, column), EMPTY).value)
    more = f" {len(other) - 1} more choices differ." if len(other) > 1 else ""
    a1 = a1_of(row, column)
    return [finding("list-changed", sheet=sheet.name, cell=a1, found=now, said=_said(was, now), more=more)]


def _said(was: str, now: str) -> str:
    return f"“{was}” is now “{_short(now)}”" if now else f"“{was}” is gone from it"


def _names(layout: Layout, book: Book) -> list[Finding]:
    """Defined names that hold a list or a bound of days. A program may write a formula another way, not an area."""
    held = {name.casefold(): text for name, text in book.names.items()}
    wrong = []
    for name, text in layout.names.items():
        now = held.get(name.casefold())
        if now == "":  # an .xls is read without what its names stand for
            continue
        lost = now is None or "#REF!" in now.upper()
        if lost or (_plain_area(text) and _reference(now or "") != _reference(text)):
            wrong.append(name)
    if not wrong or len(wrong) == len(layout.names):  # some programs keep no names at all, nor rules
        return []
    one = len(wrong) == 1
    name, leads = ("name", "leads") if one else ("names", "lead")
    said = f"the {name} {count_of(wrong)} of a list or of the plan's days {leads} nowhere"
    return [finding("list-changed", found=wrong[0], said=said)]


@lru_cache(maxsize=2_000)
def _plain_area(text: str) -> bool:
    return re.fullmatch(r"\w+!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?", text) is not None


@lru_cache(maxsize=2_000)
def _reference(text: str) -> str:
    """An area as every program means it: Lists!A1:A3; an .ods says $Lists.$A$1:.$A$3."""
    bare = re.sub(r"[$'=\s]", "", text).replace(":.", ":").casefold()
    return re.sub(r"^(\w+)\.(?=[a-z]+\d)", r"\1!", bare)


def _own_lists(layout: Layout, book: Book, raw: RawPlan) -> list[Finding]:
    """Boxes that offer another list than the form's: one typed into the rule, or one that stands elsewhere."""
    if "validation" not in book.tells:
        return []
    known = {name.casefold() for name in layout.names}
    areas = {_reference(text) for text in layout.names.values() if _plain_area(text)}
    found = []
    for plan in layout.sheets:
        sheet = raw.read.get(plan.key)
        if sheet is None or not plan.inputs:
            continue
        cells = _foreign(sheet.validations, frozenset(known), frozenset(areas))
        if cells:
            places = cells & _boxes(plan, raw)
            if places:
                said = f"{named(places)} {'offers' if len(places) == 1 else 'offer'} another list"
                row, column = min(places)
                a1 = a1_of(row, column)
                found.append(finding("list-changed", sheet=sheet.name, cell=a1, said=said))
    return found


@lru_cache(maxsize=500)
def _foreign(rules: tuple[Validation, ...], known: frozenset[str], areas: frozenset[str]) -> frozenset[Place]:
    cells: set[Place] = set()
    for rule in rules:
        text = rule.formula.strip().lstrip("=")
        if rule.kind != "list" or not text or text.casefold() in known or _reference(text) in areas:
            continue
        if text.startswith('"') or "!" in text or "#REF" in text.upper():
            cells |= _cells(rule.sqref)
    return frozenset(cells)


def rule_findings(layout: Layout, book: Book, raw: RawPlan) -> list[Finding]:
    """Boxes that have no rule any more, by sheet."""
    if "validation" not in book.tells:
        return []
    gone: list[tuple[str, list[Place], bool]] = []
    sheets = 0
    for plan in layout.sheets:
        sheet = raw.read.get(plan.key)
        if sheet is None or not plan.inputs:
            continue
        sheets += 1
        boxes = _boxes(plan, raw)
        bare = _bare(boxes, sheet.validations)
        if bare:
            gone.append((sheet.name, sorted(bare), len(bare) == len(boxes)))
    if not gone:
        return []
    if len(gone) <= FEW_SHEETS:
        return [
            finding(
                "validation-gone", sheet=name, cell=a1_of(*bare[0]), cells="all" if whole else named(bare)
            )
            for name, bare, whole in gone
        ]
    if len(gone) == sheets and all(whole for _, _, whole in gone):
        return [finding("validation-gone", cells="all boxes of all sheets")]
    cells = "; ".join(f"{name} {'all' if whole else named(bare, most=4)}" for name, bare, whole in gone)
    return [finding("validation-gone", cells=cells)]


def merged_findings(layout: Layout, raw: RawPlan) -> list[Finding]:
    """Merged ranges over boxes: of their answers only the first is left."""
    found = []
    for plan in layout.sheets:
        sheet = raw.read.get(plan.key)
        if sheet is None or not sheet.merged or not plan.inputs:
            continue
        boxes = _boxes(plan, raw)
        areas = [area for area in sheet.merged if boxes & _cells(area)]
        if areas:
            first = areas[0].partition(":")[0].replace("$", "")
            found.append(finding("merged", sheet=sheet.name, cell=first, cells=count_of(areas)))
    return found


def _boxes(plan: SheetPlan, raw: RawPlan) -> frozenset[Place]:
    """The cells in which the sheet's white boxes were found."""
    if plan.key in raw.untouched:
        return fixed_of(plan).boxes
    found = (item.path for item in plan.inputs if not item.locked and item.path in raw.places)
    return frozenset(_place(raw.places[path][1]) for path in found)


@lru_cache(maxsize=20_000)
def _place(a1: str) -> Place:
    letters = a1.rstrip("0123456789")
    return int(a1[len(letters) :]), column_number(letters)


@lru_cache(maxsize=500)
def _bare(boxes: frozenset[Place], rules: tuple[Validation, ...]) -> frozenset[Place]:
    """The boxes that have no rule which checks something."""
    covered = (place for rule in rules if rule.kind in _KINDS for place in _cells(rule.sqref))
    return boxes.difference(covered)


@lru_cache(maxsize=5_000)
def _cells(sqref: str) -> frozenset[Place]:
    """The cells of a reference; of a rule on whole columns no more than any form has."""
    cells: set[Place] = set()
    for top, left, bottom, right in areas_of(sqref):
        if len(cells) > _MOST_CELLS:
            break
        rows, columns = range(top, min(bottom, top + 2_000) + 1), range(left, min(right, left + 200) + 1)
        cells |= {(row, column) for row in rows for column in columns}
    return frozenset(cells)


def named(places: Iterable[Place], most: int = 10) -> str:
    """Cells as few ranges, down a column where rows follow one another: D5:D12, E7."""
    runs: list[list[Place]] = []
    for row, column in sorted(places, key=lambda place: (place[1], place[0])):
        if runs and runs[-1][-1] == (row - 1, column):
            runs[-1].append((row, column))
        else:
            runs.append([(row, column)])
    blocks: list[tuple[Place, Place]] = []
    for run in runs:
        first, last = run[0], run[-1]
        beside = next(
            (n for n, (a, b) in enumerate(blocks) if a[0] == first[0] and b == (last[0], first[1] - 1)), None
        )
        if beside is None:
            blocks.append((first, last))
        else:
            blocks[beside] = (blocks[beside][0], last)
    texts = [a1_of(*a) if a == b else f"{a1_of(*a)}:{a1_of(*b)}" for a, b in sorted(blocks)]
    return ", ".join(texts[:most]) + (f" and {len(texts) - most} more" if len(texts) > most else "")


__all__ = ["list_findings", "merged_findings", "named", "rule_findings", "text_findings"]
