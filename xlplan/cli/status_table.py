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
PROGRESS = 34  # characters
MOST_NAMED = 3  # missing parts that are named on a school's line
PART_WORDS = {
    "not-issued": "○ no copy yet", "issued": "○ not returned", "rejected": "▲ needs corrections", "accepted": "✓ in",
}  # fmt: skip
COLORS = {"rejected": "red", "in-review": "red", "accepted": "green", "approved": "green"}


def print_status(found: Status) -> None:
    """Every school on a line, what needs work first; then the counts."""
    width = min(max((len(item.school.name) for item in found.schools), default=10), 46)
    later = any(item.round for item in found.schools)
    progress = f"{'Progress':<{PROGRESS}}" if later else ""
    show.chat(f"{'School':<{width}}  {'State':<25}{'Copy':>5}{'Returns':>9}  {'Filled':<8}{progress}Findings")
    for item in found.schools:
        show.chat(_line(item, width), color=COLORS.get(item.state))
        for note in item.notes:
            show.chat(f"    {show.one_line(note)}")
        for remark in item.remarks:
            sign = "✓" if remark.answered else "○"
            show.detail(f"    {sign} {remark.place}: {show.one_line(remark.remark.text)}")
        for part in item.parts:
            show.detail(f"    {part.part.place}: {PART_WORDS[part.state]}")
        for line in item.completeness if item.returns else ():
            show.detail(f"    {line['sheet']}: {line['filled']} of {line['required']}")
    for file in found.unplaced:
        show.say(f"Belongs to no school yet: {show.one_line(file)}")
    counts = Counter(item.state for item in found.schools)
    late = sum(item.late for item in found.schools)
    words = ", ".join(f"{count} {COUNTED[state]}" for state, count in counts.items())
    show.say(f"{len(found.schools)} schools: {words}; {late} late.")


def _parts(item: SchoolState) -> list[str]:
    """Of a split plan that is not accepted as a whole: the parts to correct, and those missing if they are few."""
    if item.state in ("accepted", "approved"):
        return []
    wrong = [part.part.title for part in item.parts if part.state == "rejected"]
    missing = [part.part.title for part in item.parts if part.state in ("issued", "not-issued")]
    named = ", ".join(missing) if len(missing) <= MOST_NAMED else f"{len(missing)} of {len(item.parts)} parts"
    told = (("to correct: ", ", ".join(wrong)), ("missing: ", named if item.returns and missing else ""))
    return [label + text for label, text in told if text]


def _state(item: SchoolState) -> str:
    """The state in words; of a split plan that is on its way, how many parts are in."""
    came = sum(part.state == "accepted" for part in item.parts)
    if item.state == "issued" and any(part.returns for part in item.parts):
        return f"○ {came} of {len(item.parts)} parts in"
    return WORDS[item.state]


def _line(item: SchoolState, width: int) -> str:
    filled, required = (sum(line[key] for line in item.completeness) for key in ("filled", "required"))
    share = f"{100 * filled // required}%" if required and item.returns else "–"
    said = [
        f"{count} {severity}{'s' if count > 1 and severity != 'advice' else ''}"
        for severity in (Severity.ERROR, Severity.WARNING, Severity.ADVICE)
        if (count := item.findings.get(severity, 0))
    ]
    said += [f"{item.waived} waived"] if item.waived else []
    findings = "; ".join([*_parts(item), *([", ".join(said)] if said else [])])
    name = item.school.name if len(item.school.name) <= width else item.school.name[: width - 1] + "…"
    late = ", late" if item.late else ""
    state = f"{_state(item) + late:<25}{item.issued or '–':>5}{item.returns:>9}"
    return f"{name:<{width}}  {state}  {share:<8}{_progress(item)}{findings}"


def _progress(item: SchoolState) -> str:
    """Of a round after the first, how many activities are done, since when, and how many were moved."""
    if not item.round:
        return ""
    if item.progress is None:
        return f"{'–':<{PROGRESS}}"
    counts = item.progress.counts()
    new = f" ({counts['newly_done']} new)" if counts["newly_done"] else ""
    moved = f", {counts['moved']} moved" if counts["moved"] else ""
    said = f"{counts['done']} of {counts['rows']} done{new}{moved}"
    return f"{said:<{PROGRESS}}"
