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
    """The newest mark on a return holds, and of several marked ones the last one; whatever its outcome."""
    record(ledger, TABLE)
    ids = {item.file[8]: item.id for item in ledger.returns()}
    ledger.record_mark(ids["a"], True, reason="signed copy", by="Pat", now=NOW)
    assert counting(ledger, "chosen", "accepted") == "a"
    ledger.record_mark(ids["e"], True, reason="latest draft", by="Pat", now=LATER)
    assert (counting(ledger, "chosen", "accepted"), counting(ledger, "chosen", "readable")) == ("e", "e")
    ledger.record_mark(ids["e"], False, reason="a mistake", by="Pat", now=LATER)
    assert counting(ledger, "chosen", "accepted") == "a"


# marks as "name + or -", then what comes in later, then what counts by each rule with each `counting`
MARKED = (
    ("a+", (), "aa", "aa", "aa"),
    ("c-", (), "bb", "e", ""),
    ("a+ b+", (), "bb", "bb", "bb"),
    ("b+ a+ a-", (), "bb", "bb", "bb"),
    ("a+", (("f", 1, "accepted"),), "ff", "ff", "aa"),
    ("a+", (("f", 9, "rejected"),), "aa", "af", "aa"),
    ("e+", (("f", 9, "rejected"),), "ef", "ef", "ee"),
    ("e+", (("f", 9, "rejected"), ("g", 1, "accepted")), "gg", "ef", "ee"),
)


@pytest.mark.parametrize(("marks", "later", "newest_accepted", "newest", "chosen"), MARKED)
def test_a_mark_goes_before_the_rule_until_something_better_comes_in(
    ledger: Ledger,
    marks: str,
    later: tuple[tuple[str, int, str], ...],
    newest_accepted: str,
    newest: str,
    chosen: str,
) -> None:
    """What was there when it was given stands back, under every rule; later returns compete by the rule."""
    record(ledger, TABLE)
    ids = {item.file[8]: item.id for item in ledger.returns()}
    for mark in marks.split():
        ledger.record_mark(ids[mark[0]], mark[1] == "+", reason="agreed", by="Pat", now=LATER)
    record(ledger, later)
    for rule, counts in (("newest-accepted", newest_accepted), ("newest", newest), ("chosen", chosen)):
        assert "".join(counting(ledger, rule, which) for which in ("accepted", "readable")) == counts, rule


def test_a_part_competes_with_its_like(ledger: Ledger) -> None:
    """A part of a split plan is no plan."""
    record(ledger, (("w", 1, "accepted"),))
    record(ledger, (("n", 2, "accepted"), ("m", 3, "accepted")), part="needs")
    record(ledger, (("s", 4, "accepted"),), part="steps")
    assert counting(ledger, "newest-accepted", "accepted") == "w"
    assert [item.file[8] for item in ledger.counting_parts("newest-accepted", "accepted")] == ["m", "s"]


def test_an_unknown_rule_or_return_is_an_error(ledger: Ledger) -> None:
    """Nothing is guessed."""
    with pytest.raises(UsageError):
        ledger.counting_returns("oldest", "accepted")
    with pytest.raises(XlplanError, match="no return number 7"):
        ledger.record_mark(7, True, reason="", by="", now=NOW)
