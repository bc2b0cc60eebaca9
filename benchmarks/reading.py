"""Reading: the cells of a return, and all the way to a validated plan and its rows for the ledger."""

from __future__ import annotations

import gc
import io
import json
import shutil
import subprocess
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

from openpyxl import load_workbook

from benchmarks import by_node, by_openpyxl, compare
from benchmarks.figures import Demand, Figure, Section, Table, Who, number
from benchmarks.subjects import subject
from benchmarks.timing import Alone, alone, here
from xlplan.excel import guard
from xlplan.excel.plate import pour
from xlplan.excel.read import read_workbook
from xlplan.form.expressions import serial
from xlplan.form.markers import Kind
from xlplan.intake import validate as validating
from xlplan.layout.book import Book
from xlplan.ledger.rows import cell_rows, finding_rows, return_row
from xlplan.pipeline import check, opening
from xlplan.pipeline.collect import record_of
from xlplan.pipeline.opening import Context, Opened, Result, open_book, open_file

FILES, WARM = 48, 12  # returns of each kind, each another plan; those read before the clock runs
RUNS = 3  # processes of their own, of which the median counts
NOW, RECEIVED = datetime(2026, 11, 2, 9, tzinfo=UTC).isoformat(), date(2026, 12, 1)
OURS, CHECKED = "xlplan", "xlplan, with the criteria checks"
THEIRS, THEIRS_CHECKED = "the same through openpyxl", "the same through openpyxl, with the criteria checks"
INFLATED = "inflating all parts with zipfile"
SHEETJS = "SheetJS"
SAVED = {
    "ours": "as the copy was issued, filled in",
    "libreoffice": "saved by LibreOffice",
    "openpyxl": "saved by openpyxl",
}
Cells = dict[str, dict[tuple[int, int], Any]]
Run = Callable[[bytes], Any]


def measure(folder: Path, *, quick: bool) -> Sequence[Section]:
    """The whole way for each kind of file, where its time goes, and the cells alone."""
    clock = Clock(run=here, warm=1, runs=1) if quick else Clock(run=alone, warm=WARM, runs=RUNS)
    remarks = _made(folder, 3 if quick else FILES)
    kinds = [kind for kind in SAVED if (folder / kind).is_dir()]
    return (
        *(_whole(folder / kind, clock, remarks if kind == "ours" else ()) for kind in kinds),
        _parts(folder, kinds, clock),
        _cells(folder / "ours", clock),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How contenders are timed. `run`: calls a function by name; `warm`: files that come before; `runs`: of each."""

    run: Callable[..., Alone]
    warm: int
    runs: int


def _made(folder: Path, count: int) -> list[str]:
    """The returns: ours, and the same saved again by other programs. Gives what to say where one is not installed."""
    made = subject(count)
    inputs = made.form.layout.inputs
    for kind in SAVED:
        (folder / kind).mkdir()
    for at, (person, typed) in enumerate(zip(made.personals, made.typed, strict=True)):
        own = {  # no prose of any plan stands in another
            path: f"{value} ({at})" if value and inputs[path][1].field.kind is Kind.PROSE else value
            for path, value in typed.items()
        }
        content = pour(made.plate, person, own)
        (folder / "ours" / f"{at:03}.xlsx").write_bytes(content)
        load_workbook(io.BytesIO(content)).save(folder / "openpyxl" / f"{at:03}.xlsx")
    if shutil.which("soffice") is None:
        (folder / "libreoffice").rmdir()
        return ["LibreOffice is not installed, so no files that it saved were read."]
    command = [
        "soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir",
    ]  # fmt: skip
    files = sorted(map(str, (folder / "ours").iterdir()))
    subprocess.run([*command, str(folder / "libreoffice"), *files], check=True, capture_output=True)
    return []


# --- the whole way


def _whole(folder: Path, clock: Clock, remarks: Sequence[str]) -> Section:
    """File to rows, each file once, in turn with the others."""
    for file in sorted(folder.iterdir()):
        content = file.read_bytes()
        for judge in (_with_checks, _without_checks):
            with judge():
                ours, theirs = _ours(content), _theirs(content)
            compare.same_result(ours, theirs)
            assert _rows(ours, content) == _rows(theirs, content), file
    took = _timed(folder, WHOLE, clock)
    times = {name: one.milliseconds for name, one in took.items()}
    collector = took[THEIRS].collector
    return Section(
        title=f"A return to rows: {SAVED[folder.name]}", unit="a return",
        work="File → guarded, read, compared with its seal → validated plan → rows for the ledger. Through openpyxl: "
        "its workbook becomes what our reader gives, and the rest is the same. Outcome, plan, findings, completeness, "
        "lineage and rows are compared for every file.",
        figures=tuple(_figure(name, took[name]) for name in WHOLE),
        demands=(
            Demand(what=f"{THEIRS}, beside ours", measured=times[THEIRS] / times[OURS], required=11, at_least=True),
            Demand(what=f"ours, beside {INFLATED}", measured=times[OURS] / times[INFLATED], required=8, at_least=False),
        ),
        remarks=(
            f"With the criteria checks on both sides the ratio is {number(times[THEIRS_CHECKED] / times[CHECKED])}.",
            "Each file is read once, since what rows of a sheet say is remembered from file to file, and no prose of "
            f"any plan stands in another; {clock.warm} files come before those that are timed. Contenders run in turn, "
            "each in a process of its own, so that each pays for its own garbage. Python's collector of it runs as it "
            f"does anywhere: it takes {number(took[OURS].collector)} ms of ours, and {number(collector)} ms of what "
            "openpyxl takes, whose objects refer to one another; without it the ratio is "
            f"{number((times[THEIRS] - collector) / (times[OURS] - took[OURS].collector))}.",
            *remarks,
        ),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What a contender took for a file: milliseconds, those of the collector of garbage among them; its peak."""

    milliseconds: float
    collector: float
    megabytes: float


def _timed(folder: Path, names: Iterable[str], clock: Clock) -> dict[str, Took]:
    """The medians of each contender, each in processes of its own, in turn with those of the others."""
    found: dict[str, list[Alone]] = {name: [] for name in names}
    for _ in range(clock.runs):
        for name, own in found.items():
            own.append(clock.run("benchmarks.reading:timed", str(folder), name, clock.warm))
    return {
        name: Took(
            milliseconds=median(one.answer["all"] for one in own),
            collector=median(one.answer["collector"] for one in own),
            megabytes=median(one.megabytes for one in own),
        )
        for name, own in found.items()
    }


def timed(folder: str, name: str, warm: int) -> dict[str, float]:
    """Mean CPU milliseconds of a contender, each file once; of "collector", what it took among them."""
    files, run = [file.read_bytes() for file in sorted(Path(folder).iterdir())], (WHOLE | CELLS)[name]
    for content in files[:warm]:
        run(content)
    gc.collect()
    with _collector() as collected:
        start = time.process_time()
        for content in files[warm:]:
            run(content)
        spent = time.process_time() - start
    per_file = 1000 / (len(files) - warm)
    return {"all": spent * per_file, "collector": collected[0] * per_file}


@contextmanager
def _collector() -> Iterator[list[float]]:
    """The seconds that the collector of garbage took so far."""
    spent, since = [0.0], [0.0]

    def told(phase: str, _info: Mapping[str, int]) -> None:
        if phase == "start":
            since[0] = time.process_time()
        else:
            spent[0] += time.process_time() - since[0]

    gc.callbacks.append(told)
    try:
        yield spent
    finally:
        gc.callbacks.remove(told)


@contextmanager
def _without_checks() -> Iterator[None]:
    with mock.patch.object(check, "run_checks", _no_findings):
        yield


@contextmanager
def _with_checks() -> Iterator[None]:
    yield


def _no_findings(*_: object) -> list[Any]:
    return []


def _ours(content: bytes) -> Result:
    return _checked(open_file(content, "a return", Context()))


def _theirs(content: bytes) -> Result:
    return _checked(open_book(by_openpyxl.read(content), "a return", compare.digest(content), Context()))


def _checked(opened: Opened | Result) -> Result:
    assert isinstance(opened, Opened)
    return check.check_opened(opened, Context())


def _rows(result: Result, content: bytes) -> tuple[Any, ...]:
    record = record_of(result, content, RECEIVED)
    row = return_row(record, 1, NOW) | {"saved_at": None}  # openpyxl does not say it as it stands
    return row, finding_rows(record.findings, 1), cell_rows(record.lineage, 1)


def _to_rows(read: Callable[[bytes], Result], content: bytes, *, checks: bool) -> Any:
    with _with_checks() if checks else _without_checks():
        return _rows(read(content), content)


def _inflate(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            archive.read(name)


WHOLE: dict[str, Run] = {
    OURS: partial(_to_rows, _ours, checks=False),
    CHECKED: partial(_to_rows, _ours, checks=True),
    THEIRS: partial(_to_rows, _theirs, checks=False),
    THEIRS_CHECKED: partial(_to_rows, _theirs, checks=True),
    INFLATED: _inflate,
}


# --- where the time goes

STAGES: tuple[tuple[str, tuple[tuple[Any, str], ...]], ...] = (
    ("guard: sizes, names and headers of the zip", ((guard.Archive, "__init__"),)),
    ("inflate, with checksums", ((guard.Archive, "read"),)),
    ("parse", ((opening, "read_workbook"),)),
    ("find each answer's cell by its witnesses", ((check, "locate"),)),
    (
        "seal: identity, locked texts, lists and rules",
        ((opening, "identities"), (opening, "issued_layout"), (check, "stranger"), (check, "seal_findings")),
    ),
    ("mend each answer", ((validating, "answers_of"),)),
    ("validate: pydantic, tables, references", ((check, "validate"),)),
    ("criteria checks", ((check, "run_checks"),)),
    ("completeness", ((check, "completeness"),)),
    ("fingerprint of the answers", ((check, "fresh_cells"), (check, "values_hash"))),
)
ROWS, REST, ALL = "rows for the ledger", "the rest, the clocks between the parts among it", "all"


def _parts(folder: Path, kinds: Sequence[str], clock: Clock) -> Section:
    """The milliseconds of each part."""
    took = {
        kind: [
            clock.run("benchmarks.reading:parts", str(folder / kind), clock.warm).answer
            for _ in range(clock.runs)
        ]
        for kind in kinds
    }
    names = [*(name for name, _ in STAGES), ROWS, REST, ALL]
    rows = tuple(
        (name, *(number(median(one[name] for one in took[kind])) for kind in kinds)) for name in names
    )
    return Section(
        title="Where the time goes", unit="a return",
        work="The same way with the criteria checks, by parts, each without the parts inside it.",
        tables=(Table(heads=("CPU ms", *(SAVED[kind] for kind in kinds)), rows=rows),),
    )  # fmt: skip


def parts(folder: str, warm: int) -> dict[str, float]:
    """The mean milliseconds of each part, each file once, and of all of it."""
    files = [file.read_bytes() for file in sorted(Path(folder).iterdir())]
    spent: dict[str, float] = defaultdict(float)
    inside = [0.0]  # of the parts that are running: what the parts within them took
    with ExitStack() as patches:
        for stage, functions in STAGES:
            for owner, name in functions:
                clock = partial(_clocked, stage, spent, inside, getattr(owner, name))
                patches.enter_context(
                    mock.patch.object(owner, name, _method(clock) if owner is guard.Archive else clock)
                )
        for at, content in enumerate(files):
            if at == warm:
                gc.collect()
                spent.clear()
            start = time.process_time()
            result = _ours(content)
            _clocked(ROWS, spent, inside, _rows, result, content)
            spent[ALL] += time.process_time() - start
            inside[:] = [0.0]
    spent[REST] = 2 * spent[ALL] - sum(spent.values())
    return {name: 1000 * seconds / (len(files) - warm) for name, seconds in spent.items()}


def _clocked(
    stage: str,
    spent: dict[str, float],
    inside: list[float],
    run: Callable[..., Any],
    *given: Any,
    **named: Any,
) -> Any:
    start = time.process_time()
    inside.append(0.0)
    try:
        return run(*given, **named)
    finally:
        took = time.process_time() - start
        spent[stage] += took - inside.pop()
        inside[-1] += took


def _method(run: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, *given: run(self, *given)


# --- the cells alone


def _cells(folder: Path, clock: Clock) -> Section:
    """Our reader beside libraries that read cells."""
    files = sorted(folder.iterdir())
    for file in files[:3]:
        content = file.read_bytes()
        ours = _comparable(_by_us(content))
        for name, read in CELLS.items():
            if name != INFLATED:
                _same(name, ours, _comparable(read(content)))
    figures = [_figure(name, took) for name, took in _timed(folder, CELLS, clock).items()]
    remarks, versions = [by_node.missing("xlsx")], []
    if not remarks[0]:
        command = ["node", str(by_node.SCRIPT.with_name("read.cjs")), str(folder), str(clock.warm)]
        said = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)
        told = {name: {(r, c): value for r, c, value in own} for name, own in said["cells"].items()}
        _same(SHEETJS, _comparable(_by_us(files[0].read_bytes())), _comparable(told))
        figures.insert(-1, Figure(by=SHEETJS, who="peer", milliseconds=said["milliseconds"]))
        versions.append((SHEETJS, said["version"]))
    return Section(
        title="The cells alone", unit="a file", figures=tuple(figures), versions=tuple(versions),
        work="All values of all cells. Ours tells formulas, rules, merged ranges, locks, names and properties besides, "
        "behind its guard; the others tell values. Ours leaves out the hidden sheet of its own formulas, which the "
        "others read.",
        remarks=tuple(filter(None, (
            "Compared before they are timed: text, truth, number or day of each cell on the sheets that ours reads.",
            *remarks,
        ))),
    )  # fmt: skip


def _figure(name: str, took: Took) -> Figure:
    who: Who = "ours" if name in (OURS, CHECKED, BY_US) else "limit" if name == INFLATED else "peer"
    return Figure(by=name, who=who, milliseconds=took.milliseconds, megabytes=took.megabytes)


def _by_us(content: bytes) -> Cells:
    book = read_workbook(content)
    assert isinstance(book, Book)
    return {sheet.name: {place: cell.value for place, cell in sheet.cells.items()} for sheet in book.sheets}


def _by_openpyxl(content: bytes) -> Cells:
    book = load_workbook(io.BytesIO(content), data_only=True)
    return {
        sheet.title: {
            (cell.row, cell.column): cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value is not None
        }
        for sheet in book.worksheets
    }


def _by_openpyxl_read_only(content: bytes) -> Cells:
    book = load_workbook(io.BytesIO(content), data_only=True, read_only=True)
    return {sheet.title: _placed(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}


def _by_calamine(content: bytes) -> Cells:
    from python_calamine import CalamineWorkbook  # what is imported weighs on whoever collects garbage

    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {
        name: _placed(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for name in book.sheet_names
    }


def _by_pandas(engine: Any, content: bytes) -> Cells:
    import pandas  # as above

    frames = pandas.read_excel(
        io.BytesIO(content), sheet_name=None, header=None, engine=engine, keep_default_na=False, na_values=[],
        dtype=object,
    )  # fmt: skip
    return {str(name): _placed(frame.to_numpy()) for name, frame in frames.items()}


def _placed(rows: Any) -> dict[tuple[int, int], Any]:
    return {
        (r, c): value for r, row in enumerate(rows, 1) for c, value in enumerate(row, 1) if value not in (None, "")
    }  # fmt: skip


BY_US = "xlplan: read_workbook"
CELLS: dict[str, Run] = {
    BY_US: _by_us,
    "python-calamine": _by_calamine,
    "pandas.read_excel, calamine": partial(_by_pandas, "calamine"),
    "openpyxl, read-only": _by_openpyxl_read_only,
    "openpyxl": _by_openpyxl,
    "pandas.read_excel, openpyxl": partial(_by_pandas, "openpyxl"),
    INFLATED: _inflate,
}


def _comparable(cells: Cells) -> dict[str, dict[tuple[int, int], Any]]:
    """Values as all of them have them: numbers and days as numbers, nothing for what is empty."""
    return {
        name: {place: said for place, value in own.items() if (said := _plain(value)) not in (None, "")}
        for name, own in cells.items()
    }


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return float(serial(value))
    if isinstance(value, str):
        return value.strip()
    return value if value is None or isinstance(value, bool) or value != value else float(value)


def _same(name: str, ours: Cells, theirs: Cells) -> None:
    for sheet, cells in ours.items():
        other = theirs[sheet]
        differs = sorted(at for at in cells.keys() | other.keys() if cells.get(at) != other.get(at))
        assert not cells or not differs, (name, sheet, [(cells.get(at), other.get(at)) for at in differs[:3]])
