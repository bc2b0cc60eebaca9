"""What several schools ask for: the wordings of needs in, those that mean the same together out."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from xlplan.rollup.store import Store

ALIKE = 88  # of 100: how near two wordings of one need are at least
COMMON = 200  # groups that share a word, beyond which the word tells nothing
SMALL = frozenset(
    re.findall(r"\w+", "a an and are as at be by for from in is it of on or our per the their to we with")
)
SCHOOL = (
    "coalesce(school_id, district_id) || ' ' || campaign"  # one school may have plans on several templates
)
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Need:
    """One need of a kind. `wordings`: how often each is used; `schools`: how many schools ask for it."""

    kind: str
    wordings: dict[str, int] = field(default_factory=dict)
    plans: dict[int, None] = field(default_factory=dict)
    schools: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        """The most common wording, of several the first in the alphabet."""
        return min(self.wordings, key=lambda text: (-self.wordings[text], text))

    @property
    def asked(self) -> int:
        """How many rows ask for it."""
        return sum(self.wordings.values())


def shared_needs(store: Store) -> list[Need]:
    """The needs that two schools or more ask for, those of most schools first."""
    found: list[Need] = []
    kinds = [row[0] for row in store.rows("SELECT DISTINCT kind FROM needs ORDER BY kind")]
    for kind in kinds:
        counts = {
            row[0]: int(row[1])
            for row in store.rows("SELECT item, count(*) FROM needs WHERE kind = ? GROUP BY item", [kind])
        }
        leaders = grouped(counts)
        needs: dict[str, Need] = {}
        for text, many in counts.items():
            needs.setdefault(leaders[text], Need(kind=kind)).wordings[text] = many
        who = f"SELECT item, plan, {SCHOOL} AS whose FROM needs_full WHERE kind = ? ORDER BY plan, n"
        for row in store.rows(who, [kind]):
            need = needs[leaders[row["item"]]]
            need.plans[row["plan"]] = None
            need.schools.add(row["whose"])
        found += [need for need in needs.values() if len(need.schools) > 1]
    return sorted(found, key=lambda need: (-len(need.schools), -need.asked, need.kind, need.name))


def grouped(counts: Mapping[str, int]) -> dict[str, str]:
    """Each wording → the wording that leads its group, the most common first; the same for the same wordings.

    Two are one need where their words are the same, or nearly so and at least half of the longer's are in both:
    "Bus" is not "Bus passes for families of seniors".
    """
    leaders: dict[str, str] = {}
    exact: dict[frozenset[str], str] = {}
    words_of: dict[str, frozenset[str]] = {}
    with_word: defaultdict[str, list[str]] = defaultdict(list)
    for text in sorted(counts, key=lambda one: (-counts[one], one)):
        words = _words(text)
        leader = exact.get(words) or _nearest(words, words_of, with_word)
        if leader is None:
            leader, words_of[text] = text, words
            for word in words:
                with_word[word].append(text)
        exact.setdefault(words, leader)
        leaders[text] = leader
    return leaders


def _nearest(
    words: frozenset[str], words_of: Mapping[str, frozenset[str]], with_word: Mapping[str, list[str]]
) -> str | None:
    """The leader that is most alike, of those that share a telling word; of equal ones the first."""
    from rapidfuzz.fuzz import token_set_ratio  # for summaries that look for needs

    here = " ".join(sorted(words))
    near: dict[str, None] = {}
    for word in sorted(words, key=lambda one: (len(with_word.get(one, ())), one)):
        sharing = with_word.get(word, ())
        if len(sharing) <= COMMON:
            near |= dict.fromkeys(sharing)
    best, score = None, 0.0
    for other in near:
        theirs = words_of[other]
        if 2 * len(words & theirs) < max(len(words), len(theirs)):
            continue
        alike = token_set_ratio(here, " ".join(sorted(theirs)))
        if alike >= ALIKE and alike > score:
            best, score = other, alike
    return best


def _words(text: str) -> frozenset[str]:
    """The words that tell something, folded; of a text without any, the text itself."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found: Iterable[str] = _WORD.findall(plain)
    return frozenset(word for word in found if word not in SMALL) or frozenset({plain.strip()})
