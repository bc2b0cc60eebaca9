"""Deliverables: sign-in sheets and the like say nothing about quality; what only sounds like them is fine."""

from __future__ import annotations

import pytest

from tests.checks.plans import found, paths, process, put
from xlplan.checks.products import weak
from xlplan.checks.words import words_of

# fmt: off
WEAK = [
    "Sign-in sheets",
    "Sign in sheets from PD",
    "Meeting agendas",
    "Agendas and minutes",
    "PLC meeting minutes",
    "Attendance list",
    "Attendance lists from trainings",
    "Agendas, sign-ins, and minutes",
    "Training rosters",
    "Roster of participants",
    "Minutes of the committee meetings",
    "Workshop attendance records",
    "PD sign-in sheet",
    "List of attendees",
    "Copies of agendas",
    "Agenda for the data meeting",
    "Sign-in sheets from the walkthrough training",
    "Calendar invites",
    "Certificates of attendance",
    "Meeting notes",
    "Agendas, slides",
    "Attendance sheets for the family night",
    "Proof of attendance at the workshop",
    "minutes",
    "Sign-in sheets and agendas from curriculum training",
    "Team meeting agendas",
    "Attendance at PD",
    "Sign-in sheet",
    "Signed attendance sheets",
    "Attendance roster for training",
    "Meeting agenda and notes",
    "Agenda",
    "PLC agendas and minutes",
    "Minutes from team meetings",
    "Copies of meeting minutes",
    "Signin sheets",
    "Sign in/out sheets",
    "Attendance records from professional development",
    "List of participants in the workshop",
    "Agendas from each session",
    "Staff meeting agendas",
    "Professional development attendance",
    "Attendance logs",
    "Sign-ups and sign-ins",
    "Sign-in sheets, agendas, and PowerPoint slides",
    "Roster of attendees",
    "Sign-in sheet from parent night",
    "Sign-in sheets showing that all staff attended",
    "Agendas showing time for collaboration",
    "Attendance at trainings",
    "Calendar of meetings and sign-in sheets",
    "Teacher sign-in sheets",
    "Training sign-in",
    "Attendee list",
    "PD agendas",
    "Agenda and sign-in sheet",
    "Agendas & sign-in sheets from PLCs",
    "Meeting minutes and agendas",
    "PLC minutes",
    "Attendance sheet from training",
    "Sign in logs",
    "Training attendance sheets",
    "Signed rosters of participants",
    "Faculty meeting agenda",
]
STRONG = [
    "Common formative assessments",
    "Attendance rises to 94%",
    "Weekly attendance dashboard",
    "Attendance list of chronically absent students with the adult assigned to each",
    "PLC minutes with data analysis",
    "Exit tickets instead of sign-in sheets",
    "Equity agenda adopted by the board",
    "Thirty minutes of daily reading in every classroom",
    "New visitor sign-in procedure",
    "Agendas, minutes and scored student work",
    "Walkthrough data by building",
    "Student agenda books checked weekly",
    "Route book with planned and driven minutes side by side",
    "Attendance letters in four languages",
    "Attendance intervention plan for each student",
    "Class rosters balanced by need",
    "Common rubric",
    "Attendance rate by grade",
    "Coaching logs with next steps",
    "Action plan from each team",
    "Master schedule with 90 minutes for literacy",
    "Lesson plans",
    "Minutes of instruction lost to discipline, by grade",
    "Family survey results",
    "Report on attendance to the board",
    "Roster of students in tier 3 with their plans",
    "Attendance of 95 percent at all schools",
    "Student attendance improves",
    "Daily attendance call log with outcomes for each student",
    "Monthly attendance data by subgroup",
    "Attendance team protocol",
    "Meeting protocol",
    "Unit plans reviewed with the rubric",
    "Agenda-setting protocol for student councils and a survey of their work",
    "Scored lab reports",
    "Feedback forms from coaches",
    "Video clips of lessons",
    "Observation notes with feedback",
    "Graded writing samples",
    "Minutes of daily independent reading",
    "Attendance policy approved",
    "Perfect attendance awards program",
    "Learning agenda for the network",
    "Co-created rubric and anchor papers",
    "Data wall",
    "Completed observation forms",
    "Reduced number of office referrals",
    "Student planners and agendas checked by advisors",
    "Quarterly report to the board",
    "Summary of decisions from each PLC meeting",
    "Sign-in kiosk",
    "Family compact signed by all",
    "Curriculum map",
    "Attendance success plans",
    "Agendas with student work analysis and decisions",
    "Attendance data reviewed monthly",
    "Attendance improves to 95%",
    "Student attendance reports by grade",
    "Reduced absenteeism",
    "Agendas, student work and reflections",
    "Video of lessons with feedback",
    "20 minutes of daily tutoring",
    "Attendance plan",
    "Walkthrough rubric results",
    "Signed compacts",
]
# fmt: on


@pytest.mark.parametrize("text", WEAK)
def test_what_only_shows_that_people_met_is_found(text: str) -> None:
    assert weak(text, words_of())


@pytest.mark.parametrize("text", [*STRONG, "", "agenda books", "minutes per day", "…"])
def test_what_tells_about_the_work_is_left_alone(text: str) -> None:
    assert not weak(text, words_of())


def test_the_deliverable_s_own_cell_is_named() -> None:
    """002: "sign-in" sheets are not a strong deliverable."""
    data = put(process(), "deliverables.0.deliverable", "Sign-in sheets")
    (item,) = found("planning-process", data)
    assert (item.code, item.severity, item.path) == (
        "weak-deliverable",
        "advice",
        "deliverables[0].deliverable",
    )


def test_a_campaign_s_own_words_count() -> None:
    data = put(process(), "deliverables.1.deliverable", "Selfies of the group")
    assert paths("weak-deliverable", "planning-process", data) == []
    words = {"weak-deliverable": ("selfies",)}
    assert paths("weak-deliverable", "planning-process", data, words=words) == ["deliverables[1].deliverable"]
