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
from xlplan.form.plan import Form, GuidePart, Plan, Row, SheetOf

GUIDE = (
    GuidePart(
        heading="When an action plan is needed",
        text=(
            "An action plan documents the series of steps that make sure the strategies you identified for your problem areas are implemented as intended.",
            "Make one, if needed, to implement new strategies, or to implement existing strategies more effectively. It is not always necessary.",
            "Ask: do action plans already exist for the strategies we identified? Would one significantly enhance our ability to delegate steps, or to monitor their completion?",
            "Generally speaking, only new strategies, and strategies that require changes to function as intended, need an action plan.",
        ),
    ),
    GuidePart(
        heading="Components of an action plan",
        text=(
            "An action plan drills down: it gives more detail, linking strategies and resources to the measures of implementation and the ultimate goals.",
            "If you have a logic model of how the district supports improvement, its strategies, resources and many measures of implementation are already identified: keep it at hand. If not, the directions below can help you create a plan.",
        ),
        heads=("In the logic model", "Component", "Where it stands on a strategy sheet"),
        rows=(
            ("INPUTS", "Problem Statement(s)", "Problem Statement(s)"),
            ("INPUTS", "Strategies", "Strategy"),
            ("INPUTS", "Resources", "Resources, a step at a time"),
            ("OUTPUTS", "Measures of Implementation", "Measures of Implementation, a step at a time"),
            ("OUTCOMES", "Measures of Change", "Measures of Change"),
            ("IMPACT", "Goals", "Goals"),
        ),
    ),
    GuidePart(
        heading="Building an action plan",
        heads=("Begin by asking", "If the answer is YES", "If the answer is NO"),
        rows=(
            (
                "Will you use an existing strategy? Does it need to be refined, adjusted or improved before it is implemented?",
                "Choose “existing, to be refined”, and craft its plan.",
                "Choose “existing, unchanged”: the strategy does not require an action plan.",
            ),
            (
                "Is it a new strategy? Does it require multiple steps to be implemented?",
                "Choose “new, several steps”, and craft its plan.",
                "Choose “new, one step”: the strategy does not require an action plan.",
            ),
        ),
    ),
    GuidePart(
        heading="After the two questions",
        text=(
            "If NO: focus your time and energy on the action plans of your other strategies, or go on to plan how you will evaluate results.",
            "If YES: begin by articulating the overarching strategy that the action plan will support.",
            "Then answer the guiding question of each column, from left to right: first name the action steps, then for each its necessary and available resources, measures of implementation, owner and deadline.",
            "Every action step has something in every other column: resources, at least one measure of implementation, an owner, and a deadline for completion. The sheet Review looks at this.",
        ),
    ),
    GuidePart(
        heading="Directions for completing an action plan",
        heads=("What to write", "Keep in mind", "If you have a logic model, and examples"),
        rows=(
            (
                "1. The strategy: the specific means, method or approach to solving the identified problem(s).",
                "It is the driver of the action plan, so it is essential to think carefully about it.",
                "The logic model outlines strategies in its second column. Without one, you need to determine the best approach to the problem.",
            ),
            (
                "2. Action steps: the major steps that must be taken to implement the strategy, in order of completion, described well enough for others to understand them and carry them out. “After step” notes which need to be completed before others.",
                "Stay focused on the big picture: only the most significant, far-reaching steps that need to be monitored as evidence of progress toward the goal.",
                "The owner of a step may keep more detail to guide his or her own work, for example with a team to manage or many details to track.",
            ),
            (
                "3. Resources: what is needed to implement one or more action steps, if needed.",
                "Where key resources are lacking or not yet allocated, securing them is a step of its own.",
                "Example: the state department offers technical assistance, but someone from the district has to approach the right office to see what is available. A logic model has identified resources.",
            ),
            (
                "4. Measures of implementation: what tells when the action step or strategy is fully realized or carried out.",
                "An action plan gives more detail, so you may want to add measures of a finer grain.",
                "Example: a certain percentage of teachers receive training over a specified period. Start from the measures of your logic model.",
            ),
            (
                "5. The owner: the individual most closely responsible and accountable for a given action step.",
                "It is essential that this be a specific person.",
                "The owner has the resources, capacity, authority and support required for completing the step.",
            ),
            (
                "6. The deadline: by when the action step will be completed.",
                "Completing the last step marks the day by which the strategy is expected to be fully operational.",
                "By that day measures will be available for analysis.",
            ),
        ),
    ),
)


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
        Width(33, 1.6),
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
        Width(28, 1.6),
    ]
    measures: Annotated[
        Prose,
        Label("Measures of Implementation (Outputs)", noun="measure"),
        Help(
            "How will readers know the step is fully carried out?",
            "At least one measure that tells when the step is fully carried out, such as the share of "
            "teachers trained over a stated period. Draw on the logic model if you have one.",
        ),
        Width(28, 1.6),
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
        Meaning.STRATEGY,
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
        Meaning.GOAL,
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
            SheetOf(
                key="rev", title="Review", reviews="strategies",
                purpose="The plan against its checklist, strategy by strategy, as it stands now.",
                asks="What is complete, and what to look at",
                guide=("Nothing to fill in here: the lines follow what you type on the strategy sheets.",),
            ),
        ),
        guide=GUIDE,
        checks=("owner-not-one-person", "step-order", "strategy-needs-no-plan"),
        plan_guide="One sheet a strategy. Leave the strategy sheets that you do not need empty.",
    )  # fmt: skip

    strategies: Annotated[
        list[Strategy],
        MinLen(1),
        Table(label="Strategies", slots=6, noun="strategy", display="sheets", tag="st"),
    ]
