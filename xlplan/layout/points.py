"""The lines of To fix: every finding about a returned plan with its place, and the cells whose change answers it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from xlplan.catalogue import PUT_RIGHT
from xlplan.findings import Finding, Severity
from xlplan.form.expressions import is_filled
from xlplan.languages import say
from xlplan.layout import leftover
from xlplan.layout.leftover import LeftOver
from xlplan.layout.model import CellRef, Input, Layout
from xlplan.layout.tofix import FIX, NEED, PLAIN

MOST_WATCHED = 12  # cells that one line compares
_SLOT = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What came back, for its correction copy. `cells`: what the fresh copy's inputs hold, by slot path.

    `findings`: those about the answers as they stand in the fresh copy, and those that came with the file.
    """

    cells: Mapping[str, object]
    findings: tuple[Finding, ...]
    left_over: tuple[LeftOver, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The findings of one severity, or a reader's remarks. `like`: the kind of row of its heading.

    `weight`: of its cells' marks, if any.
    """

    severity: Severity
    like: int
    title: str
    promise: str
    weight: str


REMARK = "remark"  # the code of what a reader of the plan says of it
REMARKS = Group(
    severity=Severity.WARNING, like=FIX, title="▲ Remarks to answer", weight="fix",
    promise="Somebody in the district has read your plan and asks for these changes.",
)  # fmt: skip
ERRORS = Group(
    severity=Severity.ERROR, like=FIX, title="▲ Must be fixed", weight="fix",
    promise="The plan cannot be accepted until these are corrected.",
)  # fmt: skip
WARNINGS = Group(
    severity=Severity.WARNING, like=NEED, title="Please check", weight="need",
    promise="The plan is accepted with these; the district will see them listed.",
)  # fmt: skip
ADVICE = Group(
    severity=Severity.ADVICE, like=PLAIN, title="Advice", weight="",
    promise="Coaching from the template. Nothing is required.",
)  # fmt: skip
GROUPS = (REMARKS, ERRORS, WARNINGS, ADVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One finding as a line: its number, group, cell, the cells it watches, and what Check says of it."""

    number: int
    group: Group
    finding: Finding
    ref: CellRef | None
    field: str
    watched: tuple[str, ...]
    line: int | None = None  # of Left over


def points_of(layout: Layout, returned: Returned) -> list[Point]:
    """Every open finding of what came back, numbered in the order of To fix."""
    return _Points(layout, returned).made()


def _belongs(item: Finding, group: Group) -> bool:
    return (
        group is REMARKS if item.code == REMARK else group is not REMARKS and item.severity is group.severity
    )


def place_of(layout: Layout, item: Finding) -> CellRef | None:
    """The cell of a finding in the fresh copy, or the top of its sheet."""
    ref = layout.cell_of(item.path) if item.path else None
    if ref is None and any(plan.title == item.sheet for plan in layout.sheets):
        ref = CellRef(item.sheet or "", 1, 1)
    return ref


def field_of(layout: Layout, item: Finding) -> str:
    """What people call that of which a finding speaks: its row and label, its table, or its sheet."""
    found = _input(layout, item.path)
    if found is None:
        return item.sheet or say("The whole plan")
    place, label = found.place, found.field.label
    if item.path not in layout.inputs and not found.choice:
        row = (item.path or "").endswith("]")
        place, label = (place, "") if row else ("", _table(layout, item.path or ""))
    said = ", ".join(dict.fromkeys(filter(None, (place, label))))
    return said[:1].upper() + said[1:]


def _table(layout: Layout, path: str) -> str:
    """The label of a table."""
    try:
        return layout.spec.group(_SLOT.sub("[]", path)).label
    except KeyError:
        return ""


def _input(layout: Layout, path: str | None) -> Input | None:
    """The input of a path, or the first one under it."""
    if not path:
        return None
    under = _under(layout, path)
    return layout.inputs[under[0]][1] if under else None


def _under(layout: Layout, path: str) -> list[str]:
    if path in layout.inputs:
        return [path]
    return [known for known in layout.inputs if known.startswith((f"{path}.", f"{path}["))]


@dataclass(frozen=True, slots=True)
class _Points:
    layout: Layout
    returned: Returned

    def made(self) -> list[Point]:
        lines = self._lines_left_over()
        points: list[Point] = []
        open_ = [item for item in self.returned.findings if not item.waived and item.code not in PUT_RIGHT]
        open_ = [item for item in open_ if not self._out_of_reach(item)]
        for group in GROUPS:
            for item in [item for item in open_ if _belongs(item, group)]:
                points.append(self._point(len(points) + 1, group, item, lines.get((item.sheet, item.cell))))
        return points

    def _out_of_reach(self, item: Finding) -> bool:
        """Whether a finding asks nothing that must be done, of boxes that are locked: the school cannot."""
        under = _under(self.layout, item.path) if item.path else []
        locked = bool(under) and all(self.layout.inputs[path][1].locked for path in under)
        return locked and item.severity is not Severity.ERROR and item.code != REMARK

    def _point(self, number: int, group: Group, item: Finding, line: int | None) -> Point:
        if line is not None:
            said = say("Line {n}", n=line - leftover.FIRST_LINE + 1)
            return Point(
                number=number, group=group, finding=item, line=line, ref=None, field=said, watched=()
            )
        ref, said = place_of(self.layout, item), field_of(self.layout, item)
        return Point(
            number=number, group=group, finding=item, ref=ref, field=said, watched=self._watched(item)
        )

    def _lines_left_over(self) -> dict[tuple[str | None, str | None], int]:
        """Where a finding about what is left over has its line: by the sheet and cell that the finding names."""
        found: dict[tuple[str | None, str | None], int] = {}
        for row, (item, _) in enumerate(leftover.lines(self.returned.left_over), leftover.FIRST_LINE):
            found.setdefault(item.told or (item.sheet, item.cell), row)
            if item.code in ("extra-sheet", "sheet-twice"):
                found.setdefault((item.sheet, None), row)
        return found

    def _watched(self, item: Finding) -> tuple[str, ...]:
        """The cells whose change tells that somebody has been there."""
        under = _under(self.layout, item.path) if item.path and item.code != "table-full" else []
        under = [path for path in under if not self.layout.inputs[path][1].locked]
        if item.code == "missing" and len(under) > 1:
            under = [path for path in under if not is_filled(self.returned.cells.get(path))]
            asked = [path for path in under if self.layout.inputs[path][1].field.required]
            under = asked or under
        elif item.code == "too-few":
            under = self._free_row(under)
        return tuple(under[:MOST_WATCHED])

    def _free_row(self, under: list[str]) -> list[str]:
        """The boxes of a table's first row in which nothing stands."""
        groups: dict[str, list[str]] = {}
        for path in under:
            groups.setdefault(self.layout.inputs[path][1].group, []).append(path)
        cells = self.returned.cells
        free = (paths for paths in groups.values() if not any(is_filled(cells.get(path)) for path in paths))
        return next(free, under)
