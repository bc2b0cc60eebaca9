"""Cleaning is done once, by one function, and doing it again changes nothing."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xlplan.form.text import clean_text, units


@pytest.mark.parametrize("lines", [True, False])
@given(text=st.text())
@example(text="e\u200b\u0301")
@example(text="\u200b\u0301a")
@example(text="a \n\u200b\n b")
@settings(max_examples=200, deadline=None)
def test_cleaning_twice_is_cleaning_once(lines: bool, text: str) -> None:
    """What the importer cleaned, the model leaves as it is."""
    once = clean_text(text, lines=lines)
    assert clean_text(once, lines=lines) == once


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@settings(max_examples=50, deadline=None)
def test_lengths_count_as_spreadsheets_do(text: str) -> None:
    """An emoji is two."""
    assert units(text) == sum(2 if ord(char) > 0xFFFF else 1 for char in text)
