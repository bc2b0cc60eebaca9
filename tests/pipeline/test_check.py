"""Checking a file: an answer for any bytes, and the same answer for the same bytes."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.sheets import plan
from tests.specimens.edits import text
from xlplan.excel.damage import edited
from xlplan.excel.plate import pour, stamp
from xlplan.excel.read_styles import date_1900
from xlplan.form.expressions import serial
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.pipeline.check import check_file
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context
from xlplan.pipeline.summarise import slots_from

from .corrections import sample


@lru_cache
def blank(name: str = "sfss") -> bytes:
    """A blank made for a template alone: campaign "-" and no signature."""
    form = form_of(name, FormFacts())
    return stamp(plate_of(form, ""), personal(BLANK_SCHOOL, blank_identity(form), b"", ""))


@lru_cache
def full() -> bytes:
    form = form_of("sfss", FormFacts())
    cells = poured(form.layout, plan())
    return pour(plate_of(form, ""), personal(BLANK_SCHOOL, blank_identity(form), b"", ""), cells)


def test_a_blank_of_a_template_alone_is_blank() -> None:
    result = check_file(blank(), "blank.xlsx", Context())
    assert (result.checked.outcome, [item.code for item in result.checked.findings]) == (
        "rejected",
        ["blank"],
    )
    assert result.identity is not None and result.identity.campaign == "-" and result.identity.signed == ""


def test_a_full_one_is_accepted_with_every_required_answer_in() -> None:
    result = check_file(full(), "full.xlsx", Context(as_of=date(2027, 1, 31)))
    assert (result.checked.outcome, result.checked.findings) == ("accepted", ())
    assert result.completeness and all(line["filled"] == line["required"] for line in result.completeness)


def test_slots_told_by_lineage_are_those_that_checking_found() -> None:
    """What the rollup derives from the ledger is what the importer knew."""
    result = check_file(full(), "full.xlsx", Context())
    assert result.form is not None and result.validated is not None
    assert slots_from(result.form.layout.spec, dict(result.validated.filled)) == result.validated.slots


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_get_an_answer(content: bytes) -> None:
    """Whatever comes in, it is refused with one finding."""
    checked = check_file(content, "x", Context()).checked
    assert (checked.outcome, checked.plan, len(checked.findings)) == ("refused", None, 1)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_copy_gets_an_answer(data: st.DataObject) -> None:
    """A few bytes changed or cut off: accepted, rejected or refused, never a fault of ours."""
    content = bytearray(full())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(len(content) // 2, len(content)))
    assert check_file(bytes(content[:cut]), "x.xlsx", Context()).checked.outcome in (
        "accepted",
        "rejected",
        "refused",
    )


def test_a_bare_number_counts_by_the_workbooks_own_date_system() -> None:
    """44849 is October 16, 2026 where days count from 1904, and October 15, 2022 elsewhere."""
    layout = form_of("sfss", FormFacts()).layout
    content = text(sample("sfss"), layout, "prepared_on", "44849")
    other = edited(
        content, {"xl/workbook.xml": lambda xml: xml.replace("<workbookPr/>", '<workbookPr date1904="1"/>')}
    )
    found = [check_file(one, "returned.xlsx", Context()).checked.plan or {} for one in (content, other)]
    assert [plan["prepared_on"] for plan in found] == ["2022-10-15", "2026-10-16"]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_days_come_back_from_their_serial_number(day: date) -> None:
    """Also those before the February 29 that 1900 never had."""
    read = date_1900(float(serial(day)))
    assert isinstance(read, datetime) and read.date() == day
