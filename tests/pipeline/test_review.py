"""A reader approves plans or sends them back; remarks travel with the correction copy, and a later return reopens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.pipeline.readers import ADAMS, BAD, BROWNE, DESCRIPTION, DUE, OWNER, Round, opened, plan
from xlplan.errors import UsageError
from xlplan.ledger import APPROVED, RETURNED
from xlplan.pipeline.collect import collect
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.remark_lists import words_in
from xlplan.pipeline.reviewing import LONGEST, Said, Word, review


@pytest.fixture
def autumn(tmp_path: Path) -> Iterator[Round]:
    made = opened(tmp_path / "autumn")
    with made.ledger:
        yield made


def to_fix(content: bytes) -> list[tuple[str, str, str, str]]:
    """Number, place, what was found and state of each line of To fix that asks for a change."""
    sheet = load_workbook(BytesIO(content), data_only=True)["To fix"]
    rows = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows(min_col=2, max_col=7)]
    asked = [row for row in rows if row[3].startswith("A reader") or row[5].startswith("▲")]
    return [(row[0], row[1], row[3], row[5]) for row in asked]


def test_an_approval_holds_as_long_as_the_answers_do(autumn: Round) -> None:
    """The same answers in another file stay approved, and so does a draft that does not count; others reopen."""
    with pytest.raises(UsageError, match="there is no plan to review"):
        autumn.approve()
    autumn.send(BAD)
    with pytest.raises(UsageError, match=r"none was accepted.*--return-number"):
        autumn.approve()
    autumn.send(plan())
    assert autumn.state().state == "accepted"
    autumn.approve()
    assert autumn.state().state == "approved"
    autumn.send(plan(description=f"{plan()['challenges'][0]['description']}  "))
    assert (autumn.state().state, autumn.state().returns) == ("approved", 3)
    autumn.send(plan(due="soon"))
    assert autumn.state().state == "approved"
    autumn.send(plan(owner="A. Nkosi"))
    state = autumn.state()
    assert state.state == "accepted"
    assert state.notes == (
        "It was approved on 2026-10-06 by R. Reader; 1 answer has changed since: Challenge 1, F34.",
    )
    autumn.send(plan())
    assert autumn.state().state == "approved"  # what was approved is what counts again
    assert [len(item.reviews) for item in autumn.history().returns] == [0, 1, 0, 0, 0, 0]


def test_a_plan_sent_back_twice_keeps_its_remarks_until_they_are_answered(autumn: Round) -> None:
    """From the remark to its line on To fix, to the answer, to the next review; nothing is lost on the way."""
    autumn.send(plan())
    sent = autumn.send_back(
        ("", "Who leads?"), (OWNER, "Still\nthere?"), ("resources", "=1+1 <b>and</b> more")
    )
    assert sent.correction is not None and autumn.state().state == "in-review"
    copy = autumn.copy()
    assert to_fix(copy) == [
        ("1", "", "A reader’s remark: Who leads?", ""),
        ("2", "Challenge 1, F34", "A reader’s remark: Still there?", "▲ As you sent it"),
        ("3", "Resources, D4", "A reader’s remark: =1+1 <b>and</b> more", "▲ As you sent it"),
    ]
    head, again = (
        autumn.ledger.head(),
        autumn.send_back(("", "Who leads?"), (OWNER, "Still\nthere?"), ("resources", "=1+1 <b>and</b> more")),
    )
    assert again.already and again.correction == sent.correction and autumn.ledger.head() == head
    state = autumn.state()
    assert state.notes == ("Sent back on 2026-10-03 by R. Reader with 3 remarks.",)
    assert [(item.place, item.answered) for item in state.remarks] == [
        ("The whole plan", False), ("Challenge 1, F34", False), ("Resources, D4", False)
    ]  # fmt: skip
    assert autumn.send(copy).outcome == "accepted"  # the correction copy as it was
    assert autumn.state().state == "in-review"

    found = autumn.send(plan(owner="A. Nkosi", due="soon"))
    assert (found.outcome, autumn.state().state) == ("rejected", "rejected")
    assert autumn.state().notes[-1].endswith("has come back since; 1 of 3 remarks not answered yet.")
    lines = to_fix(autumn.copy())  # the remark that is open goes out again beside the error
    assert [line[1] for line in lines] == ["Resources, D4", "Challenge 1, E34"]
    autumn.send(plan(owner="A. Nkosi", due="2026-11-02"))
    assert autumn.state().state == "accepted"
    assert [item.answered for item in autumn.state().remarks] == [True, True, False]

    autumn.send_back((DESCRIPTION, "Shorter, please"))
    assert autumn.state().state == "in-review" and len(autumn.state().remarks) == 1
    assert [line[2] for line in to_fix(autumn.copy())] == ["A reader’s remark: Shorter, please"]
    kept = [review for item in autumn.history().returns for review in item.reviews]
    assert [len(item.remarks) for item in kept] == [3, 1]
    assert kept[0].remarks[2].text == "=1+1 <b>and</b> more"
    autumn.send(plan(owner="A. Nkosi", due="2026-11-02", description="Short"))
    assert autumn.state().state == "accepted"
    autumn.approve()
    assert (autumn.state().state, autumn.state().remarks) == ("approved", ())
    assert autumn.ledger.verify_chain() == []


def test_two_readers_of_one_plan_do_not_undo_each_other(autumn: Round) -> None:
    """What another reader asked for stays asked; what one said oneself is said anew."""
    autumn.send(plan())
    autumn.send_back((OWNER, "Still there?"))
    word = Word(school=ADAMS, decision=RETURNED, remarks=(Said(text="Which grant?", path="resources"),))
    for words in (word, word):
        (sent,) = review(autumn.campaign, autumn.ledger, [words], by="S. Second", now=autumn.tick())
    assert sent.already
    assert [item.remark.text for item in autumn.state().remarks] == ["Still there?", "Which grant?"]
    assert [line[2] for line in to_fix(autumn.copy())] == [
        "A reader’s remark: Still there?",
        "A reader’s remark: Which grant?",
    ]
    mended = Word(
        school=ADAMS, decision=RETURNED, remarks=(Said(text="Which grant, please?", path="resources"),)
    )
    review(autumn.campaign, autumn.ledger, [mended], by="S. Second", now=autumn.tick())
    assert [item.remark.text for item in autumn.state().remarks] == ["Still there?", "Which grant, please?"]


def test_a_copy_with_remarks_that_was_deleted_is_written_again(autumn: Round) -> None:
    """Two reviews of one return: each copy comes back with its own remarks."""
    autumn.send(plan())
    copies = []
    for text in ("The first remark", "The second remark"):
        sent = autumn.send_back((OWNER, text))
        path = autumn.campaign.root / str(sent.correction)
        copies.append((path, path.read_bytes()))
        path.unlink()
    found = autumn.again(1)
    assert found.already and found.correction == copies[1][0].relative_to(autumn.campaign.root).as_posix()
    assert [path.read_bytes() == content for path, content in copies] == [True, True]


def test_a_return_that_was_there_before_the_review_answers_nothing(autumn: Round) -> None:
    """Sent back while a newer draft with errors was there already: it is sent back, not to be corrected."""
    autumn.send(plan())
    autumn.send(plan(due="soon"))
    autumn.send_back((OWNER, "Who?"))
    assert autumn.state().state == "in-review"
    autumn.send_back((DUE, "When?"), number=2)
    assert autumn.state().state == "in-review" and autumn.state().remarks[0].place == "Challenge 1, E34"


def test_what_a_review_cannot_be_of_is_said_and_nothing_is_recorded(autumn: Round) -> None:
    """A path that is not there with the nearest, a remark that is too long or empty, a return that is not there."""
    autumn.send(plan())
    autumn.send(plan(due="soon"))
    wrong: list[tuple[Word, str]] = [
        (Word(school=ADAMS, decision=RETURNED, remarks=(Said(path="resourses[0].cost", text="x"),)),
         r'no place "resourses\[0\]\.cost"\. Did you mean "resources\[0\]\.cost"'),
        (Word(school=ADAMS, decision=RETURNED, remarks=(Said(text="x" * (LONGEST + 1)),)), "1,001 characters"),
        (Word(school=ADAMS, decision=RETURNED, remarks=(Said(path=OWNER, text=" "),)), "no remark on it"),
        (Word(school=ADAMS, decision=APPROVED, number=2), "only the plan that counts"),
        (Word(school=ADAMS, decision=APPROVED, number=7), "no return 7 of sfss to review; there are: 1, 2"),
        (Word(school="530825001377", decision=APPROVED), "no school"),
        (Word(school=ADAMS, decision=APPROVED, template="data-team"), "has no plan of data-team"),
    ]  # fmt: skip
    before = (autumn.ledger.head(), sorted(autumn.campaign.corrections.rglob("*")))
    for word, said in wrong:
        with pytest.raises(UsageError, match=said):
            review(autumn.campaign, autumn.ledger, [word], by="", now=autumn.tick())
    good = Word(school=ADAMS, decision=RETURNED, remarks=(Said(text="Well"),))
    (told,) = review(autumn.campaign, autumn.ledger, [good], by="", now=autumn.tick(), dry_run=True)
    assert (autumn.ledger.head(), sorted(autumn.campaign.corrections.rglob("*"))) == before
    assert told.correction is not None and autumn.send_back(("", "Well")).correction == told.correction


def test_many_remarks_come_from_one_list(autumn: Round, tmp_path: Path) -> None:
    """By path or by cell, for several schools; every row that is wrong is named, and then nothing is recorded."""
    autumn.send(plan())
    autumn.send(plan(owner="B. Two"), school=BROWNE)
    rows = tmp_path / "remarks.csv"
    head = autumn.ledger.head()
    rows.write_text(
        "School ID;path;sheet;cell;remark\n"
        f"{ADAMS};{OWNER}x;;;Who?\n\n{BROWNE};;Challenge 1;Z9;Where?\n{BROWNE};;Chalenge 1;F34;Who?\n{ADAMS};;;;\n",
        encoding="utf-8",
    )
    with pytest.raises(UsageError) as wrong:
        review(autumn.campaign, autumn.ledger, words_in(rows, autumn.campaign), by="", now=autumn.tick())
    lines = str(wrong.value).split("\n")
    assert [line.partition(": ")[0].rpartition(", ")[2] for line in lines] == [
        "row 2",
        "row 6",
        "row 4",
        "row 5",
    ]
    assert "no box at Z9" in lines[2] and 'Did you mean "Challenge 1"' in lines[3]
    rows.write_text("school_id,remark\n999,Who?\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"row 2: there is no school “999”"):
        words_in(rows, autumn.campaign)
    assert autumn.ledger.head() == head
    rows.write_text(
        f'school_id,sheet,cell,path,remark\n{ADAMS},challenge 1,$f$34,,"Who, exactly?"\n'
        f"{BROWNE},,,resources,Enough?\n{ADAMS},,,,And when?\n",
        encoding="utf-8-sig",
    )
    done = review(autumn.campaign, autumn.ledger, words_in(rows, autumn.campaign), by="", now=autumn.tick())
    assert [(item.school, [remark.path for remark in item.remarks]) for item in done] == [
        (ADAMS, [OWNER, None]), (BROWNE, ["resources"])
    ]  # fmt: skip
    assert [autumn.state(key).state for key in (ADAMS, BROWNE)] == ["in-review", "in-review"]
    assert {item.correction for item in done} == {
        copy.file for copy in autumn.ledger.copies() if copy.kind == "review"
    }


def test_rows_with_and_without_the_template_are_one_review(autumn: Round, tmp_path: Path) -> None:
    autumn.send(plan())
    rows = tmp_path / "remarks.csv"
    rows.write_text(
        f"school_id,template,path,remark\n{ADAMS},,resources,Enough?\n{ADAMS},sfss,{OWNER},Who?\n", "utf-8"
    )
    review(autumn.campaign, autumn.ledger, words_in(rows, autumn.campaign), by="", now=autumn.tick())
    assert [item.remark.path for item in autumn.state().remarks] == ["resources", OWNER]
    assert len(autumn.ledger.reviews()) == 1


def test_a_remark_stands_where_the_school_can_answer_it(autumn: Round) -> None:
    """Not on a locked box; one on a table whose rows have a sheet each leads to the first of them."""
    autumn.send(plan())
    for said in (Said(path="school", text="Wrong"), Said(sheet="Plan", cell="E8", text="Wrong")):
        with pytest.raises(UsageError, match="white box"):
            word = Word(school=ADAMS, decision=RETURNED, remarks=(said,))
            review(autumn.campaign, autumn.ledger, [word], by="", now=autumn.tick())
    assert autumn.send_back(("challenges", "One more, please")).places == ("Challenge 1, D6",)
    assert autumn.state().remarks[0].place == "Challenge 1, D6"
    assert [line[1] for line in to_fix(autumn.copy())] == ["Challenge 1"]


def test_what_somebody_chose_later_is_what_the_remarks_are_measured_by(autumn: Round) -> None:
    autumn.send(plan())
    autumn.send_back((DESCRIPTION, "Shorter"))
    autumn.send(plan(description="Short"))
    assert [item.answered for item in autumn.state().remarks] == [True]
    first = autumn.ledger.returns()[0]
    autumn.ledger.record_mark(first.id, True, reason="Rather this", by="Ann", now=autumn.tick())
    state = autumn.state()
    assert state.counted is not None and state.counted.id == first.id
    assert (state.state, [item.answered for item in state.remarks]) == ("in-review", [False])
    autumn.send(plan(description="Shortest"))
    assert (autumn.state().state, [item.answered for item in autumn.state().remarks]) == ("accepted", [True])


def test_a_plan_whose_reviewed_return_was_erased_shows_what_counts(autumn: Round) -> None:
    """It stays sent back; how much is filled in, and what was found, is told of the return that counts."""
    autumn.send(plan())
    before = autumn.state()
    erased = autumn.send(plan(description="To be erased"))
    autumn.send_back((DESCRIPTION, "Shorter"))
    assert erased.sha256 is not None
    autumn.ledger.erase(erased.sha256, reason="request 17", by="Ann", now=autumn.tick())
    state = autumn.state()
    assert (state.state, state.completeness, state.findings) == (
        "in-review", before.completeness, before.findings,
    )  # fmt: skip
    only = autumn.ledger.returns()[0]
    autumn.ledger.erase(only.sha256, reason="request 17", by="Ann", now=autumn.tick())
    assert (
        autumn.state().completeness == autumn.state(BROWNE).completeness
    )  # none, of as much as is asked for


def test_an_older_file_that_turns_up_after_a_review_answers_nothing(autumn: Round) -> None:
    """It is newer in the ledger, and came in before the one that was sent back."""
    autumn.send(plan())
    autumn.send_back((DESCRIPTION, "Shorter"))
    content, _ = fill_bytes(autumn.copy(), plan(description="An older draft"), "copy.xlsx")
    path = autumn.campaign.returns / "found.xlsx"
    path.write_bytes(content)
    collect(autumn.campaign, autumn.ledger, [path], received=date(2026, 9, 30), now=autumn.tick())
    state = autumn.state()
    assert state.counted is not None and state.counted.id == 1
    assert (state.state, [item.answered for item in state.remarks]) == ("in-review", [False])
