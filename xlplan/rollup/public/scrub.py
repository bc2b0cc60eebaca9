"""A school's words in, the same without persons and ways to reach them out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from xlplan.rollup.public.names import TITLES, WORD, Names, folded, plain, without_s

NAME, CONTACT = "[name]", "[contact]"
_AT = r"(?:@|\(\s*at\s*\)|\[\s*at\s*\]|＠)"
_DOT = r"(?:\.|\s?\(\s*dot\s*\)\s?|\s?\[\s*dot\s*\]\s?|\sdot\s)"
_ENDS = "com|org|net|edu|gov|info|io|me|us|uk|co|k12"
_CONTACTS = re.compile(
    rf"""(?ix)
    (?:mailto:|tel:)?[\w.+'’-]+\s?{_AT}\s?[\w-]+(?:{_DOT}[\w-]+)+     # an address
    | [\w.+'’-]+(?:\sdot\s[\w-]+)*\s(?:at)\s[\w-]+(?:\sdot\s[\w-]+)+                     # an address in words
    | [\w.+'’-]+@[\w.-]+                                              # a part of one
    | \b(?:[\w-]+\.)+(?:{_ENDS})\b(?:/\S*)?                            # a page without its beginning
    | \b(?:https?|ftp)://\S+ | \bwww\.\S+                             # a page
    | (?<![\w@])@[a-z_][\w.]+                                         # a handle
    | (?<![\w.,$])[+(]?\d(?:[\s().\-/–‑·]{{0,2}}\d){{6,}}(?:\s*(?:ext|extension|x)\.?\s*\d+)?(?!\w)  # a telephone
    | \b(?:ext|extension)\.?\s*\d{{2,}} | \bx\d{{3,}}\b
    """
)
_DAY = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d")
_AMOUNT = re.compile(r"\d+\.\d{1,2}")
_YEARS = re.compile(r"(?:(?:19|20)\d\d)(?:\s?[-–/]\s?(?:(?:19|20)\d\d|\d\d))*")
_TITLED = re.compile(
    r"\b(?:Mrs?|Ms|Mx|Miss|Dr|Prof|Professor|Sra|Srta|Sr|Señora?|Señorita|Don|Doña|Coach|Principal|Teacher|Nurse|"
    r"Counsell?or|Superintendent|Reverend|Father|Sister|MRS?|MS|DR)\b\.?\s*(?:[A-Z]\.?\s+)*(?:(?:de|del|la|las|los|van|"
    r"von|der|den|di|da|dos|bin|al|el)\s+)*(?:[A-ZÀ-ÞŁŠŽ][\w'’-]+(?:\s+[A-ZÀ-ÞŁŠŽ][\w'’-]+)?|[A-Z](?:\.|\b))"
)
_CHILD = re.compile(
    r"(?<![\w.])[A-ZÀ-ÞŁŠŽ][a-zß-ÿ]{2,}\s[A-ZÀ-ÞŁŠŽ]\.(?!\w)(?!\s?[A-ZÀ-ÞŁŠŽ])"
)  # "Timothy W."
_INITIALLED = re.compile(r"(?<![\w.])(?!U\.\s?S\.)(?:[A-ZÀ-Þ]\.\s?){1,2}[A-ZÀ-ÞŁŠŽ][a-zß-ÿ][\w'’-]+")
_BETWEEN = re.compile(r"[\s.\-‐‑–'’,]{0,3}")
_BEFORE = re.compile(r"(?:^|(?<=[\s(“\"'‘,;:/-]))((?:[A-ZÀ-Þ]\.?[\s-]{0,2}){1,3}|[a-z][._])$")
_AFTER = re.compile(r"[\s,]{0,2}[A-ZÀ-Þ]\.(?:\s?[A-ZÀ-Þ]\.)?(?!\w)")
_TITLE = re.compile(r"(?:^|(?<=\W))(\w+)\.?\s{0,2}$")
_SPACED = re.compile(r"(?<!\w)(?:[^\W\d_][\s.\-_*·]{1,2}){4,}[^\W\d_](?!\w)")


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text that names nobody; `taken`: how many names and contacts stood in it."""

    text: str
    taken: int


class Scrubber:
    """Takes out of texts whom `names` knows, whoever is named with a title or an initial, and every address."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.text = lru_cache(maxsize=4096)(self._text)

    def _text(self, text: str) -> Scrubbed:
        taken = 0

        def contact(found: re.Match[str]) -> str:
            nonlocal taken
            if any(kind.fullmatch(found[0]) for kind in (_DAY, _YEARS, _AMOUNT)):
                return found[0]
            taken += 1
            return CONTACT

        text = _CONTACTS.sub(contact, plain(text))
        spans = self._spans(text)
        for start, end in reversed(spans):
            text = f"{text[:start]}{NAME}{text[end:]}"
        return Scrubbed(text, taken + len(spans))

    def _spans(self, text: str) -> list[tuple[int, int]]:
        """What is to be replaced: names with their titles and initials, those side by side as one."""
        marks = [_widened(text, *mark) for mark in self.names.marks(text)]
        for pattern in (_TITLED, _INITIALLED, _CHILD, _SPACED):
            marks += [without_s(*found.span(), text) for found in pattern.finditer(text)]
        kept: list[tuple[int, int]] = []
        for start, end in sorted(marks):
            if text[start:end] == CONTACT[1:-1]:
                continue
            if kept and (start <= kept[-1][1] or _BETWEEN.fullmatch(text, kept[-1][1], start)):
                kept[-1] = kept[-1][0], max(end, kept[-1][1])
            else:
                kept.append((start, end))
        return kept


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """A name with the initials on either side of it, and the title before."""
    if found := _BEFORE.search(text, max(start - 12, 0), start):
        start = found.start(1)
    if found := _TITLE.search(text, max(start - 12, 0), start):
        start = found.start(1) if folded(found[1]) in TITLES else start
    if found := _AFTER.match(text, end):
        end = found.end()
    return start, end


def letters(text: str) -> int:
    """How many letters a text has beside what stands for names and contacts."""
    kept = text.replace(NAME, "").replace(CONTACT, "")
    return sum(len(found.group()) for found in WORD.finditer(kept))
