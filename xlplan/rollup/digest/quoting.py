"""Which of the schools' words are quoted, by a rule that the digest states: rows in, quotations out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from sqlite3 import Row

from xlplan.form.text import folded, harmless
from xlplan.rollup.digest.counting import named
from xlplan.rollup.digest.model import Quote

NOTHING = frozenset(
    map(folded, ("none", "none needed", "nothing", "nothing needed", "not needed", "n/a", "no", "no need"))
)
SHORT, LONG = 40, 240  # characters of what is quoted first
RULE = (
    "Quotations are chosen by a rule and not by taste: in each place of different schools, whole sentences of readable "
    "length first, then schools that are quoted least so far, then in the order of the summary. The same words are "
    "not quoted again, and answers that nothing is needed are not quoted. Where only the beginning is quoted, it ends "
    "with a sentence and “…”. Each names the sheet and the cell of the school's file; of what became of earlier plans, "
    "the row's number."
)
_WHOLE = re.compile(r"[.!?…][\"”’)\]]*$")
_END = re.compile(r"(?<=\w{3})[.!?][\"”’)\]]*(?=\s+[\"“(]?[^\W\d_a-z])")
SENTENCE, WORDS, BEGINNING, BIT = range(4)


class Quoter:
    """Chooses quotations for one digest, and remembers who was quoted with what."""

    def __init__(self) -> None:
        self._schools: Counter[str] = Counter()
        self._texts: set[str] = set()

    def choose(self, found: Iterable[Row], columns: Sequence[str], most: int = 2) -> tuple[Quote, ...]:
        """At most so many of these rows, which have `whose` too.

        Quoted is the first of the columns that is filled: it is what stands in the row's cell.
        """
        known = []
        for row in found:
            told = quotable(next((row[name] for name in columns if row[name]), None))
            if told is not None:
                known.append((told[0], self._schools[row["key"]], row["plan"], row["n"], told[1], row))
        chosen: list[Quote] = []
        met: set[str] = set()
        for *_, text, row in sorted(known, key=lambda one: one[:4]):
            if len(chosen) == most:
                break
            if row["key"] in met or text.casefold() in self._texts:
                continue
            met.add(row["key"])
            self._texts.add(text.casefold())
            self._schools[row["key"]] += 1
            sheet, cell = named(row["sheet"]).text, named(row["cell"]).text
            known_as = dict(zip(row.keys(), tuple(row), strict=True))
            number = (
                named(f"{known_as.get('label') or ''} {known_as.get('number') or ''}").text
                if not sheet
                else ""
            )
            chosen.append(Quote(text, named(row["whose"]).text, sheet, cell, row["row"] or "", number))
        return tuple(chosen)


def quotable(text: str | None) -> tuple[int, str] | None:
    """How good a text is to quote, the lowest first, and what of it is quoted; None for what is no saying."""
    line = " ".join(harmless(text or "").split())
    if len(line.split()) < 2 or folded(line) in NOTHING:
        return None
    if len(line) <= LONG:
        if len(line) < SHORT:
            return BIT, line
        return (SENTENCE if _WHOLE.search(line) else WORDS), line
    ends = [found.end() for found in _END.finditer(line) if SHORT <= found.end() <= LONG]
    return (BEGINNING, f"{line[: ends[-1]]} …") if ends else None
