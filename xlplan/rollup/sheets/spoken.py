"""The sentences under the summary's title: what a superintendent could read aloud."""

from __future__ import annotations

from decimal import Decimal

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import OVERDUE
from xlplan.rollup.measures import value
from xlplan.rollup.sheets.coverage import least_covered
from xlplan.rollup.sheets.naming import activity_noun, plural, school_sql
from xlplan.rollup.standard import (
    ACTIVITIES,
    ACTIVITIES_DONE,
    ACTIVITIES_OVERDUE,
    ACTIVITIES_SOON,
    COSTS,
    UNFUNDED,
)
from xlplan.rollup.words import counted, dollars, first_that_fits

LENGTH = 138  # characters of a line across the page


def sentences(deck: Deck) -> list[str]:
    """Of the returns, the activities, and money and priorities: those that there is something to say of."""
    found = (returns_sentence(deck), _activities(deck), _money(deck), _priority(deck))
    told = [text for text in found if text]
    if len(told) > 3 and len(told[2]) + len(told[3]) < LENGTH:  # money and priorities are short
        told[2:] = [f"{told[2]} {told[3]}"]
    return told[:3]


def returns_sentence(deck: Deck) -> str:
    """Who is accepted, who has to correct, who has not answered."""
    counts = {
        row[0]: int(row[1]) for row in deck.store.rows("SELECT state, count(*) FROM plans GROUP BY state")
    }
    every = sum(counts.values())
    late = int(deck.store.one("SELECT count(*) FROM plans WHERE late"))
    if not deck.store.one("SELECT 1 FROM plans WHERE returns LIMIT 1"):
        past = f"; {late:,} {_are(late)} late" if late else ""
        return (
            f"No plan has come back yet of the {every:,} asked for{past}."
            if every
            else "No plan is asked for yet."
        )
    done = counts.get("accepted", 0) + counts.get("approved", 0)
    if done == every:
        return (
            "The one plan is in and accepted." if every == 1 else f"All {every:,} plans are in and accepted."
        )
    fix = sum(counts.get(state, 0) for state in ("rejected", "in-review", "waiting"))
    unsent, away = counts.get("not-issued", 0), counts.get("issued", 0)
    rest = [
        f"{fix:,} {_are(fix)} to be corrected or decided" if fix else "",
        f"{away:,} {'has' if away == 1 else 'have'} not come back" if away else "",
        f"{unsent:,} {_are(unsent)} not sent yet" if unsent else "",
    ]
    told = [part for part in rest if part]
    if late:
        told[-1] += f" ({late:,} late)"
    return f"{done:,} of {counted(every, 'plan')} {_are(done)} accepted; {', '.join(told)}."


def _activities(deck: Deck) -> str:
    every = int(value(deck.store, ACTIVITIES))
    if not every:
        return ""
    done, late, soon = (
        int(value(deck.store, measure)) for measure in (ACTIVITIES_DONE, ACTIVITIES_OVERDUE, ACTIVITIES_SOON)
    )
    noun = plural(activity_noun(deck))
    start = f"Of {every:,} {noun} {done:,} {_are(done)} done and {late:,} overdue" if every > 1 else (
        f"Of one {activity_noun(deck)} {done:,} is done and {late:,} overdue"
    )  # fmt: skip
    where = f"SELECT {school_sql(deck)}, count(*) AS many FROM activities_full WHERE status = ? GROUP BY plan"
    worst = list(deck.store.rows(f"{where} ORDER BY many DESC, plan LIMIT 2", [OVERDUE]))
    at = ""
    if late > 1 and worst and worst[0][1] * 5 >= late and (len(worst) < 2 or worst[0][1] > worst[1][1]):
        at = f", {'all' if worst[0][1] == late else f'{worst[0][1]:,}'} of them at {worst[0][0]}"
    ahead = f"; {soon:,} {'falls' if soon == 1 else 'fall'} due in the next 30 days."
    return first_that_fits([f"{start}{at}{ahead}", f"{start}{ahead}"], LENGTH)


def _money(deck: Deck) -> str:
    total, without = Decimal(value(deck.store, COSTS)), Decimal(value(deck.store, UNFUNDED))
    if not total:
        return ""
    apart = f", {dollars(without)} of it without a source" if without else ""
    return f"Plans cost {dollars(total)}{apart}."


def _priority(deck: Deck) -> str:
    least = least_covered(deck)
    if least is None:
        return ""
    if least.covered == least.plans:
        return "Every plan covers every priority that its form asks for."
    covered = f"{least.covered:,} of {counted(least.plans, 'plan')}"
    texts = [
        f"Least covered is “{least.priority}”: {covered}.",
        f"The least covered priority is in {covered}.",
    ]
    return first_that_fits(texts, LENGTH)


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
