"""An invented district: twelve schools, ten plans of a form like sfss, two of them drafts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from xlplan.rollup.data import Column, PlanRecord, Shape, TableShape

AS_OF = date(2026, 12, 18)
DISTRICT = ("0530825", "Harbor Ridge School District")
SCHOOLS = (
    "Alder Point Elementary",
    "Birchmere Elementary",
    "Cedar Hollow High School",
    "Cedar Hollow Middle School",
    "Eagle Flats Elementary",
    "Gull Bay Elementary",
    "Harbor Ridge High School",
    "Juniper Street School",
    "Madrona Elementary",
    "Orchard Lane Middle School",
    "Salmon Run Elementary",
    "Tidewater Academy",
)
AWAY, DRAFTS = (5, 11), (2, 9)
PRIORITIES = (
    "Strong Climate & Culture",
    "Engaging Instruction for Academics & SEL",
    "Proactive Student-Specific Support System",
    "Systematic Parent & Family Engagement",
    "Strategic Partnerships & Coalitions",
)
SHEETS = ("Start", "Plan", "Challenges", "Rules", "Roles", "Relationships", "Resources", "Monitoring")
ACTIONS = (
    "Name the team and a fixed weekly slot",
    "Translate the first-contact script for families and try it out with ten of them before it goes to all",
    "Pilot in two classes",
)
HOSTILE = '=HYPERLINK("http://x.example","free")'


def _columns(*fields: str) -> tuple[Column, ...]:
    """ "due date due" is a column's name, kind and mark."""
    parts = [[*text.split(), ""] for text in fields]
    return tuple(Column(name=p[0], kind=p[1], label=p[0].capitalize(), mark=p[2]) for p in parts)


def _table(path: str, sheet: str, *fields: str, name: str = "", parents: Sequence[str] = ()) -> TableShape:
    own = name or path.rsplit(".", 1)[-1]
    return TableShape(
        name=own, path=path, columns=_columns(*fields), parents=tuple(parents), sheet_title=sheet
    )


def shape() -> Shape:
    """A form like sfss."""
    challenge, strategy = "challenges", "challenges[].strategies"
    steps = ("action prose step", "due date due", "owner person owner", "done yes-no done")
    tables = (
        _table(
            "",
            "Plan",
            "district_id text",
            "school_id text",
            "prepared_by person",
            "prepared_on past-date",
            name="schools",
        ),
        _table(
            challenge, "Challenges", "description prose", "evidence prose evidence", "target_outcomes prose"
        ),
        _table(f"{challenge}[].root_causes", "Challenges", "root_cause prose cause", parents=[challenge]),
        _table(
            strategy,
            "Challenges",
            "description prose",
            "root_causes tick cause",
            "priorities tick priority",
            parents=[challenge],
        ),
        _table(f"{strategy}[].steps", "Challenges", *steps, parents=[challenge, "strategies"]),
        _table("rules", "Rules", "item prose", "adjustments prose", "supports prose"),
        _table("relationships", "Relationships", "structure text", "members prose", "notes prose"),
        _table(
            "resources",
            "Resources",
            "item prose",
            "cost money money",
            "funding_source text funding",
            "reallocation yes-no",
        ),
        _table("monitoring", "Monitoring", "progress prose", "embedding prose"),
    )
    return Shape(
        template="sfss",
        title="Systems for Student Success",
        version=2,
        year="2026-27",
        tables=tables,
        choices={"priorities": PRIORITIES},
        sheets=SHEETS,
    )


def _dice(seed: int) -> Iterator[int]:
    """Numbers that look thrown, the same on every machine."""
    state = seed + 1
    while True:
        state = (state * 1_103_515_245 + 12_345) % 2**31
        yield state >> 8


def _step(dice: Iterator[int], at: int) -> dict[str, Any]:
    month = (8 + next(dice) % 10) % 12 + 1
    due = date(2026 if month > 8 else 2027, month, 1 + next(dice) % 28)
    done = due < date(2026, 12, 1) and next(dice) % 12 != 0
    return {
        "action": ACTIONS[at % 3],
        "due": None if next(dice) % 40 == 0 else due.isoformat(),
        "owner": ("D. Okafor, assistant principal", "L. Ferreira", "M. Chaudhry, counsellor")[at % 3],
        "done": done or None,
    }


def _strategy(dice: Iterator[int]) -> dict[str, Any]:
    ticked = [choice for at, choice in enumerate(PRIORITIES) if next(dice) % (2 + at) == 0]
    return {
        "description": "Two-way family outreach in the home language",
        "root_causes": ["A"],
        "priorities": ticked or [PRIORITIES[0]],
        "steps": [_step(dice, at) for at in range(3 + next(dice) % 3)],
    }


def _challenge(dice: Iterator[int], strategies: int) -> dict[str, Any]:
    return {
        "description": "One in four students misses 18 or more days a year; grade 9 is worst.",
        "evidence": "26.1% chronically absent in 2025-26, grade 9 31.4%.",
        "target_outcomes": "Under 20% by June 2027.",
        "root_causes": ["Absences are reviewed once a term.", "Families hear from an automatic call only."],
        "strategies": [_strategy(dice) for _ in range(strategies)],
    }


def plan(at: int) -> dict[str, Any]:
    """The plan of one school."""
    dice = _dice(at)
    sources = ("Title I", "Local budget", "title i", None, "SfSS grant FC 248")
    return {
        "district_id": DISTRICT[0],
        "school_id": school_id(at),
        "prepared_by": "J. Lindqvist",
        "prepared_on": "2026-10-02",
        "challenges": [_challenge(dice, 1 + at % 2), _challenge(dice, 2)],
        "rules": [
            {"item": HOSTILE if at == 0 else "Grading code", "adjustments": "Allow retakes", "supports": None}
        ],
        "relationships": [],
        "resources": [
            {
                "item": "Stipends",
                "cost": None if next(dice) % 9 == 0 else f"{next(dice) % 20_000}.50",
                "funding_source": sources[next(dice) % 5],
                "reallocation": bool(at % 2),
            }
            for _ in range(3 + at % 3)
        ],
        "monitoring": {
            "progress": "A monthly look at the numbers",
            "embedding": "First item of every staff meeting",
        },
    }


def school_id(at: int) -> str:
    """Twelve digits, the first a nought."""
    return f"{DISTRICT[0]}{at + 1:05}"


def record(at: int, **changes: Any) -> PlanRecord:
    """One plan as it came back; its second challenge stands on the sheet Challenge 3."""
    slots = {"challenges": (0, 2)}
    cells = {
        "challenges[2].strategies[0].steps[1].action": ("Challenge 3", "D34"),
        "rules[0].item": ("Rules", "D6"),
    }
    values: dict[str, Any] = {
        "school_id": school_id(at),
        "school": SCHOOLS[at],
        "district_id": DISTRICT[0],
        "district": DISTRICT[1],
        "template": "sfss",
        "version": 2,
        "outcome": "rejected" if at in DRAFTS else "accepted",
        "draft": at in DRAFTS,
        "file": f"returns/{SCHOOLS[at]}.xlsx",
        "received": date(2026, 12, 4 + at),
        "plan": plan(at),
        "slots": slots,
        "cells": cells,
    }
    return PlanRecord(**(values | changes))
