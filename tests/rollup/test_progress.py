"""The sheet Progress of a district's workbook: in rounds after the first, and with the schools' words as they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from xlplan.merge.progress import Activity, Progress
from xlplan.rollup.workbook import write_workbook

from . import district
from .district import HOSTILE
from .test_workbook import values


def activity(text: str, last: str, now: str, due: date, learned: str | None = None) -> Activity:
    return Activity(
        label="Steps", number="1.1", text=text, counts=True, now=now, last=last, due=due, first_due=date(2027, 1, 4),
        learned=learned, changes=learned,
    )  # fmt: skip


def test_progress_is_told_by_school_by_day_and_in_words(tmp_path: Path) -> None:
    """Sums agree with the rows above, days stand from and to, and a formula that somebody typed stays text."""
    rollup = district.rollup()
    one, two = (plan.key for plan in rollup.counted[:2])
    late, same = date(2027, 2, 1), date(2027, 1, 4)
    progress = {
        one: Progress(
            activities=(
                activity("Pilot", "Done", "Done", same),
                activity("Train", "Not done", "Done", late, HOSTILE),
            )
        ),
        two: Progress(activities=(activity(HOSTILE, "Not done", "Not done", same),)),
    }
    path = tmp_path / "district.xlsx"
    write_workbook(replace(rollup, progress=progress), path)
    rows = values(path, "Progress")
    names = {plan.key: plan.name for plan in rollup.counted}
    by_school = {row[0]: row[:6] for row in rows[4:7]}
    assert by_school[names[one]] == [names[one], 2, "2 answered, 1 moved to another day", 1, 2, 1]
    assert by_school[names[two]] == [names[two], 1, "1 answered, 0 moved to another day", 0, 0, 0]
    assert by_school["All schools"] == ["All schools", 3, None, 1, 2, 1]
    moved = next(row for row in rows if row[2] == "Train")
    assert [value.date() for value in moved[3:5]] == [same, late] and moved[5] == 28
    words = next(row for row in rows if row[6] == HOSTILE)
    assert words[4:8] == ["Not done", "Done", HOSTILE, HOSTILE]
    cells = [
        cell for row in load_workbook(path)["Progress"].iter_rows() for cell in row if cell.value == HOSTILE
    ]
    assert cells and {cell.data_type for cell in cells} == {"s"}


def test_a_first_round_has_no_such_sheet(tmp_path: Path) -> None:
    path = tmp_path / "district.xlsx"
    write_workbook(district.rollup(), path)
    assert "Progress" not in load_workbook(path).sheetnames
