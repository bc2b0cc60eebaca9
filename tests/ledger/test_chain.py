"""Whatever is changed, removed or slipped in behind the ledger's back is told."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlplan.findings import finding
from xlplan.ledger import Ledger

from .records import LATER, NOW, a_copy, a_return, with_form


def fill(ledger: Ledger) -> None:
    """Entries 1 form, 2 what is locked in it, 3 copy, 4 and 5 returns, 6 mark."""
    with_form(ledger).record_copy(a_copy(), now=NOW)
    stray = finding("stray", sheet="Plan", cell="C1", found="x", todo="Move it.")
    ledger.record_returns(
        [a_return("one", findings=(stray,), lineage=(("a", "Plan", "C2"),)), a_return("two", day=2)],
        now=LATER,
    )
    ledger.record_mark(1, True, reason="as agreed", by="Pat", now=LATER)


def tamper(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "ledger.sqlite")
    assert connection.execute(statement).rowcount > 0
    connection.commit()
    connection.close()


def test_a_ledger_left_alone_is_sound(ledger: Ledger) -> None:
    """Empty or filled; every entry moves the head."""
    assert (ledger.verify_chain(), ledger.head()) == ([], (0, "0" * 64))
    fill(ledger)
    assert ledger.verify_chain() == []
    assert ledger.head()[0] == 6


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE returns SET outcome = 'rejected' WHERE id = 1",
            ["The return 1 was changed after it was recorded."],
        ),
        ("UPDATE returns SET plan = '{}' WHERE id = 1", ["The return 1 was changed after it was recorded."]),
        (
            "UPDATE returns SET received = '2026-09-01' WHERE id = 2",
            ["The return 2 was changed after it was recorded."],
        ),
        ("UPDATE findings SET severity = 'note'", ["The return 1 was changed after it was recorded."]),
        ("DELETE FROM findings", ["The return 1 was changed after it was recorded."]),
        ("UPDATE cells SET cell = 'C3'", ["The return 1 was changed after it was recorded."]),
        ("DELETE FROM returns WHERE id = 2", ["The return 2 was recorded and is gone."]),
        ("UPDATE copies SET issue = 9", ["The copy 1 was changed after it was recorded."]),
        ("UPDATE forms SET facts = '{}'", [f"The form {'f' * 64} was changed after it was recorded."]),
        ("UPDATE seals SET content = x'00'", ["The seal 1 was changed after it was recorded."]),
        ("UPDATE seals SET sha256 = 'x'", ["The seal 1 was changed after it was recorded."]),
        ("DELETE FROM seals", ["The seal 1 was recorded and is gone."]),
        (
            "INSERT INTO seals SELECT 2, digest, 'x', content FROM seals",
            ["The seal 2 was never recorded."],
        ),
        ("UPDATE marks SET reason = 'no'", ["The mark 1 was changed after it was recorded."]),
        (
            "INSERT INTO marks SELECT 2, return_id, 0, reason, at, by FROM marks",
            ["The mark 2 was never recorded."],
        ),
        (
            "UPDATE entries SET at = '2026' WHERE seq = 3",
            ["Entry 3 (copy) was changed after it was written."],
        ),
        (
            "UPDATE entries SET payload = 'x' WHERE seq = 6",
            ["Entry 6 (mark) was changed after it was written.", "The mark 1 was never recorded."],
        ),
        (
            "DELETE FROM entries WHERE seq IN (3, 4)",
            [
                "Entries are missing from 3 to 4.",
                "The copy 1 was never recorded.",
                "The return 1 was never recorded.",
            ],
        ),
        ("DELETE FROM entries WHERE seq = 6", ["The mark 1 was never recorded."]),
    ],
)
def test_tampering_is_told(tmp_path: Path, url: str, statement: str, said: list[str]) -> None:
    """In a sentence that names the thing."""
    with Ledger.open(url) as ledger:
        fill(ledger)
        tamper(tmp_path, statement)
        assert ledger.verify_chain() == said


@pytest.mark.parametrize(("value", "said"), [("NULL", "are gone"), ("x'00'", "were changed")])
def test_spoilt_bytes_are_told(tmp_path: Path, url: str, value: str, said: str) -> None:
    """The file's own hash is its name."""
    with Ledger.open(url) as ledger:
        fill(ledger)
        sha256 = ledger.returns()[0].sha256
        tamper(tmp_path, f"UPDATE blobs SET content = {value} WHERE sha256 = '{sha256}'")
        (problem,) = ledger.verify_chain()
        assert problem.startswith(f"The contents of file {sha256[:12]} {said}")


def test_an_entry_sealed_anew_breaks_the_next(tmp_path: Path, url: str) -> None:
    """Whoever changes an entry and its hash has to change all that follow."""
    with Ledger.open(url) as ledger:
        fill(ledger)
        tamper(tmp_path, "UPDATE entries SET hash = '" + "a" * 64 + "' WHERE seq = 3")
        assert "Entry 4 does not follow from the one before it." in ledger.verify_chain()


def test_no_answer_stands_in_the_chain(tmp_path: Path, url: str) -> None:
    """So that answers can be erased one day and the chain still holds."""
    with Ledger.open(url) as ledger:
        ledger.record_return(a_return("x", plan={"team": "Pat Doe"}, saved_by="Pat Doe"), now=NOW)
    connection = sqlite3.connect(tmp_path / "ledger.sqlite")
    payloads = str(connection.execute("SELECT payload FROM entries").fetchall())
    connection.close()
    assert "accepted" in payloads
    assert "Pat Doe" not in payloads and "x.xlsx" not in payloads


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 6), max_size=4), max_size=5))
def test_any_way_of_recording_gives_a_sound_chain(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[int]]
) -> None:
    """However files repeat and batches fall, each file is there once and has one entry."""
    folder = tmp_path_factory.mktemp("chain")
    with Ledger.open(f"sqlite:///{(folder / 'ledger.sqlite').as_posix()}") as ledger:
        for batch in batches:
            ledger.record_returns([a_return(str(n)) for n in batch], now=NOW)
        distinct = {n for batch in batches for n in batch}
        assert len(ledger.returns()) == ledger.head()[0] == len(distinct)
        assert ledger.verify_chain() == []
