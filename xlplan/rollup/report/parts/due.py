"""Due: what is overdue or due soon, by owner and by school, and what has no date or no owner."""

from __future__ import annotations

from datetime import timedelta

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import OVERDUE, SOON, SOON_DAYS, UNDATED
from xlplan.rollup.measures import value
from xlplan.rollup.report.lists import Shown, count, day, listing, named, place, prose, standing, text
from xlplan.rollup.report.model import Column, Part, Table
from xlplan.rollup.sheets.due import OWED, finding, what_of
from xlplan.rollup.sheets.naming import activity_noun, plural
from xlplan.rollup.standard import ACTIVITIES_OVERDUE
from xlplan.rollup.words import short_day

WHAT = Shown(Column("What", "prose"), what_of)


def part(deck: Deck) -> Part | None:
    """None where no plan has activities."""
    if not deck.store.one("SELECT 1 FROM activities LIMIT 1"):
        return None
    late = int(value(deck.store, ACTIVITIES_OVERDUE))
    nouns = plural(activity_noun(deck))
    return Part(
        id="due", title="Due", finding=finding(deck, late),
        blocks=[
            _list(deck), _by_owner(deck), _by_school(deck),
            _without(deck, "no-date", f"{nouns.capitalize()} without a date", f"status = '{UNDATED}'"),
            _without(deck, "no-owner", f"{nouns.capitalize()} without an owner", "owner IS NULL"),
        ],
    )  # fmt: skip


def _list(deck: Deck) -> Table:
    until = short_day(deck.as_of + timedelta(days=SOON_DAYS))
    sql = f"SELECT *, {named(deck)} FROM activities_full WHERE {OWED} ORDER BY due, plan, n"
    columns = [
        standing(), day("Due", "due"), count("Days late", "days_late"), WHAT, prose("Owner", "owner"),
        prose("Strategy or initiative", "strategy"), place(),
    ]  # fmt: skip
    return listing(
        deck,
        "due-list",
        f"Overdue, and due until {until}",
        sql,
        columns,
        empty="Nothing is overdue or due soon.",
    )


def _by_owner(deck: Deck) -> Table:
    """A person is one within a plan: two schools' people of one name stay apart."""
    sql = (
        f"SELECT plan, {named(deck)}, min(owner) AS owner, sum(status = '{OVERDUE}') AS late, "
        f"sum(status = '{SOON}') AS soon, max(days_late) AS days FROM activities_full WHERE {OWED} "
        "AND owner IS NOT NULL GROUP BY plan, owner_key ORDER BY late DESC, days DESC, soon DESC, plan, owner_key"
    )
    columns = [
        prose("Owner", "owner"),
        count("Overdue", "late"),
        count("Due soon", "soon"),
        count("Days late", "days"),
    ]
    return listing(deck, "due-by-owner", "By owner", sql, columns, empty="Nothing that has an owner is due.")


def _by_school(deck: Deck) -> Table:
    sql = (
        f"SELECT plan, {named(deck)}, sum(status = '{OVERDUE}') AS late, sum(status = '{SOON}') AS soon, "
        f"sum(status = '{UNDATED}') AS undated, sum(owner IS NULL) AS unowned, max(days_late) AS days "
        f"FROM activities_full WHERE {OWED} OR status = '{UNDATED}' OR owner IS NULL GROUP BY plan "
        "ORDER BY late DESC, days DESC, soon DESC, plan"
    )
    columns = [
        count("Overdue", "late"), count("Due soon", "soon"), count("Days late", "days"), count("No date", "undated"),
        count("No owner", "unowned"),
    ]  # fmt: skip
    return listing(
        deck, "due-by-school", "By school", sql, columns, empty="No school has anything overdue, due soon or open.",
        note="Days late: of what waits longest.",
    )  # fmt: skip


def _without(deck: Deck, name: str, title: str, test: str) -> Table:
    sql = f"SELECT *, {named(deck)} FROM activities_full WHERE {test} ORDER BY plan, n"
    columns = [
        text("Kind", "kind"), text("Number", "number"), WHAT, prose("Owner", "owner"), day("Due", "due"), place(),
    ]  # fmt: skip
    return listing(deck, name, title, sql, columns)
