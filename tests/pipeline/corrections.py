"""Correction copies for tests: what answers a workbook, without a campaign's folder around it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from xlplan.catalogue import PUT_RIGHT
from xlplan.excel.correct import corrected
from xlplan.excel.plate import stamp
from xlplan.findings import Finding, Severity
from xlplan.form.spec import FormFacts
from xlplan.layout.book import Book
from xlplan.layout.correction import Correction, correction
from xlplan.layout.points import Returned
from xlplan.pipeline.check import check_file, check_opened
from xlplan.pipeline.correct import correction_plate
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context, Opened, Result, open_book
from xlplan.pipeline.returned import QUOTED
from xlplan.samples import sample_plans

AS_OF = date(2027, 1, 31)
CONTEXT = Context(as_of=AS_OF)
RECEIVED = date(2026, 10, 14)
ASKED = (Severity.ERROR, Severity.WARNING, Severity.ADVICE)


def blank(name: str) -> bytes:
    """A fresh copy of a template."""
    form = form_of(name, FormFacts())
    return stamp(plate_of(form, ""), personal(BLANK_SCHOOL, blank_identity(form), b"", ""))


def sample(name: str, number: int = 0) -> bytes:
    """A copy filled with one of the sample plans."""
    content, refused = fill_bytes(blank(name), sample_plans(name)[number], "blank.xlsx")
    assert refused is None
    return content


def checked_book(book: Book) -> Result:
    """What checking a workbook gives, read already."""
    opened = open_book(book, "returned.xlsx", "0" * 64, CONTEXT)
    assert isinstance(opened, Opened), opened.checked.findings
    return check_opened(opened, CONTEXT)


def checked(content: bytes) -> Result:
    """What checking a file gives."""
    return check_file(content, "returned.xlsx", CONTEXT)


def told(name: str, returned: Returned) -> tuple[FormOf, Correction]:
    """What a correction copy says."""
    form = form_of(name, FormFacts())
    return form, correction(form.layout, returned, RECEIVED, "Wednesday, October 28, 2026")


def answer(name: str, returned: Returned) -> bytes:
    """The correction copy of what came back."""
    form, said = told(name, returned)
    facts = personal(BLANK_SCHOOL, replace(blank_identity(form), issue=2), b"", "")
    plate = correction_plate(form, "", bool(returned.left_over))
    return corrected(plate, facts, returned.cells, said)


def asked(findings: tuple[Finding, ...]) -> Counter[tuple[str, str, str | None]]:
    """What a school is asked for: code, weight and path of errors, warnings and advice about its answers.

    Without what fits no cell: a contradiction comes again as a stray for each of its lines on Left over.
    """
    return Counter(
        (item.code, str(item.severity), item.path)
        for item in findings
        if item.severity in ASKED and item.code not in (*PUT_RIGHT, *QUOTED, "stray", "contradiction")
    )
