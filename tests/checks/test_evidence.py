"""Evidence: is there a figure in it, in digits or in words? Grades, tiers and years of a program count nothing."""

from __future__ import annotations

import pytest

from tests.checks.plans import paths, put, success
from tests.intake.sheets import codes as sfss_codes
from xlplan.checks.evidence import has_figure
from xlplan.checks.words import words_of

# fmt: off
BARE = [
    "Many students are late.",
    "Teachers say so.",
    "Grade 3 teachers report that reading is a problem",
    "Students in grades 3 and 4 struggle",
    "9th graders feel unsafe",
    "Most families do not come",
    "The majority of students are below level",
    "Survey data show low engagement",
    "We hear it every day",
    "K-5 scores are low",
    "Attendance has been declining since COVID-19",
    "Our Five SFSS Priorities analysis shows gaps",
    "Tier 2 students are not growing",
    "A large percentage of students failed",
    "First half of the year was hard",
    "One of our concerns is attendance",
    "All of our data says that climate is poor",
    "Students are disengaged and teachers are frustrated",
    "Grade 8 math results are the lowest in the district",
    "Third grade reading is weak",
    "Data from the climate survey show that students do not feel safe",
    "There is a lack of consistency",
    "Attendance is down",
    "Discipline referrals are up",
    "Several parents complained",
    "Our Title 1 schools lag behind",
    "Some students miss many days",
    "Second quarter grades dropped",
    "Few students take advanced courses",
    "Scores on the ACT are below the state average",
    "Kindergarten readiness is low",
    "504 plans are not followed",
]
COUNTED = [
    "12 of 90 students",
    "Half of our students",
    "Forty percent were late",
    "All but three",
    "in 2025",
    "A third of the class",
    "one in five",
    "Two thirds of families",
    "None of the students passed",
    "Twice as many referrals as last year",
    "Grade 3: 41%",
    "75% of all teacher observations",
    "Grades 3-5: 38 percent below standard",
    "dozens of complaints",
    "only one teacher is certified",
    "a quarter of ninth graders",
    "Zero referrals",
    "Absences doubled",
    "Attendance in grade 9 fell from 93 to 88",
    "18 of 60",
    "30% of students missed ten or more days",
    "one third of staff left",
    "roughly half the staff",
    "eighty-five percent",
    "Nearly two in three",
    "Grade 8 math: 22% proficient",
    "Referrals rose from 40 to 65",
    "a dozen parents",
    "3.2 on a 5-point scale",
    "Third graders: 41 percent proficient",
    "1 in 4 freshmen",
    "$40,000",
    "more than one fourth",
]
# fmt: on
BENCHMARK = "initiatives.0.early_evidence.0.benchmark"
CELL = "initiatives[0].early_evidence[0].benchmark"


@pytest.mark.parametrize("text", BARE)
def test_data_without_a_figure(text: str) -> None:
    assert not has_figure(text, words_of())


@pytest.mark.parametrize("text", COUNTED)
def test_data_with_a_figure(text: str) -> None:
    assert has_figure(text, words_of())


@pytest.mark.parametrize(
    "text",
    ["Teachers feel better prepared", "More students read for pleasure", "Students participate more each day",
     "Grade 3 teachers use the routine", "Families are happier", "Lessons look different"],
)  # fmt: skip
def test_an_early_evidence_benchmark_without_a_measure(text: str) -> None:
    assert paths("no-evidence-number", "planning-for-success", put(success(), BENCHMARK, text)) == [CELL]


@pytest.mark.parametrize(
    "text",
    ["75% of all teacher observations conducted by principals at each school will contain evidence of reading strategy "
     "implementation by February 3, 2021.", "All teachers post the routine", "No student is without a book",
     "The routine is seen in every classroom", "Half of the lessons open with a question", "Two coaches model a unit",
     "Each school holds a reading night"],
)  # fmt: skip
def test_a_measure_in_words_is_a_measure(text: str) -> None:
    """What holds for all of them is as measurable as 100%, where a change is foretold."""
    assert paths("no-evidence-number", "planning-for-success", put(success(), BENCHMARK, text)) == []


def test_all_is_no_figure_of_data() -> None:
    assert sfss_codes({"challenges[0].evidence": "All of our data says so."}) == [
        ("no-evidence-number", "challenges[0].evidence")
    ]
