"""What the charts tell: for each its title as a sentence, its numbers, and the same as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from xlplan.rollup.book import Figure
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import CODES, DONE, GOING, OPEN, OVERDUE, SOON
from xlplan.rollup.measures import Measure, coded, formula, values_by, words
from xlplan.rollup.sheets.naming import STATES, activity_noun, plural
from xlplan.rollup.standard import ACTIVITIES, COSTS, PRIORITIES, SCHOOLS
from xlplan.rollup.words import counted, cut, dollars, first_that_fits, month, opened, spelled

TITLE_LENGTH = 50  # characters of a chart's title; LibreOffice breaks longer ones
SOURCES, CHOICES, MONTHS = 6, 8, 18  # bars of one chart
TO_COME = (SOON, GOING, OPEN)
PARTS = {"Done": (DONE,), "Overdue": (OVERDUE,), "Not yet due": TO_COME}
UNSOURCED = "No source named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One chart. `rows` are a label and a figure for each of `parts`; `spoken_of` is the bar of the title.

    `filter`: what reproduces the figures where they are too many for formulas.
    """

    title: str
    heading: str
    parts: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]
    money: bool = False
    spoken_of: int | None = None
    filter: str = ""

    @property
    def text(self) -> str:
        """What the chart is and every number in it, for those who do not see it."""
        kind = "Stacked column chart" if len(self.parts) > 1 else "Bar chart"
        rows = "; ".join(f"{label}: {self._numbers(figures)}" for label, figures in self.rows)
        return f"{kind}. {self.title}. {self.heading}. {rows}."

    def _numbers(self, figures: Sequence[Figure]) -> str:
        if self.money:
            return ", ".join(dollars(figure.value) for figure in figures)
        if len(self.parts) == 1:
            return str(figures[0].value)
        return ", ".join(f"{part} {figure.value}" for part, figure in zip(self.parts, figures, strict=True))


def stories_of(deck: Deck) -> list[Story]:
    """The two charts of the summary, those that tell most first."""
    found = (tell(deck) for tell in (priority_story, month_story, money_story, state_story))
    return list(islice((story for story in found if story), 2))


def priority_story(deck: Deck) -> Story | None:
    """How many strategies connect to each priority that a form offers, most first."""
    known = values_by(deck.store, PRIORITIES, "priority")
    offered = [
        row[0] for row in deck.store.rows("SELECT choice FROM choices GROUP BY choice ORDER BY min(n)")
    ]
    totals = dict.fromkeys(offered, 0) | {choice: int(many) for choice, many in known.items()}
    if not known or not totals:
        return None
    choices = sorted(totals, key=lambda choice: totals[choice], reverse=True)
    least = totals[choices[-1]]
    fewest = [choice for choice in choices if totals[choice] == least]
    titles = [f"Each priority is connected to {spelled(least)} times"]
    if len(fewest) < len(choices):
        one = fewest[-1] if len(fewest) == 1 else ""
        named = [
            f"{one} has the fewest connections: {least}",
            f"Fewest links: {one}",
            f"Fewest: {one}",
        ]
        those = "priorities have" if len(fewest) > 1 else "priority has"
        many = f"{opened(spelled(len(fewest)))} {those} the fewest: {least}"
        titles = [*(named if one and not one.startswith("=") else []), many]
    shown = choices if len(choices) <= CHOICES else choices[-CHOICES:]
    rest = f", the {CHOICES} with the fewest" if shown != choices else ""
    return Story(
        title=first_that_fits(titles, TITLE_LENGTH), heading=f"Connections with each priority{rest}",
        parts=("Connections",), spoken_of=len(shown) - 1 if len(fewest) == 1 else None,
        rows=tuple((choice, (_one(deck, PRIORITIES, choice, totals[choice]),)) for choice in shown),
        filter=_filter(deck, PRIORITIES, len(shown), "Priority"),
    )  # fmt: skip


def month_story(deck: Deck) -> Story | None:
    """Activities by the month they are due in: done, overdue, not yet due."""
    counts = values_by(deck.store, ACTIVITIES, "month", "status")
    months = months_between(
        sorted(date.fromisoformat(day) for day in {key[0] for key in counts} if day), deck.as_of
    )
    if not months:
        return None
    noun = activity_noun(deck)
    late = sum(int(many) for (_, status), many in counts.items() if status == OVERDUE)
    is_late = f"{opened(spelled(late))} {noun if late == 1 else plural(noun)} {'is' if late == 1 else 'are'} overdue"
    many = {day: [sum(int(counts.get((day.isoformat(), s), 0)) for s in group) for group in PARTS.values()]
            for day in months}  # fmt: skip
    busiest = max(months, key=lambda day: many[day][2])
    several = sum(bool(parts[2]) for parts in many.values()) > 1
    titles = [f"{is_late}; {month(busiest)} is busiest", is_late] if several else [is_late]
    all_by_formula = deck.by_formula("activities", len(months) * 5)
    rows = []
    for day in months:
        label = month(day)[:3] + (f" {day:%y}" if len(months) > 12 else "")
        figures = [
            Figure(value, _sum(deck, day, group) if all_by_formula else None)
            for value, group in zip(many[day], PARTS.values(), strict=True)
        ]
        rows.append((label, tuple(figures)))
    return Story(
        title=first_that_fits(titles, TITLE_LENGTH), heading=f"{opened(plural(noun))} by month due",
        parts=tuple(PARTS), rows=tuple(rows), filter=_filter(deck, ACTIVITIES, len(months) * 5, "Month due, Status"),
    )  # fmt: skip


def money_story(deck: Deck) -> Story | None:
    """The largest funding sources."""
    sums = {key: amount for key, amount in values_by(deck.store, COSTS, "source_key").items() if amount}
    if not any(sums):  # nobody names a source, perhaps because no form asks for one
        return None
    spelled_first = "SELECT source_key, min(source) FROM money WHERE source <> '' GROUP BY source_key"
    spellings = {row[0]: row[1] for row in deck.store.rows(spelled_first)}
    keys = sorted(sums, key=lambda key: (-sums[key], str(key)))
    labels = {key: str(spellings.get(key, UNSOURCED)) for key in keys}
    first = Decimal(sums[keys[0]])
    titles = [f"Most money: {labels[keys[0]]}, {dollars(first)}", f"{dollars(first)} from the largest source"]
    if keys[0] is None:
        titles = [f"{dollars(first)} has no source named yet"]
    return Story(
        title=first_that_fits(titles, TITLE_LENGTH),
        heading="Costs by funding source" + (f", the {SOURCES} largest" if len(keys) > SOURCES else ""),
        parts=("Amount",), money=True, spoken_of=0, filter=_filter(deck, COSTS, SOURCES, "Source folded"),
        rows=tuple((cut(labels[k], 60), (_one(deck, COSTS, k, sums[k], "source_key"),)) for k in keys[:SOURCES]),
    )  # fmt: skip


def state_story(deck: Deck) -> Story | None:
    """How many plans are in each state."""
    counts = values_by(deck.store, SCHOOLS, "state")
    states = sorted((state for state in STATES if counts.get(state)), key=lambda state: -counts[state])
    back = int(deck.store.one("SELECT count(*) FROM plans WHERE returns"))
    title = f"{back:,} of {counted(deck.schools, 'plan')} {'has' if back == 1 else 'have'} come back"
    return Story(
        title=title if back else "No plan has come back yet", heading="Plans by state", parts=("Plans",),
        rows=tuple((STATES[s], (_one(deck, SCHOOLS, s, counts[s], "state"),)) for s in states),
    ) if states else None  # fmt: skip


def _one(deck: Deck, measure: Measure, key: object, known: int | Decimal, column: str = "priority") -> Figure:
    """A measure of one value of a column, by formula where the sheet bears it."""
    if not deck.by_formula(measure.table, CHOICES):
        return Figure(known)
    if column in CODES:
        return deck.figure(coded(deck.store, measure, column, None if key is None else str(key)), known)
    return deck.figure(measure.where_also(column, key), known)


def _sum(deck: Deck, day: date, statuses: Sequence[str]) -> str | None:
    """The activities of a month in these statuses."""
    of_month = ACTIVITIES.where_also("month", day, f"DATE({day.year},{day.month},1)")
    pieces = [formula(of_month.where_also("status", status), deck.regions) for status in statuses]
    return "=" + "+".join(str(piece).removeprefix("=") for piece in pieces) if all(pieces) else None


def _filter(deck: Deck, measure: Measure, figures: int, columns: str) -> str:
    by_formula = not deck.regions or deck.by_formula(measure.table, figures)
    return "" if by_formula else f"To count again, filter by {columns}. {words(measure)}."


def months_between(found: Sequence[date], as_of: date) -> list[date]:
    """Every month from the first to the last; of too many, those around the day."""
    if not found:
        return []
    first, last = (day.year * 12 + day.month - 1 for day in (found[0], found[-1]))
    if last - first >= MONTHS:
        middle = as_of.year * 12 + as_of.month - 1
        first, last = max(first, middle - MONTHS // 2), min(last, middle + MONTHS // 2 - 1)
    return [date(at // 12, at % 12 + 1, 1) for at in range(first, last + 1)]
