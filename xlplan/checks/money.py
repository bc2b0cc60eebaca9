"""A resource has an amount (000: Anticipated Costs; 002: "How much funding is necessary")."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.checks.rows import PlanRows
from xlplan.findings import Finding


def cost_unknown(rows: PlanRows) -> Iterator[Finding]:
    """A resource line with an item and no amount; silent where something else stands in its cost cell."""
    for number, item in enumerate(rows.plan.get("resources") or []):
        path = f"resources[{rows.slots['resources'][number]}]"
        if item.get("item") and not item.get("cost") and f"{path}.cost" not in rows.filled:
            yield rows.found("cost-unknown", f"{path}.cost", found=item["item"])
