"""A whole state rolled up: our summary workbook beside the bare writing of its rows, each in a process of its own."""

from __future__ import annotations

import csv
import hashlib
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, Section, Table, Who, number
from benchmarks.subjects import many_schools, subject
from benchmarks.timing import alone
from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger
from xlplan.pipeline.check import check_opened
from xlplan.pipeline.collect import record_of
from xlplan.pipeline.opening import Context, Opened, open_file
from xlplan.pipeline.rolling import deck_of
from xlplan.pipeline.start import start_campaign
from xlplan.pipeline.status import status
from xlplan.rollup.facts import TABLES, FactTable
from xlplan.rollup.sheets.data import columns_of, regions_of, sheet_name, write_data

SIZES, STATE = (2_500, 250), 10_000  # plans
AS_OF, NOW = date(2027, 1, 31), datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = "yyyy-mm-dd"
CONTENDERS: dict[str, tuple[str, Who]] = {
    "by_xlplan": ("xlplan, from the ledger to the whole workbook", "ours"),
    "by_data_sheets": ("xlplan, the data sheets alone, with styles, filters and links", "ours"),
    "by_xlsxwriter": ("XlsxWriter, constant_memory", "peer"),
    "by_openpyxl": ("openpyxl, write-only", "peer"),
    "by_pandas": ("pandas, DataFrame.to_excel", "peer"),
    "by_csv": ("csv", "limit"),
}
Rows = Iterator[tuple[Any, ...]]
Wrote = tuple[int, int, str]  # rows, the amounts in cents, the sum of all values


def measure(folder: Path, *, quick: bool) -> Sequence[Section]:
    """The contenders at each size, and a state of ten thousand plans."""
    sizes, state = ((12,), 20) if quick else (SIZES, STATE)
    return [
        *(_side_by_side(folder / f"plans-{plans}", plans) for plans in sizes),
        _state(folder / "state", state),
    ]


def _side_by_side(folder: Path, plans: int) -> Section:
    """Every contender on so many plans; what they wrote is read and compared."""
    collected(folder, plans)
    figures, told = [], {}
    for name, (by, who) in CONTENDERS.items():
        took = alone(f"benchmarks.rollups:{name}", str(folder))
        milliseconds = took.answer * 1000 / plans
        figures.append(Figure(by=by, who=who, milliseconds=milliseconds, megabytes=took.megabytes))
        told[name] = _read_csv(folder) if name == "by_csv" else _read(folder / f"{name}.xlsx")
    assert len(set(told.values())) == 1, told
    rows, cents, _ = told["by_csv"]
    return Section(
        title=f"A rollup of {plans:,} plans",
        work=f"{rows:,} rows of data with amounts of ${cents / 100:,.2f}, in nine tables. The peers write these rows "
        "alone, as plain cells, from facts at hand; ours is from the ledger to the workbook: facts, fifteen sheets, "
        "formulas over the data, links to the schools' files. Then its data sheets alone, from facts at hand too.",
        unit="a plan", figures=tuple(figures),
    )  # fmt: skip


def _state(folder: Path, plans: int) -> Section:
    """What `status` and the rollup take of a state."""
    collected(folder, plans)
    told = [
        (name, number(took.cpu), f"{took.cpu * 1000 / plans:.2f}", f"{took.megabytes:,.0f}")
        for name, took in (
            ("xlplan status", alone("benchmarks.rollups:by_status", str(folder))),
            ("xlplan rollup", alone("benchmarks.rollups:by_xlplan", str(folder))),
        )
    ]
    return Section(
        title=f"A state of {plans:,} plans",
        work="Each command's work in a process of its own.",
        unit="a plan",
        tables=(Table(heads=("work", "s CPU", "CPU ms a plan", "peak MB"), rows=tuple(told)),),
        remarks=(
            "No question is asked of the ledger once a school: `tests/pipeline/test_queries.py` counts them.",
        ),
    )


def collected(folder: Path, plans: int) -> None:
    """A campaign whose ledger holds so many accepted returns, recorded as `collect` records them."""
    roster = many_schools(folder.with_suffix(".csv"), plans)
    start_campaign(
        folder, template="sfss", roster=roster, plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30)
    )
    campaign = open_campaign(folder)
    records = []
    for place, content in enumerate(subject(8).filled):
        opened = open_file(content, f"returns/{place}.xlsx", Context())
        assert isinstance(opened, Opened)
        records.append(record_of(check_opened(opened, Context()), content, AS_OF))
    schools = campaign.roster.schools
    with Ledger.open(campaign.ledger_url) as ledger:
        for start in range(0, len(schools), 100):
            some = enumerate(schools[start : start + 100], start=start)
            ledger.record_returns(
                (_returned(records[place % len(records)], school.key) for place, school in some), now=NOW
            )


def _returned(record: Any, school: str) -> Any:
    """The same plan from another school."""
    content = school.encode()
    return replace(
        record, school_key=school, outcome="accepted", content=content, file=f"returns/{school}.xlsx",
        sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


# --- the contenders: each writes into the campaign's folder, and gives the CPU seconds that it took


def by_xlplan(folder: str) -> float:
    """From the ledger to the whole workbook."""
    from xlplan.rollup.workbook import write_workbook

    start = time.process_time()
    with _deck(folder) as deck:
        write_workbook(deck, Path(folder, "by_xlplan.xlsx"))
    return time.process_time() - start


def by_data_sheets(folder: str) -> float:
    """Our own data sheets, from facts at hand."""
    from xlplan.rollup.book import Book

    with _deck(folder) as deck:
        start = time.process_time()
        path = Path(folder, "by_data_sheets.xlsx")
        regions = regions_of(deck.store)
        book = Book(str(path), footer="Data", as_of=AS_OF, folder=deck.store.folder)
        write_data(book, replace(deck, out=path, regions=regions), regions)
        book.file.close()
        return time.process_time() - start


def by_xlsxwriter(folder: str) -> float:
    """Its constant memory, no formats but of days."""
    import xlsxwriter

    def write(tables: Iterator[tuple[str, tuple[str, ...], Rows]]) -> None:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(f"{folder}/by_xlsxwriter.xlsx", options)
        day = book.add_format({"num_format": DAY})
        for name, heads, rows in tables:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, heads)
            for at, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(at, column, value)
                    elif isinstance(value, bool):
                        sheet.write_boolean(at, column, value)
                    elif isinstance(value, date):
                        sheet.write_datetime(at, column, value, day)
                    elif value is not None:
                        sheet.write_number(at, column, value)
        book.close()

    return _written(folder, write)


def by_openpyxl(folder: str) -> float:
    """Its write-only mode."""
    import openpyxl

    def write(tables: Iterator[tuple[str, tuple[str, ...], Rows]]) -> None:
        book = openpyxl.Workbook(write_only=True)
        for name, heads, rows in tables:
            sheet = book.create_sheet(name)
            sheet.append(heads)
            for row in rows:
                sheet.append(row)
        book.save(f"{folder}/by_openpyxl.xlsx")

    return _written(folder, write)


def by_pandas(folder: str) -> float:
    """A DataFrame a table, by XlsxWriter."""
    import pandas as pd

    def write(tables: Iterator[tuple[str, tuple[str, ...], Rows]]) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False}
        path = f"{folder}/by_pandas.xlsx"
        with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs={"options": options}) as writer:
            for name, heads, rows in tables:
                frame = pd.DataFrame(rows, columns=list(heads), dtype=object)
                frame.to_excel(writer, sheet_name=name, index=False)

    return _written(folder, write)


def by_csv(folder: str) -> float:
    """A file a table."""

    def write(tables: Iterator[tuple[str, tuple[str, ...], Rows]]) -> None:
        for name, heads, rows in tables:
            with Path(folder, f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(heads)
                writer.writerows(rows)

    return _written(folder, write)


def by_status(folder: str) -> int:
    """Who returned, in what state; the number of schools."""
    campaign = open_campaign(Path(folder))
    with Ledger.open_to_ask(campaign.ledger_url) as ledger:
        return len(status(campaign, ledger, AS_OF).schools)


@contextmanager
def _deck(folder: str) -> Iterator[Any]:
    """The facts of the campaign in that folder."""
    campaign = open_campaign(Path(folder))
    with (
        Ledger.open_to_ask(campaign.ledger_url) as ledger,
        deck_of([(campaign, ledger)], AS_OF, folder=Path(folder)) as deck,
    ):
        yield deck


def _written(folder: str, write: Callable[[Iterator[tuple[str, tuple[str, ...], Rows]]], None]) -> float:
    """The CPU seconds of writing all rows, the facts made before the clock starts."""
    with _deck(folder) as deck:
        start = time.process_time()
        write(_tables(deck))
        return time.process_time() - start


def _tables(deck: Any) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
    """Sheet, heads and rows of every table that has any: as our data sheets have them."""
    for table in deck.store.filled():
        columns = columns_of(table)
        names = ", ".join(column.name for column in columns)
        found = deck.store.rows(f"SELECT {names} FROM {table.name}_full ORDER BY plan, n")
        typed = [{"yes-no": bool, "money": _dollars, "day": date.fromisoformat}.get(c.kind) for c in columns]
        yield sheet_name(table), tuple(column.label for column in columns), _typed(found, typed)


def _typed(rows: Iterable[Any], makers: Sequence[Callable[[Any], Any] | None]) -> Rows:
    for row in rows:
        yield tuple(
            value if value is None or make is None else make(value)
            for value, make in zip(row, makers, strict=True)
        )


def _dollars(cents: int) -> float:
    return cents / 100


def _read(path: Path) -> Wrote:
    """What stands in the data sheets of a workbook."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    return _told(
        (table, book.get_sheet_by_name(sheet_name(table)).to_python(skip_empty_area=False)[1:])
        for table in TABLES
        if sheet_name(table) in book.sheet_names
    )


def _read_csv(folder: Path) -> Wrote:
    """The same of the files of a folder."""

    def rows(file: Path) -> list[list[str]]:
        with file.open(encoding="utf-8", newline="") as source:
            return list(csv.reader(source))[1:]

    files = ((table, folder / f"{sheet_name(table)}.csv") for table in TABLES)
    return _told((table, rows(file)) for table, file in files if file.exists())


def _told(tables: Iterable[tuple[FactTable, Sequence[Sequence[Any]]]]) -> Wrote:
    """Rows, amounts, and every value of every cell."""
    digest, many, cents = hashlib.sha256(), 0, 0
    for table, rows in tables:
        kinds = [column.kind for column in columns_of(table)]
        for row in rows:
            # a sheet ends with the last column in which anything stands
            values = [_plain(value, kind) for value, kind in zip(row, kinds, strict=False)]
            digest.update("\x1f".join((table.name, *filter(None, values))).encode())
        many += len(rows)
        if table.name == "money":
            amount = [column.name for column in columns_of(table)].index("amount")
            cents += sum(round(float(row[amount]) * 100) for row in rows)
    return many, cents, digest.hexdigest()


def _plain(value: Any, kind: str) -> str:
    """A cell's value as one text, from whatever a reader makes of it."""
    if value is None or value == "":
        return ""
    if kind in ("money", "count"):
        return f"{float(value):.10g}"
    if kind == "day":
        return str(value)[:10]
    return str(value)
