"""Whether a text names a school of the roster, or counts a few children."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlplan.rollup.public.names import WORD, folded, words

_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_WHO = (
    "students?|pupils?|children|child|kids?|boys?|girls?|learners?|seniors|juniors|sophomores|freshmen|graders|"
    "famil(?:y|ies)|parents?|mothers?|fathers?|teachers?|staff|adults?|people|persons?|youths?|newcomers"
)
_FEW = re.compile(
    rf"(?<![\d.,$])\b(?<!in )(\d+|{'|'.join(_SMALL)})\b(?!\s*(?:%|percent|\.\d|,\d)|\s+(?:in|out)\s)"
    rf"(?:[\s-]+[\w'’-]+){{0,3}}?[\s-]+(?:{_WHO})\b|\bn\s*=\s*(\d+)\b",
    re.IGNORECASE,
)
LEAST = 4  # letters of a word that tells a school by itself


class Schools:
    """Schools (and districts) as people call them."""

    def __init__(self, names: Iterable[str]) -> None:
        self.single: set[str] = set()
        self.careful: set[str] = set()
        self.phrases: dict[str, set[tuple[str, ...]]] = {}
        self.short: set[str] = set()
        for name in names:
            self._add([found.group() for found in WORD.finditer(name)])

    def _add(self, tokens: list[str]) -> None:
        keys = [key for key in map(folded, tokens) if key]
        core = [key for key in keys if key not in words("roles") and not key.isdigit()]
        for phrase in (tuple(core), tuple(keys)):
            if phrase and (len(phrase) > 1 or phrase == tuple(keys)):
                self.phrases.setdefault(phrase[0], set()).add(phrase)
        for key in core:
            if len(key) >= LEAST and key not in words("ordinary"):
                self.single.add(key)
            elif len(core) == 1:
                self.careful.add(key)
        for kept in (keys, [key for key in keys if len(key) > 3]):
            if len(kept) > 2:
                self.short.add("".join(key[0] for key in kept).upper())

    def named_in(self, text: str) -> bool:
        """Whether the text, which is `names.plain`, names one of them."""
        found = [(one.group(), folded(one.group())) for one in WORD.finditer(text)]
        keys = [key for _, key in found]
        for at, (word, key) in enumerate(found):
            if {key, key.removesuffix("s")} & self.single or word in self.short:
                return True
            if key in self.careful and word[:1].isupper():
                return True
            if any(tuple(keys[at : at + len(one)]) == one for one in self.phrases.get(key, ())):
                return True
        return False


def counts_few(text: str, least: int) -> bool:
    """Whether a text counts people, and fewer than `least`."""
    for found in _FEW.finditer(text):
        told = found[1] or found[2]
        number = int(told) if told.isdigit() else _SMALL.index(told.casefold()) + 1
        if 0 < number < least:
            return True
    return False
