"""Priorities: which the plans connect to, and the gaps by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from xlplan.rollup.deck import Deck
from xlplan.rollup.measures import values_by
from xlplan.rollup.report.lists import named, short, whose
from xlplan.rollup.report.model import Chart, Column, Number, Part, Row, Share, Table, Text
from xlplan.rollup.report.numbers import numbers_by, query, summed
from xlplan.rollup.sheets.coverage import OFFERED
from xlplan.rollup.sheets.priorities import choices_of, finding
from xlplan.rollup.sheets.stories import priority_story
from xlplan.rollup.standard import PRIORITIES

RULE = "How many strategies or steps connect to each."


def part(deck: Deck) -> Part | None:
    """None where no plan names a priority."""
    if not deck.store.one("SELECT 1 FROM priorities LIMIT 1"):
        return None
    forms = [str(row[0]) for row in deck.store.rows(
        "SELECT template FROM plans WHERE counted GROUP BY template ORDER BY min(plan)"
    )]  # fmt: skip
    told = (name for name in forms if choices_of(deck, name))
    tables = [_table(deck, name, at) for at, name in enumerate(told, start=1)]
    chart = _chart(deck)
    return Part(
        id="priorities", title="Priorities", finding=finding(deck),
        blocks=[Text(f"{RULE} {deck.basis}"), *([chart] if chart else []), _coverage(deck), *tables],
    )  # fmt: skip


def _chart(deck: Deck) -> Chart | None:
    story = priority_story(deck)
    if story is None:
        return None
    found = numbers_by(deck, PRIORITIES, "priority")
    return Chart(
        name="priorities", title=story.title, heading=story.heading, axis="Priority", parts=("Connections",),
        cut=len(story.rows) < len({*found, *(label for label, _ in story.rows)}),
        rows=tuple((short(label), (found.get(label, Number(value=0)),)) for label, _ in story.rows),
    )  # fmt: skip


def _coverage(deck: Deck) -> Table:
    """How many of the plans that are offered a priority cover it."""
    offered = query(deck, f"SELECT choice, plans.plan, 1 {OFFERED}")
    covered = query(deck, f"SELECT choice, plans.plan, 1 {OFFERED} AND named.plan IS NOT NULL")
    connections = numbers_by(deck, PRIORITIES, "priority")
    shares = {
        choice: Share(covered.get(choice, summed({})), whole, "of") for choice, whole in offered.items()
    }

    def rows() -> Iterator[Row]:
        for choice in sorted(shares, key=lambda one: (_part(shares[one]), str(one))):
            yield Row((choice, shares[choice], connections.get(choice, summed({}))))

    return Table(
        name="coverage", title="Coverage", rows=rows(), empty="The forms offer no list of priorities.",
        columns=(Column("Priority"), Column("Plans that cover it", "share"), Column("Connections", "count")),
    )  # fmt: skip


def _part(share: Share) -> float:
    return float(share.part.value) / float(share.whole.value or 1)


def _table(deck: Deck, template: str, at: int) -> Table:
    choices = choices_of(deck, template)
    form = str(deck.store.one("SELECT form FROM plans WHERE template = ? LIMIT 1", [template]) or template)
    sql = f"SELECT plan, {named(deck)} FROM plans WHERE counted AND template = ? ORDER BY plan"

    def rows() -> Iterator[Row]:
        for row in deck.store.rows(sql, [template]):
            own: dict[Any, Any] = values_by(
                deck.store, PRIORITIES.where_also("plan", row["plan"]), "priority"
            )
            gaps = "; ".join(choice for choice in choices if not own.get(choice)) or "none"
            yield Row((whose(row), gaps, *(int(own.get(choice, 0)) for choice in choices)), plan=row["plan"])

    return Table(
        name=f"priorities-{at}", title=f"By school: {form}", rows=rows(),
        columns=(Column("School"), Column("Not covered", "prose"), *(Column(choice, "count") for choice in choices)),
    )  # fmt: skip
