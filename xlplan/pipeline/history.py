"""Everything that went out to a school and came back, what changed from one to the next, and what counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.campaign.former import closed_schools, former_schools, merged_schools
from xlplan.errors import UsageError
from xlplan.ledger import REFUSED, Entry, IssuedCopy, Ledger, Mark, Review, StoredReturn
from xlplan.merge.diff import Change, counts
from xlplan.pipeline.differences import typed_into
from xlplan.pipeline.split import parts_in
from xlplan.pipeline.standing import Plans, newest, numbers, unchanged, why
from xlplan.pipeline.status import SchoolState, status
from xlplan.pipeline.versions import FRESH, base_of, copy_of

ONLY_PARTS = "Nothing counts as a whole plan yet: only parts of it have come back."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A copy that was issued; `answers`: the number of the return that it answers or holds, if any."""

    copy: IssuedCopy
    answers: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """A return with its number. `since_former`, `since_base`: what changed, None where that cannot be told.

    `former`: the number of the return before it; `same_as`: of an earlier one that says the same; `made_from`: of
    those that it was merged or put together from.
    """

    number: int
    stored: StoredReturn
    counts: bool
    former: int | None
    same_as: int | None
    made_from: tuple[int, ...]
    since_former: tuple[Change, ...] | None
    since_base: tuple[Change, ...] | None
    marks: tuple[Mark, ...]
    reviews: tuple[Review, ...]

    @property
    def findings(self) -> dict[str, int]:
        """How many findings of each severity it earned, without the waived ones."""
        return dict(Counter(str(item.severity) for item in self.stored.findings if not item.waived))

    def as_json(self) -> dict[str, Any]:
        """The return's entry in the history document."""
        item = self.stored
        return {
            "number": self.number,
            "file": item.file,
            "sha256": item.sha256,
            "kind": item.kind,
            "made_from": list(self.made_from),
            "part": item.part,
            "received": item.received.isoformat(),
            "recorded_at": item.recorded_at,
            "outcome": item.outcome,
            "findings": self.findings,
            "issue": item.issue,
            "saved_by": item.saved_by,
            "saved_at": item.saved_at,
            "counts": self.counts,
            "erased": item.erased,
            "same_as": self.same_as,
            "former": self.former,
            "since_former": None if self.since_former is None else counts(self.since_former),
            "since_base": None if self.since_base is None else counts(self.since_base),
            "marks": [
                {"counts": mark.counts, "reason": mark.reason, "by": mark.by, "at": mark.at}
                for mark in self.marks
            ],
            "reviews": [review_json(review) for review in self.reviews],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A school's plan of one template from its first copy on. `why`: what counts now, in a sentence.

    `state`: None for a school that is no longer on the roster; `closed`: since when. `parts`: key → title of the parts
    into which it can be split. `absorbed`: the keys of schools that became part of this one.
    """

    school: School
    template: str
    state: SchoolState | None
    closed: date | None
    copies: tuple[Sent, ...]
    returns: tuple[Came, ...]
    why: str
    parts: Mapping[str, str]
    absorbed: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The plan's entry in the history document."""
        return {
            "school_id": self.school.key,
            "school": self.school.name,
            "template": self.template,
            "state": self.state.state if self.state else None,
            "closed": self.closed.isoformat() if self.closed else None,
            "counts": next(
                (item.number for item in self.returns if item.counts and not item.stored.part), None
            ),
            "why": self.why,
            "notes": list(self.state.notes) if self.state else [],
            "absorbed": list(self.absorbed),
            "copies": [_copy(item) for item in self.copies],
            "returns": [item.as_json() for item in self.returns],
        }


def review_json(review: Review) -> dict[str, Any]:
    """A review as JSON."""
    return {
        "decision": review.decision,
        "by": review.by,
        "at": review.at,
        "remarks": [{"path": remark.path, "remark": remark.text} for remark in review.remarks],
    }


def _copy(sent: Sent) -> dict[str, Any]:
    copy = sent.copy
    return {
        "issue": copy.issue,
        "kind": copy.kind,
        "part": copy.part or None,
        "file": copy.file,
        "sha256": copy.sha256,
        "issued_at": copy.issued_at,
        "answers": sent.answers,
    }


def history(
    campaign: Campaign, ledger: Ledger, key: str, as_of: date, template: str | None = None
) -> list[History]:
    """The history of each of a school's plans. Raises UsageError if there is no such school or plan."""
    every, closed = _lines_of(campaign, ledger, key)
    lines = [line for line in every if template in (None, campaign.template_of(line))]
    if not lines:
        known = ", ".join(map(campaign.template_of, every))
        raise UsageError(f"{key}: this school has no plan of {template}; it has {known}.")
    plans = Plans(campaign, ledger)
    if closed is not None:
        return [_history(campaign, ledger, line, plans, None, closed) for line in lines]
    states = status(campaign, ledger, as_of)
    return [
        _history(campaign, ledger, line, plans, states.of(line, campaign.template_of(line)), None)
        for line in lines
    ]


def _lines_of(campaign: Campaign, ledger: Ledger, key: str) -> tuple[Sequence[School], date | None]:
    """The roster's lines of a school; of one that has left it the line that it had, for each plan, and since when."""
    left = closed_schools(former_schools(campaign.root), campaign.roster).get(key)
    if left is None:
        return campaign.plans_of(key), None
    names = dict.fromkeys(copy.template for copy in ledger.copies(key))
    return [replace(left.school, template=name) for name in names] or [left.school], left.until


def _history(
    campaign: Campaign,
    ledger: Ledger,
    school: School,
    plans: Plans,
    state: SchoolState | None,
    closed: date | None,
) -> History:
    settings, name = campaign.settings, campaign.template_of(school)
    returns = ledger.returns(school_key=school.key)
    number = numbers(returns)
    mine = [item for item in returns if item.template in (name, None)]
    whole = [item for item in mine if item.outcome != REFUSED and not item.part]
    in_parts = any(item.part for item in mine)
    marks = ledger.marks(school.key, name)
    reviews = ledger.reviews(school.key, name)
    counting = ledger.counting_numbers(settings.counts, settings.counting)
    counted = next((item for item in whole if item.template == name and item.id in counting), None)
    by_hash = {item.sha256: number[item.id] for item in returns}
    copies = tuple(
        Sent(copy=copy, answers=None if copy.kind == FRESH else by_hash.get(copy.inputs_hash))
        for copy in ledger.copies(school.key, name)
    )
    came = []
    for at, item in enumerate(mine):
        before = [one for one in mine[:at] if one.outcome != REFUSED and one.part == item.part]
        same = next((one for one in before if unchanged(one, item)), None)
        former = before[-1] if before and item.outcome != REFUSED else None
        came.append(
            Came(
                number=number[item.id], stored=item, counts=item.id in counting,
                former=number[former.id] if former else None,
                same_as=number[same.id] if same and item.outcome != REFUSED else None,
                made_from=tuple(number[parent] for parent in item.parents if parent in number),
                since_former=plans.changed(former, item) if former else None,
                since_base=_since_base(item, plans, ledger),
                marks=tuple(marks.get(item.id, ())),
                reviews=tuple(review for review in reviews if review.return_id == item.id),
            )
        )  # fmt: skip
    left = closed_schools(former_schools(campaign.root), campaign.roster)
    return History(
        school=school, template=name, state=state, closed=closed, copies=copies, returns=tuple(came),
        absorbed=merged_schools(left).get(school.key, ()),
        why=why(counted, whole, marks, settings, number) if whole or not in_parts else ONLY_PARTS,
        parts={part.key: part.title for part in parts_in(campaign, school)},
    )  # fmt: skip


def _since_base(item: StoredReturn, plans: Plans, ledger: Ledger) -> tuple[Change, ...] | None:
    """What was typed into the copy that a return was made from."""
    version = plans.read(item) if item.outcome != REFUSED else None
    copy = copy_of(version, ledger) if version else None
    if version is None or copy is None:
        return None
    try:
        base = base_of(version, ledger, plans.context)
    except UsageError:
        return None  # its base was erased
    return typed_into(version, base) if base is not None or copy.kind == FRESH else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a school handed in a file. `size`: in bytes, None where these were erased."""

    school: School
    template: str
    item: Came
    size: int | None
    entry: Entry | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """The receipt document."""
        return {
            "school_id": self.school.key,
            "school": self.school.name,
            "template": self.template,
            "size": self.size,
            "entry": {"number": self.entry.seq, "at": self.entry.at, "hash": self.entry.hash}
            if self.entry
            else None,
            "return": self.item.as_json(),
            "why": self.why,
        }


def receipt(
    campaign: Campaign,
    ledger: Ledger,
    key: str,
    as_of: date,
    *,
    number: int | None = None,
    template: str | None = None,
) -> Receipt:
    """The receipt of a school's return of that number, by default of its newest. Raises UsageError if there is none."""
    found = history(campaign, ledger, key, as_of, template)
    every = [(plan, item) for plan in found for item in plan.returns]
    if not every:
        raise UsageError(
            f"{key}: nothing has come back from this school yet, so there is nothing to confirm."
        )
    if number is None:
        last = newest(item.stored for _, item in every)
        number = next(item.number for _, item in every if item.stored is last)
    chosen = [(plan, item) for plan, item in every if item.number == number]
    if not chosen:
        said = ", ".join(sorted(str(item.number) for _, item in every))
        raise UsageError(f"{key}: there is no return {number}; there are {said}.")
    plan, item = chosen[0]
    content = ledger.content(item.stored.sha256)
    return Receipt(
        school=plan.school, template=plan.template, item=item, size=None if content is None else len(content),
        entry=ledger.entry(item.stored.id), why=plan.why,
    )  # fmt: skip
