"""What causes are about, told by an editable list of words: text in, themes with the words that told them out."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from xlplan.errors import UsageError

FILE = "themes.toml"  # beside campaign.toml: a district's own list
OTHER = "Other"  # what no theme's words stand in
MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Themes:
    """Themes in their order, each with a pattern of its words."""

    patterns: tuple[tuple[str, re.Pattern[str]], ...]

    def matches(self, text: str) -> list[tuple[str, str]]:
        """Every theme whose words stand in the text, in the list's order, each with the first such word as written."""
        plain = unicodedata.normalize("NFC", text)
        found = ((name, pattern.search(plain)) for name, pattern in self.patterns)
        return [(name, match.group()) for name, match in found if match]


def load(folder: Path | None) -> Themes:
    """The list of a campaign's folder, which says whether ours goes on below it; else ours.

    Raises UsageError for a file that cannot be used, saying what to mend.
    """
    own = folder / FILE if folder else None
    if own is None or not own.is_file():
        return _shipped()
    try:
        data = tomllib.loads(own.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{own}: the list of themes cannot be read: {error}.") from None
    keeps = data.pop("also_ours", False)
    if not isinstance(keeps, bool):
        raise UsageError(f"{own}: also_ours is true or false.")
    patterns = _patterns(data, own)
    named = {name for name, _ in patterns}
    more = tuple(pair for pair in _shipped().patterns if pair[0] not in named) if keeps else ()
    return Themes((*patterns, *more))


@cache
def _shipped() -> Themes:
    file = Path(__file__).with_name(FILE)
    return Themes(_patterns(tomllib.loads(file.read_text(encoding="utf-8")), file))


def _patterns(data: Mapping[str, Any], file: Path) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name.strip(), _pattern(name, words, file)) for name, words in data.items())


def _pattern(name: str, words: Any, file: Path) -> re.Pattern[str]:
    listed = isinstance(words, Sequence) and not isinstance(words, str)
    if not name.strip() or not listed or not words or len(words) > MOST_WORDS:
        raise UsageError(f'{file}: “{name}” wants a list of words, such as ["attend*", "absen*"].')
    if name.strip().casefold() == OTHER.casefold():
        raise UsageError(f"{file}: “{OTHER}” is what fits no theme; give the theme another name.")
    return re.compile("|".join(_word(word, name, file) for word in words), re.IGNORECASE)


def _word(word: Any, name: str, file: Path) -> str:
    """A whole word or phrase; one that ends in * is a stem."""
    text = unicodedata.normalize("NFC", word).strip() if isinstance(word, str) else ""
    stem = text.removesuffix("*").strip()
    if not stem or "*" in stem:
        raise UsageError(f"{file}: “{name}”: {word!r} is no word; a * may stand at its end only.")
    words, end = r"\s+".join(map(re.escape, stem.split())), r"\w*" if text.endswith("*") else r"\b"
    return rf"\b{words}{end}"
