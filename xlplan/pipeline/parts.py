"""The parts of split plans as a status tells of them: which are in, which are missing, which need corrections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.findings import Severity
from xlplan.form.parts import Part
from xlplan.intake.completeness import completeness
from xlplan.ledger import IssuedCopy, Ledger, StoredReturn
from xlplan.pipeline.carried import CarriedPlans
from xlplan.pipeline.forms import FormOf
from xlplan.pipeline.split import PARTS, Plan, parts_in
from xlplan.pipeline.standing import excluded
from xlplan.pipeline.standing import newest as newest_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PartState:
    """One part of a school's plan. `state`: not-issued, issued, rejected or accepted; `shown`: the return it is of.

    A part of which a return came that does not count, since somebody said so, is as one that did not come.
    """

    part: Part
    state: str
    issued: int | None
    returns: int
    shown: StoredReturn | None
    completeness: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        """Its entry among the parts of a school in the status document."""
        return {
            "part": self.part.key,
            "title": self.part.title,
            "state": self.state,
            "issued": self.issued,
            "returns": self.returns,
        }


class PartStates:
    """Every part that was returned, and which of its returns counts.

    `returns`: those of parts; `counts`: the numbers of the returns that count.
    """

    def __init__(
        self, campaign: Campaign, ledger: Ledger, returns: Iterable[StoredReturn], counts: Collection[int]
    ) -> None:
        self.campaign = campaign
        self._returned: dict[tuple[str, str], list[StoredReturn]] = defaultdict(list)
        for item in returns:
            self._returned[item.school_key or "", item.template or ""].append(item)
        self._carried = CarriedPlans(campaign, ledger)
        settings = campaign.settings
        split = settings.split or settings.split_schools
        self._marks = ledger.marks() if self._returned else {}
        self._counting = {
            (item.school_key, item.template, item.part): item
            for items in self._returned.values()
            for item in items
            if item.id in counts
        }
        self._copies: dict[Plan, list[IssuedCopy]] = defaultdict(list)
        for copy in ledger.copies() if split or self._returned else ():
            self._copies[copy.school_key, copy.template].append(copy)

    def of(self, school: School) -> tuple[PartState, ...]:
        """The parts of a school's plan, in printed order; none where it is not split."""
        plan = (school.key, self.campaign.template_of(school))
        if not (self.campaign.settings.is_split(school.key) or plan in self._returned):
            return ()
        return tuple(self._one(school, plan, part) for part in parts_in(self.campaign, school))

    def _one(self, school: School, plan: Plan, part: Part) -> PartState:
        issues = [copy.issue for copy in self._copies.get(plan, ()) if copy.part == part.key]
        items = [item for item in self._returned.get(plan, ()) if item.part == part.key]
        newest = newest_of(item for item in items if not excluded(item, self._marks))
        counting = self._counting.get((*plan, part.key))
        shown = counting or newest
        state = "issued" if issues else "not-issued"
        if counting is not None:
            state = counting.outcome
        elif newest is not None and newest.outcome == "rejected":
            state = newest.outcome
        form = self._carried.form(school, part.key)
        done = shown.completeness or () if shown else nothing_filled(form)
        return PartState(
            part=part, state=state, issued=max(issues, default=None), returns=len(items), shown=shown,
            completeness=tuple(done),
        )  # fmt: skip


def split_state(whole: str, newest: StoredReturn | None, parts: Sequence[PartState]) -> str:
    """The state of a split plan. `whole`: what it would be by its whole plans alone, `newest`: the newest of these."""
    if newest is None:
        return "rejected" if any(item.state == "rejected" for item in parts) else whole
    if newest.kind != PARTS:
        return whole
    if newest.outcome == "accepted":
        return next((item.state for item in parts if item.returns and item.state != "accepted"), whole)
    wrong = any(
        item.severity is Severity.ERROR and not item.waived and item.code != "part-missing"
        for item in newest.findings
    )
    return "rejected" if wrong else "issued"


@lru_cache(maxsize=32)
def nothing_filled(form: FormOf) -> tuple[dict[str, Any], ...]:
    """The completeness of a copy in which nothing is filled in."""
    return completeness(form.layout, {})
