"""A template in another language: its texts from files beside the template, one a language.

`sfss.es.toml` beside `sfss.py` holds what `sfss` says in Spanish. A template that builds on another inherits its
translation, as far as its own words are still the same. Choices keep their English value: what is translated is how
they are shown.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

from xlplan.errors import TemplateError
from xlplan.form.markers import Kind, Printed
from xlplan.form.plan import Form, GuidePart, Headed, Plan, SheetOf
from xlplan.form.text import harmless
from xlplan.languages import LANGUAGES, say, speaking
from xlplan.languages.speech import phrases

Key = tuple[str | int, ...]
Said = Callable[[Key, str], str]
YES_NO = ("Yes", "No")
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")  # a key that TOML takes without quotes
_Member = Any  # a Field or a Group: `spec` builds on this module, and so cannot be imported here
_Members = Callable[[type[Headed]], tuple[_Member, ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One text of a translation, and the English that it stands for."""

    english: str
    text: str


def file_of(model: type[Headed], language: str) -> Path | None:
    """Where the translation of a class's own template stands, whether it is there or not; None without a file."""
    file = getattr(sys.modules.get(model.__module__), "__file__", None)
    return Path(file).with_suffix(f".{language}.toml") if file else None


def speaks(model: type[Headed], language: str) -> bool:
    """Whether a template, or one that it builds on, has a file of that language."""
    homes = (item for item in model.__mro__ if issubclass(item, Headed) and item not in (Plan, Headed))
    found = (file_of(item, language) for item in homes)
    return not language or (
        language in LANGUAGES and any(file is not None and file.is_file() for file in found)
    )


def languages_of(model: type[Headed]) -> tuple[str, ...]:
    """The languages that a template speaks beside English."""
    return tuple(language for language in LANGUAGES if speaks(model, language))


def in_language(
    model: type[Headed], form: Form, members: tuple[_Member, ...], language: str, of: _Members
) -> tuple[Form, tuple[_Member, ...]]:
    """The form and the plan's members as they speak that language; what nobody has translated stays English.

    What the file does not say is looked up among the phrases that every form has. `of` gives the members of a model, as
    they are in English. Raises TemplateError for a language that the template does not speak, and for what is wrong in
    a file, naming it.
    """
    if not speaks(model, language):
        known = ", ".join(("English", *(LANGUAGES[item] for item in languages_of(model))))
        raise TemplateError(
            f"{form.name} does not speak {LANGUAGES.get(language, language)}; it speaks {known}."
        )
    known_ = _translation(model, language, of)

    def said(key: Key, english: str) -> str:
        entry = known_.get(key)
        return entry.text if entry is not None and entry.english == english else say(english)

    with speaking(language):
        return _spoken(form, members, said)


def texts_of(form: Form | None, members: tuple[_Member, ...]) -> dict[Key, str]:
    """Every text of a template that can be translated, by its place in a translation's file."""
    found: dict[Key, str] = {}

    def said(key: Key, english: str) -> str:
        found.setdefault(key, english)
        return english

    if form is None:
        _Speaking(said).members(members, "")
    else:
        _spoken(form, members, said)
    return found


def missing(model: type[Headed], language: str, of: _Members) -> dict[Key, str]:
    """The texts of a template that nobody has translated yet, in printed order: place → English."""
    known = _translation(model, language, of)
    every = texts_of(model.form, of(model))

    def is_missing(key: Key, english: str) -> bool:
        entry = known.get(key)
        return (entry is None or entry.english != english) and english not in phrases(language)

    return {key: english for key, english in every.items() if is_missing(key, english)}


def place_of(key: Key) -> str:
    """A text's place in a file as people find it: [fields."challenges[].description"] label."""
    *table, last = key[: _depth(key)]
    more = "".join(f"[{part}]" for part in key[_depth(key) :])
    return f"[{'.'.join(map(_bare, table))}] {_bare(last)}{more}"


def skeleton(texts: Mapping[Key, str]) -> str:
    """A file to translate: each text empty, its English above it as a comment."""
    tables: dict[tuple[str | int, ...], dict[str | int, list[tuple[Key, str]]]] = {}
    for key, english in texts.items():
        depth = _depth(key)
        tables.setdefault(key[: depth - 1], {}).setdefault(key[depth - 1], []).append((key[depth:], english))
    out = [
        "# Write each text between the quotation marks, and keep {n} where it stands. What stays empty is shown in",
        "# English. Choices are read as the English ones, whatever they are called here.",
    ]
    for table, lines in tables.items():
        out += ["", f"[{'.'.join(map(_bare, table))}]"]
        for name, items in lines.items():
            out += [f"# {' '.join(english.split())}" for _, english in items]
            out.append(f"{_bare(name)} = {_empty([rest for rest, _ in items])}")
    return "\n".join(out) + "\n"


def _depth(key: Key) -> int:
    """How much of a key is written as table and name; what follows are places in a list."""
    return next((at for at, part in enumerate(key) if isinstance(part, int) and at > 1), len(key))


def _empty(rests: list[Key]) -> str:
    """Empty texts in the lists in which they stand."""
    if rests == [()]:
        return '""'
    heads = dict.fromkeys(rest[0] for rest in rests)
    return f"[{', '.join(_empty([rest[1:] for rest in rests if rest[0] == head]) for head in heads)}]"


def _bare(part: str | int) -> str:
    text = str(part)
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


# --- reading


@lru_cache(maxsize=64)
def _translation(model: type[Headed], language: str, of: _Members) -> Mapping[Key, Entry]:
    """What a template says, its own file before those of what it builds on."""
    found: dict[Key, Entry] = {}
    homes: dict[Path, type[Headed]] = {}
    for home in filter(_is_written, model.__mro__):
        file = file_of(home, language)
        if file is not None:
            homes.setdefault(file, home)
    for file, home in reversed(homes.items()):
        if file.is_file():
            english = texts_of(getattr(home, "form", None), of(home))
            found |= {key: Entry(english[key], text) for key, text in _read(file, english).items()}
    return found


def _is_written(model: type) -> bool:
    """Whether a class stands in a template's file, and was not made of another by a campaign's settings."""
    module = sys.modules.get(model.__module__)
    return issubclass(model, Headed) and getattr(module, model.__qualname__, None) is model


def _read(file: Path, english: Mapping[Key, str]) -> dict[Key, str]:
    """The texts of one file. Raises TemplateError naming what the template has no place for."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TemplateError(f"{file}: this translation cannot be read ({error}).") from None
    found: dict[Key, str] = {}
    for key, text in _flat(data, ()):
        if key not in english:
            raise TemplateError(f"{file}: the template has no {place_of(key)}.{_nearest(key, english)}")
        if not isinstance(text, str):
            raise TemplateError(f"{file}: {place_of(key)} must be a text.")
        if "{n}" in english[key] and text and "{n}" not in text:
            raise TemplateError(
                f"{file}: {place_of(key)} must keep {{n}}, where the number of the sheet stands."
            )
        if harmless(text) != text:
            raise TemplateError(f"{file}: {place_of(key)} holds a control character. Type it again.")
        if text.strip():
            found[key] = " ".join(text.split())
    return found


def _flat(value: Any, key: Key) -> Iterator[tuple[Key, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, (*key, int(name) if key == ("guide",) and name.isdecimal() else name))
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _flat(inner, (*key, at))
    else:
        yield key, value


def _nearest(key: Key, known: Mapping[Key, str]) -> str:
    places = {place_of(item): None for item in known}
    near = get_close_matches(place_of(key), places, n=1, cutoff=0.5)
    return f" The nearest is {near[0]}." if near else ""


# --- the walk over a template's texts, to collect them or to exchange them


def _spoken(form: Form, members: tuple[_Member, ...], said: Said) -> tuple[Form, tuple[_Member, ...]]:
    walk = _Speaking(said)
    return walk.form(form), walk.members(members, "")


@dataclass(frozen=True, slots=True)
class _Speaking:
    said: Said

    def text(self, key: Key, english: str) -> str:
        return self.said(key, english) if english else ""

    def texts(self, key: Key, english: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.text((*key, at), text) for at, text in enumerate(english))

    def form(self, form: Form) -> Form:
        own: dict[str, Any] = {name: self.text(("form", name), getattr(form, name)) for name in _FORM}
        sheets = tuple(map(self._sheet, form.sheets))
        parts = tuple(self._part(part, ("guide", number)) for number, part in enumerate(form.guide))
        return replace(form, **own, sheets=sheets, guide=parts)

    def _sheet(self, sheet: SheetOf) -> SheetOf:
        at = ("sheets", sheet.key)
        own: dict[str, Any] = {name: self.text((*at, name), getattr(sheet, name)) for name in _SHEET}
        return replace(sheet, **own, guide=self.texts((*at, "guide"), sheet.guide))

    def _part(self, part: GuidePart, at: Key) -> GuidePart:
        rows = tuple(self.texts((*at, "rows", number), row) for number, row in enumerate(part.rows))
        return replace(
            part, heading=self.text((*at, "heading"), part.heading), text=self.texts((*at, "text"), part.text),
            heads=self.texts((*at, "heads"), part.heads), rows=rows,
        )  # fmt: skip

    def members(self, members: tuple[_Member, ...], prefix: str) -> tuple[_Member, ...]:
        return tuple(
            self._group(item, prefix + item.name)
            if hasattr(item, "members")
            else self._field(item, prefix + item.name)
            for item in members
        )

    def _field(self, item: _Member, path: str) -> _Member:
        at = ("fields", path)
        own = {name: self.text((*at, name), getattr(item, name)) for name in _FIELD}
        words = tuple(self.text((*at, "choices", choice), choice) for choice in item.choices)
        if item.kind is Kind.YES_NO:
            words = (say("Yes"), say("No"))
        return replace(item, **own, words=words if words not in (item.choices, YES_NO) else ())

    def _group(self, group: _Member, path: str) -> _Member:
        at = ("fields", path)
        own = {name: self.text((*at, name), getattr(group, name)) for name in _GROUP}
        examples = tuple(
            self.texts((*at, "examples", number), row) for number, row in enumerate(group.examples)
        )
        members = self.members(group.members, path + ("[]." if group.slots is not None else "."))
        printed = group.printed and self._printed(group.printed, (*at, "printed"))
        return replace(group, **own, examples=examples, members=members, printed=printed)

    def _printed(self, printed: Printed, at: Key) -> Printed:
        rows = tuple(self.texts((*at, "rows", number), row) for number, row in enumerate(printed.rows))
        return replace(printed, heads=self.texts((*at, "heads"), printed.heads), rows=rows)


_FORM = ("title", "purpose", "source", "plan_guide")
_SHEET = ("title", "purpose", "asks", "heading")
_FIELD = ("label", "noun", "guide", "message")
_GROUP = ("label", "noun", "guide")
