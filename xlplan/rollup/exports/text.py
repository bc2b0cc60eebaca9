"""Texts as CSV has them: what a spreadsheet program would run as a formula begins with an apostrophe."""

from __future__ import annotations

import re

from xlplan.form.text import harmless

# A spreadsheet program runs a CSV text that begins so as a formula, whoever typed it; full-width signs too.
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_GUARDED = re.compile(rf"'+[{re.escape(''.join(LIVE))}]")
TOLD = (
    "A text that a spreadsheet program would run as a formula begins with an apostrophe that nobody typed: "
    "of a text that matches '+[=+\\-@\\t\\r\\n＝＋－＠] the first character is to be taken off, of any other none."
)
"""The rule in words, for those who read the files."""


def guarded(text: str) -> str:
    """The text as a cell of a CSV file."""
    shown = harmless(text)
    # one that begins like a guarded text is guarded too: so each has one reading
    return f"'{shown}" if shown.startswith(LIVE) or _GUARDED.match(shown) else shown


def as_typed(cell: str) -> str:
    """The text that was exported as this cell of a CSV file."""
    return cell[1:] if _GUARDED.match(cell) else cell
