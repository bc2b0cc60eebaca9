"""Sample Planning Process for LEAs: consultation, then its six steps from trends to funding."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from annotated_types import MinLen
from pydantic import Field

from xlplan.form.markers import (
    Companion,
    Day,
    Help,
    Label,
    Meaning,
    Money,
    Name,
    PastDay,
    Person,
    Prose,
    RefersTo,
    Table,
    Text,
    Width,
    YesNo,
)
from xlplan.form.plan import Form, GuidePart, Plan, Row, SheetOf

GUIDE = (
    GuidePart(
        heading="The planning process",
        text=(
            "Engage in timely and meaningful consultation with a broad range of stakeholders, and examine relevant data, to understand the most pressing needs of students, schools and educators and their potential root causes.",
            "Then analyze student data for performance trends and root causes. Once needs are prioritized, consider how to address them: concentrate funding, resources and communication so that the chosen strategies are implemented with clear purpose.",
        ),
        heads=("Step", "Ask above all", "Sheet"),
        rows=(
            (
                "1. Examine performance trends",
                "Which are the most promising and the most concerning?",
                "1 Trends",
            ),
            (
                "2. Identify root causes",
                "Which can we control, and which are only symptoms?",
                "2 Root causes",
            ),
            ("3. Define action steps", "What exists, and what is needed at each level?", "3 Action steps"),
            ("4. Prioritize action steps", "Does the action step target the root cause?", "4 Priorities"),
            (
                "5. Determine deliverables",
                "What shows the quality of implementation, in time?",
                "5 Deliverables",
            ),
            ("6. Associate funding", "What is necessary, and what can be retired?", "6 Funding"),
        ),
    ),
    GuidePart(
        heading="Example of step 2: District A looks for the deeper root cause",
        text=(
            "District A identified student misbehavior, rigor and content delivery as root causes. It had trained teachers in Positive Behavior Support (PBS) and Learning Focus Strategies (LFS) and participated in Common Ground.",
            "With that in mind, leadership identified the implementation of professional development (PD) as the underlying root cause for all three trends.",
        ),
    ),
    GuidePart(
        heading="Example of step 2: District A finds where the breakdown occurs",
        text=(
            "A complete PD cycle was already in place, so District A analyzed how effectively it was implemented at the district, building and classroom level.",
            "Walkthrough data showed a breakdown with teachers of four or more years of experience, approximately two weeks after training.",
            "The induction program, with classroom-embedded supports for newer teachers, was increasing PD implementation. The lack of these supports for more experienced teachers was the root cause to target.",
        ),
    ),
    GuidePart(
        heading="What the questions look at more closely",
        heads=("Question", "Consider", "Example"),
        rows=(
            (
                "2. Which root causes can we eliminate because they are “symptoms” of deeper, systemic ones?",
                "What underlying factors contribute to the systemic ones? Does one contribute to multiple trends? Where does the specific breakdown occur?",
                "District A, above. There may be nonsystemic root causes that must be addressed as well.",
            ),
            (
                "3. What knowledge, capacity, systems and resources already exist to support the strategy, and what is needed in each of these categories?",
                "Each level of implementation: district, subject, grade band, school, classroom.",
                "",
            ),
            (
                "3. What structures and capacity must be built at each level to ensure success?",
                "An action step has only one owner. Who will lead at each level, with what knowledge and capacity, and what additional support will they require?",
                "Contracting with experts, coaching targeted schools, strategically partnering high- and low-performing schools.",
            ),
            (
                "3. How will the LEA and its buildings regularly monitor implementation effectiveness, and course-correct if needed?",
                "What risks and obstacles exist, and how will they be proactively addressed?",
                "",
            ),
            (
                "4. Does the action step target the root cause, or systemic root causes of low performance?",
                "Curriculum and assessment quality, implementation fidelity, professional development quality and transfer.",
                "If students with disabilities (SWD) perform low because co-teaching breaks down in the classroom, new Response to Intervention (RTI) programs or contracted training for SWD teachers would not likely give a good return on investment.",
            ),
            (
                "4. Has the action step been analyzed for effectiveness, including a cost-benefit analysis?",
                "High return on investments, new initiatives, current LEA capacity, and resources.",
                "",
            ),
            (
                "5. What work products will help to monitor progress and quality?",
                "Deliverables are concrete and verifiable, and provide insight into the quality of implementation.",
                "Common formative assessments are a strong deliverable for a professional learning community (PLC); “sign-in” sheets are not.",
            ),
            (
                "5. What time frames allow you to identify implementation issues and course-correct in time, without jeopardizing overall implementation?",
                "The workflow of the school year, staff capacity, instructional cycles and other events: the best time to start and end each action step.",
                "",
            ),
            (
                "6. How much funding is necessary to implement each action step, considering the identified needs?",
                "Which initiatives funded now can be retired or streamlined, to create resources for prioritized strategies?",
                "They are redundant, have not demonstrated effectiveness, have low implementation fidelity, or require staff time that can be better directed elsewhere.",
            ),
        ),
    ),
)


class Stakeholders(StrEnum):
    STUDENTS = "students"
    FAMILIES = "families"
    TEACHERS = "teachers"
    LEADERS = "principals & leaders"
    SPECIALISTS = "specialists & paraprofessionals"
    STAFF = "other staff"
    BOARD = "board"
    UNION = "union"
    COMMUNITY = "community"
    TRIBES = "tribes"
    OTHER = "other"


class Direction(StrEnum):
    PROMISING = "promising"
    CONCERNING = "concerning"


class Level(StrEnum):
    DISTRICT = "district"
    SUBJECT = "subject"
    GRADE_BAND = "grade band"
    SCHOOL = "school"
    CLASSROOM = "classroom"


class Decision(StrEnum):
    NOW = "do now"
    LATER = "do later"
    DROP = "drop"


class Reason(StrEnum):
    REDUNDANT = "redundant"
    NO_EFFECT = "no demonstrated effect"
    LOW_FIDELITY = "low fidelity"
    STAFF_TIME = "staff time better used elsewhere"


class Consultation(Row):
    group: Annotated[
        Stakeholders,
        Label("Stakeholders", noun="group"),
        Help(message="One group that was consulted. Use a row a meeting or survey."),
        Width(36),
    ]
    how: Annotated[
        Prose,
        Label("How they were consulted", noun="how"),
        Help(
            message="The meeting, survey or other way in which they were heard, early enough to make a "
            "difference."
        ),
        Width(46, 1.4),
    ]
    held_on: Annotated[
        PastDay,
        Label("Held on", noun="date"),
        Help(message="The day of the consultation."),
        Width(13),
    ]
    heard: Annotated[
        Prose | None,
        Label("What was heard", noun="heard"),
        Help(message="The most pressing needs they named, and what they believe is behind them."),
        Width(50, 1.4),
    ] = None


class Trend(Row):
    name: Annotated[
        Name,
        Label("Performance trend", noun="name"),
        Help(message="A short name of its own; root causes choose the trend by it."),
        Width(26),
        Meaning.TREND,
    ]
    data_source: Annotated[
        Prose,
        Label("Data source", noun="source"),
        Help(
            "What are the most relevant data sources?", "The data in which the trend shows, with their year."
        ),
        Width(28, 1.4),
    ]
    direction: Annotated[
        Direction,
        Label("Promising or concerning", noun="kind"),
        Help(message="Is this trend promising or concerning?"),
        Width(13),
        Meaning.DIRECTION,
    ]
    finding: Annotated[
        Prose,
        Label("What the data show", noun="finding"),
        Help(
            "Which trends are most promising and most concerning?",
            "What the data show: for whom, since when, how much.",
        ),
        Width(40, 1.4),
    ]
    connects_to: Annotated[
        list[Name],
        Label("Connected trends", noun="link"),
        Help(
            "How are these trends connected?", "Another trend of this sheet that this one is connected with."
        ),
        RefersTo("trends.name", by="name", slots=3),
        Width(13),
    ] = Field(default_factory=list)


class RootCause(Row):
    name: Annotated[
        Name,
        Label("Root cause", noun="name"),
        Help(message="A short name of its own; action steps choose the root cause by it."),
        Meaning.CAUSE,
    ]
    trends: Annotated[
        list[Name],
        MinLen(1),
        Label("Performance trends it contributes to", noun="trend"),
        Help(
            "Is it a systemic cause that contributes to multiple trends?",
            "A trend of sheet 1 to which this root cause contributes; one at least, three at most.",
        ),
        RefersTo("trends.name", by="name", slots=3),
    ]
    factor: Annotated[
        Prose,
        Label("Contributing factors", noun="factor"),
        Help(
            "What factors contribute to the promising and concerning trends? What underlies them?",
            "What it is that contributes to these trends, and which underlying factors contribute to it.",
        ),
    ]
    controllable: Annotated[
        YesNo,
        Label("Can we control it?", noun="control"),
        Help(message="Of the root causes identified, which can we control?"),
        Meaning.CONTROLLABLE,
    ]
    symptom_of: Annotated[
        Name | None,
        Label("Symptom of", noun="symptom"),
        Help(
            "Which can be eliminated as “symptoms” of deeper ones?",
            "If this is only a symptom of a deeper, systemic root cause, choose that one here.",
        ),
        RefersTo("root_causes.name", by="name"),
        Meaning.SYMPTOM,
    ] = None
    systemic: Annotated[
        YesNo,
        Label("Systemic?", noun="systemic"),
        Help(
            message="Yes if it lies in a system, such as how professional development is carried out. "
            "Nonsystemic root causes may have to be addressed as well."
        ),
        Meaning.SYSTEMIC,
    ]
    breakdown_level: Annotated[
        Level | None,
        Label("Level of the breakdown", noun="level"),
        Help(message="For a systemic root cause: at which level does the specific breakdown occur?"),
    ] = None
    breakdown: Annotated[
        Prose | None,
        Label("Where the specific breakdown occurs", noun="where"),
        Help(
            "For a systemic root cause: where exactly does it break down, and by what evidence?",
            "For example: walkthrough data show that use fades two weeks after training among teachers "
            "with four or more years of experience, who lack the supports newer teachers get.",
        ),
    ] = None


class Priority(Row):
    """Step 4's questions about one action step; the score counts its yeses."""

    targets_root_cause: Annotated[
        YesNo | None,
        Label("Targets the root cause", noun="target"),
        Help(
            message="Does it target the root cause? If co-teaching breaks down in classrooms, buying new "
            "intervention programs would not likely give a good return."
        ),
        Meaning.QUESTION,
    ] = None
    systemic: Annotated[
        YesNo | None,
        Label("Addresses systemic causes", noun="systemic"),
        Help(
            message="Does it address systemic root causes, such as curriculum and assessment quality, "
            "implementation fidelity, or the quality and transfer of professional development?"
        ),
        Meaning.QUESTION,
    ] = None
    spreads_success: Annotated[
        YesNo | None,
        Label("Spreads what works", noun="spread"),
        Help(message="Will it spread or systematize root causes of positive performance?"),
        Meaning.QUESTION,
    ] = None
    cost_benefit_analysed: Annotated[
        YesNo | None,
        Label("Costs and benefits analyzed", noun="benefit"),
        Help(
            message="Has it been analyzed for effectiveness, costs and benefits included? Consider return on "
            "investment, new initiatives, current capacity and resources."
        ),
        Meaning.QUESTION,
    ] = None
    simultaneous: Annotated[
        YesNo | None,
        Label("Can run with others, with fidelity", noun="together"),
        Help(message="Can it be implemented at the same time as the other remaining steps, with fidelity?"),
        Meaning.QUESTION,
    ] = None
    builds_leadership: Annotated[
        YesNo | None,
        Label("Builds knowledge and leaders", noun="leaders"),
        Help(
            message="Does it build institutional knowledge and leadership capacity, especially to support "
            "strategies?"
        ),
        Meaning.QUESTION,
    ] = None
    increases_scale: Annotated[
        YesNo | None,
        Label("Increases scale or fidelity", noun="scale"),
        Help(message="Will it increase the scale or the fidelity of the strategy?"),
        Meaning.QUESTION,
    ] = None
    decision: Annotated[
        Decision,
        Label("Decision", noun="decision"),
        Help(message="What the team decided: do it now, do it later, or drop it."),
        Meaning.DECISION,
    ]


class ActionStep(Row):
    name: Annotated[
        Name,
        Label("Action step", noun="name"),
        Help(message="A short name of its own; deliverables and funding choose the action step by it."),
        Meaning.STEP,
    ]
    root_causes: Annotated[
        list[Name],
        MinLen(1),
        Label("Root causes it addresses", noun="cause"),
        Help(message="A root cause of sheet 2 that this action step addresses; one at least, three at most."),
        RefersTo("root_causes.name", by="name", slots=3),
    ]
    description: Annotated[
        Prose,
        Label("What will be done", noun="step"),
        Help(
            "What structures and capacity must be built at each level to ensure success?",
            "What will be done, and what is built for it at each level: for example experts contracted, "
            "coaches for targeted schools, high- and low-performing schools partnered.",
        ),
    ]
    level: Annotated[
        Level,
        Label("Level of implementation", noun="level"),
        Help(message="The level at which it is mainly carried out. Consider each level when you plan."),
    ]
    owner: Annotated[
        Person,
        Label("Owner", noun="owner"),
        Help(
            "Only one owner",
            "One named person: an action step has only one owner. Others can lead at each level.",
        ),
        Meaning.OWNER,
    ]
    leads: Annotated[
        Prose | None,
        Label("Who leads at each level", noun="leads"),
        Help(
            "Who will lead implementation at each level, and what support will they require?",
            "Who leads at each level, what knowledge and capacity they have now, and what support they "
            "will require.",
        ),
    ] = None
    existing_capacity: Annotated[
        Prose | None,
        Label("What already exists", noun="existing"),
        Help(
            "What knowledge, capacity, systems and resources already exist to support it?",
            "Knowledge, capacity, systems and resources that already support the strategy, at each level.",
        ),
    ] = None
    needed_capacity: Annotated[
        Prose | None,
        Label("What is needed", noun="needed"),
        Help(
            "What is needed in each of these categories?",
            "Knowledge, capacity, systems and resources that are still needed, at each level.",
        ),
        Meaning.NEED,
    ] = None
    monitoring: Annotated[
        Prose,
        Label("Monitoring", noun="monitor"),
        Help(
            "How will you regularly monitor how well it is implemented, and course-correct?",
            "How the LEA and its buildings regularly monitor implementation effectiveness, and "
            "course-correct if needed.",
        ),
    ]
    risks: Annotated[
        Prose | None,
        Label("Risks and obstacles", noun="risk"),
        Help("What risks and obstacles exist?", "What could keep this action step from working."),
    ] = None
    mitigation: Annotated[
        Prose | None,
        Label("How they are addressed", noun="remedy"),
        Help(
            "How will they be proactively addressed?", "What you do about these risks before they come true."
        ),
    ] = None
    start: Annotated[
        Day,
        Label("Start", noun="start"),
        Help(message="Considering the workflow of the school year, what is the best time to start?"),
        Meaning.START,
    ]
    end: Annotated[
        Day,
        Label("End", noun="end"),
        Help(message="Considering the workflow of the school year, what is the best time to end?"),
        Meaning.DUE,
    ]
    timing_fits: Annotated[
        YesNo | None,
        Label("Timing considered?", noun="timing"),
        Help(
            message="Yes if staff capacity, instructional cycles and other events of the school year have "
            "been taken into account."
        ),
    ] = None
    done: Annotated[
        YesNo | None,
        Label("Done?", noun="done"),
        Help(message="Yes once the action step is completed."),
        Meaning.DONE,
    ] = None
    priority: Annotated[Priority, Label("Priority"), Companion(carries="name")]


class Deliverable(Row):
    action_step: Annotated[
        Name,
        Label("Action step", noun="step"),
        Help(message="The action step of sheet 3 to which this deliverable belongs."),
        RefersTo("action_steps.name", by="name"),
        Width(22),
    ]
    deliverable: Annotated[
        Prose,
        Label("Deliverable", noun="product"),
        Help(
            "Which work product helps you monitor progress and quality?",
            "A concrete work product. Common formative assessments are strong for a professional learning "
            "community; sign-in sheets are not.",
        ),
        Width(33, 1.4),
        Meaning.DELIVERABLE,
    ]
    start: Annotated[
        Day | None,
        Label("Start", noun="start"),
        Help(message="When work on it starts."),
        Meaning.START,
        Width(13),
    ] = None
    due: Annotated[
        Day,
        Label("Due", noun="due"),
        Help(
            message="Early enough to see issues and course-correct without jeopardizing the whole "
            "implementation."
        ),
        Meaning.DUE,
        Width(13),
    ]
    verifiable: Annotated[
        YesNo,
        Label("Concrete, verifiable?", noun="verified"),
        Help(message="Yes if it is concrete and someone else can verify it."),
        Width(13),
    ]
    shows_quality: Annotated[
        Prose,
        Label("What it shows about quality", noun="quality"),
        Help(
            "What does it tell about the quality of implementation?", "What one learns from it about quality."
        ),
        Width(30, 1.4),
    ]
    retires: Annotated[
        Prose | None,
        Label("What it retires or streamlines", noun="retires"),
        Help(
            "What can be retired or streamlined?",
            "Existing initiatives that can be retired or streamlined to create resources for prioritized "
            "strategies.",
        ),
        Width(22, 1.4),
    ] = None


class Funding(Row):
    action_step: Annotated[
        Name,
        Label("Action step", noun="step"),
        Help(message="The action step of sheet 3 that this money pays for."),
        RefersTo("action_steps.name", by="name"),
        Width(24),
    ]
    amount: Annotated[
        Money | None,
        Label("Amount", noun="amount"),
        Help(
            "How much is necessary?",
            "Dollars needed, considering the identified needs; an estimate is welcome. Type only the number.",
        ),
        Meaning.MONEY,
        Width(17),
    ] = None
    source: Annotated[
        Text,
        Label("Funding source", noun="source"),
        Help(message="Where the money comes from, such as Title I, a grant or the local budget."),
        Meaning.FUNDING,
        Width(28),
    ]
    frees: Annotated[
        Money | None,
        Label("Money it frees", noun="frees"),
        Help(message="Dollars released by what is retired. Type only the number, such as 1200 or 1200.50."),
        Width(17),
        Meaning.FREED,
    ] = None
    retires: Annotated[
        Prose | None,
        Label("What is retired", noun="retires"),
        Help(
            "What is funded now without sufficient return?",
            "An initiative funded now that does not give sufficient return on investment and can be retired.",
        ),
        Width(34, 1.4),
    ] = None
    reason: Annotated[
        Reason | None,
        Label("Why it is retired", noun="reason"),
        Help(message="Why what is retired does not give sufficient return on investment."),
        Width(24),
    ] = None


class PlanningProcessPlan(Plan):
    """A district's plan: consultation, trends, root causes, action steps, deliverables and funding."""

    form: ClassVar[Form] = Form(
        name="planning-process",
        version=1,
        title="Planning process: LEA plan",
        purpose="From performance trends to root causes, prioritized action steps, deliverables and funding.",
        source="Sample Planning Process for LEAs (seed 002)",
        sheets=(
            SheetOf(
                key="con", title="Consultation", holds=("consultation",), supporting=True,
                purpose="Whom you consulted, how, and what you heard.",
                asks="Whom you consulted, and what you heard",
                guide=("Consult a broad range of stakeholders, in a timely and meaningful way, about the "
                       "most pressing needs.",),
            ),
            SheetOf(
                key="tre", title="1 Trends", holds=("trends",),
                purpose="Step 1. Examine performance trends.",
                asks="Promising and concerning performance trends",
                guide=("What are your most promising and most concerning trends, in what data, and how are "
                       "they connected?",),
            ),
            SheetOf(
                key="rc", title="2 Root causes", holds=("root_causes",),
                purpose="Step 2. Identify root causes.",
                asks="What lies behind the trends",
                guide=(
                    "Leave out what is only a symptom of a deeper cause; ask what underlies the rest.",
                    "District A: one cause lay behind misbehavior, rigor and content delivery: how training "
                    "was implemented.",
                ),
                columns=(45, 45, 20, 18, 18),
            ),
            SheetOf(
                key="as", title="3 Action steps", holds=("action_steps",),
                purpose="Step 3. Define action steps.",
                asks="What will be done, by whom, and when",
                guide=("Consider each level of implementation: district, subject, grade band, school, "
                       "classroom.",),
                columns=(45, 45, 20, 18, 18),
            ),
            SheetOf(
                key="pri", title="4 Priorities", holds=("action_steps[].priority",),
                purpose="Step 4. Prioritize action steps.",
                asks="Which action steps come first",
                guide=("Seven questions about each action step, then the team’s decision. The more yeses, "
                       "the stronger it is.",),
            ),
            SheetOf(
                key="del", title="5 Deliverables", holds=("deliverables",),
                purpose="Step 5. Determine deliverables.",
                asks="Work products that show progress and quality",
                guide=("Deliverables are concrete and verifiable, and give insight into the quality of "
                       "implementation.",),
            ),
            SheetOf(
                key="fun", title="6 Funding", holds=("funding",),
                purpose="Step 6. Associate funding.",
                asks="What it costs, from what source, and what it frees",
                guide=("How much does each action step need? What is funded now without sufficient return "
                       "and can be retired?",),
            ),
        ),
        guide=GUIDE,
        checks=(
            "owner-not-one-person", "end-before-start", "weak-deliverable", "root-cause-unaddressed",
            "symptom-as-root", "trend-unexplained", "unfunded", "cost-unknown", "not-scored",
            "dropped-but-funded",
        ),
    )  # fmt: skip

    consultation: Annotated[
        list[Consultation], Table(label="Consultation", slots=10, noun="consultation", tag="c")
    ] = Field(default_factory=list)
    trends: Annotated[
        list[Trend], MinLen(1), Table(label="Performance trends", slots=8, noun="trend", tag="t")
    ]
    root_causes: Annotated[
        list[RootCause],
        MinLen(1),
        Table(label="Root causes", slots=10, noun="root cause", tag="r", display="cards"),
    ]
    action_steps: Annotated[
        list[ActionStep],
        MinLen(1),
        Table(label="Action steps", slots=15, noun="action step", tag="a", display="cards"),
    ]
    deliverables: Annotated[
        list[Deliverable], MinLen(1), Table(label="Deliverables", slots=20, noun="deliverable", tag="d")
    ]
    funding: Annotated[
        list[Funding], Table(label="Funding", slots=20, noun="funding line", tag="f", total="amount")
    ] = Field(default_factory=list)
