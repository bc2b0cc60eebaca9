"""The sheets about activities, benchmarks, priorities, causes, money, needs and progress, from facts made by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.clients.conftest import libreoffice
from tests.clients.libreoffice import LibreOffice
from xlplan.rollup.axis import MOST_MONTHS, axis_of
from xlplan.rollup.book import Book
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import (
    ACTIVITIES,
    BENCHMARKS,
    CAUSES,
    DONE,
    MONEY,
    NEEDS,
    OPEN,
    OVERDUE,
    PLANS,
    PRIORITIES,
    PROGRESS,
    SOON,
    UNDATED,
)
from xlplan.rollup.shared import grouped, shared_needs
from xlplan.rollup.sheets import blocks
from xlplan.rollup.sheets.data import regions_of, write_data
from xlplan.rollup.store import Store
from xlplan.rollup.themes import load

__all__ = ["libreoffice"]
AS_OF = date(2026, 12, 18)
HOSTILE = '=HYPERLINK("http://x.example","free")'
MODULES = ("timeline", "due", "benchmarks", "priorities", "causes", "money", "needs", "progress")


def plan(district: str, school: str, template: str = "sfss", key: str = "") -> dict[str, Any]:
    return {
        "campaign": "c", "district_id": district, "district": f"District {district}", "school_id": key or school,
        "school": school, "template": template, "form": f"The form {template}", "state": "accepted", "counted": True,
        "draft": False, "late": False, "returns": 1, "filled": 1, "required": 1, "errors": 0, "folder": "/c",
        "file": "returns/a.xlsx", "key": key or school,
    }  # fmt: skip


def activity(
    status: str, due: str | None, owner: str | None, strategy: str | None = None, **more: Any
) -> dict[str, Any]:
    late = (AS_OF - date.fromisoformat(due)).days if due and status == OVERDUE else None
    return {
        "kind": "Step", "number": "1.1", "step": f"{status} {due}", "owner": owner, "sheet": "Plan", "cell": "D5",
        "owner_key": owner.lower() if owner else None, "status": status, "due": due, "derived": True,
        "month": due[:8] + "01" if due else None, "days_late": late, "strategy": strategy, "row": "r",
    } | more  # fmt: skip


def fill(store: Store) -> None:
    """Three plans at two schools that have one name, and a third school."""
    store.add(PLANS, 1, [plan("1", "Adams", key="0001")])
    store.add(PLANS, 2, [plan("2", "Adams", key="0002")])
    store.add(PLANS, 3, [plan("2", "Adams", "planning-process", key="0002")])
    store.add(ACTIVITIES, 1, [
        activity(OVERDUE, "2026-10-01", "A. Silva"), activity(OVERDUE, "2026-12-01", "A. Silva", HOSTILE),
        activity(DONE, "2026-09-15", "B. Wu"), activity(SOON, "2027-01-10", None), activity(UNDATED, None, "B. Wu"),
    ])  # fmt: skip
    store.add(ACTIVITIES, 2, [
        activity(OVERDUE, "2026-12-10", "a. silva"), activity(OPEN, "2031-02-01", "*"),
        activity(DONE, "2026-11-02", "C", "Read daily", start="2026-09-20"),
        activity(OPEN, "2027-03-02", "C", "Read daily", start="2026-10-05"),
        activity(OPEN, "2027-05-02", "C", "x" * 300, start="2027-02-01"),
    ])  # fmt: skip
    store.add(BENCHMARKS, 1, [
        {"kind": "Process", "benchmark": HOSTILE, "said": "Met", "status": DONE},
        {"kind": "Process", "benchmark": "b", "said": None, "status": OVERDUE, "days_late": 3},
        {"kind": "Early evidence", "benchmark": "c", "said": "Partly met", "status": OPEN},
    ])  # fmt: skip
    store.offer("sfss", ["Climate", "Families", "Never chosen"])
    store.add(PRIORITIES, 1, [{"priority": "Climate"}, {"priority": "Climate"}, {"priority": "Families"}])
    store.add(PRIORITIES, 2, [{"priority": "Families"}])
    store.add(MONEY, 1, [
        {"role": "Cost", "item": "Bus", "amount": 10050, "source": "Title I", "source_key": "titlei", "open": False},
        {"role": "Cost", "item": "Desk", "amount": 99, "source": None, "open": True, "reallocated": True},
        {"role": "Cost", "item": HOSTILE, "amount": None, "source": "TITLE I", "source_key": "titlei", "open": True},
        {"role": "Freed", "item": "Old reader", "amount": 700000, "open": False},
    ])  # fmt: skip
    store.add(MONEY, 2, [{"role": "Cost", "amount": 1, "source": "<5", "source_key": "5", "open": False}])
    store.add(NEEDS, 1, [{"kind": "Roles", "item": "Family liaison", "sheet": "Roles", "cell": "D7"}])
    store.add(NEEDS, 2, [{"kind": "Roles", "item": "A family liaison."}, {"kind": "Roles", "item": "Nurse"}])
    store.add(NEEDS, 3, [{"kind": "Roles", "item": "nurse"}, {"kind": "Rules", "item": "Family liaison"}])
    themes = load(None)
    for number, text in ((1, "Families hear of ABSENCE late"), (1, HOSTILE), (2, "The bus comes late")):
        found = themes.matches(text)
        row = f"{number}:{text}"
        told = "; ".join(theme for theme, _ in found) or "Other"
        store.add(CAUSES, number, [{"cause": text, "addressed": 1, "themes": told, "row": row}])
        store.theme(number, row, found)
    base = {"label": "Steps", "number": "1.1", "counts": True}
    store.add(PROGRESS, 1, [
        base | {"step": "Pilot", "was_done": True, "done": True, "now": "Done", "days": 0},
        base | {"step": "Train", "was_done": False, "done": True, "now": "Done", "days": 28, "due": "2027-02-01",
                "first_due": "2027-01-04", "learned": HOSTILE},
    ])  # fmt: skip
    store.index()


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deck]:
    with Store(AS_OF) as store:
        fill(store)
        yield Deck(
            store=store, as_of=AS_OF, whose="2 districts", forms=("F, version 1",), year="2026-27", counting="accepted",
            out=tmp_path_factory.mktemp("out") / "s.xlsx",
        )  # fmt: skip


def written(deck: Deck, path: Path) -> Path:
    regions = regions_of(deck.store)
    deck = replace(deck, regions=regions)
    book = Book(str(path), footer="T", as_of=AS_OF, folder=deck.store.folder)
    book.file.add_worksheet("Summary")
    for name in MODULES:
        sheet = import_module(f"xlplan.rollup.sheets.{name}").SHEET
        assert sheet.has(deck)
        sheet.write(book, deck)
    write_data(book, deck, regions)
    book.file.close()
    return path


@pytest.fixture(scope="module")
def workbook(deck: Deck, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(deck, tmp_path_factory.mktemp("w") / "s.xlsx")


def rows(path: Path, sheet: str) -> list[list[Any]]:
    found = openpyxl.load_workbook(path, data_only=True)[sheet]
    return [list(row) for row in found.iter_rows(values_only=True)]


def below(lines: Sequence[list[Any]], head: str) -> list[list[Any]]:
    """The rows under a heading, its note and its table's head, until the next gap."""
    at = next(at for at, line in enumerate(lines) if str(line[0] or "").startswith(head))
    found = []
    noted = lines[at + 1][1:] == [None] * (len(lines[at]) - 1)
    for line in lines[at + 2 + noted :]:
        if line[1:] == [None] * (len(line) - 1):
            break
        found.append(line)
    return found


def test_the_due_sheet_counts_people_within_a_school(workbook: Path) -> None:
    """Worst first; two schools' people of one name stay apart, and a school has its district beside it."""
    lines = rows(workbook, "Due")
    owners = below(lines, "By owner")
    assert [line[:5] for line in owners] == [
        ["A. Silva", 2, 0, 78, "Adams · District 1"], ["a. silva", 1, 0, 8, "Adams · District 2"],
    ]  # fmt: skip
    listed = below(lines, "Overdue, and due until")
    assert [(line[2].date(), line[3]) for line in listed] == [
        (date(2026, 10, 1), 78), (date(2026, 12, 1), 17), (date(2026, 12, 10), 8), (date(2027, 1, 10), None),
    ]  # fmt: skip
    assert lines[1][0] == "Overdue in 2 plans, most at Adams · District 1 (2); the longest for 78 days."
    assert len(below(lines, "No date")) == len(below(lines, "No owner")) == 1


def test_every_activity_is_in_one_cell_of_the_timeline(workbook: Path, deck: Deck) -> None:
    """Months, no date and other years add up to all, by status and by school."""
    lines = rows(workbook, "Timeline")
    by_status, by_school = below(lines, "Due by month and status"), below(lines, "By school")
    for line in (*by_status, *by_school):
        assert line[2] == sum(line[3:])
    assert by_status[-1][2] == sum(line[2] for line in by_school) == deck.store.count(ACTIVITIES)
    bars = {line[1]: line for line in below(lines, "From start to due")}
    assert bars["Read daily"][4] == "1 of 2 done"
    months = [None if mark is None else str(mark) for mark in bars["Read daily"][5:]]
    assert [bool(mark) for mark in months[:10]] == [True] * 7 + [False] * 3, "September to March"


def test_hostile_text_stays_text(workbook: Path) -> None:
    """Wherever it stands, also where a word of it is marked."""
    book = openpyxl.load_workbook(workbook)
    told = [
        (sheet, cell.coordinate, cell.data_type)
        for sheet in ("Timeline", "Due", "Benchmarks", "Causes", "Money", "Progress")
        for row in book[sheet].iter_rows()
        for cell in row
        if cell.value == HOSTILE
    ]
    assert {sheet for sheet, _, _ in told} == {"Due", "Benchmarks", "Causes", "Money", "Progress"}
    assert {kind for _, _, kind in told} == {"s"}


def test_each_sum_of_money_stands_apart(workbook: Path) -> None:
    """Spellings of one source are one; freed money is no cost; what is open is listed."""
    lines = rows(workbook, "Money")
    assert lines[1][0] == "Largest source: TITLE I, $100.50 (99%); $0.99 has no source yet; $7,000 is freed."
    assert [(line[0], line[1], line[2], line[3]) for line in below(lines, "By funding source")] == [
        ("TITLE I", 2, 1, 100.5), ("<5", 1, 1, 0.01), ("No source named", 1, 1, 0.99), ("All", 4, 3, 101.5),
    ]  # fmt: skip
    assert [line[1:5] for line in below(lines, "By school")] == [[101.49, 0.99, 0.99, 7000], [0.01, 0, 0, 0]]
    assert {line[5] for line in below(lines, "Amount or source open:")} == {"Desk", HOSTILE}


def test_gaps_are_named(workbook: Path) -> None:
    """A priority that no plan connects to is a gap of every plan whose form offers it, and of no other plan."""
    found = below(rows(workbook, "Priorities"), "The form sfss")
    assert [line[:5] for line in found] == [
        ["Adams · District 1", "Never chosen", 2, 1, 0], ["Adams · District 2", "Climate; Never chosen", 0, 1, 0],
        ["All connections", None, 2, 2, 0], ["Plans that cover it", None, "1 of 2", "2 of 2", "0 of 2"],
    ]  # fmt: skip


def test_causes_stand_under_each_of_their_themes(workbook: Path) -> None:
    themes = {line[0]: line[3:] for line in below(rows(workbook, "Causes"), "By theme")}
    assert themes["Attendance"] == [1, 1] and themes["Families and language"] == [1, 1]
    assert themes["Other"] == [1, 1]
    words = below(rows(workbook, "Causes"), "In the schools' words")
    assert ["Attendance", "Adams · District 1", "Families hear of ABSENCE late", "ABSENCE", 1] in words
    assert words[-1][0] == "Other" and words[-1][3] == "–"
    with_runs = openpyxl.load_workbook(workbook, rich_text=True)["Causes"]
    runs = [cell.value for row in with_runs.iter_rows() for cell in row if isinstance(cell.value, list)]
    marked = [str(part) for run in runs for part in run if hasattr(part, "font") and part.font.b]
    assert {"ABSENCE", "Families", "bus"} <= set(marked)


def test_progress_tells_then_and_now(workbook: Path) -> None:
    lines = rows(workbook, "Progress")
    school = below(lines, "By school")[0]
    assert (school[:2], school[3:6]) == (["Adams · District 1", 2], [1, 2, 1])
    assert below(lines, "Moved")[0][5] == 28


def test_a_need_is_shared_by_schools_not_by_plans(deck: Deck, workbook: Path) -> None:
    """One school that asks twice, on two forms, does not share; nor do needs of two kinds."""
    assert [(need.name, len(need.schools)) for need in shared_needs(deck.store)] == [("A family liaison.", 2)]
    (line,) = below(rows(workbook, "Needs"), "Shared")
    assert line[3:] == [2, 2, "Adams · District 1, Adams · District 2"]


def test_wordings_of_one_need_come_together_and_others_do_not() -> None:
    """In whatever order they come; a short wording does not swallow all that contain it."""
    texts = ["Bus passes", "bus  passes!", "Bus passes for families of seniors in spring", "Literacy coach",
             "Literacy coaches", "Nurse", "Bus", "…"]  # fmt: skip
    expected = [{"Bus passes", "bus  passes!", "Bus"}, {"Literacy coach", "Literacy coaches"}]
    for order in (texts, texts[::-1]):
        groups: dict[str, set[str]] = {}
        for text, leader in grouped(dict.fromkeys(order, 1)).items():
            groups.setdefault(leader, set()).add(text)
        assert [group for group in map(frozenset, groups.values()) if len(group) > 1] != []
        assert {frozenset(group) for group in groups.values() if len(group) > 1} == set(
            map(frozenset, expected)
        )


@pytest.mark.parametrize("far", [0, 400, 12_000])
def test_the_axis_holds_whole_school_years_and_the_day(far: int) -> None:
    """One far date does not stretch it past what a page holds."""
    days = [date(2026, 9, 20), date(2027, 5, 2), AS_OF + timedelta(days=far)]
    axis = axis_of(days, AS_OF)
    assert axis[0] == date(2026, 9, 1) and AS_OF.replace(day=1) in axis and len(axis) <= MOST_MONTHS
    assert far or axis[-1] == date(2027, 6, 1)
    assert all((b.year * 12 + b.month) - (a.year * 12 + a.month) == 1 for a, b in pairwise(axis))


def test_a_long_list_says_that_it_was_cut(
    deck: Deck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And where numbers are too many for formulas, which filter gives them."""
    monkeypatch.setattr("xlplan.rollup.deck.TOO_MUCH", 3)
    for module in (
        blocks,
        *(import_module(f"xlplan.rollup.sheets.{name}") for name in (*MODULES[:-2], "naming")),
    ):
        monkeypatch.setattr(module, "MOST", 2)
    lines = rows(written(deck, tmp_path / "s.xlsx"), "Due")
    text = [str(line[0]) for line in lines]
    assert "The first 2 of 4; all of them: Data activities, Status." in text
    assert "Plain numbers: filter Data activities by Plan no., Owner and Status to count again." in text
    plain = openpyxl.load_workbook(tmp_path / "s.xlsx")["Due"]
    assert not [c for row in plain.iter_rows() for c in row if str(c.value).startswith("=COUNTIFS")]


@pytest.mark.xdist_group("libreoffice")
def test_libreoffice_computes_what_was_cached(libreoffice: LibreOffice, workbook: Path) -> None:
    """Every formula of these sheets, and there are some on each."""
    computed = libreoffice.run(workbook, recalculate=True, values="all").by_cell()
    formulas, cached = openpyxl.load_workbook(workbook), openpyxl.load_workbook(workbook, data_only=True)
    for name in (sheet for sheet in formulas.sheetnames if not sheet.startswith(("Data", "Summary"))):
        seen = 0
        for row in formulas[name].iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                seen += 1
                known = cached[name][cell.coordinate].value
                found = computed[name, cell.coordinate].value
                same = (
                    abs(float(found) - known) < 1e-9
                    if isinstance(known, int | float)
                    else found == (known or "")
                )
                assert same, (name, cell.coordinate, cell.value, known, found)
        assert seen, name
