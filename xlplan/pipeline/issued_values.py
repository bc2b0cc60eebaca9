"""Locked answers of a return, and what its copy was issued with: that counts, and what stands there instead is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from xlplan.findings import Finding, finding
from xlplan.form.markers import Kind
from xlplan.form.rounds import CARRIED, FIRST_DUE, LAST_STATUS
from xlplan.form.text import clean_text, folded
from xlplan.intake.answers import generic, since_1900
from xlplan.intake.values import as_text, in_words, mend
from xlplan.layout.book import Cell
from xlplan.layout.leftover import LeftOver
from xlplan.layout.model import CellRef, Input, Layout
from xlplan.layout.raw import RawPlan, RawValue, count_of
from xlplan.layout.raw import in_words as as_it_stands
from xlplan.layout.rows import path_of
from xlplan.merge.carry_rows import Rows, answers_of, followed
from xlplan.merge.values import Plain, plain
from xlplan.pipeline.returned import as_read

MOST_TOLD = 20  # locked boxes of a sheet that are told each; of more the rest together
MOST_SHOWN = 120  # characters of what stands in a box that a finding quotes
_NAMING = (Kind.PROSE, Kind.TEXT)  # what tells one row from another


def locked_values(layout: Layout, raw: RawPlan) -> dict[str, Plain]:
    """What stands in the locked boxes of a file by slot path, as it is compared; None where nothing does."""
    return {path: _held(layout, item, raw) for path, item in _locked(layout)}


def differing(layout: Layout, held: Mapping[str, Plain], issued: Mapping[str, object]) -> list[str]:
    """The locked boxes in which something else stands than the copy was issued with."""
    return [
        path for path, item in _locked(layout) if held.get(path) != compared(layout, issued.get(path), item)
    ]


def with_rows(layout: Layout, held: Mapping[str, object], issued: Mapping[str, object]) -> dict[str, object]:
    """What a copy was issued with, where people could move its rows: what is shown of a row stands where that is now.

    Beside a row that is new, in whatever place, stands nothing. `held`: what the return holds by slot path.
    """
    if layout.spec.facts.round != CARRIED:
        return dict(issued)
    found = dict(issued)
    after = answers_of(layout, held)
    same = followed(layout, answers_of(layout, issued), after)
    for row in Rows(layout, after).every:
        for path in (path_of(row, name) for name in (LAST_STATUS, FIRST_DUE)):
            if path in layout.inputs and layout.inputs[path][1].field.locked:
                found[path] = issued.get(path_of(same[row], path[len(row) + 1 :])) if row in same else None
    return {path: value for path, value in found.items() if value is not None}


def put_back(layout: Layout, raw: RawPlan, issued: Mapping[str, object]) -> list[Finding]:
    """Let what a copy was issued with stand in its locked boxes; gives a finding for each that held something else.

    What stood there is kept as left over. `issued`: by slot path, as cells hold it.
    """
    told: dict[str, list[_Changed]] = defaultdict(list)
    held = locked_values(layout, raw)
    touched = set(differing(layout, held, issued))
    issued = with_rows(layout, {path: value.cell.value for path, value in raw.values.items()}, issued)
    for path in differing(layout, held, issued):
        item, at = layout.inputs[path][1], raw.places.get(path)
        if path not in touched:  # it stands where its row stood before
            _set(raw, item, issued.get(path), at or _box(layout, path))
            continue
        cell = raw.values[path].cell if path in raw.values else Cell(None)
        if at is not None and path not in raw.undecided:
            now = cell.error or as_it_stands(cell.value)
            told[at[0]].append(_Changed(path, item, at[0], at[1], said(issued.get(path), item), now))
            if now:
                raw.left_over.append(
                    LeftOver(sheet=at[0], cell=at[1], value=cell.value or now, code="label-changed")
                )
        raw.undecided.discard(path)
        _set(raw, item, issued.get(path), at or _box(layout, path))
    found = [finding_ for changed in told.values() for finding_ in _findings(changed)]
    return found + list(_elsewhere(layout, told, issued))


def _box(layout: Layout, path: str) -> tuple[str, str]:
    """Sheet and cell of a box in the copy as issued."""
    sheet, item = layout.inputs[path]
    return sheet.title, CellRef(sheet.title, item.row, item.column).a1


@dataclass(frozen=True, slots=True)
class _Changed:
    path: str
    item: Input
    sheet: str
    cell: str
    was: str
    now: str


def _findings(changed: list[_Changed]) -> Iterator[Finding]:
    told = changed if len(changed) <= MOST_TOLD else changed[:MOST_TOLD]
    for number, one in enumerate(told, 1):
        rest = [other.cell for other in changed[len(told) :]] if number == len(told) else []
        more = f" So were {len(rest)} more on this sheet: {count_of(rest)}." if rest else ""
        yield finding(
            "label-changed", path=one.path, sheet=one.sheet, cell=one.cell, found=one.now,
            was=one.was or "empty", now=f"“{_short(one.now)}”" if one.now else "empty", more=more,
        )  # fmt: skip


def _elsewhere(
    layout: Layout, told: Mapping[str, list[_Changed]], issued: Mapping[str, object]
) -> Iterator[Finding]:
    """Rows that show what another row of their table was issued with: the answers beside may be of that one."""
    names: dict[str, dict[str, str]] = defaultdict(dict)  # table → what a row says → its path
    for path, item in _locked(layout):
        if item.field.kind in _NAMING and path in issued:
            names[generic(path)].setdefault(folded(str(issued[path])), item.group)
    rows: set[str] = set()
    for one in (one for changed in told.values() for one in changed):
        other = names.get(generic(one.path), {}).get(folded(one.now)) if one.now else None
        if (
            other not in (None, one.item.group)
            and one.item.group.endswith("]")
            and one.item.group not in rows
        ):
            rows.add(one.item.group)
            where = f"{one.item.place}, where “{_short(one.was)}” belongs"
            told_ = f"stands in {where}, so its answers may be of another row"
            found = f"“{_short(one.now)}”"
            yield finding("contradiction", sheet=one.sheet, cell=one.cell, found=found, said=told_)


def said(value: object, item: Input) -> str:
    """An answer as people read it in its box."""
    content = as_read(value, item.field)
    if isinstance(content, datetime):
        return in_words(content.date())
    return " ".join(as_text(content).split())


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"


def _locked(layout: Layout) -> Iterator[tuple[str, Input]]:
    return ((path, item) for path, (_, item) in layout.inputs.items() if item.field.locked)


def _held(layout: Layout, item: Input, raw: RawPlan) -> Plain:
    """What stands there; an error, or a text that is no answer of its kind, as it is shown."""
    if item.path in raw.undecided or item.path not in raw.values:
        return None
    cell = raw.values[item.path].cell
    if cell.error is not None:
        return cell.error
    value = cell.value
    if raw.date1904 and item.field.kind in (Kind.DATE, Kind.PAST_DATE):
        value = since_1900(value)
    return compared(layout, value, item)


def compared(layout: Layout, value: object, item: Input) -> Plain:
    """A cell's content so that what says the same is equal, whatever a program made of it."""
    content = as_read(value, item.field)
    mended = mend(content, item.field, layout.spec.facts.window)
    if mended.fault is not None:
        return clean_text(as_text(content), lines=True)
    found = plain(mended.value, item.field.kind)
    return None if found is False and item.field.kind is Kind.TICK else found


def _set(raw: RawPlan, item: Input, value: object, at: tuple[str, str]) -> None:
    content = as_read(value, item.field)
    if content is None:
        raw.values.pop(item.path, None)
    else:
        raw.values[item.path] = RawValue(cell=Cell(content), sheet=at[0], a1=at[1])
