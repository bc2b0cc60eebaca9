"""The four comparisons: each first checks that its contenders give the same, then times them in turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

from benchmarks import by_openpyxl, compare
from benchmarks.subjects import Subject, many_schools
from benchmarks.timing import side_by_side
from xlplan.campaign import open_campaign
from xlplan.campaign.files import write_safely
from xlplan.excel.plate import pour, stamp
from xlplan.excel.write import write
from xlplan.ledger import Ledger
from xlplan.ledger.rows import cell_rows, finding_rows, return_row
from xlplan.pipeline.check import check_opened
from xlplan.pipeline.collect import record_of
from xlplan.pipeline.generate import generate
from xlplan.pipeline.opening import Context, Opened, Result, open_book, open_file
from xlplan.pipeline.start import start_campaign

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
T = TypeVar("T")
RECEIVED = date(2026, 12, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table: milliseconds of ours and of the other, and what is required of the ratio."""

    name: str
    ours: float
    other_name: str
    other: float
    required: str = ""


def stamping(subject: Subject, folder: Path, repeats: int) -> list[Line]:
    """A fresh copy against openpyxl from scratch, and against writing bytes that are ready."""
    plate, layout = subject.plate, subject.form.layout
    compare.same_workbook(subject.fresh[0], write(layout), subject.personals[0])
    ready, person = subject.fresh, _cycled(subject.personals)
    target = folder / "copy.xlsx"
    times = side_by_side(
        {
            "stamp": (lambda number: stamp(plate, person(number)), 50),
            "openpyxl": (lambda _: write(layout), 1),
            "stamp and write": (lambda number: write_safely(target, stamp(plate, person(number))), 50),
            "write": (lambda number: write_safely(target, ready[number % len(ready)]), 50),
        },
        repeats,
    )
    return [
        _line("a fresh copy", times, "stamp", "openpyxl from scratch", "openpyxl", "≥ 100 × as fast"),
        _line(
            "a fresh copy, written",
            times,
            "stamp and write",
            "writing the same bytes",
            "write",
            "≤ 4 × as long",
        ),
    ]


def importing(subject: Subject, repeats: int) -> list[Line]:
    """A returned file to rows for the ledger, and the reading alone."""
    files = subject.filled
    for content in files:
        compare.same_reading(content)
        compare.same_result(_ours(content), _theirs(content))
        assert _rows(_ours(content), content) == _rows(_theirs(content), content)
    file = _cycled(files)
    times = side_by_side(
        {
            "import": (lambda number: _rows(_ours(file(number)), file(number)), 2),
            "openpyxl": (lambda number: _rows(_theirs(file(number)), file(number)), 1),
        },
        repeats,
    )
    return [
        _line(
            "a return: bytes to rows", times, "import", "the same after openpyxl", "openpyxl", "≥ 4 × as fast"
        )
    ]


def prefilling(subject: Subject, repeats: int) -> list[Line]:
    """A copy with all answers of a plan in it."""
    plate, layout = subject.plate, subject.form.layout
    both = list(zip(subject.personals, subject.typed, subject.fresh, strict=True))
    for personal, typed, fresh in both:
        compare.same_workbook(
            pour(plate, personal, typed), by_openpyxl.filled(fresh, layout, typed), personal
        )
    one = _cycled(both)
    times = side_by_side(
        {
            "pour": (lambda number: pour(plate, one(number)[0], one(number)[1]), 3),
            "openpyxl": (lambda number: by_openpyxl.filled(one(number)[2], layout, one(number)[1]), 1),
        },
        repeats,
    )
    return [_line("a prefilled copy", times, "pour", "openpyxl: load, fill, save", "openpyxl")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A whole campaign's copies: how many, how long, how much."""

    copies: int
    cpu: float
    wall: float
    megabytes: float


def whole_campaign(folder: Path, roster: Path | None, count: int) -> Made:
    """Every school's copy made, written and recorded in the ledger, as `xlplan generate` does."""
    roster = roster or many_schools(folder / "schools.csv", count)
    start_campaign(
        folder / "campaign", template="sfss", roster=roster, plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30),
        return_by=date(2026, 12, 18), contact="plans@district.example", year="2026-27",
    )  # fmt: skip
    campaign = open_campaign(folder / "campaign")
    with Ledger.open(campaign.ledger_url) as ledger:
        cpu, wall = time.process_time(), time.perf_counter()
        copies = list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    files = [campaign.root / copy.file for copy in copies]
    assert len(set(files)) == len(copies)
    assert all(
        compare.digest(file.read_bytes()) == copy.sha256 for file, copy in zip(files, copies, strict=True)
    )
    size = sum(file.stat().st_size for file in files) / 1e6
    return Made(copies=len(copies), cpu=cpu, wall=wall, megabytes=size)


def _ours(content: bytes) -> Result:
    return _checked(open_file(content, "a return", Context()))


def _theirs(content: bytes) -> Result:
    return _checked(open_book(by_openpyxl.read(content), "a return", compare.digest(content), Context()))


def _checked(opened: Opened | Result) -> Result:
    assert isinstance(opened, Opened)
    return check_opened(opened, Context())


def _rows(result: Result, content: bytes) -> tuple[Any, ...]:
    record = record_of(result, content, RECEIVED)
    row = return_row(record, 1, NOW.isoformat()) | {"saved_at": None}  # as each library writes a moment
    return row, finding_rows(record.findings, 1), cell_rows(record.lineage, 1)


def _cycled(items: Sequence[T]) -> Callable[[int], T]:
    return lambda number: items[number % len(items)]


def _line(
    name: str, times: dict[str, float], ours: str, other_name: str, other: str, required: str = ""
) -> Line:
    return Line(
        name=name, ours=1000 * times[ours], other_name=other_name, other=1000 * times[other], required=required
    )  # fmt: skip
