"""Summary: sentences to read aloud, tiles, how plans and months stand, and what the district does next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import islice

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import SOON_DAYS
from xlplan.rollup.report.model import (
    Block,
    Chart,
    Column,
    Link,
    Number,
    Part,
    Row,
    Share,
    Table,
    Text,
    Tile,
    Tiles,
)
from xlplan.rollup.report.numbers import NONE, number, numbers_by, together
from xlplan.rollup.sheets.naming import STATES, activity_noun, plural
from xlplan.rollup.sheets.spoken import sentences
from xlplan.rollup.sheets.stories import PARTS, money_story, month_story, months_between, state_story
from xlplan.rollup.sheets.tasks import tasks_of
from xlplan.rollup.standard import (
    ACCEPTED,
    ACTIVITIES,
    ACTIVITIES_DONE,
    ACTIVITIES_OVERDUE,
    ACTIVITIES_SOON,
    ANSWERS_ASKED,
    ANSWERS_IN,
    APPROVED,
    COSTS,
    ERRORS,
    LATE,
    NEEDS,
    SCHOOLS,
    UNFUNDED,
)
from xlplan.rollup.words import dollars, month

TILES = 6
ANCHORS = {"Returns": "#returns", "Due": "#due", "Money": "#money", "Priorities": "#priorities"}


def part(deck: Deck) -> Part:
    """The first part of every report."""
    told = sentences(deck)
    charts = [chart for chart in (states_chart(deck), months_chart(deck)) if chart]
    blocks: list[Block] = [
        *map(Text, told[1:]),
        Tiles(tuple(islice(_tiles(deck), TILES))),
        *charts,
        _tasks(deck),
    ]
    return Part(id="summary", title="Summary", finding=told[0], blocks=blocks)


def _tiles(deck: Deck) -> Iterator[Tile]:
    """What is asked first, of what there is."""
    plans = number(deck, SCHOOLS)
    if not plans.value:
        return
    yield Tile(
        label="Plans accepted",
        number=Share(number(deck, ACCEPTED, APPROVED), plans, "of"),
        note="of all asked for",
    )
    asked = number(deck, ANSWERS_ASKED)
    if asked.value:
        yield Tile(label="Required answers in", number=Share(number(deck, ANSWERS_IN), asked),
                   note="of the plans that came back")  # fmt: skip
    every = number(deck, ACTIVITIES)
    if every.value:
        nouns = plural(activity_noun(deck))
        yield Tile(label=f"{nouns.capitalize()} overdue", number=Share(number(deck, ACTIVITIES_OVERDUE), every, "of"),
                   note="as of the day above")  # fmt: skip
        yield Tile(label=f"Due within {SOON_DAYS} days", number=number(deck, ACTIVITIES_SOON), note=nouns)
        yield Tile(
            label=f"{nouns.capitalize()} done", number=Share(number(deck, ACTIVITIES_DONE), every, "of")
        )
    costs = number(deck, COSTS)
    if costs.value:
        lacking = Decimal(number(deck, UNFUNDED).value)
        yield Tile(label="Anticipated costs", number=costs,
                   note=f"{dollars(lacking)} without a source in all plans" if lacking else "")  # fmt: skip
    needs = number(deck, NEEDS)
    if needs.value:
        yield Tile(label="Needs named", number=needs)
    yield Tile(label="Errors to correct", number=number(deck, ERRORS))
    yield Tile(label="Plans late", number=number(deck, LATE))


def states_chart(deck: Deck) -> Chart | None:
    """How many plans are in each state."""
    story, found = state_story(deck), numbers_by(deck, SCHOOLS, "state")
    states = [state for state in STATES if state in found]
    return Chart(
        name="states", title=story.title, heading=story.heading, axis="State", parts=("Plans",),
        rows=tuple((STATES[state], (found[state],)) for state in states),
    ) if story else None  # fmt: skip


def months_chart(deck: Deck) -> Chart | None:
    """Activities by the month they are due in: done, overdue, not yet due."""
    story = month_story(deck)
    if story is None:
        return None
    found = numbers_by(deck, ACTIVITIES, "month", "status")
    days = sorted({key[0] for key in found if key[0]})
    months = months_between([date.fromisoformat(day) for day in days], deck.as_of)
    many = len(months) > 12
    return Chart(
        name="months", title=story.title, heading=story.heading, axis="Month", parts=tuple(PARTS), upright=True,
        rows=tuple(
            (month(day)[:3] + (f" {day:%y}" if many else ""),
             tuple(_of(found, day.isoformat(), group) for group in PARTS.values()))
            for day in months
        ),
    )  # fmt: skip


def _of(found: dict[tuple[str, str], Number], day: str, statuses: tuple[str, ...]) -> Number:
    return together(*(found.get((day, status), NONE) for status in statuses))


def sources_chart(deck: Deck) -> Chart | None:
    """The largest funding sources."""
    story = money_story(deck)
    if story is None:
        return None
    found = {key: one for key, one in numbers_by(deck, COSTS, "source_key").items() if one.value}
    keys = sorted(found, key=lambda key: (-found[key].value, str(key)))
    rows = [(label, (found[key],)) for (label, _), key in zip(story.rows, keys, strict=False)]
    if rest := keys[len(rows) :]:
        rows.append((f"The other {len(rest):,}", (together(*(found[key] for key in rest)),)))
    return Chart(
        name="sources", title=story.title, heading=story.heading + (", and the others together" if rest else ""),
        axis="Source", parts=("Amount",), rows=tuple(rows),
    )  # fmt: skip


def _tasks(deck: Deck) -> Table:
    rows = []
    for task in tasks_of(deck):
        sheet = task.sheets[0]
        rows.append(Row((str(task.what.value), task.schools, task.do, Link(sheet, ANCHORS.get(sheet, "")))))
    return Table(
        name="next", title="Next for the district", rows=rows, empty="Nothing is waiting.",
        columns=(Column("What"), Column("Schools", "prose"), Column("Do"), Column("See")),
    )  # fmt: skip
