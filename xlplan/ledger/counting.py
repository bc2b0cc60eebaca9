"""Which of a school's returns counts: a rule that can be read, never an overwrite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from xlplan.campaign.settings import COUNTING, COUNTS
from xlplan.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the rule needs to know of a return, none refused. `chosen` is the newest mark on it, if any."""

    id: int
    school_key: str
    template: str
    outcome: str
    received: date
    chosen: bool | None = None

    @property
    def accepted(self) -> bool:
        """Whether the plan holds without an error."""
        return self.outcome == "accepted"


def counting_ids(candidates: Iterable[Candidate], rule: str, counting: str) -> list[int]:
    """The return that counts for each school and template, by school and template; some may have none.

    newest-accepted: the newest accepted one; failing that, and if `counting` is readable, the newest.
    newest: the newest of all, and only if it is accepted or `counting` is readable.
    chosen: the newest of those marked to count, under the same condition.
    Newest is by the day received, then by the order of recording.
    """
    if rule not in COUNTS or counting not in COUNTING:
        raise UsageError(f"There is no rule “{rule}” with “{counting}” for which return counts.")
    plans: dict[tuple[str, str], list[Candidate]] = {}
    for candidate in candidates:
        plans.setdefault((candidate.school_key, candidate.template), []).append(candidate)
    picks = (_pick(plans[plan], rule, counting) for plan in sorted(plans))
    return [pick.id for pick in picks if pick is not None]


def _pick(candidates: list[Candidate], rule: str, counting: str) -> Candidate | None:
    readable = counting == "readable"
    if rule == "newest-accepted":
        accepted = [candidate for candidate in candidates if candidate.accepted]
        return _newest(accepted or (candidates if readable else []))
    pick = _newest(candidates if rule == "newest" else [item for item in candidates if item.chosen])
    return pick if pick is not None and (pick.accepted or readable) else None


def _newest(candidates: list[Candidate]) -> Candidate | None:
    return max(candidates, key=lambda candidate: (candidate.received, candidate.id), default=None)
