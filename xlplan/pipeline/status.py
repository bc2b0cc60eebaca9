"""Who was sent what, who returned, in what state; what needs work comes first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.findings import Finding
from xlplan.form.spec import FormFacts
from xlplan.ledger import Ledger, StoredReturn
from xlplan.merge.progress import Progress, progress_of
from xlplan.pipeline.carried import CarriedPlans
from xlplan.pipeline.check import waivable
from xlplan.pipeline.forms import form_with
from xlplan.pipeline.parts import PartState, PartStates, nothing_filled, split_state
from xlplan.pipeline.split import PARTS
from xlplan.pipeline.standing import excluded
from xlplan.pipeline.standing import newest as newest_of
from xlplan.pipeline.words import RemarkState, Words
from xlplan.templates import older

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

    `parts`: of a split plan, what came of each. `notes`: what a person decided, and what a later return has reopened, a
    sentence each; `remarks`: those of the newest review that asks for changes.

    `shown`: the findings of the one that the state is of (the one that counts, else the newest, or what came after a
    review), waived as the settings say on the day; `findings` counts those that are not waived, by severity; `about`:
    that return, where the state is of one. `progress`: in rounds after the first, what became of the plan's activities
    since, by the return that counts.
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
    parts: tuple[PartState, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: tuple[RemarkState, ...] = ()
    about: StoredReturn | None = None
    round: str = ""
    progress: Progress | None = None

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
            "notes": list(self.notes),
            "remarks": [item.as_json() for item in self.remarks],
            **({"parts": [part.as_json() for part in self.parts]} if self.parts else {}),
            **({"progress": self.progress.counts() if self.progress else None} if self.round else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The campaign at a day: every school's state, and the files that belong to no school yet."""

    schools: tuple[SchoolState, ...]
    unplaced: tuple[str, ...]

    def of(self, school: School, template: str) -> SchoolState:
        """The state of a school's plan of that template. Raises KeyError."""
        for item in self.schools:
            if (item.school.key, item.template) == (school.key, template):
                return item
        raise KeyError(school.key)

    def as_json(self) -> dict[str, Any]:
        return {
            "schema": 1,
            "schools": [item.as_json() for item in self.schools],
            "unplaced": list(self.unplaced),
        }


def status(campaign: Campaign, ledger: Ledger, as_of: date) -> Status:
    """The status by what needs work first, then by district and school.

    The returns in it have no `plan`, but for rounds after the first, whose progress is told from it.
    """
    plans = bool(campaign.settings.round)
    latest = ledger.latest_copies()
    returned: dict[tuple[str, str], list[StoredReturn]] = defaultdict(list)
    of_parts: list[StoredReturn] = []
    counting: dict[tuple[str, str], StoredReturn] = {}
    counts = ledger.counting_numbers(campaign.settings.counts, campaign.settings.counting)
    every = ledger.returns(plans=plans)
    for item in every:
        if item.part:
            of_parts.append(item)
        elif item.school_key and item.template and item.outcome != "refused":
            returned[item.school_key, item.template].append(item)
            if item.id in counts:
                counting[item.school_key, item.template] = item
    parts = PartStates(campaign, ledger, of_parts, counts)
    words, carried = Words(campaign, ledger, every), CarriedPlans(campaign, ledger)
    schools = [
        _state(
            campaign,
            school,
            latest.get(key),
            returned.get(key, []),
            counting.get(key),
            parts.of(school),
            as_of,
            words,
            carried,
        )
        for school in campaign.roster.schools
        for key in [(school.key, campaign.template_of(school))]
    ]
    schools.sort(
        key=lambda item: (STATES.index(item.state), item.school.district, item.school.name, item.school.key)
    )
    return Status(schools=tuple(schools), unplaced=tuple(item.file for item in ledger.unplaced()))


def _progress(campaign: Campaign, template: str, counted: StoredReturn | None) -> Progress | None:
    """What became of a plan's activities, by the return that counts."""
    if not campaign.settings.round or counted is None or counted.plan is None:
        return None
    model = campaign.model(template)
    return progress_of(
        form_with(older(model, counted.version or 0) or model, FormFacts()).layout.spec, counted.plan
    )


def _older(campaign: Campaign, shown: StoredReturn | None, copy: Any) -> Iterator[str]:
    """What is to be done with a return that was recorded before its template changed."""
    if shown is None or shown.template is None or shown.version is None:
        return
    newest = campaign.model(shown.template).form.version
    if shown.version < newest and (copy is None or copy.inputs_hash != shown.sha256):
        made = f"xlplan migrate {shown.file} makes the copy of version {newest}"
        yield f"It came on version {shown.version} of the form: {made}."


def _state(
    campaign: Campaign,
    school: School,
    copy: Any,
    items: list[StoredReturn],
    counted: StoredReturn | None,
    parts: tuple[PartState, ...],
    as_of: date,
    words: Words,
    carried: CarriedPlans,
) -> SchoolState:
    plan = (school.key, campaign.template_of(school))
    held = words.of(plan, items, counted)
    newest = newest_of(item for item in items if not excluded(item, words.marks))
    about = None if held.about is None or held.about.erased else held.about
    shown = about or counted or newest
    state = "not-issued" if copy is None else "issued"
    if shown is not None:
        state = shown.outcome
    if parts:
        state = split_state(state, newest, parts)
    state = held.state or state
    told = (shown,) if shown else tuple(part.shown for part in parts if part.shown)
    came = sum(item.kind != PARTS for item in items)  # what we put together ourselves was not returned
    due = campaign.settings.due(school.key)
    in_time = (item for item in items if item.outcome == "accepted" and not excluded(item, words.marks))
    on_time = min((item.received for item in in_time), default=as_of)
    late = due is not None and on_time > due
    findings = tuple(
        item if item.waived is waived else replace(item, waived=waived)
        for one in told
        for item in one.findings
        for waived in [waivable(item) and campaign.settings.waived(item.code, school.key, as_of)]
    )
    counts = Counter(str(item.severity) for item in findings if not item.waived)
    done: tuple[Mapping[str, Any], ...]
    if shown is not None:
        done = tuple(shown.completeness or ())
    elif parts:
        done = tuple(line for part in parts for line in part.completeness)
    else:
        done = nothing_filled(carried.form(school))
    return SchoolState(
        school=school, template=campaign.template_of(school), state=state, late=late,
        issued=copy.issue if copy else None, returns=came + sum(part.returns for part in parts),
        findings=dict(counts), waived=sum(item.waived for item in findings), completeness=done,
        latest=newest or max(told, key=lambda item: (item.received, item.id), default=None), counted=counted,
        shown=findings, parts=parts, notes=(*held.notes, *_older(campaign, shown, copy)), remarks=held.remarks,
        about=shown, round=campaign.settings.round, progress=_progress(campaign, plan[1], counted),
    )  # fmt: skip
