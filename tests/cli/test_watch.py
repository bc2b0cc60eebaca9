"""The command `watch`, as a process that is stopped by Ctrl-C and in this one: files that come slowly, words, codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.runner import ADAMS, BROWNE, bad_plan, copy_of, filled, run, start
from xlplan.cli import watch as command
from xlplan.ledger import Ledger

QUICK = ("--every", "0.2", "--settled", "0.5")
PATIENCE = 60.0  # seconds for which a test waits for another process


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A campaign whose copies are out, and what two schools will send: a good plan, one with a fault."""
    desk = tmp_path_factory.mktemp("desk")
    folder = start(desk / "autumn")
    assert run("generate", "-C", folder).code == 0
    filled(copy_of(folder, ADAMS), desk / "adams.xlsx")
    filled(copy_of(folder, BROWNE), desk / "browne.xlsx", bad_plan())
    return folder, {
        "adams.xlsx": (desk / "adams.xlsx").read_bytes(),
        "browne.xlsx": (desk / "browne.xlsx").read_bytes(),
    }


@contextmanager
def watching(folder: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """The command as a process, and the file with all that it says."""
    said = folder.parent / "said.txt"
    with said.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "xlplan", "watch", "-C", str(folder), *QUICK, *options],
            stdout=out, stderr=subprocess.STDOUT, text=True, cwd=folder.parent, start_new_session=True,
        )  # fmt: skip
    try:
        yield process, said
    finally:
        process.kill()
        process.wait(PATIENCE)


def until(there: Callable[[], object], process: subprocess.Popen[str], said: Path) -> None:
    """Wait for something that the process does."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert process.poll() is None and time.monotonic() < end, said.read_text(encoding="utf-8")
        time.sleep(0.05)


def test_files_that_come_slowly_are_collected_when_they_are_whole(
    made: tuple[Path, dict[str, bytes]],
) -> None:
    """Half a file, a pause, the rest, beside one that is whole at once; then Ctrl-C."""
    folder, files = made
    returns, page = folder / "returns", folder / "reports" / "status.html"
    with watching(folder) as (process, said):
        until(page.is_file, process, said)
        content = files["adams.xlsx"]
        with (returns / "adams.xlsx").open("wb") as slow:
            slow.write(content[:9000])
            slow.flush()
            (returns / "browne.xlsx").write_bytes(files["browne.xlsx"])
            until(lambda: "browne-elementary-fix2" in page.read_text(encoding="utf-8"), process, said)
            until(
                lambda: "adams.xlsx: it is not all there yet" in said.read_text(encoding="utf-8"),
                process,
                said,
            )
            slow.write(content[9000:])
        until(lambda: "1 of 5 plans are in, 1 to correct" in page.read_text(encoding="utf-8"), process, said)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
    told = said.read_text(encoding="utf-8")
    assert f"Adams Elementary ({ADAMS}): accepted" in told
    assert f"Browne Elementary ({BROWNE}): not accepted yet, 1 to fix" in told
    assert told.rstrip().endswith("In all: 2 files: 1 accepted, 1 rejected, 0 refused; 0 recorded before.")
    assert "Traceback" not in told and not list(folder.rglob("*.tmp"))
    with Ledger.open_to_ask(f"sqlite:///{folder}/ledger.sqlite") as ledger:
        assert {(item.file, item.outcome) for item in ledger.returns()} == {
            ("returns/adams.xlsx", "accepted"), ("returns/browne.xlsx", "rejected"),
        }  # fmt: skip
        assert ledger.verify_chain() == []


def test_a_process_that_is_told_to_end_ends_well(made: tuple[Path, dict[str, bytes]]) -> None:
    """As a service does at the end of a day (SIGTERM)."""
    folder, _ = made
    with watching(folder, "--json") as (process, said):
        until(lambda: "\n" in said.read_text(encoding="utf-8"), process, said)
        process.terminate()
        assert process.wait(PATIENCE) == 0
    events = [json.loads(line) for line in said.read_text(encoding="utf-8").splitlines()]
    assert {event["schema"] for event in events} == {1} and events[-1]["event"] == "ended"


@pytest.mark.skipif(os.name == "nt", reason="there a process cannot send itself a Ctrl-C")
def test_the_second_ctrl_c_ends_at_once() -> None:
    """The first one lets what is under way come to its end; afterwards Ctrl-C is what it was before."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt), command.stopping() as stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.is_asked()
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) is before


def test_once_collects_what_is_there_and_ends_as_collect_does(
    tmp_path: Path, made: tuple[Path, dict[str, bytes]]
) -> None:
    """0, 1 with errors, 3 with a refusal; half a file is left for later, told, and recorded by nobody."""
    folder = start(tmp_path / "autumn")
    assert run("generate", "-C", folder).code == 0
    filled(copy_of(folder, ADAMS), tmp_path / "adams.xlsx")
    returns = folder / "returns"
    once = ("watch", "-C", folder, "--once", *QUICK)
    (returns / "half.xlsx").write_bytes((tmp_path / "adams.xlsx").read_bytes()[:5000])
    done = run(*once)
    assert (
        done.code == 1
        and "1 file not taken" in done.err
        and "returns/half.xlsx: it is not all there yet" in done.out
        and "In all: 0 files" in done.out
    )
    (returns / "half.xlsx").unlink()
    (returns / "adams.xlsx").write_bytes((tmp_path / "adams.xlsx").read_bytes())
    (returns / "foreign.xlsx").write_bytes(made[1]["browne.xlsx"])  # of another campaign
    done = run(*once, "--json")
    events = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 3 and [event["event"] for event in events] == ["collected", "page", "ended"]
    assert [file["outcome"] for file in events[0]["files"]] == ["accepted", "refused"]
    assert events[-1]["summary"]["accepted"] == 1
    done = run(*once)
    assert done.code == 0 and "2 files recorded before." in done.out


def test_what_is_wrong_from_the_beginning_is_said_at_once(tmp_path: Path) -> None:
    """No campaign, an option that makes no sense, settings at fault."""
    assert run("watch", "-C", tmp_path / "none").code == 2
    folder = start(tmp_path / "autumn")
    assert run("watch", "-C", folder, "--every", "0").code == 2
    assert run("watch", "-C", folder, "--every", "nan").code == 2
    assert run("watch", "-C", folder, "--settled", "-1").code == 2
    (folder / "campaign.toml").write_text("[campaign", encoding="utf-8")
    assert run("watch", "-C", folder).code == 4


def test_without_a_screen_the_page_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A browser for terminals would take the one in which `watch` runs."""
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: shown.append(url) or True)
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    page = tmp_path / "a & b" / "status.html"
    if os.name != "nt":
        command.show_page(page)
        assert shown == [] and str(page) in capsys.readouterr().err
    monkeypatch.setenv("DISPLAY", ":0")
    command.show_page(page)
    assert shown == [page.as_uri()]


def test_the_status_page_once(tmp_path: Path) -> None:
    """What `watch` keeps, where and as of which day somebody wants it."""
    folder = start(tmp_path / "autumn")
    done = run("status", "-C", folder, "--format", "html", "--dry-run")
    assert done.code == 0 and not (folder / "reports" / "status.html").exists()
    assert run("status", "-C", folder, "--format", "html").code == 0
    assert "not returned" in (folder / "reports" / "status.html").read_text(encoding="utf-8")
    page = tmp_path / "late.html"
    assert run("status", "-C", folder, "-o", page, "--as-of", "2027-01-31", "--json").json == {
        "schema": 1, "file": page.as_posix(), "written": True,
    }  # fmt: skip
    text = page.read_text(encoding="utf-8")
    assert "As of Sunday, January 31, 2027." in text and "44 days late" in text
    assert run("status", "-C", folder, "-o", page, "--as-of", "2027-01-31", "--json").json["written"] is False
    assert run("status", "-C", folder, "--format", "pdf").code == 2
    assert run("status", "-C", folder, "-o", tmp_path / "x.txt").code == 2
