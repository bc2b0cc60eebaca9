"""Where a school's plan stands: which return counts and why, and what has become of its newest review."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from xlplan.campaign import Campaign
from xlplan.campaign.settings import Settings
from xlplan.errors import UsageError
from xlplan.form.spec import FormFacts
from xlplan.layout.model import Layout
from xlplan.ledger import APPROVED, RETURNED, IssuedCopy, Ledger, Mark, Remark, Review, StoredReturn
from xlplan.merge.diff import Change
from xlplan.pipeline.differences import changed
from xlplan.pipeline.forms import form_with
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Context
from xlplan.pipeline.remarks import answered
from xlplan.pipeline.versions import Version, version_of_content

IN_REVIEW = (
    "in-review"  # the state of a plan that was sent back; that of an approved one is called as the decision
)

KEPT = 50  # plans that were read and are kept at hand
AT_ONCE = 50  # files that are fetched together

Marks = Mapping[int, Sequence[Mark]]


class Plans:
    """The plans in recorded returns, read only if somebody asks, the last of them kept.

    `likely`: the returns that may be asked for, in that order; their files are fetched some at a time.
    """

    def __init__(self, campaign: Campaign, ledger: Ledger, likely: Sequence[StoredReturn] = ()) -> None:
        self.campaign, self.ledger = campaign, ledger
        self._context: Context | None = None
        self._read: dict[int, Version | None] = {}
        self._hashes = [item.sha256 for item in likely]
        self._places = {sha256: place for place, sha256 in enumerate(self._hashes)}
        self._contents: dict[str, bytes] = {}
        self._copies: dict[tuple[str, str, int], IssuedCopy] | None = None

    @property
    def context(self) -> Context:
        """What reading takes."""
        if self._context is None:
            self._context = context_of(self.campaign, self.ledger, None)
        return self._context

    def read(self, stored: StoredReturn) -> Version | None:
        """The plan in a return; None where it was erased, or cannot be read any more."""
        if stored.id not in self._read:
            if len(self._read) >= KEPT:
                self._read.clear()
            context = replace(self.context, as_of=stored.received)
            try:
                self._read[stored.id] = version_of_content(self._content(stored.sha256), stored, context)
            except UsageError:
                self._read[stored.id] = None
        return self._read[stored.id]

    def _content(self, sha256: str) -> bytes | None:
        """The bytes of a return, fetched with those of the ones after it; None where they were erased."""
        if sha256 not in self._contents:
            place = self._places.get(sha256)
            some = [sha256] if place is None else self._hashes[place : place + AT_ONCE]
            self._contents = self.ledger.contents(some)
        return self._contents.get(sha256)

    def layout(self, stored: StoredReturn) -> Layout | None:
        """The layout of the copy that a return was made from, without reading the file where the ledger knows it."""
        if self._copies is None:
            copies = self.ledger.copies()
            self._copies = {(copy.school_key, copy.template, copy.issue): copy for copy in copies}
        copy = self._copies.get((stored.school_key or "", stored.template or "", stored.issue or 0))
        facts = self.context.facts.get(copy.digest) if copy else None
        model = self.campaign.model(stored.template) if stored.template else None
        if copy is None or facts is None or model is None or copy.version != model.form.version:
            version = self.read(stored)
            return version.form.layout if version else None
        return form_with(model, FormFacts.from_json(facts)).layout

    def changed(self, first: StoredReturn, second: StoredReturn) -> tuple[Change, ...] | None:
        """What differs from one return to another; None where one of them cannot be read."""
        if unchanged(first, second):
            return ()
        a, b = self.read(first), self.read(second)
        return None if a is None or b is None else changed(a, b)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What has become of a plan's newest review. `about`: the return that the plan's state is to be taken from, if any.

    `state`: "approved" or "in-review" while the review holds, None once a later return has reopened the plan;
    `changed`: what differs since then, None where that cannot be told. `open`, `answered`: the review's remarks.
    """

    review: Review
    about: StoredReturn | None
    state: str | None
    changed: tuple[Change, ...] | None = ()
    open: tuple[Remark, ...] = ()
    answered: tuple[Remark, ...] = ()


def standing(
    reviews: Sequence[Review],
    items: Sequence[StoredReturn],
    counted: StoredReturn | None,
    marks: Marks,
    plans: Plans,
) -> Standing | None:
    """What has become of the newest of a plan's reviews. `items`: its readable returns; `counted`: what counts now."""
    review = reviews[-1] if reviews else None
    was = next((item for item in items if review and item.id == review.return_id), None)
    if review is None or was is None:
        return None
    if review.decision != RETURNED:
        if counted is None or unchanged(was, counted):
            return Standing(review=review, about=counted, state=APPROVED if counted else None)
        return Standing(review=review, about=counted, state=None, changed=plans.changed(was, counted))
    now = _answer(review, items, counted, marks) or was
    if unchanged(was, now):
        return Standing(review=review, about=now, state=IN_REVIEW, open=review.remarks)
    found = plans.changed(was, now)
    done = tuple(remark for remark in review.remarks if found is not None and answered(remark, found))
    left = tuple(remark for remark in review.remarks if remark not in done)
    return Standing(review=review, about=now, state=None, changed=found, open=left, answered=done)


def counting_of(
    campaign: Campaign, ledger: Ledger, school_key: str, template: str, part: str | None = None
) -> StoredReturn | None:
    """The return that counts for a school's plan of that template, or for a part of it, if any does."""
    settings = campaign.settings
    asked = ledger.counting_parts if part else ledger.counting_returns
    plan = (school_key, template, part or None)
    found = asked(settings.counts, settings.counting)
    return next((item for item in found if (item.school_key, item.template, item.part) == plan), None)


def unchanged(first: StoredReturn, second: StoredReturn) -> bool:
    """Whether two returns say the same, in whatever bytes."""
    if first.id == second.id:
        return True
    if first.values_hash and second.values_hash:
        return first.values_hash == second.values_hash
    return first.plan is not None and first.plan == second.plan  # recorded before answers had a fingerprint


def excluded(item: StoredReturn, marks: Marks) -> bool:
    """Whether a return cannot count: its contents were erased, or somebody said that it does not."""
    if item.erased:
        return True
    mark = newest_mark(item, marks)
    return mark is not None and not mark.counts


def newest_mark(item: StoredReturn, marks: Marks) -> Mark | None:
    """The word that holds on whether a return counts, if anybody gave one."""
    return next(reversed(marks.get(item.id, ())), None)


def newest(items: Iterable[StoredReturn]) -> StoredReturn | None:
    """The newest by the day received, then by the order of recording."""
    return max(items, key=lambda item: (item.received, item.id), default=None)


def numbers(returns: Iterable[StoredReturn]) -> dict[int, int]:
    """By what number people call each return: a school's from 1, in the order of recording."""
    counts: dict[str | None, int] = {}
    found: dict[int, int] = {}
    for item in returns:
        counts[item.school_key] = counts.get(item.school_key, 0) + 1
        found[item.id] = counts[item.school_key]
    return found


def why(
    counted: StoredReturn | None,
    items: Sequence[StoredReturn],
    marks: Marks,
    settings: Settings,
    number: Mapping[int, int],
) -> str:
    """Which of a plan's readable returns counts and why, in words."""
    said = f"Return {number[counted.id]} counts" if counted else "Nothing counts"
    told = [f"{said}: {_reason(counted, items, marks, settings)}."]
    for item in items:
        mark = newest_mark(item, marks)
        if mark is not None and not mark.counts:
            told.append(f"Return {number[item.id]} does not count: {_word(mark)}.")
    return " ".join(told)


def _reason(
    counted: StoredReturn | None, items: Sequence[StoredReturn], marks: Marks, settings: Settings
) -> str:
    rule = settings.counts
    if counted is None:
        left = [item for item in items if not excluded(item, marks)]
        if not left:
            return "no return is left that could" if items else "nothing has come back"
        if rule == "chosen":
            return "none was marked to count, and by this campaign's rule only marked ones do"
        return "the newest has errors" if rule == "newest" else "none was accepted"
    mark = newest_mark(counted, marks)
    if mark is not None and mark.counts:
        return _word(mark)
    if rule == "newest":
        return "it is the newest"
    if counted.outcome == "accepted":
        return "it is the newest that was accepted"
    return "it is the newest, none was accepted, and this campaign counts drafts"


def _word(mark: Mark) -> str:
    return f"{mark.by or 'somebody'} said so on {mark.at[:10]} (“{' '.join(mark.reason.split())}”)"


def _since(review: Review, items: Sequence[StoredReturn], marks: Marks) -> StoredReturn | None:
    """The newest return that came after a review, without those that do not count by somebody's word."""
    days = [
        item.received for item in items if item.id == review.return_id
    ]  # what came before it answers nothing
    came = [
        item
        for item in items
        if item.id > review.return_id and item.recorded_at >= review.at and item.received >= max(days)
    ]
    return newest(item for item in came if not excluded(item, marks))


def _answer(
    review: Review, items: Sequence[StoredReturn], counted: StoredReturn | None, marks: Marks
) -> StoredReturn | None:
    """The return that a plan stands by since a review: what came last, or what somebody chose knowing of that."""
    came, chosen = _since(review, items, marks), _chosen_since(review, counted, marks)
    mark = newest_mark(chosen, marks) if chosen else None
    return chosen if mark is not None and (came is None or came.id <= mark.after) else came


def _chosen_since(review: Review, counted: StoredReturn | None, marks: Marks) -> StoredReturn | None:
    """What counts now, if somebody said so after the review."""
    mark = newest_mark(counted, marks) if counted else None
    return counted if mark is not None and mark.counts and mark.at >= review.at else None
