"""A part of a report for one plan: all of its answers in the form's order, and what was found in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from xlplan.findings import Finding, Severity
from xlplan.form.spec import FormSpec
from xlplan.rollup.data import PlanRecord
from xlplan.rollup.facts import DONE, OVERDUE
from xlplan.rollup.report.lists import SIGNS as STANDS
from xlplan.rollup.report.model import Block, Cell, Column, Heading, Part, Report, Row, State, Table, Text
from xlplan.rollup.schools.content import STATUS, Line, Rows, content_of
from xlplan.rollup.schools.content import Heading as Head
from xlplan.rollup.words import counted, short_day

WEIGHS = {
    Severity.ERROR: State("▲ To fix", "bad"), Severity.WARNING: State("○ To check", "look"),
    Severity.ADVICE: State("Advice"),
}  # fmt: skip
NUMBER = "No."
FINDINGS = (
    Column("What we found", "prose"),
    Column("Weight", "state"),
    Column("Where"),
    Column("What to do", "prose"),
)


def plan_part(
    spec: FormSpec,
    record: PlanRecord,
    findings: Iterable[Finding],
    statuses: Mapping[str, str],
    *,
    number: int,
    state: str,
    as_of: date,
) -> Part:
    """The part of a plan. `statuses`: how activities stand on that day, by their paths in slots; `state`: in words.

    Waived findings and notes are left out.
    """
    name = f"plan-{number}"
    found = _open(findings)
    blocks = [*answers(spec, record, statuses, name), *_findings(found, name)]
    title = spec.facts.title or spec.form.title
    return Part(
        id=name, title=record.name, finding=_told(statuses, found), blocks=blocks, plan=number,
        about=about(record, title, spec.facts.year, state, as_of),
    )  # fmt: skip


def plan_report(
    spec: FormSpec,
    record: PlanRecord,
    findings: Iterable[Finding],
    statuses: Mapping[str, str],
    *,
    state: str,
    as_of: date,
) -> Report:
    """A report of one plan alone."""
    part = plan_part(spec, record, findings, statuses, number=1, state=state, as_of=as_of)
    return _alone(spec, part, part.about, as_of)


def published_plan_report(spec: FormSpec, record: PlanRecord, *, as_of: date) -> Report:
    """A plan for anybody to read: `record` without persons (`rollup.public`); no state, no findings."""
    title = spec.facts.title or spec.form.title
    whose = _joined(record.district if record.school else "", f"{title}, {spec.facts.year}")
    blocks = list(answers(spec, record, {}, "plan"))
    return _alone(spec, Part(id="plan", title=record.name, blocks=blocks), whose, as_of)


def _alone(spec: FormSpec, part: Part, about: str, as_of: date) -> Report:
    title = spec.facts.title or spec.form.title
    alone = replace(part, title="The plan", about="", plan=None)
    return Report(title=part.title, kind=title, about=about, as_of=as_of, parts=lambda: (alone,))


def unread_part(
    name: str, whose: str, findings: Iterable[Finding], *, number: int, state: str, title: str, told: str
) -> Part:
    """The part of a plan of which something came back that cannot be shown: `told` says why, or what was found."""
    key = f"plan-{number}"
    blocks = _findings(_open(findings), key)
    return Part(
        id=key, title=name, finding=told, blocks=list(blocks), plan=number, about=_joined(whose, title, state)
    )


def about(record: PlanRecord, title: str, year: str, state: str, as_of: date) -> str:
    """Whose plan it is, on which template, how it stands and since when."""
    whose = record.district if record.school else ""
    received = f"received {short_day(record.received)}"
    return _joined(whose, f"{title}, {year}", state, received, f"activities as of {short_day(as_of)}")


def _joined(*texts: str) -> str:
    return " · ".join(filter(None, texts))


def answers(spec: FormSpec, record: PlanRecord, statuses: Mapping[str, str], name: str) -> Iterator[Block]:
    """What the plan says; names of tables begin with `name`. A table without a title of its own has its heading's."""
    tables, waiting = 0, ""
    for block in content_of(spec, record, statuses):
        match block:
            case Head(text=text, level=level):
                if waiting:
                    yield Heading(waiting)
                waiting = text if level == 1 else ""
                if level != 1:
                    yield Heading(text, 4)
            case Line(label=label, text=text, strong=strong):
                if waiting:
                    yield Heading(waiting)
                waiting = ""
                yield Text(text, label, strong)
            case Rows():
                tables += 1
                if waiting:
                    yield Heading(waiting)
                title, waiting = block.title or waiting or block.noun, ""
                yield _table(block, f"{name}-{tables}", title)


def _table(block: Rows, name: str, title: str) -> Table:
    values = [shorts for _, _, shorts in block.rows]
    columns = (
        Column(NUMBER),
        Column(block.words or title, "prose"),
        *(
            Column(head, _kind(head, [line[at] for line in values if line[at] is not None]))
            for at, head in enumerate(block.heads)
        ),
    )
    rows = [
        Row((_numbered(called, block.noun), words, *map(_cell, columns[2:], shorts)))
        for called, words, shorts in block.rows
    ]
    total = ("Sum", None, *map(_cell, columns[2:], block.total)) if block.total else ()
    return Table(name=name, title=title, columns=columns, rows=rows, total=total)


def _numbered(called: str, noun: str) -> str:
    """ "1" of "Step 1", in a table of steps."""
    return called.removeprefix(f"{noun} ") if noun else called


def _kind(head: str, values: list[Any]) -> str:
    """What a column of short answers is, by what stands in it; a draft's may be of several kinds, and is text."""
    if head == STATUS and all(value in STANDS or isinstance(value, str) for value in values):
        return "state"
    if values and all(isinstance(value, Decimal) for value in values):
        return "money"
    return "day" if values and all(isinstance(value, date) for value in values) else "text"


def _cell(column: Column, value: Any) -> Cell:
    if column.kind == "state" and value is not None:
        return STANDS.get(value, State(str(value)))
    if value is None or isinstance(value, str | Decimal | date):
        return value
    return str(value)


def _open(findings: Iterable[Finding]) -> list[Finding]:
    """Those that are not waived and no notes, the gravest first."""
    order = list(WEIGHS)
    found = [item for item in findings if not item.waived and item.severity in WEIGHS]
    return sorted(found, key=lambda item: order.index(item.severity))


def _findings(found: list[Finding], name: str) -> Iterator[Block]:
    rows = [
        Row(
            (
                item.message,
                WEIGHS[item.severity],
                ", ".join(filter(None, (item.sheet, item.cell))) or None,
                item.remedy,
            )
        )
        for item in found
    ]
    title = f"Findings: {counted(len(rows), 'finding')}" if rows else "Findings"
    yield Table(name=f"{name}-findings", title=title, columns=FINDINGS, rows=rows, empty="Nothing was found.")


def _told(statuses: Mapping[str, str], found: list[Finding]) -> str:
    """ "4 of 12 activities done, 2 overdue. Findings: 1 to fix, 3 to check."."""
    many = Counter(statuses.values())
    late, done, every = many[OVERDUE], many[DONE], len(statuses)
    said = []
    if every:
        rest = f", {late:,} overdue" if late else ""
        said.append(f"{done:,} of {counted(every, 'activity', 'activities')} done{rest}.")
    weighs = Counter(item.severity for item in found)
    words = {Severity.ERROR: "to fix", Severity.WARNING: "to check", Severity.ADVICE: "as advice"}
    parts = [f"{weighs[severity]:,} {what}" for severity, what in words.items() if weighs[severity]]
    said.append(f"Findings: {', '.join(parts)}." if parts else "Nothing was found.")
    return " ".join(said)
