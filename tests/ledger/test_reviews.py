"""Words on returns: reviews, decision workbooks that are out, and the short names of files."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from xlplan.errors import UsageError, XlplanError
from xlplan.ledger import Ledger, Mark, Remark, Review, Waiting

from .records import LATER, NOW, a_copy, a_return, with_form

REMARKS = (
    Remark(path=None, text="Nearly.\nTwo things:"),
    Remark(path="challenges[0].name", text="Which? \0"),
)


def test_what_schema_2_added_comes_back(ledger: Ledger) -> None:
    """Kinds, fingerprints, parts and parents of returns; parts of copies."""
    ledger.record_return(a_return("a", values_hash="e" * 64, part="needs"), now=NOW)
    ledger.record_return(a_return("b", kind="parts", parents=(1,)), now=NOW)
    ledger.record_return(a_return("c", kind="merge", parents=(2, 1)), now=NOW)
    told = [(item.kind, item.values_hash, item.part, item.parents, item.erased) for item in ledger.returns()]
    assert told == [
        ("return", "e" * 64, "needs", (), False),
        ("parts", None, None, (1,), False),
        ("merge", None, None, (2, 1), False),
    ]
    assert with_form(ledger).record_copy(a_copy(part="needs"), now=NOW).part == "needs"
    assert ledger.copies()[0].part == "needs"
    with pytest.raises(XlplanError, match="Use the next number"):
        ledger.record_copy(a_copy(part="steps"), now=NOW)
    with pytest.raises(XlplanError, match="no return number 9"):
        ledger.record_return(a_return("d", parents=(1, 9)), now=NOW)
    assert (len(ledger.returns()), ledger.verify_chain()) == (3, [])


def test_reviews_come_back_oldest_first(ledger: Ledger) -> None:
    """With their remarks, by the plan they are of; a plan that was sent back twice keeps both."""
    ledger.record_returns([a_return("a"), a_return("b", school_key="0531"), a_return("c")], now=NOW)
    assert ledger.record_review(1, "returned", REMARKS, by="Kim", now=NOW) == 1
    with ledger.recording(now=LATER) as into:
        assert into.add_review(2, "approved", (), by="Kim") == 2
        assert into.add_review(3, "returned", REMARKS[:1], by="Lee") == 3
    first, *_ = told = ledger.reviews("0530", "sfss")
    assert [item.id for item in told] == [1, 3]
    assert [item.id for item in ledger.reviews()] == [1, 2, 3] and ledger.reviews("0532") == []
    assert asdict(first) == asdict(
        Review(
            id=1, return_id=1, school_key="0530", template="sfss", decision="returned", by="Kim",
            at="2026-10-05T12:00:00+00:00",
            remarks=(REMARKS[0], Remark(path="challenges[0].name", text="Which? ␀")),
        )
    )  # fmt: skip
    assert ledger.verify_chain() == []


def test_only_a_school_s_return_is_reviewed(ledger: Ledger) -> None:
    """And with one of two decisions; nothing of a failed one stays."""
    ledger.record_returns([a_return("a"), a_return("b", school_key=None)], now=NOW)
    with pytest.raises(XlplanError, match="of no school yet"):
        ledger.record_review(2, "approved", (), by="Kim", now=NOW)
    with pytest.raises(XlplanError, match="no return number 3"):
        ledger.record_review(3, "approved", (), by="Kim", now=NOW)
    with pytest.raises(ValueError, match="no decision"):
        ledger.record_review(1, "maybe", (), by="Kim", now=NOW)
    assert (ledger.reviews(), ledger.head()[0]) == ([], 2)


def test_marks_are_kept_by_return(ledger: Ledger) -> None:
    """Oldest first, each with the highest return there was."""
    ledger.record_returns([a_return("a"), a_return("b", school_key="0531")], now=NOW)
    ledger.record_mark(1, True, reason="signed", by="Pat", now=NOW)
    ledger.record_return(a_return("c"), now=NOW)
    with ledger.recording(now=LATER) as into:
        into.add_mark(1, False, reason="a mistake", by="Lee")
    times = ("2026-10-05T12:00:00+00:00", "2026-10-06T12:00:00+00:00")
    first = Mark(return_id=1, counts=True, reason="signed", by="Pat", at=times[0], after=2)
    second = Mark(return_id=1, counts=False, reason="a mistake", by="Lee", at=times[1], after=3)
    assert ledger.marks("0530") == ledger.marks() == {1: (first, second)}
    assert ledger.marks("0531") == ledger.marks("0530", "data_team") == {}


def test_a_decision_workbook_waits_until_a_merge_answers_it(ledger: Ledger) -> None:
    """The newest of each plan; a return that just comes in answers nothing."""
    ledger.record_returns([a_return("a"), a_return("b"), a_return("c", school_key="0531")], now=NOW)
    ledger.record_waiting("0530", "sfss", (1, 2), "decisions/1.xlsx", "1" * 64, now=NOW)
    with ledger.recording(now=LATER) as into:
        assert into.add_waiting("0530", "sfss", (2, 1), "decisions/2.xlsx", "2" * 64) == 2
    ledger.record_waiting("0531", "sfss", (3,), "decisions/3.xlsx", "3" * 64, now=NOW)
    ledger.record_return(a_return("d"), now=LATER)
    newest = Waiting(
        id=2, school_key="0530", template="sfss", sides=(2, 1), file="decisions/2.xlsx", sha256="2" * 64,
        at="2026-10-06T12:00:00+00:00",
    )  # fmt: skip
    assert ledger.waiting()["0530", "sfss"] == newest and len(ledger.waiting()) == 2
    ledger.record_return(a_return("e", kind="merge", parents=(1, 2)), now=LATER)
    assert list(ledger.waiting()) == [("0531", "sfss")]
    ledger.record_waiting("0530", "sfss", (4, 5), "decisions/4.xlsx", "4" * 64, now=LATER)
    assert ledger.waiting()["0530", "sfss"].id == 4 and ledger.verify_chain() == []


def test_a_return_is_found_by_the_beginning_of_its_hash(ledger: Ledger) -> None:
    """Six digits or more, in either case; too few, or no digits, are a wrong use."""
    records = [a_return(str(n)) for n in range(40)]
    ledger.record_returns(records, now=NOW)
    for record in (records[0], records[17]):
        for digits in (6, 12, 64):
            (found,) = ledger.returns_like(record.sha256[:digits].upper())
            assert found.sha256 == record.sha256
    assert ledger.returns_like("f" * 63) == []
    for wrong in ("5feceb"[:5], "", "zzzzzz", "5feceb%", "0" * 65):
        with pytest.raises(UsageError, match="does not name a file"):
            ledger.returns_like(wrong)


def test_a_return_of_no_school_is_recorded_anew_when_its_school_is_known(ledger: Ledger) -> None:
    """What was parked stays in the history, and is parked no longer."""
    parked = a_return("a", school_key=None)
    assert ledger.record_returns([parked, parked, a_return("b", school_key=None)], now=NOW) == [1, 1, 2]
    assert ledger.record_returns([a_return("a"), a_return("a"), parked], now=LATER) == [3, 3, 3]
    assert [item.id for item in ledger.unplaced()] == [2]
    assert [item.school_key for item in ledger.returns_like(parked.sha256)] == [None, "0530"]
    assert ledger.verify_chain() == []
