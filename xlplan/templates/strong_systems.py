"""Strong School Systems: initiatives with deliverables, action steps, timing and criteria for success."""

from __future__ import annotations

from typing import Annotated, ClassVar

from annotated_types import MinLen
from pydantic import Field

from xlplan.form.markers import Companion, Day, Help, Label, Meaning, Person, Prose, Table, Width, YesNo
from xlplan.form.plan import Form, Plan, Row, SheetOf


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
            guide="3–5 action steps: the most important ones one must take to complete the deliverable, in "
            "their order.",
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
            guide="A bold line a deliverable; under it its action steps, each starting when the one before "
            "is done.",
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
                columns=(53, 13.5, 13.5, 19, 8),
            ),
            SheetOf(
                key="crit", title="Criteria", holds=("initiatives[].deliverables[].criteria",),
                supporting=True,
                purpose="Each deliverable’s action steps and timing against the criteria for success.",
                asks="Each deliverable against the criteria for success",
                guide=("Read all the steps of a deliverable, then answer the three questions that dates "
                       "cannot.",),
                columns=(53, 13, 11, 17),
            ),
        ),
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
