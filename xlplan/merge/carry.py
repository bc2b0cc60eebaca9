"""A plan carried into the next round: what is still open, or all of it with its progress asked for anew.

In: the return of the former round that counts. Out: the record that the new copy is made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from xlplan.form.markers import Kind, Meaning, Window
from xlplan.form.rounds import CARRIED, CHANGES, FIRST_DUE, LAST_STATUS, LEARNED, OPEN_OF_PLAN, STATUS_ROUND
from xlplan.layout.model import Input, Layout
from xlplan.layout.rows import path_of
from xlplan.merge.carry_record import Carried, CarriedRow, Past
from xlplan.merge.carry_rows import Rows, answers_of, followed, is_activity, is_note, placed, table_of
from xlplan.merge.rows import Slots, moved, rows_of, tables_in
from xlplan.merge.values import Plain

ROUNDS = (CARRIED, STATUS_ROUND)
_SIGNED = "signoffs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """A plan as the former round left it. `campaign`, `title`, `year`: of that round; `sha256`, `received`: of the
    return that counts; `cells`: what it holds, locked boxes too. `before`: the record that its copy began with, if
    that round was carried itself. `came`: whether it came back in that round; if not, it is as it was carried there.
    `required`: the paths of the fields that the template requires in its first round; None: as the layout says.
    """

    campaign: str
    title: str
    year: str
    sha256: str
    received: date
    layout: Layout
    cells: Mapping[str, object]
    before: Carried | None = None
    came: bool = True
    required: frozenset[str] | None = None


def carry(former: Former, round_: str, window: Window) -> Carried:
    """What a copy of that round begins with. `window`: the days that the new plan may name.

    Round "carried": rows that are done are left out with all that is in them, beside them and speaks of them, and rows
    of a day too long ago for the new window; the others close up. Round "status": every row stays where it stands, and
    its progress is asked for anew.
    """
    if round_ not in ROUNDS:
        raise ValueError(f"there is no round {round_!r}")
    made = _Carrying(former, round_, window)
    cells = made.cells()
    layout = former.layout
    return Carried(
        campaign=former.campaign, title=former.title, year=former.year, round=round_, template=layout.spec.name,
        version=layout.spec.version, sha256=former.sha256, received=former.received.isoformat(), cells=cells,
        slots=made.slots(), rows=made.rows(), emptied=made.emptied, left_out=made.left_out,
    )  # fmt: skip


class _Carrying:
    def __init__(self, former: Former, round_: str, window: Window) -> None:
        self.former, self.round, self.window = former, round_, window
        self.layout = former.layout
        self.answers = answers_of(former.layout, former.cells)
        self.old = Rows(self.layout, self.answers, former.required)
        self.emptied: dict[str, Plain] = {}
        out = self.old.closed | self._long_past() if round_ == CARRIED else frozenset[str]()
        self.left_out = tuple(row for row in self.old.every if row in out)
        self._gone = frozenset(self.left_out)
        self.taken = _closing_up(self.layout, self.old, self._gone)
        self.staying = self._staying()
        self.kept = Rows(self.layout, self.staying).every
        before = former.before
        held = answers_of(self.layout, before.cells) if before else {}
        self._same = followed(self.layout, held, self.answers) if before else {}

    def _long_past(self) -> frozenset[str]:
        """Rows of a day of record that no plan of the new window may name any more."""
        return frozenset(
            item.group
            for path, value in self.answers.items()
            for item in [self.layout.inputs[path][1]]
            if item.field.kind is Kind.PAST_DATE and item.group.endswith("]")
            if (day := _day(value)) is not None and day < self.window.first_record
        )

    def _is_out(self, path: str) -> bool:
        return path in self._gone or any(item.path in self._gone for item in rows_of(path))

    # --- cells

    def cells(self) -> dict[str, Plain]:
        """What the new copy begins with, in sheet order of the former form, what is shown of a row behind all else."""
        staying = self.staying
        for table in sorted(self.taken, key=lambda table: -table.count("[")):
            staying = moved(self.layout, staying, table, self.taken[table])
        order = {path: at for at, path in enumerate(self.layout.inputs)}
        found = {path: staying[path] for path in sorted(staying, key=order.__getitem__)}
        for row in self.kept:
            found |= self._shown(row)
        return found

    def _staying(self) -> dict[str, Plain]:
        """The answers that stand in the new copy too, by their former paths; fills `emptied` with the others."""
        dangling = set(self.old.dangling()) if self.round == CARRIED else set()
        found: dict[str, Plain] = {}
        for path, value in self.answers.items():
            if self._is_out(path):
                continue
            if path in dangling or self._is_emptied(self.layout.inputs[path][1], value):
                self.emptied[path] = value
            else:
                found[path] = value
        return found

    def _is_emptied(self, item: Input, value: Plain) -> bool:
        meaning = item.field.meaning
        if (item.group == "" and item.name in OPEN_OF_PLAN) or is_note(self.layout, item):
            return True
        if self.round == STATUS_ROUND:
            return meaning in (Meaning.DONE, Meaning.STATUS) and self._in_activity(item)
        if item.group.startswith(f"{_SIGNED}["):
            return True
        dated = meaning in (Meaning.DUE, Meaning.START) and self._in_activity(item)
        return dated and not self._is_within(value)

    def _in_activity(self, item: Input) -> bool:
        return item.group.endswith("]") and is_activity(self.old.group(item.group))

    def _is_within(self, value: Plain) -> bool:
        day = _day(value)
        return day is not None and self.window.first <= day <= self.window.last

    def _shown(self, row: str) -> dict[str, Plain]:
        """What the new copy says beside a row: how it stood, and when it was due first."""
        if not is_activity(self.old.group(row)):
            return {}
        to = placed(row, self.taken)
        told = {LAST_STATUS: self.old.said(row), FIRST_DUE: self._first_due(row)}
        return {path_of(to, name): value for name, value in told.items() if value is not None}

    def _first_due(self, row: str) -> Plain:
        """The first day on which the row was ever due."""
        before, was = self.former.before, self._same.get(row)
        known = before.cells.get(path_of(was, FIRST_DUE)) if before and was else None
        due = self.old.of_meaning(row, Meaning.DUE)
        return known if known is not None else due if _day(due) is not None else None

    def slots(self) -> dict[str, int]:
        """The capacity that the new copy needs, by table; at the mid-year check that of the former one."""
        if self.round == STATUS_ROUND:
            return {path: group.slots for path, group in self.layout.spec.walk() if group.slots is not None}
        found: dict[str, int] = {}
        for row in (placed(one, self.taken) for one in self.kept):
            table = table_of(row)
            found[table] = max(found.get(table, 0), rows_of(row)[-1].slot + 1)
        return dict(sorted(found.items()))

    # --- rows

    def rows(self) -> dict[str, CarriedRow]:
        """Every row of the new copy, with what former rounds said of it."""
        return {placed(row, self.taken): self._row(row) for row in self.kept}

    def _row(self, row: str) -> CarriedRow:
        before, was = self.former.before, self._same.get(row)
        known = before.rows.get(was) if before and was else None
        if known is not None and not self.former.came:
            return CarriedRow(id=known.id, was=row, past=known.past)
        own = Past(
            campaign=self.former.campaign, title=self.former.title, year=self.former.year,
            round=self.layout.spec.facts.round, source=self.former.sha256, path=row, text=self.old.text(row),
            status=self.old.said(row) if is_activity(self.old.group(row)) else None,
            due=self.old.of_meaning(row, Meaning.DUE), learned=self.old.note(row, LEARNED),
            changes=self.old.note(row, CHANGES),
        )  # fmt: skip
        if known is None:
            return CarriedRow(id=f"{self.former.campaign}:{row}", was=row, past=(own,))
        return CarriedRow(id=known.id, was=row, past=(*known.past, own))


def _closing_up(layout: Layout, rows: Rows, gone: frozenset[str]) -> dict[str, Slots]:
    """Table → slot before → slot after, where rows are left out: those that stay first, then the empty ones.

    Rows that the form prints have their own places, and keep them. Tables are named as they stood before.
    """
    filled = set(rows.every)
    found: dict[str, Slots] = {}
    touched = {rows_of(row)[-1].table for row in gone}
    for table, slots in tables_in(layout).items():
        if table not in touched or rows.group(f"{table}[0]").printed is not None:
            continue
        staying = [slot for slot in slots if f"{table}[{slot}]" in filled - gone]
        order = [*staying, *(slot for slot in slots if slot not in staying)]
        found[table] = {slot: at for at, slot in enumerate(order)}
    return found


def _day(value: Plain) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
