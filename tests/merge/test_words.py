"""Two texts compared by words."""

from __future__ import annotations

import random
from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.merge.words import ADDED, REMOVED, SAME, shortened, stretches

WORDS = st.lists(
    st.sampled_from(["so", "the", "plan", "it’s", "4.5", "ß", ",", ".", " ", "  ", "\n", "…"]), max_size=30
)
TEXT = st.one_of(WORDS.map(" ".join), WORDS.map("".join), st.text(max_size=40))


def said(a: str, b: str) -> str:
    """As a terminal without colour has it."""
    signs = {SAME: "{}", REMOVED: "[-{}-]", ADDED: "{{+{}+}}"}
    return "".join(signs[part.kind].format(part.text) for part in stretches(a, b))


@settings(max_examples=300, deadline=None)
@given(a=TEXT, b=TEXT)
def test_it_gives_back_both_texts(a: str, b: str) -> None:
    """Without additions it is the first, without removals the second; equal texts have one stretch at most."""
    parts = stretches(a, b)
    assert "".join(part.text for part in parts if part.kind != ADDED) == a
    assert "".join(part.text for part in parts if part.kind != REMOVED) == b
    assert all(part.text for part in parts)
    assert all(one.kind != other.kind for one, other in pairwise(parts))
    assert (a == b) == all(part.kind == SAME for part in parts)


@pytest.mark.parametrize(
    ("a", "b", "shown"),
    [
        ("Meet every week.", "Meet every month.", "Meet every [-week-]{+month+}."),
        ("Meet every week", "Meet the team every week", "Meet {+the team +}every week"),
        ("one two three", "one three", "one [-two -]three"),
        ("3.5 hours", "4.5 hours", "[-3.5-]{+4.5+} hours"),
        ("a\nb", "a b", "a[-\n-]{+ +}b"),
        ("red, green", "blue, black", "[-red, green-]{+blue, black+}"),
        ("", "new", "{+new+}"),
    ],
)
def test_it_reads_as_people_would_mark_it(a: str, b: str, shown: str) -> None:
    assert said(a, b) == shown


def text(words: list[str], count: int, seed: int) -> str:
    return " ".join(random.Random(seed).choices(words, k=count))[:32_767]


@pytest.mark.parametrize("kinds", [1, 2, 30, 2000])
def test_the_longest_texts_take_no_time(kinds: int) -> None:
    """A cell's 32,767 characters: other texts, and one of which every twelfth word is another."""
    words = [f"w{number}" for number in range(kinds)]
    a = text(words, 12_000, 1)
    parts = a.split(" ")
    parts[5::12] = [f"new{number}" for number in range(len(parts[5::12]))]
    begun = process_time()
    stretches(a, text(words, 12_000, 2))
    found = stretches(a, " ".join(parts))
    assert process_time() - begun < 5  # minutes with difflib alone
    if kinds == 2000:
        assert sum(part.kind == ADDED for part in found) == len(parts[5::12])


def test_long_unchanged_stretches_are_cut_between_words() -> None:
    """Beside each change some words stay; a short text stays whole."""
    filler = "word " * 40
    parts = shortened(stretches(f"{filler}old {filler}end", f"{filler}new {filler}end"), 22)
    assert [part.text for part in parts] == ["… word word word word ", "old", "new", " word word word word …"]
    assert shortened(stretches("one two", "one three"), 22) == stretches("one two", "one three")
