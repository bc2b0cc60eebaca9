"""The status as a report: what its numbers add up to, what it says first, and what a link to a school finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from xlplan.findings import Severity, finding
from xlplan.rollup.report.model import Number, Part, Report, Share, State, Table, Tiles
from xlplan.rollup.report.tracked import Tracked, TrackedFile, TrackedPart, TrackedPlan
from xlplan.rollup.report.tracker import tracker

DAY = date(2027, 1, 31)


def plan(number: int, state: str, **more: Any) -> TrackedPlan:
    """A school's plan."""
    given = {
        "key": (f"{number}", "sfss"), "school": f"School {number}", "district_id": "1", "district": "Spokane",
        "template": "Plan", "sections": {"Goals": (3, 4), "Costs": (1, 2)}, "returns": int(state != "issued"),
    }  # fmt: skip
    return TrackedPlan(number=number, id=f"plan-{number}", state=state, **{**given, **more})


def told(*plans: TrackedPlan, **more: Any) -> Report:
    given: dict[str, Any] = {"arrivals": (), "loose": (), "returned": len(plans), "at": None, "due": None}
    return tracker(Tracked(title="Plans", as_of=DAY, plans=plans, **{**given, **more}))


def parts(report: Report) -> dict[str, Part]:
    return {part.id: part for part in report.parts()}


def tables(part: Part) -> dict[str, Table]:
    return {block.name: block for block in part.blocks if isinstance(block, Table)}


def test_every_figure_is_the_sum_of_what_plans_add_to_it() -> None:
    """So a page counts again for the schools that are chosen."""
    report = told(
        plan(1, "rejected", fix=2, todo="Send it."), plan(2, "accepted"), plan(3, "approved", late=True),
        plan(4, "issued"), plan(5, "waiting", todo="Decide."), plan(6, "not-issued", returns=0, todo="Generate."),
    )  # fmt: skip
    found = parts(report)
    (tiles,) = [block for block in found["work"].blocks if isinstance(block, Tiles)]
    counts = {}
    for tile in tiles.tiles:
        number = tile.number.part if isinstance(tile.number, Share) else tile.number
        assert number.value == sum(number.by.values())
        counts[tile.label] = sorted(number.by)
    assert counts == {"In": [2, 3], "To correct": [1], "Not returned": [4, 6], "Late": [3], "To decide": [5]}
    assert found["work"].finding == "2 of 6 plans are in, 1 to correct, 2 not returned, 1 late."
    assert [row.plan for row in tables(found["work"])["work"].rows] == [1, 5, 6]
    tracked = tables(found["tracker"])["tracker"]
    rows = {row.plan: row.cells[2:] for row in tracked.rows}
    assert rows[4] == (None, None, None)  # what has not come back is not empty
    for at, total in enumerate(tracked.total[2:]):
        assert isinstance(total, Share)
        added = [cells[at] for cells in rows.values() if cells[at] is not None]
        assert total.part.value == sum(cell.part.value for cell in added if isinstance(cell, Share))
        assert total.whole.by == dict.fromkeys((1, 2, 3, 5), {0: 6, 1: 4, 2: 2}[at])


def test_schools_are_told_apart() -> None:
    """By their district where there are several, by the template where a school has several plans."""
    one = plan(1, "issued", school="Adams", key=("1", "a"), template="A")
    two = plan(2, "issued", school="Adams", key=("1", "b"), template="B")
    three = plan(3, "issued", school="Adams", district_id="2", district="Yelm", template="A")
    assert [part.title for part in told(one, two).schools()] == ["Adams · A", "Adams · B"]
    assert [part.title for part in told(one, three).schools()] == ["Adams · Spokane", "Adams · Yelm"]
    assert list(tables(parts(told(one, two))["tracker"])) == ["tracker-1", "tracker-2"]


def test_a_school_s_part_holds_its_findings_errors_first() -> None:
    """With cell, sentence and remedy; what is waived comes last, and notes are left out."""
    found = (
        finding("too-long", sheet="Goals", cell="D4", found="x").with_severity(Severity.ADVICE),
        replace(finding("missing", sheet="Goals", cell="D6", todo="Fill it in."), waived=True),
        finding("missing", sheet="Costs", cell="B2", todo="Fill it in."),
        finding("mended-space", sheet="Goals", cell="D5"),
    )
    (part,) = told(plan(1, "rejected", fix=1, findings=found, about=None)).schools()
    table = next(
        block for block in part.blocks if isinstance(block, Table) and block.name == "plan-1-findings"
    )
    rows = [row.cells for row in table.rows]
    assert [row[0] for row in rows] == ["Costs, B2", "Goals, D4", "Goals, D6"] and all(row[2] for row in rows)
    assert rows[0][3] == "Fill it in."
    assert isinstance(rows[2][1], State) and rows[2][1].text.startswith("Waived")


def test_parts_progress_and_strangers_are_told_where_there_are_any() -> None:
    """And otherwise take no room."""
    assert list(parts(told(plan(1, "issued")))) == ["work", "tracker", "arrivals"]
    piece = (
        TrackedPart(title="A", state="accepted", returns=1),
        TrackedPart(title="B", state="issued", returns=0),
    )
    counts = {"rows": 10, "done": 4, "newly_done": 3, "moved": 1}
    loose = (TrackedFile(file="x.txt", day=DAY, time="14:05", outcome="refused", said="No.", todo="Ask."),)
    found = parts(
        told(plan(1, "issued", parts=piece, progress=counts), loose=loose, at=datetime(2027, 1, 31, 14, 5))
    )
    assert list(found) == ["work", "tracker", "progress", "loose", "arrivals"]
    (row,) = tables(found["tracker"])["tracker"].rows
    assert row.cells[1] == State("○ 1 of 2 parts in", "look")
    assert found["progress"].finding == "4 of 10 activities are done, 3 of them since."
    total = tables(found["progress"])["progress"].total[1]
    assert isinstance(total, Number) and total.by == {1: 10}
    assert found["loose"].finding.startswith("1 file belongs to no school yet")
