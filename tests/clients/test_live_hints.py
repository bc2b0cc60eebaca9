"""What a workbook says of a row while people type is what `check` says of the file: of dates, order, names and counts.

Random plans with dates that nearly fit, the cached words of many of them, and LibreOffice's own of a few.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.properties.plans import Maker, begun
from tests.specimens.build import form, poured
from xlplan.excel.read import read_workbook
from xlplan.findings import Finding
from xlplan.form.expressions import column_letters
from xlplan.form.markers import Meaning
from xlplan.form.spec import FormSpec, Group
from xlplan.layout.book import Book
from xlplan.layout.sheet import CHECK, FIRST, NUMBER
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context

from .libreoffice import LibreOffice

TEMPLATES = ("data-team", "planning-process", "strong-systems")
SEEDS = range(12)
OWNERS = (
    "B. Tran, literacy coach",
    "HR director",
    "Data team",
    "Ortiz and Lee",
    "leadership team",
    "D. Okafor",
)
FIRST_DAY, LAST_DAY = date(2026, 9, 1), date(2027, 6, 30)
WORDS = {
    "date-outside-window": "Look: outside plan",
    "end-before-start": "Look: due < start",
    "outside-deliverable": "Look: outside it",
    "starts-before-previous-ends": "Look: starts early",
    "step-order": "Look: date order",
    "duplicate": "Look: same name",
    "last-step-not-at-due": "Look: last due",
    "same-dates": "Look: same dates",
    "step-count": "Look: 3–5 steps",
}
OF_THE_WHOLE = (
    "last-step-not-at-due",
    "same-dates",
    "step-count",
)  # said beside the row that the steps are of
SHOWN = {*WORDS, "type", "range", "unknown-reference", "missing"}
UNSAID = ("Look: not scored",)  # said of what is optional, where the rule speaks of the row on another sheet
Words = dict[tuple[str, str], object]


# --- plans whose dates nearly fit


def plan_of(spec: FormSpec, seed: int) -> dict[str, Any]:
    """Rows one after the other, each within the row it belongs to; then some dates moved, lost or misspelt."""
    chance = random.Random(f"{spec.name} {seed}")  # seeded: the same plans every time
    plan = Maker(spec, chance, chance.choice((0.7, 0.9, 1.0)), ["Plain words"]).plan()
    _time(spec.root, plan, chance)
    _mistake(spec, plan, chance)
    return plan


def _mistake(spec: FormSpec, plan: dict[str, Any], chance: random.Random) -> None:
    """Now and then a name that stands twice, or one chosen that no row has."""
    for group in spec.root.groups:
        rows = [row for row in plan[group.name] if isinstance(row, dict)] if group.slots else []
        for item in group.fields:
            if any(other.refers_to and other.refers_to.by == "name" for other in group.fields):
                if item.refers_to is not None and rows and chance.random() < 0.3:
                    chance.choice(rows)[item.name] = ["Nobody"] if item.many else "Nobody"
                if item.name == "name" and len(rows) > 1 and chance.random() < 0.3:
                    rows[-1]["name"] = rows[0]["name"]


def _time(group: Group, data: dict[str, Any], chance: random.Random) -> None:
    for inner in group.groups:
        rows = data[inner.name] if inner.slots is not None else [data[inner.name]]
        rows = [row for row in rows if isinstance(row, dict)]
        for row in rows:
            _time(inner, row, chance)
        _order(inner, rows, chance)


def _order(group: Group, rows: list[dict[str, Any]], chance: random.Random) -> None:
    fields = {item.meaning: item.name for item in group.fields if item.meaning}
    day = FIRST_DAY + timedelta(chance.randrange(60))
    flaw = chance.choice((0.0, 0.05, 0.3))
    same = chance.random() < 0.15
    for row in rows:
        if Meaning.OWNER in fields and row[fields[Meaning.OWNER]] is not None:
            row[fields[Meaning.OWNER]] = chance.choice(OWNERS)
        if Meaning.DUE not in fields:
            continue
        inside = [step for table in group.groups if table.slots for step in row[table.name] if step]
        start, due = (day, day + timedelta(14)) if same else (day, day + timedelta(chance.randrange(1, 20)))
        if inside and Meaning.START in fields:
            days = [step[key] for step in inside for key in ("start", "due") if _day(step.get(key))]
            start, due = (date.fromisoformat(pick(days)) if days else start for pick in (min, max))
        for meaning, on in ((Meaning.START, start), (Meaning.DUE, due)):
            if meaning in fields:
                row[fields[meaning]] = _flawed(on, chance) if chance.random() < flaw else on.isoformat()
        day = day if same else min(due, LAST_DAY - timedelta(30))


def _flawed(day: date, chance: random.Random) -> str | None:
    moved = (day + timedelta(chance.randrange(-40, 40))).isoformat()
    return chance.choice((None, "TBD", "2019-01-01", "2031-12-31", moved, moved, moved, moved))


def _day(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"20\d\d-\d\d-\d\d", value) is not None


# --- what the workbook says


def cached(content: bytes) -> Words:
    """Every text of a file as it is stored."""
    book = read_workbook(content, "copy.xlsx")
    assert isinstance(book, Book)
    return {
        (sheet.name, f"{column_letters(column)}{row}"): cell.value
        for sheet in book.sheets
        for (row, column), cell in sheet.cells.items()
    }


def beside(name: str, words: Words) -> dict[str, str]:
    """The Check words of every row, by its slot path; of boxes that have lines of their own, by the box's path."""
    said: dict[str, str] = {}
    for sheet in form(name).layout.sheets:
        groups = Counter(unit.group for unit in sheet.units)
        boxes = {(item.group, item.row): item.path for item in reversed(sheet.inputs)}
        for unit in sheet.units:
            own = boxes.get((unit.group, unit.row), "") if groups[unit.group] > 1 else unit.group
            said[own] = str(words.get((sheet.title, f"{column_letters(CHECK)}{unit.row}")) or "")
    return said


# --- what the check says


def told(content: bytes) -> list[Finding]:
    return [
        item for item in check_file(content, "copy.xlsx", Context()).checked.findings if item.code in SHOWN
    ]


def row_of(name: str, item: Finding) -> str:
    """The row that a finding is shown beside."""
    found = form(name).layout.inputs.get(item.path or "") or form(name).layout.inputs.get(f"{item.path}[0]")
    row = (found[1].group if found else item.path) or ""
    inner = "." in row and item.code in ("last-step-not-at-due", "same-dates")
    return row.rpartition(".")[0] if inner else row


def faults(name: str, content: bytes, words: Words) -> tuple[list[str], set[str]]:
    """Where workbook and check disagree; and the codes that were seen with the very words meant for them."""
    said, findings = beside(name, words), told(content)
    wrong: list[str] = []
    seen: set[str] = set()
    for item in findings:
        row = item.path if item.path in said else row_of(name, item)
        shown = said.get(row or "")
        if shown is None:
            continue  # a single box or a table: its line stands under another path
        if item.code == "missing":
            if not shown.startswith(("Needs", "○")):
                wrong.append(f"{row}: {item.code} at {item.path}, and the workbook says {shown!r}")
        elif not shown.startswith(("Look", "Needs", "○")):
            wrong.append(f"{row}: {item.code} at {item.path}, and the workbook says {shown!r}")
        if shown == WORDS.get(item.code):
            seen.add(item.code)
    rows = {row_of(name, item) for item in findings} | {
        (item.path or "").rpartition(".")[0] for item in findings
    }
    twice = {(item.path or "").rpartition("[")[0] for item in findings if item.code == "duplicate"}
    for row, shown in said.items():
        if shown == WORDS["duplicate"] and row.rpartition("[")[0] in twice:
            continue  # shown beside both rows of a name, told of the second
        if shown.startswith("Look: which") and any((item.path or "").endswith(".name") for item in findings):
            continue  # it may mean the row whose name is missing, which is told there
        if shown.startswith("Look") and shown not in UNSAID:
            around = row.rpartition(".")[0]
            if not any(one in (row, around) or one.startswith((f"{row}.", f"{around}.")) for one in rows):
                wrong.append(f"{row}: {shown!r}, and the check says nothing of it")
    return wrong, seen


def agree(name: str, content: bytes, words: Words, plan: dict[str, Any]) -> set[str]:
    """Holds the workbook's words against the check's findings and against counts of the plan's rows."""
    wrong, seen = faults(name, content, words)
    assert wrong == []
    if name == "data-team":
        review(content, words, plan)
    if name == "strong-systems":
        criteria(content, words, plan)
    return seen


# --- Review


def review(content: bytes, words: Words, plan: dict[str, Any]) -> None:
    """Counts and days of every strategy, counted here from the plan."""
    spec = form("data-team").layout.spec
    steps_ = spec.group("strategies[].steps")
    blocks = review_blocks(words)
    findings = check_file(content, "copy.xlsx", Context()).checked.findings
    strategies = [*plan["strategies"], *[None] * 6][:6]
    assert len(blocks) == 6
    for number, (strategy, lines) in enumerate(zip(strategies, blocks, strict=True)):
        if not begun(spec.group("strategies"), strategy):
            assert not any(lines.values()), lines
            continue
        steps = [row for row in strategy["steps"] if row and row["action"]]
        asked = [item.name for item in steps_.fields[1:] if item.required]
        expected = [(sum(row[key] not in (None, "") for row in steps), len(steps)) for key in asked]
        expected.append((sum(row["resources_available"] is True for row in steps), len(steps)))
        counts = [tuple(map(int, found)) for said in lines.values() for found in COUNT.findall(said)]
        assert counts == (expected if steps else []), (number, lines)
        days = [row["deadline"] for row in strategy["steps"] if row and _day(row["deadline"])]
        last = f"{date.fromisoformat(max(days)):%b %-d, %Y}" if days else "No deadline yet"
        assert last in lines.values(), (number, lines)
        several = [
            item for item in findings
            if item.code == "owner-not-one-person" and (item.path or "").startswith(f"strategies[{number}].")
        ]  # fmt: skip
        owners = lines["Owners are one person each"]
        looks = re.match(r"Look: (\d+)", owners)
        assert int(looks[1] if looks else 0) <= len(several), (owners, several)


COUNT = re.compile(r"(\d+) of (\d+) steps?\b")


def review_blocks(words: Words) -> list[dict[str, str]]:
    """Label → words of each strategy on Review."""
    title = form("data-team").layout.sheet("rev").title
    number, label, said = (column_letters(column) for column in (NUMBER, FIRST, FIRST + 1))
    blocks: list[dict[str, str]] = []
    for row in range(1, 400):
        if str(words.get((title, f"{number}{row}")) or "").startswith("Strategy "):
            blocks.append({})
        elif blocks and words.get((title, f"{label}{row}")):
            blocks[-1][str(words[title, f"{label}{row}"])] = str(words.get((title, f"{said}{row}")) or "")
    return blocks


# --- Criteria


def criteria(content: bytes, words: Words, plan: dict[str, Any]) -> None:
    """The four computed answers of every deliverable."""
    layout = form("strong-systems").layout
    group = layout.spec.group("initiatives[].deliverables")
    by_row: dict[str, set[str]] = {}
    for item in told(content):
        at = re.match(r"initiatives\[\d+\]\.deliverables\[\d+\]", item.path or "")
        by_row.setdefault(at[0] if at else "", set()).add(item.code)
    for path, row in deliverables(plan):
        ref = layout.rows[f"{path}.criteria"]
        said = [
            str(words.get((ref.sheet, f"{column_letters(column)}{ref.row}")) or "")
            for column in range(FIRST + 1, FIRST + 5)
        ]
        complete, consistent, logical, prioritized = said
        if not begun(group, row):
            assert said == [""] * 4, (path, said)
            continue
        codes = by_row.get(path, set())
        steps = [
            step
            for step in row["steps"]
            if step and begun(layout.spec.group(f"{DELIVERABLES}[].steps"), step)
        ]
        dated = sum(_day(step["start"]) and _day(step["due"]) for step in steps)
        assert COUNT.findall(complete) == ([(str(dated), str(len(steps)))] if steps else []), (path, complete)
        assert complete.startswith("✓") == (dated == len(steps) > 0)
        assert re.findall(r"\d+", prioritized)[:1] == ([str(len(steps))] if steps else []), (
            path,
            prioritized,
        )
        assert prioritized.startswith("✓") == ("step-count" not in codes), (path, prioritized)
        for codes_, answer in ((CONSISTENT, consistent), (LOGICAL, logical)):
            if codes & codes_:
                assert answer.startswith("Look"), (path, codes, answer)
            if answer.startswith("Look"):
                assert codes, (path, answer)


DELIVERABLES = "initiatives[].deliverables"
CONSISTENT = {"last-step-not-at-due", "outside-deliverable"}
LOGICAL = {"starts-before-previous-ends", "same-dates"}


def deliverables(plan: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every slot of a deliverable with its row, or None."""
    for i in range(3):
        initiative = (plan["initiatives"][i] if i < len(plan["initiatives"]) else None) or {}
        rows = initiative.get("deliverables") or []
        for d in range(6):
            yield f"initiatives[{i}].deliverables[{d}]", rows[d] if d < len(rows) else None


# --- the laws


@pytest.mark.parametrize("name", TEMPLATES)
def test_live_words_agree_with_the_check(name: str) -> None:
    """A dozen plans: no finding goes unsaid, nothing is said that is not found; each rule is met with its own words."""
    seen: set[str] = set()
    for seed in SEEDS:
        plan = plan_of(form(name).layout.spec, seed)
        content = poured(name, plan)
        seen |= agree(name, content, cached(content), plan)
    of_dates = {"date-outside-window"} | set(WORDS) & {*(form(name).layout.spec.form.checks or ())}
    assert of_dates | ({"duplicate"} if name == "planning-process" else set()) <= seen


@pytest.mark.parametrize("name", TEMPLATES)
def test_libreoffice_says_so_too(libreoffice: LibreOffice, tmp_path: Path, name: str) -> None:
    """After a hard recalculation, of two of the plans."""
    for seed in (0, 1):
        plan = plan_of(form(name).layout.spec, seed)
        file = tmp_path / f"{seed}.xlsx"
        file.write_bytes(poured(name, plan))
        found = libreoffice.run(file, recalculate=True, values="all").by_cell()
        agree(name, file.read_bytes(), {place: cell.value for place, cell in found.items()}, plan)
