"""The schools of a campaign."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from xlplan.campaign.nearest import did_you_mean
from xlplan.errors import UsageError

REQUIRED = ("district_id", "district", "school_id", "school")
OPTIONAL = ("template", "email", "language", "region", "low_grade", "high_grade", "enrolment")


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """One line of the roster: a school, or the district itself where `school_id` and `school` are empty."""

    district_id: str
    district: str
    school_id: str
    school: str
    template: str = ""  # empty: the campaign's
    email: str = ""
    language: str = ""
    region: str = ""  # a part of the state, by which districts are summed up
    low_grade: str = ""
    high_grade: str = ""
    enrolment: str = ""

    @property
    def key(self) -> str:
        """What stands wherever a school is asked for: its id, or the district's for its own plan."""
        return self.school_id or self.district_id

    @property
    def name(self) -> str:
        """What people call it: the school's name, or the district's for the district's own plan."""
        return self.school or self.district


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The schools in the file's order, and what the reader should know about how it was read."""

    schools: tuple[School, ...]
    notes: tuple[str, ...] = ()


def select(roster: Roster, district_ids: Collection[str]) -> Roster:
    """The lines of these districts, all of them if none is named; raises UsageError for an unknown one."""
    if not district_ids:
        return roster
    known = {school.district_id for school in roster.schools}
    unknown = [wanted for wanted in district_ids if wanted not in known]
    if unknown:
        lines = (
            f'There is no district "{wanted}" on the roster.{did_you_mean(wanted, known)}'
            for wanted in unknown
        )
        raise UsageError("\n".join(lines))
    schools = tuple(school for school in roster.schools if school.district_id in district_ids)
    return Roster(schools=schools, notes=roster.notes)
