"""Several programs that record at the same time, from the first moment of a ledger on."""

from __future__ import annotations

import subprocess
import sys
from threading import Thread

from xlplan.ledger import Ledger, chain, verify
from xlplan.ledger.database import connect, reading

from .records import NOW, a_return

PROGRAMS, BATCHES = 3, 6
PROGRAM = """
import sys
from tests.ledger.records import LATER, NOW, a_copy, a_return, with_form
from xlplan.ledger import Ledger
url, name, batches = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.stdin.readline()
with Ledger.open(url) as ledger:
    with_form(ledger)
    for n in range(batches):
        with ledger.recording(now=LATER) as into:
            issue = 1 + max((copy.issue for found in into.copies_of(["0530"]).values() for copy in found), default=0)
            into.add_copies([a_copy(issue=issue, file=f"{name} {n}")])
            (first, both) = into.add_returns([a_return(f"{name} {n}"), a_return(f"common {n}")])
            into.add_mark(first, True, reason="x", by=name)
    assert ledger.verify_chain() == []  # though others are still recording
"""


def test_numbers_and_chain_stay_sound(url: str) -> None:
    """All make the tables, all record; no number is given twice, what is the same is there once."""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url, f"program {number}", str(BATCHES)],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for number in range(PROGRAMS)
    ]  # fmt: skip
    for process in running:  # only once all are there
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
    told = [process.communicate(timeout=240)[1].decode() for process in running]
    assert told == [""] * PROGRAMS
    with Ledger.open(url) as ledger:
        many = PROGRAMS * BATCHES
        assert sorted(copy.issue for copy in ledger.copies()) == list(range(1, many + 1))
        assert len({copy.file for copy in ledger.copies()}) == many
        returns = ledger.returns()
        assert [item.id for item in returns] == list(range(1, many + BATCHES + 1))
        assert len({item.sha256 for item in returns}) == many + BATCHES
        assert len(ledger.marks()) == many
        assert (ledger.verify_chain(), ledger.head()[0]) == ([], 2 + 3 * many + BATCHES)


def test_a_question_sees_one_state(ledger: Ledger, url: str) -> None:
    """What others record meanwhile waits, or is not seen, so that nobody takes it for a change behind our back."""

    def record() -> None:
        with Ledger.open(url) as other:
            other.record_return(a_return("meanwhile"), now=NOW)

    ledger.record_return(a_return("before"), now=NOW)
    writer = Thread(target=record)
    engine = connect(url)
    with reading(engine) as connection:
        first = chain.head(connection)
        writer.start()
        writer.join(0.5)
        assert chain.head(connection) == first and verify.counts(connection)["return"] == 1
    engine.dispose()
    writer.join(60)
    assert ledger.head()[0] == 2 and ledger.verify_chain() == []
