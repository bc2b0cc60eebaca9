"""The status as a table for a terminal."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from xlplan.cli import show
from xlplan.findings import Severity

if TYPE_CHECKING:
    from xlplan.pipeline.status import SchoolState, Status

WORDS = {
    "not-issued": "○ No copy yet", "issued": "○ Not returned", "rejected": "▲ Needs corrections",
    "accepted": "✓ Accepted", "approved": "✓ Approved", "in-review": "▲ Sent back", "waiting": "○ Merge to decide",
}  # fmt: skip
COUNTED = {
    "not-issued": "without a copy", "issued": "not returned", "rejected": "to correct", "accepted": "accepted",
    "approved": "approved", "in-review": "sent back", "waiting": "to decide",
}  # fmt: skip
COLORS = {"rejected": "red", "in-review": "red", "accepted": "green", "approved": "green"}


def print_status(found: Status) -> None:
    """Every school on a line, what needs work first; then the counts."""
    width = min(max((len(item.school.name) for item in found.schools), default=10), 46)
    show.chat(f"{'School':<{width}}  {'State':<25}{'Copy':>5}{'Returns':>9}  {'Filled':<8}Findings")
    for item in found.schools:
        show.chat(_line(item, width), color=COLORS.get(item.state))
        for line in item.completeness if item.returns else ():
            show.detail(f"    {line['sheet']}: {line['filled']} of {line['required']}")
    for file in found.unplaced:
        show.say(f"Belongs to no school yet: {show.one_line(file)}")
    counts = Counter(item.state for item in found.schools)
    late = sum(item.late for item in found.schools)
    words = ", ".join(f"{count} {COUNTED[state]}" for state, count in counts.items())
    show.say(f"{len(found.schools)} schools: {words}; {late} late.")


def _line(item: SchoolState, width: int) -> str:
    filled, required = (sum(line[key] for line in item.completeness) for key in ("filled", "required"))
    share = f"{100 * filled // required}%" if required and item.returns else "–"
    said = [
        f"{count} {severity}{'s' if count > 1 and severity != 'advice' else ''}"
        for severity in (Severity.ERROR, Severity.WARNING, Severity.ADVICE)
        if (count := item.findings.get(severity, 0))
    ]
    findings = ", ".join([*said, *([f"{item.waived} waived"] if item.waived else [])])
    name = item.school.name if len(item.school.name) <= width else item.school.name[: width - 1] + "…"
    late = ", late" if item.late else ""
    state = f"{WORDS[item.state] + late:<25}{item.issued or '–':>5}{item.returns:>9}"
    return f"{name:<{width}}  {state}  {share:<8}{findings}"
