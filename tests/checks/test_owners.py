"""One person answers for a step: what is found, and the traps that must stay silent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import xlplan
from xlplan.checks.owners import GROUP, SEVERAL, several_people
from xlplan.checks.words import words_of

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


# fmt: off
MORE_SEVERAL = [
    "Ortiz et al.",
    "J. Ortiz and others",
    "Maria Lopez, Ann Lee",
    "Principal/Assistant Principal",
    "Principal, AP",
    "Principal + SLT",
    "Principal and staff",
    "Ortiz&Lee",
    "Lopez | Kim",
    "J. Ortiz (lead), B. Lee (support)",
    "Principal, grade-level leads",
    "J. Ortiz, all staff",
    "Ms. Lee + 3rd grade team",
    "Lee and 2 teachers",
    "Principal with the counselors",
    "Supt. and principals",
    "Ana, Ben, and Cho",
    "Ruiz & team",
    "Assistant Principal & Dean",
    "Dr. Lee and Board",
    "Ms. Ortiz, Mr. Lee",
    "Admin and counselors",
    "Kim Lee and Jo Park",
    "Smith & Jones",
    "T. Smith/K. Jones",
    "Smith and Jones",
    "Mr. Smith and Ms. Jones",
    "principal and AP",
    "Counselor and social worker",
    "Jane Smith, Bob Jones",
    "Jane Smith; Bob Jones",
    "K. Jones, T. Smith, principal",
    "Superintendent and principals",
    "Coach & classroom teachers",
    "Ms. Diaz with the ELL team",
    "Diaz, Kim, Lopez",
    "Dr. Diaz and staff",
]
MORE_GROUPS = [
    "Each principal",
    "All principals",
    "Every teacher",
    "Both assistant principals",
    "SLT",
    "ILT",
    "Teachers at Lincoln",
    "Department chairs",
    "Steering committee co-chairs",
    "Paraeducators",
    "Ms. Garcia's team",
    "District",
    "The school",
    "Building reps",
    "Volunteers",
    "Leadership team: grades 3-5",
    "Grade 3 - teachers",
    "Instructional coaches",
    "APs",
    "Union",
    "Cabinet",
    "Teacher leaders in each building",
    "Central office",
    "Data Team",
    "K-2 teachers",
    "Interventionists",
    "Office of Teaching and Learning",
    "All",
    "School counselors",
    "PLC leads",
    "Grade level teams",
    "Math coaches",
    "Leadership",
    "Administrative team",
    "The principals",
    "PBIS Committee",
    "Guidance department",
    "superintendents' office",
    "Math teachers, grades 6-8",
    "Staff",
    "Everyone on staff",
    "Human resources department",
    "School improvement team",
    "ESL teachers",
    "district administrators",
    "High school counselors",
]
MORE_ONES = [
    "Leadership team (Ortiz)",
    "Leadership team, led by Ms. Ortiz",
    "Leadership team: J. Ortiz",
    "Data team, chaired by Maria Lopez",
    "Department of Special Education Director",
    "K. Smith - Reading Specialist",
    "Kim Lee – AP",
    "J. Ortiz (backup: B. Lee)",
    "Sarah Jones, Instructional Coach",
    "Sarah Jones, Lincoln Elementary",
    "T&L director",
    "C&I coordinator",
    "Chief of Staff",
    "School board president",
    "Head of School",
    "Superintendent/Principal",
    "Teacher on special assignment",
    "Math and Science coordinator",
    "Drama and Band Director",
    "Pre-K and Kindergarten lead",
    "Safety & Security Chief",
    "Chief Academic Officer",
    "Asst. Principal",
    "AP Johnson",
    "Co-chair Lee",
    "Mary Ann Smith",
    "Director of HR and Finance",
    "Principal or designee",
    "Lopez, M.",
    "Jordan Kim, principal, Roosevelt Middle School",
    "Assistant Superintendent of Curriculum & Instruction",
    "Student services director",
    "ELA Dept. Chair",
    "School nurse",
    "PBIS team leader",
    "Coach Kim",
    "J. Ortiz, math department",
    "B. Tran, MTSS/PBIS coach",
    "Ms. Ortiz (Roosevelt)",
    "Member of the board J. Lee",
    "Principal",
    "Smith, principal",
    "Mrs. Smith",
    "Jane Smith",
    "Jane A. Smith",
    "Smith-Jones",
    "Director of Curriculum and Instruction",
    "Director of Student Services & Special Education",
    "Assistant Principal for Instruction",
    "Literacy Coach (K-5)",
    "Coordinator of family and community engagement",
    "English department chair",
    "Teacher leader",
    "Dean of Culture",
    "Title I/ELL coordinator",
    "Curriculum & Assessment Coordinator",
    "Business manager",
    "Board chair",
    "IT director",
    "Reading specialist, Adams Elementary",
    "Superintendent",
    "J. Smith (principal)",
    "Head custodian",
    "Lead teacher for grade 4",
    "O'Brien",
    "van der Berg",
    "Social worker",
    "MTSS coordinator",
    "Mx. Taylor",
    "Ana María López",
    "Communications officer",
    "Parent liaison",
    "Attendance clerk",
    "Athletic director",
    "School psychologist",
    "Data and assessment manager",
    "Arts and culture lead",
]
# fmt: on


@pytest.mark.parametrize("text", MORE_SEVERAL)
def test_more_cells_that_name_several(text: str) -> None:
    assert several_people(text) == SEVERAL


@pytest.mark.parametrize("text", MORE_GROUPS)
def test_more_cells_that_name_a_group(text: str) -> None:
    assert several_people(text) == GROUP


@pytest.mark.parametrize("text", MORE_ONES)
def test_more_cells_that_name_one(text: str) -> None:
    assert several_people(text) == ""


@pytest.mark.parametrize(
    "text", ["Classroom teachers and staff", "Principal/Teachers", "Teachers and parents"]
)
def test_groups_of_two_kinds_are_found_either_way(text: str) -> None:
    assert several_people(text)


def test_a_campaign_s_own_words_count() -> None:
    """A district has bodies and titles of its own."""
    more = words_of({"group-owner": ("hui",), "title": ("kumu",)})
    assert several_people("Literacy hui") == "" and several_people("Literacy hui", more) == GROUP
    assert several_people("Literacy kumu and science kumu", more) == SEVERAL
