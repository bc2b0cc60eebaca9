"""A school works on its copy in LibreOffice: what it types comes back, what it must not touch stays."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from xlplan.campaign import Campaign
from xlplan.findings import Finding
from xlplan.form.expressions import serial
from xlplan.ledger import Ledger
from xlplan.pipeline.cells import cells_of
from xlplan.pipeline.check import check_file
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.generate import generate
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Context, Result
from xlplan.pipeline.start import start_campaign
from xlplan.samples import roster_file, sample_plans

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
    numbers: defaultdict[str, Iterator[int]] = defaultdict(count)
    return tuple(
        Entry(cell, *_answer(cell, next(numbers[cell["type"].removeprefix("past-")]))) for cell in cells
    )


def _answer(cell: dict[str, Any], number: int) -> tuple[str, object]:
    """Text to type and value to come back."""
    kind = cell["type"]
    if kind in ("date", "past-date"):
        day = FROM + timedelta(days=number % ((TO - FROM).days + 1))
        return (day.isoformat() if number % 2 else f"{day.month}/{day.day}/{day.year}"), day.isoformat()
    if kind == "money":
        amount = (
            Decimal("999999999.99")
            if cell["path"] == "resources[7].cost"
            else Decimal(number) + Decimal("0.07")
        )
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


_PART = re.compile(r"\.?([a-z_]+)|\[(\d+)\]|\[(.+)\]$")


def held(plan: Any, cell: dict[str, Any]) -> object:
    """What the plan holds for a cell of a copy whose every row is filled, so that slots are positions."""
    parts = [
        int(found[2]) if found[2] is not None else found[1] or found[3]
        for found in _PART.finditer(cell["path"])
    ]
    if cell["type"] == "tick":
        last = parts.pop()
        wanted = LETTERS[last] if isinstance(last, int) else last
        return wanted in _walk(plan, parts)
    return _walk(plan, parts)


def _walk(found: Any, parts: list[int | str]) -> Any:
    for part in parts:
        found = found[part]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """Every box of a copy filled by key strokes, and the files saved then."""

    entries: tuple[Entry, ...]
    cells: tuple[Cell, ...]
    files: dict[str, Path]
    seconds: float


@pytest.fixture(scope="module")
def typed(issued: Issued, libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory) -> Typed:
    answers = entries(issued.open_cells)
    files = {kind: tmp_path_factory.mktemp("typed") / f"plan.{kind}" for kind in FORMATS}
    strokes = [one.stroke for one in answers if one.text]
    result = libreoffice.run(issued.copy, type=strokes, save=list(files.values()), timeout=240)
    return Typed(entries=answers, cells=result.typed, files=files, seconds=result.seconds)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    """The findings in a form that a failing test shows in full."""
    return [f"{item.severity} {item.code} {item.sheet}!{item.cell}: {item.message}" for item in findings]


def test_every_box_takes_what_is_typed(typed: Typed) -> None:
    """No lock and no rule stands in the way of a good answer, in any of the 650 boxes."""
    assert len(typed.entries) > 640
    assert len(typed.cells) > 590
    assert [one for one in typed.cells if one.problem or not one.changed] == []
    assert typed.seconds < 120


@pytest.mark.parametrize("kind", FORMATS)
def test_a_plan_typed_in_full_comes_back_value_by_value(issued: Issued, typed: Typed, kind: str) -> None:
    """Whatever format it is saved in: the same values, each read from the cell it was typed into."""
    result = issued.check(typed.files[kind])
    told = [item for item in result.checked.findings if item.code != "table-full"]
    assert codes(tuple(told)) == []
    assert result.checked.outcome == "accepted"
    wrong = [
        (one.cell["path"], one.value, held(result.checked.plan, one.cell))
        for one in typed.entries
        if held(result.checked.plan, one.cell) != one.value
    ]
    assert wrong == []
    assert result.validated is not None
    read_from = {path: place for path, place in result.validated.filled.items() if issued_open(issued, path)}
    assert read_from == {one.cell["path"]: one.stroke[:2] for one in typed.entries if one.text}
    assert all(line["filled"] == line["required"] for line in result.completeness)


def issued_open(issued: Issued, path: str) -> bool:
    """Whether a school fills in that cell."""
    return any(cell["path"] == path for cell in issued.open_cells)


def test_the_typed_values_are_told_apart(issued: Issued) -> None:
    """Two boxes of a kind with room for it never hold the same, so that a swap would show."""
    answers = entries(issued.open_cells)
    told = [one.value for one in answers if one.cell["type"] not in ("yes-no", "tick", "choice")]
    assert len(set(told)) == len(told)
    assert 90 < sum(one.value is True for one in answers if one.cell["type"] == "tick") < 130


@pytest.mark.parametrize("kind", FORMATS)
def test_a_blank_saved_untouched_is_blank_and_nothing_else(
    issued: Issued, libreoffice: LibreOffice, tmp_path: Path, kind: str
) -> None:
    """Opening and saving neither breaks the seal nor types anything."""
    file = tmp_path / f"blank.{kind}"
    libreoffice.run(issued.copy, save=[file])
    assert [item.code for item in issued.check(file).checked.findings] == ["blank"]


@pytest.fixture(scope="module")
def filled(issued: Issued, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy with a sample plan that earns no finding, as `xlplan fill` makes it."""
    file = tmp_path_factory.mktemp("filled") / "plan.xlsx"
    for plan in sample_plans("sfss"):
        content, refused = fill_bytes(issued.copy.read_bytes(), plan, issued.copy.name)
        assert refused is None
        file.write_bytes(content)
        if not issued.check(file).checked.findings:
            return file
    raise AssertionError("every sample plan earns a finding")


def test_a_filled_copy_saved_untouched_stays_as_it_is(
    issued: Issued, filled: Path, libreoffice: LibreOffice, tmp_path: Path
) -> None:
    """All three formats: the same plan, and no finding."""
    files = [tmp_path / f"plan.{kind}" for kind in FORMATS]
    libreoffice.run(filled, save=files)
    wanted = issued.check(filled).checked.plan
    for file in files:
        checked = issued.check(file).checked
        assert (codes(checked.findings), checked.outcome) == ([], "accepted"), file.name
        assert checked.plan == wanted, file.name


LOCKED = tuple(
    (sheet, cell)
    for sheet, cells in {
        "Start": "A1 B3 D6 D14 E15 C26",
        "Plan": "E5 E6 E7 E8 E9 A11 B11 C17 D15",
        CHALLENGE: "A1 A3 A8 B8 C20 D6 E30 Z90",
        "Resources": "A4 D4 E13 H5 D300",
    }.items()
    for cell in cells.split()
)


def test_everything_but_the_boxes_refuses(issued: Issued, libreoffice: LibreOffice) -> None:
    """Start, labels, header fields, tags, Check words, totals and the space around; by key and by Delete."""
    result = libreoffice.run(issued.copy, type=[(*place, "mine") for place in LOCKED], clear=LOCKED)
    for cell in (*result.typed, *result.cleared):
        assert (cell.changed, cell.problem, cell.value == "mine") == (False, None, False), cell


def test_hidden_sheets_cannot_be_reached(issued: Issued, libreoffice: LibreOffice) -> None:
    """Lists, Live and Meta take no key strokes."""
    typed = libreoffice.run(issued.copy, type=[(name, "A1", "x") for name in ("Lists", "Live", "Meta")]).typed
    assert [cell.problem for cell in typed] == ["the sheet is hidden"] * 3


STEP, COST = "challenges[0].strategies[0].steps[0]", "resources[0].cost"
RULES = (
    (f"{STEP}.due", ("2026-08-31", "2027-07-01", "soon", "10"), "2026-09-01", float(serial(FROM))),
    (f"{STEP}.due", ("June 31, 2027", "15/10/2026"), "10/15/2026", float(serial(date(2026, 10, 15)))),
    ("prepared_on", ("2024-08-31", "next week"), "2026-10-15", float(serial(date(2026, 10, 15)))),
    (COST, ("-5", "12.345", "ten", "1000000000"), "0.29", 0.29),
    (COST, ("$4k", "in kind"), "999999999.99", 999999999.99),
    (f"{STEP}.done", ("Perhaps", "2"), "Yes", "Yes"),
    ("signoffs[0].role", ("janitor",), "school council", "school council"),
    ("challenges[0].strategies[0].root_causes[0]", ("no", "xx"), "x", "x"),
    (f"{STEP}.owner", ("N" * 101,), "N" * 100, "N" * 100),
    ("roles[0].role", ("r" * 201,), "r" * 200, "r" * 200),
)  # fmt: skip


def test_a_bad_answer_is_refused_and_a_good_one_kept(issued: Issued, libreoffice: LibreOffice) -> None:
    """Dates, money, lists and lengths, in an empty box and in one that holds an answer already."""
    strokes, wanted = [], []
    for path, bad, good, value in RULES:
        place = issued.at(path)
        strokes += [(*place, text) for text in (*bad, good, *bad)]
        before = next((was[2] for was in reversed(wanted) if was[0] == path), None)
        wanted += [(path, text, before) for text in bad] + [(path, text, value) for text in (good, *bad)]
    typed = libreoffice.run(issued.copy, type=strokes).typed
    assert [(path, text, cell.value) for (path, text, _), cell in zip(wanted, typed, strict=True)] == wanted


def test_check_words_and_progress_follow_the_typing(issued: Issued, libreoffice: LibreOffice) -> None:
    """Row by row what is missing, the sheet's state, and on Start where to go on."""
    challenge, strategy = "challenges[0]", "challenges[0].strategies[0]"
    answers = {
        "prepared_by": "Kim",
        "prepared_on": "2026-10-15",
        "team[0].name": "Kim",
        f"{challenge}.description": "Too many days missed",
        f"{challenge}.root_causes[0]": "Absences are reviewed once a term",
        f"{strategy}.description": "A weekly team",
        f"{strategy}.steps[0].action": "Name the team",
        f"{strategy}.steps[0].due": "2026-09-18",
        f"{strategy}.steps[0].owner": "D. Okafor",
        f"{strategy}.steps[1].action": "Build the list",
        f"{strategy}.steps[2].owner": "M. Reyes",
        f"{challenge}.strategies[1].steps[0].action": "Call",
        "resources[0].item": "Stipends",
        "resources[0].cost": "1200.5",
        "resources[1].cost": "0.25",
        "rules[0].supports": "Counsel",
    }
    words = {
        "prepared_by": "✓ Done",
        f"{challenge}.description": "✓ Done",
        f"{challenge}.evidence": "○ To do",
        f"{challenge}.root_causes[0]": "✓ Done",
        f"{challenge}.root_causes[1]": "",
        f"{strategy}.description": "Needs priority",
        f"{strategy}.steps[0].action": "✓ Done",
        f"{strategy}.steps[1].action": "Needs date, name",
        f"{strategy}.steps[2].action": "Needs step, date",
        f"{strategy}.steps[3].action": "",
        f"{challenge}.strategies[1].description": "Needs strategy, priority",
        f"{challenge}.strategies[1].steps[0].action": "Needs date, name",
        f"{challenge}.strategies[2].description": "",
        "challenges[1].description": "○ To do",
        "challenges[2].description": "",
        "resources[0].item": "✓ Done",
        "resources[1].item": "Needs item",
        "rules[0].item": "Needs rule, change",
        "monitoring.progress": "○ To do",
    }
    result = libreoffice.run(
        issued.copy,
        type=[(*issued.at(path), text) for path, text in answers.items()],
        recalculate=True,
        values="all",
    )
    assert result.unchanged == ()

    def check_word(path: str) -> object:
        sheet, cell = issued.at(path)
        return result.value(sheet, "B" + cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) or ""

    assert {path: check_word(path) for path in words} == words
    progress = {
        row.value: (result.value("Start", f"D{row.cell[1:]}"), result.value("Start", f"E{row.cell[1:]}"))
        for row in result.values
        if row.sheet == "Start" and row.cell.startswith("B") and 13 < int(row.cell[1:]) < 25
    }
    unused = ("–", "Not used, and that is fine")
    assert progress == {
        "Plan": ("3 of 3", "✓ Done"),
        "Challenge 1": ("9 of 20", "Needs 11 answers; next is Supporting Data and Evidence"),
        "Challenge 2": ("0 of 9", "○ Not begun"),
        "Challenge 3": unused,
        "Challenge 4": unused,
        "Rules": ("0 of 2", "Needs 2 answers; next is rule 1"),
        "Roles": unused,
        "Relationships": unused,
        "Resources": ("1 of 2", "Needs 1 answer; next is item 2"),
        "Monitoring": ("0 of 2", "○ Not begun"),
        "All sheets": ("13 of 38", "34% of what is needed so far is filled in"),
    }
    states = {cell.value for cell in result.values if cell.sheet == CHALLENGE and cell.cell[1:] == "1"}
    assert "Needs 11 answers" in states
    assert result.value("Resources", "E13") == 1200.75
