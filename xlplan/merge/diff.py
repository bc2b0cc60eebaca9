"""What differs between two plans, answer by answer, in sheet order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlplan.form.markers import Kind
from xlplan.form.text import harmless
from xlplan.layout.model import CellRef, Input, Layout, SheetPlan
from xlplan.merge import words
from xlplan.merge.values import Plain, plain_cells
from xlplan.merge.words import Stretch, shortened, stretches

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
KINDS = (ADDED, REMOVED, CHANGED)
_AMOUNT = re.compile(r"\d+\.\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One answer that differs: where, what it was and what it is, None where it is empty.

    `sheet`, `cell`: of the second plan's form, else of the first's. `place`, `label`: what people call row and box;
    `type`: what stands in the box.
    """

    path: str
    sheet: str
    cell: str
    kind: str
    a: Plain
    b: Plain
    place: str
    label: str
    type: Kind

    def as_json(self) -> dict[str, Any]:
        """The change as CONTRACT's `diff` has it."""
        return {name: getattr(self, name) for name in ("path", "sheet", "cell", "kind", "a", "b")}


def changes(
    layout: Layout, a: Mapping[str, object], b: Mapping[str, object], before: Layout | None = None
) -> list[Change]:
    """What differs between the cells of two plans, by slot path, in sheet order.

    `layout`: of the second plan's form; `before`: of the first's, where that is another. Answers are compared as
    values, by slot path; one for which only one of the forms has a box is told too.
    """
    before = before or layout
    was, now = plain_cells(before, a), plain_cells(layout, b)
    return [
        _change(path, sheet, item, was.get(path), now.get(path))
        for path, sheet, item in _places(layout, before)
        if was.get(path) != now.get(path)
    ]


def counts(found: Sequence[Change]) -> dict[str, int]:
    """How many were added, removed and changed."""
    return {kind: sum(item.kind == kind for item in found) for kind in KINDS}


def parts_of(change: Change, keep: int) -> tuple[Stretch, ...]:
    """What went and what came in the answer's words; about `keep` characters of unchanged text stay beside a change.

    A text is compared by words, any other answer as one.
    """
    a, b = (harmless(in_words(value, change.type)) for value in (change.a, change.b))
    if change.type in (Kind.TEXT, Kind.PROSE, Kind.PERSON):
        return shortened(stretches(a, b), keep)
    return tuple(part for part in (Stretch(words.REMOVED, a), Stretch(words.ADDED, b)) if part.text)


def _places(layout: Layout, before: Layout) -> Iterator[tuple[str, SheetPlan, Input]]:
    """Every box of either form in sheet order; those of the first alone where they stood among the others."""
    order = {key: at for at, key in enumerate(_sheets(layout, before))}
    both = [(path, *layout.inputs[path], 0) for path in layout.inputs]
    both += [(path, *before.inputs[path], 1) for path in before.inputs if path not in layout.inputs]
    both.sort(key=lambda one: (order[one[1].key], one[2].row, one[2].column, one[3]))
    return ((path, sheet, item) for path, sheet, item, _ in both)


def _sheets(layout: Layout, before: Layout) -> list[str]:
    """The keys of both forms' sheets; those of the first alone behind the sheet that they stood behind."""
    keys = [sheet.key for sheet in layout.sheets]
    at = 0
    for sheet in before.sheets:
        at = keys.index(sheet.key) + 1 if sheet.key in keys else at
        if sheet.key not in keys:
            keys.insert(at, sheet.key)
            at += 1
    return keys


def in_words(value: Plain, type: Kind) -> str:
    """An answer as people read it; an empty one is no text at all."""
    if isinstance(value, bool):
        return ("✓" if value else "") if type is Kind.TICK else ("Yes" if value else "No")
    if type is Kind.MONEY and isinstance(value, str) and _AMOUNT.fullmatch(value):
        return f"${Decimal(value):,}"
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value)


def _change(path: str, sheet: SheetPlan, item: Input, a: Plain, b: Plain) -> Change:
    label, place = item.field.label, item.place
    return Change(
        path=path, sheet=sheet.title, cell=CellRef(sheet.title, item.row, item.column).a1,
        kind=ADDED if a is None else REMOVED if b is None else CHANGED, a=a, b=b,
        place=place if place != label else "", label=f"{label}: {item.choice}" if item.choice else label,
        type=item.field.kind,
    )  # fmt: skip
