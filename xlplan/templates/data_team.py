"""District Data Team: Action Plan Template 5.3.1T, with the gate questions of Module 5."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar

from annotated_types import Ge, MinLen
from pydantic import Field

from xlplan.form.markers import (
    Day,
    Help,
    Label,
    Meaning,
    Person,
    Prose,
    RefersTo,
    Table,
    Width,
    YesNo,
)
from xlplan.form.plan import Form, Plan, Row, SheetOf


class StrategyStatus(StrEnum):
    NEW = "new, several steps"
    NEW_SIMPLE = "new, one step"
    REFINED = "existing, to be refined"
    UNCHANGED = "existing, unchanged"


STEPLESS = (StrategyStatus.NEW_SIMPLE, StrategyStatus.UNCHANGED)
"""Both gate questions answered "No": such a strategy does not require an action plan."""


class Step(Row):
    action: Annotated[
        Prose,
        Label("Action Steps", noun="step"),
        Help(
            "What steps must be taken to implement our strategy?",
            "One major step, clear enough for others to carry out. Name only the most significant, "
            "far-reaching steps, in order of completion.",
        ),
        Meaning.STEP,
        Width(33, 1.4),
    ]
    resources: Annotated[
        Prose,
        Label("Resources", noun="resource"),
        Help(
            "What specific supports are needed to implement this step?",
            "Supports this step needs. “None needed” is an answer. If a key resource is lacking, make "
            "securing it a step of its own.",
        ),
        Meaning.NEED,
        Width(28, 1.4),
    ]
    measures: Annotated[
        Prose,
        Label("Measures of Implementation (Outputs)", noun="measure"),
        Help(
            "How will readers know the step is fully carried out?",
            "At least one measure that tells when the step is fully carried out, such as the share of "
            "teachers trained over a stated period. Draw on the logic model if you have one.",
        ),
        Width(28, 1.4),
    ]
    owner: Annotated[
        Person,
        Label("Owner", noun="name"),
        Help(
            "Who is most closely responsible?",
            "One specific person, accountable for this step, with the resources, capacity, authority and "
            "support to complete it.",
        ),
        Meaning.OWNER,
        Width(19),
    ]
    deadline: Annotated[
        Day,
        Label("Deadline", noun="deadline"),
        Help(
            "By when?",
            "The day by which this step will be completed. The last step’s deadline is the day the "
            "strategy is fully operational.",
        ),
        Meaning.DUE,
        Width(13),
    ]
    after: Annotated[
        Annotated[int, Ge(1)] | None,
        Label("After step", noun="after"),
        Help(
            message="The number of an earlier step that must be completed before this one. Empty if there "
            "is none."
        ),
        RefersTo("steps", by="number"),
        Meaning.AFTER,
        Width(10),
    ] = None
    resources_available: Annotated[
        YesNo | None,
        Label("On hand?", noun="on hand"),
        Help(message="Yes if the resources of this step are available; No if they still have to be secured."),
        Width(8),
    ] = None
    done: Annotated[
        YesNo | None,
        Label("Done?", noun="done"),
        Help(message="Yes once the step is completed."),
        Meaning.DONE,
        Width(8),
    ] = None


class Strategy(Row):
    strategy: Annotated[
        Prose,
        Label("Strategy", noun="strategy", tag="strt"),
        Help(
            "What means, method or approach will solve the identified problem?",
            "The specific means, method or approach to solving the identified problem. It drives the "
            "action plan, so think carefully about it. If you have a logic model, take it from there.",
        ),
    ]
    status: Annotated[
        StrategyStatus,
        Label("New or existing?", noun="status", tag="stat"),
        Help(
            "New: does it need several steps? Existing: must it be refined first? If neither, it needs no "
            "action plan.",
            "A new strategy of several steps, or an existing one to be refined, adjusted or improved, "
            "needs at least one action step. The others need none.",
        ),
    ]
    problem_statement: Annotated[
        Prose | None,
        Label("Problem Statement(s)", noun="problem", tag="prob"),
        Help(
            "Which identified problem does it address?",
            "The problem statement of your logic model, if you have one.",
        ),
    ] = None
    goal: Annotated[
        Prose | None,
        Label("Goals", noun="goal", tag="goal"),
        Help(
            "Which ultimate goal does it serve (impact)?",
            "The goal of your logic model, its impact, if you have one.",
        ),
    ] = None
    measures_of_change: Annotated[
        Prose | None,
        Label("Measures of Change", noun="change", tag="chng"),
        Help(
            "By what will you see the change (outcomes)?",
            "The outcomes of your logic model, if you have one.",
        ),
    ] = None
    steps: Annotated[
        list[Step],
        Table(
            label="Action Steps",
            slots=12,
            noun="step",
            tag="s",
            unless=("status", STEPLESS),
            guide="From left to right; every step has resources, a measure of implementation, an owner and "
            "a deadline.",
        ),
    ] = Field(default_factory=list)


class DataTeamPlan(Plan):
    """A district data team's action plan: up to six strategies, a sheet each, with their steps."""

    form: ClassVar[Form] = Form(
        name="data-team",
        version=1,
        title="District Data Team: action plan",
        purpose="The steps that make sure the strategies you identified are implemented as intended.",
        source="District Data Team Toolkit, Module 5: Action Plan Template 5.3.1T (seed 001)",
        sheets=(
            SheetOf(
                key="st", title="Strategy {n}", holds=("strategies",), heading="The strategy",
                purpose="One strategy and the steps that implement it as intended.",
                asks="A strategy and its action steps",
                guide=(
                    "Only new strategies, and strategies that need changes to function as intended, "
                    "require an action plan.",
                    "Does a plan for it exist already? Would one help you delegate steps or monitor their "
                    "completion?",
                    "Allow 30–45 minutes for each strategy. Have your logic model at hand, if you have one.",
                ),
                columns=(33, 28, 28, 19, 13, 10, 8, 8),
            ),
        ),
        checks=("owner-not-one-person", "step-order", "strategy-needs-no-plan"),
        plan_guide="One sheet a strategy. Leave the strategy sheets that you do not need empty.",
    )  # fmt: skip

    strategies: Annotated[
        list[Strategy],
        MinLen(1),
        Table(label="Strategies", slots=6, noun="strategy", display="sheets", tag="st"),
    ]
