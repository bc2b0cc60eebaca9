"""Variations of the hand-written plans for the demonstration: other amounts, other progress, and typical flaws."""

from __future__ import annotations

import copy
import random
from typing import Any

OWNERS = (
    "A. Whitfield, counselor", "B. Nakai, assistant principal", "C. Oyelaran, instructional coach", "D. Petrov, dean",
    "E. Castellanos, family liaison", "F. Lindgren, grade 6 teacher", "G. Marsh, registrar", "H. Sato, librarian",
)  # fmt: skip


def varied(plan: dict[str, Any], number: int) -> dict[str, Any]:
    """The plan with other costs, some other owners and some steps done; the same number, the same plan."""
    chance = random.Random(number)  # seeded: a demonstration is the same every time
    made = copy.deepcopy(plan)
    for challenge in made["challenges"]:
        for strategy in challenge["strategies"]:
            for step in strategy["steps"]:
                if step["due"] < "2027-02-01":
                    step["done"] = chance.random() < 0.8
                if chance.random() < 0.2:
                    step["owner"] = chance.choice(OWNERS)
    for item in made["resources"]:
        if item["cost"] is not None:
            item["cost"] = f"{float(item['cost']) * chance.choice((0.8, 0.9, 1, 1.1, 1.25)):.2f}"
    return made


def spoiled(plan: dict[str, Any], number: int) -> dict[str, Any]:
    """The plan with flaws that schools really make: a wrong year, a missing name, text for an amount."""
    made = copy.deepcopy(plan)
    steps = made["challenges"][0]["strategies"][0]["steps"]
    flaws = (
        lambda: steps[0].update(due="2062-10-02"),
        lambda: steps[-1].update(owner=None),
        lambda: made["resources"][0].update(cost="about 3,200"),
        lambda: made.update(challenges=made["challenges"][:1]),
        lambda: steps[0].update(owner="Ortiz and Lee", due="Fall 2026"),
    )
    flaws[number % len(flaws)]()
    flaws[(number // 7) % len(flaws)]()
    return made
