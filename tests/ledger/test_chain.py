"""Whatever is changed, removed or slipped in behind the ledger's back is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xlplan.findings import finding
from xlplan.ledger import Ledger, Remark, verify

from .records import LATER, NOW, a_copy, a_return, rows, tampered, with_form


def fill(ledger: Ledger) -> None:
    """Entries: form, what is locked in it, copy, two returns, mark, review, decision workbook, merge."""
    with_form(ledger).record_copy(a_copy(), now=NOW)
    stray = finding("stray", sheet="Plan", cell="C1", found="x", todo="Move it.")
    ledger.record_returns(
        [a_return("one", findings=(stray,), lineage=(("a", "Plan", "C2"),)), a_return("two", day=2)],
        now=LATER,
    )
    ledger.record_mark(1, True, reason="as agreed", by="Pat", now=LATER)
    remarks = (Remark(path=None, text="Nearly there."), Remark(path="title", text="Shorter?"))
    ledger.record_review(2, "returned", remarks, by="Kim", now=LATER)
    ledger.record_waiting("0530", "sfss", (1, 2), "decisions/a.xlsx", "d" * 64, now=LATER)
    ledger.record_return(a_return("three", kind="merge", parents=(1, 2), values_hash="e" * 64), now=LATER)


@pytest.fixture(scope="module")
def filled(new_url: Callable[[], str]) -> str:
    """The URL of a filled ledger."""
    url = new_url()
    with Ledger.open(url) as ledger:
        fill(ledger)
    return url


def test_a_ledger_left_alone_is_sound(ledger: Ledger) -> None:
    """Empty or filled; every entry moves the head."""
    assert (ledger.verify_chain(), ledger.head()) == ([], (0, "0" * 64))
    fill(ledger)
    assert ledger.verify_chain() == []
    assert ledger.head()[0] == 9


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
        (
            "DELETE FROM returns WHERE id = 2",
            [
                "The return 2 was recorded and is gone.",
                "1 row of the table parents belongs to nothing in returns.",
                "1 row of the table reviews belongs to nothing in returns.",
                "1 row of the table sides belongs to nothing in returns.",
                "The contents of file 3fc4ccfe7458 belong to no return.",
            ],
        ),
        ("UPDATE copies SET issue = 9", ["The copy 1 was changed after it was recorded."]),
        ("UPDATE forms SET facts = '{}'", [f"The form {'f' * 64} was changed after it was recorded."]),
        ("UPDATE seals SET content = :spoilt", ["The seal 1 was changed after it was recorded."]),
        ("UPDATE seals SET sha256 = 'x'", ["The seal 1 was changed after it was recorded."]),
        ("DELETE FROM seals", ["The seal 1 was recorded and is gone."]),
        (
            "INSERT INTO seals SELECT 2, digest, 'x', content FROM seals",
            ["The seal 2 was never recorded."],
        ),
        ("UPDATE marks SET reason = 'no'", ["The mark 1 was changed after it was recorded."]),
        (
            "INSERT INTO marks SELECT 2, return_id, false, reason, at, by, after FROM marks",
            ["The mark 2 was never recorded."],
        ),
        ("UPDATE marks SET after = 9", ["The mark 1 was changed after it was recorded."]),
        ("UPDATE reviews SET decision = 'approved'", ["The review 1 was changed after it was recorded."]),
        (
            "UPDATE remarks SET text = 'Fine.' WHERE n = 2",
            ["The review 1 was changed after it was recorded."],
        ),
        ("DELETE FROM sides WHERE n = 2", ["The waiting 1 was changed after it was recorded."]),
        ("UPDATE waiting SET file = 'x'", ["The waiting 1 was changed after it was recorded."]),
        ("DELETE FROM parents WHERE n = 1", ["The return 3 was changed after it was recorded."]),
        ("UPDATE returns SET kind = 'return'", ["The return 3 was changed after it was recorded."]),
        (
            "UPDATE returns SET values_hash = 'x' WHERE id = 3",
            ["The return 3 was changed after it was recorded."],
        ),
        ("UPDATE returns SET part = 'x' WHERE id = 1", ["The return 1 was changed after it was recorded."]),
        ("UPDATE copies SET part = 'x'", ["The copy 1 was changed after it was recorded."]),
        (
            "INSERT INTO erasures SELECT sha256, 'x', 'x', 'x' FROM blobs WHERE sha256 LIKE '3fc4%'",
            [
                "The erasure 3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3 was never recorded.",
                "The contents of file 3fc4ccfe7458 were erased and are there again.",
            ],
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
        ("DELETE FROM entries WHERE seq = 9", ["The return 3 was never recorded."]),
    ],
)
def test_tampering_is_told(filled: str, statement: str, said: list[str]) -> None:
    """In a sentence that names the thing."""
    values = {"spoilt": b"0"} if ":spoilt" in statement else {}
    with tampered(filled, statement, **values) as connection:
        assert verify.problems(connection) == said


@pytest.mark.parametrize(("value", "said"), [(None, "are gone"), (b"0", "were changed")])
def test_spoilt_bytes_are_told(filled: str, value: bytes | None, said: str) -> None:
    """The file's own hash is its name."""
    statement = "UPDATE blobs SET content = :value WHERE sha256 LIKE '3fc4ccfe7458%'"
    with tampered(filled, statement, value=value) as connection:
        (problem,) = verify.problems(connection)
    assert problem.startswith(f"The contents of file 3fc4ccfe7458 {said}")


def test_an_entry_sealed_anew_breaks_the_next(filled: str) -> None:
    """Whoever changes an entry and its hash has to change all that follow."""
    with tampered(filled, f"UPDATE entries SET hash = '{'a' * 64}' WHERE seq = 3") as connection:
        assert "Entry 4 does not follow from the one before it." in verify.problems(connection)


def test_no_answer_and_no_name_stands_in_the_chain(url: str) -> None:
    """So that answers can be erased one day and the chain still holds."""
    with Ledger.open(url) as ledger:
        record = a_return("x", plan={"team": "Pat Doe"}, saved_by="Pat Doe", values_hash="a" * 64)
        number = ledger.record_return(record, now=NOW)
        ledger.record_mark(number, True, reason="Pat Doe said so", by="Pat Doe", now=NOW)
        ledger.record_review(
            number, "returned", [Remark(path=None, text="Pat Doe left.")], by="Pat Doe", now=NOW
        )
        ledger.record_waiting("0530", "sfss", (number,), "Pat Doe.xlsx", "0" * 64, now=NOW)
    payloads = str(rows(url, "SELECT payload FROM entries"))
    assert "accepted" in payloads
    assert not [said for said in ("Pat Doe", "x.xlsx", "a" * 64) if said in payloads]


def test_the_entry_of_a_return_is_its_proof(ledger: Ledger) -> None:
    """Found among many whose numbers begin alike; it stays the first one."""
    ledger.record_returns([a_return(str(n)) for n in range(12)], now=NOW)
    told = [ledger.entry(number) for number in (1, 11, 12)]
    assert [entry.seq for entry in told if entry] == [1, 11, 12] and ledger.entry(13) is None
    assert told[2] is not None and (told[2].seq, told[2].hash) == ledger.head()
    assert ledger.entry_with(told[1].hash if told[1] else "") == 11 and ledger.entry_with("0" * 64) is None


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.integers(0, 6), max_size=4), max_size=5))
def test_any_way_of_recording_gives_a_sound_chain(
    new_url: Callable[[], str], batches: list[list[int]]
) -> None:
    """However files repeat and batches fall, each file is there once and has one entry."""
    with Ledger.open(new_url()) as ledger:
        for batch in batches:
            ledger.record_returns([a_return(str(n)) for n in batch], now=NOW)
        distinct = {n for batch in batches for n in batch}
        assert len(ledger.returns()) == ledger.head()[0] == len(distinct)
        assert ledger.verify_chain() == []
