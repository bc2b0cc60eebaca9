"""What a new roster changes: schools added, closed, renamed, moved, other details; and what looks like a merger."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from xlplan.campaign.roster import OPTIONAL, School

PRINTED = ("district_id", "district", "school_id", "school")  # what a copy shows of its school
_FACTS = tuple(item.name for item in fields(School) if item.name != "template")
# words that say what kind of school it is, not which
_KINDS = frozenset(
    ("a", "academy", "and", "at", "campus", "center", "elementary", "for", "high", "intermediate", "junior", "magnet",
     "middle", "of", "primary", "program", "public", "school", "schools", "secondary", "senior", "the")
)  # fmt: skip

Change = tuple[str, str]  # before and now


@dataclass(frozen=True, slots=True, kw_only=True)
class Altered:
    """A school that stays, with what is another now: column → before and now, "template" for its plans."""

    school: School
    fields: Mapping[str, Change]

    @property
    def renamed(self) -> bool:
        """Whether it is called otherwise."""
        return "school" in self.fields or (not self.school.school and "district" in self.fields)

    @property
    def moved(self) -> bool:
        """Whether it belongs to another district."""
        return "district_id" in self.fields

    @property
    def printed(self) -> bool:
        """Whether its next copy shows something else than the last."""
        return any(name in self.fields for name in PRINTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What a person should decide: some schools are gone, and the names of these schools point at them.

    `kind`: "merged" several became one, "split" one became several, "id" perhaps one under another id.
    """

    kind: str
    gone: tuple[School, ...]
    now: tuple[School, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChanges:
    """Everything that differs between two rosters, in their order. Schools are told apart by their ids alone."""

    added: tuple[School, ...]
    closed: tuple[School, ...]
    altered: tuple[Altered, ...]
    candidates: tuple[Candidate, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.closed or self.altered)


def roster_changes(before: Sequence[School], now: Sequence[School]) -> RosterChanges:
    """What differs, a school with several plans as one."""
    old, new = _by_key(before), _by_key(now)
    added = tuple(lines[0] for key, lines in new.items() if key not in old)
    closed = tuple(lines[0] for key, lines in old.items() if key not in new)
    altered = tuple(
        Altered(school=new[key][0], fields=changed)
        for key, lines in old.items()
        if key in new and (changed := _changed(lines, new[key]))
    )
    renamed = {item.school: item.fields["school"][0] for item in altered if "school" in item.fields}
    candidates = tuple(_candidates(closed, {**dict.fromkeys(added, ""), **renamed}))
    return RosterChanges(added=added, closed=closed, altered=altered, candidates=candidates)


def with_kept_columns(
    before: Sequence[School], now: Sequence[School]
) -> tuple[tuple[School, ...], tuple[str, ...]]:
    """The new lines with what only the former roster knows, and the columns that were taken from there.

    A roster as a state publishes it has no column for templates or addresses: that they are not in it says nothing.
    """
    kept = tuple(
        name
        for name in OPTIONAL
        if not any(getattr(line, name) for line in now) and any(getattr(line, name) for line in before)
    )
    if not kept:
        return tuple(now), ()
    old = _by_key(before)
    made: list[School] = []
    for line in now:
        # without its column a school's plans are those that it has
        known = old.get(line.key, ()) if "template" in kept else old.get(line.key, ())[:1]
        made += [replace(line, **{name: getattr(was, name) for name in kept}) for was in known] or [line]
    return tuple(made), kept


def _by_key(schools: Iterable[School]) -> dict[str, tuple[School, ...]]:
    found: dict[str, tuple[School, ...]] = {}
    for school in schools:
        found[school.key] = (*found.get(school.key, ()), school)
    return found


def _changed(before: tuple[School, ...], now: tuple[School, ...]) -> dict[str, Change]:
    """The columns in which a school's first lines differ, and its plans."""
    changed = {
        name: (was, is_)
        for name in _FACTS
        if (was := getattr(before[0], name)) != (is_ := getattr(now[0], name))
    }
    was, is_ = ([line.template for line in lines] for lines in (before, now))
    if sorted(was) != sorted(is_):
        changed["template"] = ", ".join(was), ", ".join(is_)
    return changed


def _candidates(closed: tuple[School, ...], named: Mapping[School, str]) -> Iterable[Candidate]:
    """Schools that are gone and those whose new name has a word of theirs; `named`: school → its former name."""
    pointing = {
        school: [gone for gone in closed if _points(school, former, gone)] for school, former in named.items()
    }
    for school, lost in pointing.items():
        if len(lost) > 1 or (lost and named[school]):  # a school that stays can take in a single one
            yield Candidate(kind="merged", gone=tuple(lost), now=(school,))
    for gone in closed:
        now = [school for school, found in pointing.items() if found == [gone] and not named[school]]
        if now:
            yield Candidate(kind="split" if len(now) > 1 else "id", gone=(gone,), now=tuple(now))


def _points(school: School, former: str, gone: School) -> bool:
    """Whether a school's name has a word of one that its district lost, which it did not have before."""
    same = school.district_id == gone.district_id
    return same and bool(_words(gone.name) & (_words(school.name) - _words(former)))


def _words(name: str) -> frozenset[str]:
    """The words of a name that tell which school it is."""
    return frozenset(re.findall(r"\w+", name.casefold())) - _KINDS
