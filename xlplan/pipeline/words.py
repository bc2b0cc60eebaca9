"""What people have said of a plan, as a status tells it: marks, reviews with their remarks, decisions that are out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlplan.campaign import Campaign
from xlplan.layout.model import Layout
from xlplan.ledger import APPROVED, Ledger, Remark, Review, StoredReturn
from xlplan.pipeline.remarks import cell_of
from xlplan.pipeline.standing import Plans, Standing, excluded, newest, numbers, standing, why

WAITING = "waiting"
MOST_NAMED = 5  # cells that a note names

Plan = tuple[str, str]  # school key and template


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkState:
    """A remark, its place in the form, and whether what it speaks of was changed since."""

    remark: Remark
    sheet: str | None
    cell: str | None
    answered: bool

    @property
    def place(self) -> str:
        """Sheet and cell, or the whole plan."""
        return ", ".join(part for part in (self.sheet, self.cell) if part) or "The whole plan"

    def as_json(self) -> dict[str, Any]:
        """Its entry among the remarks of a school in the status document."""
        return {
            "path": self.remark.path,
            "sheet": self.sheet,
            "cell": self.cell,
            "remark": self.remark.text,
            "answered": self.answered,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said of one plan. `state`: the one that it is in by that, if any; `about`: the return that it is of."""

    state: str | None = None
    about: StoredReturn | None = None
    notes: tuple[str, ...] = ()
    remarks: tuple[RemarkState, ...] = ()


class Words:
    """All that was said in a campaign. `returns`: all that came back, in the order of recording."""

    def __init__(self, campaign: Campaign, ledger: Ledger, returns: Sequence[StoredReturn]) -> None:
        self.settings, self.marks = campaign.settings, ledger.marks()
        out = {item.id for item in returns if excluded(item, self.marks)}
        self._number = numbers(returns)
        # nothing is left to decide between a plan and one that does not count any more
        self._waiting = {
            plan: item for plan, item in ledger.waiting().items() if not out.intersection(item.sides)
        }
        self._reviews: dict[Plan, list[Review]] = defaultdict(list)
        for review in ledger.reviews():
            self._reviews[review.school_key, review.template].append(review)
        self._plans = Plans(campaign, ledger, tuple(self._since_reviews(campaign, returns)))

    def _since_reviews(self, campaign: Campaign, returns: Sequence[StoredReturn]) -> Iterator[StoredReturn]:
        """Of each plan that was reviewed the return that was read, and those after it, in the order of the roster."""
        since: dict[Plan, list[StoredReturn]] = {plan: [] for plan in self._reviews}
        for item in returns:
            plan = item.school_key or "", item.template or ""
            if plan in since and item.id >= self._reviews[plan][-1].return_id:
                since[plan].append(item)
        for school in campaign.roster.schools if since else ():
            yield from since.get((school.key, campaign.template_of(school)), ())

    def of(self, plan: Plan, items: Sequence[StoredReturn], counted: StoredReturn | None) -> Said:
        """What was said of one plan. `items`: its readable returns, `counted`: the one that counts."""
        held = standing(self._reviews.get(plan, ()), items, counted, self.marks, self._plans)
        notes = [*self._counting(items, counted), *(self._since(held) if held else ())]
        remarks = self._remarks(held) if held else ()
        if plan in self._waiting:
            file = self._waiting[plan].file
            notes.append(f"Two plans were merged, and {file} asks which answers hold.")
        return Said(
            state=WAITING if plan in self._waiting else held.state if held else None,
            about=held.about if held else None, notes=tuple(notes), remarks=remarks,
        )  # fmt: skip

    def _counting(self, items: Sequence[StoredReturn], counted: StoredReturn | None) -> list[str]:
        """Why that one counts, where one would not expect it."""
        last = newest(item for item in items if not excluded(item, self.marks))
        marked = any(self.marks.get(item.id) for item in items)
        unused = counted is None and any(item.outcome == "accepted" for item in items)
        if marked or unused:
            return [why(counted, items, self.marks, self.settings, self._number)]
        if counted is None or last is None or last.id == counted.id or last.outcome == "accepted":
            return []
        later, earlier = self._number[last.id], self._number[counted.id]
        return [f"Return {later} is newer and has errors; return {earlier} counts."]

    def _since(self, held: Standing) -> list[str]:
        """What has become of the newest review."""
        review, found = held.review, held.changed
        by = f" by {review.by}" if review.by else ""
        if review.decision == APPROVED:
            if held.about is None:
                return [f"It was approved on {review.at[:10]}{by}, and does not count any more."]
            if held.state is not None:
                return [f"Approved on {review.at[:10]}{by}."]
            if found is None:
                return [f"It was approved on {review.at[:10]}{by}; the plan that counts now is another."]
            cells = [f"{change.sheet}, {change.cell}" for change in found]
            rest = len(cells) - MOST_NAMED
            named = "; ".join(cells[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")
            answers = "answer has" if len(cells) == 1 else "answers have"
            return [
                f"It was approved on {review.at[:10]}{by}; {len(cells)} {answers} changed since: {named}."
            ]
        if held.state is not None:
            return [f"Sent back on {review.at[:10]}{by}{_count(held)}."]
        return [f"It was sent back on {review.at[:10]}{by}, and has come back since{_count(held)}."]

    def _remarks(self, held: Standing) -> tuple[RemarkState, ...]:
        """The review's remarks in their order, each with its place in the form that it was made on."""
        layout = self._plans.layout(held.about) if held.review.remarks and held.about else None
        return tuple(
            _state(remark, layout, remark in held.answered)
            for remark in held.review.remarks
            if held.open or held.answered
        )


def _count(held: Standing) -> str:
    """How many of the remarks are not answered yet."""
    every = len(held.open) + len(held.answered)
    if not held.open:
        return "; all remarks are answered" if every > 1 else "; the remark is answered" if every else ""
    if held.state is not None:
        return f" with {every} remark{'s' if every > 1 else ''}"
    return f"; {len(held.open)} of {every} remark{'s' if every > 1 else ''} not answered yet"


def _state(remark: Remark, layout: Layout | None, answered: bool) -> RemarkState:
    ref = cell_of(layout, remark) if layout else None
    return RemarkState(
        remark=remark, sheet=ref.sheet if ref else None, cell=ref.a1 if ref else None, answered=answered
    )
