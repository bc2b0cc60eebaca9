"""What the seal of a return shows: a stranger's sheets, changed texts, lists and rules, facts of another school."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlplan.excel.seal import Carried, protection_findings
from xlplan.findings import Finding, finding
from xlplan.form.expressions import column_letters
from xlplan.form.identity import Identity
from xlplan.form.plan import HEADER
from xlplan.layout.book import Book, Cell, Sheet
from xlplan.layout.locate import RawPlan
from xlplan.layout.model import Layout
from xlplan.layout.seal import list_findings, merged_findings, rule_findings, text_findings
from xlplan.layout.start import person
from xlplan.layout.witnesses import EMPTY, fixed_of, shown
from xlplan.pipeline.forms import FormOf

_CODE = re.compile(r"· ?([A-Z0-9-]+-\d+ · (.+) · \d+)$")
_TOP = 4  # rows in which a form line is looked for


def stranger(layout: Layout, raw: RawPlan, identity: Identity) -> str | None:
    """The form code on a sheet that was made for another school, or None."""
    for plan in layout.sheets:
        sheet, line = raw.read.get(plan.key), fixed_of(plan).line
        if sheet is None or line is None:
            continue
        if shown(sheet.cells.get(line, EMPTY).value).endswith(identity.form_code):
            continue
        for text in _top_texts(sheet):
            found = _CODE.search(text)
            if found is not None and found[2] != identity.school:
                return found[1]
    return None


def _top_texts(sheet: Sheet) -> Iterator[str]:
    for (row, _), cell in sheet.cells.items():
        if row <= _TOP and isinstance(cell.value, str) and "·" in cell.value:
            yield shown(cell.value)


def seal_findings(
    form: FormOf, book: Book, raw: RawPlan, identity: Identity | None, carried: Carried
) -> list[Finding]:
    """Everything that the seal shows, against the form as issued; where that is not at hand, so much is said."""
    found = protection_findings(form.layout, book) + merged_findings(form.layout, raw)
    found += rule_findings(form.layout, book, raw) + identity_findings(raw, identity, carried)
    if identity is not None and identity.digest != form.digest:
        raw.labels.clear()
        raw.left_over[:] = [item for item in raw.left_over if item.code != "label-changed"]
        return [*found, finding("seal-unchecked")]
    found += text_findings(raw)
    if identity is None:  # the form facts may be others too, and with them the lists
        return found
    return found + list_findings(form.layout, book, raw) + fact_findings(form.layout, raw, identity)


def identity_findings(raw: RawPlan, identity: Identity | None, carried: Carried) -> list[Finding]:
    """Which of the two cells with the identity no longer hold it."""
    if identity is None:
        return [finding("identity-missing")]
    if carried.cells >= 2:
        return []
    places = {place for place, _ in carried.found}
    gone = [
        title
        for key, title in (("start", "Start"), ("meta", "the hidden sheet Meta"))
        if (sheet := raw.read.get(key)) is None or sheet.name not in places
    ]
    return [finding("identity-weak", gone=" and the one on ".join(gone))]


def fact_findings(layout: Layout, raw: RawPlan, identity: Identity) -> list[Finding]:
    """The school's own facts where they differ from the identity, or from one another."""
    start = _start_facts(layout, raw)
    plan = {name: raw.values[name] for name in HEADER if name in raw.values}
    found: list[Finding] = []
    for name in HEADER:
        held = plan.get(name)
        if name in raw.places and name not in raw.undecided:
            sheet, cell = raw.places[name]
            now = shown(held.cell.value) if held else ""
            was = _wanted(name, layout, identity, plan_school=bool("school_id" in plan)) or start.get(
                name, now
            )
            if not _same(held.cell if held else EMPTY, was):
                found.append(_changed(sheet, cell, was, now))
    for name in ("school_id", "district_id"):
        was = _wanted(name, layout, identity, plan_school="school_id" in plan)
        shows = start.get(name)
        if shows is not None and was and shows != was and "start" in raw.read:
            found.append(_changed(raw.read["start"].name, _start_cell(layout, name), was, shows))
    return found


def _wanted(name: str, layout: Layout, identity: Identity, *, plan_school: bool) -> str:
    """A header fact as identity and form say it; empty where they do not."""
    if name == "year":
        return layout.spec.facts.year
    key = "school_id" if plan_school else "district_id"
    return identity.school if name == key else ""


def _same(cell: Cell, was: str) -> bool:
    now = shown(cell.value)
    return now == was or (isinstance(cell.value, float) and now == was.lstrip("0"))


def _changed(sheet: str, cell: str, was: str, now: str) -> Finding:
    said = f"“{now}”" if now else "empty"
    return finding("label-changed", sheet=sheet, cell=cell, found=now, was=was, now=said)


def _start_facts(layout: Layout, raw: RawPlan) -> dict[str, str]:
    """School and district as Start shows them."""
    sheet = raw.read.get("start")
    if sheet is None:
        return {}
    wanted = {person(name): name for name in HEADER if name != "year"}
    return {
        wanted[str(put.value)]: shown(sheet.cells.get((put.row, put.column), EMPTY).value)
        for put in layout.sheet("start").puts
        if put.value in wanted
    }


def _start_cell(layout: Layout, name: str) -> str:
    put = next(put for put in layout.sheet("start").puts if put.value == person(name))
    return f"{column_letters(put.column)}{put.row}"
