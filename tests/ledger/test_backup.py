"""A backup is the whole ledger, whatever that is kept in; and it comes back whole into another one."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from xlplan.errors import UsageError, XlplanError
from xlplan.ledger import Ledger

from .records import LATER, NOW, a_return, tamper
from .test_chain import fill
from .test_migrate import OLD


def everything(ledger: Ledger) -> list[object]:
    """All that can be asked."""
    returns = ledger.returns()
    return [
        ledger.copies(), returns, [ledger.lineage(item.id) for item in returns], ledger.form("f" * 64),
        [ledger.content(item.sha256) for item in returns], ledger.marks(), ledger.reviews(), ledger.waiting(),
        ledger.carried_plans(), ledger.head(), ledger.verify_chain(),
    ]  # fmt: skip


def test_a_backup_comes_back_whole(new_url: Callable[[], str], tmp_path: Path) -> None:
    """From either kind of database, into either; what was erased stays erased."""
    kept = tmp_path / "safe" / "autumn.sqlite"
    with Ledger.open(new_url()) as ledger:
        fill(ledger)
        ledger.record_carried("0530", "sfss", b'{"a": 1}', ["d" * 64, "e" * 64], now=LATER)
        ledger.record_returns([a_return(f"more {n}") for n in range(12)], now=LATER)
        ledger.erase(ledger.returns()[1].sha256, reason="asked", by="Pat", now=LATER)
        before, counts = everything(ledger), ledger.checkup().counts
        found = ledger.backup(kept)
    assert (found.head, found.problems, found.counts) == (before[-2], (), counts)
    assert counts == {
        "form": 1, "seal": 1, "copy": 1, "carried": 1, "return": 15, "mark": 1, "review": 1, "waiting": 1, "erasure": 1,
    }  # fmt: skip
    with Ledger.open(new_url()) as ledger:
        assert ledger.restore(kept, now=LATER) == found
        assert everything(ledger) == before
        assert ledger.record_return(a_return("later"), now=LATER) == 16 and ledger.verify_chain() == []
        with pytest.raises(UsageError, match="not empty"):
            ledger.restore(kept, now=LATER)
        assert len(ledger.returns()) == 16
    assert [path.name for path in kept.parent.iterdir()] == ["autumn.sqlite"]


def test_a_backup_replaces_no_file(ledger: Ledger, tmp_path: Path) -> None:
    """And where it cannot be written, none is left."""
    there = tmp_path / "notes.txt"
    there.write_text("mine")
    with pytest.raises(UsageError, match="there is a file already"):
        ledger.backup(there)
    assert there.read_text() == "mine"
    with pytest.raises(XlplanError):
        ledger.backup(there / "a.sqlite")
    assert list(tmp_path.iterdir()) == [there]


def test_a_backup_that_is_not_as_it_was_recorded_fills_nothing(
    url: str, in_file: str, tmp_path: Path
) -> None:
    """It says what is wrong; so does one of a ledger in which something was changed."""
    with Ledger.open(in_file) as source:
        fill(source)
    tamper(in_file, "UPDATE marks SET reason = 'x'")
    said = ("The mark 1 was changed after it was recorded.",)
    with Ledger.open(in_file) as source:
        assert source.backup(tmp_path / "kept").problems == said
    with Ledger.open(url) as ledger:
        assert ledger.restore(tmp_path / "kept", now=NOW).problems == said
        assert (ledger.returns(), ledger.head()[0]) == ([], 0)
        (tmp_path / "letter").write_bytes(b"Dear colleague, " * 99)
        for name, told in (("letter", "not a database"), ("gone", "no ledger here")):
            with pytest.raises(XlplanError, match=told):
                ledger.restore(tmp_path / name, now=NOW)


def test_a_backup_of_an_older_ledger_is_upgraded_on_the_way(url: str, tmp_path: Path) -> None:
    """The backup itself stays as it is."""
    kept = tmp_path / "kept.sqlite"
    shutil.copy(OLD, kept)
    with Ledger.open(url) as ledger:
        assert ledger.restore(kept, now=NOW).problems == ()
        assert len(ledger.returns()) == 3 and ledger.verify_chain() == []
    assert kept.read_bytes() == OLD.read_bytes() and list(tmp_path.iterdir()) == [kept]
