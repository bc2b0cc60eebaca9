"""The first sections: how many plans there are and what they hold; what is late, and what comes next."""

from __future__ import annotations

from datetime import timedelta

from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.counting import figure, highest, listed, named, number, plans_in, word
from xlplan.rollup.digest.model import Block, Num, Own, Piece, Said, Section, Source, Table, says
from xlplan.rollup.facts import OVERDUE, SOON, SOON_DAYS
from xlplan.rollup.measures import Measure, test_of
from xlplan.rollup.sheets.naming import activity_noun, plural, whose_sql
from xlplan.rollup.standard import (
    ACCEPTED,
    ACTIVITIES,
    ACTIVITIES_DONE,
    ACTIVITIES_OVERDUE,
    ACTIVITIES_SOON,
    ACTIVITIES_UNDATED,
    ACTIVITIES_UNOWNED,
    APPROVED,
    CAUSES,
    COSTS,
    COUNTED,
    LATE,
    NEEDS,
    NOT_RETURNED,
    REJECTED,
    SCHOOLS,
)
from xlplan.rollup.words import short_day

MOST = 10  # schools of a table
RETURNS, DUE, TIMELINE = "Returns", "Due", "Timeline"
_UNSENT, _BACK, _OPEN = (
    SCHOOLS.where_also("state", state) for state in ("not-issued", "in-review", "waiting")
)
_STATES = (
    (ACCEPTED, "accepted"),
    (APPROVED, "approved"),
    (REJECTED, "to be corrected"),
    (_BACK, "sent back with remarks"),
    (_OPEN, "waiting for a decision between versions"),
    (NOT_RETURNED, "not returned"),
    (_UNSENT, "not sent yet"),
)


def glance(deck: Deck) -> Section:
    """How many plans there are, how they stand, and what the figures rest on."""
    every = figure(deck, SCHOOLS, RETURNS)
    if not every.value:
        return Section("At a glance", (says("The roster asks for ", _none(every), " of the plans yet."),))
    told: list[Block] = [_states(deck, every)]
    late = figure(deck, LATE, RETURNS)
    if late.value:
        told.append(says(late, word(late, " plan is", " plans are"), " late."))
    told.append(_basis(deck))
    if (held := _held(deck)) is not None:
        told.append(held)
    return Section("At a glance", tuple(told))


def _none(found: Num) -> Num:
    return Num("none", found.value, found.source)


def _states(deck: Deck, every: Num) -> Said:
    """Each state that plans are in; one for all is said so."""
    found = [(figure(deck, measure, RETURNS), words) for measure, words in _STATES]
    there = [(many, words) for many, words in found if many.value]
    if len(there) == 1:
        many, words = there[0]
        if many.value == 1:
            return says(many, f" plan is asked for; it is {words}.")
        return says("All ", many, f" plans asked for are {words}.")
    parts: list[Piece] = ["Of ", every, " plans asked for, "]
    for at, (many, words) in enumerate(there):
        parts += ["" if not at else " and " if at == len(there) - 1 else ", "]
        parts += [many, f" {word(many, 'is', 'are')} {words}"]
    return says(*parts, ".")


def _basis(deck: Deck) -> Said:
    """Which plans the figures are counted from."""
    many = figure(deck, COUNTED, RETURNS, zero="No")
    drafts = figure(deck, COUNTED.where_also("draft", True), RETURNS)
    if not many.value:
        return says(many, " plan counts yet, so there is nothing to tell of what they say.")
    start: list[Piece] = ["The figures below rest on ", many, word(many, " plan", " plans")]
    if not drafts.value:
        return says(*start, word(many, ", which is accepted.", ", all of them accepted."))
    if drafts.value == many.value:
        return says(
            *start, word(many, ", a draft that is", ", all of them drafts that are"), " not accepted yet."
        )
    return says(*start, ", ", drafts, word(drafts, " of them a draft that is", " of them drafts that are"),
               " not accepted yet.")  # fmt: skip


def _held(deck: Deck) -> Said | None:
    """What the counted plans hold in all."""
    noun = activity_noun(deck)
    found = [
        (figure(deck, CAUSES, "Causes"), " cause", " causes"),
        (figure(deck, ACTIVITIES, TIMELINE), f" {noun}", f" {plural(noun)}"),
        (figure(deck, NEEDS, "Needs"), " need", " needs"),
        (figure(deck, COSTS, "Money"), " of costs", " of costs"),
    ]
    there = [(many, one, several) for many, one, several in found if many.value]
    if not there:
        return None
    parts: list[Piece] = ["The plan names " if deck.plans == 1 else "Together they name "]
    for at, (many, one, several) in enumerate(there):
        parts += ["" if not at else " and " if at == len(there) - 1 else ", ", many, word(many, one, several)]
    return says(*parts, ".")


def due(deck: Deck) -> Section:
    """What is overdue, by school, what falls due next, and what nobody can wait for."""
    every = figure(deck, ACTIVITIES, TIMELINE)
    if not every.value:
        return Section("What is late, and what comes next", ())
    noun, nouns = activity_noun(deck), plural(activity_noun(deck))
    done, late, soon = (
        figure(deck, measure, sheet, zero="None")
        for measure, sheet in ((ACTIVITIES_DONE, TIMELINE), (ACTIVITIES_OVERDUE, DUE), (ACTIVITIES_SOON, DUE))
    )
    told: list[Block] = []
    if every.value == 1:
        told.append(says("The plans hold ", every, f" {noun}."))
    elif done.value == every.value:
        told.append(says("All ", every, f" {nouns} are done."))
    else:
        told.append(says(done, " of ", every, f" {nouns} {'are' if int(done.value) > 1 else 'is'} done."))
    told += _overdue(deck, late, noun, nouns)
    if soon.value:
        until = Own(short_day(deck.as_of + timedelta(days=SOON_DAYS)))
        told.append(says(soon, word(soon, f" {noun} falls", f" {nouns} fall"), " due by ", until, "."))
    told += _by_school(deck)
    told += _lacking(deck, noun, nouns)
    return Section("What is late, and what comes next", tuple(told))


def _overdue(deck: Deck, late: Num, noun: str, nouns: str) -> list[Block]:
    if not late.value:
        return [says(late, f" of the {nouns} is overdue.")]
    plans = plans_in(deck, ACTIVITIES_OVERDUE, DUE)
    days = highest(deck, ACTIVITIES_OVERDUE, "days_late", DUE)
    wait: list[Piece] = [", for ", days, word(days, " day", " days")] if late.value == 1 else [
        "; the longest has waited ", days, word(days, " day", " days")]  # fmt: skip
    return [says(late, word(late, f" {noun} is", f" {nouns} are"), " overdue in ", plans,
                word(plans, " plan", " plans"), *wait, ".")]  # fmt: skip


def _by_school(deck: Deck) -> list[Block]:
    """The plans with most that is overdue, and then most that is due soon."""
    sums = f"sum(status = '{OVERDUE}') AS late, sum(status = '{SOON}') AS soon"
    found = list(deck.store.rows(
        f"SELECT plan, {whose_sql(deck)} AS whose, {sums}, max(days_late) AS days FROM activities_full "
        f"WHERE status IN ('{OVERDUE}', '{SOON}') GROUP BY plan ORDER BY late DESC, days DESC, soon DESC, plan"
    ))  # fmt: skip
    if len(found) < 2:
        return []
    rows = []
    for row in found[:MOST]:
        late, soon = (
            measure.where_also("plan", row["plan"]) for measure in (ACTIVITIES_OVERDUE, ACTIVITIES_SOON)
        )
        days = Source(sheet=DUE, measure=late, of="days_late")
        rows.append((
            named(row["whose"]), number(row["late"], Source(sheet=DUE, measure=late)),
            number(int(row["days"] or 0), days, zero="–"), number(row["soon"], Source(sheet=DUE, measure=soon)),
        ))  # fmt: skip
    columns = ("School", "Overdue", "Longest, days", "Due soon")
    told: list[Block] = [
        Table(title="Overdue and due soon, by school", columns=columns, rows=tuple(rows), sheet=DUE)
    ]
    if len(found) > MOST:
        every = number(len(found), Source(sheet=DUE, how="plans with rows that are overdue or due soon"))
        shown = number(MOST, Source(sheet=DUE, how="the rows shown above"))
        told.append(
            says("Shown are ", shown, " of ", every, " plans that have something overdue or due soon.")
        )
    return told


def _lacking(deck: Deck, noun: str, nouns: str) -> list[Block]:
    told: list[Block] = []
    for measure, words in ((ACTIVITIES_UNDATED, "a date"), (ACTIVITIES_UNOWNED, "an owner")):
        many = figure(deck, measure, DUE)
        if many.value:
            plans = plans_in(deck, measure, DUE)
            told.append(says(many, word(many, f" {noun} in ", f" {nouns} in "), plans, word(plans, " plan", " plans"),
                            word(many, " lacks ", " lack "), words, "."))  # fmt: skip
    return told


def schools_of(deck: Deck, measure: Measure, most: int = 4) -> tuple[list[str | Own], int]:
    """The first schools with rows in a figure, those with most first, and how many plans are left."""
    test, values = test_of(measure)
    found = deck.store.rows(
        f"SELECT {whose_sql(deck)} FROM {measure.table}_full WHERE {test} GROUP BY plan "
        "ORDER BY count(*) DESC, plan", values
    )  # fmt: skip
    return listed([named(row[0]) for row in found], most)
