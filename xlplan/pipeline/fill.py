"""Pour a plan into a fresh copy made from a workbook's own form facts and identity."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from xlplan.campaign import School
from xlplan.campaign.files import read_bytes, write_safely
from xlplan.errors import UsageError
from xlplan.excel.plate import pour
from xlplan.excel.seal import identities, protection_findings
from xlplan.findings import Checked
from xlplan.form.plan import HEADER
from xlplan.intake.pour import poured
from xlplan.layout.book import Book
from xlplan.layout.locate import locate
from xlplan.layout.sections import find_section
from xlplan.pipeline.check import check_file, check_opened
from xlplan.pipeline.forms import FormOf, plate_of
from xlplan.pipeline.in_use import in_use
from xlplan.pipeline.issued_values import compared, said
from xlplan.pipeline.opening import Context, Opened, Result, open_file

ALONE = Context()


def fill_file(workbook: Path, plan: Path, out: Path | None, context: Context = ALONE) -> Checked:
    """The filled copy, written to `out`, and what checking it says. Raises UsageError, writing nothing.

    `context`: knows a campaign's own templates, its forms, and what its sheets are locked with.
    """
    try:
        data = json.loads(plan.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise UsageError(f"{plan} cannot be read as JSON: {error}") from None
    if not workbook.exists():
        raise UsageError(f"There is no file {workbook}.")
    content = read_bytes(workbook)
    filled, refused = fill_bytes(content, data, workbook.as_posix(), context)
    if refused is not None:
        return refused
    if out is not None:
        write_safely(out, filled)
    return check_file(filled, (out or workbook).as_posix(), context).checked


def fill_bytes(
    content: bytes, plan: Mapping[str, Any], name: str, context: Context = ALONE
) -> tuple[bytes, Checked | None]:
    """The filled copy as bytes, or the refusal of a file that is not readable or whose seal is broken."""
    opened = open_file(content, name, context)
    if isinstance(opened, Result):
        return b"", opened.checked
    form, book = opened.form, opened.book
    if opened.identity is None or protection_findings(form.layout, book):
        return b"", _broken(check_opened(opened, context).checked)
    before = _typed(form, book)
    cells = poured(form.layout, in_use(form.layout, plan, before))
    _compare_header(plan, form, book, name)
    locked = {path for path in cells if form.layout.inputs[path][1].locked}
    _compare_locked({path: cells[path] for path in locked}, form, before, name)
    cells = {path: value for path, value in cells.items() if path not in locked}
    return typed_over(opened, cells, context), None


def typed_over(opened: Opened, cells: Mapping[str, object], context: Context = ALONE) -> bytes:
    """A fresh copy of an opened file with these answers, by slot path, beside those that stand in it already."""
    form, book, identity = opened.form, opened.book, opened.identity
    before = {path: value for path, value in _typed(form, book).items() if path not in cells}
    campaign = identity.campaign if identity else ""
    password, plain = context.sheet_passwords.get(campaign, ""), campaign in context.plain
    return pour(plate_of(form, password, plain=plain), personal_in(book, form), {**before, **cells})


def _broken(checked: Checked) -> Checked:
    """The refusal of a file whose seal is broken, with the findings that say so."""
    told = tuple(item for item in checked.findings if item.code in ("identity-missing", "protection-gone"))
    return replace(checked, outcome="refused", plan=None, findings=told)


def _compare_header(plan: Mapping[str, Any], form: FormOf, book: Book, name: str) -> None:
    """Header fields are compared, never written: the plan of another school is poured nowhere."""
    sheet = find_section(book, "pl")
    held = {field: _value(sheet, form, field) for field in HEADER}
    if not held["school_id"]:
        held["school"] = ""  # the district's own plan shows the district's name there
    for field in HEADER if sheet is not None and isinstance(plan, Mapping) else ():
        if field in plan and str(plan[field] or "") != held[field]:
            raise UsageError(
                f"{field}: the plan says “{plan[field] or ''}”, and {name} is for “{held[field]}”. "
                "Take the copy that was made for it, or leave the field out of the plan."
            )


def _compare_locked(
    cells: Mapping[str, object], form: FormOf, before: Mapping[str, object], name: str
) -> None:
    """Locked boxes are compared as header fields are: what stands in them cannot be changed."""
    layout = form.layout
    for path, value in cells.items():
        item = layout.inputs[path][1]
        if compared(layout, value, item) != compared(layout, before.get(path), item):
            raise UsageError(
                f"{path}: the plan says “{said(value, item)}”, and {name} holds “{said(before.get(path), item)}” "
                "there, locked. Give what stands there, or leave the field out of the plan."
            )


def _typed(form: FormOf, book: Book) -> dict[str, object]:
    """What stands in the input cells already."""
    raw = locate(form.layout, book)
    return {
        path: value.cell.value for path, value in raw.values.items() if not form.layout.inputs[path][1].fact
    }


def personal_in(book: Book, form: FormOf) -> dict[str, str]:
    """What differs from copy to copy, as it stands in this file."""
    start, plan = find_section(book, "start"), find_section(book, "pl")
    carried = identities(book).found
    values = {name: _value(plan, form, name) for name in ("school", "school_id", "district", "district_id")}
    school = School(
        district_id=values["district_id"],
        district=values["district"],
        school_id=values["school_id"],
        school=values["school"],
    )
    identity = carried[0][1]
    line = start.cells.get((3, 2)) if start else None
    unsigned = replace(identity, signed="").text(b"")
    return {
        "for": f"{school.school}, {school.district}"
        if school.school and school.school != school.district
        else school.district,
        **values,
        "code": identity.form_code,
        "identity": unsigned + identity.signed,
        "return_line": str(line.value) if line and line.value else "Please return it when it is complete.",
    }


def _value(sheet: Any, form: FormOf, name: str) -> str:
    item = form.layout.inputs[name][1]
    cell = sheet.cells.get((item.row, item.column)) if sheet else None
    return str(cell.value) if cell is not None and cell.value is not None else ""
