"""What is recorded comes back the same, once, and all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from xlplan.errors import SetupError, UsageError, XlplanError
from xlplan.findings import Severity, finding
from xlplan.ledger import Ledger, StoredForm
from xlplan.ledger.database import connect

from ..postgresql import PASSWORD
from .records import FORM, LATER, NOW, SEALED, a_copy, a_return, tamper, with_form

FULL = a_return(
    "full",
    outcome="rejected",
    plan={"title": "Año “1”", "challenges": [{"cost": "12.50"}], "b": None},
    completeness=[{"sheet": "Plan", "filled": 1, "required": 2}],
    findings=(
        finding("missing", path="title", sheet="Plan", cell="C4", label="Title", todo="Type it."),
        replace(finding("cost-unknown", found="x" * 300).with_severity(Severity.ERROR), waived=True),
    ),
    lineage=(("challenges[0].cost", "Challenge 1", "C9"), ("title", "Plan", "C4")),
    saved_by="A. Teacher",
    saved_at="2026-10-01T08:00:00Z",
)


def test_a_return_comes_back_as_it_was_recorded(url: str) -> None:
    """Plan, findings, lineage and bytes, from another opening of the same file."""
    with Ledger.open(url) as ledger:
        number = ledger.record_return(FULL, now=NOW)
    with Ledger.open(url, create=False) as ledger:
        (back,) = ledger.returns()
        same = [name.name for name in fields(FULL) if name.name not in {"content", "lineage"}]
        assert [getattr(back, name) for name in same] == [getattr(FULL, name) for name in same]
        assert (back.id, back.recorded_at) == (number, "2026-10-05T12:00:00+00:00")
        assert ledger.lineage(number) == FULL.lineage
        assert ledger.content(FULL.sha256) == FULL.content
        assert ledger.content("0" * 64) is None


def test_the_same_bytes_are_recorded_once(ledger: Ledger) -> None:
    """Even under another name, in one batch or the next; the first record stays."""
    again = replace(FULL, file="returns/other.xlsx", outcome="accepted")
    assert ledger.record_returns([FULL, again, a_return("b")], now=NOW) == [1, 1, 2]
    head = ledger.head()
    assert ledger.record_return(again, now=LATER) == 1
    assert ledger.head() == head
    assert [item.file for item in ledger.returns()] == ["returns/full.xlsx", "returns/b.xlsx"]


def test_known_files_are_found_by_their_hash(ledger: Ledger) -> None:
    """One, or more at a time than one question takes."""
    records = [a_return(f"file {n}") for n in range(520)]
    ledger.record_returns(records, now=NOW)
    hashes = [record.sha256 for record in records]
    assert set(ledger.known_hashes([*hashes, "0" * 64])) == set(hashes)
    found = ledger.known(hashes[7])
    assert found is not None and found.file == "returns/file 7.xlsx"
    assert ledger.known("0" * 64) is None


def test_a_batch_is_recorded_whole_or_not_at_all(ledger: Ledger) -> None:
    """A record that lies about its bytes takes the others with it."""
    with pytest.raises(ValueError, match="SHA-256"):
        ledger.record_returns([a_return("good"), replace(a_return("bad"), sha256="0" * 64)], now=NOW)
    assert (ledger.returns(), ledger.head()[0], ledger.verify_chain()) == ([], 0, [])


def test_returns_are_asked_for_by_school_template_and_outcome(ledger: Ledger) -> None:
    """All conditions hold together."""
    ledger.record_returns(
        [
            a_return("a"),
            a_return("b", outcome="rejected"),
            a_return("c", school_key="0531"),
            a_return("d", template="data_team"),
            a_return("e", outcome="refused", findings=(finding("encrypted"),)),
            a_return("f", outcome="rejected", school_key=None),
        ],
        now=NOW,
    )

    def names(**wanted: str) -> str:
        return "".join(item.file[8] for item in ledger.returns(**wanted))

    assert names() == "abcdef"
    assert names(school_key="0530") == "abd"
    assert names(school_key="0530", template="sfss", outcome="accepted") == "a"
    assert [item.file[8] for item in ledger.unplaced()] == ["f"]
    assert ledger.returns(outcome="refused")[0].findings == (finding("encrypted"),)


def test_a_form_comes_back_by_its_digest(ledger: Ledger) -> None:
    """Recording it again changes nothing."""
    with_form(with_form(ledger))
    facts = {"slots": {"challenges": 3}, "title": "Plän"}
    form = StoredForm(digest=FORM, template="sfss", version=1, facts=facts, seals=(SEALED,))
    assert ledger.form(FORM) == form
    assert (ledger.form("0"), ledger.head()[0]) == (None, 2)


def test_a_form_issued_in_other_words_keeps_both(ledger: Ledger) -> None:
    """In the order in which they were first issued; the facts stay those of the first time."""
    with_form(ledger)
    for sealed in (b"other", SEALED, b"other"):
        ledger.record_form(FORM, "sfss", 1, {}, sealed, now=LATER)
    form = ledger.form(FORM)
    assert form is not None and form.seals == (SEALED, b"other") and form.facts["title"] == "Plän"
    ledger.record_form("e" * 64, "sfss", 1, {}, SEALED, now=LATER)
    assert [item.seals for item in map(ledger.form, (FORM, "e" * 64)) if item] == [
        (SEALED, b"other"),
        (SEALED,),
    ]
    assert (ledger.head()[0], ledger.verify_chain()) == (5, [])


def test_a_spoilt_seal_is_not_taken_for_the_form_as_issued(ledger: Ledger, url: str) -> None:
    """What a form looked like decides where answers are read: rather nothing than something else."""
    with_form(ledger)
    tamper(url, "UPDATE seals SET content = :spoilt", spoilt=b"0")
    with pytest.raises(SetupError, match="damaged: a form as issued is not as it was recorded"):
        ledger.form(FORM)


def test_the_latest_copy_has_the_highest_issue_number(ledger: Ledger) -> None:
    """Whatever the order of recording; older ones stay."""
    with_form(ledger)
    other = a_copy("0531")
    issued = ledger.record_copies([a_copy(issue=2, kind="correction"), a_copy(issue=1), other], now=NOW)
    assert ledger.copies() == issued
    assert ledger.copies("0530", "sfss") == issued[:2]
    assert ledger.latest_copy("0530", "sfss") == issued[0]
    assert ledger.latest_copy("0530", "data_team") is None
    assert ledger.latest_copies() == {("0530", "sfss"): issued[0], ("0531", "sfss"): issued[2]}
    assert (issued[0].kind, issued[0].issued_at) == ("correction", "2026-10-05T12:00:00+00:00")


def test_a_copy_recorded_again_is_the_same_copy(ledger: Ledger) -> None:
    """Alike: nothing happens. With other bytes: one more entry. With other inputs: refused."""
    first = with_form(ledger).record_copy(a_copy(), now=NOW)
    assert ledger.record_copy(a_copy(), now=LATER) == first
    assert ledger.head()[0] == 3
    renewed = ledger.record_copy(a_copy(sha256="9" * 64), now=LATER)
    assert (renewed.id, renewed.sha256, ledger.head()[0]) == (first.id, "9" * 64, 4)
    assert ledger.copies() == [renewed]
    assert ledger.verify_chain() == []
    with pytest.raises(XlplanError, match="Use the next number"):
        ledger.record_copy(a_copy(inputs_hash="0" * 64), now=LATER)


def test_a_copy_that_comes_twice_in_one_batch_is_recorded_once(ledger: Ledger) -> None:
    """As if it had come in two: the later bytes are what counts, and the chain tells both."""
    issued = with_form(ledger).record_copies([a_copy(), a_copy(), a_copy(sha256="9" * 64)], now=NOW)
    assert [(copy.id, copy.sha256) for copy in issued] == [
        (1, a_copy().sha256), (1, a_copy().sha256), (1, "9" * 64)
    ]  # fmt: skip
    assert ledger.copies() == issued[2:]
    assert (ledger.head()[0], ledger.verify_chain()) == (4, [])


def test_many_copies_take_as_many_statements_as_few(ledger: Ledger) -> None:
    """A batch is asked for, inserted and chained as a whole."""
    with_form(ledger)
    said: list[str] = []
    event.listen(ledger._engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    counts = []
    for copies in (2, 100):
        said.clear()
        ledger.record_copies([a_copy(f"{copies}-{number}") for number in range(copies)], now=NOW)
        counts.append(len(said))
    assert counts[0] == counts[1], said


def test_a_copy_needs_its_form(ledger: Ledger) -> None:
    """Foreign keys are on."""
    with pytest.raises(IntegrityError):
        ledger.record_copy(a_copy(), now=NOW)


def test_moments_are_kept_in_utc(ledger: Ledger) -> None:
    """One without a time zone is a mistake of ours."""
    seattle = timezone(timedelta(hours=-7))
    ledger.record_return(FULL, now=datetime(2026, 10, 5, 22, 30, tzinfo=seattle))
    assert ledger.returns()[0].recorded_at == "2026-10-06T05:30:00+00:00"
    with pytest.raises(ValueError, match="time zone"):
        ledger.record_return(a_return("b"), now=datetime(2026, 10, 5))


def test_a_file_name_that_is_no_text_is_kept_readable(ledger: Ledger) -> None:
    """POSIX allows any bytes in names."""
    ledger.record_return(replace(FULL, file="returns/caf\udce9.xlsx"), now=NOW)
    assert ledger.returns()[0].file == "returns/caf\\udce9.xlsx"


def test_what_no_database_takes_is_kept_readable(ledger: Ledger) -> None:
    """A cell can hold a NUL, and a fault of ours name a file that is no text."""
    found = finding("stray", sheet="Plan\0", cell="C4", found="a\0b", detail="caf\udce9 \0")
    ledger.record_return(
        replace(FULL, findings=(found,), saved_by="A\0", lineage=(("title", "Plan\0", "C4"),)), now=NOW
    )
    (back,) = ledger.returns()
    assert (back.findings[0].sheet, back.findings[0].found, back.saved_by) == ("Plan␀", "a␀b", "A␀")
    assert back.findings[0].facts == {"detail": "caf\udce9 \0"}
    assert ledger.lineage(back.id) == (("title", "Plan␀", "C4"),)
    assert ledger.verify_chain() == []


def test_asking_makes_no_ledger(tmp_path: Path, in_file: str, url: str) -> None:
    """No file appears where none was wanted, and a database without a ledger is none."""
    for _ in range(2):
        with pytest.raises(UsageError, match="no ledger here yet"):
            Ledger.open(url, create=False)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "ledger.sqlite").touch()
    with pytest.raises(UsageError, match="no ledger here yet"):
        Ledger.open(in_file, create=False)


@pytest.mark.parametrize(("version", "said"), [("9", "Update xlplan"), ("?", "does not say which schema")])
def test_a_ledger_of_a_newer_program_or_none_is_left_alone(url: str, version: str, said: str) -> None:
    """Update, it says."""
    Ledger.open(url).close()
    tamper(url, "UPDATE about SET value = :version", version=version)
    with pytest.raises(XlplanError, match=said) as told:
        Ledger.open(url)
    assert PASSWORD not in str(told.value)


def test_a_ledger_that_cannot_be_used_says_so_in_words(tmp_path: Path, in_file: str) -> None:
    """Not a database; no such folder; no such kind of database; not a URL."""
    (tmp_path / "ledger.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(XlplanError, match="file is not a database"):
        Ledger.open(in_file)
    with pytest.raises(XlplanError, match="unable to open"):
        Ledger.open(f"sqlite:///{tmp_path}/gone/ledger.sqlite")
    with pytest.raises(SetupError, match="no driver"):
        Ledger.open("nosuch://host/db")
    with pytest.raises(SetupError, match="not a database URL"):
        Ledger.open("ledger")


def test_a_server_that_cannot_be_used_says_so_without_its_password(
    postgresql: Callable[[], str],
) -> None:
    """No such database; another password; nobody at that port."""
    address = postgresql()
    port = address.rpartition("/")[0].rpartition(":")[2]
    for wrong, said in (
        (f"{address}_x", "does not exist.*Ask whoever runs the server"),
        (address.replace(PASSWORD, "guess-word"), "authentication failed.*PGPASSWORD"),
        (address.replace(port, "1"), "Connection refused.*Is the server running"),
    ):
        with pytest.raises(XlplanError, match=said) as told:
            Ledger.open(wrong)
        assert PASSWORD not in str(told.value) and "guess-word" not in str(told.value)
    with_guest(address)
    with pytest.raises(XlplanError, match=r"permission denied.*Ask whoever runs the server"):
        Ledger.open(address.replace("xlplan", "guest"))


def with_guest(address: str) -> None:
    """Another account, which may not make tables."""
    engine = connect(address)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE USER guest PASSWORD '{PASSWORD}'"))
    engine.dispose()


def test_two_writers_take_turns(url: str) -> None:
    """Numbers and chain stay sound when two openings of one file write in turn."""
    with Ledger.open(url) as one, Ledger.open(url) as two:
        for n in range(4):
            (one, two)[n % 2].record_return(a_return(str(n)), now=NOW)
        assert [item.id for item in two.returns()] == [1, 2, 3, 4]
        assert one.verify_chain() == []


def test_a_folder_name_may_hold_what_a_url_could_not(tmp_path: Path) -> None:
    """A question mark, a hash, a percent sign."""
    folder = tmp_path / "fall #1 50%20"
    folder.mkdir()
    with Ledger.open(f"sqlite:///{folder.as_posix()}/ledger.sqlite"):
        assert (folder / "ledger.sqlite").is_file()
