"""What is different from the last rollup and, in later rounds, what became of what was planned."""

from __future__ import annotations

from decimal import Decimal

from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.counting import number, plans_in, word
from xlplan.rollup.digest.model import Block, Heading, Num, Own, Section, Source, Table, says
from xlplan.rollup.digest.quoting import Quoter
from xlplan.rollup.facts import DONE, OVERDUE
from xlplan.rollup.measures import Measure, value
from xlplan.rollup.sheets.changes import changed_plans, newly
from xlplan.rollup.sheets.naming import activity_noun, plural, whose_sql
from xlplan.rollup.sheets.progress import DONE_NOW, NEWLY, ROWS
from xlplan.rollup.snapshot import Snapshot, earlier, snapshot_of
from xlplan.rollup.standard import (
    ACCEPTED,
    ACTIVITIES,
    ACTIVITIES_DONE,
    ACTIVITIES_OVERDUE,
    APPROVED,
    CAUSES,
    COSTS,
    COUNTED,
    NEEDS,
    UNFUNDED,
)
from xlplan.rollup.words import short_day

CHANGES, PROGRESS = "Changes", "Progress"
SHOWN = (
    ACCEPTED,
    APPROVED,
    COUNTED,
    CAUSES,
    ACTIVITIES,
    ACTIVITIES_DONE,
    ACTIVITIES_OVERDUE,
    COSTS,
    UNFUNDED,
    NEEDS,
)
MOVED = Measure(name="progress-moved", label="Rows moved to another day", table="progress").where_also(
    "days", 0, operator="<>"
)


def changes(deck: Deck) -> Section:
    """Since the newest earlier rollup that says something else."""
    found = earlier(deck).snapshot
    return Section("What changed since the last rollup", tuple(_since(deck, found)) if found else ())


def _since(deck: Deck, then: Snapshot) -> list[Block]:
    noun = activity_noun(deck)
    nouns = plural(noun)
    plans = number(len(list(changed_plans(deck, then, snapshot_of(deck)))),
                   Source(sheet=CHANGES, how="plans whose state or file is another"), zero="no")  # fmt: skip
    done = number(len(newly(deck, then, "done", DONE)), Source(sheet=CHANGES, how="newly done"), zero="no")
    late = number(
        len(newly(deck, then, "overdue", OVERDUE)), Source(sheet=CHANGES, how="newly overdue"), zero="none"
    )
    day = Own(short_day(then.as_of))
    told: list[Block] = [
        says("Since the rollup of ", day, ", ", plans, word(plans, " plan", " plans"), " came in or changed."),
        says("In plans that counted then and now, ", done, f" {noun if done.value == 1 else nouns} ",
            word(done, "was", "were"), " marked done, and ", late, " became overdue."),
    ]  # fmt: skip
    rows = []
    for measure in SHOWN:
        now = value(deck.store, measure)
        before = Decimal(then.figures.get(measure.name, "0"))
        was = before if isinstance(now, Decimal) else int(before)
        if was != now:
            source = Source(sheet=CHANGES, how=f"{measure.name} in the rollup of {day.text}")
            rows.append(
                (Own(measure.label), number(was, source), number(now, Source(sheet=CHANGES, measure=measure)))
            )
    if rows:
        columns = ("Figure", day.text, short_day(deck.as_of) if deck.as_of != then.as_of else "Now")
        told.append(Table(title="Figures that changed", columns=columns, rows=tuple(rows), sheet=CHANGES))
    return told


def progress(deck: Deck, quoter: Quoter) -> Section:
    """Of plans that began with an earlier round."""
    return Section("Progress since the round before", tuple(_progress(deck, quoter)))


def _progress(deck: Deck, quoter: Quoter) -> list[Block]:
    if not deck.store.one("SELECT 1 FROM progress LIMIT 1"):
        return []
    rows, done, fresh, moved = (
        _figure(deck, measure, zero="None") for measure in (ROWS, DONE_NOW, NEWLY, MOVED)
    )
    told: list[Block] = []
    if rows.value:
        plans = plans_in(deck, ROWS, PROGRESS)
        of = word(
            plans, " plan that began with an earlier round ", " plans that began with an earlier round "
        )
        told.append(says(done, " of ", rows, word(rows, " row", " rows"), " in ", plans, of,
                        "are" if int(done.value) > 1 else "is", " done."))  # fmt: skip
        told.append(
            says(fresh, " of them ", "were" if int(fresh.value) > 1 else "was", " done since that round.")
        )
    if moved.value:
        told.append(says(moved, word(moved, " row has", " rows have"), " another day than at first."))
    for column, title in (("learned", "What schools learned"), ("changes", "What schools change")):
        found = deck.store.rows(
            f"SELECT *, {whose_sql(deck)} AS whose FROM progress_full WHERE {column} IS NOT NULL"
        )
        if quotes := quoter.choose(found, (column,), 3):
            told += [Heading(title), *quotes]
    return told


def _figure(deck: Deck, measure: Measure, zero: str) -> Num:
    return number(value(deck.store, measure), Source(sheet=PROGRESS, measure=measure), zero)
