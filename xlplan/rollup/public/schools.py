"""Whether a text names a school of the roster, or counts a few children."""

from __future__ import annotations

import re
from collections.abc import Iterable

from xlplan.rollup.public.names import WORD, folded, words

_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_KLEIN = ["un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]  # the same in Spanish
_WHO = (
    r"students?|pupils?|children|child|kids?|boys?|girls?|learners?|seniors?|juniors?|sophomores?|fresh(?:man|men)|"
    r"\w*graders?|kindergart[en]+ers?|preschoolers?|toddlers?|scholars?|ELLs?|ELs?|SPED|IEPs?|504s?|multilinguals?|"
    r"famil(?:y|ies)|parents?|mothers?|fathers?|guardians?|teachers?|staff|adults?|people|persons?|youths?|newcomers|"
    r"migrants?|refugees|homeless|foster|islanders?|natives?|latin[oax]s?|hispanics?|asians?|blacks?|whites?|"
    r"estudiantes?|alumn[oa]s?|niñ[oa]s?|familias?|padres|madres|maestr[oa]s?"
)
_NUMBER = rf"\d+|{'|'.join((*_SMALL, *_KLEIN))}"
_FEW = re.compile(
    rf"(?<![\d.,$])\b(?<!in )({_NUMBER})\b(?!\s*(?:%|percent|\.\d|,\d)|\s+(?:in|out)\s)"
    rf"(?:[\s-]+[(]?[\w'’-]+[)]?){{0,3}}?[\s-]+(?:{_WHO})\b"
    rf"|\bn\s*(?:=|is|:)\s*(\d+)\b|\b(?:{_WHO})\s*[:=(]\s*(?:n\s*=\s*)?({_NUMBER})\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    rf"\b(?:single|only|lone|sole|couple|pair|handful|half\s+a\s+dozen)\b(?:[\s-]+[\w'’-]+){{0,3}}?[\s-]+(?:{_WHO})\b",
    re.IGNORECASE,
)  # a few, without a number
_SHORT = re.compile(r"\b[A-Z](?:[&-]?[A-Z0-9])+\b")  # initials, as a school is called in the district
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
        begins = keys[:2] if len(keys) > 2 and min(map(len, keys[:2])) > LEAST else []  # "North Central"
        for phrase in (tuple(core), tuple(keys), tuple(begins)):
            if phrase and (len(phrase) > 1 or phrase == tuple(keys)):
                self.phrases.setdefault(phrase[0], set()).add(phrase)
        for key in core:
            if len(key) >= LEAST and key not in words("ordinary"):
                self.single.add(key)
            elif len(core) == 1:
                self.careful.add(key)
        for kept in (keys, core, begins, [key for key in keys if len(key) > 3]):
            if len(kept) > (1 if kept is core or kept is begins else 2):
                self.short.add("".join(key[0] for key in kept).upper())
        if len(tokens) > 1 and len(keys[0]) == 1:
            self.short.add("".join(keys[:2]).upper())  # A-3, as A3

    def named_in(self, text: str) -> bool:
        """Whether the text, which is `names.plain`, names one of them."""
        if any(one.group().replace("&", "").replace("-", "") in self.short for one in _SHORT.finditer(text)):
            return True
        found = [(one.group(), folded(one.group())) for one in WORD.finditer(text)]
        keys = [key for _, key in found]
        for at, (word, key) in enumerate(found):
            if {key, key.removesuffix("s")} & self.single:
                return True
            if key in self.careful and word[:1].isupper():
                return True
            if any(tuple(keys[at : at + len(one)]) == one for one in self.phrases.get(key, ())):
                return True
        return False


def counts_few(text: str, least: int) -> bool:
    """Whether a text counts people, and fewer than `least`."""
    if _SOME.search(text):
        return True
    for found in _FEW.finditer(text):
        told = next(group for group in found.groups() if group).casefold()
        names = _SMALL if told in _SMALL else _KLEIN
        number = int(told) if told.isdigit() else names.index(told) + 1
        if 0 < number < least:
            return True
    return False
