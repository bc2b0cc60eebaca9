"""What every sheet of a rollup is written from: the facts, where they stand in the workbook, and the words around."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from xlplan.rollup.book import Book, Figure
from xlplan.rollup.facts import table_named
from xlplan.rollup.measures import Measure, Regions, formula, value
from xlplan.rollup.store import Store

TOO_MUCH = 2_000_000  # cells looked through by all formulas of a block, beyond which it holds plain numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """One rollup as its sheets see it.

    `whose`: what titles say: a district's name, or "3 districts". `forms`: title and version of each template, main
    one first. `year`: of the campaign. `counting`: the campaign's setting. `regions`: where the data sheets will
    stand, empty in a workbook without data sheets. `out`: the file to be written, to which links are relative.
    `linked`: whether it has links to the schools' files. `reports`: the folder that keeps what later rollups compare
    with. `by`: which units stand side by side: district, region, or all of both.
    """

    store: Store
    as_of: date
    whose: str
    forms: tuple[str, ...]
    year: str
    counting: str
    regions: Regions = field(default_factory=dict)
    out: Path | None = None
    linked: bool = True
    reports: Path | None = None
    by: str = "district"

    @property
    def plans(self) -> int:
        """How many plans are in the figures."""
        return int(self.store.one("SELECT count(*) FROM plans WHERE counted"))

    @property
    def schools(self) -> int:
        """How many plans are asked for: one a school and template."""
        return int(self.store.one("SELECT count(*) FROM plans"))

    @property
    def basis(self) -> str:
        """What the note of a figure says: which plans are counted."""
        if self.counting == "readable":
            drafts = self.store.one("SELECT count(*) FROM plans WHERE counted AND draft")
            return f"Drafts are counted too: {drafts} of {self.plans} plans are not yet accepted."
        return "Plans not yet accepted are left out."

    def figure(self, measure: Measure, known: int | Decimal | None = None) -> Figure:
        """A figure with its formula over the data sheets; `known`: its value, where it was asked for with others."""
        found = value(self.store, measure) if known is None else known
        return Figure(found, formula(measure, self.regions))

    def by_formula(self, table: str, figures: int) -> bool:
        """Whether so many figures over a table may be formulas; if not, the sheet states their filter."""
        return table in self.regions and self.store.count(table_named(table)) * figures <= TOO_MUCH


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of the workbook: `has` tells whether there is anything to show, `write` adds it to the book."""

    name: str
    has: Callable[[Deck], bool]
    write: Callable[[Book, Deck], None]
