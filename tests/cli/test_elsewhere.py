"""Commands that read files from elsewhere and write them there: as on a disk, but for the address."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import fsspec
import pytest
from openpyxl import load_workbook

from tests.cli.runner import ADAMS, BROWNE, bad_plan, copy_of, filled, plan, run, start
from tests.elsewhere import Bucket, bucket, object_store

__all__ = ["bucket", "object_store"]  # fixtures

DAY = ("--as-of", "2027-01-31")


@pytest.fixture
def memory() -> Iterator[Any]:
    """The file system memory://, empty before and afterwards."""
    system = fsspec.filesystem("memory")
    system.store.clear()
    system.pseudo_dirs[:] = [""]
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Two schools' plans wait in returns/, one of them with an error."""
    folder = start(tmp_path / "fall")
    assert run("generate", "-C", folder).code == 0
    for school, data in ((ADAMS, plan()), (BROWNE, bad_plan())):
        filled(copy_of(folder, school), folder / "returns" / f"{school}.xlsx", data)
    return folder


def moved(campaign: Path, memory: Any) -> None:
    """What waits in returns/ waits at memory://returns instead."""
    for path in (campaign / "returns").iterdir():
        memory.pipe_file(f"/returns/{path.name}", path.read_bytes())
        path.unlink()


def test_files_elsewhere_are_collected_as_those_here(campaign: Path, memory: Any, tmp_path: Path) -> None:
    """By their bytes: what was collected from one is known from the other."""
    shutil.copytree(campaign, tmp_path / "other")
    here = run("collect", "-C", campaign, "--received", "2026-12-01", "--json")
    moved(tmp_path / "other", memory)
    memory.pipe_file("/returns/~$note.xlsx", b"a lock")
    there = run("collect", "memory://returns", "-C", tmp_path / "other", "--received", "2026-12-01", "--json")
    assert (here.code, there.code) == (1, 1)
    told = [
        {**file, "file": file["file"].replace("memory://returns", "returns")} for file in there.json["files"]
    ]
    assert told == here.json["files"] and len(told) == 2
    corrections = [
        {path.name for path in (root / "corrections").rglob("*.xlsx")}
        for root in (campaign, tmp_path / "other")
    ]
    assert corrections[0] == corrections[1] != set()
    again = run("collect", "memory://returns", "-C", campaign, "--json")
    assert [file["already"] for file in again.json["files"]] == [True, True]


def test_files_elsewhere_are_checked_as_those_here(campaign: Path, memory: Any) -> None:
    here = run("check", campaign / "returns", "--json")
    moved(campaign, memory)
    there = run("check", "memory://returns", "--json")
    assert here.code == there.code == 1
    found = [[(file["outcome"], file["findings"]) for file in done.json["files"]] for done in (here, there)]
    assert found[0] == found[1]
    assert [file["file"] for file in there.json["files"]] == [
        f"memory://returns/{id}.xlsx" for id in (ADAMS, BROWNE)
    ]


def test_processes_check_what_an_object_store_holds(campaign: Path, bucket: Bucket) -> None:
    """The process that asked the store runs a thread for it, and others are begun all the same."""
    for path in (campaign / "returns").iterdir():
        bucket.put(f"returns/{path.name}", path.read_bytes())
        path.unlink()
    command = [
        sys.executable,
        "-m",
        "xlplan",
        "collect",
        f"{bucket.url}/returns",
        "-C",
        str(campaign),
        "--json",
    ]
    done = subprocess.run(
        [*command, "--executor", "processes:2"], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (1, "")
    files = json.loads(done.stdout)["files"]
    assert [(file["file"], file["outcome"]) for file in files] == [
        (f"s3://state/returns/{ADAMS}.xlsx", "accepted"), (f"s3://state/returns/{BROWNE}.xlsx", "rejected"),
    ]  # fmt: skip


def test_one_file_elsewhere_is_taken_for_a_school(campaign: Path, memory: Any) -> None:
    moved(campaign, memory)
    done = run("collect", f"memory://returns/{ADAMS}.xlsx", "--as", ADAMS, "-C", campaign, "--json")
    assert done.code == 0 and [file["school_id"] for file in done.json["files"]] == [ADAMS]


def test_a_summary_names_what_came_from_elsewhere(campaign: Path, memory: Any) -> None:
    """And leads nowhere: no spreadsheet program opens such an address."""
    moved(campaign, memory)
    assert run("collect", "memory://returns", "-C", campaign).code == 1
    assert run("rollup", "-C", campaign, *DAY).code == 0
    (path,) = (campaign / "reports").glob("*.xlsx")
    cells = [str(value) for sheet in load_workbook(path) for row in sheet.values for value in row]
    assert f"memory://returns/{ADAMS}.xlsx" in cells
    assert not any("HYPERLINK" in cell and "memory" in cell for cell in cells)


def test_who_erases_is_told_where_the_file_may_be_still(campaign: Path, memory: Any) -> None:
    """Nobody here deletes it."""
    moved(campaign, memory)
    assert run("collect", "memory://returns", "-C", campaign).code == 1
    sum = sha256(memory.cat_file(f"/returns/{ADAMS}.xlsx")).hexdigest()
    done = run("ledger", "erase", sum, "--reason", "asked", "-C", campaign, "--json")
    assert done.code == 0 and f"memory://returns/{ADAMS}.xlsx" in done.json["by_hand"]


def test_what_could_not_be_taken_stands_on_the_status_page(campaign: Path, memory: Any) -> None:
    """Whether it lies there still is not looked up."""
    memory.pipe_file("/returns/note.pdf", b"%PDF-1.7")
    assert run("collect", "memory://returns", "-C", campaign).code == 3
    assert run("status", "-C", campaign, "--format", "html").code == 0
    assert "memory://returns/note.pdf" in (campaign / "reports" / "status.html").read_text("utf-8")


@pytest.mark.parametrize("command", ["collect", "check"])
def test_nothing_elsewhere_is_said(campaign: Path, memory: Any, command: str) -> None:
    assert memory.find("/") == []
    done = run(command, "memory://returns", "-C", campaign)
    assert done.code == 2 and "memory://returns: there is nothing" in done.err


def test_a_summary_is_written_to_an_address(campaign: Path, memory: Any) -> None:
    assert run("collect", "-C", campaign).code == 1
    done = run("rollup", "-C", campaign, "-o", "memory://out/district.xlsx", *DAY, "--json")
    assert done.code == 0 and done.json["files"] == ["memory://out/district.xlsx"]
    assert memory.find("/out") == ["/out/district.xlsx"]
    book = load_workbook(io.BytesIO(memory.cat_file("/out/district.xlsx")))
    assert "HYPERLINK" not in repr(
        [row for sheet in book for row in sheet.values if sheet.title == "Returns"]
    )
    assert not list((campaign / "reports").glob("*.xlsx"))


def test_nothing_is_written_there_in_a_dry_run(campaign: Path, memory: Any) -> None:
    assert run("collect", "-C", campaign).code == 1
    done = run("rollup", "-C", campaign, "-o", "memory://out/district.html", "--dry-run")
    assert done.code == 0 and "Would write memory://out/district.html" in done.err + done.out
    assert run("export", "-C", campaign, "--to", "memory://out/tables", "--dry-run").code == 0
    assert memory.find("/") == []


def test_tables_at_an_address_are_those_of_a_folder(campaign: Path, memory: Any, tmp_path: Path) -> None:
    assert run("collect", "-C", campaign).code == 1
    here = run("export", "-C", campaign, "--to", tmp_path / "tables", *DAY, "--json")
    there = run("export", "-C", campaign, "--to", "memory://out/tables", *DAY, "--json")
    assert here.code == there.code == 0
    assert [item["file"] for item in there.json["tables"]] == [
        item["file"].replace(tmp_path.as_posix(), "memory://out") for item in here.json["tables"]
    ]
    files = {path.name: path.read_bytes() for path in (tmp_path / "tables").iterdir()}
    assert {path.rpartition("/")[2]: memory.cat_file(path) for path in memory.find("/out")} == files


def test_one_file_of_tables_goes_to_an_address(campaign: Path, memory: Any) -> None:
    assert run("collect", "-C", campaign).code == 1
    done = run("export", "-C", campaign, "--to", "memory://out/tables.sqlite", "--json")
    assert done.code == 0 and {item["file"] for item in done.json["tables"]} == {"memory://out/tables.sqlite"}
    assert memory.cat_file("/out/tables.sqlite").startswith(b"SQLite format 3")


@pytest.mark.parametrize("command", [("rollup", "-o"), ("export", "--to")])
def test_an_address_that_is_none_is_said_at_once(campaign: Path, command: tuple[str, str]) -> None:
    done = run(command[0], "-C", campaign, command[1], "s4://out/district.xlsx")
    assert done.code == 2 and "s4://out/district.xlsx: is no place for files" in done.err
