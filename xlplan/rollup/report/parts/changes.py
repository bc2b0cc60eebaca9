"""Changes: what this rollup says and the last one did not."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import DONE, OVERDUE
from xlplan.rollup.measures import value
from xlplan.rollup.report.lists import MEANS, MOST, whose
from xlplan.rollup.report.model import Column, Part, Row, State, Table, Text
from xlplan.rollup.sheets.blocks import day_of
from xlplan.rollup.sheets.changes import changed_plans, compared, newly, plans_differ
from xlplan.rollup.sheets.due import what_of
from xlplan.rollup.sheets.naming import activity_noun, plural
from xlplan.rollup.snapshot import Snapshot, earlier, snapshot_of
from xlplan.rollup.standard import FIGURES
from xlplan.rollup.words import short_day


def part(deck: Deck) -> Part | None:
    """None where there is no earlier rollup that said something else."""
    if deck.reports is None:
        return None
    now = snapshot_of(deck)
    found = earlier(deck, now)
    then = found.snapshot
    if then is None:
        return None
    fresh, late = newly(deck, then, "done", DONE), newly(deck, then, "overdue", OVERDUE)
    plans = list(changed_plans(deck, then, now))
    nouns = plural(activity_noun(deck))
    return Part(
        id="changes", title="Changes",
        finding=f"Since the rollup of {short_day(then.as_of)}: {plans_differ(len(plans))[:1].lower()}"
        f"{plans_differ(len(plans))[1:]}; {nouns} newly done: {len(fresh):,}; newly overdue: {len(late):,}.",
        blocks=[
            Text(compared(then, now, found.unreadable)), _figures(deck, then), _plans(plans),
            _activities(f"Newly done: {len(fresh):,}", "newly-done", fresh),
            _activities(f"Newly overdue: {len(late):,}", "newly-overdue", late),
        ],
    )  # fmt: skip


def _figures(deck: Deck, then: Snapshot) -> Table:
    rows = []
    for measure in FIGURES:
        before, today = Decimal(then.figures.get(measure.name, "0")), Decimal(value(deck.store, measure))
        if before or today:
            money = measure.sum == "amount"
            found = (before, today, today - before)
            rows.append(Row((measure.label, *(one if money else int(one) for one in found))))
    days = (short_day(then.as_of), short_day(deck.as_of))
    return Table(
        name="changed-figures", title="Figures", rows=rows,
        columns=(Column("Figure"), Column(f"On {days[0]}", "count"), Column(f"On {days[1]}", "count"),
                 Column("Change", "count")),
    )  # fmt: skip


def _plans(found: Sequence[tuple[str, ...]]) -> Table:
    rows = [Row((row[0], _state(row[1]), _state(row[2]), row[3] or None, row[4])) for row in found[:MOST]]
    return Table(
        name="changed-plans", title=f"Plans: {len(found):,}", rows=rows,
        empty="No plan came, and none changed its state.",
        columns=(Column("School"), Column("State then", "state"), Column("State now", "state"), Column("The file"),
                 Column("Template")),
    )  # fmt: skip


def _state(words: str) -> State:
    return State(words, MEANS.get(words[:1], "plain"))


def _activities(title: str, name: str, found: Sequence[Any]) -> Table:
    rows = [
        Row(
            (whose(one), one["kind"], one["number"], what_of(one), one["owner"], day_of(one["due"])),
            plan=one["plan"],
        )
        for one in found[:MOST]
    ]
    return Table(
        name=name, title=title, rows=rows,
        columns=(Column("School"), Column("Kind"), Column("Number"), Column("What", "prose"), Column("Owner", "prose"),
                 Column("Due", "day")),
    )  # fmt: skip
