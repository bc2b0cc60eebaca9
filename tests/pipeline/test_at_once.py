"""Several programs at work on one campaign at once: all finish, nothing is doubled, nothing is lost."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.batches import SCHOOLS, TWO_PROCESSES, rows, sound, started, state
from tests.pipeline.loop import add

RECEIVED = ("--received", "2026-12-01", "--json")


def at_once(*commands: tuple[object, ...], many: int = 200) -> list[dict[str, Any]]:
    """The commands, started together; what each has to say, with its exit code."""
    running = [started(*command, many=many) for command in commands]
    told = []
    for process in running:
        said, remarks = process.communicate(timeout=300)
        assert remarks == b"", remarks.decode()
        told.append(json.loads(said) | {"code": process.returncode})
    return told


@pytest.mark.parametrize(("programs", "many"), [(3, 200), (2, TWO_PROCESSES)])
def test_collects_at_once_are_as_one(
    waiting: Path, collected: Path, tmp_path: Path, programs: int, many: int
) -> None:
    """Each file is new to one of them alone; ledger and folders hold what one run gives."""
    folder = tmp_path / "fall"
    shutil.copytree(waiting, folder)
    told = at_once(*[("collect", "-C", folder, *RECEIVED)] * programs, many=many)
    assert [item["code"] for item in told] == [3] * programs
    files = [[file | {"already": True} for file in item["files"]] for item in told]
    assert all(other == files[0] for other in files)
    new = [file["file"] for item in told for file in item["files"] if not file["already"]]
    assert sorted(new) == [file["file"] for file in files[0]] and len(new) == SCHOOLS + 1
    assert state(folder) == state(collected) and sound(folder)


def test_generates_at_once_are_as_one(begun: Path, issued: Path, tmp_path: Path) -> None:
    """The same copies, whoever wrote them."""
    folder = tmp_path / "fall"
    shutil.copytree(begun, folder)
    told = at_once(*[("generate", "-C", folder, "--json")] * 3)
    assert [item["code"] for item in told] == [0, 0, 0] and told[0] == told[1] == told[2]
    assert state(folder) == state(issued) and sound(folder)


def test_collect_beside_generate_shares_the_numbers_of_issues(waiting: Path, tmp_path: Path) -> None:
    """A new fresh copy and a correction copy of one school: two numbers, and each file is what the ledger says."""
    folder = tmp_path / "fall"
    shutil.copytree(waiting, folder)
    add(folder, "[slots]\nresources = 9")
    told = at_once(("collect", "-C", folder, *RECEIVED), ("generate", "-C", folder, "--json"))
    assert [item["code"] for item in told] == [3, 0] and sound(folder)
    copies = rows(folder / "ledger.sqlite")["copies"]
    assert len(copies) == SCHOOLS + SCHOOLS + SCHOOLS // 2
    numbers = {(copy["school_key"], copy["issue"]) for copy in copies}
    assert len(numbers) == len(copies) and {issue for _, issue in numbers} == {1, 2, 3}
    newest = {copy["file"]: copy["sha256"] for copy in sorted(copies, key=lambda copy: int(copy["issue"]))}
    assert {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in newest} == newest
