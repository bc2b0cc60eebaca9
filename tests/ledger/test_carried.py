"""What former rounds left: the newest of a plan counts, the chain vouches for it, and it can be erased."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from xlplan.errors import UsageError, XlplanError
from xlplan.ledger import Ledger, verify

from .records import LATER, NOW, a_copy, a_return, rows, tampered, with_form

ONE, TWO = b'{"cells": "Zebedee"}', b'{"cells": "Quill"}'
OLD, OLDER = "a" * 64, "b" * 64  # returns of former rounds


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def carried(ledger: Ledger) -> None:
    """School 0530 has two records, the second of which counts; 0531 has one; a copy began with each of the first's."""
    assert ledger.record_carried("0530", "sfss", ONE, [OLD], now=NOW)
    assert ledger.record_carried("0530", "sfss", TWO, [OLDER, OLD], now=NOW)
    assert ledger.record_carried("0531", "sfss", b"{}", ["c" * 64], now=LATER)
    copies = [a_copy(base=sha(ONE)), a_copy(issue=2, base=sha(TWO), inputs_hash="3" * 64), a_copy("0531")]
    with_form(ledger).record_copies(copies, now=LATER)


def test_the_newest_counts_and_none_is_replaced(ledger: Ledger) -> None:
    """What counts already is not recorded twice; a former one counts again when it is recorded again."""
    carried(ledger)
    found = ledger.carried("0530", "sfss")
    assert found is not None and (found.content, found.quoted) == (TWO, (OLDER, OLD))
    head = ledger.head()
    assert ledger.record_carried("0530", "sfss", TWO, [OLDER, OLD], now=LATER) == found
    assert ledger.head() == head
    again = ledger.record_carried("0530", "sfss", ONE, [OLD], now=LATER)
    assert again is not None and again.id == 4 and ledger.carried("0530", "sfss") == again
    assert ledger.carried("0530", "data-team") is None
    assert ledger.carried_keys() == {("0530", "sfss"), ("0531", "sfss")}
    known = ledger.carried_record(sha(TWO))
    assert known is not None and known.content == TWO and ledger.verify_chain() == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE carried SET school_key = '9' WHERE id = 1",
            "The carried record 1 was changed after it was recorded.",
        ),
        ("UPDATE quoted SET sha256 = 'x' WHERE carried_id = 2 AND n = 1", "The carried record 2 was changed"),
        (
            "DELETE FROM quoted WHERE carried_id = 3",
            "The carried record 3 was changed after it was recorded.",
        ),
        ("UPDATE blobs SET content = :spoilt WHERE sha256 = :sha", "were changed after they were recorded."),
        ("UPDATE blobs SET content = NULL WHERE sha256 = :sha", "are gone."),
        ("UPDATE copies SET base = NULL WHERE id = 1", "The copy 1 was changed after it was recorded."),
        ("DELETE FROM carried WHERE id = 3", "The carried record 3 was recorded and is gone."),
    ],
)
def test_whatever_is_changed_in_it_is_told(ledger: Ledger, url: str, statement: str, said: str) -> None:
    """Row, files that it quotes, bytes, and which copy began with it."""
    carried(ledger)
    values = {name: value for name, value in (("spoilt", b"x"), ("sha", sha(ONE))) if f":{name}" in statement}
    with tampered(url, statement, **values) as connection:
        assert any(said in line for line in verify.problems(connection))
    assert ledger.verify_chain() == []


@pytest.mark.parametrize("named", [OLD, "own"])
def test_it_is_erased_by_its_own_sum_or_by_a_file_that_it_quotes(
    ledger: Ledger, url: str, named: str
) -> None:
    """Its bytes go, the bare facts stay; what was made on copies that began with it is told."""
    carried(ledger)
    ledger.record_returns([a_return("typed", issue=2), a_return("other", school_key="0531")], now=LATER)
    sha256 = sha(TWO) if named == "own" else named
    assert sha256 in ledger.hashes_like(sha256[:8])
    foretold = ledger.erasable(sha256)
    assert ledger.erase(sha256, reason="asked", by="Pat", now=LATER) == foretold
    gone = {TWO} if named == "own" else {ONE, TWO}
    assert {item.content for item in foretold.carried} == gone and not foretold.before
    assert [item.id for item in foretold.derived] == [1]
    assert [copy.issue for copy in foretold.copies] == ([2] if named == "own" else [1, 2])
    assert ledger.carried("0530", "sfss") is None and ledger.carried("0531", "sfss") is not None
    assert all(ledger.content(sha(content)) is None for content in gone)
    assert ledger.verify_chain() == []
    assert ledger.erase(sha256, reason="again", by="Pat", now=LATER).before
    assert ledger.record_carried("0530", "sfss", TWO, [OLDER, OLD], now=LATER) is None
    assert ledger.record_carried("0530", "sfss", b"other words", [OLD], now=LATER) is None
    assert len(rows(url, "SELECT sha256 FROM erasures")) == len(gone)


def test_a_return_says_which_records_its_plan_began_with(ledger: Ledger) -> None:
    """They hold what the school said in former rounds, and stay until somebody names them."""
    carried(ledger)
    item = a_return("typed", issue=2)
    ledger.record_return(item, now=LATER)
    told = ledger.erase(item.sha256, reason="asked", by="Pat", now=LATER)
    assert [record.content for record in told.former] == [ONE, TWO] and told.carried == ()
    assert ledger.carried("0530", "sfss") is not None and ledger.verify_chain() == []
    with pytest.raises(UsageError, match="No file"):
        ledger.erasable("9" * 64)


def test_a_copy_of_the_same_issue_began_with_the_same(ledger: Ledger) -> None:
    carried(ledger)
    with pytest.raises(XlplanError, match="recorded with other contents"):
        ledger.record_copy(a_copy(base=sha(TWO)), now=LATER)


def test_a_ledger_is_read_as_it_is(url: str, in_file: str, tmp_path: Path) -> None:
    """Opened to be read it stays as it is; there has to be one."""
    with Ledger.open(in_file) as ledger:
        carried(ledger)
    file = Path(in_file.removeprefix("sqlite:///"))
    before = file.read_bytes()
    with Ledger.open_as_it_is(in_file, now=NOW) as ledger:
        assert len(ledger.carried_plans()) == 2
    assert file.read_bytes() == before and list(file.parent.iterdir()) == [file]
    gone = f"sqlite:///{(tmp_path / 'none.sqlite').as_posix()}"
    with pytest.raises(UsageError, match="no ledger here"), Ledger.open_as_it_is(gone, now=NOW):
        pass
    Ledger.open(url).close()
    with Ledger.open_as_it_is(url, now=NOW) as ledger:
        assert ledger.carried_plans() == {}
