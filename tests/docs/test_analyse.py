"""docs/how-to/analyse.md: every block of it runs, and all ways of counting come to the same."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import psycopg
import pytest

import xlplan
from tests.cli.runner import run
from tests.pipeline.loop import begun, returned
from tests.postgresql import postgresql
from xlplan.campaign import open_campaign
from xlplan.form.inspect import spec_of
from xlplan.samples import sample_plans
from xlplan.samples.variation import varied
from xlplan.templates import template

__all__ = ["postgresql"]
pytestmark = pytest.mark.xdist_group("analyse")  # what is made once serves them all
PAGE = Path(xlplan.__file__).parents[1] / "docs" / "how-to" / "analyse.md"
LINES = tuple(
    f"5308250,Spokane,{530825001378 + at},{name}"
    for at, name in enumerate(("Adams", "Browne", "Finch", "Garry", "Adams"))
)
ADDRESS = "postgresql://analyst@db.district.example/plans"
Tuples = list[tuple[Any, ...]]


def blocks(heading: str, language: str) -> list[str]:
    """The blocks in this language below a heading that begins so."""
    (section,) = [
        part for part in re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.M) if part.startswith(heading)
    ]
    return re.findall(rf"^```{language}\n(.*?)^```$", section, flags=re.M | re.S)


@dataclass(frozen=True)
class Desk:
    """A folder with the campaign `autumn`, and what the page's Python came to."""

    folder: Path
    names: dict[str, Any]

    @property
    def by_source(self) -> dict[str | None, Decimal]:
        series = self.names["by_source"]
        return {None if pd.isna(key) else key: amount for key, amount in series.items()}

    @property
    def overdue(self) -> Tuples:
        return [tuple(row) for row in self.names["overdue"].itertuples(index=False)]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Five schools, two of one name, one of which has not returned its plan."""
    folder = tmp_path_factory.mktemp("desk")
    begun(folder / "autumn", "sfss", LINES)
    settings = folder / "autumn" / "campaign.toml"
    settings.write_text(re.sub(r'(?m)^id = ".*"', 'id = "autumn"', settings.read_text("utf-8")), "utf-8")
    plans = [varied(plan, at, spec_of(template("sfss"))) for at, plan in enumerate(sample_plans("sfss")[:4])]
    plans[0]["resources"][0]["funding_source"] = "=Levy, 2nd part"
    returned(open_campaign(folder / "autumn"), plans)
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for block in blocks("In a notebook", "python"):
            exec(compile(block, PAGE.name, "exec"), names)
        yield Desk(folder, names)


def exported(desk: Desk, heading: str, address: str = "") -> None:
    """The commands of a section."""
    for command in "".join(blocks(heading, "sh")).splitlines():
        words = command.replace(ADDRESS, address or ADDRESS).split()
        assert words[0] == "xlplan" and run(*words[1:], cwd=desk.folder).code == 0, command


def test_the_page_has_blocks_of_every_kind() -> None:
    """None of the tests below is kept by an empty set; nothing stands in a block that is not run."""
    every = re.findall(r"^```(\w*)\n", PAGE.read_text("utf-8"), flags=re.M)
    sections = ("In a notebook", "In Excel", "SQL on SQLite", "SQL on PostgreSQL", "Files for other")
    run_here = [
        block for name in sections for kind in ("python", "sh", "sql") for block in blocks(name, kind)
    ]
    assert len(every) // 2 == len(run_here) > 12  # each fence stands before and behind


def test_pandas_comes_to_what_the_plans_say(desk: Desk) -> None:
    """Counted once more without tables: in the typed plans."""
    plans = desk.names["autumn"].plans
    assert sorted(plans) == [str(530825001378 + at) for at in range(4)]
    expected: dict[str | None, Decimal] = {}
    for plan in plans.values():
        for line in plan.resources:
            if line.cost is not None:
                expected[line.funding_source] = expected.get(line.funding_source, Decimal(0)) + line.cost
    assert desk.by_source == expected and "=Levy, 2nd part" in expected
    late: dict[str, int] = {}
    for key, plan in plans.items():
        steps = [step for c in plan.challenges for s in c.strategies for step in s.steps]
        late[key] = sum(step.due < date(2027, 1, 31) and not step.done for step in steps)
    assert sorted(row[2] for row in desk.overdue) == sorted(count for count in late.values() if count)
    assert desk.names["first_due"] == min(
        step.due for c in plans["530825001378"].challenges for s in c.strategies for step in s.steps
    )


def test_the_pivots_source_is_there(desk: Desk) -> None:
    """The table has the columns that the clicks name, and sums to the same."""
    exported(desk, "In Excel")
    book = openpyxl.load_workbook(desk.folder / "autumn.xlsx")
    named = {
        "all_money": {"role", "source", "amount"},
        "all_activities": {"status", "district", "school", "row", "days_late"},
    }
    for title, columns in named.items():
        sheet = book[title]
        (table,) = sheet.tables.values()
        head, *lines = sheet[table.ref]
        assert columns <= {cell.value for cell in head} and {*table.column_names} >= columns
        assert all(f"`{column}`" in PAGE.read_text("utf-8") for column in columns)
        if title == "all_money":
            rows = [
                dict(zip((c.value for c in head), (c.value for c in line), strict=True)) for line in lines
            ]
            found: dict[str | None, Decimal] = {}
            for row in rows:
                if row["role"] == "Cost" and row["amount"] is not None:
                    amount = Decimal(str(row["amount"])).quantize(Decimal("0.01"))
                    found[row["source"]] = found.get(row["source"], Decimal(0)) + amount
            assert found == desk.by_source


def test_sqlite_comes_to_the_same(desk: Desk) -> None:
    exported(desk, "SQL on SQLite")
    sources, overdue, steps = blocks("SQL on SQLite", "sql")
    with closing(sqlite3.connect(desk.folder / "autumn.sqlite")) as database:
        found = {row[0]: Decimal(str(row[1])).quantize(Decimal("0.01")) for row in database.execute(sources)}
        assert found == desk.by_source
        assert list(database.execute(overdue)) == desk.overdue
        counted = {row[:3]: row[3] for row in database.execute(steps)}
    assert counted == desk.names["steps_by_strategy"].to_dict() and len(counted) > 4


def test_postgresql_comes_to_the_same(desk: Desk, postgresql: Callable[[], str]) -> None:
    url = postgresql()
    exported(desk, "SQL on PostgreSQL", url)
    path, sources, overdue = (block.encode() for block in blocks("SQL on PostgreSQL", "sql"))
    with psycopg.connect(url) as database:
        database.execute(path)
        assert dict(database.execute(sources).fetchall()) == desk.by_source
        assert database.execute(overdue).fetchall() == desk.overdue


def test_files_are_there_for_other_programs(desk: Desk) -> None:
    exported(desk, "Files for other")
    for block in blocks("Files for other", "python"):
        exec(compile(block, PAGE.name, "exec"), desk.names)
    same = desk.names["same"]
    assert same[same["role"] == "Cost"]["amount"].dropna().sum() == sum(desk.by_source.values())
    names = {path.name for path in (desk.folder / "package").iterdir()}
    assert {"datapackage.json", "all_money.csv", "steps.csv"} <= names
    assert (
        len(names) - 1
        == len(list((desk.folder / "tables").iterdir()))
        == len(list((desk.folder / "json").iterdir()))
    )
    assert "'=Levy, 2nd part" in (desk.folder / "tables" / "resources.csv").read_text("utf-8")
