"""What is erased on lawful request is gone; what is kept of it still holds together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from xlplan.errors import UsageError
from xlplan.findings import finding
from xlplan.ledger import Ledger, Remark, StoredReturn, verify

from .records import LATER, NOW, a_copy, a_return, rows, tampered, with_form

SECRET = "Zebedee Quillfeather"
LONG = " ".join([SECRET] * 4000)  # so that it runs over pages of its own
TOLD = a_return(
    LONG,
    plan={"team": SECRET, "prose": LONG},
    completeness=[{"sheet": SECRET}],
    findings=(finding("stray", sheet="Plan", cell="C1", found=SECRET, todo=SECRET),),
    lineage=((f"people[{SECRET}]", SECRET, "C2"),),
    saved_by=SECRET,
    values_hash="a" * 64,
    part="needs",
)
TOLD = replace(TOLD, file=f"returns/{SECRET}.xlsx")


def with_told(ledger: Ledger) -> StoredReturn:
    """Return 1 tells; 2 is another; 3 was merged from both, 4 from 3; a correction copy and a workbook quote 1."""
    ledger.record_returns([TOLD, a_return("two")], now=NOW)
    ledger.record_return(a_return("three", kind="merge", parents=(1, 2)), now=NOW)
    ledger.record_return(a_return("four", kind="parts", parents=(3,)), now=NOW)
    with_form(ledger).record_copies(
        [a_copy(), a_copy(issue=2, kind="correction", inputs_hash=TOLD.sha256)], now=NOW
    )
    ledger.record_mark(1, True, reason="signed", by="Pat", now=NOW)
    ledger.record_review(1, "returned", [Remark(path=None, text="Who?")], by="Kim", now=NOW)
    ledger.record_waiting("0530", "sfss", (2, 1), "decisions/1.xlsx", "d" * 64, now=NOW)
    return ledger.returns()[0]


def test_only_bare_facts_are_left(ledger: Ledger) -> None:
    """What it was, of whom, when, and how it was judged; all else comes back empty."""
    before = with_told(ledger)
    erased = ledger.erase(TOLD.sha256, reason="the family asked", by="Pat", now=LATER)
    (after, *_) = ledger.returns()
    gone = {"file": "", "plan": None, "completeness": None, "saved_by": None, "values_hash": None}
    assert after == replace(before, **gone, findings=(), erased=True)
    assert (after.received, after.outcome, after.part) == (date(2026, 10, 1), "accepted", "needs")
    assert (ledger.content(TOLD.sha256), ledger.lineage(1)) == (None, ())
    assert (erased.returns, erased.size, erased.before) == ((before,), len(TOLD.content), False)
    assert [item.id for item in erased.derived] == [3, 4]
    assert [item.issue for item in erased.copies] == [2] and [item.id for item in erased.waiting] == [1]
    assert [item.id for item in ledger.reviews()] == [1] and list(ledger.marks()) == [1]


def test_the_chain_accepts_an_erasure_and_nothing_else(ledger: Ledger, url: str) -> None:
    """The tombstone vouches for what is left, so that any other change is told as before."""
    with_told(ledger)
    head = ledger.head()
    ledger.erase(TOLD.sha256, reason="the family asked", by="Pat", now=LATER)
    assert ledger.verify_chain() == [] and ledger.entry_with(head[1]) == head[0] == ledger.head()[0] - 2
    changed = "The return 1 was changed after it was recorded."
    for statement, said in (
        ("UPDATE returns SET outcome = 'rejected' WHERE id = 1", changed),
        ("UPDATE returns SET plan = '{}' WHERE id = 1", changed),
        ("DELETE FROM returns WHERE id = 2", "The return 2 was recorded and is gone."),
        ("UPDATE blobs SET content = NULL WHERE size = 3", "The contents of file 3fc4ccfe7458 are gone."),
        ("DELETE FROM erasures", f"The erasure {TOLD.sha256} was recorded and is gone."),
        ("DELETE FROM erasures", f"The contents of file {TOLD.sha256[:12]} are gone."),
        (
            "UPDATE erasures SET reason = 'no'",
            f"The erasure {TOLD.sha256} was changed after it was recorded.",
        ),
    ):
        with tampered(url, statement) as connection:
            assert said in verify.problems(connection)


def test_what_was_erased_is_not_recorded_anew(ledger: Ledger) -> None:
    """Not as it was, nor with another outcome or school; and it never counts, marked or not."""
    with_told(ledger)
    whole = a_return("whole", 9)
    ledger.record_returns([whole, a_return("lost", outcome="refused")], now=NOW)
    assert [item.id for item in ledger.counting_returns("newest", "accepted")] == [5]
    for sha256 in (TOLD.sha256, whole.sha256, a_return("lost").sha256):
        ledger.erase(sha256, reason="asked", by="Pat", now=LATER)
    head = ledger.head()
    again = [TOLD, replace(TOLD, outcome="rejected", school_key="0531"), whole, a_return("lost")]
    assert ledger.record_returns(again, now=LATER) == [1, 1, 5, 6]
    assert ledger.head() == head and ledger.content(TOLD.sha256) is None
    assert [item.id for item in ledger.counting_returns("newest", "accepted")] == [4]
    assert ledger.counting_parts("chosen", "readable") == []


def test_erasing_twice_is_erasing_once(ledger: Ledger) -> None:
    """The first reason stays; what may still hold the answers is told again. A rehearsal erases nothing."""
    with_told(ledger)
    told = ledger.erasable(TOLD.sha256)
    assert (told.before, ledger.content(TOLD.sha256)) == (False, TOLD.content)
    assert ledger.erase(TOLD.sha256, reason="the family asked", by="Pat", now=LATER) == told
    head = ledger.head()
    again = ledger.erase(TOLD.sha256, reason="no", by="Kim", now=LATER)
    assert (again.before, again.copies, ledger.head()) == (True, told.copies, head)
    with pytest.raises(UsageError, match="was recorded"):
        ledger.erase("0" * 64, reason="no", by="Kim", now=LATER)


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_nothing_is_left_in_the_files_of_sqlite(in_file: str, tmp_path: Path, journal: str) -> None:
    """Neither in pages that were let go of, nor in a journal, even one that somebody turned on."""
    with Ledger.open(in_file) as ledger:
        assert rows(in_file, f"PRAGMA journal_mode = {journal}") == [(journal,)]
        with_told(ledger)
        # pages that SQLite has moved meanwhile leave old contents behind
        ledger.record_returns(
            [a_return(f"{n}" * 3000, plan={"prose": "x" * 9000}) for n in range(30)], now=NOW
        )
        assert any(SECRET.encode() in found for found in bytes_of(tmp_path))
        ledger.erase(TOLD.sha256, reason="the family asked", by="Pat", now=LATER)
        assert not any(SECRET.encode() in found for found in bytes_of(tmp_path))
        assert ledger.verify_chain() == []
    assert not any(SECRET.encode() in found for found in bytes_of(tmp_path))


def bytes_of(folder: Path) -> Iterator[bytes]:
    for path in folder.iterdir():
        yield path.read_bytes()


def test_whatever_else_holds_the_same_answers_is_named(ledger: Ledger) -> None:
    """Another file that says the same; one made on the copy that answers it, and what was begun with that in turn."""
    one = a_return("one", issue=1, values_hash="a" * 64)
    same = a_return("same", issue=1, values_hash="a" * 64)
    other = a_return("other", issue=1, values_hash="b" * 64)
    made, later = a_return("made", issue=2), a_return("later", issue=3)
    ledger.record_returns([one, same, other, made, later], now=NOW)
    with_form(ledger).record_copies(
        [
            a_copy(),
            a_copy(issue=2, kind="correction", inputs_hash=one.sha256),
            a_copy(issue=3, kind="correction", inputs_hash=made.sha256),
        ],
        now=NOW,
    )
    assert [item.id for item in ledger.erasable(one.sha256).derived] == [2, 4, 5]
    assert [item.id for item in ledger.erasable(other.sha256).derived] == []
    assert [item.id for item in ledger.erase(one.sha256, reason="r", by="p", now=LATER).derived] == [2, 4, 5]
