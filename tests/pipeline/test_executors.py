"""Who checks returned files: the results and their order are the same, and a file that ends a process ends no batch."""

from __future__ import annotations

import errno
import json
import pickle
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.runner import copy_of, run
from tests.cli.test_own_template import GOALS, init, write
from xlplan.campaign import open_campaign
from xlplan.errors import UsageError
from xlplan.ledger import Ledger
from xlplan.pipeline import executors, processes
from xlplan.pipeline.executors import AHEAD, FEWEST, TOGETHER, Job, pool_of
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Context

EXECUTORS = ("serial", "processes:1", "processes:2", "processes")
LAST_WORDS = "This ends whoever reads it."
# a district's own template is code, and code can end a process as running out of memory does
ENDING = f"""
    @field_validator("prepared_by")
    @classmethod
    def _end(cls, value: str | None) -> str | None:
        if value == {LAST_WORDS!r}:
            os._exit(9)
        return value
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign of a template that can end a process, with two returns."""
    place = tmp_path_factory.mktemp("executors")
    code = write(place, "goals.py")
    imports = "import os\nfrom pydantic import field_validator\n"
    own = code.read_text("utf-8").replace("from __future__ import annotations\n", "")
    code.write_text(imports + own.rstrip() + "\n" + ENDING, encoding="utf-8")
    folder = place / "c"
    assert init(folder, f"{code}:GoalsPlan").code == 0
    assert run("generate", "-C", folder).code == 0
    source = place / "plan.json"
    source.write_text(json.dumps(GOALS), encoding="utf-8")
    for number, school in enumerate(open_campaign(folder).roster.schools[:2]):
        out = folder / "returns" / f"{number}.xlsx"
        assert run("fill", copy_of(folder, school.key), source, "-o", out, "-C", folder).code == 0
    return folder


def spoil(folder: Path) -> None:
    """Put the last words into the second return, behind the back of the program that would die of them."""
    from openpyxl import load_workbook

    file = folder / "returns" / "1.xlsx"
    book = load_workbook(file)
    cell = next(
        cell
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value == GOALS["prepared_by"]
    )
    cell.value = LAST_WORDS
    book.save(file)


def test_a_file_that_ends_its_process_is_refused_and_the_others_are_taken(
    folder: Path, tmp_path: Path
) -> None:
    """The pool is made anew for each such file; nothing else is lost, and the file is told."""
    mine = tmp_path / "c"
    shutil.copytree(folder, mine)
    spoil(mine)
    done = run("collect", "-C", mine, "--executor", "processes:2", "--json")
    assert done.code == 3, done.err
    good, bad = done.json["files"]
    assert (good["outcome"], bad["outcome"]) == ("accepted", "refused")
    assert bad["findings"][0]["code"] == "damaged" and "was ended by it" in bad["findings"][0]["message"]
    assert run("ledger", "check", "-C", mine).code == 0


@pytest.mark.parametrize("executor", EXECUTORS)
def test_every_executor_gives_the_same_in_the_same_order(folder: Path, executor: str) -> None:
    """Also between files of which nothing has to be checked."""
    items = [(number, job) for number, job in enumerate(jobs(folder, 70))]
    with pool_of(executor, 0) as pool:
        found = list(pool.checked(items, context(folder)))
    assert [number for number, _ in found] == list(range(70))
    told = [None if result is None else (result.checked, result.cells) for _, result in found]
    with pool_of("serial", 0) as pool:
        assert told == [
            None if result is None else (result.checked, result.cells)
            for _, result in pool.checked(items, context(folder))
        ]


def test_no_more_is_read_ahead_than_the_processes_need(folder: Path) -> None:
    """Or the returns of a state would stand in memory."""
    asked = 0

    def items() -> Iterator[tuple[int, Job | None]]:
        nonlocal asked
        for number, job in enumerate(jobs(folder, 40 * TOGETHER)):
            asked += 1
            yield number, job

    with pool_of("processes:1", 0) as pool:
        most = max(asked - number for number, _ in pool.checked(items(), context(folder)))
    assert most <= (AHEAD + 2) * TOGETHER * 3  # of three files one is checked


def test_what_was_handed_over_is_gone(folder: Path) -> None:
    """Or the returns of a state would stand a second time on the disk; what all of them need stays to the end."""
    with pool_of("processes:2", 0) as pool:
        assert isinstance(pool, processes.Processes)
        assert len(list(pool.checked(enumerate(jobs(folder, 70)), context(folder), 70))) == 70
        assert [file.name for file in pool._folder.iterdir()] == ["1.pickle"]


def test_without_room_on_the_disk_it_is_handed_over_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file that could only be begun is taken away again."""
    write = Path.write_bytes

    def full(file: Path, content: bytes) -> int:
        if file.suffix in (".task", ".done"):
            write(file, content[:100])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pool_of("processes:2", 0) as pool:
        assert isinstance(pool, processes.Processes)
        found = [result for _, result in pool.checked(enumerate(jobs(folder, 6)), context(folder))]
        assert [file.name for file in pool._folder.iterdir()] == ["1.pickle"]
    assert [result.checked.outcome for result in found if result] == ["accepted", "accepted"]
    shared, work = tmp_path / "context", [job for job in jobs(folder, 1) if job]
    shared.write_bytes(pickle.dumps(context(folder)))
    answer = processes._check_all(str(shared), work, tmp_path / "1.done")
    assert isinstance(answer, list) and answer[0].checked.outcome == "accepted"


def test_tasks_become_small_towards_the_end() -> None:
    """So that no process has much left when the others are done; and none is smaller than it has to be."""
    sizes = [len(task.items) for task in executors._tasks(_some(500), 500, 8)]
    assert sum(sizes) == 500 and sizes == sorted(sizes, reverse=True)
    assert sizes[0] == TOGETHER and sizes[-1] <= FEWEST
    assert {len(task.items) for task in executors._tasks(_some(500), None, 8)} == {
        TOGETHER,
        500 % TOGETHER,
    }


def _some(count: int) -> Iterator[tuple[int, Job]]:
    return ((number, (b"", f"{number}.xlsx")) for number in range(count))


def jobs(folder: Path, count: int) -> Iterator[Job | None]:
    """One file over and over; two of three are known and need no checking."""
    content = (folder / "returns" / "0.xlsx").read_bytes()
    return ((content, f"{number}.xlsx") if number % 3 == 0 else None for number in range(count))


def context(folder: Path) -> Context:
    """What checking needs to know."""
    campaign = open_campaign(folder)
    with Ledger.open(campaign.ledger_url) as ledger:
        return context_of(campaign, ledger, None)


@pytest.mark.parametrize(
    "name", ["threads", "processes:0", "processes:", "processes:-1", "dask://", "dask://host", "dask:host:1"]
)
def test_a_name_that_is_none_is_told_with_those_there_are(name: str) -> None:
    """Before anything is opened."""
    with pytest.raises(UsageError, match="dask://HOST:PORT"), pool_of(name, 1):
        raise AssertionError("it was taken")
