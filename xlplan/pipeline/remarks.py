"""A reader's remarks on a plan: as findings in a correction copy, and which of them a later return has not answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xlplan.campaign import Campaign
from xlplan.errors import UsageError
from xlplan.findings import Finding, finding
from xlplan.intake.group import in_sheet_order
from xlplan.layout.model import CellRef, Layout
from xlplan.layout.points import REMARK
from xlplan.ledger import RETURNED, Ledger, Remark, Review, StoredReturn
from xlplan.merge.diff import Change, changes
from xlplan.pipeline.forms import form_with
from xlplan.pipeline.opening import Context, Result
from xlplan.pipeline.versions import version_of_return


def with_remarks(result: Result, layout: Layout, remarks: Sequence[Remark]) -> Result:
    """A checked return whose correction copy says these remarks, too."""
    if result.returned is None or not remarks:
        return result
    found = [*result.returned.findings, *(_finding(layout, remark) for remark in remarks)]
    return replace(result, returned=replace(result.returned, findings=tuple(in_sheet_order(layout, found))))


def answered(remark: Remark, found: Sequence[Change]) -> bool:
    """Whether anything was changed where a remark stands; one on the whole plan is answered by any change."""
    path = remark.path
    return any(
        path is None or change.path == path or change.path.startswith((f"{path}.", f"{path}["))
        for change in found
    )


def cell_of(layout: Layout, remark: Remark) -> CellRef | None:
    """The cell of a remark; of a table whose rows have a sheet each, such as challenges, that of its first row."""
    path = remark.path
    return (layout.cell_of(path) or layout.cell_of(f"{path}[0]")) if path else None


def _finding(layout: Layout, remark: Remark) -> Finding:
    ref = cell_of(layout, remark)
    return finding(
        REMARK,
        path=remark.path,
        sheet=ref.sheet if ref else None,
        cell=ref.a1 if ref else None,
        text=remark.text,
    )


class OpenRemarks:
    """The remarks that plans were sent back with and that nobody has answered yet, for the copies that go out."""

    def __init__(self, campaign: Campaign, ledger: Ledger, context: Context) -> None:
        self.campaign, self.ledger, self.context = campaign, ledger, context
        self._reviews = ledger.reviews()

    def added(self, result: Result, until: str = "") -> Result:
        """A checked return with the remarks that it leaves open. `until`: only of reviews up to that moment."""
        checked = result.checked
        review = self._newest(checked.school_id, checked.template, until)
        if review is None or result.returned is None or result.facts is None or checked.part:
            return result
        layout = form_with(self.campaign.model(review.template), result.facts).layout
        found = self._since(review, result, layout)
        left = [remark for remark in review.remarks if found is None or not answered(remark, found)]
        return with_remarks(result, layout, left)

    def _newest(self, school_key: str | None, template: str | None, until: str) -> Review | None:
        """The plan's newest review, if it asks for changes."""
        mine = [
            item
            for item in self._reviews
            if (item.school_key, item.template) == (school_key, template) and (not until or item.at <= until)
        ]
        return mine[-1] if mine and mine[-1].decision == RETURNED else None

    def _since(self, review: Review, result: Result, layout: Layout) -> list[Change] | None:
        """What a return has changed since a review; None where that cannot be told."""
        returns = self.ledger.returns(school_key=review.school_key, template=review.template)
        was = next((item for item in returns if item.id == review.return_id), None)
        if was is None:
            return None
        try:
            before = version_of_return(self.ledger, was, self.context)
        except UsageError:
            return None
        return changes(layout, before.cells, result.cells, before.form.layout)


def review_behind(ledger: Ledger, stored: StoredReturn, number: int) -> Review | None:
    """The review that the number-th (from 0) copy with remarks on a return was written for."""
    ids = {item.id for item in ledger.returns_like(stored.sha256) if item.school_key == stored.school_key}
    found = [
        item
        for item in ledger.reviews(stored.school_key, stored.template)
        if item.return_id in ids and item.decision == RETURNED
    ]
    return found[number] if number < len(found) else None
