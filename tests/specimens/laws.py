"""What holds of every return that is read: nothing lost, nothing in the wrong field, and a faithful correction copy."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from xlplan.catalogue import PUT_RIGHT
from xlplan.excel.correct import corrected
from xlplan.excel.read import read_workbook
from xlplan.findings import Finding, Severity
from xlplan.form.text import clean_text
from xlplan.layout.book import Book
from xlplan.layout.correction import correction
from xlplan.layout.leftover import lines
from xlplan.pipeline.check import check_file
from xlplan.pipeline.correct import correction_plate
from xlplan.pipeline.forms import BLANK_SCHOOL, personal
from xlplan.pipeline.opening import Context, Result
from xlplan.pipeline.returned import QUOTED

from .patient import Patient

FRESH = {
    "contradiction",
    "sheet-twice",
    "extra-sheet",
    "stray",
    *PUT_RIGHT,
    *QUOTED,
}  # a fresh copy has none of them
TOLD_OTHERWISE = {"label-changed", "sheet-twice", "extra-sheet"}  # not asked again, or once for their sheet
UNIQUE = 12  # characters from which a text is known again wherever it stands
ASKED = (Severity.ERROR, Severity.WARNING, Severity.ADVICE)


def own_texts(one: Patient) -> dict[str, set[str]]:
    """Every longer text of a healthy copy, and the slot paths that it stands at."""
    found: dict[str, set[str]] = defaultdict(set)
    for path, value in one.answers.items():
        if isinstance(value, str) and len(value) >= UNIQUE:
            found[value].add(path)
    return found


def wrong_places(one: Patient, result: Result) -> Iterator[str]:
    """The texts of the healthy copy that were read into another field than theirs."""
    known = own_texts(one)
    for path, value in result.validated.values.items() if result.validated else ():
        if isinstance(value, str) and value in known and path not in known[value]:
            yield f"{path}: {value[:60]}"


def lost(one: Patient, content: bytes, result: Result) -> Iterator[str]:
    """The texts of the healthy copy that are in the file, and neither read, nor left over, nor quoted in full."""
    book = read_workbook(content)
    if result.validated is None or not isinstance(book, Book):
        return
    kept = set(map(str, result.validated.values.values()))
    if result.returned is not None:
        kept |= {clean_text(str(value), lines=True) for value in result.returned.cells.values()}
        kept |= {clean_text(str(item.value), lines=True) for item in result.returned.left_over}
    told = "\n".join(item.found or "" for item in result.checked.findings)
    held = {
        clean_text(str(cell.value), lines=True)
        for sheet in book.sheets
        if sheet.name not in ("Lists", "Live", "Meta")
        for cell in sheet.cells.values()
        if cell.value is not None and cell.formula is None
    }
    for text in own_texts(one):
        if text in held and text not in kept and text not in told:
            yield text[:60]


def answered(result: Result) -> bytes:
    """The correction copy of a return."""
    assert result.form is not None and result.returned is not None and result.identity is not None
    said = correction(result.form.layout, result.returned, date(2026, 10, 14), "Wednesday, October 28, 2026")
    facts = personal(BLANK_SCHOOL, replace(result.identity, issue=2, signed=""), b"", "")
    plate = correction_plate(result.form, "", bool(result.returned.left_over))
    return corrected(plate, facts, result.returned.cells, said)


def asked(findings: tuple[Finding, ...]) -> Counter[tuple[str, str, str | None]]:
    """What a school is asked for about its answers: code, weight and path."""
    return Counter(
        (item.code, str(item.severity), item.path)
        for item in findings
        if item.severity in ASKED and item.code not in FRESH
    )


def unlike_again(first: Result, context: Context) -> Iterator[str]:
    """What differs when the correction copy of a return is returned unchanged: in what is asked, and in its plan.

    An error or a lost result comes back as an empty cell, which is asked for as such.
    """
    if first.returned is None:
        return
    again = check_file(answered(first), "returned", context)
    before, after = asked(first.returned.findings), asked(again.checked.findings)
    yield from (f"no longer asked: {item}" for item in (before - after).elements())
    empty = {_row(item.path) for item in first.checked.findings if item.code in QUOTED}
    anew = (item for item in (after - before).elements() if _row(item[2]) not in empty)
    yield from (f"asked anew: {item}" for item in anew)
    strays = [item for item in again.checked.findings if item.code == "stray"]
    beside = [item for item in first.returned.findings if item.code == "stray" and item.path is not None]
    wanted = [item for item, _ in lines(first.returned.left_over) if item.code not in TOLD_OTHERWISE]
    if len(strays) != len(wanted) + len(beside):
        yield f"{len(strays)} strays, for {len(wanted)} lines left over and {len(beside)} beside empty rows"
    yield from (
        f"not put right: {item.code} {item.sheet} {item.cell}"
        for item in again.checked.findings
        if item.code in PUT_RIGHT and item.severity is not Severity.NOTE
    )
    if first.validated is not None and again.validated is not None:
        was, now = first.validated.values, again.validated.values
        rows = tuple(f"{_row(item.path)}." for item in strays if item.path)
        for path in sorted({*was, *now}):
            if was.get(path) != now.get(path) and not (rows and path.startswith(rows)):
                yield f"{path}: {was.get(path)!r:.50} became {now.get(path)!r:.50}"


def _row(path: str | None) -> str:
    """The row, or the part of the plan, that an answer stands in."""
    return (path or "").rpartition(".")[0]
