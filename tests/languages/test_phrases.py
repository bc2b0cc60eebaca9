"""The phrase files: nothing missing that layouts say, nothing there that nobody says, holes and first words kept."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import xlplan
from xlplan.catalogue import CATALOGUE, PUT_RIGHT
from xlplan.form.inspect import spec_of, translatable
from xlplan.form.spec import FormFacts, FormSpec
from xlplan.languages import LANGUAGES, say, speaking
from xlplan.languages.facts import facts_in
from xlplan.languages.speech import data, phrases
from xlplan.layout.model import Layout
from xlplan.layout.place import place
from xlplan.layout.tofix import correction_layout
from xlplan.layout.witnesses import _SAID
from xlplan.templates import TEMPLATES, template

ROOT = Path(xlplan.__file__).parent
HOLE = re.compile(r"\{(\w+)\}")
SPEAKERS = ("say", "phrase")
ALIKE = {"Plan", "plan", "No", "Logical"}  # the same words in both languages, or no words at all


@cache
def _constants() -> frozenset[str]:
    """Every text in the source, the pieces of long ones joined."""
    return frozenset(_texts())


def _texts() -> Iterator[str]:
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def _said() -> Iterator[str]:
    """What the source says by itself: say("…") and phrase("…")."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = (
                isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SPEAKERS
            )
            if named and node.args:  # type: ignore[attr-defined]  # it is a call
                yield from _choices(node.args[0])  # type: ignore[attr-defined]


def _choices(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _choices(node.body)
        yield from _choices(node.orelse)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_said_has_a_phrase(language: str) -> None:
    """No text that code says is left in English."""
    said = {text for text in _said() if re.search("[A-Za-z]", HOLE.sub("", text))}
    assert len(said) > 150
    assert not said - set(phrases(language)) - {"seed"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_phrase_is_there_for_nothing(language: str) -> None:
    """Each phrase stands somewhere in the code, or is the name of a day or month."""
    names = {f"{name}" for name in phrases(language) if re.fullmatch(r"[A-Z][a-z]+", name) and _is_date(name)}
    assert not {text for text in phrases(language) if text not in _constants()} - names


def _is_date(name: str) -> bool:
    import calendar

    return name in (*calendar.day_name, *calendar.month_name, *calendar.month_abbr)


@pytest.mark.parametrize("language", LANGUAGES)
def test_holes_are_kept(language: str) -> None:
    """Every hole of an English text is filled in the other one too, and no other."""
    pairs = [*phrases(language).items(), *data(language, "findings")["facts"].items()]
    assert not [key for key, text in pairs if not set(HOLE.findall(text)) <= set(HOLE.findall(key))]
    assert not [
        key for key, text in phrases(language).items() if set(HOLE.findall(text)) != set(HOLE.findall(key))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_blanks_at_the_ends_are_kept(language: str) -> None:
    """Phrases are joined with others."""
    assert not [
        key
        for key, text in phrases(language).items()
        if (key[:1] == " ") != (text[:1] == " ") or (key[-1:] == " ") != (text[-1:] == " ")
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_first_in_a_check_stands_first(language: str) -> None:
    """Colours, counts and the reader go by the first word of Check and by its sign."""
    known = phrases(language)
    for first in ("Needs", "Look", "To fix", "As you"):
        begun = {key: text for key, text in known.items() if key.startswith(first)}
        assert len(begun) > 1
        assert not {key: text for key, text in begun.items() if not text.startswith(known[first])}
    signs = {key: text for key, text in known.items() if key[0] in "✓○▲"}
    assert not {key: text for key, text in signs.items() if text[0] != key[0]}
    checks = [text for key, text in known.items() if key.startswith(("Look: ", "Needs ", "✓", "○", "▲"))]
    assert not [text for text in checks if _SAID["check"].match(text) is None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nouns_hold_no_comma(language: str) -> None:
    """What is missing is counted by the commas between nouns."""
    with speaking(language):
        assert say(", repair of error").count(",") == 1
    model = template("sfss")
    nouns = [
        item.noun for _, group in spec_of(model, FormFacts(language=language)).walk() for item in group.fields
    ]
    assert not [noun for noun in nouns if "," in noun]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_is_translated(language: str) -> None:
    """The whole catalogue, with the holes of its English sentences, and what a fresh copy puts right."""
    known = data(language, "findings")
    assert set(known["codes"]) == set(CATALOGUE)
    assert set(known["put_right"]) == {code for code, text in PUT_RIGHT.items() if text}
    for code, entry in CATALOGUE.items():
        pair = facts_in(language).sentences(code)
        assert pair is not None
        for text, english in zip(pair, (entry.sentence, entry.remedy), strict=True):
            assert set(HOLE.findall(text)) <= set(HOLE.findall(f"{entry.sentence}{entry.remedy}")), (
                code,
                english,
            )


@pytest.mark.parametrize("name", TEMPLATES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_fixed_words_are_spoken_in_every_form(language: str, name: str) -> None:
    """What a layout says beside its template's own words differs from English, in all five forms."""
    english = spec_of(template(name))
    own = set(translatable(template(name)).values()) | {"team", "Plan"}
    for plain, other in zip(_texts_in(english, ""), _texts_in(english, language), strict=True):
        assert plain != other or not re.search("[A-Za-z]{3}", plain) or _is_own(plain, own), plain


def _texts_in(spec: FormSpec, language: str) -> list[str]:
    """The locked texts that people see, by sheet and place."""
    layout: Layout = place(replace(spec, facts=replace(spec.facts, language=language)))
    shown = correction_layout(layout, left_over=True)
    return [
        put.value
        for sheet in shown.sheets
        if not sheet.hidden
        for put in sorted(sheet.puts, key=lambda put: (put.row, put.column))
        if isinstance(put.value, str) and put.style not in ("tag", "tag.top", "number", "number.top")
    ]


def _is_own(text: str, own: set[str]) -> bool:
    """Whether a text is the template's: alone, with a star or a number, or with its year."""
    if text in ALIKE or "⟦" in text:
        return True
    bare = re.sub(r"[\s\u00a0]*\*$| \d{4}.\d\d$| \d+$", "", text).strip()
    return any(bare.casefold() in item.casefold() or item in text for item in own)
