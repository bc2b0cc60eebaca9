"""Strong School Systems: initiatives with deliverables, action steps, timing and criteria for success."""

from __future__ import annotations

from typing import Annotated, ClassVar

from annotated_types import MinLen
from pydantic import Field

from xlplan.form.markers import Companion, Day, Help, Label, Meaning, Person, Prose, Table, Width, YesNo
from xlplan.form.plan import Form, GuidePart, Plan, Row, SheetOf

GUIDE = (
    GuidePart(
        heading="Action steps",
        text=("Action steps represent the most important steps one must take to complete a deliverable.",),
    ),
    GuidePart(
        heading="An initiative and its deliverables (illustrative, not exhaustive)",
        text=("The initiative: Establish and roll out a shared vision of excellence for classroom culture",),
        rows=(
            ("Create a working group",),
            ("Gather validated rubrics and visions from other districts and synthesize takeaways",),
            ("Survey stakeholders and synthesize perspectives on classroom culture",),
            (
                "Define Vision of Excellence (VOE) for classroom culture",
                "its action steps: the example below",
            ),
            (
                "Develop a scope and sequence of PD to communicate and invest teachers and leaders in the VOE, and build mindsets and skills",
            ),
        ),
    ),
    GuidePart(
        heading="Example and non-example of action steps",
        text=(
            "For the deliverable: Define Vision of Excellence (VOE) for classroom culture. What makes the example more practical to use than the non-example?",
        ),
        heads=("Example", "Non-example"),
        rows=(
            (
                "1. Identify internal or external rubric/vision from which to start",
                "A. Schedule meeting to select rubric/vision",
            ),
            ("", "B. Create agenda for meeting"),
            ("", "C. Hold meeting to identify rubric/vision"),
            (
                "2. Revise “starter” rubric/vision to reflect a) takeaways from research and b) stakeholders’ perspectives",
                "D. Revise “starter” rubric/vision to reflect a) takeaways from research and b) stakeholders’ perspectives",
            ),
            ("", "E. Send draft to Lisa for feedback"),
            (
                "3. Observe strong classroom teachers with 1st draft VOE in hand and revise",
                "F. Ask principals to identify strong classroom teachers to observe, and to frame requests to observe",
            ),
            ("", "G. Schedule observations with teachers"),
            ("", "H. Observe teachers with VOE in hand and take notes"),
            ("", "I. Schedule meeting to share notes and agree on revisions"),
            ("", "J. Hold meeting described above"),
            (
                "4. Share 2nd draft VOE with focus groups and revise in response to their feedback",
                "K. Schedule focus groups",
            ),
            ("", "L. Create agendas for focus groups"),
            (
                "",
                "M. Conduct focus groups to get feedback on VOE. Revise VOE in response to focus group feedback",
            ),
        ),
    ),
    GuidePart(
        heading="Criteria for success: action steps",
        text=(
            "1. Observable: we should be able to answer “Yes” or “No” to the question “was this done?” of each action step.",
            "2. Clear: each step describes the work so that someone outside the system could read it and understand what work is intended.",
            "3. Prioritized: 3–5 action steps total for a deliverable.",
            "4. Comprehensive: together, the action steps account for the most important work to be done.",
        ),
    ),
    GuidePart(
        heading="Example and non-example of timing",
        text=("What makes the example more practical to use than the non-example?",),
        heads=("Action step", "Example: start date – due date", "Non-example: start date – due date"),
        rows=(
            (
                "1. Use diagnostic findings of teachers and leaders’ skill and knowledge gaps to identify aims and organize them in a scope and sequence of professional development sessions.",
                "4/18 – 4/22",
                "4/18 – 7/22",
            ),
            (
                "2. Identify planners and facilitators for professional development sessions.",
                "4/25 – 5/6",
                "4/18 – 7/22",
            ),
            ("3. Develop detailed plans for professional development sessions.", "5/9 – 6/17", "4/18 – 7/22"),
            (
                "4. Share plans for professional development and improve them with feedback.",
                "6/20 – 7/8",
                "4/18 – 7/22",
            ),
            (
                "5. Create materials (e.g., slides, classwork) for professional development sessions.",
                "7/11 – 7/22",
                "4/18 – 7/22",
            ),
        ),
    ),
    GuidePart(
        heading="Criteria for success: timing",
        text=(
            "1. Complete: all action steps have a start and due date.",
            "2. Consistent: start and due dates match those of the deliverable; for example, the last step’s due date is the deliverable’s due date.",
            "3. Logical: a step usually starts after the previous one is completed, and the order reflects clear logic.",
        ),
    ),
)


class Step(Row):
    action: Annotated[
        Prose,
        Label("Action steps", noun="step"),
        Help(
            message="One of the 3–5 most important steps to complete the deliverable. Could an outsider "
            "read it and understand the work? Can you answer Yes or No to “was this done?”"
        ),
        Meaning.STEP,
        Width(53, 1.2),
    ]
    start: Annotated[
        Day,
        Label("Start date", noun="start"),
        Help(message="Usually after the previous step is completed."),
        Meaning.START,
        Width(13.5),
    ]
    due: Annotated[
        Day,
        Label("Due date", noun="due"),
        Help(message="The day by which the step is done. The last step’s due date is the deliverable’s."),
        Meaning.DUE,
        Width(13.5),
    ]
    owner: Annotated[
        Person | None,
        Label("Owner", noun="owner"),
        Help(message="One named person who answers for this step."),
        Meaning.OWNER,
        Width(19),
    ] = None
    done: Annotated[
        YesNo | None,
        Label("Done?", noun="done"),
        Help(message="Yes once the step is done."),
        Meaning.DONE,
        Width(8),
    ] = None


class Criteria(Row):
    """The team's own judgement of a deliverable's steps; what dates and counts can tell is computed."""

    observable: Annotated[
        YesNo | None,
        Label("Observable", noun="observed"),
        Help(
            "“Was this done?”: Yes or No",
            "Yes if, for every step, we can answer Yes or No to “was this done?”",
        ),
    ] = None
    clear: Annotated[
        YesNo | None,
        Label("Clear", noun="clear"),
        Help(
            "Would an outsider understand it?",
            "Yes if someone outside the system could read each step and understand what work is intended.",
        ),
    ] = None
    comprehensive: Annotated[
        YesNo | None,
        Label("Comprehensive", noun="whole"),
        Help(
            "Is the most important work in it?",
            "Yes if the steps together account for the most important work to be done.",
        ),
    ] = None


class Deliverable(Row):
    name: Annotated[
        Prose,
        Label("Deliverables", noun="name"),
        Help(
            message="One deliverable of the initiative, beginning with a verb, such as “Create a working "
            "group”."
        ),
        Meaning.DELIVERABLE,
        Width(53, 1.4),
    ]
    start: Annotated[
        Day,
        Label("Start date", noun="start"),
        Help(message="The day on which its first step starts."),
        Meaning.START,
        Width(13.5),
    ]
    due: Annotated[
        Day,
        Label("Due date", noun="due"),
        Help(message="The day by which the deliverable is complete; its last step is due on the same day."),
        Meaning.DUE,
        Width(13.5),
    ]
    owner: Annotated[
        Person | None,
        Label("Owner", noun="owner"),
        Help(message="One named person who answers for this deliverable."),
        Meaning.OWNER,
        Width(19),
    ] = None
    done: Annotated[
        YesNo | None,
        Label("Done?", noun="done"),
        Help(message="Yes once the deliverable is complete."),
        Meaning.DONE,
        Width(8),
    ] = None
    steps: Annotated[
        list[Step],
        Table(
            label="Action steps",
            slots=5,
            noun="step",
            tag="s",
        ),
    ] = Field(default_factory=list)
    criteria: Annotated[Criteria, Label("Criteria for Success"), Companion(carries="name")] = Criteria()


class Initiative(Row):
    initiative: Annotated[
        Prose,
        Label("Initiative", noun="project", tag="init"),
        Help(
            "What will you establish or roll out?",
            "The initiative in one sentence, such as “Establish and roll out a shared vision of excellence "
            "for classroom culture”.",
        ),
        Width(53, 2.6),
        Meaning.GOAL,
    ]
    deliverables: Annotated[
        list[Deliverable],
        MinLen(1),
        Table(
            label="Deliverables and action steps",
            slots=6,
            noun="deliverable",
            tag="d",
            display="outline",
            guide="A bold line a deliverable; under it its 3–5 action steps: the most important, each starting "
            "when the one before is done.",
        ),
    ]


class StrongSystemsPlan(Plan):
    """A strategic plan's initiatives, a sheet each, as deliverables with dated action steps."""

    form: ClassVar[Form] = Form(
        name="strong-systems",
        version=1,
        title="Strong School Systems: strategic plan",
        purpose="Initiatives as deliverables, each with the few action steps that complete it, and when.",
        source="Strong School Systems Strategic Planning Resource: action steps and timing (seed 004)",
        sheets=(
            SheetOf(
                key="ini", title="Initiative {n}", holds=("initiatives",), heading="The initiative",
                purpose="One initiative, its deliverables, and the action steps that complete each of them.",
                asks="An initiative, its deliverables and action steps",
                guide=("Leave an initiative sheet that you do not need empty.",),
                columns=(51, 14.5, 14.5, 19, 8),
            ),
            SheetOf(
                key="crit", title="Criteria", holds=("initiatives[].deliverables[].criteria",),
                supporting=True,
                purpose="Each deliverable’s action steps and timing against the criteria for success.",
                asks="Each deliverable against the criteria for success",
                guide=("Read all the steps of a deliverable, then answer the three questions that dates "
                       "cannot.",),
            ),
        ),
        guide=GUIDE,
        checks=(
            "owner-not-one-person", "end-before-start", "outside-deliverable", "last-step-not-at-due",
            "starts-before-previous-ends", "same-dates", "step-count", "not-observable", "too-fine",
        ),
    )  # fmt: skip

    initiatives: Annotated[
        list[Initiative],
        MinLen(1),
        Table(label="Initiatives", slots=3, noun="initiative", display="sheets", tag="ini"),
    ]
