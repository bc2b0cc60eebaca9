"""What a complete row is still asked to look at while people type, in two or three words ("Look: last due")."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xlplan.form.expressions import Expr, both, compare, counted, flag, literal, or_else, total
from xlplan.form.live import (
    Stretch,
    count_unusual,
    dates_shared,
    due_before_start,
    due_before_step,
    due_out_of_order,
    has_own_dates,
    high,
    last_due_elsewhere,
    low,
    names_nothing,
    no_earlier_step,
    outside_row_above,
    packed,
    stands_twice,
    starts_before_previous_ends,
    step_chosen,
)
from xlplan.form.markers import Meaning
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import Field, Group
from xlplan.languages import say, spoken
from xlplan.layout.sheet import SheetBuilder, live

Rule = tuple[Expr, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Among:
    """Where a row stands in its table: row `first` + k of `count`; `around`: the dates of the row it belongs to."""

    first: int
    k: int
    count: int
    columns: Mapping[str, int]
    around: Mapping[Meaning, Expr] = field(default_factory=dict)

    def above(self, b: SheetBuilder, name: str) -> Stretch:
        """The cells of a field in the rows above."""
        return b.stretch(self.columns[name], self.first, self.first + self.k - 1)

    def all(self, b: SheetBuilder, name: str) -> Stretch:
        """The cells of a field in all rows of the table."""
        return b.stretch(self.columns[name], self.first, self.first + self.count - 1)


def rules_of(
    b: SheetBuilder,
    path: str,
    group: Group,
    cells: Mapping[str, Sequence[Expr]],
    among: Among | None = None,
) -> list[Rule]:
    """What a row of the group is asked to look at; `path`: its table's, `cells`: its inputs by field."""
    return [*_names(b, path, group, cells), *_dates(b, group, cells, among)]


def which(noun: str) -> str:
    """What is asked where a reference leads to no row: in English by the noun's last word, which says what it is."""
    return say("Look: which {noun}?", noun=noun if spoken() else noun.split()[-1])


def by_meaning(group: Group) -> dict[Meaning, Field]:
    """The fields that mean something, by what they mean."""
    return {item.meaning: item for item in group.fields if item.meaning is not None}


def _names(b: SheetBuilder, path: str, group: Group, cells: Mapping[str, Sequence[Expr]]) -> Iterator[Rule]:
    for item in group.fields:
        if item.locked:  # nobody can change what one would look at
            continue
        target = f"{path}.{item.name}"
        if target in b.names:
            yield stands_twice(cells[item.name][0], b.names[target].cells), "Look: same name"
        if item.refers_to is None or item.refers_to.by != "name":
            continue
        chosen = b.names[item.refers_to.target]
        table, _, name = item.refers_to.target.rpartition(".")
        own = cells[name][0] if table == path else None
        for cell in cells[item.name]:
            yield names_nothing(cell, chosen.cells, own), which(chosen.noun)


def _dates(
    b: SheetBuilder, group: Group, cells: Mapping[str, Sequence[Expr]], among: Among | None
) -> Iterator[Rule]:
    fields = by_meaning(group)
    start, due, after = (fields.get(key) for key in (Meaning.START, Meaning.DUE, Meaning.AFTER))
    if due is None:
        return
    if start is not None:
        yield due_before_start(cells[start.name][0], cells[due.name][0]), "Look: due < start"
    if among is None:
        return
    if after is not None:
        yield from _after(b, group, cells, among, after, due)
    if start is not None and Meaning.START in among.around:
        s, d = cells[start.name][0], cells[due.name][0]
        early: Expr = literal(0)
        if among.k:
            before = starts_before_previous_ends(s, among.above(b, due.name))
            own = has_own_dates(s, d, among.all(b, start.name), among.all(b, due.name))
            early = counted(both(before, own))
        outside = outside_row_above(s, d, among.around[Meaning.START], among.around[Meaning.DUE])
        timing = b.live.note(b.live.row, "timing", or_else(packed(early, counted(outside)), 0))
        yield compare(low(timing), ">", literal(0)), "Look: outside it"
        if among.k:
            yield compare(high(timing), ">", literal(0)), "Look: starts early"


def _after(
    b: SheetBuilder,
    group: Group,
    cells: Mapping[str, Sequence[Expr]],
    among: Among,
    after: Field,
    due: Field,
) -> Iterator[Rule]:
    choice, day = cells[after.name][0], cells[due.name][0]
    chosen = b.live.note(b.live.row, "after", or_else(step_chosen(choice, among.count), 0))
    steps = among.all(b, group.fields[0].name)
    if not after.locked:
        yield no_earlier_step(choice, chosen, among.k + 1, steps), which(group.noun)
    yield due_before_step(day, chosen, among.all(b, due.name)), "Look: date order"
    if among.k:
        yield due_out_of_order(day, among.above(b, due.name)), "Look: date order"


def step_rules(b: SheetBuilder, inner: Group, due: Expr, among: Among, rows: Sequence[int]) -> list[Rule]:
    """What a row with steps under it is asked to look at; `rows`: the steps' lines on Live."""
    fields = by_meaning(inner)
    start_, due_ = fields.get(Meaning.START), fields.get(Meaning.DUE)
    if Meaning.STEP not in fields or start_ is None or due_ is None:
        return []
    count = b.live.note(b.live.row, "steps", total([flag(live(row, "begun")) for row in rows]))
    starts, dues = among.all(b, start_.name), among.all(b, due_.name)
    counted_: list[Rule] = [
        (compare(count, "=", literal(0)), "Look: no steps yet"),
        (count_unusual(count), "Look: 3–5 steps"),
    ]
    return [
        *(counted_ if b.facts.round != STATUS_ROUND else ()),  # where no step can be added any more
        (last_due_elsewhere(dues, due), "Look: last due"),
        (dates_shared(starts, dues), "Look: same dates"),
    ]
