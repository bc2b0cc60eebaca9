"""Where the rows of a table stand in a plan: each with the rows around it, its numbers and its slot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlplan.rollup.data import PlanRecord, TableShape


@dataclass(frozen=True, slots=True)
class Place:
    """One row. `items`: the plan, the rows around it, and last its own; `places`: their paths in slots.

    `numbers` count the row and those around it from 1, `slot` is its place in the workbook from 0.
    """

    items: tuple[Any, ...]
    places: tuple[str, ...]
    numbers: tuple[int, ...]
    slot: int

    @property
    def item(self) -> Any:
        """The row's own values."""
        return self.items[-1]

    @property
    def path(self) -> str:
        """The row's path in slots."""
        return self.places[-1]


def rows_of(table: TableShape, plan: PlanRecord) -> Iterator[Place]:
    """The rows of a table in a plan, in the plan's order."""
    if not table.path:
        yield Place((plan.plan,), ("",), (1,), 0)
        return
    names = [segment.removesuffix("[]") for segment in table.path.split(".")]
    yield from _walk(plan, names, "", Place((plan.plan,), ("",), (), 0))


def _walk(plan: PlanRecord, names: Sequence[str], closed: str, row: Place) -> Iterator[Place]:
    """The rows below `row`; `closed` is its path with lists closed up, as `plan.slots` speaks."""
    value = row.item.get(names[0]) if isinstance(row.item, Mapping) else None
    path, place = joined(closed, names[0]), joined(row.path, names[0])
    found: list[tuple[str, Place]] = []
    if isinstance(value, Mapping):
        numbers = row.numbers if names[1:] else (*row.numbers, 1)
        found = [(path, Place((*row.items, value), (*row.places, place), numbers, 0))]
    else:
        slots = plan.slots.get(path, ())
        for index, item in enumerate(value if isinstance(value, list | tuple) else ()):
            slot = slots[index] if index < len(slots) else index
            there = (*row.places, f"{place}[{slot}]")
            found.append(
                (f"{path}[{index}]", Place((*row.items, item), there, (*row.numbers, index + 1), slot))
            )
    for deeper, inner in found:
        if names[1:]:
            yield from _walk(plan, names[1:], deeper, inner)
        else:
            yield inner


def joined(path: str, name: str) -> str:
    """A path and a name below it."""
    return f"{path}.{name}" if path else name
