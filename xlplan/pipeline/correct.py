"""Correction copies: what came back, in a fresh copy of the school's workbook with everything that was found in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath

from xlplan.campaign import Campaign, School
from xlplan.campaign.files import replacing, write_safely
from xlplan.campaign.names import correction_path
from xlplan.excel.correct import corrected
from xlplan.excel.plate import Plate
from xlplan.layout.correction import correction
from xlplan.layout.points import Returned
from xlplan.layout.tofix import correction_layout
from xlplan.ledger import CopyRecord, IssuedCopy
from xlplan.pipeline.forms import FormOf, form_with, identity_for, personal
from xlplan.pipeline.generate import day_line, next_issue
from xlplan.pipeline.opening import Result
from xlplan.pipeline.window_today import facts_today, told_today

CORRECTION = (
    "correction"  # the kind of such copies in the ledger, where their inputs hash is the return's SHA-256
)
REVIEW = "review"  # the kind of those that a review sends out, with the same inputs hash
Remarks = Callable[[Result, str], Result]


@lru_cache(maxsize=16)
def correction_plate(form: FormOf, password: str, left_over: bool, *, plain: bool = False) -> Plate:
    """The plate of a form's correction copies, with or without the sheet Left over, compiled once."""
    from xlplan.excel.compile import compile_plate  # with openpyxl, which only a new form has use for

    return compile_plate(correction_layout(form.layout, left_over=left_over), password, plain=plain)


def correction_copy(
    campaign: Campaign,
    school: School,
    form: FormOf,
    issue: int,
    returned: Returned,
    *,
    received: date,
    due: str,
) -> bytes:
    """The copy as bytes: same inputs, same bytes."""
    settings = campaign.settings
    plate = correction_plate(form, settings.password, bool(returned.left_over), plain=settings.is_plain)
    language = form.layout.spec.facts.language
    facts = personal(school, identity_for(campaign, school, form, issue), campaign.key, due, language)
    return corrected(plate, facts, returned.cells, correction(form.layout, returned, received, due))


class Corrections:
    """Makes the correction copies of one collect. `received`: the day that To fix names.

    `remarks`: a return with what a reader of the plan asked for and it leaves open, up to a moment if one is given.
    """

    def __init__(self, campaign: Campaign, *, received: date, remarks: Remarks | None = None) -> None:
        self.campaign, self.received, self._remarks = campaign, received, remarks
        self._last: dict[tuple[str, str], int] = {}

    def make(
        self,
        result: Result,
        issued: Mapping[tuple[str, str], Sequence[CopyRecord]],
        files: ExitStack,
        kind: str = CORRECTION,
    ) -> tuple[CopyRecord, FormOf]:
        """The copy that answers a return, numbered after those issued: its record and form.

        It is written beside its place, which it takes when `files` are closed.
        """
        result = self._remarks(result, "") if self._remarks else result
        school, form = self._of(result)
        issue, file = self.next_file(result, issued)
        content = self._content(result, issue, self.received)
        files.enter_context(replacing(self.campaign.root / file)).write_bytes(content)
        record = CopyRecord(
            school_key=school.key, template=form.model.form.name, version=form.model.form.version, issue=issue,
            file=str(file), sha256=hashlib.sha256(content).hexdigest(), digest=form.digest,
            inputs_hash=result.sha256, kind=kind, part=form.layout.spec.facts.part,
        )  # fmt: skip
        return record, form

    def next_file(
        self, result: Result, issued: Mapping[tuple[str, str], Sequence[CopyRecord]]
    ) -> tuple[int, PurePosixPath]:
        """The issue number of the copy that answers a return, and its place in the campaign's folder."""
        school, form = self._of(result)
        key = (school.key, form.model.form.name)
        issue = max(next_issue(issued.get(key, ())), self._last.get(key, 0) + 1)
        self._last[key] = issue
        part = form.layout.spec.part
        return issue, correction_path(self.campaign.copy_path(school, part.slug if part else ""), issue)

    def write_again(self, copy: IssuedCopy, result: Result, received: date) -> FormOf | None:
        """Write a copy that was recorded and is gone, and give its form; `result`: of its return, checked anew.

        None where there is nothing to write any more.
        """
        if self._remarks and copy.kind == CORRECTION:
            result = self._remarks(result, copy.issued_at)
        if result.returned is None:
            return None
        write_safely(self.campaign.root / copy.file, self._content(result, copy.issue, received))
        return self._of(result)[1]

    def _of(self, result: Result) -> tuple[School, FormOf]:
        """The roster's line for a return, and the form that it was made from."""
        checked, campaign = result.checked, self.campaign
        assert checked.school_id is not None and checked.template is not None and result.facts is not None
        lines = campaign.plans_of(checked.school_id)
        school = next((line for line in lines if campaign.template_of(line) == checked.template), lines[0])
        return school, form_with(campaign.model(checked.template), facts_today(campaign, result.facts))

    def _content(self, result: Result, issue: int, received: date) -> bytes:
        school, form = self._of(result)
        assert result.returned is not None
        returned = told_today(form.layout, result.returned, accepted=result.checked.outcome == "accepted")
        due = day_line(self.campaign.settings.due(school.key), form.layout.spec.facts.language)
        return correction_copy(self.campaign, school, form, issue, returned, received=received, due=due)
