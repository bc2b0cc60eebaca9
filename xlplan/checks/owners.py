"""One person answers for a step (001: "a specific person"; 002: "only one owner").

Prefers silence to a false alarm: what may be one person with a title, a field of work or an office is one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from xlplan.checks.owners_es import is_spanish, many_in_spanish
from xlplan.checks.rows import PlanRows
from xlplan.checks.rule import check
from xlplan.checks.words import Words, words_of
from xlplan.findings import Finding
from xlplan.form.markers import Meaning
from xlplan.form.text import plural

SEVERAL, GROUP = "more than one person", "a group"

_FIELD_OF = re.compile(r"\b(?:of|for|to)\b", re.I)
_HEAD_END = re.compile(
    r"\b(?:of|for|to|with|in|at|from|across|within|per|on|who|working|assigned|trained|responsible)\b", re.I
)
_SURE_NAME = re.compile(
    r"\b[A-Z]\.\s*(?:[A-Z]\.\s*)?[A-Z][\w'’-]+|\b(?:Mr|Mrs|Ms|Mx|Dr|Sr|"
    r"Sra)\b\.?\s+(?:[A-Z]\.\s*)?[A-Z][\w'’-]+"
    r"|\b[A-Z][\w'’-]+,\s*[A-Z]\.(?!\s*[A-Z])"
)
_CUT = re.compile(
    r"\s*(;|/|\+|\||\\|\n|\s&\s|(?<=[a-z])&(?=[A-Z])|\b(?:and|or|with|as well as|together with|along "
    r"with)\b)\s*",
    re.I,
)
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_LED_BY = re.compile(
    r"\b(?:led|chaired|headed|run|coordinated|facilitated|overseen|managed|directed|represented|"
    r"lead)\s+by\s+(.+)",
    re.I,
)
_SOME = re.compile(
    r"^(?:each|every|all|both|several|various|multiple|different|many|most|the entire|entire|whole|any of)\b",
    re.I,
)
_SOMEONES = re.compile(r"\b[\w.-]+(?:['’]s?)\s+(?:[\w-]+\s+)?([\w-]+)$")
_OTHERS = re.compile(
    r"(?:\bet al\b|[,&+]\s*others\b|\b(?:and|or|with)\s+(?:the\s+|his\s+|her\s+|their\s+|"
    r"other\s+)?(?:others|colleagues|teammates|co-?workers)\b)",
    re.I,
)
_LABEL = re.compile(r"\s*(?::|\s[-–—]\s|[–—])\s*")
_WHOLES = frozenset({"school", "district", "lea", "community", "building", "campus", "state", "county", "hr"})
_PRINCIPALS = frozenset({"principal", "ap", "vp"})


@dataclass(frozen=True, slots=True)
class _Known:
    """The words of owner cells, as sets. `known`: all that is no name."""

    titles: frozenset[str]
    plurals: frozenset[str]
    bodies: frozenset[str]
    public: frozenset[str]
    ranks: frozenset[str]
    known: frozenset[str]


@lru_cache(maxsize=16)
def _known(words: Words) -> _Known:
    titles, bodies, public, ranks = words["title"], words["group-owner"], words["public"], words["rank"]
    plurals = frozenset(plural(title) for title in titles) | {"people", "reps", "heads", "co-leads"}
    known = titles | plurals | bodies | public | ranks | words["field-of-work"]
    return _Known(titles=titles, plurals=plurals, bodies=bodies, public=public, ranks=ranks, known=known)


@check('001: "It is essential that this be a specific person"; 002: "only one owner".', Meaning.OWNER)
def owner_not_one_person(rows: PlanRows) -> Iterator[Finding]:
    """One person, named or by title, answers for a step; not several people, and not a group."""
    for row, item, text in rows.texts(Meaning.OWNER):
        several = several_people(text, rows.words)
        if several:
            yield rows.found("owner-not-one-person", row.cell(item), found=text, several=several)


def several_people(text: str, words: Words | None = None) -> str:
    """SEVERAL, GROUP, or nothing for what may be one person."""
    if is_spanish(text):
        several, group = many_in_spanish(text)
        return SEVERAL if several else GROUP if group else ""
    return _Owner(_known(words or words_of())).judged(text)


@dataclass(frozen=True, slots=True)
class _Owner:
    """An owner's text against the words."""

    words: _Known

    def judged(self, text: str) -> str:
        """SEVERAL, GROUP or nothing."""
        outside = _BRACKETS.sub(" ", text).strip()
        plain = outside or text  # what stands in brackets explains
        names = len(_SURE_NAME.findall(plain))
        within = " ".join(" ".join(found) for found in _BRACKETS.findall(text)).strip() if outside else ""
        if names > 1 or _OTHERS.search(plain):
            return SEVERAL
        if led := _LED_BY.search(plain):
            return self.judged(led[1])
        labelled = _LABEL.split(plain, maxsplit=1)
        if (
            len(labelled) == 2
            and all(labelled)
            and self._is_group(labelled[0])
            and not self._is_name(labelled[0])
        ):
            return self.judged(labelled[1]) if self._is_person(labelled[1].split(",")[0]) else GROUP
        if (
            len(labelled) == 2
            and not self._is_person(labelled[0].split(",")[0])
            and self._is_group(labelled[1])
        ):
            return GROUP  # "Grade 3 - teachers"
        parts = [part.strip() for part in labelled[0].split(",") if part.strip()]
        if not parts:
            return ""
        if self._listed(parts) or self._joined(parts[0]) or self._two_of_a_list(parts):
            return SEVERAL
        if names or any(map(self._is_name, parts[1:])):
            return GROUP if len(parts) == 1 and self._is_someones_group(parts[0]) else ""
        if self._is_group(parts[0]):
            one = (
                within
                and not self.judged(within)
                and (self._is_name(within) or bool(_SURE_NAME.search(within)))
            )
            return "" if one else GROUP
        return ""

    def _is_person(self, text: str) -> bool:
        return self._is_name(text) or self._is_role(text)

    def _is_someones_group(self, text: str) -> bool:
        """ "Ms. Garcia's team"."""
        found = _SOMEONES.search(text)
        return bool(found) and self._last(found[1] if found else "") in self.words.bodies | self.words.plurals

    def _listed(self, parts: list[str]) -> bool:
        """Three names or roles with commas between them; two may be "Lee, Maria" or a name with its title."""
        pieces = [piece for part in parts for piece in _CUT.split(part)[::2] if piece]
        return len(pieces) > 2 and (
            all(map(self._is_name, pieces))
            or all(self._is_role(piece) or self._is_group(piece) for piece in pieces)
        )

    def _two_of_a_list(self, parts: list[str]) -> bool:
        """Two with a comma between them that cannot be one person and what they are."""
        first, rest = parts[0], parts[1:]
        if not rest:
            return False
        if self._is_role(first) and any(map(self._joined_roles, rest)):
            return True
        if self._is_person(first) and any(map(self._is_plainly_many, rest)):
            return True
        if self._both_principals(first, rest[0]):
            return True
        return self._is_full_name(first) and any(map(self._is_full_name, rest))

    def _is_full_name(self, text: str) -> bool:
        return len(_words(text)) == 2 and len(text.split()) == 2 and self._is_name(text)

    def _is_plainly_many(self, text: str) -> bool:
        """ "grade-level leads", "all staff" after a comma; an office or a department is where one works."""
        words = text.split()
        said = text.casefold().removeprefix("and ").removeprefix("& ")
        return (
            len(words) < 4 and self._last(said) in self.words.plurals and not _FIELD_OF.search(text)
        ) or bool(
            re.fullmatch(r"(?:all |the |school |teaching |other |support )*(?:staff|everyone|faculty)", said)
        )

    def _both_principals(self, one: str, other: str) -> bool:
        """A principal and an assistant principal are never one."""
        heads = {self._last(one), self._last(other)}
        ranked = [
            bool(re.search(r"\b(?:asst|assistant|vice|associate|ap|vp)\b", text, re.I))
            for text in (one, other)
        ]
        short = all(len(_words(text)) < 3 for text in (one, other))
        return short and heads <= _PRINCIPALS and ranked[0] != ranked[1]

    def _joined(self, text: str) -> bool:
        """Whether "and", a slash or the like joins people, and not the words of a title."""
        first, *rest = _CUT.split(text)
        joints, others = rest[::2], rest[1::2]
        return any(
            self._two(first, joint.strip().casefold(), other, text)
            for joint, other in zip(joints, others, strict=True)
        )

    def _two(self, first: str, joint: str, other: str, text: str) -> bool:
        """Whether two pieces are two people, or one and a group."""
        if not first or not other:
            return False
        if joint == "with" and (
            _FIELD_OF.search(first)
            or self._head(other) in self.words.public
            or self._head(first) == "liaison"
        ):
            return False
        if self._is_name(first) and self._is_name(other):
            return True
        if joint == "/" and self._both_principals(first, other):
            return True
        if joint in ("/", ";") and (self._is_name(first) or self._is_name(other)):
            return self._is_group(first) or self._is_group(other)  # else a name and its title
        if joint == "/" and " / " not in text and "\n" not in text:
            return False  # teacher/librarian, PE/health teacher
        if self._is_name(first):
            return self._is_group(other) or (self._is_role(other) and self._plainly(other))
        return (self._is_role(first) or self._is_group(first)) and (
            self._is_role(other) or self._is_group(other) or bool(_SURE_NAME.search(other))
        )

    def _joined_roles(self, text: str) -> bool:
        """ "principal, coach and counselor": the end of a list of roles."""
        pieces = _CUT.split(text)[::2]
        return len(pieces) > 1 and all(self._is_role(piece) and self._plainly(piece) for piece in pieces)

    def _plainly(self, role: str) -> bool:
        """A role that can stand for itself: "the principal", "literacy coach"; not "Learning Director"."""
        words = _words(role)
        return role[:1].islower() or all(
            word.casefold() in self.words.titles | self.words.ranks for word in words
        )

    def _is_name(self, text: str) -> bool:
        """One to three capitalised words that are neither titles nor fields of work nor abbreviations."""
        if _SURE_NAME.search(text):
            return True
        words = _words(text)
        return 0 < len(words) < 4 and all(
            word[0].isupper()
            and len(word) > 1
            and not word.isupper()
            and word.casefold() not in self.words.known
            for word in words
        )

    def _is_role(self, text: str) -> bool:
        return self._head(text) in self.words.titles or self._last(text) in self.words.titles

    def _is_group(self, text: str) -> bool:
        if self._head(text) in self.words.plurals | self.words.bodies | self.words.public:
            return self._last(text) not in self.words.titles or bool(_HEAD_ENDS_BODY.search(text))
        bare = text.casefold().removeprefix("the ").strip(" .")
        return bare in _WHOLES or (
            bool(_SOME.match(text)) and (self._is_role(text) or bare.endswith("school"))
        )

    def _head(self, text: str) -> str:
        """The word that says what it is: the last one, or the last before "of", "for" and the like."""
        words = _words(_HEAD_END.split(text)[0]) or _words(text)
        return self._bare(words[-1]) if words else ""

    def _last(self, text: str) -> str:
        words = _words(text)
        return self._bare(words[-1]) if words else ""

    def _bare(self, word: str) -> str:
        """ "co-chairs" as "chairs", where only that is known."""
        low = word.casefold().replace("’", "'")
        tail = low.rpartition("-")[2]
        return tail if low not in self.words.known and tail in self.words.known else low


# "teachers of the principal's choice" stays a group; "Department of Special Education director" is one person
_HEAD_ENDS_BODY = re.compile(r"^(?:[\w-]+\s+)*(?:teachers|parents|families|students|members)\b", re.I)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*", text)
