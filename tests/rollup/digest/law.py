"""The law of the digest: no number without its source, and every source gives the number again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from tests.rollup.books import book
from xlplan.form.text import harmless
from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.counting import named
from xlplan.rollup.digest.model import Digest, Num, Quote, Said, Table, sentences
from xlplan.rollup.measures import rows
from xlplan.rollup.words import SPELLED

NUMBER_WORDS = {*SPELLED, "none", "zero", "ten", "eleven", "twelve", "dozen", "both", "half", "twice", "once"}
_NUMBER = re.compile(r"\$?\d[\d,]*(?:\.\d+)?")


def numbers_of(digest: Digest) -> Iterator[Num]:
    """All numbers, of sentences and tables."""
    for section in digest.sections:
        for said in sentences(section.blocks):
            yield from said.numbers
        for block in section.blocks:
            if isinstance(block, Table):
                yield from block.numbers


def all_said(digest: Digest) -> list[Said]:
    return [said for section in digest.sections for said in sentences(section.blocks)]


def quotes_of(digest: Digest) -> list[Quote]:
    return [one for section in digest.sections for one in section.blocks if isinstance(one, Quote)]


def texts(digest: Digest) -> list[str]:
    """Every sentence as it reads."""
    return [said.text for said in all_said(digest)]


def bare_numbers(said: Said) -> list[str]:
    """Numbers, in digits or in words, that stand in a sentence without a source."""
    bare = " ".join(part for part in said.parts if isinstance(part, str))
    words = set(re.findall(r"[a-z]+", bare.casefold()))
    return _NUMBER.findall(bare) + sorted(words & NUMBER_WORDS)


def read(text: str) -> Decimal:
    """The number that a text says."""
    plain = text.casefold()
    if plain in ("none", "–"):
        return Decimal(0)
    if plain in SPELLED:
        return Decimal(SPELLED.index(plain))
    assert _NUMBER.fullmatch(text), text
    return Decimal(text.replace("$", "").replace(",", ""))


def recounted(deck: Deck, number: Num) -> Decimal:
    """The number counted again, row by row, by what its source says."""
    measure = number.source.measure
    assert measure is not None
    found = list(rows(deck.store, measure))
    if number.source.of == "plan":
        return Decimal(len({row["plan"] for row in found}))
    if number.source.of:
        return Decimal(max((row[number.source.of] or 0 for row in found), default=0))
    if not measure.sum:
        return Decimal(len(found))
    total = Decimal(sum(row[measure.sum] or 0 for row in found))
    return total.scaleb(-2) if measure.facts.column(measure.sum).kind == "money" else total


def keep_the_law(deck: Deck, digest: Digest) -> None:
    """Assert all of it."""
    for said in all_said(digest):
        assert bare_numbers(said) == [], said.text
        assert said.text.endswith((".", "words:", "such as")), said.text
        assert "  " not in said.text and " ." not in said.text, said.text
    found = list(numbers_of(digest))
    assert found
    for number in found:
        assert read(number.text) == Decimal(number.value), number
        assert number.source.words and number.source.sheet, number
        if number.source.measure is not None:
            assert recounted(deck, number) == Decimal(number.value), number
    for quote in quotes_of(digest):
        stands_there(deck, quote)


def stands_there(deck: Deck, quote: Quote) -> None:
    """A quotation is the beginning, or all, of what the row of that cell says, and ends where a sentence does."""
    said = quote.text.removesuffix(" …")
    held = []
    for table in ("causes", "priorities", "needs", "progress", "activities"):
        found = deck.store.rows(f"SELECT * FROM {table}_full WHERE coalesce(row, '') = ?", [quote.row])
        for row in found:
            if (named(row["sheet"]).text, named(row["cell"]).text) == (quote.sheet, quote.cell):
                assert quote.school.startswith(named(row["school"]).text[:40])
                held += [" ".join(harmless(value).split()) for value in tuple(row) if isinstance(value, str)]
    assert any(text.startswith(said) for text in held), quote
    if said != quote.text:
        assert said[-1] in '.!?"”’)]' and not any(text == said for text in held), quote
    else:
        assert said in held, quote


def on_its_sheet(workbook: Path, digest: Digest) -> list[Num]:
    """Numbers that the sheet they name does not show, as a cell or within a text."""
    made = book(workbook)
    shown: dict[str, set[Decimal]] = {}
    for sheet in {number.source.sheet for number in numbers_of(digest)}:
        values: set[Decimal] = set()
        for row in made[sheet].iter_rows(values_only=True):
            for cell in row:
                if isinstance(cell, bool) or cell is None:
                    continue
                if isinstance(cell, (int, float)):
                    values.add(round(Decimal(str(cell)), 2))
                elif isinstance(cell, str):
                    values |= {round(read(one), 2) for one in _NUMBER.findall(cell)}
        shown[sheet] = values
    return [
        number
        for number in numbers_of(digest)
        if number.value
        and not number.source.words.endswith(("not named here", "above"))
        and round(Decimal(number.value), 2) not in shown[number.source.sheet]
    ]
