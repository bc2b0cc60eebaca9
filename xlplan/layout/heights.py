"""Row heights: how many lines a text takes in a box, measured against Calibri's metrics (LOOK, "Height of prose")."""

from __future__ import annotations

from math import ceil

LINE, PADDING, TALLEST = 15.0, 6.0, 409.0  # points; Excel takes no taller row


def lines(text: str, width: float) -> int:
    """Lines the text takes in a column of that width (characters)."""
    per_line = max(1.0, 1.13 * width - 6)
    return sum(max(1, ceil(len(paragraph) / per_line)) for paragraph in text.split("\n"))


def guide_lines(text: str, width: float) -> int:
    """Lines of a locked text, broken at its blanks: it is known, so no line has to be kept in reserve."""
    return sum(_broken(paragraph, 1.08 * width - 1.5) for paragraph in text.split("\n"))


def head_lines(text: str, width: float) -> int:
    """Lines a bold label takes, broken at its blanks; for labels of a few words, where `lines` is too careful."""
    return _broken(text, width - 0.5)


def _broken(text: str, room: float) -> int:
    used, count = 0, 1
    for word in text.split(" "):
        if used and used + 1 + len(word) > room:
            used, count = 0, count + 1
        used += len(word) + (1 if used else 0)
    return count


def height(count: float) -> float:
    """Row height in points for so many lines."""
    return min(TALLEST, round(count * LINE + PADDING, 1))
