"""Which return counts and why, what changed from one to the next, and proof that a file came."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.readers import ADAMS, BAD, BROWNE, DESCRIPTION, DUE, LATER, Round, opened, plan
from xlplan.errors import UsageError
from xlplan.pipeline.differences import since_base
from xlplan.pipeline.history import receipt
from xlplan.pipeline.reviewing import Marked, mark
from xlplan.pipeline.standing import Plans, numbers


@pytest.fixture
def autumn(tmp_path: Path) -> Iterator[Round]:
    made = opened(tmp_path / "autumn")
    with made.ledger:
        yield made


def say(autumn: Round, which: str, counts: bool) -> Marked:
    return mark(
        autumn.campaign,
        autumn.ledger,
        ADAMS,
        which,
        counts=counts,
        reason="A slip",
        by="J. Doe",
        now=autumn.tick(),
    )


def counting(autumn: Round) -> int | None:
    """The number of the return that counts, as the status has it."""
    counted = autumn.state().counted
    return numbers(autumn.ledger.returns(school_key=ADAMS))[counted.id] if counted else None


def test_rules_and_marks_decide_which_return_counts(autumn: Round) -> None:
    """Each rule in its turn, each mark in its turn; nothing is overwritten, and the reason is in the words."""
    assert (counting(autumn), autumn.state().state) == (None, "issued")
    assert autumn.history().why == "Nothing counts: nothing has come back."
    autumn.send(BAD)
    assert (counting(autumn), autumn.state().state) == (None, "rejected")
    autumn.send(plan(description="The first that holds"))
    autumn.send(plan(description="The second that holds"))
    autumn.send(plan(due="some day"))
    assert (counting(autumn), autumn.state().state) == (3, "accepted")
    assert autumn.state().notes == ("Return 4 is newer and has errors; return 3 counts.",)
    autumn.rule("newest")
    assert (counting(autumn), autumn.state().state) == (None, "rejected")
    autumn.rule("chosen")
    assert counting(autumn) is None and "none was marked to count" in autumn.state().notes[0]
    assert (say(autumn, "2", True).now, counting(autumn)) == (2, 2)
    assert autumn.history().why == "Return 2 counts: J. Doe said so on 2026-10-06 (“A slip”)."
    autumn.rule("newest-accepted")
    assert counting(autumn) == 2 and autumn.state().notes == (autumn.history().why,)
    autumn.send(plan(description="The third that holds"))
    assert counting(autumn) == 5  # recorded after the mark, it competes by the rule
    made = say(autumn, "5", False)
    assert (made.before, made.now, counting(autumn)) == (5, 2, 2)
    assert "Return 5 does not count: J. Doe said so" in autumn.state().notes[0]
    say(autumn, autumn.ledger.returns(school_key=ADAMS)[0].sha256[:8], True)
    assert (counting(autumn), autumn.state().state) == (1, "rejected")  # a person may let a draft count
    told = autumn.history().returns
    assert [len(item.marks) for item in told] == [1, 1, 0, 0, 1]
    assert [item.counts for item in told] == [True, False, False, False, False]
    with pytest.raises(UsageError, match="there is no return 9; this school has 5"):
        say(autumn, "9", True)
    autumn.send(plan(), school=BROWNE)
    theirs = autumn.ledger.returns(school_key=BROWNE)[0].sha256
    with pytest.raises(UsageError, match="not a return of 530825001378"):
        say(autumn, theirs[:10], True)
    assert autumn.ledger.verify_chain() == []


def test_what_changed_is_told_against_the_return_before_and_the_copy_it_was_made_from(autumn: Round) -> None:
    """An unchanged file in other bytes is known by its answers; a correction copy begins with what it answers."""
    autumn.send(BAD)
    first = autumn.ledger.copies(ADAMS)[0]
    fresh = (autumn.campaign.root / first.file).read_bytes()
    autumn.send(plan(due="2026-11-02"))  # poured into the correction copy
    autumn.send(plan(due="2026-11-02", description=f"  {plan()['challenges'][0]['description']} "))
    autumn.send(plan(due="2026-11-02", description=""), into=fresh)
    autumn.send(b"no workbook")
    one, two, three, four = autumn.history().returns
    assert one.since_former is None and one.former is None and one.same_as is None
    assert one.since_base is not None and {change.kind for change in one.since_base} == {"added"}
    assert [(change.path, change.a, change.b) for change in two.since_former or ()] == [
        (DUE, "TBD", "2026-11-02")
    ]
    assert two.since_base == two.since_former
    assert (three.same_as, three.since_former) == (2, ())
    assert [(change.path, change.kind) for change in four.since_former or ()] == [(DESCRIPTION, "removed")]
    assert four.since_base is not None and len(four.since_base) > 100
    assert [(sent.copy.issue, sent.copy.kind, sent.answers) for sent in autumn.history().copies] == [
        (1, "fresh", None), (2, "correction", 1), (3, "correction", 4)
    ]  # fmt: skip
    document = autumn.history().as_json()
    assert document["counts"] == 3 and document["returns"][1]["since_former"] == {
        "added": 0, "removed": 0, "changed": 1,
    }  # fmt: skip
    plans = Plans(autumn.campaign, autumn.ledger)
    version = plans.read(two.stored)
    assert version is not None
    found = since_base(version, autumn.ledger, plans.context)
    assert found.changes == two.since_base and found.a == "copy 2"


def test_what_was_erased_says_so_and_hides_nothing_else(autumn: Round) -> None:
    autumn.send(plan(description="To be erased"))
    autumn.send(plan())
    sha = autumn.history().returns[0].stored.sha256
    autumn.ledger.erase(sha, reason="asked for", by="J. Doe", now=autumn.tick())
    one, two = autumn.history().returns
    assert one.stored.erased and one.since_base is None and two.since_former is None
    assert two.counts and two.since_base
    proof = receipt(autumn.campaign, autumn.ledger, ADAMS, LATER, number=1)
    assert proof.size is None and proof.item.stored.sha256 == sha


def test_a_receipt_proves_the_file_by_its_bytes(autumn: Round) -> None:
    """Hash, size and ledger entry are those of the file that came."""
    with pytest.raises(UsageError, match="nothing has come back"):
        receipt(autumn.campaign, autumn.ledger, ADAMS, LATER)
    autumn.send(plan())
    autumn.send(BAD)
    for number, outcome in ((1, "accepted"), (2, "rejected"), (None, "rejected")):
        proof = receipt(autumn.campaign, autumn.ledger, ADAMS, LATER, number=number)
        content = (autumn.campaign.returns / f"{number or 2}.xlsx").read_bytes()
        assert proof.item.stored.sha256 == hashlib.sha256(content).hexdigest()
        assert (proof.size, proof.item.stored.outcome) == (len(content), outcome)
        assert proof.entry == autumn.ledger.entry(proof.item.stored.id) is not None
        assert proof.item.counts == (number == 1) and proof.why.startswith("Return 1 counts")
    with pytest.raises(UsageError, match="there is no return 3; there are 1, 2"):
        receipt(autumn.campaign, autumn.ledger, ADAMS, LATER, number=3)
