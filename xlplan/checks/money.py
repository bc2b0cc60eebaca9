"""Money: what is done is paid for, what is paid for has an amount, and what is dropped is not paid for."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.checks.rows import PlanRows, Row, counted
from xlplan.checks.rule import check
from xlplan.checks.shape import Referrer
from xlplan.findings import Finding
from xlplan.form.markers import Kind, Meaning
from xlplan.form.spec import Field
from xlplan.form.text import with_article

_MONEY = "money"  # the kind of a resource that costs


@check(
    '002: "How much funding is necessary to implement each action step"; 003: "List the … funds needed".',
    Meaning.MONEY,
)
def unfunded(rows: PlanRows) -> Iterator[Finding]:
    """An action step that is not dropped has a funding line, and a resource that is money has a cost."""
    yield from _steps_without_funding(rows)
    yield from _money_without_cost(rows)


def _steps_without_funding(rows: PlanRows) -> Iterator[Finding]:
    for table, items in rows.shape.fields(Meaning.STEP):
        lines = [item for item in rows.shape.referring(table) if _pays(item)]
        unclear = any(rows.gone(line.table) for line in lines) or any(
            rows.unread(row, line.field) for line in lines for row in rows.rows(line.table)
        )
        funded = {(line.target, row.text(line.field)) for line in lines for row in rows.rows(line.table)}
        for step in rows.rows(table) if lines and not unclear else ():
            paid = any((line.target, step.data.get(line.target)) in funded for line in lines)
            if step.name and not paid and _decided(rows, step) is False:
                noun = lines[0].group.noun
                todo = f"Add {with_article(noun)} for it, or decide to drop it."
                yield rows.found(
                    "unfunded", step.cell(items[0]), found=step.name, lacks=f"has no {noun}", todo=todo
                )


def _money_without_cost(rows: PlanRows) -> Iterator[Finding]:
    for table, items in rows.shape.fields(Meaning.MONEY):
        kind = _kind(rows.shape.groups[table].fields)
        for row in rows.rows(table) if kind else ():
            if kind and row.text(kind).casefold() == _MONEY and _without(rows, row, items) and row.name:
                yield rows.found(
                    "unfunded", row.cell(items[0]), found=row.name, lacks="is money and has no cost",
                    todo="Enter the cost in dollars; an estimate is welcome.",
                )  # fmt: skip


@check('000: "Anticipated Costs"; 002: "How much funding is necessary".', Meaning.MONEY)
def cost_unknown(rows: PlanRows) -> Iterator[Finding]:
    """A resource or funding line has an amount."""
    for table, items in rows.shape.fields(Meaning.MONEY):
        if _kind(rows.shape.groups[table].fields):
            continue  # of people, time and materials no cost is asked for; of money it is another rule
        for row in rows.rows(table):
            if row.name and _without(rows, row, items):
                yield rows.found("cost-unknown", row.cell(items[0]), found=row.name)


@check(
    '002: "Which existing initiatives can be retired"; only what is done is funded.',
    Meaning.STEP,
    Meaning.DECISION,
)
def dropped_but_funded(rows: PlanRows) -> Iterator[Finding]:
    """A step that the team decided to drop has neither funding nor deliverables."""
    for table, _ in rows.shape.fields(Meaning.STEP):
        belongs = [
            item
            for item in rows.shape.referring(table)
            if _pays(item) or any(field.meaning is Meaning.DELIVERABLE for field in item.group.fields)
        ]
        for step in rows.rows(table):
            if not step.name or not _decided(rows, step):
                continue
            counts = [
                (
                    sum(row.text(item.field) == step.data.get(item.target) for row in rows.rows(item.table)),
                    item.group.noun,
                )
                for item in belongs
            ]
            has = " and ".join(counted(count, noun) for count, noun in counts if count)
            decision = rows.about(step, Meaning.DECISION)
            if has and decision:
                place, item = decision
                yield rows.found("dropped-but-funded", place.cell(item), found=step.name, has=has)


def _decided(rows: PlanRows, step: Row) -> bool | None:
    """Whether the team dropped the step; None where that is not known, False where nothing is decided in this form."""
    decision = rows.about(step, Meaning.DECISION)
    if decision is None:
        return False
    text = decision[0].text(decision[1])
    return text.casefold() in rows.words["dropped"] if text else None


def _pays(item: Referrer) -> bool:
    """Whether a table that refers to steps says what pays for them."""
    return any(field.meaning in (Meaning.FUNDING, Meaning.MONEY) for field in item.group.fields)


def _without(rows: PlanRows, row: Row, items: tuple[Field, ...]) -> bool:
    """Whether none of its amounts is filled in, not even with something else."""
    return not any(row.data.get(item.name) or rows.unread(row, item) for item in items)


def _kind(fields: tuple[Field, ...]) -> Field | None:
    """The choice of what a resource is, where money is one of them."""
    return next(
        (
            item
            for item in fields
            if item.kind is Kind.CHOICE
            and (item.meaning is Meaning.KIND or _MONEY in map(str.casefold, item.choices))
        ),
        None,
    )
