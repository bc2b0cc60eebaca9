"""Systems for Student Success, version 1: with the draft Section 2, Resource Alignment and Infrastructure.

What stands before Section 2 is the same in version 2, so it is taken from there. A version 3 that changes it moves it
here first: a form that was issued never changes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, ClassVar

from annotated_types import MinLen

from xlplan.form.markers import Help, Label, Prose, Table
from xlplan.form.plan import Form, Plan, Row, SheetOf
from xlplan.form.upgrade import Upgrade
from xlplan.templates.sfss import Challenge, SfssPlan


class Alignment(Row):
    assets: Annotated[
        Prose,
        Label("Aligning assets", noun="assets", tag="asst"),
        Help(
            "How can assets be aligned, or re-aligned, to support your systems and strategies?",
            "The staffing, partnership and financial implications of your strategies: what is there, and where it must go.",
        ),
    ]
    roles: Annotated[
        Prose,
        Label("Roles that need to change", noun="roles", tag="role"),
        Help("What roles need to change and how?", "Each role, and what it will do differently from today."),
    ]


class Infrastructure(Row):
    progress: Annotated[
        Prose,
        Label("Monitoring progress", noun="progress", tag="prog"),
        Help(
            "How will you monitor progress related to the strategies you identified in your plan?",
            "Who looks at the progress of your strategies, at what, and how often?",
        ),
    ]
    embedding: Annotated[
        Prose,
        Label("Embedding the SFSS priorities", noun="routine", tag="embd"),
        Help(
            "How will attention to SFSS Priority Areas be embedded into regular school and district management/leadership processes?",
            "The ongoing way in which you find new challenges and take up the next stage of system improvement.",
        ),
    ]


class SfssPlan1(Plan):
    """A school's action plan: challenges with causes, strategies and steps; then the draft Section 2."""

    form: ClassVar[Form] = replace(
        SfssPlan.form,
        version=1,
        source="Systems for Student Success Initiative: Action Planning Template (seed 000), draft Section 2",
        sheets=(
            *(sheet for sheet in SfssPlan.form.sheets if sheet.key == "ch"),
            SheetOf(
                key="ali", title="Resource Alignment", holds=("alignment",), supporting=True,
                purpose="The staffing, partnership and financial implications of your strategies.",
                asks="How assets and roles are aligned", columns=(60, 30, 40),
            ),
            SheetOf(
                key="inf", title="Infrastructure", holds=("infrastructure",), supporting=True,
                purpose="How school and district organize to make monitoring and improvement a regular way of doing business.",
                asks="How progress is followed and made routine", columns=(60, 30, 40),
            ),
        ),
    )  # fmt: skip

    upgrade: ClassVar[Upgrade | None] = Upgrade(
        moved={"infrastructure": "monitoring"},
        asked={
            "alignment.assets": "Put what has to be paid for, or moved, on the sheet Resources, a row for each item.",
            "alignment.roles": "Put it on the sheet Roles, a row for each role, with what it will do differently.",
        },
    )

    challenges: Annotated[
        list[Challenge],
        MinLen(2),
        Table(label="Challenges", slots=4, noun="challenge", display="sheets", tag="ch"),
    ]
    alignment: Annotated[Alignment, Label("Resource Alignment")]
    infrastructure: Annotated[Infrastructure, Label("Infrastructure/System Management")]
