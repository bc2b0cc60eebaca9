"""Timeline: what is due in which month, by status and by school."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import SOON, SOON_DAYS, STATUSES
from xlplan.rollup.report.lists import count, day, listing, named
from xlplan.rollup.report.model import Column, Part, Row, Table, Text
from xlplan.rollup.report.numbers import NONE, numbers_by, together
from xlplan.rollup.sheets.timeline import finding
from xlplan.rollup.standard import ACTIVITIES
from xlplan.rollup.words import month, short_day

SHORT = {SOON: "Due soon"}


def part(deck: Deck) -> Part | None:
    """None where no plan has activities."""
    if not deck.store.one("SELECT 1 FROM activities LIMIT 1"):
        return None
    met = _met(deck)
    derived = deck.store.one("SELECT 1 FROM activities WHERE derived LIMIT 1")
    told = " A form without a status is told by what is done and by the date." if derived else ""
    rule = f"As of {short_day(deck.as_of)}; due soon: within {SOON_DAYS} days.{told} {deck.basis}"
    return Part(
        id="timeline", title="Timeline", finding=finding(deck),
        blocks=[Text(rule), _by_month(deck, met), _by_school(deck, met)],
    )  # fmt: skip


def _met(deck: Deck) -> tuple[str, ...]:
    """The statuses that occur, in their order."""
    found = {row[0] for row in deck.store.rows("SELECT DISTINCT status FROM activities")}
    return tuple(status for status in STATUSES if status in found)


def _by_month(deck: Deck, statuses: tuple[str, ...]) -> Table:
    found = numbers_by(deck, ACTIVITIES, "month", "status")
    months = sorted({key[0] for key in found}, key=lambda one: (one is None, str(one)))

    def rows() -> Iterator[Row]:
        for one in months:
            own = [found.get((one, status), NONE) for status in statuses]
            name = f"{month(date.fromisoformat(one))} {one[:4]}" if one else "No date"
            yield Row((name, *own, together(*own)))

    sums = [together(*(found.get((one, status), NONE) for one in months)) for status in statuses]
    return Table(
        name="by-month", title="By month and status", rows=rows(), total=("All", *sums, together(*sums)),
        columns=(Column("Month"), *(Column(SHORT.get(one, one), "count") for one in (*statuses, "All"))),
    )  # fmt: skip


def _by_school(deck: Deck, statuses: tuple[str, ...]) -> Table:
    sums = ", ".join(f"sum(status = '{status}') AS s{at}" for at, status in enumerate(statuses))
    sql = (
        f"SELECT plan, {named(deck)}, count(*) AS every, {sums}, min(due) AS first, max(due) AS last "
        "FROM activities_full GROUP BY plan ORDER BY plan"
    )
    columns = [
        count("All", "every"), *(count(SHORT.get(one, one), f"s{at}") for at, one in enumerate(statuses)),
        day("First due", "first"), day("Last due", "last"),
    ]  # fmt: skip
    return listing(deck, "timeline-by-school", "By school", sql, columns)
