"""The wording of letters: whole sentences in every situation; mistakes in an edited one told by file and line."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path

import pytest

from xlplan.errors import SetupError
from xlplan.post.examples import Example, examples
from xlplan.post.wording import LANGUAGES, Wording, file_of, lay_out, shipped
from xlplan.post.words import LETTERS, MEANING, NAMED, Words

ROOT = Path(__file__).parents[2]
CASES = [(language, example) for language in ("", "es") for example in examples(language)]
# what a sentence shows where a word of it was empty or not known
HOLES = re.compile(
    r"None|Undefined|\{|\}|  +\S.*|\( *\)|“”| [,.;:!?]|,,|\.\.(?!\.)|[,:] *$|\bby\s*[.,]|\bel\s*[.,]", re.M
)


def named(case: tuple[str, Example]) -> str:
    return f"{case[0] or 'en'}-{case[1].letter}-{case[1].title}"


def variants(words: Words) -> list[Words]:
    """The same facts with one of those missing that need not be there."""
    without_day = replace(words, due="", due_day="", days=None, extended=False)
    bare = [replace(words, contact=""), without_day, replace(without_day, contact="")]
    return [words, *bare, *(replace(words, days=days) for days in (-40, -1, 0, 1, 2) if words.due)]


@pytest.mark.parametrize("case", CASES, ids=named)
def test_no_sentence_has_a_hole(case: tuple[str, Example]) -> None:
    """Whether or not there is a deadline, somebody to ask, one day left or many."""
    language, example = case
    for words in variants(example.words):
        letter = Wording().write(example.letter, words, language)
        lines = [line.strip() for line in [letter.subject, *letter.text.splitlines()] if line.strip()]
        lists = ("What", "Lo que", "How", "Cómo", "Enclosed:", "Va adjunto:", "Dear", "Estimad")
        for line in lines:
            ends = line.endswith(":") or (line.endswith(",") and line.startswith("Dear"))
            whole = line.rstrip(":,") if ends and (line.startswith(lists) or line[-1] == ":") else line
            assert not HOLES.search(whole), (words, line)
        assert letter.text.endswith("\n") and "\n\n\n" not in letter.text


def test_a_list_is_announced_only_where_there_is_one() -> None:
    """Behind a line that ends in a colon something follows."""
    for language, example in CASES:
        text = Wording().write(example.letter, example.words, language).text.rstrip()
        assert not text.endswith(":")
        for block in text.split("\n\n"):
            last = block.splitlines()[-1]
            following = text.split(block, 1)[1].strip()
            assert not last.endswith(":") or following, (language, example.title, last)


def test_spanish_letters_hold_no_english() -> None:
    """Beside names and file names; and every situation is said in Spanish."""
    english = re.compile(r"\b(the|your|please|thank|workbook|and|with|is|of|to)\b", re.IGNORECASE)
    for language, example in CASES:
        if language == "es":
            letter = Wording().write(example.letter, example.words, language)
            assert not english.findall(f"{letter.subject}\n{letter.text}"), example.title


def test_every_word_is_explained_and_used() -> None:
    """What a letter is given is what the table says, and the shipped letters need all of it."""
    for kind, facts in MEANING.items():
        assert list(facts) == [field.name for field in fields(NAMED[kind])]
    texts = " ".join(shipped(language, letter) for language in LANGUAGES for letter in LETTERS)
    said = set(re.findall(r"[a-z_]+", texts))
    assert {name for facts in MEANING.values() for name in facts} <= said


def test_the_how_to_explains_the_words() -> None:
    """Its table is the one that the code has."""
    page = (ROOT / "docs" / "how-to" / "sending-and-reminding.md").read_text(encoding="utf-8")
    for kind, facts in MEANING.items():
        for name, meaning in facts.items():
            said = f"| `{name if kind == 'letter' else f'{kind}.{name}'}` | {meaning} |"
            assert said in page, said
    for letter in LETTERS:
        assert f"`{letter}.txt`" in page


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("Subject: x\n\nDear {{ scool }},\n", 3, "“scool”.*“?school"),
        ("Subject: x\n\n{% if due %}\nby {{ due }}\n", 4, "endif|if"),
        ("Subject: x\n{{ due\n", 2, "."),
        ("Subject: x\n\n\n{% for plan in plans %}{{ plan.titel }}{% endfor %}\n", 4, "“.titel”.*title"),
        ("Subject: x\n{% if false %}\n{{ nowhere }}\n{% endif %}\n", 3, "nowhere"),
        ("Subject: x\n{{ school|shout }}\n", 2, "shout"),
        ("Subject: x\n\n{{ days + 'x' }}\n", 3, "."),
        ("Subject: x\n{{ school.__class__ }}\n", 2, "__class__"),
        ("Subject: x\n{{ school['__class__'].x }}\n", 2, "."),
        ("Subject: x\n{{ range(3) }}\n", 2, "range"),
        ("Subject: x\n{% include 'y' %}\n", 2, "."),
        ("Subject: x\n{{ school|truncate(1) }}\n", 2, "expected length"),
        ("Subject: x\n{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}\n", 2, "recursion"),
        ("Dear {{ school }}\n", 1, "subject"),
        ("Subject:\n\nDear\n", 1, "subject"),
        ("\n", 1, "subject"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_file_and_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = file_of(tmp_path, "en", "distribute")
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SetupError) as error:
        Wording(tmp_path).write("distribute", CASES[0][1].words)
    assert str(error.value).startswith(f"{path}, line {line}: ")
    assert re.search(said, str(error.value))


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = file_of(tmp_path, "es", "remind")
    path.parent.mkdir(parents=True)
    path.write_bytes("Subject: x\n\nEstimado señor\n".encode("cp1252"))
    with pytest.raises(SetupError, match=r"remind.txt, line 3: .*UTF-8"):
        Wording(tmp_path).check()


def test_all_mistakes_in_all_files_are_told_at_once(tmp_path: Path) -> None:
    for letter in ("cover", "remind"):
        path = file_of(tmp_path, "en", letter)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("Subject: {{ one }}\n{{ two }}\n", encoding="utf-8")
    with pytest.raises(SetupError) as error:
        Wording(tmp_path).check()
    assert len(re.findall(r"(?:cover|remind)\.txt, line [12]: ", str(error.value))) == 4


def test_an_edited_file_is_used_and_never_overwritten(tmp_path: Path) -> None:
    """Whatever editor saved it: with a mark at its beginning, with the line ends of Windows."""
    assert all(new for _, new in lay_out(tmp_path))
    path = file_of(tmp_path, "en", "distribute")
    own = "\ufeffSubject: {{ school }}\r\n\r\nHello {{ school }}!\r\nUntil {{ due }}\r\n"
    path.write_bytes(own.encode())
    found = dict(lay_out(tmp_path))
    assert not any(found.values()) and path.read_bytes() == own.encode()
    words = CASES[0][1].words
    letter = Wording(tmp_path).write("distribute", words)
    assert (letter.subject, letter.text) == (
        "Adams Elementary",
        f"Hello Adams Elementary!\nUntil {words.due}\n",
    )
    spanish = Wording(tmp_path).write("distribute", words, "es")
    assert spanish == Wording().write("distribute", words, "es")


def test_what_lies_there_at_first_says_what_is_shipped(tmp_path: Path) -> None:
    lay_out(tmp_path)
    for language, example in CASES:
        own, without = Wording(tmp_path), Wording()
        assert own.write(example.letter, example.words, language) == without.write(
            example.letter, example.words, language
        )


def test_a_value_is_never_taken_for_wording(tmp_path: Path) -> None:
    """A school may be called what it likes."""
    words = replace(CASES[0][1].words, school="{{ contact }} {% if %}")
    assert "Dear {{ contact }} {% if %} team," in Wording(tmp_path).write("distribute", words).text
