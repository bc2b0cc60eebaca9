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
from xlplan.excel.read import read_workbook
from xlplan.excel.seal import identities
from xlplan.findings import Checked
from xlplan.intake.pour import poured
from xlplan.layout.book import Book
from xlplan.layout.locate import find_section, locate
from xlplan.pipeline.check import Context, check_file
from xlplan.pipeline.forms import FormOf
from xlplan.pipeline.generate import plate_of


def fill_file(workbook: Path, plan: Path, out: Path | None) -> Checked:
    """The filled copy of a workbook, written to `out`, and what checking it says. Raises UsageError, writing nothing."""
    try:
        data = json.loads(plan.read_text(encoding="utf-8-sig"))
    except (ValueError, OSError) as error:
        raise UsageError(f"{plan} cannot be read as JSON: {error}") from None
    if not workbook.exists():
        raise UsageError(f"There is no file {workbook}.")
    content = read_bytes(workbook)
    filled, refused = fill_bytes(content, data, workbook.as_posix())
    if refused is not None:
        return refused
    if out is not None:
        write_safely(out, filled)
    return check_file(filled, (out or workbook).as_posix(), Context()).checked


def fill_bytes(content: bytes, plan: Mapping[str, Any], name: str) -> tuple[bytes, Checked | None]:
    """The filled copy as bytes, or the refusal of a file that is not readable or whose seal is broken."""
    result = check_file(content, name, Context())
    if result.checked.outcome == "refused" or result.form is None:
        return b"", result.checked
    broken = [
        item for item in result.checked.findings if item.code in ("identity-missing", "protection-gone")
    ]
    if result.identity is None or broken:
        return b"", replace(result.checked, outcome="refused", plan=None, findings=tuple(broken))
    book = read_workbook(content, name)
    assert isinstance(book, Book)
    cells = poured(result.form.layout, plan)
    before = {path: value for path, value in _typed(result.form, book).items() if path not in cells}
    filled = pour(plate_of(result.form, ""), _personal(book, result.form), before | cells)
    return filled, None


def _typed(form: FormOf, book: Book) -> dict[str, object]:
    """What stands in the input cells already."""
    raw = locate(form.layout, book)
    return {
        path: value.cell.value for path, value in raw.values.items() if not form.layout.inputs[path][1].locked
    }


def _personal(book: Book, form: FormOf) -> dict[str, str]:
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
