"""What phrases need of Spanish grammar: plurals, and the article of a noun."""

from __future__ import annotations

import re

_ACCENTS = str.maketrans("áéíóú", "aeiou")
_FEMININE = re.compile(r"(?:a|ción|sión|tad|dad|tud|cha|z)$")
_MASCULINE = frozenset({"problema", "tema", "programa", "sistema", "día", "diagrama", "maestra/o", "lápiz"})
_INVARIABLE = frozenset({"de", "del", "para", "por", "con", "en", "y", "o", "a", "sobre"})


def plural(noun: str) -> str:
    """Several of it: pasos, acciones, causas raíz, pasos de acción. What follows a preposition stays."""
    words = noun.split(" ")
    made: list[str] = []
    for at, word in enumerate(words):
        if word in _INVARIABLE:
            return " ".join([*made, *words[at:]])
        made.append("raíz" if word == "raíz" and at else _one(word))
    return " ".join(made)


def _one(word: str) -> str:
    if word.endswith(("s", "x")) and not word.endswith("és"):
        return word
    if word.endswith("z"):
        return f"{word[:-1]}ces"
    if word.endswith(("ción", "sión", "ión")) or re.search(r"[áéíóú][ns]$", word):
        return f"{word[:-2]}{word[-2:].translate(_ACCENTS)}es"
    return f"{word}s" if word[-1:] in "aeiouáéó" else f"{word}es"


def with_article(noun: str) -> str:
    """The noun with its article: un paso, una estrategia."""
    first = noun.split(" ")[0].casefold()
    feminine = first not in _MASCULINE and _FEMININE.search(first) is not None
    return f"{'una' if feminine else 'un'} {noun}"
