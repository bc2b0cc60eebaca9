"""A rollup with everything counted that its sheets share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from xlplan.rollup.book import quoted
from xlplan.rollup.data import Rollup, SchoolStatus
from xlplan.rollup.figures import Money, Priorities, Step, money_of, priorities_of, step_tables, steps_of
from xlplan.rollup.tables import tidy

_ROOM = 31 - len("data ")  # characters that a sheet's name leaves for a table's
FIXED = ("summary", "returns", "steps", "progress", "priorities", "findings", "charts data", "method")
TOO_MUCH = 2_000_000  # cells looked through by all formulas of a block, beyond which it holds plain numbers
ACCEPTED, AWAY = ("accepted", "approved"), ("not-issued", "issued")


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where a tidy table stands in the workbook: headers in row 1, rows below."""

    sheet: str
    rows: int
    columns: tuple[str, ...]

    def range(self, column: str) -> str:
        """The column's cells without their header."""
        letter = xl_col_to_name(self.columns.index(column))
        return f"{quoted(self.sheet)}!${letter}$2:${letter}${self.rows + 1}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The rollup, its counted plans as tables, and the figures."""

    rollup: Rollup
    tables: Mapping[str, pd.DataFrame]
    regions: Mapping[str, Region]  # of the tables that have rows
    steps: tuple[Step, ...]
    money: Money | None
    priorities: Priorities | None

    @property
    def plans(self) -> int:
        """How many plans the figures are made from."""
        return len(self.rollup.counted)

    @property
    def drafts(self) -> int:
        """How many of them are drafts."""
        return sum(plan.draft for plan in self.rollup.counted)

    @property
    def basis(self) -> str:
        """What every figure's note says: which plans are counted."""
        if self.rollup.drafts_count:
            return f"Drafts are counted too: {self.drafts} of {self.plans} plans are not yet accepted."
        topics = {"steps": step_tables(self.rollup.shape), "costs": self.money, "priorities": self.priorities}
        found = [name for name, there in topics.items() if there]
        what = " and ".join(part for part in (", ".join(found[:-1]), *found[-1:]) if part) or "all figures"
        return f"Plans not yet accepted are left out of {what}."

    def by_formula(self, table: str, columns: int) -> bool:
        """Whether so many figures a school are formulas: every school has an id, and it is not too much."""
        schools = [plan.school_id for plan in self.rollup.counted]
        cost = self.regions[table].rows * len(schools) * columns if table in self.regions else TOO_MUCH
        return all(schools) and cost < TOO_MUCH

    @property
    def money_sheet(self) -> str:
        """The name of the sheet about money, after its table."""
        name = self.money.table.name.replace("_", " ").capitalize()[:31] if self.money else "Money"
        return "Money" if name.lower() in FIXED else name

    def plan_names(self) -> dict[str, str]:
        """The counted plans' schools by their key, by district and name."""
        plans = sorted(self.rollup.counted, key=lambda plan: (plan.district, plan.name, plan.key))
        return {plan.key: plan.name for plan in plans}

    def in_state(self, *states: str) -> list[SchoolStatus]:
        """The schools in one of these states, as the rollup lists them."""
        return [status for status in self.rollup.statuses if status.state in states]

    @property
    def returned(self) -> list[SchoolStatus]:
        """The schools that something came back from."""
        return [status for status in self.rollup.statuses if status.state not in AWAY]

    def overdue(self) -> list[Step]:
        """The steps past their day."""
        return [step for step in self.steps if step.state == "overdue"]

    def step_counts(self) -> Counter[str]:
        """How many steps are in each state."""
        return Counter(step.state for step in self.steps)


def report_of(rollup: Rollup) -> Report:
    """Count everything once."""
    tables = tidy(rollup.shape, rollup.counted)
    keys = [plan.key for plan in rollup.counted]
    return Report(
        rollup=rollup,
        tables=tables,
        regions=_regions(tables),
        steps=steps_of(rollup.shape, tables, rollup.as_of),
        money=money_of(rollup.shape, tables),
        priorities=priorities_of(rollup.shape, tables, keys),
    )


def _regions(tables: Mapping[str, pd.DataFrame]) -> dict[str, Region]:
    filled: Sequence[tuple[str, pd.DataFrame]] = [pair for pair in tables.items() if len(pair[1])]
    short = Counter(name[:_ROOM].lower() for name, _ in filled)
    # "data" before the name keeps the table "steps" apart from the sheet Steps: Excel ignores case.
    return {
        name: Region(
            # where two long names begin alike, their places in the form tell the sheets apart
            sheet=f"data {name}"[:31] if short[name[:_ROOM].lower()] == 1 else f"data {place} {name}"[:31],
            rows=len(frame),
            columns=tuple(str(column) for column in frame.columns),
        )
        for place, (name, frame) in enumerate(filled, start=1)
    }
