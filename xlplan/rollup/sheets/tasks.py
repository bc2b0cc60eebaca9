"""What comes next for the district, the most urgent first, each with the schools it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xlplan.rollup.book import Figure
from xlplan.rollup.deck import Deck
from xlplan.rollup.measures import Measure, formula, test_of, value
from xlplan.rollup.sheets.coverage import OFFERED
from xlplan.rollup.sheets.naming import activity_noun, plural, some, whose_sql
from xlplan.rollup.standard import (
    ACTIVITIES_OVERDUE,
    ACTIVITIES_UNDATED,
    ACTIVITIES_UNOWNED,
    COST_OPEN,
    SCHOOLS,
)

NAMES = 64  # characters of schools' names that stand beside each other
FIRST = 30  # names that are looked at
MOST = 8  # tasks that a page holds
WAITING = (
    ("not-issued", "Not sent yet", "Send the workbook"),
    ("issued", "Not returned", "Remind these schools"),
    ("rejected", "Needs corrections", "Ask for the corrected copy"),
    ("in-review", "Sent back", "Wait for their answer"),
    ("waiting", "Needs a decision", "Decide between versions"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One line of what comes next; `sheets`: where to look, the first of them that the workbook has.

    `label` and `many` are what `what` says; `measure` counts it again, where one measure does.
    """

    what: Figure
    schools: str
    do: str
    sheets: tuple[str, ...]
    label: str
    many: int
    measure: Measure | None = None


def tasks_of(deck: Deck) -> list[Task]:
    """At most as many as the first page holds."""
    return [task for task in _tasks(deck) if task][:MOST]


def _tasks(deck: Deck) -> Iterator[Task | None]:
    for state, what, do in WAITING:
        yield _by_state(deck, SCHOOLS.where_also("state", state), what, do)
    late, undated = _kind(deck)
    yield _by_plan(deck, ACTIVITIES_OVERDUE, f"{late}", "Ask the owners", "Due")
    yield _by_plan(deck, COST_OPEN, "Amount or source open", "Settle cost and funding", "Money")
    yield _gaps(deck)
    yield _by_plan(deck, ACTIVITIES_UNDATED, undated, "Ask for a date", "Due")
    yield _by_plan(deck, ACTIVITIES_UNOWNED, "No owner named", "Ask who sees to it", "Due")


def _kind(deck: Deck) -> tuple[str, str]:
    many = plural(activity_noun(deck))
    return f"Overdue {many}", f"{many.capitalize()} without date"


def _by_state(deck: Deck, measure: Measure, what: str, do: str) -> Task | None:
    many = int(value(deck.store, measure))
    if not many:
        return None
    state = measure.where[-1].value
    rows = deck.store.rows(
        f"SELECT {whose_sql(deck)} FROM plans WHERE state = ? ORDER BY plan LIMIT {FIRST}", [state]
    )
    names = some((row[0] for row in rows), many, NAMES)
    figure = _what(deck, what, measure, many)
    return Task(
        what=figure, schools=names, do=do, sheets=("Returns",), label=what, many=many, measure=measure
    )


def _by_plan(deck: Deck, measure: Measure, what: str, do: str, sheet: str) -> Task | None:
    """Plans with their counts, the highest first. They are told apart by number, since names repeat."""
    many = int(value(deck.store, measure))
    if not many:
        return None
    test, values = test_of(measure)
    whose = f"{whose_sql(deck)} AS whose"
    grouped = f"SELECT {whose}, count(*) AS many FROM {measure.table}_full WHERE {test} GROUP BY plan"
    plans = int(deck.store.one(f"SELECT count(*) FROM ({grouped})", values))
    rows = deck.store.rows(f"{grouped} ORDER BY many DESC, plan LIMIT {FIRST}", values)
    names = some((f"{row[0]} {row[1]:,}" for row in rows), plans, NAMES)
    figure = _what(deck, what, measure, many)
    return Task(what=figure, schools=names, do=do, sheets=(sheet,), label=what, many=many, measure=measure)


def _gaps(deck: Deck) -> Task | None:
    grouped = (
        f"SELECT plans.plan AS plan, count(*) AS many {OFFERED} AND named.plan IS NULL GROUP BY plans.plan"
    )
    plans, many = next(deck.store.rows(f"SELECT count(*), coalesce(sum(many), 0) FROM ({grouped})"))
    if not many:
        return None
    worst = f"SELECT {whose_sql(deck)}, many FROM ({grouped}) AS gaps JOIN plans USING (plan)"
    rows = deck.store.rows(f"{worst} ORDER BY many DESC, plan LIMIT {FIRST}")
    names = some((f"{row[0]} {row[1]}" for row in rows), plans, NAMES)
    label = "Priorities not covered"
    return Task(
        what=Figure(f"{label}: {many:,}"), schools=names, do="Talk about the next plan", sheets=("Priorities",),
        label=label, many=many,
    )  # fmt: skip


def _what(deck: Deck, what: str, measure: Measure, many: int) -> Figure:
    """ "Not returned: 2" with the number by formula."""
    counts = formula(measure, deck.regions)
    text = f'="{what}: "&TEXT({counts.removeprefix("=")},"#,##0")' if counts else None
    return Figure(f"{what}: {many:,}", text)
