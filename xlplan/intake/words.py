"""How findings list several things."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 10  # cells that a sentence names one by one


def all_of(parts: Sequence[str]) -> str:
    """ "D4", "D4 and E4", "D4, E4 and F4"."""
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def most_of(parts: Sequence[str]) -> str:
    """The same, cut after ten: "D4, D5, … and 20 more"."""
    return all_of([*parts[:MOST], f"{len(parts) - MOST} more"] if len(parts) > MOST else parts)
