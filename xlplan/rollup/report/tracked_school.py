"""A school's part of the status page: where its plan stands, and every finding with its cell and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xlplan.findings import Finding, Severity
from xlplan.rollup.report.lists import state_of
from xlplan.rollup.report.model import (
    Block,
    Cell,
    Column,
    Folded,
    Number,
    Part,
    Row,
    Share,
    State,
    Table,
    Text,
)
from xlplan.rollup.report.tracked import Tracked, TrackedPlan
from xlplan.rollup.words import counted, short_day

OUTCOMES = {
    "accepted": State("✓ Accepted", "good"), "rejected": State("▲ Needs corrections", "bad"),
    "refused": State("▲ Could not be taken", "bad"),
}  # fmt: skip
WEIGHTS = {
    Severity.REFUSAL: State("▲ Not taken", "bad"), Severity.ERROR: State("▲ To fix", "bad"),
    Severity.WARNING: State("○ To check", "look"), Severity.ADVICE: State("Advice"), Severity.NOTE: State("Note"),
}  # fmt: skip


def school_parts(tracked: Tracked) -> Iterator[Part]:
    """A part for every plan, in their order."""
    for plan in tracked.plans:
        district = [plan.district] if plan.district != plan.school else []
        yield Part(
            id=plan.id, title=tracked.name_of(plan), plan=plan.number, finding=_standing(plan),
            about=" · ".join([*district, plan.template, state_of(plan.state).text]), blocks=tuple(_blocks(plan)),
        )  # fmt: skip


def _standing(plan: TrackedPlan) -> str:
    """Where the plan stands, in a sentence."""
    found = " and ".join(
        f"{count} {what}" for count, what in ((plan.fix, "to fix"), (plan.check, "to check")) if count
    )
    late = f", {plan.late_words.lower()}" if plan.late else ""
    if plan.about is None:
        return f"{state_of(plan.state).text}{late}."
    return f"{state_of(plan.state).text}{late}{f': {found}' if found else ''}, by {plan.about.file}."


def _blocks(plan: TrackedPlan) -> Iterator[Block]:
    if plan.todo:
        yield Text(plan.todo, label="What to do")
    for note in plan.notes:
        yield Text(note)
    if plan.parts:
        yield _table(
            plan, "parts", "Its parts", ("Part", "text"), ("State", "state"), ("Returns", "count"),
            rows=((part.title, state_of(part.state), part.returns) for part in plan.parts),
        )  # fmt: skip
    if plan.remarks:
        yield _table(
            plan, "remarks", "What a reader asked for", ("Where", "text"), ("Remark", "prose"), ("State", "state"),
            rows=(
                (one.place, one.text, State("✓ Answered", "good") if one.answered else State("○ Open", "look"))
                for one in plan.remarks
            ),
        )  # fmt: skip
    told = [item for item in plan.findings if item.severity is not Severity.NOTE]
    if told:
        told.sort(key=lambda item: (item.waived, list(Severity).index(item.severity)))
        yield _table(
            plan, "findings", f"What was found: {counted(len(told), 'finding')}", ("Where", "text"),
            ("Weight", "state"), ("What we found", "prose"), ("What to do", "prose"),
            rows=((_place(item), _weight(item), item.message, item.remedy) for item in told),
        )  # fmt: skip
    if plan.returns and plan.sections:
        filled, required = (sum(pair[which] for pair in plan.sections.values()) for which in (0, 1))
        table = _table(
            plan, "sections", "Required answers, by section", ("Section", "text"), ("Filled in", "share"),
            rows=((name, _share(*pair)) for name, pair in plan.sections.items()),
        )  # fmt: skip
        yield Folded(f"{filled} of {required} required answers are filled in", (table,))
    if plan.files:
        yield _table(
            plan, "files", "What it sent", ("File", "text"), ("Recorded", "text"), ("Outcome", "state"),
            rows=(
                (file.file, f"{short_day(file.day)}, {file.time}", OUTCOMES[file.outcome]) for file in plan.files
            ),
        )  # fmt: skip


def _table(
    plan: TrackedPlan, name: str, title: str, *columns: tuple[str, str], rows: Iterable[tuple[Cell, ...]]
) -> Table:
    return Table(
        name=f"{plan.id}-{name}", title=title, columns=tuple(Column(*column) for column in columns),
        rows=[Row(cells, plan=plan.number) for cells in rows],
    )  # fmt: skip


def _place(item: Finding) -> str:
    return ", ".join(part for part in (item.sheet, item.cell) if part) or "The whole plan"


def _weight(item: Finding) -> State:
    return State(f"Waived ({WEIGHTS[item.severity].text})") if item.waived else WEIGHTS[item.severity]


def _share(filled: int, required: int) -> Share | None:
    return Share(part=Number(value=filled), whole=Number(value=required), shown="of") if required else None
