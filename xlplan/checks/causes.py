"""Every root cause is addressed by a strategy (000: "strategies to address the root causes")."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.checks.rows import PlanRows
from xlplan.findings import Finding
from xlplan.layout.rows import LETTERS


def root_cause_unaddressed(rows: PlanRows) -> Iterator[Finding]:
    """A root cause that no strategy of its challenge marks; silent while the challenge has no strategies."""
    for number, challenge in enumerate(rows.plan.get("challenges") or []):
        strategies = challenge["strategies"]
        marked = {letter for strategy in strategies for letter in strategy["root_causes"]}
        challenge_slot = rows.slots["challenges"][number]
        for k, cause in enumerate(challenge["root_causes"]):
            if strategies and cause and LETTERS[k] not in marked:
                slot = rows.slots[f"challenges[{number}].root_causes"][k]
                path = f"challenges[{challenge_slot}].root_causes[{slot}]"
                yield rows.found("root-cause-unaddressed", path, found=cause)
