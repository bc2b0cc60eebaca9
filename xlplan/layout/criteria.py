"""What the dates and the number of a row's steps say of them in words (004, criteria for success)."""

from __future__ import annotations

from xlplan.form.expressions import (
    Expr,
    both,
    column_sum,
    compare,
    grouped,
    joined,
    literal,
    phrase,
    when,
)
from xlplan.form.hints import FEWEST_STEPS, MOST_STEPS
from xlplan.form.live import (
    Stretch,
    dates_shared,
    days_in,
    high,
    last_due_elsewhere,
    low,
    rows_dated,
)
from xlplan.form.markers import Meaning
from xlplan.form.spec import Group
from xlplan.languages import say
from xlplan.layout.looks import by_meaning
from xlplan.layout.rows import columns_at
from xlplan.layout.sheet import LIVE, LIVE_COLUMNS, SheetBuilder, live

HEADS = ("Complete", "Consistent", "Logical", "Prioritized")
_DATED = {Meaning.START, Meaning.DUE}


def steps_of(outer: Group) -> Group | None:
    """The dated steps of an outline's dated rows, of which words can be said."""
    inner = next((item for item in outer.groups if item.slots is not None), None)
    if outer.display != "outline" or inner is None or not set(by_meaning(outer)) >= _DATED:
        return None
    return inner if set(by_meaning(inner)) >= {*_DATED, Meaning.STEP} else None


def words_of(b: SheetBuilder, row: int, line: int, outer: Group, inner: Group) -> tuple[Expr, ...]:
    """What the steps under an outline's row say, a text each of `HEADS`; `line`: the row's line on Live."""
    top, count = row + 1, inner.slots or 0
    order = columns_at(inner.fields)
    fields = by_meaning(inner)
    starts, dues = (
        b.stretch(order[fields[key].name], top, top + count - 1) for key in (Meaning.START, Meaning.DUE)
    )
    steps, column = live(line, "steps"), LIVE_COLUMNS.index("timing") + 1
    timing = column_sum(LIVE, column, line + 1, line + count)
    last = b.cell(row, order[by_meaning(outer)[Meaning.DUE].name])
    return (
        _complete(rows_dated(starts, dues), steps),
        _consistent(dues, last, low(timing)),
        _logical(starts, dues, high(timing)),
        _prioritized(steps),
    )


def _complete(dated: Expr, steps: Expr) -> Expr:
    """ "3 of 5 steps have both dates"."""
    said = phrase("{n} of {m} steps have both dates", n=grouped(dated), m=steps)
    fine = compare(grouped(dated), "=", steps)
    marked = when(fine, joined(literal("✓ "), said), joined(literal(say("Look: ")), said))
    return when(compare(steps, "=", literal(0)), literal(say("No steps yet")), marked)


def _consistent(dues: Stretch, last: Expr, outside: Expr) -> Expr:
    """Whether the steps lie within the row's dates and the last one is due with it."""
    none = compare(days_in(dues), "=", literal(0))
    within = when(
        compare(outside, ">", literal(0)),
        literal(say("Look: a step lies outside its dates")),
        literal(say("✓ Last step due with it")),
    )
    elsewhere = when(last_due_elsewhere(dues, last), literal(say("Look: last step due another day")), within)
    return when(none, literal(say("No dates yet")), elsewhere)


def _logical(starts: Stretch, dues: Stretch, n: Expr) -> Expr:
    """Whether each step starts when the one above it is done (`n` do not), and not all on the same dates."""
    many = phrase("Look: {n} steps start before the one above is due", n=n)
    one = literal(say("Look: 1 step starts before the one above is due"))
    fine = when(
        compare(n, "=", literal(0)),
        literal(say("✓ One after the other")),
        when(compare(n, "=", literal(1)), one, many),
    )
    shared = when(dates_shared(starts, dues), literal(say("Look: steps share the same dates")), fine)
    none = compare(days_in(starts), "=", literal(0))
    return when(none, literal(say("No dates yet")), shared)


def _prioritized(n: Expr) -> Expr:
    """How many steps there are: 3-5 are asked for."""
    within = both(compare(n, ">=", literal(FEWEST_STEPS)), compare(n, "<", literal(MOST_STEPS + 1)))
    said = when(
        within,
        phrase("✓ {n} steps", n=n),
        phrase("Look: {n} of {few}–{most} steps", n=n, few=str(FEWEST_STEPS), most=str(MOST_STEPS)),
    )
    return when(compare(n, "=", literal(0)), literal(say("No steps yet")), said)
