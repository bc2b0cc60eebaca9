"""The district workbook: its numbers, its safety, and what it does without data."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.rollup import district
from xlplan.rollup.data import Column, Rollup, TableShape
from xlplan.rollup.workbook import write_workbook


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of the whole district."""
    path = tmp_path_factory.mktemp("rollup") / "district.xlsx"
    write_workbook(district.rollup(), path)
    return path


def values(path: Path, sheet: str) -> list[list[Any]]:
    """The cells of a sheet as they would be shown, formulas by their cached values."""
    loaded = openpyxl.load_workbook(path, data_only=True)
    return [list(row) for row in loaded[sheet].iter_rows(values_only=True)]


def row_of(path: Path, sheet: str, label: str) -> list[Any]:
    """The last row that begins so."""
    return next(row for row in reversed(values(path, sheet)) if row[0] == label)


def accepted_plans() -> list[dict[str, Any]]:
    """The plans that count."""
    return [district.plan(at) for at in range(12) if at not in (*district.AWAY, *district.DRAFTS)]


def steps_of(plans: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every step of these plans."""
    return [
        step
        for plan in plans
        for part in plan["challenges"]
        for s in part["strategies"]
        for step in s["steps"]
    ]


def test_sheets_stand_in_their_order_and_empty_ones_are_named(book: Path) -> None:
    """Data sheets come after the reports, the method last."""
    names = openpyxl.load_workbook(book).sheetnames
    assert names[:7] == ["Summary", "Returns", "Steps", "Resources", "Priorities", "Findings", "data schools"]
    assert names[-2:] == ["Charts data", "Method"] and "data relationships" not in names
    assert row_of(book, "Method", "Sheets left out")[1].startswith("data relationships")


def test_steps_agree_with_a_plain_count(book: Path) -> None:
    """Done, overdue, due in 30 days, later, no date, all."""
    soon = district.AS_OF + timedelta(days=30)
    steps = steps_of(accepted_plans())
    todo = [date.fromisoformat(step["due"]) for step in steps if not step["done"] and step["due"]]
    counts = [
        sum(bool(step["done"]) for step in steps),
        sum(day < district.AS_OF for day in todo),
        sum(district.AS_OF <= day <= soon for day in todo),
        sum(day > soon for day in todo),
        sum(not step["done"] and not step["due"] for step in steps),
        len(steps),
    ]
    months = next(row for row in values(book, "Steps") if row[0] == "All")
    assert months[1:7] == counts and counts[1] and counts[2]


def test_money_agrees_with_a_plain_sum(book: Path) -> None:
    """To the cent, by source and by school."""
    costs = [Decimal(item["cost"] or 0) for plan in accepted_plans() for item in plan["resources"]]
    rows = values(book, "Resources")
    totals = [row[3] for row in rows if row[0] == "All"]
    assert totals == [pytest.approx(float(sum(costs)))] * 2
    title_one = sum(
        Decimal(item["cost"] or 0)
        for plan in accepted_plans()
        for item in plan["resources"]
        if (item["funding_source"] or "").lower() == "title i"
    )
    assert row_of(book, "Resources", "Title I")[3] == pytest.approx(float(title_one))


def test_priorities_agree_with_a_plain_count(book: Path) -> None:
    """Strategies of all schools, and plans that cover it."""
    plans = accepted_plans()
    ticked = [[s["priorities"] for part in plan["challenges"] for s in part["strategies"]] for plan in plans]
    total = [sum(choice in s for plan in ticked for s in plan) for choice in district.PRIORITIES]
    cover = [
        f"{sum(any(choice in s for s in plan) for plan in ticked)} of 8" for choice in district.PRIORITIES
    ]
    assert row_of(book, "Priorities", "All strategies")[2:7] == total
    assert row_of(book, "Priorities", "Plans that cover it")[2:7] == cover


def test_returns_show_shares_by_family_of_sheets(book: Path) -> None:
    """Challenge 1 and 2 are one column; a dash where nothing came; what is not complete never reads 100%."""
    head, *rows = values(book, "Returns")[2:]
    assert head == ["School", "State", "Returned", "All sheets", "Plan", "Challenges", *district.SHEETS[3:]]
    by_school = {row[0]: row for row in rows}
    assert by_school["Tidewater Academy"][1:4] == ["○ Not returned, late", "–", "–"]
    assert (
        by_school["Orchard Lane Middle School"][5] == 0.94
        and by_school["Orchard Lane Middle School"][-1] == 0.5
    )
    assert rows[-1][3] == "8 of 12"


def test_drafts_count_only_when_asked_and_then_say_so(tmp_path: Path) -> None:
    """Counting readable plans takes drafts in, marks them and tells."""
    path = tmp_path / "drafts.xlsx"
    write_workbook(district.rollup(counting="readable"), path)
    assert "2 of 10 plans are not yet accepted" in values(path, "Summary")[1][0]
    assert any("with drafts" in str(cell) for row in values(path, "Summary") for cell in row)
    rows = values(path, "data schools")
    assert [row[rows[0].index("draft")] for row in rows[1:]].count(True) == 2


def test_what_schools_type_stays_text(book: Path) -> None:
    """A formula typed by a school is a string; only our own cells hold formulas."""
    sheet = openpyxl.load_workbook(book)["data rules"]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == district.HOSTILE] == ["s"]
    assert not any(cell.data_type == "f" for cell in cells)
    assert {cell.value for cell in sheet["C"]} >= {"053082500001"}


def test_every_data_sheet_is_a_real_table(book: Path) -> None:
    """With filters, and its header is the column's name."""
    loaded = openpyxl.load_workbook(book)
    for name in (name for name in loaded.sheetnames if name.startswith("data ")):
        (table,) = loaded[name].tables.values()
        assert table.name == name.replace(" ", "_") and table.autoFilter is not None
        assert [column.name for column in table.tableColumns] == [cell.value for cell in loaded[name][1]]


def test_nothing_is_locked_and_every_page_is_set_up_for_letter(book: Path) -> None:
    """A district may do with it what it likes."""
    for sheet in openpyxl.load_workbook(book):
        assert not sheet.protection.sheet and sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToWidth in (None, 1) and sheet.sheet_properties.pageSetUpPr.fitToPage
        assert not sheet.sheet_view.showGridLines and not sheet.merged_cells.ranges


def test_charts_tell_their_numbers_in_words(book: Path) -> None:
    """The alt text has the type and every number."""
    with zipfile.ZipFile(book) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    texts = re.findall(r'descr="([^"]+)"', drawing)
    assert (
        len(texts) == 2 and texts[0].startswith("Bar chart.") and texts[1].startswith("Stacked column chart.")
    )
    assert "Strategic Partnerships &amp; Coalitions: 4" in texts[0] and "Dec: Done 0, Overdue 6" in texts[1]


def test_equal_rollups_give_equal_files(book: Path, tmp_path: Path) -> None:
    """No clock and no chance in it."""
    write_workbook(district.rollup(), tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == book.read_bytes()


def nothing_back() -> Rollup:
    """Twelve schools of which none answered."""
    away = [replace(district.status(at), state="issued", received=None, completeness=()) for at in range(12)]
    return district.rollup(plans=(), findings=(), statuses=tuple(away))


@pytest.mark.parametrize("rollup", [nothing_back(), district.rollup(plans=(), findings=(), statuses=())])
def test_without_returns_it_says_so(rollup: Rollup, tmp_path: Path) -> None:
    """No school answered, or there is no school."""
    path = tmp_path / "empty.xlsx"
    write_workbook(rollup, path)
    assert openpyxl.load_workbook(path).sheetnames == ["Summary", "Returns", "Charts data", "Method"]
    assert "No plan has come back yet" in values(path, "Summary")[1][0]
    assert row_of(path, "Method", "Sheets left out")[1].startswith("Steps; Resources; Priorities; Findings")


def test_another_template_is_known_by_its_marks(tmp_path: Path) -> None:
    """Benchmarks with a status in place of done; no money and no priorities; more than one district."""
    fields = (
        ("benchmark", "prose", "step"),
        ("owner", "person", "owner"),
        ("due", "date", "due"),
        ("status", "choice", "status"),
    )
    columns = tuple(Column(name=name, kind=kind, label=name, mark=mark) for name, kind, mark in fields)
    tables = tuple(
        TableShape(
            name=name,
            path=f"initiatives[].{name}",
            columns=columns,
            parents=("initiatives",),
            sheet_title="Initiatives",
        )
        for name in ("process_benchmarks", "early_evidence")
    )
    due = (("2026-10-01", "Met"), ("2026-10-01", None), ("2026-12-24", "In progress"), (None, "Not met"))
    rows = [{"benchmark": "b", "owner": "o", "due": day, "status": status} for day, status in due]
    plan = {"initiatives": [{"process_benchmarks": rows, "early_evidence": rows[:1]}]}
    statuses = (district.status(0), replace(district.status(1), district_id="1", district="Elsewhere"))
    path = tmp_path / "other.xlsx"
    shape = replace(district.shape(), tables=tables, choices={})
    write_workbook(
        district.rollup(shape=shape, plans=(district.record(0, plan=plan),), statuses=statuses), path
    )
    months = next(row for row in values(path, "Steps") if row[0] == "All")
    assert months[1:7] == [3, 1, 1, 0, 0, 5]
    assert "Priorities" not in openpyxl.load_workbook(path).sheetnames
    assert values(path, "Returns")[2][:3] == ["School", "District", "State"]


@pytest.mark.xdist_group("libreoffice")
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
@pytest.mark.parametrize("counting", ["accepted", "readable"])
def test_libreoffice_counts_the_same(counting: str, tmp_path: Path) -> None:
    """Every formula, computed anew from a file without cached values, gives the value we had written."""
    whole, bare = tmp_path / "whole.xlsx", tmp_path / "bare.xlsx"
    write_workbook(district.rollup(counting=counting), whole)
    without_cached_values(whole, bare)
    home = f"-env:UserInstallation=file://{tmp_path / 'home'}"
    command = [
        "soffice",
        "--headless",
        home,
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "out"),
        str(bare),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    formulas, told = openpyxl.load_workbook(whole), openpyxl.load_workbook(whole, data_only=True)
    anew = openpyxl.load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    cells = [
        (s.title, c.coordinate) for s in formulas for row in s.iter_rows() for c in row if c.data_type == "f"
    ]
    assert len(cells) > 150
    wrong = [(at, told[at[0]][at[1]].value, anew[at[0]][at[1]].value) for at in cells]
    assert [item for item in wrong if item[1] != item[2] and item[1] != pytest.approx(item[2])] == []


def without_cached_values(source: Path, to: Path) -> None:
    """The same workbook with no value beside any formula."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", old.read(name)))


def test_schools_of_the_same_name_are_told_apart(tmp_path: Path) -> None:
    """Names repeat across districts; ids do not."""
    twin = {"school": "Lincoln Elementary"}
    plans = (district.record(0, **twin), district.record(4, **twin))
    path = tmp_path / "twins.xlsx"
    write_workbook(district.rollup(plans=plans, findings=()), path)
    gaps = [
        row[-1].count(";") + 1
        for row in values(path, "Priorities")
        if row[0] == "Lincoln Elementary" and row[-1]
    ]
    assert row_of(path, "Summary", f"Priorities not covered: {sum(gaps)}")[6] == "Talk about the next plan"
    costs = [sum(Decimal(item["cost"] or 0) for item in district.plan(at)["resources"]) for at in (0, 4)]
    shown = [row[3] for row in values(path, "Resources") if row[0] == "Lincoln Elementary"]
    assert sorted(shown) == pytest.approx(sorted(map(float, costs)))


def test_a_districts_own_plan_is_named_after_the_district(tmp_path: Path) -> None:
    """It has no school, and is counted like any other."""
    own = district.record(0, school_id="", school="")
    status = replace(district.status(0), school_id="", school="")
    path = tmp_path / "own.xlsx"
    write_workbook(
        district.rollup(plans=(own, district.record(1)), statuses=(status, district.status(1))), path
    )
    assert row_of(path, "Returns", district.DISTRICT[1])[1] == "✓ Accepted"
    assert row_of(path, "Resources", district.DISTRICT[1])[1] == len(district.plan(0)["resources"])
