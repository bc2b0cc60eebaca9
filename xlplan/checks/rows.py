"""A plan as checks see it: its filled cells by meaning, each with its slot path and place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from xlplan.findings import Finding, finding
from xlplan.form.markers import Meaning
from xlplan.intake.validate import Validated
from xlplan.layout.model import Layout

_SLOT = re.compile(r"\[(\d+)\]")


class PlanRows:
    """The plan's values with the cells they came from; `found` makes a finding that points at its cell."""

    def __init__(self, layout: Layout, validated: Validated, as_of: date | None) -> None:
        self.layout, self.plan, self.as_of = layout, validated.plan, as_of
        self.slots, self.filled = validated.slots, validated.filled

    def texts(self, meaning: Meaning) -> Iterator[tuple[str, str]]:
        """Slot path and text of every filled cell of that meaning, in sheet order."""
        for path in self.filled:
            _, item = self.layout.inputs[path]
            if item.field.meaning is meaning:
                value = self.value(path)
                if isinstance(value, str) and value:
                    yield path, value

    def value(self, path: str) -> Any:
        """The plan's value of a slot path; None where it could not be read."""
        found: Any = self.plan
        where = ""
        for part in path.split("."):
            name = part.split("[")[0]
            found = found.get(name) if isinstance(found, dict) else None
            where = f"{where}.{name}" if where else name
            for slot in _SLOT.findall(part):
                used = self.slots.get(self._closed(where), ())
                if not isinstance(found, list) or int(slot) not in used:
                    return None
                found = found[used.index(int(slot))]
                where += f"[{slot}]"
        return found

    def _closed(self, path: str) -> str:
        """A list's slot path with the slots of the rows around it closed up."""
        closed = ""
        position = 0
        for match in _SLOT.finditer(path):
            closed += path[position : match.start()]
            used = self.slots.get(closed, ())
            closed += f"[{used.index(int(match[1])) if int(match[1]) in used else match[1]}]"
            position = match.end()
        return closed + path[position:]

    def found(self, code: str, path: str, *, found: str | None = None, **facts: str) -> Finding:
        """A finding at the cell of that path."""
        ref = self.layout.cell_of(path)
        sheet, cell = self.filled.get(path) or ((ref.sheet, ref.a1) if ref else (None, None))
        return finding(code, path=path or None, sheet=sheet, cell=cell, found=found, **facts)
