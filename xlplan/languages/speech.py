"""The languages that forms speak beside English: which there are, and their phrases, looked up where texts are made.

`speaking(language)` holds for what is made within it; `say` then gives a phrase in that language. English is what the
code itself says, so that without a language nothing is looked up.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from xlplan.errors import TemplateError

LANGUAGES: Mapping[str, str] = {"es": "español"}
"""The languages that layouts and findings speak beside English, with their own names."""

_speaking: ContextVar[str] = ContextVar("xlplan_language", default="")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within it `say` speaks that language; empty: English. Raises TemplateError for one that nobody knows."""
    if language and language not in LANGUAGES:
        raise TemplateError(
            f"The language {language!r} is not known here; there are {', '.join(('en', *LANGUAGES))}."
        )
    token = _speaking.set(language)
    try:
        yield
    finally:
        _speaking.reset(token)


def spoken() -> str:
    """The language that is being spoken; empty: English."""
    return _speaking.get()


def say(text: str, **holes: object) -> str:
    """A phrase in the language that is being spoken, its {holes} filled."""
    language = _speaking.get()
    if language:
        text = phrases(language).get(text, text)
    return text.format(**holes) if holes else text


def phrases(language: str) -> Mapping[str, str]:
    """What layouts say, English → that language."""
    found: Mapping[str, str] = data(language, "layouts")["phrases"]
    return found


@lru_cache(maxsize=16)
def data(language: str, name: str) -> Mapping[str, Any]:
    """One of a language's data files."""
    text = (files("xlplan") / "languages" / language / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def day_in_words(day: date, *, weekday: bool = False, year: bool = True) -> str:
    """A day as people write it: June 30, 2027; 30 de junio de 2027. `weekday`: with its name before it."""
    form = (
        "{weekday}, {month} {day}, {year}"
        if weekday
        else "{month} {day}, {year}"
        if year
        else "{month} {day}"
    )
    parts = {"weekday": say(f"{day:%A}"), "month": say(f"{day:%B}"), "day": day.day, "year": day.year}
    return say(form, **parts)
