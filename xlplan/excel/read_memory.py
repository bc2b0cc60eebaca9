"""What short pieces of a part say, remembered: copies of one form consist of the same pieces but for their answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

MOST_PIECES, MOST_ONCE = 20_000, 5_000  # that are remembered, and that were met once
MOST_CHARACTERS = 3_000_000  # of all of them
LONGEST = 2_000  # characters of a piece that is worth it

Piece = TypeVar("Piece", str, bytes)
T = TypeVar("T")


class Memory(Generic[Piece, T]):
    """What each piece says. One that is met a second time is remembered: an answer is seldom met again.

    `learn`: what a piece of a part says, None where it is not plain. It depends on nothing but the piece; the part
    is named in the refusals it raises. Full, a memory begins anew, so that no file makes it large. `most`: pieces.
    """

    def __init__(self, learn: Callable[[str, Piece], T | None], most: int = MOST_PIECES) -> None:
        self._learn: Callable[[str, Piece], T | None] = learn
        self._most = most
        self._known: dict[Piece, T] = {}
        self._once: set[int] = set()
        self._characters = 0

    def all(self, part: str, pieces: Sequence[Piece]) -> list[T] | None:
        """What these pieces say, or None where one of them is not plain."""
        found: list[T | None] = list(map(self._known.get, pieces))
        if None in found:
            for at, known in enumerate(found):
                if known is None:
                    found[at] = known = self._met(part, pieces[at])
                    if known is None:
                        return None
        return cast("list[T]", found)  # there is no None in it any more

    def _met(self, part: str, piece: Piece) -> T | None:
        said = self._learn(part, piece)
        if said is None or len(piece) > LONGEST:
            return said
        mark = hash(piece)
        if mark not in self._once:
            if len(self._once) >= MOST_ONCE:
                self._once.clear()
            self._once.add(mark)
            return said
        self._characters += len(piece)
        if len(self._known) >= self._most or self._characters > MOST_CHARACTERS:
            self._known.clear()
            self._characters = len(piece)
        self._known[piece] = said
        return said
