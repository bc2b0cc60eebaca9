"""A plan's lists laid over the rows that a copy of the mid-year check has in use, where none can be added."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import Group
from xlplan.layout.model import Layout
from xlplan.layout.rows import path_of


def in_use(layout: Layout, plan: Mapping[str, Any], held: Mapping[str, object]) -> Mapping[str, Any]:
    """The plan with as many items of each list as rows are in use at the slots of these rows; None between them.

    A plan that was read has its empty slots closed up. `held`: what stands in the copy, by slot path. Letters and
    numbers by which rows refer to others are left out then, since they count the closed-up rows; they are locked.
    """
    if layout.spec.facts.round != STATUS_ROUND or not isinstance(plan, Mapping):
        return plan
    rows: set[str] = set()
    for path in held:
        sheet_item = layout.inputs[path][1]
        if sheet_item.field.locked and not sheet_item.field.shown:
            row = sheet_item.group
            while row and row not in rows:
                rows.add(row)
                row = row[: max(row.rfind("."), row.rfind("["), 0)]
    spread = _Spread(rows)
    made: dict[str, Any] = spread.object(layout.spec.root, "", plan)
    return _without_counts(layout.spec.root, made) if spread.gaps else made


class _Spread:
    def __init__(self, rows: set[str]) -> None:
        self.rows, self.gaps = rows, False

    def object(self, group: Group, path: str, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        made = dict(data)
        for inner in group.groups:
            if inner.name in data:
                where = path_of(path, inner.name)
                many = inner.slots is not None
                made[inner.name] = (self._rows if many else self.object)(inner, where, data[inner.name])
        return made

    def _rows(self, group: Group, path: str, items: Any) -> Any:
        used = [k for k in range(group.slots or 0) if f"{path}[{k}]" in self.rows]
        if not isinstance(items, list) or len(items) != len(used):
            return items
        made: list[Any] = [None] * (used[-1] + 1 if used else 0)
        for k, item in zip(used, items, strict=True):
            made[k] = item if group.plain else self.object(group, f"{path}[{k}]", item)
        self.gaps = self.gaps or used != list(range(len(used)))
        return made


def _without_counts(group: Group, data: Any) -> Any:
    """The data without locked references by letter or number."""
    if not isinstance(data, Mapping):
        return data
    made = dict(data)
    for item in group.fields:
        if item.locked and item.refers_to is not None and item.refers_to.by in ("letter", "number"):
            made.pop(item.name, None)
    for inner in group.groups:
        if inner.plain or inner.name not in made:
            continue
        value = made[inner.name]
        if isinstance(value, list):
            made[inner.name] = [_without_counts(inner, item) for item in value]
        else:
            made[inner.name] = _without_counts(inner, value)
    return made
