"""What somebody probably meant to type."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, case and punctuation aside; None if nothing is known."""
    from rapidfuzz import fuzz, process, utils  # only a mistake needs it

    found = process.extractOne(word, sorted(known), scorer=fuzz.ratio, processor=utils.default_process)
    return None if found is None else str(found[0])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A sentence naming the nearest known word, with a blank before it; empty if nothing is known."""
    guess = nearest(word, known)
    return "" if guess is None else f' Did you mean "{guess}"?'
