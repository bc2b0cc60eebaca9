"""Every way out of a campaign tells the same: exports in all formats, straight SQL over the ledger, the workbook."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.pipeline.loop import DAY, begun, returned
from tests.postgresql import postgresql
from tests.rollup.exported import READERS, Rows, from_postgresql
from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.settings import COUNTING
from xlplan.form.inspect import spec_of
from xlplan.ledger import Ledger
from xlplan.notebook import load
from xlplan.pipeline.exporting import about, tables_of
from xlplan.pipeline.rolling import Source, deck_of
from xlplan.rollup.data import Shape, TableShape
from xlplan.rollup.exports.gather import fact_name, names_for
from xlplan.rollup.exports.model import ExportTable
from xlplan.rollup.exports.target import FORMATS, IN_FOLDERS, POSTGRESQL, Target
from xlplan.rollup.facts import TABLES
from xlplan.rollup.sheets.data import columns_of, sheet_name
from xlplan.rollup.workbook import write_workbook
from xlplan.samples import sample_plans
from xlplan.samples.variation import spoiled, varied
from xlplan.templates import TEMPLATES, template

__all__ = ["postgresql"]
pytestmark = pytest.mark.xdist_group("agreement")  # what is made once serves them all
SEEDS = (1, 2)
HEAD = "district_id,district,school_id,school,template"


@dataclass(frozen=True)
class Drawn:
    """A random campaign: its schools' plans are on any templates, some are drafts, some were never returned."""

    campaign: Campaign
    tables: list[ExportTable]
    rows: dict[str, Rows]  # as JSON has them
    shapes: tuple[Shape, ...]

    def money(self) -> dict[tuple[str, str], Decimal]:
        """Table and column → what its amounts come to."""
        return {
            (table.name, column.name): total(self.rows[table.name], column.name)
            for table in self.tables
            for column in table.columns
            if column.kind == "money"
        }


def total(rows: Rows, name: str) -> Decimal:
    return sum((row[name] for row in rows if row[name] is not None), Decimal(0))


@pytest.fixture(scope="module", params=SEEDS)
def drawn(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drawn]:
    chance = random.Random(request.param)
    folder = tmp_path_factory.mktemp("agreement")
    campaign = drawn_campaign(folder / f"seed-{request.param}", chance)
    with Ledger.open(campaign.ledger_url) as ledger, tables_of(campaign, ledger, DAY) as tables:
        source = Source(campaign, ledger, DAY)
        shapes = tuple(source.shape(name) for name in source.templates)
        written = Target("json", folder / "json").write(tables, about(campaign, DAY))
        rows = {item.table: READERS["json"](item, made) for item, made in zip(written, tables, strict=True)}
        yield Drawn(campaign, tables, rows, shapes)


def drawn_campaign(folder: Path, chance: random.Random) -> Campaign:
    names = chance.sample(sorted(TEMPLATES), 3)
    lines = [
        f"530825{at % 2},District {at % 2},5308250{at % 2}{at:04},School {at % 3},{chance.choice(names)}"
        for at in range(7)
    ]
    lines.append(f"5308250,District 0,,,{names[0]}")
    begun(folder, names[0], lines, head=HEAD)
    settings = folder / "campaign.toml"
    counting = f'counting = "{chance.choice(COUNTING)}"'
    text = settings.read_text("utf-8").replace('counting = "accepted"', counting)
    settings.write_text(text, "utf-8")
    campaign = open_campaign(folder)
    assert counting in text
    outcomes = {
        item.outcome for item in returned(campaign, [plan_of(campaign, at, chance) for at in range(8)])
    }
    assert outcomes <= {"accepted", "rejected"}
    return campaign


def plan_of(campaign: Campaign, at: int, chance: random.Random) -> dict[str, Any]:
    name = campaign.template_of(campaign.roster.schools[at])
    spec = spec_of(template(name))
    plan = varied(chance.choice(sample_plans(name)), chance.randrange(1000), spec)
    return spoiled(plan, chance.randrange(100), spec) if chance.random() < 0.3 else plan


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in ("json", POSTGRESQL)])
def test_every_format_has_the_same_rows(drawn: Drawn, format: str, tmp_path: Path) -> None:
    """To the cent and to the row."""
    to = tmp_path if format in IN_FOLDERS else tmp_path / f"x.{format}"
    written = Target(format, to).write(drawn.tables, about(drawn.campaign, DAY))
    read = {item.table: READERS[format](item, made) for item, made in zip(written, drawn.tables, strict=True)}
    assert read == drawn.rows
    assert sum(drawn.money().values()) > 0


def test_a_database_has_the_same_rows(drawn: Drawn, postgresql: Callable[[], str]) -> None:
    """Keys and references hold over random campaigns."""
    url = postgresql()
    written = {
        item.table: item for item in Target(POSTGRESQL, url).write(drawn.tables, about(drawn.campaign, DAY))
    }
    assert {made.name: from_postgresql(url)(written[made.name], made) for made in drawn.tables} == drawn.rows


def test_a_notebook_has_the_same_rows(drawn: Drawn) -> None:
    """Frames have as many rows and the same amounts, and each plan that counts is there."""
    found = load(drawn.campaign.root, DAY)
    assert {name: len(frame) for name, frame in found.frames.items()} == {
        name: len(rows) for name, rows in drawn.rows.items()
    }
    for (name, column), amount in drawn.money().items():
        assert found.frames[name][column].dropna().sum() == amount
    counted = sum(row["counted"] for row in drawn.rows["all_plans"])
    assert len(found.plans) + len(found.untyped) == counted
    assert set(found.schools["due" if "due" in found.schools else "received"].dt.date.dropna()) <= {DAY}


def test_straight_sql_over_the_ledger_agrees(drawn: Drawn) -> None:
    """Rows and amounts of every table, counted in the plans' own JSON by SQLite."""
    counting = ("accepted", "rejected") if drawn.campaign.settings.counting == "readable" else ("accepted",)
    names = names_for(drawn.shapes)
    with closing(sqlite3.connect(drawn.campaign.ledger_url.removeprefix("sqlite:///"))) as ledger:
        for shape, own in zip(drawn.shapes, names, strict=True):
            for table in shape.tables:
                told = drawn.rows[own[table.name]]
                source = f"{nested(table)} AND outcome IN ({', '.join(map(repr, counting))})"
                assert ledger.execute(f"SELECT count(*) {source}", (shape.template,)).fetchone()[0] == len(
                    told
                )
                for column in table.columns:
                    if column.kind == "money":
                        cents = f"SELECT sum(CAST(round(r.value ->> '$.{column.name}' * 100) AS INTEGER)) {source}"
                        found = ledger.execute(cents, (shape.template,)).fetchone()[0] or 0
                        assert Decimal(found).scaleb(-2) == total(told, column.name)


def nested(table: TableShape) -> str:
    """The rows of a table in the plans of a template, as `r`."""
    if not table.path:
        return "FROM returns, json_each(json_array(json(plan))) AS r WHERE template = ?"
    sources, outer = ["returns"], "plan"
    *around, own = table.path.replace("[]", "").split(".")
    for at, part in enumerate(around):
        sources.append(f"json_each({outer}, '$.{part}') AS a{at}")
        outer = f"a{at}.value"
    whole = f"json_type({outer}, '$.{own}')"
    rows = f"CASE {whole} WHEN 'object' THEN json_array({outer} -> '$.{own}') ELSE {outer} -> '$.{own}' END"
    return f"FROM {', '.join(sources)}, json_each({rows}) AS r WHERE template = ?"


def test_the_vocabulary_counts_what_the_templates_say(drawn: Drawn) -> None:
    """What all_money spends and frees is what the templates' own tables hold, and each row names its plan."""
    marks = {"money": "Cost", "freed": "Freed"}
    for mark, role in marks.items():
        own = [
            total(drawn.rows[names[table.name]], column.name)
            for shape, names in zip(drawn.shapes, names_for(drawn.shapes), strict=True)
            for table in shape.tables
            if (column := table.marked(mark)) is not None
        ]
        lines = [row for row in drawn.rows["all_money"] if row["role"] == role]
        assert total(lines, "amount") == sum(own)
    plans = {row["plan"]: row["counted"] for row in drawn.rows["all_plans"]}
    used = {row["plan"] for name, rows in drawn.rows.items() if not name.startswith("all_") for row in rows}
    assert used == {plan for plan, counted in plans.items() if counted}


def test_the_data_sheets_of_the_workbook_agree(drawn: Drawn, tmp_path: Path) -> None:
    """As many rows, and the same amounts, on the sheets that a district filters."""
    with Ledger.open(drawn.campaign.ledger_url) as ledger, deck_of([(drawn.campaign, ledger)], DAY) as deck:
        write_workbook(deck, tmp_path / "s.xlsx")
    with closing(openpyxl.load_workbook(tmp_path / "s.xlsx", read_only=True, data_only=True)) as book:
        agree(drawn, book)


def agree(drawn: Drawn, book: openpyxl.Workbook) -> None:
    for table in TABLES:
        told = drawn.rows[fact_name(table)]
        assert (sheet_name(table) in book.sheetnames) is bool(told)
        lines = list(book[sheet_name(table)].iter_rows(min_row=2, values_only=True)) if told else []
        assert len(lines) == len(told)
        for at, column in enumerate(columns_of(table)):
            if column.kind == "money":
                amounts = (Decimal(str(line[at])) for line in lines if line[at] is not None)
                assert sum(amounts, Decimal(0)).quantize(Decimal("0.01")) == total(told, column.name)
