"""Cleaning of typed text: one function for the importer and the model, so both mean the same text."""

from __future__ import annotations

import re
import unicodedata

from xlplan.languages import spanish, spoken

_BLANKS = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\x0b\x0c]")
_BREAKS = re.compile(r"\r\n?|\u2028|\u2029|\x85")
# controls and directions, which terminals, pages and sheets obey; then marks without width, and what is no character
_OBEYED = r"\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_WIDTHLESS = r"\u180e\u200b\u2060-\u2065\ufeff\ufff0-\ufffb"
_LAST_TWO = "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
_INVISIBLE = re.compile(rf"[{_OBEYED}{_WIDTHLESS}\ufdd0-\ufdef{_LAST_TWO}]")
# letters that no one sees, but for those that name a flag, such as that of Wales
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f)|[\U000e0000-\U000e007f]")
# within a word they mean something (in Persian, in emoji, in old Korean), at its ends nothing
_JOINERS = "\u200c\u200d\u00ad\u034f\u115f\u1160\u3164\uffa0\u2800"
_UNUSUAL = re.compile(  # what cleaning changes but for breaks between lines, blanks at the ends, and accents
    rf"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t\x0b\x0c\r\u2028\u2029\x85{_OBEYED}{_WIDTHLESS}\ufdd0-\ufdef{_LAST_TWO}"
    "\U000e0000-\U000e007f]"
)
_HARMFUL = re.compile(rf"[{_OBEYED}{_LAST_TWO}]")
_HALVES = re.compile("[\ud800-\udfff]")
_IN_JSON = re.compile(rf"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff{_LAST_TWO[:2]}]")


def clean_text(text: str, *, lines: bool) -> str:
    """The text in NFC, trimmed, without invisible characters; line breaks become blanks unless `lines`."""
    if text.isascii() and text.isprintable():
        return text.strip()
    if _UNUSUAL.search(text):
        text = _TAGS.sub(r"\1", _INVISIBLE.sub("", _BLANKS.sub(" ", _BREAKS.sub("\n", text))))
    text = unicodedata.normalize("NFC", text)  # last, since what stood between letter and accent may be gone
    if not lines:
        text = " ".join(part for part in map(_trimmed, text.split("\n")) if part)
    return _trimmed(text)


def harmless(text: str) -> str:
    """Text from outside as it may be shown: nothing in it that a terminal, a page or a sheet would obey.

    Line breaks and tabs stay; half a character becomes the replacement character.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", text).replace("\x0b", " ").replace("\x0c", " ")
    return _HALVES.sub("\ufffd", _HARMFUL.sub("", text))


def in_json(document: str) -> str:
    """A JSON document with all escaped that whoever shows it might obey; it says the same."""
    if document.isascii() and "\x7f" not in document:
        return document
    return _IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def _trimmed(text: str) -> str:
    """Without blanks and joiners at its ends, in whatever order they stand."""
    while text != (text := text.strip().strip(_JOINERS)):
        pass
    return text


def units(text: str) -> int:
    """Length in UTF-16 units, as spreadsheet programs count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def folded(text: str) -> str:
    """The text for comparing names: without case, blanks and punctuation."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def with_article(noun: str) -> str:
    """The noun with its article: "a step", "an owner"."""
    if spoken():
        return spanish.with_article(noun)
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def plural(noun: str) -> str:
    """Several of it: steps, strategies, coaches."""
    if spoken():
        return spanish.plural(noun)
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
