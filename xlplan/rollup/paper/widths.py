"""How wide the columns of a printed table are: as wide as their words need, and the rest to those with most to say."""

from __future__ import annotations

from collections.abc import Sequence

LETTER = 1.55  # mm of a letter in a table, on average
PADDING = 3.2
SMALLER = 0.9  # of it in a table with MANY columns or more
MANY = 9
WORD = 16  # letters of a word that is not broken
LONGEST = 260  # letters of an answer, beyond which more width is of no use
NARROW = 30  # letters of a short answer on one line
ROOM = 180.0  # mm of a page

Asked = tuple[str, bool, Sequence[str]]
"""A column's head, whether each of its texts stands on one line, and these."""


def widths(columns: Sequence[Asked], room: float = ROOM) -> list[float]:
    """Percent of the width for each column: what its words need, and more for those that have more to say."""
    scale = SMALLER if len(columns) >= MANY else 1.0
    least = [_millimetres(_least(*column), scale) for column in columns]
    ideal = [
        max(low, _millimetres(_ideal(texts), scale))
        for low, (_, _, texts) in zip(least, columns, strict=True)
    ]
    spare = room - sum(least)
    wanted = [high - low for low, high in zip(least, ideal, strict=True)]
    if spare > 0 and sum(wanted) > 0:
        least = [low + want * spare / sum(wanted) for low, want in zip(least, wanted, strict=True)]
    every = sum(least) or 1
    return [100 * one / every for one in least]


def _millimetres(letters: float, scale: float) -> float:
    return (letters * LETTER + PADDING) * scale


def _least(head: str, whole: bool, texts: Sequence[str]) -> float:
    """The letters of the longest word, or where texts are kept on one line of the longest text."""
    words = (
        min(len(word), 24 if whole else WORD)
        for text in texts
        for word in ([text] if whole else text.split())
    )
    return max([*words, _longest_word(head) * 1.1 + 0.5, 4.2])


def _ideal(texts: Sequence[str]) -> float:
    """The letters of a line that the answers want: all of a short one, less and less of a longer."""
    lengths = [min(len(text), LONGEST) for text in texts]
    average = sum(lengths) / max(len(lengths), 1)
    return min(max(lengths, default=0), NARROW) + max(average - NARROW, 0)


def _longest_word(text: str) -> int:
    return max((min(len(word), WORD) for word in text.replace("/", "/ ").split()), default=0)
