"""What findings say in another language: the sentence of a code, and the phrases that a finding carries as facts."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from xlplan.languages import spanish
from xlplan.languages.speech import data, day_in_words, say, speaking

_QUOTED = re.compile(r"“[^”]*”")
_HOLE = re.compile(r"\\\{(\w+)\\\}")
_SENTENCES = re.compile(r"(?<=[.?!])\s+(?=[^a-z\s])")
_MONTHS = tuple(f"{date(2000, month, 1):%B}" for month in range(1, 13))
_DAY = re.compile(rf"({'|'.join(f'{name[:3]}(?:{name[3:]})?' for name in _MONTHS)}) (\d{{1,2}}), (\d{{4}})")
_ARTICLE = re.compile(r"an? ([^.,;:]{1,40})")
_KEPT = "\ue000{}\ue001"  # stands for what is quoted while a phrase is looked up
_BACK = re.compile("\ue000(\\d+)\ue001")
_LISTS = frozenset({"labels", "names", "cells", "has", "causes", "shown", "schools", "count", "sheets"})
"""Facts and holes that list several things: with commas, and "and" before the last."""
_HOLES = {
    "cell": r"[A-Z]{1,3}\d+",
    "read": r"[^()]*",
    "n": r"[\d,]+",
    "m": r"[\d,]+",
    "few": r"\d+",
    "most": r"\d+",
    "letter": "[A-Z]",
    "place": r"[^,]{0,60}?(?:[A-Z]?\d[\d.·]*| [A-Z])",
    "code": r"[A-Z0-9-]+ · \S+ · \d+",
    "other": r"[A-Z0-9-]+ · \S+ · \d+",
    "noun": r"[^.,]{1,40}",
    "nouns": r"[^.,]{1,40}",
}
"""What a hole takes, where that is not any text."""


@dataclass(frozen=True)
class Facts:
    """One language's words for findings."""

    language: str

    def sentences(self, code: str) -> tuple[str, str] | None:
        """The sentence and the remedy of a code, with {holes}; None where nobody has translated them."""
        found = self._data["codes"].get(code)
        return (found["sentence"], found["remedy"]) if found else None

    def put_right(self, code: str) -> str | None:
        """What a fresh copy has put right of it."""
        found: str | None = self._data["put_right"].get(code)
        return found

    def fact(self, name: str, text: str) -> str:
        """One of a finding's facts; what is somebody's own words stays."""
        if name in self._data["untouched"]["names"]:
            return str(self._data["quoted"].get(text, text))
        return self.told(text, listed=name in _LISTS)

    def day(self, text: str) -> str:
        """A day as cells show it (Oct 2, 2026), as they show it in the language; any other text as it is."""
        found = _DAY.fullmatch(text) if text[3:4] == " " else None
        return (self._day(found) if found else None) or text

    def told(self, text: str, *, listed: bool = False) -> str:
        """A phrase of a finding in the language; a text that is none stays as it is."""
        kept: list[str] = []

        def keep(found: re.Match[str]) -> str:
            inner = found[0][1:-1]
            kept.append(f"“{self._data['quoted'].get(inner, inner)}”")
            return _KEPT.format(len(kept) - 1)

        bare = text.strip()
        bare_ = _QUOTED.sub(keep, bare)
        said = self._listed(bare_) if listed else self._told(bare_)
        said = _BACK.sub(lambda found: kept[int(found[1])], said)
        return text.replace(bare, said, 1) if bare else text

    def _told(self, text: str) -> str:
        return self._known(text) or self._by_sentences(text) or text

    def _known(self, text: str) -> str | None:
        """By a phrase of its own, as a day, or by a phrase with holes."""
        if text in self._exact:
            return self._exact[text]
        day = _DAY.fullmatch(text)
        if day is not None:
            return self._day(day) or text
        for pattern, to in self._patterns:
            found = pattern.fullmatch(text)
            if found is not None:
                holes = {
                    name: self._listed(part) if name in _LISTS else self._told(part)
                    for name, part in found.groupdict().items()
                }
                return to.format_map(holes)
        article = _ARTICLE.fullmatch(text)
        return spanish.with_article(self._told(article[1])) if article else None

    def _by_sentences(self, text: str) -> str | None:
        """Several sentences one by one."""
        parts = _SENTENCES.split(text)
        return " ".join(self._known(part) or part for part in parts) if len(parts) > 1 else None

    def _listed(self, text: str) -> str:
        """Several things one by one, with the language's own "and"."""
        known = self._known(text)
        if known is not None:
            return known
        before, and_, last = text.rpartition(" and ")
        parts = [self._known(part) or part for part in (before if and_ else text).split(", ")]
        with speaking(self.language):
            return ", ".join(parts) + (say(" and ") + (self._known(last) or last) if and_ else "")

    def _day(self, found: re.Match[str]) -> str | None:
        """None for a day that there is not, such as June 31."""
        month = next(number for number, name in enumerate(_MONTHS, 1) if name.startswith(found[1]))
        if int(found[2]) > monthrange(int(found[3]) or 1, month)[1] or not int(found[2]):
            return None
        short = len(found[1]) == 3 and found[1] != "May"
        with speaking(self.language):
            if short:
                return say("{mon} {day}, {year}", mon=say(found[1]), day=found[2], year=found[3])
            return day_in_words(date(int(found[3]), month, int(found[2])))

    @cached_property
    def _data(self) -> Mapping[str, Any]:
        return data(self.language, "findings")

    @cached_property
    def _exact(self) -> Mapping[str, str]:
        return {_marked(key): _marked(text) for key, text in self._data["facts"].items() if "{" not in key}

    @cached_property
    def _patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Phrases with holes, those with most words of their own first."""
        found = [item for item in self._data["facts"].items() if "{" in item[0]]
        found.sort(key=lambda item: -len(re.sub(r"\{\w+\}", "", item[0])))
        return [(_pattern(key), _marked(text)) for key, text in found]


def _marked(text: str) -> str:
    """A phrase whose own quotation is one hole: what stands in quotes is kept aside while phrases are looked up."""
    return re.sub(r"“(\{\w+\})”", r"\1", text)


def _pattern(key: str) -> re.Pattern[str]:
    def hole(found: re.Match[str]) -> str:
        return f"(?P<{found[1]}>{_HOLES.get(found[1], '.+?')})"

    return re.compile(_HOLE.sub(hole, re.escape(_marked(key))), re.S)


@lru_cache(maxsize=8)
def facts_in(language: str) -> Facts:
    """The words of a language for findings."""
    return Facts(language)
