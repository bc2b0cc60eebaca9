"""What the world does to a campaign: a full disk, a damaged ledger, a giant file. One sentence each, and it heals."""

from __future__ import annotations

import errno
import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.runner import ADAMS, Done, copy_of, filled, run, start
from tests.pipeline.batches import begun, collected, issued, state, waiting
from xlplan.campaign.files import MOST_BYTES
from xlplan.errors import XlplanError
from xlplan.ledger import database

__all__ = ["begun", "collected", "issued", "waiting"]
resource = pytest.importorskip("resource", reason="Windows has no limits of this kind")
RECEIVED = ("--received", "2026-12-01")


@pytest.fixture
def folder(waiting: Path, tmp_path: Path) -> Path:
    """A campaign whose returns wait to be collected."""
    shutil.copytree(waiting, tmp_path / "fall")
    return tmp_path / "fall"


def collect(folder: Path) -> Done:
    return run("collect", "-C", folder, *RECEIVED)


def sentences(done: Done) -> int:
    """How many lines the trouble took; none of them is a traceback (see `run`)."""
    return len(done.err.strip().splitlines())


@pytest.mark.parametrize("room", [20_000, 120_000])
def test_a_full_disk_is_told_and_the_next_run_gives_all(folder: Path, collected: Path, room: int) -> None:
    """No file may grow beyond some size, as on a full disk: returns, copies and numbers are those of one run."""
    before = (folder / "ledger.sqlite").stat().st_size

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before + room, resource.RLIM_INFINITY))

    command = [sys.executable, "-m", "xlplan", "collect", "-C", str(folder), *RECEIVED]
    done = subprocess.run(command, preexec_fn=limit, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert re.search("could not be (written|used)", done.stderr) and "room on the disk" in done.stderr
    assert collect(folder).code == 3
    assert state(folder) == state(collected)


def test_a_folder_that_cannot_be_written_is_told_and_heals(folder: Path, collected: Path) -> None:
    """Nothing is recorded of which the correction copy could not be written."""
    (folder / "corrections").rmdir()
    (folder / "corrections").write_bytes(b"a file in its place")
    done = collect(folder)
    assert done.code == 2 and sentences(done) == 1 and "corrections" in done.err
    (folder / "corrections").unlink()
    assert collect(folder).code == 3
    assert state(folder) == state(collected)


def test_no_correction_copy_stands_in_its_place_before_it_is_recorded(
    folder: Path, collected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one that a school was sent might be unknown when it comes back."""

    def fail(*_: object) -> None:
        raise XlplanError("The database went away.")

    with monkeypatch.context() as patched:
        patched.setattr("xlplan.ledger.recording.Recording.add_copies", fail)
        assert collect(folder).code == 2
    assert not [path for path in (folder / "corrections").rglob("*") if path.is_file()]
    assert collect(folder).code == 3
    assert state(folder) == state(collected)


def halved(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def scribbled(path: Path) -> None:
    path.write_bytes(b"\x93\xff" * 5000)


def scratched(path: Path) -> None:
    """The pages in the middle are lost, and the file has its length."""
    data = bytearray(path.read_bytes())
    data[8192 : len(data) - 8192] = b"\xff" * (len(data) - 16384)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [halved, scribbled, scratched])
@pytest.mark.parametrize("command", ["collect", "status"])
def test_a_damaged_ledger_is_the_campaigns_fault(folder: Path, harm: object, command: str) -> None:
    """Exit 4, and the one thing that helps."""
    assert callable(harm)
    harm(folder / "ledger.sqlite")
    done = run(command, "-C", folder)
    assert done.code == 4 and sentences(done) == 1 and "from a backup" in done.err


def test_a_row_that_is_spoilt_is_told_too(folder: Path) -> None:
    """Sound as a database, and no ledger."""
    assert collect(folder).code == 3
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as connection:
        connection.execute("UPDATE returns SET plan = '{' WHERE outcome = 'accepted'")
        connection.commit()
    done = run("export", "-C", folder, "--to", folder / "tables")
    assert done.code == 4 and sentences(done) == 1 and "from a backup" in done.err


def test_an_emptied_ledger_refuses_no_return(folder: Path, collected: Path) -> None:
    """It looks like a new one. Copies are recorded again, and what was returned on them is taken."""
    (folder / "ledger.sqlite").write_bytes(b"")
    done = collect(folder)
    assert done.code == 4 and sentences(done) == 1 and "backup" in done.err
    assert run("generate", "-C", folder).code == 0
    assert collect(folder).code == 3
    assert state(folder) == state(collected)


def test_a_ledger_in_use_is_waited_for_and_then_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that hangs with the ledger in its hands does not hang the others for ever."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(folder / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        done = collect(folder)
    assert done.code == 2 and sentences(done) == 1 and "Another program is using it" in done.err
    assert collect(folder).code == 3


def test_a_giant_file_is_refused_unread(tmp_path: Path) -> None:
    """The others are taken; the giant is not kept, and told again the next time."""
    folder = start(tmp_path / "fall")
    assert run("generate", "-C", folder).code == 0
    assert filled(copy_of(folder, ADAMS), folder / "returns" / "adams.xlsx").code == 0
    with (folder / "returns" / "giant.xlsx").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    done = run("collect", "-C", folder, "--json")
    told = {
        file["file"]: (file["outcome"], [one["code"] for one in file["findings"]][:1])
        for file in done.json["files"]
    }
    assert done.code == 3 and told["returns/giant.xlsx"] == ("refused", ["too-big"])
    assert told["returns/adams.xlsx"][0] == "accepted"
    assert run("collect", "-C", folder, "--json").json["summary"]["already"] == 1
    assert (folder / "ledger.sqlite").stat().st_size < 5_000_000


# Root may read everything by two capabilities; a program started without them is held to the modes of its own files.
PLAIN = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")


def run_plainly(*arguments: object) -> Done:
    """`xlplan` as people run it; where the tests run as root, in a process without root's leave to read everything."""
    if os.geteuid() != 0:
        return run(*arguments)
    command = [*PLAIN, sys.executable, "-m", "xlplan", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert "Traceback" not in done.stdout + done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def reads_everything() -> bool:
    """Whether whoever runs the tests may read everything, and cannot do without."""
    if os.geteuid() != 0:
        return False
    tool = shutil.which(PLAIN[0])
    return tool is None or subprocess.run([*PLAIN, "true"], capture_output=True, check=False).returncode != 0


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    """A pipe that nobody writes to, and a device that never ends."""
    pipe = tmp_path / "pipe.xlsx"
    os.mkfifo(pipe)
    done = run("check", pipe, "/dev/zero", "--json")
    assert done.code == 3
    assert [item["findings"][0]["code"] for item in done.json["files"]] == ["not-a-workbook"] * 2
    assert run("read", pipe).code != 0


@pytest.mark.skipif(reads_everything(), reason="root may read everything, and there is no setpriv")
def test_what_may_not_be_read_is_told(tmp_path: Path) -> None:
    """A file is refused, and the others are taken; a folder stops all, for nobody knows what is in it."""
    folder = start(tmp_path / "fall")
    assert run("generate", "-C", folder).code == 0
    inner = folder / "returns" / "inner"
    assert filled(copy_of(folder, ADAMS), inner / "adams.xlsx").code == 0
    (inner / "adams.xlsx").chmod(0)
    done = run_plainly("collect", "-C", folder)
    assert done.code == 3 and "it could not be read (Permission denied)" in done.out
    inner.chmod(0)
    done = run_plainly("collect", "-C", folder)
    inner.chmod(stat.S_IRWXU)
    assert done.code == 2 and "may not be looked into" in done.err and sentences(done) == 1


def test_a_fault_of_ours_is_told_even_without_room_for_its_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report has a name of its own; where it cannot be written, the fault is said in one line."""

    def fault(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("xlplan.pipeline.start.start_campaign", fault)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    roster = tmp_path / "r.csv"
    days = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30")
    told = run("init", tmp_path / "x", "--template", "sfss", "--roster", roster, *days)
    (report,) = tmp_path.glob("xlplan-report-*.txt")
    assert told.code == 70 and str(report) in told.err and "RuntimeError: broken" in report.read_text("utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkstemp", full)
    told = run("init", tmp_path / "x", "--template", "sfss", "--roster", roster, *days)
    assert told.code == 70 and "it would have said: RuntimeError: broken" in told.err and sentences(told) == 1
