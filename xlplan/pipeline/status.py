"""Who was sent what, who returned, in what state; what needs work comes first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.findings import Finding
from xlplan.ledger import Ledger, StoredReturn
from xlplan.pipeline.check import completeness, waivable
from xlplan.pipeline.forms import FormOf, form_for

STATES = (
    "rejected",
    "not-issued",
    "waiting",
    "in-review",
    "issued",
    "accepted",
    "approved",
)  # what needs work first


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolState:
    """One school's plan in the campaign. `latest`: its newest return, `counted`: the one that counts, if any.

    `shown`: the findings of the one that counts, else of the newest, waived as the settings say on the day; `findings`
    counts those that are not waived, by severity.
    """

    school: School
    template: str
    state: str
    late: bool
    issued: int | None
    returns: int
    findings: Mapping[str, int]
    waived: int
    completeness: tuple[Mapping[str, Any], ...]
    latest: StoredReturn | None
    counted: StoredReturn | None
    shown: tuple[Finding, ...]

    def as_json(self) -> dict[str, Any]:
        """The entry of CONTRACT's status document."""
        return {
            "school_id": self.school.school_id or self.school.key,
            "school": self.school.name,
            "district_id": self.school.district_id,
            "district": self.school.district,
            "template": self.template,
            "state": self.state,
            "late": self.late,
            "issued": self.issued,
            "returns": self.returns,
            "findings": dict(self.findings),
            "waived": self.waived,
            "completeness": [dict(line) for line in self.completeness],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The campaign at a day: every school's state, and the files that belong to no school yet."""

    schools: tuple[SchoolState, ...]
    unplaced: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "schools": [item.as_json() for item in self.schools],
            "unplaced": list(self.unplaced),
        }


def status(campaign: Campaign, ledger: Ledger, as_of: date) -> Status:
    """The status by what needs work first, then by district and school."""
    latest = ledger.latest_copies()
    returned: dict[tuple[str, str], list[StoredReturn]] = defaultdict(list)
    for item in ledger.returns():
        if item.school_key and item.template and item.outcome != "refused":
            returned[item.school_key, item.template].append(item)
    settings = campaign.settings
    counting = {
        (item.school_key, item.template): item
        for item in ledger.counting_returns(settings.counts, settings.counting)
    }
    schools = [
        _state(campaign, school, latest.get(key), returned.get(key, []), counting.get(key), as_of)
        for school in campaign.roster.schools
        for key in [(school.key, campaign.template_of(school))]
    ]
    schools.sort(
        key=lambda item: (STATES.index(item.state), item.school.district, item.school.name, item.school.key)
    )
    return Status(schools=tuple(schools), unplaced=tuple(item.file for item in ledger.unplaced()))


def _state(
    campaign: Campaign,
    school: School,
    copy: Any,
    items: list[StoredReturn],
    counted: StoredReturn | None,
    as_of: date,
) -> SchoolState:
    newest = max(items, key=lambda item: (item.received, item.id), default=None)
    accepted = next((item for item in items if item.outcome == "accepted"), None)
    state = "not-issued" if copy is None else "issued"
    if newest is not None:
        state = "accepted" if accepted is not None else "rejected"
    shown = counted or newest
    due = campaign.settings.due(school.key)
    on_time = min((item.received for item in items if item.outcome == "accepted"), default=as_of)
    late = due is not None and on_time > due
    findings = tuple(
        replace(item, waived=waivable(item) and campaign.settings.waived(item.code, school.key, as_of))
        for item in (shown.findings if shown else ())
    )
    counts = Counter(str(item.severity) for item in findings if not item.waived)
    done = tuple(shown.completeness or ()) if shown else _nothing_filled(form_for(campaign, school))
    return SchoolState(
        school=school, template=campaign.template_of(school), state=state, late=late,
        issued=copy.issue if copy else None, returns=len(items), findings=dict(counts),
        waived=sum(item.waived for item in findings), completeness=done, latest=newest, counted=counted,
        shown=findings,
    )  # fmt: skip


@lru_cache(maxsize=16)
def _nothing_filled(form: FormOf) -> tuple[dict[str, Any], ...]:
    """The completeness of a copy in which nothing is filled in."""
    return completeness(form.layout, {})
