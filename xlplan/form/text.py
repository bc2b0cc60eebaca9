"""Cleaning of typed text: one function for the importer and the model, so both mean the same text."""

from __future__ import annotations

import re
import unicodedata

_BLANKS = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\x0b\x0c]")
_INVISIBLE = re.compile(r"[\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f]")
_JOINERS = (
    "\u200c\u200d\u00ad"  # within a word they mean something (in Persian, in emoji), at its ends nothing
)
_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\x85")


def clean_text(text: str, *, lines: bool) -> str:
    """The text in NFC, trimmed, without invisible characters; line breaks become blanks unless `lines`."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = _INVISIBLE.sub("", _BLANKS.sub(" ", _BREAKS.sub("\n", text)))
    text = unicodedata.normalize("NFC", text)  # last, since what stood between letter and accent may be gone
    if not lines:
        text = " ".join(part for part in map(_trimmed, text.split("\n")) if part)
    return _trimmed(text)


def _trimmed(text: str) -> str:
    """Without blanks and joiners at its ends, in whatever order they stand."""
    while text != (text := text.strip().strip(_JOINERS)):
        pass
    return text


def units(text: str) -> int:
    """Length in UTF-16 units, as spreadsheet programs count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def folded(text: str) -> str:
    """The text for comparing names: without case, blanks and punctuation."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def with_article(noun: str) -> str:
    """The noun with its article: "a step", "an owner"."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def plural(noun: str) -> str:
    """Several of it: steps, strategies, coaches."""
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
