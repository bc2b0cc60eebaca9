"""Planning for Success: Action Plan, with its two kinds of benchmark, its resources and a SWOT analysis."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from annotated_types import MinLen
from pydantic import Field

from xlplan.form.markers import Day, Help, Label, Meaning, Money, Person, Prose, Table, Text, Width
from xlplan.form.plan import Form, GuidePart, Plan, Row, SheetOf

GUIDE = (
    GuidePart(
        heading="What an action plan is, and why it is made",
        text=(
            "A detailed implementation plan for the strategic initiatives that a school or district has prioritized for the current year.",
            "It holds benchmarks and the resources (people, time, materials, funds), and serves to guide, monitor and report on the year’s work.",
            "The multi-year plan comes first; planning one year more deeply gives a better understanding. Many do it before a new school year.",
        ),
    ),
    GuidePart(
        heading="Preparing to action plan",
        text=(
            "Select or formulate the initiatives, and form a team for each that will “own” its action plan in development and implementation.",
            "If the multi-year plan is some years old, or was made in another way, assess it first: its initiatives may need further work.",
            "A yearly action plan can change practice and culture: share leadership across roles. Do the SWOT analysis first (sheet SWOT).",
        ),
    ),
    GuidePart(
        heading="Guides of Planning for Success that help",
        rows=(
            (
                "“Identifying Strategic Initiatives and Participants for Action Planning”",
                "choosing initiatives and teams; plan assessment",
            ),
            ("“Analyzing District Planning Practices and Culture”", "the SWOT analysis"),
            ("“Getting Started with the Action Planning Team”", "role and norms of the team"),
            ("“Reviewing and Revising the Draft Action Plan”", "the Action Plan Review Protocol"),
        ),
    ),
    GuidePart(
        heading="Agenda of the action planning process",
        heads=("What", "How", "Time"),
        rows=(
            (
                "1. Introduce the action plan model and benchmarks",
                "present process and components; draft early evidence",
                "45 minutes to 1 hour",
            ),
            (
                "2. Conduct the action planning workshop",
                "a team an initiative; the recorder types in this file",
                "1 to 1.5 hours",
            ),
            (
                "Launch and drafting, before the first review",
                "both steps; the plan grows with each feedback",
                "2–3 hours",
            ),
        ),
    ),
    GuidePart(
        heading="Implementation benchmarks",
        heads=("", "Process", "Early evidence of change"),
        rows=(
            (
                "What it says",
                "What will be done, when, and by whom",
                "Changes in practice, attitude, or behavior you should begin to see if the initiative is having its desired impact",
            ),
            (
                "What it asks",
                "Are we on track to accomplish what we want to accomplish? Is the work getting done?",
                "Does our selected strategy appear to be having the desired impact?",
            ),
            (
                "Example",
                "All grade 3 teachers will complete reading program professional development by October 15, 2020.",
                "75% of all teacher observations conducted by principals at each school will contain evidence of reading strategy implementation by February 3, 2021.",
            ),
            (
                "How it supports continuous improvement",
                "supports the “Do” of the cycle below",
                "supports the “Study” of the cycle below",
            ),
        ),
    ),
    GuidePart(
        heading="Plan/Do/Study/Act (PDSA)",
        text=(
            "“a vehicle for constant, continual improvement and innovation…” (Roehm and Castellano, 1997; the cycle after Moen and Norman, 2010)",
        ),
        rows=(
            ("Plan", "Plan a change or test aimed at improvement."),
            ("Do", "Carry out the change or test (preferably on a small scale)."),
            ("Study", "Examine the results. What did we learn? What went wrong?"),
            ("Act", "Adopt the change, abandon it or run through the cycle again."),
        ),
    ),
    GuidePart(
        heading="Drafting early evidence of change benchmarks",
        text=(
            "In small groups, for an initiative of your plan, or “Implement a PK-12 social and emotional learning framework and vision”, or",
            "“Engage families as partners, with differentiated opportunities for engagement and voice”: which specific, measurable changes should show?",
            "Then compare. What benchmark did your group develop? Why is it an effective measure? Weigh advantages and disadvantages of the range.",
        ),
    ),
    GuidePart(
        heading="The action planning workshop",
        text=(
            "Organize into teams by initiative, identify a facilitator and recorder, and complete an Initiative sheet for each initiative.",
            "What are the key actions/steps we need to take? Who is going to ensure these actions are taken? When? How will we know of the impact?",
        ),
    ),
    GuidePart(
        heading="The review",
        text=(
            "Pause while drafts are unfinished, and let teams give one another feedback with the Action Plan Review Protocol, repeatedly if useful.",
            "Early on, teams are more receptive to colleagues’ questions and suggestions, before they are “wedded” to their own work.",
        ),
    ),
    GuidePart(
        heading="Note to facilitators",
        text=(
            "Set norms with the team. The superintendent or principal sets expectations at the start, and encourages open and honest dialogue.",
            "Say from the start: here teams “flesh out” the initiatives, and “the rubber meets the road”. The multi-year plan was not meant to go so deep.",
            "Have each team define terms such as “equity” or “inclusive”, and describe its initiative in words that can be shared with the community.",
        ),
    ),
)


class Status(StrEnum):
    """Where a benchmark stands; an empty cell means not started."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    MET = "Met"
    PARTLY_MET = "Partly met"
    NOT_MET = "Not met"


class ResourceKind(StrEnum):
    PEOPLE = "people"
    TIME = "time"
    MATERIALS = "materials"
    MONEY = "money"


class Term(Row):
    term: Annotated[
        Text,
        Label("Term", noun="term"),
        Help(message="A term of this initiative that people might understand differently, such as “equity”."),
        Width(45),
    ]
    definition: Annotated[
        Prose,
        Label("Definition", noun="meaning"),
        Help(message="What the term means in this initiative, so that everybody reads it the same way."),
        Width(45, 1.4),
    ]


class ProcessBenchmark(Row):
    benchmark: Annotated[
        Prose,
        Label("Process Benchmark", noun="what"),
        Help(message="What will be done: a key action that this initiative needs. Is the work getting done?"),
        Meaning.STEP,
        Width(45, 1.4),
    ]
    owner: Annotated[
        Person,
        Label("Person Responsible", noun="name"),
        Help(message="One named person who makes sure that this action is taken."),
        Meaning.OWNER,
        Width(45),
    ]
    due: Annotated[
        Day,
        Label("Date", noun="date"),
        Help(message="The day by which it will be done."),
        Meaning.DUE,
        Width(20),
    ]
    status: Annotated[
        Status | None,
        Label("Status", noun="status"),
        Help(message="Where it stands today. Empty means Not started."),
        Meaning.STATUS,
        Width(18),
    ] = None


class EarlyEvidence(Row):
    benchmark: Annotated[
        Prose,
        Label("Early Evidence of Change Benchmark", noun="change"),
        Help(
            message="A specific, measurable change in practice, attitude or behavior that you should begin "
            "to see if the initiative has its desired impact."
        ),
        Meaning.EVIDENCE,
        Width(45, 1.4),
    ]
    owner: Annotated[
        Person,
        Label("Person Responsible", noun="name"),
        Help(message="One named person who looks for this evidence and reports it."),
        Meaning.OWNER,
        Width(45),
    ]
    due: Annotated[
        Day,
        Label("Date", noun="date"),
        Help(message="The day by which the change should show."),
        Meaning.DUE,
        Width(20),
    ]
    status: Annotated[
        Status | None,
        Label("Status", noun="status"),
        Help(message="Where it stands today. Empty means Not started."),
        Meaning.STATUS,
        Width(18),
    ] = None


class Resource(Row):
    one_of: ClassVar[tuple[str, ...]] = ("expanded_use", "reallocation", "new")

    resource: Annotated[
        Prose,
        Label("Resource list (people, time, materials, money)", noun="resource"),
        Help(message="One resource needed to implement this initiative."),
        Meaning.NEED,
        Width(45, 1.4),
    ]
    kind: Annotated[
        ResourceKind | None,
        Label("Kind", noun="kind"),
        Help(message="People, time, materials or money."),
        Width(20),
        Meaning.KIND,
    ] = None
    expanded_use: Annotated[
        Prose | None,
        Label("New/expanded use of existing resource", noun="expanded"),
        Help(
            message="How a resource that you have is used in a new way, or more. Fill at least one of the "
            "three."
        ),
        Width(45, 1.4),
    ] = None
    reallocation: Annotated[
        Prose | None,
        Label("Reallocation/Reassignment of Resource", noun="realloc"),
        Help(message="What is moved here from another use. Fill at least one of the three."),
        Width(45, 1.4),
        Meaning.REALLOCATED,
    ] = None
    new: Annotated[
        Prose | None,
        Label("New resources", noun="new"),
        Help(message="What must be newly found or paid for, and from what. Fill at least one of the three."),
        Width(45, 1.4),
    ] = None
    cost: Annotated[
        Money | None,
        Label("Cost", noun="cost"),
        Help(message="Dollars; an estimate is welcome. Type only the number, such as 1200 or 1200.50."),
        Meaning.MONEY,
        Width(18),
    ] = None
    notes: Annotated[
        Prose | None,
        Label("Notes", noun="notes"),
        Help(message="Whatever else the team should remember about this resource."),
        Width(45, 1.4),
    ] = None


class Initiative(Row):
    objective: Annotated[
        Prose,
        Label("Strategic Objective", noun="goal", tag="obj"),
        Help(
            "Which objective of your multi-year plan does the initiative serve?",
            "The strategic objective of your multi-year plan to which this initiative belongs.",
        ),
        Meaning.GOAL,
    ]
    initiative: Annotated[
        Prose,
        Label("Strategic Initiative", noun="project", tag="init"),
        Help(
            "Which initiative has been prioritized for this year?",
            "The strategic initiative to be implemented in the current year.",
        ),
        Meaning.STRATEGY,
    ]
    implementation: Annotated[
        Prose,
        Label("Describing Implementation", noun="how", tag="impl"),
        Help(
            "Describe how the initiative will be implemented, for example, citing programs by grade span.",
            "How the initiative will be implemented, for example by grade span, in words that can be "
            "shared with the community.",
        ),
    ]
    terms: Annotated[
        list[Term],
        Table(
            label="Defining Key Terms",
            slots=4,
            noun="term",
            tag="t",
            guide="Define terms relevant for this initiative such as “equity” or “inclusion”.",
        ),
    ] = Field(default_factory=list)
    process_benchmarks: Annotated[
        list[ProcessBenchmark],
        MinLen(1),
        Table(
            label="Monitoring Progress: Process Benchmarks",
            slots=8,
            noun="process benchmark",
            tag="p",
            guide="What will be done, when, and by whom. Is the work getting done?",
            examples=(
                ("Example: Identify common district-wide reading strategies", "M. Edwards", "3/4/19", "Met"),
            ),
        ),
    ]
    early_evidence: Annotated[
        list[EarlyEvidence],
        MinLen(1),
        Table(
            label="Measuring Impact: Early Evidence of Change",
            slots=6,
            noun="early evidence benchmark",
            tag="e",
            guide="Changes in practice, attitude, or behavior you should begin to see if it has its "
            "desired impact.",
            examples=(
                (
                    "Example: 75% of all teacher observations conducted in each school cite evidence of "
                    "reading strategy implementation",
                    "S. Harris",
                    "2/1/20",
                    "",
                ),
            ),
        ),
    ]
    resources: Annotated[
        list[Resource],
        Table(
            label="Identifying Resources Supporting Implementation",
            slots=10,
            noun="resource",
            tag="r",
            display="cards",
            guide="People, time, materials and funds needed. Is it an expanded use, a reallocation, or new?",
            examples=(
                ("Example: Out of district pd provider for new reading strategies",
                 "", "", "", "District pd budget", "", ""),
                ("Example: District pd for training teachers on new strategies",
                 "", "", "Time on existing PD calendar", "", "", ""),
                ("Example: Coaching and modeling during PLCs for grade-level implementation of reading "
                 "strategies",
                 "", "District ELA coaches will add strategies to coaching agenda", "", "", "", ""),
            ),
        ),
    ] = Field(default_factory=list)  # fmt: skip


class Swot(Row):
    strengths: Annotated[
        Prose | None,
        Label("Strengths", noun="strength", tag="strg"),
        Help(
            "What in your planning practice and culture will help?",
            "What helps from inside: practice, people, culture.",
        ),
    ] = None
    weaknesses: Annotated[
        Prose | None,
        Label("Weaknesses", noun="weakness", tag="weak"),
        Help("What in it could get in the way?", "What hinders from inside: practice, people, culture."),
    ] = None
    opportunities: Annotated[
        Prose | None,
        Label("Opportunities", noun="chance", tag="opp"),
        Help(
            "What around you could the plan use?",
            "What could help from outside the team, the school or the district.",
        ),
    ] = None
    threats: Annotated[
        Prose | None,
        Label("Threats", noun="threat", tag="thrt"),
        Help(
            "Which issues might arise, and how can the process respond?",
            "What could hinder from outside, and how the planning process can respond to it.",
        ),
    ] = None


class PlanningForSuccessPlan(Plan):
    """A year's action plan: strategic initiatives with their two kinds of benchmark and resources."""

    form: ClassVar[Form] = Form(
        name="planning-for-success",
        version=1,
        title="Planning for Success: action plan",
        purpose="Benchmarks to monitor progress and impact during implementation, and the resources they "
        "need.",
        source="Planning for Success: Creating an Action Plan That Supports Implementation (seed 003)",
        sheets=(
            SheetOf(
                key="ini", title="Initiative {n}", holds=("initiatives",), heading="The initiative",
                purpose="One strategic initiative of this year: benchmarks to monitor progress and impact "
                "during implementation, and resources.",
                asks="An initiative, its benchmarks and resources",
                guide=("Leave an initiative sheet that you do not need empty.",),
                columns=(45, 45, 20, 18, 18),
            ),
            SheetOf(
                key="swot", title="SWOT", holds=("swot",), supporting=True,
                purpose="What might help or hinder the planning itself; best done before the action plan.",
                asks="Strengths, weaknesses, opportunities, threats",
                guide=("Issues that surface here help you plan a process that responds to them.",),
                columns=(60, 30, 40),
            ),
        ),
        checks=("owner-not-one-person", "no-evidence-number", "benchmark-overdue", "unfunded"),
        guide=GUIDE,
        plan_guide="Name the action plan team that will own the plan; mark a facilitator and a recorder.",
    )  # fmt: skip

    initiatives: Annotated[
        list[Initiative],
        MinLen(1),
        Table(label="Strategic Initiatives", slots=4, noun="initiative", display="sheets", tag="ini"),
    ]
    swot: Annotated[Swot, Label("SWOT Analysis")] = Swot()
