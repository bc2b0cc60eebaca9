"""Schools' own words for publishing: two under a heading at most, of different plans, without persons and schools."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.rollup.public.names import plain
from xlplan.rollup.public.schools import Schools, counts_few
from xlplan.rollup.public.scrub import CONTACT, NAME, Scrubber, letters
from xlplan.rollup.words import cut

CAUSES, PRIORITIES, NEEDS = "Causes", "Priorities", "Needs"
MOST = 2  # under one heading
PLANS = 3  # whose words stand under one heading at least, or none of them is quoted
LONGEST = 280
LEAST_LETTERS = 30
KEPT = 8  # candidates of a heading in memory
IDEAL = 110  # characters


@dataclass(frozen=True, slots=True, order=True)
class _Candidate:
    """The better one is less: what had nothing taken out, and is of a length that reads well."""

    taken: int
    off: int
    text: str
    plan: int


class Quotations:
    """Takes in the words of plans and chooses; `schools` are not to be named, nor counts of people under `least`."""

    def __init__(self, scrubber: Scrubber, schools: Schools, least: int) -> None:
        self._scrubber, self._schools, self._least = scrubber, schools, least
        self._found: dict[tuple[str, str], dict[int, _Candidate]] = {}
        self._plans: dict[tuple[str, str], set[int]] = {}
        self._rows: dict[tuple[str, str], int] = {}
        self._chosen: dict[tuple[str, str], list[str]] = {}
        self._said: set[str] = set()

    def add(self, block: str, heading: str, plan: int, text: str | None) -> None:
        """One answer of a plan that stands under a heading; it counts even where it cannot be quoted."""
        key = block, heading
        self._plans.setdefault(key, set()).add(plan)
        self._rows[key] = self._rows.get(key, 0) + 1
        candidate = self._candidate(plan, " ".join((text or "").split()))
        if candidate is None:
            return
        kept = self._found.setdefault(key, {})
        if plan not in kept or candidate < kept[plan]:
            kept[plan] = candidate
        if len(kept) > 4 * KEPT:
            self._found[key] = {one.plan: one for one in sorted(kept.values())[:KEPT]}

    def rows(self, block: str) -> dict[str, int]:
        """The headings of a block that enough plans stand under, and how many answers each has."""
        return {
            heading: self._rows[one, heading]
            for (one, heading), plans in self._plans.items()
            if one == block and len(plans) >= PLANS
        }

    def of(self, block: str, heading: str) -> list[str]:
        """What is quoted, the best first; nothing where few plans stand under the heading.

        What is quoted under another heading is quoted again only where there is nothing else.
        """
        key = block, heading
        if len(self._plans.get(key, ())) < PLANS:
            return []
        if key not in self._chosen:
            every = list(_distinct(sorted(self._found.get(key, {}).values())))
            fresh = [text for text in every if text not in self._said]
            self._chosen[key] = (fresh or every)[:MOST]
            self._said.update(self._chosen[key])
        return self._chosen[key]

    def _candidate(self, plan: int, text: str) -> _Candidate | None:
        text = plain(text)
        if len(text) < LEAST_LETTERS or self._schools.named_in(text) or counts_few(text, self._least):
            return None
        clean = self._scrubber.text(text)
        shown = cut(clean.text, LONGEST)
        taken = shown.count(NAME) + shown.count(CONTACT)
        if letters(shown) < LEAST_LETTERS or taken > 2:
            return None
        return _Candidate(taken, abs(len(shown) - IDEAL) // 20, shown, plan)


def _distinct(found: list[_Candidate]) -> Iterator[str]:
    """The texts, each once whoever wrote it."""
    seen: set[str] = set()
    for one in found:
        if one.text.casefold() not in seen:
            seen.add(one.text.casefold())
            yield one.text
