"""Making: fresh copies, prefilled ones, and a campaign of as many as a country has."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from benchmarks import by_node, by_openpyxl, by_xlsxwriter, compare
from benchmarks.figures import Demand, Figure, Section, Table, number
from benchmarks.subjects import Subject, many_schools, subject
from benchmarks.timing import Alone, alone, side_by_side
from xlplan.campaign import open_campaign
from xlplan.campaign.files import write_safely
from xlplan.excel.package import DEFLATING, by_zlib
from xlplan.excel.plate import fixed_values, pour, stamp
from xlplan.excel.write import write
from xlplan.form.expressions import Values
from xlplan.ledger import Ledger
from xlplan.pipeline.generate import generate
from xlplan.pipeline.start import start_campaign

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
COPIES = (100, 10_000, 100_000)
T = TypeVar("T")

STAMPED, WRITTEN, PLAIN_WRITE = (
    "xlplan: stamped",
    "xlplan: stamped and written",
    "writing the same bytes the same way",
)
SCRATCH, LOADED, XLSXWRITER = "openpyxl, from scratch", "openpyxl: load, set what differs, save", "XlsxWriter"
NODE = {"xlsx": "SheetJS", "exceljs": "ExcelJS"}
CANNOT = {
    "xlsx": "SheetJS' free edition writes no looks, rules, colours of words or print set-up.",
    "exceljs": "ExcelJS writes no name that holds a constant and no lock of the workbook's structure.",
}
OWN_TIME = "Half of XlsxWriter's time goes into forty patterns that it tries on every formula."
FILLED = "openpyxl: load, fill, save"
DEFLATED = "deflating its sheets with zlib"


def measure(folder: Path, *, quick: bool) -> Sequence[Section]:
    """The three comparisons."""
    made = subject(3 if quick else 12)
    return (
        _fresh(made, folder, 1 if quick else 15),
        _prefilled(made, 1 if quick else 15),
        _campaign(folder, (10, 20) if quick else COPIES),
    )


def _fresh(made: Subject, folder: Path, repeats: int) -> Section:
    """A copy of which only the identity differs, against writing it anew."""
    layout, plate = by_xlsxwriter.ready(made.form.layout), made.plate
    values = Values(fixed_values(layout), layout.twins)
    person, target = _cycled(made.personals), folder / "copy.xlsx"
    for written in (write(layout), by_xlsxwriter.write(layout, values)):
        compare.same_workbook(made.fresh[0], written, made.personals[0])
    differs = by_openpyxl.differing(made.fresh[0], made.fresh[1])
    compare.same_workbook(
        made.fresh[1], by_openpyxl.changed(made.fresh[0], differs, made.personals[1]["identity"]), made.personals[1]
    )  # fmt: skip
    times = side_by_side(
        {
            STAMPED: (lambda number: stamp(plate, person(number)), 200),
            WRITTEN: (lambda number: write_safely(target, stamp(plate, person(number))), 200),
            PLAIN_WRITE: (lambda number: write_safely(target, _cycled(made.fresh)(number)), 200),
            SCRATCH: (lambda _: write(layout), 1),
            LOADED: (lambda _: by_openpyxl.changed(made.fresh[0], differs, made.personals[1]["identity"]), 1),
            XLSXWRITER: (lambda _: by_xlsxwriter.write(layout, values), 1),
        },
        repeats,
    )
    peers, remarks, versions = {}, [], []
    for library, name in NODE.items():
        if why := by_node.missing(library):
            remarks.append(why)
            continue
        content, said = by_node.written(library, layout, values, folder, 1 if repeats == 1 else 25)
        compare.same_cells(made.fresh[0], content, made.personals[0], rules=library == "exceljs")
        peers[name] = said["milliseconds"]
        versions.append((name, said["version"]))
        remarks.append(CANNOT[library])
    return Section(
        title="A fresh copy", unit="a copy", remarks=(OWN_TIME, *remarks), versions=tuple(versions),
        work=f"The sfss workbook for one school: {_shape(made)}. Compared before it is timed, all through openpyxl: "
        "sheets, texts, numbers, days, formulas, rules, locks and names. The text of each formula is at hand for all. "
        "XlsxWriter cannot lock the workbook's structure; it would take ten times as long to give the empty columns "
        f"beside the form their ground, so they have none. Loaded and saved, {len(differs)} cells, a name and a "
        "property are set.",
        figures=(
            *(_figure(name, times[name], "ours") for name in (STAMPED, WRITTEN)),
            *(_figure(name, took, "peer") for name, took in {
                SCRATCH: times[SCRATCH], LOADED: times[LOADED], XLSXWRITER: times[XLSXWRITER], **peers}.items()),
            _figure(PLAIN_WRITE, times[PLAIN_WRITE], "limit"),
        ),
        demands=(
            Demand(what=f"{SCRATCH}, beside a copy stamped", measured=times[SCRATCH] / times[STAMPED], required=250,
                   at_least=True),
            Demand(what=f"a copy stamped and written, beside {PLAIN_WRITE}",
                   measured=times[WRITTEN] / times[PLAIN_WRITE], required=1.5, at_least=False),
        ),
    )  # fmt: skip


def _prefilled(made: Subject, repeats: int) -> Section:
    """A copy with all answers of a plan in it, and the values of all formulas that follow from them."""
    layout = made.form.layout
    cases = list(zip(made.personals, made.typed, made.fresh, strict=True))
    plates = {name: replace(made.plate, deflate=deflate) for name, deflate in DEFLATING.items()}
    for person, typed, fresh in cases[:3]:
        filled = by_openpyxl.filled(fresh, layout, typed)
        for plate in plates.values():
            compare.same_workbook(pour(plate, person, typed), filled, person)
    one = _cycled(cases)
    own = _cycled(
        [_own_sheets(content, fresh) for content, fresh in zip(made.filled, made.fresh, strict=True)]
    )
    times = side_by_side(
        {
            **{
                f"xlplan, {name}": (lambda number, plate=plate: pour(plate, *one(number)[:2]), 12)
                for name, plate in plates.items()
            },
            FILLED: (lambda number: by_openpyxl.filled(one(number)[2], layout, one(number)[1]), 1),
            DEFLATED: (lambda number: [by_zlib(sheet) for sheet in own(number)], 12),
        },
        repeats,
    )
    ours = [f"xlplan, {name}" for name in plates]
    sizes = {name: len(pour(plate, *cases[0][:2])) for name, plate in plates.items()}
    return Section(
        title="A prefilled copy", unit="a copy",
        work=f"The same workbook with {len(made.typed[0])} answers of a sample plan, and the values of "
        f"{len(layout.twins)} formulas recomputed beside them; openpyxl loads a copy, sets the answers and saves it, "
        "without any value of a formula. Compared as above.",
        figures=(
            *(_figure(name, times[name], "ours") for name in ours),
            _figure(FILLED, times[FILLED], "peer"), _figure(DEFLATED, times[DEFLATED], "limit"),
        ),
        demands=(
            Demand(what=f"{FILLED}, beside ours with zlib alone", measured=times[FILLED] / times["xlplan, zlib"],
                   required=12, at_least=True),
        ),
        remarks=(
            "libdeflate is what every installation has, and what it uses; the extra `fast` brings isal, which is used "
            "where it is there. Bytes of one copy: "
            + ", ".join(f"{size:,} with {name}" for name, size in sizes.items())
            + ".",
        ),
    )  # fmt: skip


def _campaign(folder: Path, counts: Sequence[int]) -> Section:
    """Campaigns of so many schools, each in a process of its own; of the largest first as few as the smallest."""
    rows = []
    found: dict[str, Alone] = {}
    for count in counts:
        place = folder / f"campaign-{count}"
        _started(place, count)
        for copies in (counts[0], count) if count == counts[-1] else (count,):
            took = found[f"{copies} of {count}"] = alone("benchmarks.making:generated", str(place), copies)
            size = took.answer["bytes"] / copies / 1000
            per_copy = number(took.cpu / copies * 1000), number(took.wall / copies * 1000)
            rows.append((f"{copies:,}", f"{count:,}", *per_copy, f"{took.megabytes:,.0f}", f"{size:.1f}"))
            _checked(place, copies)
        shutil.rmtree(place)
    few, many = found[f"{counts[0]} of {counts[-1]}"], found[f"{counts[-1]} of {counts[-1]}"]
    heads = (
        "copies",
        "schools on the roster",
        "CPU ms a copy",
        "wall ms a copy",
        "peak MB",
        "kB a copy on disk",
    )
    return Section(
        title="A campaign's copies", unit="a copy",
        work="Every school's copy made, written and recorded in the ledger, as `xlplan generate` does, by a process of "
        "its own that opens the campaign and compiles the form; both are in its time.",
        figures=(
            Figure(by=f"generate, {counts[-1]:,} copies", who="ours", milliseconds=many.cpu * 1000 / counts[-1],
                   megabytes=many.megabytes),
        ),
        tables=(Table(heads=heads, rows=tuple(rows)),),
        demands=(
            Demand(what=f"peak memory of {counts[-1]:,} copies, beside {counts[0]:,} of the same campaign",
                   measured=many.megabytes / few.megabytes, required=1.1, at_least=False),
        ),
        remarks=("What grows from row to row is the roster, which is held as a whole: half a kilobyte a school.",),
    )  # fmt: skip


def _started(place: Path, count: int) -> None:
    start_campaign(
        place, template="sfss", roster=many_schools(place.with_suffix(".csv"), count), plan_from=date(2026, 9, 1),
        plan_to=date(2027, 6, 30), return_by=date(2026, 12, 18), contact="plans@district.example", year="2026-27",
    )  # fmt: skip


def generated(folder: str, count: int) -> dict[str, int]:
    """The copies of the first so many schools of a campaign."""
    campaign = open_campaign(Path(folder))
    copies = size = 0
    with Ledger.open(campaign.ledger_url) as ledger:
        for copy in generate(campaign, ledger, campaign.roster.schools[:count], now=NOW, force=True):
            copies += 1
            size += (campaign.root / copy.file).stat().st_size
    return {"copies": copies, "bytes": size}


def _checked(place: Path, count: int) -> None:
    """That all copies are recorded, and that files are what the ledger says, of every hundredth."""
    campaign = open_campaign(place)
    with Ledger.open_to_ask(campaign.ledger_url) as ledger:
        copies = ledger.copies()
    assert len(copies) == count, len(copies)
    for copy in copies[::100]:
        assert compare.digest((campaign.root / copy.file).read_bytes()) == copy.sha256, copy.file


def _own_sheets(filled: bytes, fresh: bytes) -> list[bytes]:
    """The sheets of a prefilled copy that are not those of a fresh one."""
    with zipfile.ZipFile(BytesIO(filled)) as own, zipfile.ZipFile(BytesIO(fresh)) as same:
        names = [name for name in own.namelist() if name.startswith("xl/worksheets/")]
        return [own.read(name) for name in names if own.read(name) != same.read(name)]


def _shape(made: Subject) -> str:
    layout = made.form.layout
    cells = sum(len(sheet.puts) + len(sheet.inputs) for sheet in layout.sheets)
    return f"{len(layout.sheets)} sheets, {cells:,} cells, {len(layout.twins):,} formulas, {len(layout.inputs)} inputs"


def _figure(name: str, milliseconds: float, who: Any) -> Figure:
    return Figure(by=name, who=who, milliseconds=milliseconds)


def _cycled(items: Sequence[T]) -> Callable[[int], T]:
    return lambda number: items[number % len(items)]
