"""The digest says only what was counted and what schools wrote, of any campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rollup import mixed
from tests.rollup.books import book
from tests.rollup.digest.invented import Invented, deck_of_invented, invented
from tests.rollup.digest.law import bare_numbers, keep_the_law, numbers_of, on_its_sheet, quotes_of, texts
from xlplan.campaign import Campaign
from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.build import digest_of
from xlplan.rollup.digest.model import Digest, Said, Section, Table, says
from xlplan.rollup.digest.quoting import quotable
from xlplan.rollup.facts import COST
from xlplan.rollup.snapshot import keep
from xlplan.rollup.workbook import write_workbook

pytestmark = pytest.mark.xdist_group("digest")


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return mixed.campaign(tmp_path_factory.mktemp("digest") / "autumn")


@pytest.fixture(scope="module")
def deck(campaign: Campaign) -> Iterator[Deck]:
    with mixed.deck(campaign) as found:
        yield found


def section(digest: Digest, title: str) -> Section:
    return next(one for one in digest.sections if one.title == title)


def test_all_templates_keep_the_law_and_show_every_number_on_its_sheet(deck: Deck, tmp_path: Path) -> None:
    """Five templates in two districts; each number stands on the sheet of the workbook that its note names."""
    digest = digest_of(deck)
    keep_the_law(deck, digest)
    write_workbook(replace(deck, reports=None), tmp_path / "summary.xlsx")
    assert on_its_sheet(tmp_path / "summary.xlsx", digest) == []
    assert {one.title for one in digest.sections} >= {"At a glance", "What it costs", "How it was counted"}
    assert len(quotes_of(digest)) > 5


def test_the_law_finds_what_breaks_it() -> None:
    """A number written into a sentence, in digits or in words, is found."""
    assert bare_numbers(says("There are 3 plans.")) == ["3"]
    assert bare_numbers(says("There are three plans of $4,000.")) == ["$4,000", "three"]
    assert bare_numbers(says("None is late.")) == ["none"]


def test_a_quotation_is_quoted_once_and_one_a_school_in_each_place(deck: Deck) -> None:
    quotes = quotes_of(digest_of(deck))
    assert len({quote.text.casefold() for quote in quotes}) == len(quotes)


def test_a_quotation_stands_in_the_cell_of_the_file_that_it_names(deck: Deck, campaign: Campaign) -> None:
    """Opened as the school sent it, the cell begins with the words."""
    quotes = quotes_of(digest_of(deck))
    assert len(quotes) > 5
    for quote in quotes:
        files = (
            deck.store.one(f"SELECT file FROM {name}_full WHERE row = ?", [quote.row])
            for name in ("causes", "priorities", "needs")
        )
        file = next(name for name in files if name)
        said = " ".join(str(book(campaign.root / file)[quote.sheet][quote.cell].value).split())
        assert said.startswith(quote.text.removesuffix(" …")), quote


@settings(max_examples=25, deadline=None)
@given(invented())
def test_any_campaign_keeps_the_law(drawn: Invented) -> None:
    """Whatever plans there are, in whatever state, with whatever texts, dates and money."""
    with deck_of_invented(drawn) as made:
        keep_the_law(made, digest_of(made))


@given(st.text(max_size=400))
def test_what_is_quoted_begins_the_text(text: str) -> None:
    """Nothing is invented: but for controls and blanks, the words stand there, and a cut is at a sentence's end."""
    from xlplan.form.text import harmless

    found = quotable(text)
    line = " ".join(harmless(text).split())
    if found is not None:
        said = found[1].removesuffix(" …")
        assert line.startswith(said) and len(found[1]) <= 242
        assert said == line or (line[len(said)] == " " and said.rstrip('"”’)]')[-1] in ".!?")


def test_a_giant_word_is_never_quoted_and_a_long_text_ends_with_a_sentence() -> None:
    assert quotable("x" * 10_000) is None
    assert quotable("Two words " + "x" * 10_000) is None
    told = "Families hear from us once a term and not when it would still help. " * 9
    cut = quotable(told)
    assert cut is not None and cut[1].endswith("help. …") and len(cut[1]) < 245


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ([], "The roster asks for none of the plans yet."),
        (["issued"], "1 plan is asked for; it is not returned."),
        (["issued", "issued"], "All 2 plans asked for are not returned."),
        (["accepted"], "1 plan is asked for; it is accepted."),
        (["accepted", "accepted"], "All 2 plans asked for are accepted."),
        (["accepted", "rejected"], "Of 2 plans asked for, 1 is accepted and 1 is to be corrected."),
        (
            ["accepted", "approved", "issued", "issued"],
            "Of 4 plans asked for, 1 is accepted, 1 is approved and 2 are not returned.",
        ),
    ],
)
def test_how_plans_stand_reads_right(states: list[str], said: str) -> None:
    with deck_of_invented(Invented.of_states(states)) as made:
        digest = digest_of(made)
        assert texts(digest)[0] == said
        keep_the_law(made, digest)


def test_drafts_are_said_to_be_drafts() -> None:
    """One of two, and all."""
    for states, said in (
        (["accepted", "rejected"], "2 plans, 1 of them a draft that is not accepted yet."),
        (["rejected"], "1 plan, a draft that is not accepted yet."),
        (["rejected", "rejected"], "2 plans, all of them drafts that are not accepted yet."),
    ):
        with deck_of_invented(Invented.of_states(states, counting="readable")) as made:
            digest = digest_of(made)
            assert f"The figures below rest on {said}" in texts(digest)
            assert any(
                text.startswith("All figures") and "Drafts count too: School" in text
                for text in texts(digest)
            )


def test_what_is_not_there_is_left_out_and_named() -> None:
    """No money, no dates, no needs: no sections, and the last one says so."""
    with deck_of_invented(Invented.of_states(["accepted"])) as made:
        digest = digest_of(made)
    titles = [one.title for one in digest.sections]
    assert "What it costs" not in titles and "What they ask the district for" not in titles
    assert titles[-1] == "How it was counted"
    left = next(text for text in texts(digest) if text.startswith("Left out"))
    assert "What it costs; What they ask the district for" in left
    assert any("It is for the board." in text for text in texts(digest))


def test_what_changed_is_told_with_both_days(deck: Deck, campaign: Campaign, tmp_path: Path) -> None:
    """The rollup of a day before is what is compared with."""
    with mixed.deck(campaign, date(2026, 12, 1)) as before:
        keep(replace(before, reports=tmp_path))
    made = replace(deck, reports=tmp_path)
    digest = digest_of(made)
    keep_the_law(made, digest)
    blocks = section(digest, "What changed since the last rollup").blocks
    assert "Since the rollup of Dec 1, 2026, " in " ".join(texts(digest))
    assert len(blocks) == 3 and list(numbers_of(replace(digest, sections=(Section("", blocks),))))
    write_workbook(made, tmp_path / "summary.xlsx")
    assert on_its_sheet(tmp_path / "summary.xlsx", digest) == []


def test_money_adds_up(deck: Deck) -> None:
    """The sources of the table come to its total."""
    (table,) = (one for one in section(digest_of(deck), "What it costs").blocks if isinstance(one, Table))
    assert table.columns[1:] == ("Lines", "With an amount", "Amount")
    for column in (1, 2, 3):
        values = [Decimal(row[column].value) for row in table.rows]  # type: ignore[union-attr]
        assert sum(values, Decimal(0)) == table.total[column].value  # type: ignore[union-attr]


def test_a_line_without_an_amount_states_no_costs() -> None:
    """Nor does the plan that has no other; in the table both counts stand side by side."""
    line = {"role": COST, "item": "Books", "source": "Title I", "source_key": "title i", "reallocated": False,
            "open": False}  # fmt: skip
    amounts: tuple[tuple[int | None, ...], ...] = ((100_00, None), (None,), (None, None, 0))
    plans = Invented.of_states(["accepted"] * len(amounts)).plans
    rows = tuple({"money": tuple(line | {"amount": one} for one in found)} for found in amounts)
    with deck_of_invented(Invented(plans, rows)) as made:
        digest = digest_of(made)
        keep_the_law(made, digest)
        blocks = section(digest, "What it costs").blocks
    said = [block.text for block in blocks if isinstance(block, Said)]
    assert said[:2] == ["2 plans state costs of $100 in 2 lines.", "2 of 6 lines have an amount."]
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [[cell.text for cell in row] for row in (*table.rows, table.total)] == [
        ["Title I", "6", "2", "$100"], ["All", "6", "2", "$100"]
    ]  # fmt: skip
