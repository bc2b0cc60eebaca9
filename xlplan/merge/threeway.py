"""Several people's copies of one plan made into one, by slot, against the copies that they were made from.

An answer that one side changed is taken; where sides changed it to different things, somebody has to decide. A side
may have been made in several steps (issued copy, first return, correction copy, second return): what it once held and
then replaced is not held against it, nor against the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xlplan.form.text import folded
from xlplan.layout.model import Layout
from xlplan.merge.rows import Slots, detected, has_text, inverse, moved, rows_of, tables_in
from xlplan.merge.values import Plain

Answers = Mapping[str, Plain]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One person's plan. `versions`: filled answers by slot path, from the copy as issued to what came back.

    `also`: other ways on which the same plan came about, where it was merged from several.
    """

    label: str
    versions: tuple[Answers, ...]
    also: tuple[tuple[Answers, ...], ...] = ()

    @property
    def final(self) -> Answers:
        """What came back."""
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class Take:
    """Decision: what this side has."""

    side: int


@dataclass(frozen=True, slots=True)
class Keep:
    """Decision: what stood there before."""


@dataclass(frozen=True, slots=True)
class Write:
    """Decision: something else. For a row there is no such thing."""

    value: Plain


@dataclass(frozen=True, slots=True)
class Both:
    """Decision about two new rows in one slot: both, the second one in a free slot."""


Choice = Take | Keep | Write | Both


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What sides changed to different things: one answer, or a row that cannot be taken apart.

    `base`, `sides`: the answers under `path`, by slot path; for one answer at most that one. `room`: whether the table
    has a free slot for each further row, so that all of them can be kept.
    """

    path: str
    row: bool
    base: Answers
    sides: tuple[Answers, ...]
    room: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The one plan. `conflicts`: what had to be decided; `open`: what nobody has, left as it was."""

    cells: dict[str, Plain]
    conflicts: tuple[Conflict, ...]
    open: tuple[Conflict, ...] = field(default=())


def merge(layout: Layout, sides: Sequence[Side], choices: Mapping[str, Choice] | None = None) -> Merged:
    """One plan of these sides. `choices`: what was decided, by the paths of conflicts.

    Every path of every side must be one of the layout's inputs. The order of the sides decides nothing.
    """
    choices = dict(choices or {})
    made = _Merging(layout, [_aligned(layout, side) for side in sides], choices)
    found = made.merged()
    kept = [item.path for item in found.conflicts if item.room and isinstance(choices.get(item.path), Both)]
    return _with_both(made, found, kept) if kept else found


def _with_both(made: _Merging, found: Merged, rows: Sequence[str]) -> Merged:
    """The merge again, as if all but one had written what they put into these rows into free ones.

    What names such a row by its place follows, on each side, the row that this side means. A row for which the table
    has no free slots left is still open.
    """
    choices = {path: choice for path, choice in made.choices.items() if path not in rows}
    sides = made.apart(rows)
    again = _Merging(made.layout, sides, choices).merged()
    known = {item.path for item in found.conflicts}
    # a box in which all named the same place, which now means two rows, keeps what they typed
    new = {item.path: Write(_only_value(made, item.path)) for item in again.open if item.path not in known}
    if new:
        again = _Merging(made.layout, sides, choices | new).merged()
    left = {item.path for item in again.open}
    return Merged(
        cells=again.cells,
        conflicts=found.conflicts,
        open=tuple(item for item in found.open if item.path in left),
    )


def _only_value(made: _Merging, path: str) -> Plain:
    return next((side.versions[-1][path] for side in made.sides if path in side.versions[-1]), None)


Story = tuple[Plain, ...]  # what stood in one place, one after the other


@dataclass(frozen=True, slots=True)
class _Aligned:
    """A side with its rows where they stood in its first version; `slots`: where they stand in its last."""

    versions: tuple[dict[str, Plain], ...]
    slots: Mapping[str, Slots]
    also: tuple[tuple[dict[str, Plain], ...], ...] = ()

    def swapped(self, layout: Layout, table: str, taken: Slots) -> _Aligned:
        """The side with two rows of a table each in the other's place, from the first version on."""
        ways = [
            tuple(moved(layout, version, table, taken) for version in way)
            for way in (self.versions, *self.also)
        ]
        return _Aligned(ways[0], self.slots, tuple(ways[1:]))

    def stories(self, path: str) -> list[Story]:
        """What stood there one after the other, on each way."""
        found: list[Story] = []
        for way in (self.versions, *self.also):
            held = [version.get(path) for version in way]
            found.append(tuple(value for n, value in enumerate(held) if n == 0 or value != held[n - 1]))
        return found


def _aligned(layout: Layout, side: Side) -> _Aligned:
    versions, slots = _way(layout, side.versions)
    ways = (_way(layout, way)[0] for way in side.also)
    return _Aligned(versions, slots, tuple(way for way in ways if way[-1] == versions[-1]))


def _way(
    layout: Layout, versions: Sequence[Answers]
) -> tuple[tuple[dict[str, Plain], ...], Mapping[str, Slots]]:
    """Versions with their rows where they stood in the first; and where they stand in the last."""
    first, *later = versions
    made = [dict(first)]
    slots: dict[str, Slots] = {}
    for version in later:
        slots = detected(layout, made[-1], version)
        cells = dict(version)
        for table, taken in slots.items():  # outer tables first
            cells = moved(layout, cells, table, inverse(taken))
        made.append(cells)
    return tuple(made), slots


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of one answer. `base`: what all sides saw last; `wanted`: the different things it was changed to.

    `writers`: the sides that say these things.
    """

    base: Plain
    wanted: tuple[Plain, ...]
    writers: frozenset[int]


def _told(ways: Sequence[Sequence[Story]]) -> _Told:
    """A side whose story is the beginning of another's was seen there, and gone on from."""
    stories = [_nearest(own, [way for m, way in enumerate(ways) if m != n]) for n, own in enumerate(ways)]
    shared = 0
    while all(len(story) > shared for story in stories) and len({story[shared] for story in stories}) == 1:
        shared += 1
    begun = [story[0] for story in stories if story[0] is not None]
    base = stories[0][shared - 1] if shared else max(begun, key=str, default=None)
    writers = {
        n
        for n, story in enumerate(stories)
        if (story[-1] != base if shared else len(story) > 1)
        and not any(len(other) > len(story) and other[: len(story)] == story for other in stories)
    }
    return _Told(base, tuple(dict.fromkeys(stories[n][-1] for n in sorted(writers))), frozenset(writers))


def _nearest(own: Sequence[Story], others: Iterable[Sequence[Story]]) -> Story:
    """Of a side's stories the one that goes along with another side's for longest."""
    if len(own) == 1:
        return own[0]
    theirs = [story for way in others for story in way]
    return max(own, key=lambda story: max((_along(story, other) for other in theirs), default=0))


def _along(one: Story, other: Story) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


class _Merging:
    def __init__(self, layout: Layout, sides: Sequence[_Aligned], choices: Mapping[str, Choice]) -> None:
        self.layout, self.choices, self.sides = layout, choices, sides
        self.tables = tables_in(layout)
        self.conflicts: list[Conflict] = []
        self.cells: dict[str, Plain] = {}
        self.open: list[Conflict] = []
        self._all_told: dict[str, _Told] = {}

    def merged(self) -> Merged:
        rows = self._rows()
        under = {path: row for row in rows for path in self._under(row.path)}
        for path in self._paths:
            if path not in under:
                self._cell(path)
        for row in rows:
            self._decide(row)
        found: dict[str, Plain] = {path: value for path, value in self.cells.items() if value is not None}
        order = {path: n for n, path in enumerate(self.layout.inputs)}
        first = {conflict.path: min(self._order(conflict, order)) for conflict in self.conflicts}
        key = lambda conflict: first[conflict.path]  # noqa: E731 - one use, two lines
        final = self._placed(found)
        return Merged(
            cells={path: final[path] for path in self.layout.inputs if path in final},
            conflicts=tuple(sorted(self.conflicts, key=key)),
            open=tuple(sorted(self.open, key=key)),
        )

    def _order(self, conflict: Conflict, order: Mapping[str, int]) -> Iterable[int]:
        paths = [conflict.path] if not conflict.row else self._under(conflict.path)
        return (order[path] for path in paths)

    @cached_property
    def _paths(self) -> list[str]:
        """Every path at which something stands or stood, in sheet order."""
        known = {path for side in self.sides for version in side.versions for path in version}
        return [path for path in self.layout.inputs if path in known]

    @cached_property
    def _rows_with(self) -> dict[str, list[str]]:
        """Row path → the paths under it at which something stands or stood."""
        found: dict[str, list[str]] = {}
        for path in self._paths:
            for row in rows_of(self.layout.inputs[path][1].group):
                found.setdefault(row.path, []).append(path)
        return found

    def _under(self, row: str) -> list[str]:
        return self._rows_with.get(row, [])

    # --- one answer

    def _told(self, path: str) -> _Told:
        found = self._all_told.get(path)
        if found is None:
            found = self._all_told[path] = _told([side.stories(path) for side in self.sides])
        return found

    def _cell(self, path: str) -> None:
        told = self._told(path)
        if len(told.wanted) < 2:
            self.cells[path] = told.wanted[0] if told.wanted else told.base
            return
        sides = tuple(_only([path], side.versions[-1]) for side in self.sides)
        base = {} if told.base is None else {path: told.base}
        self._conflict(Conflict(path=path, row=False, base=base, sides=sides))

    # --- rows that cannot be taken apart

    def _rows(self) -> list[Conflict]:
        """The outermost rows that one side emptied and another changed, or that two sides filled anew."""
        found: list[Conflict] = []
        for row, paths in sorted(self._rows_with.items(), key=lambda item: item[0].count("[")):
            if any(row.startswith(f"{other.path}.") for other in found):
                continue
            if self._emptied(paths):
                found.append(self._row(row, paths, room=False))
            elif self._both_new(row, paths):
                found.append(self._row(row, paths, room=self._has_room(row)))
        for conflict in found:
            self._conflict(conflict)
        return found

    def _row(self, row: str, paths: Sequence[str], *, room: bool) -> Conflict:
        base = {path: value for path in paths if (value := self._told(path).base) is not None}
        sides = tuple(_only(paths, side.versions[-1]) for side in self.sides)
        return Conflict(path=row, row=True, base=base, sides=sides, room=room)

    def _emptied(self, paths: Sequence[str]) -> bool:
        """Whether a side emptied the row and another one wrote something into it."""
        told = [self._told(path) for path in paths]
        if all(item.base is None for item in told):
            return False
        empty = {n for n, side in enumerate(self.sides) if not _only(paths, side.versions[-1])}
        emptied = any(item.base is not None and item.writers & empty for item in told)
        return emptied and any(item.writers - empty for item in told)

    def _both_new(self, row: str, paths: Sequence[str]) -> bool:
        """Whether sides filled an empty row with answers that have nothing to do with each other."""
        if any(self.layout.inputs[path][1].group != row for path in paths):
            return False  # rows inside it, of which each stands for itself
        if any(self._told(path).base is not None for path in paths):
            return False
        both = [path for path in paths if len(self._told(path).wanted) > 1]
        shared = [path for path in paths if sum(path in side.versions[-1] for side in self.sides) > 1]
        texts = [path for path in shared if has_text(self.layout.inputs[path][1])]
        return len(both) > 1 and bool(texts) and all(self._unlike(path) for path in texts)

    def _unlike(self, path: str) -> bool:
        held = [side.versions[-1].get(path) for side in self.sides]
        texts = [folded(str(value)) for value in held if value is not None]
        return len(set(texts)) == len(texts)

    def _has_room(self, row: str) -> bool:
        """Whether the table has a slot that no side has anything in for every further row."""
        table = row[: row.rindex("[")]
        free = [slot for slot in self.tables[table] if f"{table}[{slot}]" not in self._rows_with]
        return len(free) >= len(self._fillings(row)) - 1

    def _fillings(self, row: str) -> list[dict[str, Plain]]:
        """The different things that sides wrote into a row, in an order of their own."""
        paths = self._under(row)
        found = [_only(paths, side.versions[-1]) for side in self.sides]
        different = {
            tuple(sorted((path, str(value)) for path, value in item.items())): item for item in found
        }
        return [different[key] for key in sorted(different) if different[key]]

    # --- deciding

    def _conflict(self, conflict: Conflict) -> None:
        self.conflicts.append(conflict)
        if not conflict.row:
            self._decide(conflict)

    def _decide(self, conflict: Conflict) -> None:
        choice = self.choices.get(conflict.path)
        paths = self._under(conflict.path) if conflict.row else [conflict.path]
        if isinstance(choice, Write) and not conflict.row:
            self.cells[conflict.path] = choice.value
            return
        taken: Answers = conflict.base
        if isinstance(choice, Take):
            taken = conflict.sides[choice.side]
        elif not isinstance(choice, Keep):
            self.open.append(conflict)
        for path in paths:
            self.cells[path] = taken.get(path)

    def apart(self, rows: Sequence[str]) -> list[_Aligned]:
        """The sides with what they wrote into each of these rows in slots of their own, but for the first ones."""
        sides, taken = list(self.sides), set(self._rows_with)
        for row in rows:
            table, slot = row[: row.rindex("[")], int(row[row.rindex("[") + 1 : -1])
            _, *others = self._fillings(row)
            free = [to for to in self.tables[table] if f"{table}[{to}]" not in taken]
            if len(free) < len(others):
                continue
            for filling, to in zip(others, free, strict=False):
                taken.add(f"{table}[{to}]")
                for n, side in enumerate(self.sides):
                    if _only(self._under(row), side.versions[-1]) == filling:
                        sides[n] = sides[n].swapped(self.layout, table, {slot: to, to: slot})
        return sides

    # --- the order of rows

    def _placed(self, cells: dict[str, Plain]) -> dict[str, Plain]:
        """The answers with rows where those who moved them wanted them."""
        tables = dict.fromkeys(table for side in self.sides for table in side.slots)
        found = cells
        # inner tables first: they are named as they stood before the outer ones moved
        for table in sorted(tables, key=lambda table: -table.count("[")):
            found = moved(self.layout, found, table, self._order_of(table, found))
        return found

    def _order_of(self, table: str, cells: Answers) -> dict[int, int]:
        """Slot → the slot that its row takes."""
        filled = [
            slot for slot in self.tables[table] if any(path.startswith(f"{table}[{slot}]") for path in cells)
        ]
        wanted: dict[int, int] = {}
        for slot in filled:
            asked = {side.slots[table].get(slot, slot) for side in self.sides if table in side.slots} - {slot}
            if asked and min(asked) not in wanted.values():
                wanted[slot] = min(asked)
        found = dict(wanted)
        for slots in (filled, self.tables[table]):
            for slot in slots:
                if slot not in found and slot not in found.values():
                    found[slot] = slot
            free = [slot for slot in self.tables[table] if slot not in found.values()]
            for slot in slots:
                if slot not in found:
                    found[slot] = free.pop(0)
        return found


def _only(paths: Iterable[str], cells: Answers) -> dict[str, Plain]:
    return {path: cells[path] for path in paths if cells.get(path) is not None}


def preferring(conflicts: Iterable[Conflict], side: int) -> dict[str, Choice]:
    """The decisions by which one side wins throughout."""
    return {conflict.path: Take(side) for conflict in conflicts}
