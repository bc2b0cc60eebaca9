"""What a rollup is made from: plain data, handed in by those who read ledger, spec and layout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

READABLE = "readable"  # the counting that takes drafts in; any other takes accepted plans only


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One field of a table. `kind` is text prose person date past-date money yes-no choice tick or integer.

    `name` may be dotted where the field stands in an object of its row ("priority.decision").
    `mark` is what the field means, a value of form.markers.Meaning, or "". `target`: the table whose rows it
    refers to, `by` name, letter or number.
    """

    name: str
    kind: str
    label: str
    mark: str = ""
    target: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """One table of a template. `path` has `[]` after every enclosing list: "challenges[].strategies[].steps".

    The plan's own row has the path "". `parents` names the enclosing tables, outermost first; `sheet_title`
    is the family of sheets the table stands on ("Challenges").
    """

    name: str
    path: str
    columns: tuple[Column, ...]
    parents: tuple[str, ...] = ()
    sheet_title: str = ""

    def marked(self, mark: str) -> Column | None:
        """The first column of that meaning."""
        return next((column for column in self.columns if column.mark == mark), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A template as a rollup sees it; `tables[0]` is the plan's own single row."""

    template: str
    title: str
    version: int
    year: str
    tables: tuple[TableShape, ...]
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by column name
    sheets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRecord:
    """One plan that came back. `plan` is its JSON with lists closed up.

    `slots` gives, for a list's path in the plan, the slot of each item; `cells` gives, for a cell's path in
    slots, its sheet and cell. A draft is a plan that was rejected but could be read.
    """

    school_id: str
    school: str
    district_id: str
    district: str
    template: str
    version: int
    outcome: str
    draft: bool
    file: str
    received: date
    plan: Mapping[str, Any]
    slots: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    cells: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The school's id, of a district's own plan the district's."""
        return self.school_id or self.district_id

    @property
    def name(self) -> str:
        """The school's name, of a district's own plan the district's."""
        return self.school or self.district
