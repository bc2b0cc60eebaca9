"""A campaign of a dozen schools whose commands run in processes of their own, and all that it holds afterwards."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import bad_plan, copy_of, plan, run
from xlplan.ledger import Ledger

SCHOOLS = 12
# small batches, so that a dozen schools go through several transactions
PROGRAM = """
import sys
from xlplan.cli import main
from xlplan.pipeline import collect, executors, generate
collect.BATCH, generate.BATCH, executors.MANY = 3, 3, int(sys.argv.pop(1))
main()
"""
# instants, and what holds them; and the places of entries, which hang on how much goes into one transaction
MOMENTS = {"issued_at", "at", "recorded_at", "prev_hash", "hash", "payload", "seq"}
ONE_PROCESS, TWO_PROCESSES = 200, 5


def started(*arguments: object, many: int = ONE_PROCESS) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, str(many), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finished(*arguments: object, many: int = ONE_PROCESS) -> int:
    process = started(*arguments, many=many)
    _, said = process.communicate(timeout=300)
    assert b"Traceback" not in said, said.decode()
    return process.returncode


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign without copies."""
    folder = tmp_path_factory.mktemp("killed") / "fall"
    roster = folder.parent / "schools.csv"
    lines = [f"5308250,Spokane,5308250013{number:02d},School {number}" for number in range(SCHOOLS)]
    roster.write_text("\n".join(["district_id,district,school_id,school", *lines]), encoding="utf-8")
    days = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30")
    assert run("init", folder, "--template", "sfss", "--roster", roster, *days).code == 0
    return folder


@pytest.fixture(scope="session")
def issued(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with its copies, from an undisturbed run."""
    folder = tmp_path_factory.mktemp("issued") / "fall"
    shutil.copytree(begun, folder)
    assert finished("generate", "-C", folder) == 0
    return folder


@pytest.fixture(scope="session")
def waiting(issued: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a return from every school: every other one is rejected, and one file is no workbook."""
    folder = tmp_path_factory.mktemp("waiting") / "fall"
    shutil.copytree(issued, folder)
    source = folder.parent / "plan.json"
    for number in range(SCHOOLS):
        out = folder / "returns" / f"{number:02d}.xlsx"
        shutil.copy(copy_of(folder, f"5308250013{number:02d}"), out)
        from_plan(out, source, bad_plan() if number % 2 else plan())
    (folder / "returns" / "note.xlsx").write_bytes(b"no workbook")
    return folder


def from_plan(out: Path, source: Path, data: dict[str, Any]) -> None:
    source.write_text(json.dumps(data), encoding="utf-8")
    assert run("fill", out, source, "-o", out, "--json").code in (0, 1)


@pytest.fixture(scope="session")
def collected(waiting: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, from an undisturbed run."""
    folder = tmp_path_factory.mktemp("collected") / "fall"
    shutil.copytree(waiting, folder)
    assert finished("collect", "-C", folder, "--received", "2026-12-01") == 3
    return folder


def state(folder: Path) -> dict[str, Any]:
    """Every file with its bytes, and every row of the ledger but for the moments."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith((".", "ledger.sqlite"))
    }
    return {"files": files, **rows(folder / "ledger.sqlite")}


def rows(ledger: Path) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    with closing(sqlite3.connect(ledger)) as connection:
        connection.row_factory = sqlite3.Row
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            lines = [dict(line) for line in connection.execute(f"SELECT * FROM {table}")]
            found[table] = sorted(
                ({key: value for key, value in line.items() if key not in MOMENTS} for line in lines),
                key=repr,
            )
    return found


def sound(folder: Path) -> bool:
    with Ledger.open(f"sqlite:///{folder / 'ledger.sqlite'}") as ledger:
        return ledger.verify_chain() == []
