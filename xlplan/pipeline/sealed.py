"""What the seal of a return shows: a stranger's sheets, changed texts, lists and rules, facts of another school."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from xlplan.excel.seal import Carried, protection_findings
from xlplan.findings import Finding, finding, quoted
from xlplan.form.expressions import column_letters
from xlplan.form.identity import Identity
from xlplan.form.plan import HEADER
from xlplan.layout.book import Book, Cell, Sheet
from xlplan.layout.issued import as_issued, likest, sealed_of
from xlplan.layout.leftover import LeftOver
from xlplan.layout.model import Layout
from xlplan.layout.raw import RawPlan, count_of, in_words
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


@lru_cache(maxsize=64)
def seal_of(form: FormOf) -> bytes:
    """What is locked in a form's copies, as the ledger keeps it."""
    return sealed_of(form.layout)


def issued_layout(
    form: FormOf,
    book: Book,
    identity: Identity | None,
    seals: Mapping[str, tuple[bytes, ...]],
    facts: Mapping[str, Mapping[str, Any]],
) -> Layout | None:
    """The layout that a copy was issued with, or None where that is not at hand.

    `seals`, `facts`: what the ledger knows of each form, by its digest. Of a form issued in several wordings the one
    that the copy shows; and so of all forms with the same facts where the copy no longer says which is its own.
    """
    if identity is not None:
        layouts = [_layout(form, seal) for seal in reversed(seals.get(identity.digest, ()))]
        if not layouts:
            return form.layout if identity.digest == form.digest else None
    else:
        own = json.loads(json.dumps(form.layout.spec.facts.as_json()))
        alike = [digest for digest, known in facts.items() if known == own]
        known_seals = [seal for digest in alike for seal in seals.get(digest, ())]
        layouts = [form.layout, *(_layout(form, seal) for seal in known_seals)]
    return likest(layouts, book) if len(layouts) > 1 else layouts[0]


@lru_cache(maxsize=64)
def _layout(form: FormOf, seal: bytes) -> Layout:
    return form.layout if seal == seal_of(form) else as_issued(form.layout, seal)


def seal_findings(
    issued: Layout | None,
    layout: Layout,
    book: Book,
    raw: RawPlan,
    identity: Identity | None,
    carried: Carried,
) -> list[Finding]:
    """Everything that the seal shows, against the form as issued; where that is not at hand, so much is said.

    `layout`: by which the copy was read.
    """
    found = protection_findings(layout, book) + merged_findings(layout, raw)
    found += rule_findings(layout, book, raw) + identity_findings(raw, identity, carried)
    if issued is None:
        return found + _unchecked(raw)
    found += text_findings(raw)
    if identity is None:  # the form facts may be others too, and with them the lists
        return found
    return found + list_findings(issued, book, raw) + fact_findings(issued, raw, identity)


def _unchecked(raw: RawPlan) -> list[Finding]:
    """Nobody can tell another wording from what was typed over a text; so texts are named, all else is a stray."""
    raw.labels.clear()
    texts: dict[str, list[LeftOver]] = defaultdict(list)
    found = [finding("seal-unchecked")]
    for at, item in enumerate(raw.left_over):
        if item.code != "label-changed":
            continue
        if isinstance(item.value, str):
            texts[item.sheet].append(item)
        else:  # no form has a number, a day or a tick for a text
            raw.left_over[at] = replace(item, code="stray")
            todo = "Move it into the white box it belongs to, or delete it."
            found.append(
                finding("stray", sheet=item.sheet, cell=item.cell, found=in_words(item.value), todo=todo)
            )
    for sheet, (first, *others) in texts.items():
        rest = f", and other texts in {count_of([item.cell for item in others])}" if others else ""
        more = f" {first.cell} holds {quoted(in_words(first.value))}{rest}, unlike the form of today."
        found.append(
            finding("seal-unchecked", sheet=sheet, cell=first.cell, found=in_words(first.value), more=more)
        )
    return found


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
    of_school = "school_id" in plan or bool(start.get("school_id"))
    found: list[Finding] = []
    for name in HEADER:
        held = plan.get(name)
        if name in raw.places and name not in raw.undecided:
            sheet, cell = raw.places[name]
            now = shown(held.cell.value) if held else ""
            was = _wanted(name, layout, identity, plan_school=of_school) or start.get(name, now)
            if not _same(held.cell if held else EMPTY, was):
                found.append(_changed(sheet, cell, was, now))
    for name in ("school_id", "district_id"):
        was = _wanted(name, layout, identity, plan_school=of_school)
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
