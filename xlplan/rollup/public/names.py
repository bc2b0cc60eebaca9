"""The persons that plans name, and what of a text names one of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

_SPLIT = re.compile(r"[,;:/&+()\[\]|•·\n\t\"“”]|\s[-–—]\s|\b(?:and|with|und|y|e|or)\b", re.IGNORECASE)
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff"
WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|['’ʼ`´‘](?=[^\W\d_]))*")
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
)
_LETTERS = {
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ħ": "h",
    "ŧ": "t",
}
# letters of other alphabets that look like ours, and digits that stand for letters
_ALIKE = dict(zip("аеорсухіјѕԁһкмтвнӏαβεικνορτυχ", "aeopcyxijsdhkmtbhiabeiknoptux", strict=True))
_FOLDS = str.maketrans({**_LETTERS, **_ALIKE})
_DIGITS = str.maketrans("0134578", "oieastb")
TITLES = frozenset(
    re.findall(
        r"\w+", "mr mrs ms mx miss dr prof sr sra srta rev hon sir madam jr ii iii iv phd edd med ma mba bs"
    )
)
CALLED = frozenset({"coach", "principal", "teacher", "nurse", "counselor", "counsellor"})
_PARTICLES = frozenset(
    re.findall(
        r"\w+", "al de del der den di du el la las le los san ter van von vom zu zur ben bin ibn da dos"
    )
)
_HYPHENED = re.compile(r"([^\W\d_]{2,})[-‐‑]([^\W\d_]{2,})")  # "Anne-Marie", as Annemarie
_POINTED = re.compile(r"(?<![\w.])(?:[A-Z]\.\s?){2,4}(?!\w)")  # "R.O.", with a point behind each
SHORT = 2  # letters of a part of a name, under which it tells nobody
IDEOGRAPHS = "\u2e80"  # from here on words may be written without blanks between them


def plain(text: str) -> str:
    """The text without letters that nobody sees; circled, wide or bold letters as the ones they stand for."""
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    if text.isascii():
        return text
    return "".join(_plain_letter(char) for char in text)


def _plain_letter(char: str) -> str:
    if char < "\u02b0" or char in "’ʼ‘´":
        return char
    simple = unicodedata.normalize("NFKC", char)
    return simple if simple != char and simple.isalnum() and simple.isascii() else char


def folded(word: str) -> str:
    """A word for comparing: without case, accents and apostrophes, and in our alphabet where it looks so."""
    apart = unicodedata.normalize("NFKD", word.casefold()).translate(_FOLDS)
    return "".join(char for char in apart if char.isalnum())


@cache
def words(name: str) -> frozenset[str]:
    """The words of one of the lists beside this file."""
    return frozenset(Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8").split())


class Names:
    """Persons by the parts of their names.

    `parts` are told wherever they stand, `careful` ones, which are words too, only with a capital letter; `whole`
    names in any case, if the order is the one given, else with a capital; `within`: parts written without blanks;
    `initials` of two letters or more, told where they have points.
    """

    def __init__(self, people: Iterable[str]) -> None:
        self.parts: set[str] = set()
        self.careful: set[str] = set()
        self.whole: dict[str, dict[tuple[str, ...], bool]] = {}
        self.within: set[str] = set()
        self.initials: set[str] = set()
        self.joined: set[str] = set()
        self.led: dict[str, set[str]] = {}  # careful parts, and the initials of those who bear them
        for name in people:
            for piece in _SPLIT.split(plain(name)):
                self._add([found.group() for found in WORD.finditer(piece)])
                for hyphened in _HYPHENED.findall(piece):
                    self.joined.add("".join(map(folded, hyphened)))
        self.joined = {
            one for one in self.joined if not words("ordinary") & {*_endings(one)}
        }  # "grants" is a word

    def _add(self, tokens: Sequence[str]) -> None:
        keys = [key for key in map(folded, tokens) if key and key not in TITLES and not key.isdigit()]
        telling = [key for key in keys if len(key) >= SHORT and key not in words("roles")]
        if not telling and len(keys) == 2 and len(keys[0]) == 1 < len(keys[1]):
            self.careful.add(keys[1])  # "R. English" is a person
            self.led.setdefault(keys[1], set()).add(keys[0])
        if not telling:
            return
        named = [key for key in keys if len(key) >= SHORT]
        if len(named) > 1:
            for order in (tuple(named), (named[-1], *named[:-1])):
                self.whole.setdefault(order[0], {}).setdefault(order, order == tuple(named))
            self.joined |= {"".join(named), f"{named[-1]}{named[0]}", f"{named[0]}{named[-1]}"}
            self.joined |= {"".join(named[at:]) for at in range(1, len(named) - 1)}  # vanderberg
        if len(keys) > 1:
            every = "".join(key[0] for key in keys)
            self.initials |= {every, every[0] + every[-1]} | ({every[:-1]} if len(every) > 2 else set())
        initials = {key[0] for key in keys}
        for token, key in zip(tokens, map(folded, tokens), strict=True):
            if key not in telling or (key in _PARTICLES and len(telling) > 1):
                continue
            common = key in words("ordinary") or key in _PARTICLES or len(key) <= SHORT
            (self.careful if common else self.parts).add(key)
            if common:
                self.led.setdefault(key, set()).update(initials)
            if any(char >= IDEOGRAPHS for char in key):
                self.within.add(key)
            elif len(key) > 4:
                self.joined |= {initial + key for initial in initials} | {
                    key + initial for initial in initials
                }
            last = folded(re.split("['’ʼ`´‘]", token)[-1])
            if last != key and len(last) > 3:
                self.parts.add(last)

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Where a text that is `plain` names somebody: (start, end) of each word that does, in order."""
        found = list(WORD.finditer(text))
        keys = [folded(one.group()) for one in found]
        told: set[int] = set()
        for at, key in enumerate(keys):
            if self._tells(found[at].group(), key) or (key in self.careful and _titled(keys, at)):
                told.add(at)
            behind = text[found[at].end() : found[at].end() + 3]
            if self._reversed(keys, at, behind) or self._led(found, keys, at):
                told |= {at, at + 1}
            told.update(self._sequence(found, keys, at))
            if (
                at
                and self._tells(found[at - 1].group(), keys[at - 1] + key)
                and keys[at - 1] + key in self.parts
            ):
                told |= {at - 1, at}
        marks = [without_s(*found[at].span(), text) for at in sorted(told)]
        for one in _POINTED.finditer(text):
            if folded(one.group()) in self.initials:
                marks.append(one.span())
        if self.within:
            marks += _inside(text, self.within)
        return sorted(set(marks))

    def _reversed(self, keys: list[str], at: int, between: str) -> bool:
        """Whether two words with a comma, bracket or _ between are a known name, in any order and case."""
        if not between.lstrip().startswith((",", "(", "_")) or words("roles") & set(keys[at : at + 2]):
            return False
        orders = self.whole.get(keys[at], {})
        return any(list(order[1:2]) == keys[at + 1 : at + 2] for order in orders)

    def _led(self, found: Sequence[re.Match[str]], keys: Sequence[str], at: int) -> bool:
        """Whether a careful part has an initial of its bearer right behind it, in any case: "reader k"."""
        if at + 1 >= len(keys) or keys[at + 1] not in self.led.get(keys[at], ()) or keys[at + 1] in "ai":
            return False
        return found[at + 1].start() - found[at].end() <= 2

    def _tells(self, word: str, key: str) -> bool:
        for one in _endings(key):
            if one in self.parts or one in self.joined:
                return True
            if one in self.careful and _capital(word):
                return True
        if key.isalpha() or key.isdigit():
            return False
        if (bare := key.rstrip("0123456789")) != key and self._tells(word, bare):
            return True
        return self._tells(word, "".join(filter(str.isalpha, key.translate(_DIGITS))))

    def _sequence(self, found: Sequence[re.Match[str]], keys: Sequence[str], at: int) -> Iterator[int]:
        for order, as_given in self.whole.get(keys[at], {}).items():
            here = tuple(keys[at : at + len(order)])
            same = here[:-1] == order[:-1] and order[-1] in _endings(
                here[-1] if len(here) == len(order) else ""
            )
            if same and (as_given or any(_capital(found[at + n].group()) for n in range(len(order)))):
                yield from range(at, at + len(order))


def _titled(keys: Sequence[str], at: int) -> bool:
    return at > 0 and (keys[at - 1] in TITLES or keys[at - 1] in CALLED)


def _capital(word: str) -> bool:
    return word[:1] != word[:1].lower()


def _endings(key: str) -> tuple[str, ...]:
    """A word as it is, and without what makes it a possessive or a family."""
    return (
        (key, key[:-1], key[:-2]) if key.endswith("es") else (key, key[:-1]) if key.endswith("s") else (key,)
    )


def without_s(start: int, end: int, text: str) -> tuple[int, int]:
    """A word without the 's that may stand behind what names somebody."""
    return (
        (start, end - 2)
        if end - start > 3 and re.fullmatch("['’][sS]", text[end - 2 : end])
        else (start, end)
    )


def _inside(text: str, parts: Iterable[str]) -> Iterator[tuple[int, int]]:
    lower = text.casefold()
    if len(lower) != len(text):
        lower = text
    for part in parts:
        start = lower.find(part)
        while start >= 0:
            yield start, start + len(part)
            start = lower.find(part, start + len(part))
