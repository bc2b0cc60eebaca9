"""What was done to a file and what was made of it, in about ten lines that a person can read. No codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from xlplan.findings import Checked, Finding, Severity
from xlplan.form.identity import NO_CAMPAIGN, Identity
from xlplan.form.text import clean_text
from xlplan.form.upgrade import is_to_place
from xlplan.layout.book import Book
from xlplan.layout.locate import locate
from xlplan.layout.model import Layout
from xlplan.layout.raw import RawPlan, count_of
from xlplan.pipeline.check import check_opened
from xlplan.pipeline.opening import Context, Opened, Result, open_file, school_of

_FORMATS = {
    "xlsx": "An Excel workbook (.xlsx)", "xlsm": "An Excel workbook with macros (.xlsm)",
    "xls": "An older Excel workbook (.xls)", "ods": "An OpenDocument spreadsheet (.ods)",
    "xlsb": "A binary Excel workbook (.xlsb)",
}  # fmt: skip
_SHEETS = {
    "sheet-renamed": "renamed", "sheet-twice": "there twice", "extra-sheet": "added", "section-missing": "deleted",
    "guide-missing": "deleted",
}  # fmt: skip
_LOCKED = {
    "label-changed": "locked texts changed", "list-changed": "lists of choices changed",
    "validation-gone": "boxes that no longer check what is typed", "protection-gone": "protection removed",
    "merged": "boxes merged",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A checked file with its account, a line each."""

    checked: Checked
    lines: tuple[str, ...]


def account(content: bytes, file: str, context: Context) -> Account:
    """Check a file and give account of it. Records nothing, never raises for what the file holds."""
    opened = open_file(content, file, context)
    if isinstance(opened, Result):
        return Account(checked=opened.checked, lines=_refused(opened.checked))
    result = check_opened(opened, context)
    if result.checked.outcome == "refused":
        return Account(checked=result.checked, lines=(_file(opened.book), *_refused(result.checked)))
    raw = locate(opened.layout, opened.book)
    return Account(checked=result.checked, lines=_lines(opened, raw, result, context))


def _refused(checked: Checked) -> tuple[str, ...]:
    found = checked.findings[0]
    return (f"It was not read. {found.message}", f"What to do: {found.remedy}")


def _lines(opened: Opened, raw: RawPlan, result: Result, context: Context) -> tuple[str, ...]:
    layout, findings = opened.layout, result.checked.findings
    return (
        _file(opened.book),
        _whose(opened, findings, context),
        _sheets(layout, opened.book, raw, findings),
        _rows(findings),
        _locked(findings),
        _formulas(opened.book, findings),
        _read(layout, result),
        *_carried_over(result),
        _left_over(raw),
        _outcome(result.checked),
        _next(result.checked),
    )


def _file(book: Book) -> str:
    by, when = _said(book.core.get("lastModifiedBy", "")), _day(book.core.get("modified", ""))
    program = _said(book.core.get("application", ""))
    saved = "".join(
        (f" with {program}" if program else "", f" by {by}" if by else "", f" on {when}" if when else "")
    )
    return f"{_FORMATS.get(book.format, 'A workbook')}{', last saved' + saved if saved else ''}."


def _said(text: str) -> str:
    """A name from outside, on one line and not without end."""
    return clean_text(text, lines=False)[:80]


def _day(text: str) -> str:
    try:
        day = datetime.fromisoformat(text.strip())
    except ValueError:
        return ""
    return f"{day:%B} {day.day}, {day.year}"


def _whose(opened: Opened, findings: Sequence[Finding], context: Context) -> str:
    identity, form = opened.identity, opened.form.model.form
    if identity is None:
        return f"It is a copy of the form “{form.title}”; it no longer says which school it is for."
    school = school_of(context.campaign, identity.school) if context.campaign else None
    name = f"{school.name} ({identity.school})" if school else f"school {identity.school}"
    return (
        f"It is copy number {identity.issue} of {_said(name)}, form “{form.title}”, version {identity.version}; "
        f"{_state(identity, findings, context)}."
    )


def _state(identity: Identity, findings: Sequence[Finding], context: Context) -> str:
    if any(item.code == "identity-weak" for item in findings):
        return "some of what tells so is gone from the file"
    if context.campaign is not None:
        return "the campaign's signature on it is right"
    if identity.campaign == NO_CAMPAIGN:
        return "it was made without a campaign"
    return "its signature can be checked only within its campaign"


def _sheets(layout: Layout, book: Book, raw: RawPlan, findings: Sequence[Finding]) -> str:
    done = []
    for code, what in _SHEETS.items():
        own = [_said(item.facts.get("section") or item.found or "") for item in findings if item.code == code]
        if own:
            done.append(f"{what}: {_several(own)}")
    names = [sheet.name for sheet in book.sheets]
    order = [names.index(raw.read[plan.key].name) for plan in layout.sheets if plan.key in raw.read]
    if order != sorted(order):
        done.append("in another order")
    return (
        f"Sheets {'; '.join(done)}."
        if done
        else "All sheets are there, under their names and in their order."
    )


def _rows(findings: Sequence[Finding]) -> str:
    moved = _places(item for item in findings if item.code == "moved")
    unsure = _places(item for item in findings if item.code == "contradiction")
    if not moved and not unsure:
        return "Rows and columns are where they were."
    said = [f"rows or columns stand elsewhere on {_several(moved)}"] if moved else []
    if unsure:
        said.append(
            f"cells on {_several(unsure)} were shifted or taken out so that nobody can tell where they belong"
        )
    text = "; ".join(said)
    return f"{text[0].upper()}{text[1:]}."


def _places(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(_said(item.sheet or "") for item in findings))


def _several(names: Sequence[str]) -> str:
    return count_of([f"“{name}”" for name in names])


def _locked(findings: Sequence[Finding]) -> str:
    done = []
    for code, what in _LOCKED.items():
        own = [item for item in findings if item.code == code]
        if own:
            places = _places(item for item in own if item.sheet and "sheets" not in item.facts)
            where = own[0].facts.get("sheets") or (_several(places) if places else "")
            done.append(f"{what} on {where}" if where else what)
    if any(item.code == "seal-unchecked" for item in findings):
        done.append("whether texts or lists were changed could not be checked")
    if not done:
        return "Nothing that is locked was changed."
    text = "; ".join(done)
    return f"{text[0].upper()}{text[1:]}."


def _formulas(book: Book, findings: Sequence[Finding]) -> str:
    count = sum(item.code in ("formula", "formula-no-value") for item in findings)
    formulas = "Formulas were typed where answers belong" if count else "No answer is a formula"
    return f"{formulas}; {'it holds macros, which were not run' if book.macros else 'it holds no macros'}."


def _read(layout: Layout, result: Result) -> str:
    filled = result.validated.filled if result.validated else {}
    away = sum(
        1
        for path, (sheet, cell) in filled.items()
        if (ref := layout.cell_of(path)) is not None and (ref.sheet, ref.a1) != (sheet, cell)
    )
    mended = sum(item.code.startswith("mended-") for item in result.checked.findings)
    said = [f"{_count(len(filled), 'answer')} {'was' if len(filled) == 1 else 'were'} read"]
    said += [f"{away} of them from another place than the form's"] * bool(away)
    said += ["some written in a way that was mended"] * bool(mended)
    return f"{', '.join(said)}."


def _carried_over(result: Result) -> Iterator[str]:
    """To which version the answers went, and how many a person has to place."""
    if result.came_as == result.checked.version:
        return
    asked = _to_place(result.checked)
    left = f"; {_count(asked, 'answer')} {'has' if asked == 1 else 'have'} no box there" if asked else ""
    yield f"The answers were carried over to version {result.checked.version}{left}."


def _to_place(checked: Checked) -> int:
    return sum(map(is_to_place, checked.findings))


def _left_over(raw: RawPlan) -> str:
    if not raw.left_over:
        return "Nothing is left over."
    names = list(dict.fromkeys(_said(item.sheet) for item in raw.left_over))
    one = len(raw.left_over) == 1
    said = "fits no box and is left over" if one else "fit no box and are left over"
    return f"{_count(len(raw.left_over), 'cell')} on {_several(names)} {said}; nothing is lost."


def _outcome(checked: Checked) -> str:
    errors = sum(item.severity is Severity.ERROR and not item.waived for item in checked.findings)
    if checked.outcome == "accepted":
        return "The plan is accepted."
    return f"The plan is rejected: {_count(errors, 'thing')} must be mended."


def _next(checked: Checked) -> str:
    if checked.outcome == "accepted":
        asked = _to_place(checked)
        if not asked:
            return "What to do: nothing."
        return (
            f"What to do: place {_count(asked, 'answer')} by hand, in the copy that `xlplan migrate` makes."
        )
    first = next(item for item in checked.findings if item.severity is Severity.ERROR and not item.waived)
    place = _said(", ".join(part for part in (first.sheet, first.cell) if part))
    at = f" at {place}" if place else ""
    return f"What to do: mend what is told below and return the file; first{at}: {first.remedy}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
