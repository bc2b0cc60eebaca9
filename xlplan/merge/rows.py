"""The rows of a plan by slot paths: which row an answer stands in, and what follows when rows take other slots."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xlplan.form.markers import Kind
from xlplan.form.spec import Field
from xlplan.layout.model import Input, Layout
from xlplan.layout.rows import path_of
from xlplan.merge.values import Plain

_Rows = dict[int, dict[str, Plain]]
Slots = Mapping[int, int]  # slot of a table → the slot that its row takes

_SLOT = re.compile(r"\[(\d+)\]")
_NUMBER = re.compile(r"\d{1,3}")
_TEXTS = (Kind.TEXT, Kind.PROSE, Kind.PERSON)


@dataclass(frozen=True, slots=True)
class RowPath:
    """One slot of a table, and its path."""

    table: str
    slot: int
    path: str


@lru_cache(maxsize=20_000)
def rows_of(group: str) -> tuple[RowPath, ...]:
    """The rows that a group stands in, the outermost first: "a[0].b[2].c" gives a[0] and a[0].b[2]."""
    found = _SLOT.finditer(group)
    return tuple(RowPath(group[: at.start()], int(at[1]), group[: at.end()]) for at in found)


def tables_in(layout: Layout) -> dict[str, tuple[int, ...]]:
    """The slots of every table, by its slot path, the outer tables first."""
    found: dict[str, set[int]] = defaultdict(set)
    for _, item in layout.inputs.values():
        for row in rows_of(item.group):
            found[row.table].add(row.slot)
    ordered = sorted(found, key=lambda table: (table.count("["), table))
    return {table: tuple(sorted(found[table])) for table in ordered}


def has_text(item: Input) -> bool:
    """Whether the answer is words of somebody's own."""
    return item.field.kind in _TEXTS


def refers(item: Input) -> bool:
    """Whether the answer names another row by its place: a tick for a lettered row, or a number."""
    return item.field.refers_to is not None and item.field.refers_to.by != "name"


def moved(layout: Layout, cells: Mapping[str, Plain], table: str, taken: Slots) -> dict[str, Plain]:
    """The answers with the rows of one table in other slots, and what refers to those rows by place with them."""
    if all(at == to for at, to in taken.items()):
        return dict(cells)
    found: dict[str, Plain] = {}
    for path, value in cells.items():
        item = layout.inputs[path][1]
        rest = path[len(item.group) :]
        if refers(item) and referred(item.group, item.field) == table:
            rest, value = _referring(item, rest, value, taken)
        found[_in_slot(item.group, table, taken) + rest] = value
    return found


def _in_slot(group: str, table: str, taken: Slots) -> str:
    """A group's path where the row of the table that it stands in has taken its slot."""
    if not group.startswith(f"{table}["):
        return group
    slot, _, rest = group[len(table) + 1 :].partition("]")
    return f"{table}[{taken.get(int(slot), int(slot))}]{rest}"


def _referring(item: Input, rest: str, value: Plain, taken: Slots) -> tuple[str, Plain]:
    """The end of a path and its answer, where the rows that these name have taken other slots."""
    if item.item is not None:
        return f"{rest[: rest.rindex('[')]}[{taken.get(item.item, item.item)}]", value
    if isinstance(value, str):
        value = _NUMBER.sub(lambda match: str(taken.get(int(match[0]) - 1, int(match[0]) - 1) + 1), value, 1)
    return rest, value


def referred(row: str, field: Field) -> str:
    """The table whose rows an answer of this row names by place."""
    assert field.refers_to is not None
    name = field.refers_to.target.rpartition(".")[2]
    table = row[: row.rindex("[")]
    if table.rpartition(".")[2] == name and field.refers_to.by == "number":
        return table
    return path_of(table[: max(table.rfind("."), 0)], name)


def inverse(taken: Slots) -> dict[int, int]:
    """The way back."""
    return {to: at for at, to in taken.items()}


def detected(layout: Layout, before: Mapping[str, Plain], after: Mapping[str, Plain]) -> dict[str, Slots]:
    """Which rows stand in other slots afterwards, known by what they hold: table → slot before → slot after.

    Each table is a permutation of its slots, and tables in which nothing moved are left out. Inner tables are named
    as they stood before.
    """
    found: dict[str, Slots] = {}
    here = dict(after)
    were, are = _contents(layout, before), _contents(layout, here)
    for table, slots in tables_in(layout).items():
        if not were[table] or were[table] == are[table]:
            continue
        taken = _table(slots, were[table], are[table])
        if any(at != to for at, to in taken.items()):
            found[table] = taken
            here = moved(layout, here, table, inverse(taken))
            are = _contents(layout, here)
    return found


def _table(slots: tuple[int, ...], were: _Rows, are: _Rows) -> dict[int, int]:
    taken = {slot: slot for slot in slots if slot in were and were[slot] == are.get(slot)}
    for known in (_whole, _lead):
        old = _unique({at: known(content) for at, content in were.items() if at not in taken})
        new = _unique({at: known(content) for at, content in are.items() if at not in taken.values()})
        for mark, at in old.items():
            if mark in new:
                taken[at] = new[mark]
    return _completed(taken, slots)


def _unique(marks: Mapping[int, object]) -> dict[object, int]:
    """What only one row has → that row."""
    rows: dict[object, list[int]] = defaultdict(list)
    for at, mark in marks.items():
        if mark:
            rows[mark].append(at)
    return {mark: at[0] for mark, at in rows.items() if len(at) == 1}


def _whole(content: Mapping[str, Plain]) -> object:
    """All that a row holds, if there is a text in it by which rows can be known."""
    return frozenset(content.items()) if _lead(content) else None


_LEAST_LEAD = 8  # characters by which a row can be known


def _lead(content: Mapping[str, Plain]) -> tuple[str, str] | None:
    """The longest text of a row, by which it is known when the rest of it has changed."""
    texts = [(len(value), end, value) for end, value in content.items() if isinstance(value, str)]
    length, end, text = max(texts, default=(0, "", ""))
    return (end, text) if length >= _LEAST_LEAD else None


def _contents(layout: Layout, cells: Mapping[str, Plain]) -> dict[str, _Rows]:
    """What each filled row of every table holds, by the ends of its paths; references by place left out."""
    found: dict[str, _Rows] = defaultdict(dict)
    for path, value in cells.items():
        item = layout.inputs[path][1]
        if value is not None and not refers(item):
            for row in rows_of(item.group):
                found[row.table].setdefault(row.slot, {})[path[len(row.path) :]] = value
    return found


def _completed(taken: Mapping[int, int], slots: Iterable[int]) -> dict[int, int]:
    """The permutation that the known rows belong to: others stay where they are, or take what is free, in order."""
    found, every = dict(taken), list(slots)
    free = [slot for slot in every if slot not in found.values()]
    for slot in every:
        if slot not in found and slot in free:
            found[slot] = slot
            free.remove(slot)
    for slot in every:
        if slot not in found:
            found[slot] = free.pop(0)
    return found
