"""Parts of a step's text: its clauses, without who does it and when; openings from word lists; figures and results."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from xlplan.checks.words import Words

_CLAUSES = re.compile(r"[.;\n•]+\s+|[;\n•]+|,?\s+\bthen\b\s+", re.I)
_BULLET = re.compile(r"^\s*(?:[-–—*•·▪>]+|\(?(?:\d{1,2}|[a-z])[.):]|step\s+\d+\s*[:.)-]?)\s+", re.I)
_WHEN = re.compile(
    r"^(?:by|in|on|during|after|before|at|throughout|starting|beginning|each|every|once|when|"
    r"as)\b[^,]{1,60},\s+",
    re.I,
)
_WHO = re.compile(
    r"^(?:[\w’'/&.-]+,?\s+){1,8}?(?:will|shall|should|must|can|may|needs? to|has to|have to|is to|are to|"
    r"plans? to|intends? to|agrees? to|commits? to)"
    r"\s+(?=[a-z])",
    re.I,
)
_POLITE = re.compile(
    r"^(?:please|also|always|actively|strongly|consistently|regularly|continuously|collectively|constantly|"
    r"further|again|simply|"
    r"just|intentionally|explicitly|purposefully|proactively|generally|publicly|positively|frequently|"
    r"collaboratively|"
    r"jointly|together|first|next|finally|then|to|let’s|let's|be sure to|remember to|don’t forget to)\s+",
    re.I,
)
_VOWEL_END = re.compile(r"[^aeiou]e$")


def clauses(text: str) -> list[str]:
    """The sentences of a text, each without bullet, time, doer and politeness, in its own spelling."""
    found = [_bare(part.strip(" \t,.:;-–—*\"“”'")) for part in _CLAUSES.split(_BULLET.sub("", text.strip()))]
    return [part for part in found if part]


def _bare(text: str) -> str:
    """The clause from its verb on."""
    text = _WHEN.sub("", _BULLET.sub("", text))
    who = _WHO.match(text)
    if who and not re.search(
        r"\b(?:that|which|who|so|and|to|where|how|what)\b", who[0][: who[0].rstrip().rfind(" ")], re.I
    ):
        text = text[who.end() :]
    while (shorter := _POLITE.sub("", text, count=1)) != text:
        text = shorter
    return text


def opening(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern for texts that begin with one of the phrases; a first word that is a verb also as "-ing"."""
    return re.compile(
        rf"(?:{'|'.join(_inflected(phrase) for phrase in sorted(phrases, key=lambda p: (-len(p), p)))})\b(?![-’'])",
        re.I,
    )


def _inflected(phrase: str) -> str:
    first, *rest = phrase.split()
    stem = re.escape(first)
    both = f"(?:{stem}|{re.escape(gerund(first))})" if first.isalpha() else stem
    return r"\s+".join([both, *map(re.escape, rest)])


def gerund(verb: str) -> str:
    """support → supporting, strive → striving, get → getting, be → being."""
    if verb in ("be", "see"):
        return f"{verb}ing"
    if verb.endswith("e") and not verb.endswith("ee"):
        return f"{verb[:-1]}ing"
    doubled = verb in (
        "get",
        "set",
        "put",
        "plan",
        "map",
        "cut",
        "log",
        "begin",
        "run",
        "submit",
        "commit",
        "recommit",
        "permit",
        "chat",
    )
    return f"{verb}{verb[-1]}ing" if doubled else f"{verb}ing"


def words_in(phrases: Iterable[str]) -> str:
    """An alternation of the phrases, longest first."""
    return "|".join(
        re.escape(phrase).replace(r"\ ", r"\s+") for phrase in sorted(phrases, key=lambda p: (-len(p), p))
    )


_NO_COUNT = re.compile(
    r"\b(?:grades?|gr\.?|tiers?|titles?|phases?|levels?|steps?|sections?|periods?|"
    r"cohorts?)\s*#?\d+(?:\s*(?:[-–,/&]|to|and)\s*\d+)*"
    r"|\b(?:pre-?)?k\s*[-–]\s*\d+|\b\d+\s*[-–]\s*\d+(?:st|nd|rd|th)|\b\d+(?:st|nd|rd|th)\b|"
    r"\b20\d\d(?:\s*[-–/]\s*(?:20)?\d\d)?\b|\b1:1\b|\b24/7\b|\b504\b|\b\d+\s?%?\s?of\sthe\stime\b",
    re.I,
)


def has_count(text: str, words: Words) -> bool:
    """Whether the text counts something: 200 postcards, two visits; not grade 3, tier 2, 2026-27."""
    left = _NO_COUNT.sub(" ", text)
    return bool(re.search(r"\d", left) or _numbers(words).search(left))


@lru_cache(maxsize=16)
def _numbers(words: Words) -> re.Pattern[str]:
    plain = words["figure"] - {
        "none",
        "nobody",
        "thirds",
        "quarters",
        "fifths",
        "zero",
        "doubled",
        "tripled",
        "halved",
    }
    return re.compile(
        rf"\b(?:{words_in(plain)}|once a|once per|one)\b(?! (?:another|by one|on one|to one)\b)", re.I
    )
