"""Systems for Student Success: Action Planning Template, version 2 (with the final Section 2, the Four R's)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from annotated_types import MinLen
from pydantic import Field

from xlplan.form.markers import (
    Day,
    Help,
    Label,
    Meaning,
    Money,
    Person,
    Prose,
    RefersTo,
    Table,
    Text,
    Width,
    YesNo,
)
from xlplan.form.plan import Form, Plan, Row, SheetOf


class Priority(StrEnum):
    CLIMATE = "Strong Climate & Culture"
    INSTRUCTION = "Engaging Instruction for Academics & SEL"
    SUPPORT = "Proactive Student-Specific Support System"
    FAMILY = "Systematic Parent & Family Engagement"
    PARTNERSHIPS = "Strategic Partnerships & Coalitions"


class Step(Row):
    action: Annotated[
        Prose,
        Label("Key Implementation Step", noun="step"),
        Help(
            message="One key activity that your team will carry out, in the order in which it will be done."
        ),
        Meaning.STEP,
        Width(60, 1.2),
    ]
    due: Annotated[
        Day,
        Label("By When?", noun="date"),
        Help(message="The day by which this step is done."),
        Meaning.DUE,
        Width(13),
    ]
    owner: Annotated[
        Person,
        Label("By Who?", noun="name"),
        Help(
            "One named person",
            "One named person who answers for this step. Others can be named in the step itself.",
        ),
        Meaning.OWNER,
        Width(22),
    ]
    done: Annotated[
        YesNo | None, Label("Done?", noun="done"), Help(message="Yes once the step is done."), Meaning.DONE
    ] = None


class Strategy(Row):
    description: Annotated[
        Prose,
        Label("System / Strategy Description", noun="strategy"),
        Help(
            message="The system or strategy you will improve or adopt. Does it fundamentally change how you work today, "
            "more than a “pool house” strategy? See the SFSS Look Fors."
        ),
        Width(60, 2.6),
        Meaning.STRATEGY,
    ]
    priorities: Annotated[
        list[Priority],
        MinLen(1),
        Label("Five SFSS Priorities Connection: mark x in one or more", noun="priority"),
        Help(message="Type x, or choose ✓, for each SFSS priority that this strategy serves."),
        Meaning.PRIORITY,
    ]
    root_causes: Annotated[
        list[str],
        Label("Root causes it addresses: mark x", noun="cause", tag="rc"),
        Help(
            message="Type x, or choose ✓, under each root cause of this challenge that the strategy addresses."
        ),
        RefersTo("root_causes", by="letter"),
    ] = Field(default_factory=list)
    steps: Annotated[list[Step], MinLen(1), Table(label="Key Implementation Steps", slots=5, noun="step")]


class Challenge(Row):
    description: Annotated[
        Prose,
        Label("Description of Challenge/Problem", noun="challenge", tag="desc"),
        Help(
            "How do you know this is a challenge? What data tells you so?",
            "How do you know this is a challenge? What data tells you this is an issue?",
        ),
        Meaning.GOAL,
    ]
    evidence: Annotated[
        Prose,
        Label("Supporting Data and Evidence", noun="evidence", tag="evid"),
        Help(
            "Figures, each with its source and date.",
            "Student experience data and your analysis of the SFSS Five Priorities: figures, each with its source and date.",
        ),
        Meaning.EVIDENCE,
    ]
    target_outcomes: Annotated[
        Prose,
        Label("Target Outcomes", noun="outcome", tag="outc"),
        Help(
            "What would it look like if you addressed this in a systematic way? Which systems change, and what do students gain?",
            "What outcomes do you want instead? Which systems would change, and what would be the positive impact for students?",
        ),
    ]
    root_causes: Annotated[
        list[
            Annotated[
                Prose,
                Help(
                    message="A deeper, underlying reason why the challenge emerged, or a system (or the lack of one) that lets it go on."
                ),
                Meaning.CAUSE,
            ]
        ],
        MinLen(1),
        Table(
            label="Root causes",
            slots=4,
            noun="root cause",
            tag="rc",
            display="letters",
            guide="What deeper reasons let it emerge? Which systems, or lack of systems, let it develop, grow and go unaddressed?",
        ),
    ]
    strategies: Annotated[
        list[Strategy],
        MinLen(1),
        Table(
            label="Systems and strategies, with their implementation steps",
            slots=4,
            noun="strategy",
            tag="s",
            display="blocks",
            guide="Which systems could you improve or adopt, so that the root causes are addressed at school or district level?",
        ),
    ]


class Rule(Row):
    item: Annotated[
        Prose,
        Label("Policy, Protocol, Code, or Guideline that Needs to be Adjusted", noun="rule"),
        Help(message="The policy, protocol, code or guideline, by its name or number."),
        Width(50),
    ]
    adjustments: Annotated[
        Prose,
        Label("Adjustments Needed", noun="change"),
        Help(message="What has to be different in it."),
        Width(48),
    ]
    supports: Annotated[
        Prose | None,
        Label("Supports Needed to Make Adjustments", noun="support"),
        Help(message="What you need in order to make the adjustment, and from whom."),
        Meaning.NEED,
        Width(44),
    ] = None


class Role(Row):
    role: Annotated[
        Text,
        Label("Shifting (or New) Role", noun="role"),
        Help(message="The role, not the person."),
        Width(45),
    ]
    shifts: Annotated[
        Prose,
        Label("Shifts in Expectations/Responsibilities/Focus for that Role", noun="shift"),
        Help(message="What this role will do differently from today."),
        Width(50),
    ]
    supports: Annotated[
        Prose | None,
        Label("Supports/PD Needed to Make Shift", noun="support"),
        Help(message="Support or professional development that makes the shift possible."),
        Meaning.NEED,
        Width(44),
    ] = None


class PartnerRole(Row):
    role: Annotated[
        Text, Label("Partner Role", noun="partner"), Help(message="The partner, and its role."), Width(45)
    ]
    shifts: Annotated[
        Prose,
        Label("Shifts in Responsibility/Focus", noun="shift"),
        Help(message="What the partner will do differently from today."),
        Width(50),
    ]
    supports: Annotated[
        Prose | None,
        Label("Supports Needed to Make the Shift", noun="support"),
        Help(message="What the partner needs in order to make the shift."),
        Meaning.NEED,
        Width(44),
    ] = None


class Relationship(Row):
    structure: Annotated[
        Text,
        Label("Teaming/Collaboration Structure Needing to be Created or Adjusted", noun="team"),
        Help(message="The team or collaboration to be created or adjusted."),
        Width(48),
    ]
    members: Annotated[
        Prose,
        Label("Who Is Involved", noun="members"),
        Help(message="Who takes part: people or roles."),
        Width(46),
    ]
    notes: Annotated[
        Prose | None,
        Label("Key Notes (Methodology, Frequency, etc.)", noun="notes"),
        Help(message="How the team works, how often it meets."),
        Width(46),
    ] = None


class Resource(Row):
    item: Annotated[
        Prose,
        Label("Expenditure/Budget Implication", noun="item"),
        Help(message="What has to be paid for, or what staffing or partnership changes."),
        Width(58, 1.4),
    ]
    cost: Annotated[
        Money | None,
        Label("Anticipated Costs", noun="cost"),
        Help(message="Dollars; an estimate is welcome. Type only the number, such as 1200 or 1200.50."),
        Meaning.MONEY,
        Width(17),
    ] = None
    funding_source: Annotated[
        Text | None,
        Label("Funding Source", noun="source"),
        Help(message="Where the money comes from, such as Title I, a grant or the local budget."),
        Meaning.FUNDING,
        Width(36),
    ] = None
    reallocation: Annotated[
        YesNo | None,
        Label("Reallocation? (yes/no)", noun="realloc"),
        Help(message="Yes if money or time that you already have is moved here."),
        Width(18),
        Meaning.REALLOCATED,
    ] = None


class Monitoring(Row):
    progress: Annotated[
        Prose,
        Label("Monitoring progress", noun="progress", tag="prog"),
        Help(
            "How will you monitor progress related to the strategies you identified in your plan?",
            "How will you monitor progress related to the strategies in your plan? Who looks at what, and how often?",
        ),
    ]
    embedding: Annotated[
        Prose,
        Label("Embedding the SFSS priorities", noun="routine", tag="embd"),
        Help(
            "How will attention to the SFSS Priority Areas be part of regular school and district management and leadership?",
            "How will attention to the SFSS Priority Areas be part of regular management: finding new challenges, next-stage system improvement?",
        ),
    ]


class SfssPlan(Plan):
    """A school's action plan: challenges with causes, strategies and steps; then the Four R's and monitoring."""

    form: ClassVar[Form] = Form(
        name="sfss",
        version=2,
        title="Systems for Student Success: action plan",
        purpose="Challenges, their root causes, and the systems and strategies that address them.",
        source="Systems for Student Success Initiative: Action Planning Template (seed 000), final Section 2",
        sheets=(
            SheetOf(
                key="ch", title="Challenge {n}", holds=("challenges",), heading="The challenge",
                purpose="One high-priority challenge, why it persists, and the strategies that change the system behind it.",
                asks="A challenge, its causes, strategies and steps",
                guide=("A plan holds 2 to 4 challenges, from your student experience data. Leave a challenge sheet that you do not need empty.",),
                columns=(60, 13, 22, 17, 15.5, 14.5),
            ),
            SheetOf(
                key="rul", title="Rules", holds=("rules",), supporting=True,
                purpose="Policies, protocols, codes and guidelines that your strategies need changed.",
                asks="Policies and codes that must change",
                guide=("Of the Four R’s of System Change, the first: which rules stand in the way, and what must change in them?",),
            ),
            SheetOf(
                key="rol", title="Roles", holds=("roles", "partner_roles"), supporting=True,
                purpose="Whose work shifts, inside the school and among partners.",
                asks="Roles that shift, partners included",
                guide=("What roles need to change and how? Name the role, not the person.",),
                columns=(45, 50, 44),
            ),
            SheetOf(
                key="rel", title="Relationships", holds=("relationships",), supporting=True,
                purpose="Teams and collaboration that must be created or adjusted.",
                asks="Teams to create or adjust",
                guide=("Which people have to work together in a new way, by what method, and how often?",),
            ),
            SheetOf(
                key="res", title="Resources", holds=("resources",), supporting=True,
                purpose="What your strategies will cost, and where the money comes from.",
                asks="Costs and where the money comes from",
                guide=("How can assets be aligned, or re-aligned, to support your systems and strategies? A cost is in dollars; an estimate is welcome.",),
            ),
            SheetOf(
                key="mon", title="Monitoring", holds=("monitoring",), supporting=True,
                purpose="How your school keeps an eye on the plan and makes improvement a regular way of doing business.",
                asks="How progress is followed and made routine",
                columns=(60, 30, 40),
            ),
        ),
        checks=(
            "owner-not-one-person", "root-cause-unaddressed", "no-evidence-number", "cost-unknown",
            "priority-uncovered",
        ),
    )  # fmt: skip

    challenges: Annotated[
        list[Challenge],
        MinLen(2),
        Table(label="Challenges", slots=4, noun="challenge", display="sheets", tag="ch"),
    ]
    rules: Annotated[list[Rule], Table(label="Rules", slots=5, noun="rule", tag="r")] = Field(
        default_factory=list
    )
    roles: Annotated[
        list[Role], Table(label="Roles in school and district", slots=5, noun="role", tag="r")
    ] = Field(default_factory=list)
    partner_roles: Annotated[
        list[PartnerRole], Table(label="Partner roles", slots=5, noun="partner role", tag="p")
    ] = Field(default_factory=list)
    relationships: Annotated[
        list[Relationship], Table(label="Relationships", slots=6, noun="team", tag="r")
    ] = Field(default_factory=list)
    resources: Annotated[
        list[Resource], Table(label="Resources", slots=8, noun="item", tag="r", total="cost")
    ] = Field(default_factory=list)
    monitoring: Annotated[Monitoring, Label("Monitoring")]
