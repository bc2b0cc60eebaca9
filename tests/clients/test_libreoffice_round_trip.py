"""A school works on its copy in LibreOffice: what it types comes back, what it must not touch stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from xlplan.campaign import Campaign
from xlplan.excel.plate import stamp
from xlplan.excel.read import read_workbook
from xlplan.findings import Finding
from xlplan.form.expressions import column_letters, serial
from xlplan.form.spec import FormFacts
from xlplan.layout.book import Book
from xlplan.ledger import Ledger
from xlplan.pipeline.cells import cells_of
from xlplan.pipeline.check import Context, Result, check_file
from xlplan.pipeline.collect import context_of
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_of, personal
from xlplan.pipeline.generate import generate, plate_of
from xlplan.pipeline.start import start_campaign
from xlplan.samples import roster_file, sample_plans
from xlplan.templates import TEMPLATES

from .libreoffice import Cell, LibreOffice

pytestmark = pytest.mark.xdist_group("libreoffice")

FORMATS = ("xlsx", "ods", "xls")
FROM, TO = date(2026, 9, 1), date(2027, 6, 30)
LETTERS = "ABCD"
CHALLENGE = "Challenge 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A campaign of three schools with one school's copy, and what checking needs."""

    campaign: Campaign
    copy: Path
    context: Context
    cells: tuple[dict[str, Any], ...]

    @property
    def open_cells(self) -> Iterator[dict[str, Any]]:
        """The cells that a school fills in."""
        return (cell for cell in self.cells if not cell["locked"])

    def at(self, path: str) -> tuple[str, str]:
        """Sheet and address of a slot path."""
        return next((cell["sheet"], cell["cell"]) for cell in self.cells if cell["path"] == path)

    def check(self, file: Path) -> Result:
        """The file, checked within its campaign."""
        return check_file(file.read_bytes(), file.name, self.context)


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Issued:
    folder = tmp_path_factory.mktemp("round trip")
    roster = folder / "three.csv"
    roster.write_text("".join(roster_file().read_text("utf-8").splitlines(keepends=True)[:4]), "utf-8")
    campaign, _ = start_campaign(
        folder / "campaign", template="sfss", roster=roster, plan_from=FROM, plan_to=TO,
        return_by=date(2026, 12, 18), contact="plans@district.example", year="2026-27",
    )  # fmt: skip
    with Ledger.open(campaign.ledger_url) as ledger:
        now = datetime(2026, 11, 2, 9, tzinfo=UTC)
        copies = list(generate(campaign, ledger, campaign.roster.schools, now=now))
        context = context_of(campaign, ledger, None)
    assert len(copies) == 3
    copy = campaign.root / copies[1].file
    return Issued(campaign=campaign, copy=copy, context=context, cells=tuple(cells_of(str(copy))["cells"]))


@dataclass(frozen=True, slots=True)
class Entry:
    """What is typed into one cell and what the plan must hold then; an empty text types nothing."""

    cell: dict[str, Any]
    text: str
    value: object

    @property
    def stroke(self) -> tuple[str, str, str]:
        """The cell and text as the driver takes them."""
        return self.cell["sheet"], self.cell["cell"], self.text


def entries(cells: Iterator[dict[str, Any]]) -> tuple[Entry, ...]:
    """A value for each cell, distinct from those of all cells where its type has room for it."""
    number = count()
    return tuple(Entry(cell, *_answer(cell, next(number))) for cell in cells)


def _answer(cell: dict[str, Any], number: int) -> tuple[str, object]:
    """Text to type and value to come back."""
    kind = cell["type"]
    if kind in ("date", "past-date"):
        day = FROM + timedelta(days=number % ((TO - FROM).days + 1))
        return (day.isoformat() if number % 2 else f"{day.month}/{day.day}/{day.year}"), day.isoformat()
    if kind == "money":
        amount = Decimal("999999999.99") if cell["path"] == "resources[7].cost" else Decimal(number) + Decimal("0.07")
        return str(amount), str(amount)
    if kind == "yes-no":
        return ("Yes", True) if _coin(cell, 2) else ("No", False)
    if kind == "choice":
        choice = cell["choices"][number % len(cell["choices"])]
        return choice, choice
    if kind == "tick":
        return (cell["choices"][number % 2], True) if _ticked(cell) else ("", False)
    sheet = cell["sheet"]
    text = f"{sheet[:3]}{sheet[-1] if sheet[-1].isdigit() else ''} {cell['cell']}"
    if kind == "prose" and number % 10 == 0:
        text += "\n½ “é”"
    return text, text


def _coin(cell: dict[str, Any], sides: int) -> int:
    """Neither the same all over nor a pattern that a shift by a row or a column would repeat."""
    return sum(ord(char) * at * at for at, char in enumerate(cell["path"], 7)) // 3 % sides


def _ticked(cell: dict[str, Any]) -> bool:
    """Two of three ticks; with the first strategy's all, so that no cause and no priority goes without."""
    return "strategies[0]" in cell["path"] or bool(_coin(cell, 3))


def held(plan: Any, cell: dict[str, Any]) -> object:
    """What the plan holds for a cell, by slot path; list items and slots agree where every row is filled."""
    path, _, choice = cell["path"].partition("[" if False else "\0")
    del choice
    found: Any = plan
    parts = path.replace("]", "").replace("[", ".\1").split(".")
    if cell["type"] == "tick":
        *parts, last = _parts(cell["path"])
        for part in parts:
            found = found[part]
        return (LETTERS[last] if isinstance(last, int) else last) in found
    for part in _parts(cell["path"]):
        found = found[part]
    return found
