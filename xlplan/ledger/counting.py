"""Which of a school's returns counts: a rule that can be read, never an overwrite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xlplan.campaign.settings import COUNTING, COUNTS
from xlplan.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the rule needs to know of a return, none refused. `part`: of a split plan, its section key.

    `counts`: what the newest mark on it says, if any; `marked` orders marks, `after` is the highest return then.
    """

    id: int
    school_key: str
    template: str
    outcome: str
    received: date
    part: str | None = None
    counts: bool | None = None
    marked: int = 0
    after: int = 0

    @property
    def accepted(self) -> bool:
        """Whether the plan holds without an error."""
        return self.outcome == "accepted"

    @property
    def place(self) -> tuple[str, str, str]:
        """School, template and part: returns of the same place compete."""
        return self.school_key, self.template, self.part or ""


def counting_ids(candidates: Iterable[Candidate], rule: str, counting: str) -> list[int]:
    """The return that counts for each school, template and part, in that order; some may have none.

    newest-accepted: the newest accepted one; failing that, and if `counting` is readable, the newest.
    newest: the newest of all, and only if it is accepted or `counting` is readable.
    chosen: only one that is marked to count.
    Newest is by the day received, then by the order of recording. A return marked not to count never does. One
    marked to count does, whatever its outcome, before all that were recorded up to that mark, other marked ones
    too; those recorded later compete by the rule, and win if one qualifies.
    """
    if rule not in COUNTS or counting not in COUNTING:
        raise UsageError(f"There is no rule “{rule}” with “{counting}” for which return counts.")
    places: dict[tuple[str, str, str], list[Candidate]] = {}
    for candidate in candidates:
        if candidate.counts is not False:
            places.setdefault(candidate.place, []).append(candidate)
    picks = (_pick(places[place], rule, counting) for place in sorted(places))
    return [pick.id for pick in picks if pick is not None]


def _pick(candidates: list[Candidate], rule: str, counting: str) -> Candidate | None:
    marked = max(
        (item for item in candidates if item.counts), key=lambda candidate: candidate.marked, default=None
    )
    if rule == "chosen":
        return marked
    readable = counting == "readable"
    if marked is not None:
        candidates = [item for item in candidates if item.id > marked.after]
    newest = _newest(candidates)
    if rule == "newest-accepted":
        # a draft stands in only where no accepted plan does
        drafts = readable and not (marked is not None and marked.accepted)
        pick = _newest([item for item in candidates if item.accepted]) or (newest if drafts else None)
    else:
        pick = newest if newest is not None and (newest.accepted or readable) else None
    return pick or marked


def _newest(candidates: list[Candidate]) -> Candidate | None:
    return max(candidates, key=lambda candidate: (candidate.received, candidate.id), default=None)
