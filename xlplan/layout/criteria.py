"""What the dates and the number of a row's steps say of them in words (004, criteria for success)."""

from __future__ import annotations

from xlplan.form.expressions import Expr, both, compare, counted, flag, grouped, joined, literal, total, when
from xlplan.form.hints import FEWEST_STEPS, MOST_STEPS
from xlplan.form.live import (
    Stretch,
    any_outside,
    dates_shared,
    days_in,
    last_due_elsewhere,
    rows_dated,
    rows_filled,
    starts_before_previous_ends,
)
from xlplan.form.markers import Meaning
from xlplan.form.spec import Group
from xlplan.layout.looks import by_meaning
from xlplan.layout.rows import columns_of
from xlplan.layout.sheet import FIRST, SheetBuilder, live

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
    order = {item.name: FIRST + offset for offset, (item, _, _) in enumerate(columns_of(inner.fields))}
    fields = by_meaning(inner)
    own = by_meaning(outer)
    starts, dues, steps = (
        b.stretch(order[fields[key].name], top, top + count - 1)
        for key in (Meaning.START, Meaning.DUE, Meaning.STEP)
    )
    first, last = (b.cell(row, order[own[key].name]) for key in (Meaning.START, Meaning.DUE))
    return (
        _complete(rows_dated(starts, dues, steps), rows_filled(steps)),
        _consistent(starts, dues, first, last),
        _logical(b, starts, dues),
        _prioritized([line + 1 + k for k in range(count)]),
    )


def _complete(dated: Expr, steps: Expr) -> Expr:
    """ "3 of 5 steps have both dates"."""
    said = joined(grouped(dated), literal(" of "), grouped(steps), literal(" steps have both dates"))
    fine = compare(grouped(dated), "=", grouped(steps))
    marked = when(fine, joined(literal("✓ "), said), joined(literal("Look: "), said))
    return when(compare(grouped(steps), "=", literal(0)), literal("No steps yet"), marked)


def _consistent(starts: Stretch, dues: Stretch, first: Expr, last: Expr) -> Expr:
    """Whether the steps lie within the row's dates and the last one is due with it."""
    none = compare(days_in(dues), "=", literal(0))
    outside = when(
        any_outside(starts, dues, first, last),
        literal("Look: a step lies outside its dates"),
        literal("✓ Last step due with it"),
    )
    elsewhere = when(last_due_elsewhere(dues, last), literal("Look: last step due another day"), outside)
    return when(none, literal("No dates yet"), elsewhere)


def _logical(b: SheetBuilder, starts: Stretch, dues: Stretch) -> Expr:
    """Whether each step starts when the one above it is done, and not all on the same dates."""
    early = total(
        [
            counted(_early(b, starts.column, b.stretch(dues.column, dues.first, row - 1)))
            for row in range(starts.first + 1, starts.last + 1)
        ]
    )
    n = grouped(early)
    many = joined(literal("Look: "), n, literal(" steps start before the one above is due"))
    one = literal("Look: 1 step starts before the one above is due")
    fine = when(
        compare(n, "=", literal(0)),
        literal("✓ One after the other"),
        when(compare(n, "=", literal(1)), one, many),
    )
    shared = when(dates_shared(starts, dues), literal("Look: steps share the same dates"), fine)
    none = compare(days_in(starts), "=", literal(0))
    return when(none, literal("No dates yet"), shared)


def _early(b: SheetBuilder, column: int, above: Stretch) -> Expr:
    return starts_before_previous_ends(b.cell(above.last + 1, column), above)


def _prioritized(lines: list[int]) -> Expr:
    """How many steps there are: 3-5 are asked for."""
    n = grouped(total([flag(live(line, "begun")) for line in lines]))
    within = both(compare(n, ">=", literal(FEWEST_STEPS)), compare(n, "<", literal(MOST_STEPS + 1)))
    said = when(
        within,
        joined(literal("✓ "), n, literal(" steps")),
        joined(literal("Look: "), n, literal(f" of {FEWEST_STEPS}–{MOST_STEPS} steps")),
    )
    return when(compare(n, "=", literal(0)), literal("No steps yet"), said)
