"""A whole state rolled up: our summary workbook beside the bare writing of its rows, each in a process of its own.

`python -m benchmarks.rollups` prints the table and keeps it; `ONE FOLDER` runs one contender and prints its figures.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.subjects import many_schools, subject

RESULTS = Path(__file__).parent / "results"
PLANS, FEWER = 2_500, 250
AS_OF, NOW = date(2027, 1, 31), datetime(2026, 12, 1, 9, tzinfo=UTC)
CONTENDERS = ("xlplan", "xlsxwriter", "openpyxl")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What one contender took. `rows` and `total` (of the amounts, in cents) are compared."""

    name: str
    plans: int
    rows: int
    total: int
    seconds: float
    megabytes: float


def collected(folder: Path, plans: int) -> None:
    """A campaign whose ledger holds so many accepted returns, recorded as `collect` records them."""
    from xlplan.campaign import open_campaign
    from xlplan.ledger import Ledger
    from xlplan.pipeline.check import check_opened
    from xlplan.pipeline.collect import record_of
    from xlplan.pipeline.opening import Context, Opened, open_file
    from xlplan.pipeline.start import start_campaign

    roster = many_schools(folder.with_suffix(".csv"), plans)
    start_campaign(
        folder, template="sfss", roster=roster, plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30)
    )
    campaign = open_campaign(folder)
    records = []
    for number, content in enumerate(subject(8).filled):
        opened = open_file(content, f"returns/{number}.xlsx", Context())
        assert isinstance(opened, Opened)
        records.append(record_of(check_opened(opened, Context()), content, AS_OF))
    schools = campaign.roster.schools
    with Ledger.open(campaign.ledger_url) as ledger:
        for start in range(0, len(schools), 100):
            some = enumerate(schools[start : start + 100], start=start)
            ledger.record_returns(
                (_returned(records[number % len(records)], school.key) for number, school in some), now=NOW
            )


def _returned(record: Any, school: str) -> Any:
    """The same plan from another school."""
    content = school.encode()
    return replace(
        record, school_key=school, outcome="accepted", content=content, file=f"returns/{school}.xlsx",
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


@contextmanager
def deck_in(folder: Path) -> Iterator[Any]:
    """The facts of the campaign in that folder."""
    from xlplan.campaign import open_campaign
    from xlplan.ledger import Ledger
    from xlplan.pipeline.rolling import deck_of

    campaign = open_campaign(folder)
    with (
        Ledger.open(campaign.ledger_url) as ledger,
        deck_of([(campaign, ledger)], AS_OF, folder=folder) as deck,
    ):
        yield deck


def by_xlplan(folder: Path) -> tuple[int, int, float]:
    """From the ledger to the whole workbook: facts, fourteen sheets, formulas, links, data."""
    from xlplan.rollup.workbook import write_workbook

    start = time.process_time()
    with deck_in(folder) as deck:
        write_workbook(deck, folder / "summary.xlsx")
        return *_sums(deck), time.process_time() - start


def _written(
    folder: Path, write: Callable[[Path, Iterator[tuple[str, Any]]], None]
) -> tuple[int, int, float]:
    """The same rows of data as plain cells, the facts made before the clock starts."""
    with deck_in(folder) as deck:
        start = time.process_time()
        write(folder / "plain.xlsx", _rows(deck))
        return *_sums(deck), time.process_time() - start


def by_xlsxwriter(folder: Path) -> tuple[int, int, float]:
    """Its constant memory, no formats, formulas, tables or links."""
    import xlsxwriter

    def write(path: Path, rows: Iterator[tuple[str, Any]]) -> None:
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
        sheets: dict[str, Any] = {}
        counts: dict[str, int] = {}
        for name, row in rows:
            if name not in sheets:
                sheets[name] = book.add_worksheet(name)
            at = counts[name] = counts.get(name, -1) + 1
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheets[name].write_string(at, column, value)
                elif value is not None:
                    sheets[name].write_number(at, column, value)
        book.close()

    return _written(folder, write)


def by_openpyxl(folder: Path) -> tuple[int, int, float]:
    """Its write-only mode."""
    import openpyxl

    def write(path: Path, rows: Iterator[tuple[str, Any]]) -> None:
        book = openpyxl.Workbook(write_only=True)
        sheets: dict[str, Any] = {}
        for name, row in rows:
            if name not in sheets:
                sheets[name] = book.create_sheet(name)
            sheets[name].append(row)
        book.save(path)

    return _written(folder, write)


def _rows(deck: Any) -> Iterator[tuple[str, Any]]:
    from xlplan.rollup.facts import TABLES
    from xlplan.rollup.sheets.data import columns_of

    for table in TABLES:
        names = ", ".join(column.name for column in columns_of(table))
        for row in deck.store.rows(f"SELECT {names} FROM {table.name}_full ORDER BY plan, n"):
            yield table.name, tuple(row)


def _sums(deck: Any) -> tuple[int, int]:
    from xlplan.rollup.facts import TABLES

    rows = sum(deck.store.count(table) for table in TABLES)
    return rows, int(deck.store.one("SELECT coalesce(sum(amount), 0) FROM money"))


def peak_megabytes() -> float:
    """The most memory this process ever held."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmHWM"))


def run_one(name: str, folder: Path) -> None:
    """One contender in this process; its figures as JSON."""
    contender = {"xlplan": by_xlplan, "xlsxwriter": by_xlsxwriter, "openpyxl": by_openpyxl}[name]
    rows, total, seconds = contender(folder)
    print(json.dumps({"rows": rows, "total": total, "seconds": seconds, "megabytes": peak_megabytes()}))


def run_all(folder: Path, sizes: tuple[int, ...]) -> list[Taken]:
    """Every contender on each size, one after the other; what they wrote is compared."""
    found = []
    for plans in sizes:
        campaign = folder / f"state-{plans}"
        collected(campaign, plans)
        for name in CONTENDERS:
            command = [sys.executable, "-m", "benchmarks.rollups", name, str(campaign)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found.append(Taken(name=name, plans=plans, **json.loads(done.stdout)))
        assert len({(one.rows, one.total) for one in found if one.plans == plans}) == 1
    return found


def table(found: list[Taken]) -> str:
    """The figures as Markdown."""
    lines = [
        f"| {one.plans:,} | {one.rows:,} | {one.name} | {one.seconds:.1f} | {one.megabytes:.0f} |"
        for one in found
    ]
    return "\n".join(
        (
            "# Rolling up a state",
            "",
            "CPU seconds and peak memory (MB), each contender in its own process. xlplan: from the ledger to the whole",
            "summary workbook. The others: the rows of its data sheets alone, as plain cells, from facts at hand.",
            "",
            "| plans | rows | by | CPU s | peak MB |",
            "| ---: | ---: | --- | ---: | ---: |",
            *lines,
            "",
        )
    )


def main() -> None:
    """All, or one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rollups", description=__doc__)
    parser.add_argument("one", nargs="?", choices=CONTENDERS)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--quick", action="store_true", help="few plans, nothing kept: does it run?")
    asked = parser.parse_args()
    if asked.one:
        run_one(asked.one, asked.folder)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = run_all(Path(folder), (8,) if asked.quick else (FEWER, PLANS))
    print(table(found))
    if not asked.quick:
        (RESULTS / "rollups.md").write_text(table(found), encoding="utf-8")
        (RESULTS / "rollups.json").write_text(
            json.dumps([asdict(one) for one in found], indent=2) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
