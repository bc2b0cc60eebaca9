"""One person answers for a step: what is found, and the traps that must stay silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import xlplan
from xlplan.checks.owners import GROUP, SEVERAL, several_people

SAMPLES = sorted((Path(xlplan.__file__).parent / "samples" / "sfss").glob("*.json"))


@pytest.mark.parametrize(
    "text",
    [
        "B. Tran, literacy coach", "Director of Teaching and Learning", "HR director",
        "Assistant principal J. Ortiz",
        "J. Ortiz", "Maria Lopez", "Lee, Maria", "Ortiz-Lee", "Tran, B.", "Ms. Anderson",
        "Dr. Sandra Orlando", "principal",
        "M. Tran, college and career specialist", "B. Lindgren-Ochoa, career and technical director",
        "Director of Curriculum, Instruction and Assessment", "Teaching and Learning Director",
        "teaching and learning director",
        "Culture and Climate Coordinator", "Teacher/librarian", "PE/Health teacher",
        "B. Tran / literacy coach",
        "B. Tran, MTSS/PBIS coach", "Title I coordinator", "Data team lead", "Front office manager",
        "Head of department",
        "Chair of the school council", "Family liaison, district office", "Superintendent's secretary",
        "Teacher of students with disabilities",
        "Specialist for students with disabilities", "Community liaison with families",
        "Leadership team (J. Ortiz)",
        "Principal Anderson", "Coach Staffordson", "Grade 5 lead", "Assistant superintendent for schools",
        "Dean of Students",
        "English and History teacher", "special education teacher", "Athletics & Activities Director",
        "K-5 math coach",
        "Principal or designee", "José Ñáñez", "Anne-Marie O’Brien, school nurse", "Dr. Lee, EdD",
        "Executive director, Teaching and Learning",
        "A. Board", "R. Allstaff", "Sandra", "Orlando", "Andy Anderson", "T. Wither",
        "Counselor for grades 6, 7 and 8",
    ],
)  # fmt: skip
def test_one_person_is_left_alone(text: str) -> None:
    """A name, a title, a field of work with "and" in it, an office that one belongs to."""
    assert several_people(text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Ortiz / Lee", "Ortiz/Lee", "Ortiz and Lee", "J. Ortiz and B. Lee", "J. Ortiz & B. Lee",
        "J. Ortiz, B. Lee", "J. Ortiz; B. Lee",
        "J. Ortiz\nB. Lee", "J. Ortiz + B. Lee", "Ortiz, Lee, Kim", "Ortiz, Lee and Kim",
        "Ms. Ortiz and Mr. Lee",
        "Maria Lopez and Ann Lee", "principal and counselor", "Principal and assistant principal",
        "Principal / Counselor",
        "principal, coach and counselor", "Ortiz and the principal", "J. Ortiz and literacy coach",
        "principal and leadership team",
        "J. Ortiz with the leadership team", "B. Tran, literacy coach and J. Lee",
        "principal with the counselors",
        "Dean of Students and J. Lee", "principal; coach; nurse", "J. Ortiz / leadership team",
    ],
)  # fmt: skip
def test_several_people_are_found(text: str) -> None:
    assert several_people(text) == SEVERAL


@pytest.mark.parametrize(
    "text",
    [
        "School principals", "grade-level leads", "superintendent's office", "superintendent’s office",
        "leadership team",
        "Leadership Team", "all staff", "Math department", "PLC", "Grade 5 teachers", "teachers of grade 3",
        "counselors",
        "Everyone", "The faculty", "School board", "Building leadership team", "coaches", "District office",
        "Office of Student Success",
        "parents", "2 teachers",
    ],
)  # fmt: skip
def test_a_group_is_found(text: str) -> None:
    assert several_people(text) == GROUP


def owners(data: Any) -> list[str]:
    if isinstance(data, dict):
        own = [data["owner"]] if data.get("owner") else []
        return own + [name for value in data.values() for name in owners(value)]
    return [name for item in data for name in owners(item)] if isinstance(data, list) else []


def test_no_owner_of_the_sample_plans_is_found() -> None:
    """Twelve plans with their hundreds of owners, written by people who knew the rule."""
    names = {name for path in SAMPLES for name in owners(json.loads(path.read_text(encoding="utf-8")))}
    assert len(names) > 50
    assert {name: several_people(name) for name in sorted(names) if several_people(name)} == {}


@pytest.mark.parametrize(
    "text", ["", ",", "and", "/", "and and", "(", "()", "…", ", , ,", "123", "with", "\n"]
)
def test_odd_text_is_no_alarm(text: str) -> None:
    assert several_people(text) == ""
