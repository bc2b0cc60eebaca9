"""Which return counts follows from a rule, and nothing is ever overwritten for it."""

from __future__ import annotations

import pytest

from xlplan.errors import UsageError, XlplanError
from xlplan.ledger import Ledger

from .records import LATER, NOW, a_return

# name, day received, outcome; recorded in this order
TABLE = (
    ("a", 1, "accepted"),
    ("b", 3, "accepted"),
    ("c", 3, "accepted"),
    ("d", 2, "accepted"),
    ("e", 5, "rejected"),
)


def counting(ledger: Ledger, rule: str, which: str) -> str:
    return "".join(item.file[8] for item in ledger.counting_returns(rule, which))


def record(ledger: Ledger, table: tuple[tuple[str, int, str], ...], **more: str) -> None:
    ledger.record_returns([a_return(name, day, outcome, **more) for name, day, outcome in table], now=NOW)


@pytest.mark.parametrize(
    ("rule", "which", "counts"),
    [
        ("newest-accepted", "accepted", "c"),
        ("newest-accepted", "readable", "c"),
        ("newest", "accepted", ""),
        ("newest", "readable", "e"),
        ("chosen", "accepted", ""),
    ],
)
def test_the_rule_picks_one_return_of_a_school(ledger: Ledger, rule: str, which: str, counts: str) -> None:
    """Newest by the day received, then by the order of recording."""
    record(ledger, TABLE)
    assert counting(ledger, rule, which) == counts


@pytest.mark.parametrize(("which", "counts"), [("accepted", ""), ("readable", "y")])
def test_without_an_accepted_return_the_newest_rejected_counts_if_readable_do(
    ledger: Ledger, which: str, counts: str
) -> None:
    """A draft is better than nothing, where the campaign says so."""
    record(ledger, (("x", 1, "rejected"), ("y", 4, "rejected"), ("z", 2, "rejected")))
    assert counting(ledger, "newest-accepted", which) == counts


def test_every_school_and_template_has_its_own(ledger: Ledger) -> None:
    """In the order of schools and templates; refused and unplaced returns never count."""
    record(ledger, (("z", 1, "accepted"),), school_key="0531")
    record(ledger, TABLE)
    record(ledger, (("t", 1, "accepted"),), template="data_team")
    ledger.record_returns(
        [a_return("r", 9, "refused"), a_return("u", 9, "accepted", school_key=None)], now=NOW
    )
    assert counting(ledger, "newest-accepted", "accepted") == "tcz"


def test_the_chosen_return_counts_until_the_word_is_taken_back(ledger: Ledger) -> None:
    """The newest mark on a return holds; a rejected one needs `readable`."""
    record(ledger, TABLE)
    ids = {item.file[8]: item.id for item in ledger.returns()}
    ledger.record_mark(ids["a"], True, reason="signed copy", by="Pat", now=NOW)
    assert counting(ledger, "chosen", "accepted") == "a"
    ledger.record_mark(ids["e"], True, reason="latest draft", by="Pat", now=LATER)
    assert (counting(ledger, "chosen", "accepted"), counting(ledger, "chosen", "readable")) == ("", "e")
    ledger.record_mark(ids["e"], False, reason="a mistake", by="Pat", now=LATER)
    assert counting(ledger, "chosen", "accepted") == "a"
    assert counting(ledger, "newest-accepted", "accepted") == "c"


def test_an_unknown_rule_or_return_is_an_error(ledger: Ledger) -> None:
    """Nothing is guessed."""
    with pytest.raises(UsageError):
        ledger.counting_returns("oldest", "accepted")
    with pytest.raises(XlplanError, match="no return number 7"):
        ledger.record_mark(7, True, reason="", by="", now=NOW)
