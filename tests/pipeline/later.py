"""Copies of the rounds after the first: a sample plan as the round before left it, and what a person types into one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from xlplan.excel.plate import pour
from xlplan.form.markers import Meaning, Window
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.merge.carry import Former, carry
from xlplan.merge.carry_record import Carried
from xlplan.pipeline.carried import begun_cells
from xlplan.pipeline.check import check_file
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context, Result
from xlplan.samples import sample_plans

NEXT_YEAR = Window(date(2027, 9, 1), date(2028, 6, 30))
PREPARED = {"prepared_by": "A. Lee", "prepared_on": date(2027, 2, 1)}


@dataclass(frozen=True)
class Later:
    """A form of a later round, the record that its copy begins with, and these cells."""

    form: FormOf
    record: Carried
    cells: Mapping[str, object]

    def copy(self, typed: Mapping[str, object] | None = None) -> bytes:
        """The copy, with more typed into it."""
        who = personal(BLANK_SCHOOL, blank_identity(self.form), b"", "")
        return pour(plate_of(self.form, ""), who, {**self.cells, **(typed or {})})

    def check(self, content: bytes, *, known: bool = True) -> Result:
        """The outcome; `known`: by one who knows what the copy was issued with."""
        context = Context(begun=lambda *_: self.cells) if known else Context()
        return check_file(content, "plan.xlsx", context)

    def answers(self) -> dict[str, object]:
        """What a team answers that says of every other row that it is done, and learned and changes something."""
        typed: dict[str, object] = dict(PREPARED)
        rows = [path for path, (_, item) in self.form.layout.inputs.items() if item.name == "learned"]
        for number, path in enumerate(rows):
            row = path.removesuffix(".learned")
            if not any(known.startswith(f"{row}.") for known in self.cells):
                continue
            for known, (_, item) in self.form.layout.inputs.items():
                if item.group == row and item.field.meaning is Meaning.DONE:
                    typed[known] = number % 2 == 0
                if item.group == row and item.field.meaning is Meaning.STATUS:
                    typed[known] = "Met" if number % 2 == 0 else "In progress"
            typed[f"{row}.learned"] = f"=Lesson {number}"
            typed[f"{row}.changes"] = f"Another way\nin two lines {number}"
        return typed


@cache
def later(name: str, round_: str) -> Later:
    """The fullest sample plan of a template in a later round; every third activity was done."""
    form = form_of(name, FormFacts())
    plan = max(sample_plans(name), key=lambda one: len(json.dumps(one)))
    cells: dict[str, object] = {
        path: value for path, value in poured(form.layout, plan).items() if value is not None
    }
    done = [path for path in cells if form.layout.inputs[path][1].field.meaning is Meaning.DONE]
    cells |= {path: number % 3 == 0 for number, path in enumerate(done)}
    return carried(form, cells, round_)


def carried(form: FormOf, cells: Mapping[str, object], round_: str) -> Later:
    """What becomes of these answers in that round."""
    window = form.layout.spec.facts.window if round_ == STATUS_ROUND else NEXT_YEAR
    former = Former(
        campaign="autumn", title="Autumn", year="2026-27", sha256="0" * 64, received=date(2026, 11, 1),
        layout=form.layout, cells=cells,
    )  # fmt: skip
    record = carry(former, round_, window)
    facts = replace(form.layout.spec.facts, plan_from=window.first, plan_to=window.last, round=round_)
    made = form_of(form.layout.spec.name, facts)
    return Later(form=made, record=record, cells=begun_cells(made, record))


def with_gaps(name: str, paths: tuple[str, ...]) -> Later:
    """The same at the mid-year check, without what the former round had under these paths."""
    whole = later(name, STATUS_ROUND)
    form = form_of(name, FormFacts())
    cells = {
        path: value
        for path, value in whole.cells.items()
        if path in form.layout.inputs and not path.startswith(paths)
    }
    return carried(form, cells, STATUS_ROUND)


def edited(content: bytes, edits: Mapping[tuple[str, str], Any]) -> bytes:
    """The workbook with its protection off and these cells typed over, as a person does who wants to."""
    book = load_workbook(BytesIO(content))
    for sheet in book.worksheets:
        sheet.protection.sheet = False
    for (title, cell), value in edits.items():
        book[title][cell] = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()
