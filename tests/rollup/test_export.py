"""Exports: one file a table, safe to open, the same numbers."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from tests.rollup import district
from xlplan.errors import UsageError
from xlplan.form.text import harmless
from xlplan.rollup.export import LIVE, as_typed, export
from xlplan.rollup.tables import tidy


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """The tables of two plans."""
    return tidy(district.shape(), [district.record(0), district.record(1)])


def test_csv_keeps_ids_days_and_cents(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    """Days are ISO, money has two decimals, booleans are words and missing is empty."""
    paths = export(tables, tmp_path / "out", "csv")
    assert [path.name for path in paths] == [f"{name}.csv" for name in tables]
    assert sorted(tmp_path.joinpath("out").iterdir()) == sorted(paths)
    with paths[4].open(encoding="utf-8", newline="") as file:
        first = next(csv.DictReader(file))
    step = district.plan(0)["challenges"][0]["strategies"][0]["steps"][0]
    assert first["school_id"] == "053082500001" and first["draft"] == "false"
    assert first["due"] == (step["due"] or "") and first["done"] == ("true" if step["done"] else "")
    assert b"\r" not in paths[4].read_bytes() and not paths[4].read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
def test_csv_never_hands_a_formula_on(text: str, tmp_path: Path) -> None:
    """A text that would run gets an apostrophe in CSV, and stays as it is in JSON."""
    frame = pd.DataFrame({"item": [text, "Bus"]}, dtype=object)
    (path,) = export({"rules": frame}, tmp_path, "csv")
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["item"] for row in csv.DictReader(file)] == [f"'{harmless(text)}", "Bus"]
    (path,) = export({"rules": frame}, tmp_path, "json")
    document = json.loads(path.read_text("utf-8"))
    assert document == {"schema": 1, "table": "rules", "rows": [{"item": text}, {"item": "Bus"}]}


@pytest.mark.parametrize("text", ["=1", "'=1", "''+1", "'tis", "'", "", "Bus", "'\u2019-1", "－1", "'＝1"])
def test_a_guarded_text_has_one_reading(text: str, tmp_path: Path) -> None:
    """Whoever takes the apostrophe off again has what was typed, apostrophes that were typed included."""
    (path,) = export({"rules": pd.DataFrame({"item": [text, "Bus"]}, dtype=object)}, tmp_path, "csv")
    with path.open(encoding="utf-8", newline="") as file:
        cell = next(csv.DictReader(file))["item"]
    assert as_typed(cell) == text and not cell.startswith(LIVE)


def test_what_terminals_obey_is_not_exported(tmp_path: Path) -> None:
    """Names of files are as hostile as a school likes; JSON says them in escapes."""
    frame = pd.DataFrame({"file": ["returns/\x1b[2J\u202e\x9bx.xlsx"]}, dtype=object)
    (path,) = export({"rules": frame}, tmp_path, "csv")
    assert path.read_text("utf-8") == "file\nreturns/[2Jx.xlsx\n"
    (path,) = export({"rules": frame}, tmp_path, "json")
    assert json.loads(path.read_text("utf-8"))["rows"] == [{"file": "returns/\x1b[2J\u202e\x9bx.xlsx"}]
    assert path.read_text("utf-8").isascii()


def test_json_writes_money_as_text_with_cents(tables: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    """Cents survive programs that read numbers as floats."""
    paths = {path.stem: path for path in export(tables, tmp_path, "json")}
    rows = json.loads(paths["resources"].read_text("utf-8"))["rows"]
    assert [row["cost"] for row in rows] == [
        item["cost"] for at in (0, 1) for item in district.plan(at)["resources"]
    ]
    assert json.loads(paths["relationships"].read_text("utf-8"))["rows"] == []


def test_an_unknown_format_is_told(tmp_path: Path) -> None:
    """The message says what there is."""
    with pytest.raises(UsageError, match="csv or json"):
        export({}, tmp_path, "ods")
