"""A file with a password for opening is read with it: by option, typed unseen or piped, or from the environment."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from xlplan.excel.read import read_workbook

from .runner import run

ROOT = Path(__file__).parents[2]
GOOD = ROOT / "workbooks/sfss/good/attendance-high.xlsx"
PASSWORD = "Schlüssel 7"


@pytest.fixture(scope="module")
def locked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good copy, saved with a password."""
    return lock(GOOD, tmp_path_factory.mktemp("locked") / "locked.xlsx")


def lock(plain: Path, path: Path) -> Path:
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(plain.read_bytes())).encrypt(PASSWORD, target)
    path.write_bytes(target.getvalue())
    return path


def test_check_reads_it_by_option_or_environment(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it, or with another, one sentence says so, and the others of the batch are read."""
    done = run("check", locked, GOOD)
    assert done.code == 3 and "password for opening." in done.out and "1 accepted" in done.out
    done = run("check", locked, "--password", "wrong")
    assert done.code == 3 and "the password given does not open it" in done.out
    assert run("check", locked, "--password", "wrong", "--password", PASSWORD).code == 0
    monkeypatch.setenv("XLPLAN_PASSWORD", PASSWORD)
    assert run("check", locked).code == 0


def test_a_password_can_be_piped_in(locked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it stands in no list of processes and in no history of a shell."""
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    assert run("check", locked, "--password", "-").code == 0


def test_read_and_fill_take_it_too(locked: Path, tmp_path: Path) -> None:
    """What `fill` writes has no password any more."""
    assert run("read", locked).code == 3
    done = run("read", locked, "--password", PASSWORD)
    assert done.code == 0 and done.json["plan"] == run("read", GOOD).json["plan"]
    plan, out = tmp_path / "plan.json", tmp_path / "out.xlsx"
    plan.write_text("{}", encoding="utf-8")
    assert run("fill", locked, plan, "-o", out).code == 3
    assert run("fill", locked, plan, "-o", out, "--password", PASSWORD).code == 0
    assert read_workbook(out.read_bytes()) == read_workbook(GOOD.read_bytes())


def test_collect_takes_a_file_that_it_refused_before(tmp_path: Path) -> None:
    """Once the password is at hand; it is recorded without one, for whoever reads the ledger later."""
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "district_id,district,school_id,school\n5308250,Spokane,530825001378,Adams\n", encoding="utf-8"
    )
    days = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30")
    assert run("init", tmp_path / "c", "--template", "sfss", "--roster", roster, *days).code == 0
    assert run("generate", "-C", tmp_path / "c").code == 0
    copy = next((tmp_path / "c" / "copies").rglob("*.xlsx"))
    (tmp_path / "c" / "returns").mkdir(exist_ok=True)
    lock(copy, tmp_path / "c" / "returns" / "adams.xlsx")
    first = run("collect", "-C", tmp_path / "c", "--json")
    assert first.code == 3 and first.json["files"][0]["findings"][0]["code"] == "encrypted"
    second = run("collect", "-C", tmp_path / "c", "--json", "--password", PASSWORD).json["files"][0]
    assert (second["outcome"], second["school_id"], second["already"]) == ("rejected", "530825001378", False)
    again = run("collect", "-C", tmp_path / "c", "--json", "--password", PASSWORD).json["files"][0]
    assert again["already"]
