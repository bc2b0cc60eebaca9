"""The first page and the sheets of returns, completeness, quality, changes, dictionary and method."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from xlplan.rollup import workbook
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import (
    ACTIVITIES,
    COMPLETENESS,
    DONE,
    FINDINGS,
    MONEY,
    OVERDUE,
    PLANS,
    PRIORITIES,
    SOON,
)
from xlplan.rollup.sheets import changes, charts, completeness, quality, returns, summary
from xlplan.rollup.sheets.naming import some
from xlplan.rollup.sheets.spoken import sentences
from xlplan.rollup.sheets.stories import stories_of
from xlplan.rollup.sheets.tasks import tasks_of
from xlplan.rollup.sheets.tiles import share, tiles_of
from xlplan.rollup.store import Store

AS_OF = date(2026, 12, 18)
HOSTILE = '=HYPERLINK("http://x.example","free")'
CHOICES = ("Climate", "Families *", '"Partners" & more')
TOLD = (summary, returns, completeness, quality, changes, charts)
SCHOOLS = (  # name, template, state, late, counted, draft
    ("Alder Point", "sfss", "accepted", False, True, False),
    ("Birchmere", "sfss", "accepted", False, True, False),
    ("Cedar Hollow", "sfss", "rejected", True, False, True),
    ("Gull Bay", "sfss", "issued", True, False, False),
    ("Alder Point", "data-team", "approved", False, True, False),
    (HOSTILE, "data-team", "not-issued", False, False, False),
)


def plan_row(at: int, folder: Path, **changes: Any) -> dict[str, Any]:
    """One line of the roster."""
    name, template, state, late, counts, draft = SCHOOLS[at]
    back = state in ("accepted", "approved", "rejected")
    return {
        "campaign": "c", "district_id": "1", "district": "Harbor", "school_id": f"10{at}", "school": name,
        "template": template, "form": template.upper(), "state": state, "late": late, "counted": counts,
        "draft": draft, "issued": 1, "returns": int(back), "received": date(2026, 12, at + 1) if back else None,
        "filled": 9 + (at != 2) if back else 0, "required": 10 if back else 0, "errors": int(state == "rejected"),
        "warnings": 0, "advice": 0, "file": f"returns/{at}.xlsx" if back else None,
        "sha256": f"{at}" * 64 if back else None, "folder": folder.as_posix(), "key": f"10{at}",
    } | changes  # fmt: skip


def activity(plan: int, at: int, status: str) -> dict[str, Any]:
    """One step."""
    due = {DONE: date(2026, 10, 1), OVERDUE: date(2026, 11, 5), SOON: date(2027, 1, 9)}[status]
    path = f"steps[{at}]"
    return {
        "row": f"10{plan}:{path}", "path": path, "kind": "Step", "number": str(at + 1), "step": HOSTILE, "owner": None,
        "due": due, "month": due.replace(day=1), "status": status, "derived": True, "sheet": "Steps", "cell": "D4",
    }  # fmt: skip


@contextmanager
def deck(folder: Path, *, statuses: str = "dos", rows: int = 6, **changes: Any) -> Iterator[Deck]:
    """Lines of a roster, two templates; `statuses`: of the steps of a plan that counts, d(one) o(verdue) s(oon)."""
    letters = {"d": DONE, "o": OVERDUE, "s": SOON}
    with Store(AS_OF) as store:
        store.offer("sfss", CHOICES)
        for at in range(rows):
            row = plan_row(at, folder, **changes)
            store.add(PLANS, at, [row])
            if row["returns"]:
                parts = [{"section": "Plan", "filled": row["filled"] - 6, "required": 4},
                         {"section": "Steps", "filled": 6, "required": 6}]  # fmt: skip
                store.add(COMPLETENESS, at, parts)
            if row["counted"]:
                store.add(ACTIVITIES, at, [activity(at, n, letters[s]) for n, s in enumerate(statuses)])
                store.add(MONEY, at, [{"role": "Cost", "amount": 10_050, "source": "Title I", "source_key": "title i",
                                       "open": False, "row": f"{at}", "path": ""}])  # fmt: skip
                store.add(
                    PRIORITIES, at, [{"priority": CHOICES[at % 2]}] if row["template"] == "sfss" else []
                )
        found = {"code": "missing", "severity": "error", "message": HOSTILE, "remedy": "Enter it.", "sheet": "Plan",
                 "cell": "D4"}  # fmt: skip
        waived = found | {
            "code": "cost-unknown",
            "severity": "warning",
            "waived": "waived until May 1: grants",
        }
        store.add(FINDINGS, 2, [found] if rows else [])
        store.add(FINDINGS, 0, [waived, waived] if rows else [])
        store.index()
        yield Deck(
            store=store, as_of=AS_OF, whose="Harbor", forms=("Systems, version 2", "Teams, version 1"), year="2026-27",
            counting="accepted", reports=folder / "reports",
        )  # fmt: skip


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbook of the sheets of this module."""
    monkeypatch.setattr(workbook, "sheets", lambda: tuple(module.SHEET for module in TOLD))


def written(told: Deck, path: Path) -> Path:
    """The workbook, in its campaign's folder."""
    workbook.write_workbook(told, path)
    return path


def values(path: Path, sheet: str) -> list[list[Any]]:
    """The cells of a sheet as they would be shown, formulas by their cached values."""
    return [
        list(row) for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    ]


def row_of(path: Path, sheet: str, label: str) -> list[Any]:
    """The first row that begins so."""
    return next(row for row in values(path, sheet) if row[0] == label)


def test_the_first_page_says_in_sentences_what_the_rows_hold(tmp_path: Path) -> None:
    """Returns, activities, money and what is covered least, each counted by hand."""
    with deck(tmp_path) as told:
        assert sentences(told) == [
            "3 of 6 plans are accepted; 1 is to be corrected or decided, 1 has not come back, "
            "1 is not sent yet (2 late).",
            "Of 9 steps 3 are done and 3 overdue; 3 fall due in the next 30 days.",
            "Plans cost $301.50. Least covered is “\"Partners\" & more”: 0 of 2 plans.",
        ]  # fmt: skip
        tiles = {tile.label: tile.number.value for tile in tiles_of(told)}
        assert tiles["Plans accepted"] == "3 of 6" and tiles["Required answers in"] == 0.97
        assert tiles["Steps due in 30 days"] == 3 and tiles["Least covered priority"] == "0 of 2"
        tasks = {task.what.value: task.schools for task in tasks_of(told)}
        assert tasks["Not returned: 1"] == "Gull Bay (sfss)" and tasks["Priorities not covered: 4"]
        assert tasks["Overdue steps: 3"].startswith("Alder Point (sfss) 1, Birchmere (sfss) 1")


def test_charts_tell_their_numbers_in_words(tmp_path: Path) -> None:
    """The alt text has the type and every number, and a choice that nobody made is there as nought."""
    with deck(tmp_path) as told:
        texts = [story.text for story in stories_of(told)]
        path = written(told, tmp_path / "s.xlsx")
    with zipfile.ZipFile(path) as parts:
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert len(re.findall(r'descr="', drawing)) == 2
    assert texts[0].startswith("Bar chart.") and '"Partners" & more: 0' in texts[0]
    assert "Oct: Done 3, Overdue 0, Not yet due 0; Nov: Done 0, Overdue 3" in texts[1]


def test_returns_and_completeness_have_a_row_a_plan(tmp_path: Path) -> None:
    """A block a template; what is not complete never reads 100%; a dash where nothing came."""
    with deck(tmp_path) as told:
        path = written(told, tmp_path / "s.xlsx")
    rows = values(path, "Returns")[2:]
    assert rows[0][:5] == ["School", "Template", "State", "Late", "Returned"] and len(rows) == 1 + 6 + 1
    assert row_of(path, "Returns", "Gull Bay")[2:5] == ["○ Not returned", "late", "–"]
    assert rows[-1][0] == "All" and rows[-1][3] == 2 and rows[-1][7] == 0.97
    assert row_of(path, "Completeness", "Cedar Hollow")[:4] == ["Cedar Hollow", 0.9, 0.75, 1]
    assert [row[1:4] for row in values(path, "Completeness") if row[0] == "Schools with all answers in"] == [
        ["2 of 4", "2 of 4", "3 of 4"], ["1 of 2"] * 3,
    ]  # fmt: skip
    assert share(9_999, 10_000) == 0.99


def test_quality_tells_waivers_apart(tmp_path: Path) -> None:
    """By rule, by school without what is waived, and with the words of the waiver."""
    with deck(tmp_path) as told:
        path = written(told, tmp_path / "s.xlsx")
    assert values(path, "Quality")[0][0] == "Quality: 1 error to correct, 3 findings in 2 plans"
    assert row_of(path, "Quality", "cost-unknown")[1:5] == ["warning", 1, 2, 2]
    assert row_of(path, "Quality", "Alder Point")[1:5] == [0, 0, 0, 0]
    assert any(
        row[0] == "Alder Point" and row[5] == "Waived until May 1: grants" for row in values(path, "Quality")
    )


def test_changes_compare_with_the_last_that_differs(tmp_path: Path) -> None:
    """First there is nothing to compare with; then figures, states and rows; and once more the same."""
    with deck(tmp_path, statuses="oss") as told:
        first = written(told, tmp_path / "1.xlsx")
        assert "Changes" not in openpyxl.load_workbook(first).sheetnames
    kept = tmp_path / "reports" / "rollups"
    (kept / "2026-12-17-01.json").write_text('{"schema": 1, "as_of": []}', encoding="utf-8")
    with deck(tmp_path, statuses="dos", sha256="f" * 64) as told:
        second = written(told, tmp_path / "2.xlsx")
        again = written(told, tmp_path / "2b.xlsx")
    assert sorted(path.name for path in kept.iterdir()) == [
        "2026-12-17-01.json", "2026-12-18-01.json", "2026-12-18-02.json",
    ]  # fmt: skip
    assert values(second, "Changes") == values(again, "Changes")
    assert row_of(second, "Changes", "Activities done")[1:4] == [0, 3, 3]
    assert (
        values(second, "Changes")[1][0]
        == "6 plans differ; since then 3 steps were marked done and 3 became overdue."
    )
    assert row_of(second, "Changes", "Cedar Hollow")[1:4] == ["▲ Needs corrections"] * 2 + [
        "replaced by a newer file"
    ]
    assert HOSTILE not in "".join(path.read_text(encoding="utf-8") for path in kept.iterdir())


def test_a_snapshot_that_cannot_be_read_is_told_of(tmp_path: Path) -> None:
    """It stops nothing."""
    kept = tmp_path / "reports" / "rollups"
    with deck(tmp_path, statuses="oss") as told:
        written(told, tmp_path / "1.xlsx")
    (kept / "2026-12-18-07.json").write_bytes(b"\xff\x00[[")
    with deck(tmp_path) as told:
        path = written(told, tmp_path / "2.xlsx")
    assert "Could not be read and was left out: 2026-12-18-07.json." in values(path, "Changes")[2][0]
    assert (kept / "2026-12-18-08.json").exists()


@pytest.mark.parametrize("rows", [0, 6])
def test_with_nothing_back_it_says_so(rows: int, tmp_path: Path) -> None:
    """No school answered, or there is no school."""
    away: dict[str, Any] = {
        "state": "issued",
        "returns": 0,
        "counted": False,
        "draft": False,
        "file": None,
        "required": 0,
        "filled": 0,
    }
    with deck(tmp_path, rows=rows, **away) as told:
        path = written(told, tmp_path / "s.xlsx")
        assert "No plan" in sentences(told)[0]
    names = openpyxl.load_workbook(path).sheetnames
    assert names[:2] == ["Summary", "Returns"] and names[-2:] == ["Dictionary", "Method"]
    assert "Completeness" in row_of(path, "Method", "Sheets left out")[1]


def test_names_are_cut_with_the_rest_counted() -> None:
    """However many names there are, those not shown are counted."""
    names = [f"School {at}" for at in range(30)]
    for limit in (24, 40, 60):
        text = some(names, 400, limit)
        shown = len(re.findall(r"School \d+", text))
        assert len(text) <= limit and text.endswith(f"and {400 - max(shown, 1)} more")
    assert some(names[:2], 2, 60) == "School 0, School 1" and some([], 0, 9) == ""


@pytest.mark.xdist_group("libreoffice")
@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_counts_the_same_and_text_stays_text(tmp_path: Path) -> None:
    """Every formula, computed anew from a file without cached values, gives the value we had written."""
    with deck(tmp_path, statuses="oss") as told:
        written(told, tmp_path / "earlier.xlsx")
    with deck(tmp_path) as told:
        whole = written(told, tmp_path / "whole.xlsx")
    bare = tmp_path / "bare.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", old.read(name)))
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
    formulas, told_as = openpyxl.load_workbook(whole), openpyxl.load_workbook(whole, data_only=True)
    anew = openpyxl.load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    cells = [
        (s.title, c.coordinate) for s in formulas for row in s.iter_rows() for c in row if c.data_type == "f"
    ]
    assert len(cells) > 120 and not any(formulas[sheet][cell].value == HOSTILE for sheet, cell in cells)
    pairs = [(at, told_as[at[0]][at[1]].value, anew[at[0]][at[1]].value) for at in cells]
    assert [pair for pair in pairs if pair[1] != pair[2] and pair[1] != pytest.approx(pair[2])] == []
