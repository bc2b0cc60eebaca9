"""A figure's value, formula, filter and rows are one: all come from the same conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rollup import mixed
from xlplan.rollup.book import Book
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import FACTS, TABLES
from xlplan.rollup.measures import Condition, Measure, rows, value, values_by, words
from xlplan.rollup.sheets.data import regions_of, write_data
from xlplan.rollup.standard import COSTS


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deck]:
    """Of the mixed campaign."""
    with mixed.deck(mixed.campaign(tmp_path_factory.mktemp("mixed") / "autumn")) as found:
        yield found


def folded(found: Any) -> Any:
    """Capitals as small letters: a spreadsheet's = does not tell them apart."""
    return re.sub("[A-Z]", lambda one: one.group().lower(), found) if isinstance(found, str) else found


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_the_value_is_what_a_plain_filter_counts(deck: Deck, data: st.DataObject) -> None:
    table = data.draw(st.sampled_from([table for table in TABLES if deck.store.count(table)]))
    held = [dict(row) for row in deck.store.rows(f"SELECT * FROM {table.name}_full")]
    conditions = []
    for _ in range(data.draw(st.integers(0, 3))):
        column = data.draw(st.sampled_from(table.columns))
        given_value = data.draw(st.sampled_from(held))[column.name]
        operator = data.draw(st.sampled_from(["=", "<>"] if given_value is None else ["=", "<", ">="]))
        conditions.append(Condition(column.name, operator, given_value))
    measure = Measure(name="m", label="M", table=table.name, where=tuple(conditions))

    def fits(row: dict[str, Any]) -> bool:
        for item in conditions:
            there = row[item.column]
            if item.value is None:
                ok = (there is None) == (item.operator == "=")
            else:
                ok = there is not None and {
                    "=": folded(there) == folded(item.value), "<": there < item.value, ">=": there >= item.value,
                }[item.operator]  # fmt: skip
            if not ok:
                return False
        return True

    kept = [row for row in held if fits(row)]
    assert value(deck.store, measure) == len(kept)
    assert [row["n"] for row in rows(deck.store, measure)] == sorted(
        (row["n"] for row in kept), key=lambda n: next((r["plan"], n) for r in kept if r["n"] == n)
    )
    assert sum(values_by(deck.store, measure, "plan").values()) == len(kept)
    assert words(measure).startswith(f"Data {table.title.lower()}: ")


def test_money_is_exact(deck: Deck) -> None:
    """To the cent, however many lines."""
    plain = sum(row["amount"] or 0 for row in deck.store.rows("SELECT amount FROM money WHERE role = 'Cost'"))
    assert value(deck.store, COSTS) == Decimal(plain).scaleb(-2)


def test_what_schools_type_stays_text(deck: Deck, tmp_path: Path) -> None:
    """On the data sheets no cell but our links is a formula."""
    path = tmp_path / "data.xlsx"
    regions = regions_of(deck.store)
    book = Book(str(path), footer="x", as_of=deck.as_of, folder=deck.store.folder)
    write_data(book, replace(deck, out=path, regions=regions), regions)
    book.file.close()
    found = openpyxl.load_workbook(path)
    live = [c.value for s in found for row in s.iter_rows() for c in row if c.data_type == "f"]
    assert live and all(text.startswith("=HYPERLINK(") for text in live)
    texts = {c.value for s in found for row in s.iter_rows() for c in row}
    assert {mixed.HOSTILE, "@SUM(1+1)*cmd|' /C calc'!A0"} <= texts
    assert {len(found[f"Data {table.title.lower()}"].tables) for table in FACTS} == {1}
