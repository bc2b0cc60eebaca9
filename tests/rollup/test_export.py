"""Exports to files: the same rows in every format, safe to open, typed, and never over what is no export."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet as parquet
import pytest
from openxml_audit import OpenXmlValidator

from tests.rollup.exported import ABOUT, READERS, table
from xlplan.errors import UsageError
from xlplan.form.text import harmless
from xlplan.rollup.exports.as_csv import write_csv
from xlplan.rollup.exports.as_frictionless import write_frictionless
from xlplan.rollup.exports.as_json import write_json
from xlplan.rollup.exports.as_sqlite import write_sqlite
from xlplan.rollup.exports.as_xlsx import write_xlsx
from xlplan.rollup.exports.model import ExportTable, unique
from xlplan.rollup.exports.target import FILE_WRITERS, FORMATS, IN_FOLDERS, target_of
from xlplan.rollup.exports.text import LIVE, as_typed

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "'=1", "''+1", "'tis", "'",
    "http://x.example", "0012", "TRUE", "2026-12-18", "1e5", 'say "hi", she said', "a\nb", "<b>&amp;", "_x000B_",
    "#REF!",
)  # fmt: skip
SCHOOLS = table("schools", {"name": "text"}, [("Adams",), ("=Browne",)])
ITEMS = table(
    "items",
    {"item": "text", "cost": "money", "due": "day", "paid": "yes-no", "school": "count"},
    [
        ("Bus", Decimal("1200.50"), date(2026, 12, 18), True, 1),
        ("", Decimal("0.07"), date(1899, 1, 2), False, 2),
        (None, None, None, None, None),
        *((text, Decimal("999999999.99"), date(2027, 6, 30), None, 1) for text in HOSTILE),
    ],
    to="schools",
)
TABLES: list[ExportTable] = [ITEMS, SCHOOLS, table("nothing", {"item": "text", "cost": "money"}, [])]


def place(folder: Path, format: str) -> Path:
    return folder if format in IN_FOLDERS else folder / f"x.{format}"


@pytest.mark.parametrize("format", FILE_WRITERS)
def test_every_format_gives_back_every_value(format: str, tmp_path: Path) -> None:
    """Ids keep their noughts, amounts their cents, texts are what was typed, and what is missing is missing."""
    written = FILE_WRITERS[format](TABLES, place(tmp_path, format), ABOUT)
    names = [column.name for column in ITEMS.columns]
    as_is = str if format == "json" else harmless
    expected = [
        dict(
            zip(
                names,
                (as_is(value) or None if isinstance(value, str) else value for value in row),
                strict=True,
            )
        )
        for row in ITEMS.rows()
    ]
    read = [READERS[format](item, made) for item, made in zip(written, TABLES, strict=True)]
    assert read[0] == expected
    assert [row["name"] for row in read[1]] == ["Adams", "=Browne"] and read[2] == []
    assert [item.rows for item in written] == [ITEMS.count, 2, 0]


def test_csv_never_hands_a_formula_on(tmp_path: Path) -> None:
    """No cell begins so that a spreadsheet program runs it; missing is empty, and lines end in a line feed."""
    path = Path(write_csv([ITEMS], tmp_path, ABOUT)[0].file)
    content = path.read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf") and b"\r\n" not in content
    assert b"Bus,1200.50,2026-12-18,true,1\n" in content and b"\n3,,,,,\n" in content
    cells = [cell.strip('"') for line in content.decode().split("\n") for cell in line.split(",")]
    assert not [cell for cell in cells if cell.startswith(LIVE)]


@pytest.mark.parametrize("text", [*HOSTILE, "'\u2019-1", "'＝1"])
def test_a_guarded_text_has_one_reading(text: str, tmp_path: Path) -> None:
    """Whoever takes the apostrophe off again has what was typed, apostrophes that were typed included."""
    made = table("rules", {"item": "text"}, [(text,)])
    (row,) = READERS["csv"](write_csv([made], tmp_path, ABOUT)[0], made)
    assert row["item"] == harmless(text)
    assert as_typed(harmless(text)) in (harmless(text), harmless(text)[1:])


def test_what_terminals_obey_is_not_exported(tmp_path: Path) -> None:
    """Names of files are as hostile as a school likes; JSON says them in escapes."""
    made = table("rules", {"file": "text"}, [("returns/\x1b[2J\u202e\x9b\ud800x.xlsx",)])
    path = Path(write_csv([made], tmp_path, ABOUT)[0].file)
    assert path.read_text("utf-8") == "n,file\n1,returns/[2J\ufffdx.xlsx\n"
    path = Path(write_json([made], tmp_path, ABOUT)[0].file)
    assert json.loads(path.read_text("utf-8"))["rows"] == [{"n": 1, "file": made_text(made)}]
    assert path.read_text("utf-8").isascii()
    for format in ("xlsx", "parquet", "sqlite"):
        written = FILE_WRITERS[format]([made], place(tmp_path, format), ABOUT)
        assert READERS[format](written[0], made)[0]["file"] == "returns/[2J\ufffdx.xlsx"


def made_text(made: ExportTable) -> str:
    (row,) = made.rows()
    return str(row[1])


def test_a_workbook_has_real_tables_and_no_formula(tmp_path: Path) -> None:
    """Each sheet's table reaches to its last row; texts are texts; the file has nothing that Excel would repair."""
    write_xlsx(TABLES, tmp_path / "x.xlsx", ABOUT)
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == ["items", "schools", "nothing", "dictionary"]
    refs = {sheet.title: [held.ref for held in sheet.tables.values()] for sheet in book}
    assert refs == {
        "items": [f"A1:F{ITEMS.count + 1}"], "schools": ["A1:B3"], "nothing": ["A1:C2"], "dictionary": ["A1:D12"],
    }  # fmt: skip
    assert {cell.data_type for cell in book["items"]["B"] if cell.value is not None} == {"s"}
    assert {cell.hyperlink for row in book["items"].iter_rows() for cell in row} == {None}
    assert book["items"]["C2"].value == 1200.5 and book["items"]["D2"].number_format == "yyyy-mm-dd"
    assert ("items", "cost", "money", "About cost") in list(book["dictionary"].iter_rows(values_only=True))
    assert [str(error) for error in OpenXmlValidator().validate(tmp_path / "x.xlsx").errors] == []


def test_a_table_past_the_row_limit_goes_on_on_another_sheet(tmp_path: Path) -> None:
    """No row is lost, and each sheet has its header; a name that is too long is cut and stays one of its kind."""
    long = "initiatives_deliverables_of_the_year"
    made = [
        table(name, {"x": "count"}, [(at,) for at in range(5)]) for name in (long, f"{long}_too", "History")
    ]
    written = write_xlsx(made, tmp_path / "x.xlsx", ABOUT, most_rows=2)
    assert [len(item.part.split("; ")) for item in written] == [3, 3, 3]
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert len(book.sheetnames) == 10 and all(len(name) <= 31 for name in book.sheetnames)
    assert "history" not in {name.casefold() for name in book.sheetnames}
    for item, one in zip(written, made, strict=True):
        assert [row["x"] for row in READERS["xlsx"](item, one)] == [0, 1, 2, 3, 4]


def test_parquet_has_types_that_keep_cents_and_days(tmp_path: Path) -> None:
    """Money is decimal, days are days, and each column says what it holds."""
    (path, *_) = [item.file for item in FILE_WRITERS["parquet"](TABLES, tmp_path, ABOUT)]
    schema = parquet.read_schema(path)
    assert [str(field.type) for field in schema] == [
        "int64", "string", "decimal128(14, 2)", "date32[day]", "bool", "int64",
    ]  # fmt: skip
    assert schema.field("cost").metadata == {b"description": b"About cost"} and not schema.field("n").nullable
    assert schema.metadata[b"description"] == b"About items"
    assert pyarrow.compute.sum(parquet.read_table(path)["cost"]).as_py() == sum(
        row[2] for row in ITEMS.rows() if isinstance(row[2], Decimal)
    )


def test_sqlite_has_types_keys_and_dollars(tmp_path: Path) -> None:
    """The keys hold, cents are whole numbers, dollars are told beside them, and a dictionary explains."""
    path = tmp_path / "x.sqlite"
    write_sqlite(TABLES, path, ABOUT)
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT sum(cost_cents), max(cost) FROM items").fetchone() == (
            120057 + 99999999999 * len(HOSTILE),
            999999999.99,
        )
        assert database.execute("SELECT typeof(cost_cents), typeof(due), paid FROM items").fetchone() == (
            "integer", "text", 1,
        )  # fmt: skip
        comments = dict(
            database.execute('SELECT "column", comment FROM dictionary WHERE "table" = \'items\'')
        )
        assert comments["cost_cents"] == "About cost In cents." and comments[""] == "About items"
        database.execute("PRAGMA foreign_keys = ON")
        for wrong in (
            "INSERT INTO items (n, school) VALUES (99, 7)",
            "INSERT INTO schools VALUES (1, 'again')",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                database.execute(wrong)


def test_sqlite_replaces_exports_and_nothing_else(tmp_path: Path) -> None:
    """A ledger is a SQLite file too."""
    path = tmp_path / "x.sqlite"
    write_sqlite(TABLES, path, ABOUT)
    write_sqlite([SCHOOLS], path, ABOUT)
    with closing(sqlite3.connect(path)) as database:
        names = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == {"schools", "dictionary"}
    for content in (b"my own notes", b""):
        other = tmp_path / "other.db"
        other.write_bytes(content)
        with pytest.raises(UsageError, match=r"other\.db: stands there and is no export"):
            write_sqlite(TABLES, other, ABOUT)
        assert other.read_bytes() == content
    assert sorted(item.name for item in tmp_path.iterdir()) == ["other.db", "x.sqlite"]


def test_a_data_package_is_accepted_by_its_own_validator(tmp_path: Path) -> None:
    """Types, keys and references hold; a broken reference is seen, so that the check is one."""
    write_frictionless(TABLES, tmp_path, ABOUT)
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert (
        package["name"] == "autumn" and "apostrophe" in package["description"] and "licenses" not in package
    )
    assert package["resources"][0]["schema"]["foreignKeys"] == [
        {"fields": ["school"], "reference": {"resource": "schools", "fields": ["n"]}}
    ]
    assert validated(tmp_path) == (0, True)
    rows = (tmp_path / "schools.csv").read_text("utf-8").replace("2,'=Browne\n", "")
    (tmp_path / "schools.csv").write_text(rows, encoding="utf-8")
    assert validated(tmp_path) == (1, False)


def validated(folder: Path) -> tuple[int, bool]:
    """What `frictionless validate` says."""
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, json.loads(done.stdout)["valid"]


@pytest.mark.parametrize(
    ("to", "format", "expected"),
    [
        ("tables", None, ("csv", "tables")), ("t", "parquet", ("parquet", "t")),
        ("a.xlsx", None, ("xlsx", "a.xlsx")), ("a.XLSX", "xlsx", ("xlsx", "a.XLSX")),
        ("t", "xlsx", ("xlsx", "t/autumn.xlsx")), ("plans.csv", None, ("csv", "plans.csv")),
        ("a.db", None, ("sqlite", "a.db")), ("t", "sqlite", ("sqlite", "t/autumn.sqlite")),
        ("a.sqlite", "json", ("json", "a.sqlite")), ("postgresql://h/d", None, ("postgresql", "postgresql://h/d")),
        ("postgres://h/d", "postgresql", ("postgresql", "postgres://h/d")),
    ],
)  # fmt: skip
def test_where_and_as_what_are_told_from_one_another(
    to: str, format: str | None, expected: tuple[str, str]
) -> None:
    """An address is a database, a file's ending is its format, and all else is a folder of CSV files."""
    found = target_of(to, format, "autumn")
    assert (found.format, found.to.as_posix() if isinstance(found.to, Path) else found.to) == expected


@pytest.mark.parametrize(
    ("to", "format", "told"),
    [
        ("t", "ods", "csv"),
        ("t", "postgresql", "needs an address"),
        ("postgresql://h/d", "csv", "is no database"),
    ],
)
def test_what_does_not_fit_together_is_told(to: str, format: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        target_of(to, format, "autumn")
    assert set(FORMATS) == {"csv", "json", "xlsx", "parquet", "sqlite", "postgresql", "frictionless"}


def test_names_stay_apart_however_short_they_are_cut() -> None:
    """Programs cut long names, and some see no case."""
    assert unique(["a", "A", "a_2", "ä" * 40, "ä" * 40], 20) == [
        "a",
        "A_2",
        "a_2_2",
        "ä" * 10,
        "ä" * 9 + "_2",
    ]
