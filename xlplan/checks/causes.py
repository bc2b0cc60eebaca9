"""Trends, root causes and what is done about them hang together (000, 002)."""

from __future__ import annotations

from collections.abc import Iterator

from xlplan.checks.rows import PlanRows, Row
from xlplan.checks.rule import check
from xlplan.checks.shape import Referrer
from xlplan.findings import Finding
from xlplan.form.markers import Meaning
from xlplan.form.text import folded, with_article
from xlplan.layout.rows import LETTERS


@check(
    '000: "strategies to address the root causes"; 002: "Does the action step target the root cause?".',
    Meaning.CAUSE,
)
def root_cause_unaddressed(rows: PlanRows) -> Iterator[Finding]:
    """A strategy or action step addresses each root cause, symptoms and what nobody can control aside."""
    for table, items in rows.shape.fields(Meaning.CAUSE):
        referrers = rows.shape.referring(table)
        for cause in rows.rows(table):
            by = [_addressed(rows, cause, referrer) for referrer in referrers]
            if (
                cause.text(items[0])
                and not _shallow(rows, cause, sure=False)
                and None not in by
                and by
                and not any(by)
            ):
                noun = referrers[0].group.noun
                yield rows.found(
                    "root-cause-unaddressed",
                    cause.cell(items[0]),
                    found=cause.text(items[0]),
                    by=noun,
                    another=with_article(noun),
                )


def _addressed(rows: PlanRows, cause: Row, referrer: Referrer) -> bool | None:
    """Whether a row names the cause; None where no row is there to name it, or where one cannot be read."""
    others = rows.rows(referrer.table)
    if referrer.field.refers_to and referrer.field.refers_to.by == "letter":
        others = [row for row in others if row.outer is cause.outer]
        slot = cause.path.rpartition("[")[2]
        letter = LETTERS[cause.number - 1]
        typed = any(f"{row.cell(referrer.field)}[{slot}" in rows.filled for row in others)
        named = any(letter in (row.data.get(referrer.field.name) or ()) for row in others)
        return (named or (None if typed else False)) if others else None
    if not others:
        return None
    if any(cause.data.get(referrer.target) in _names(row, referrer) for row in others):
        return True
    return None if any(rows.unread(row, referrer.field) for row in others) else False


def _names(row: Row, referrer: Referrer) -> list[str]:
    """The rows that it names."""
    value = row.data.get(referrer.field.name)
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _shallow(rows: PlanRows, cause: Row, *, sure: bool) -> bool:
    """Whether a cause is marked as a symptom or as not controllable; what cannot be read counts unless `sure`."""
    symptom, control = cause.marked(Meaning.SYMPTOM), cause.marked(Meaning.CONTROLLABLE)
    if symptom and (cause.text(symptom) or (not sure and rows.unread(cause, symptom))):
        return True
    if control is None:
        return False
    return cause.data.get(control.name) is False or (not sure and rows.unread(cause, control))


@check(
    '002: "Which root causes can we eliminate because they are ‘symptoms’", "which can we control?".',
    Meaning.STEP, Meaning.CAUSE,
)  # fmt: skip
def symptom_as_root(rows: PlanRows) -> Iterator[Finding]:
    """An action step aims at one deeper cause, at least, that can be controlled."""
    for table, _ in rows.shape.fields(Meaning.CAUSE):
        for referrer in rows.shape.referring(table):
            causes = {cause.data.get(referrer.target): cause for cause in rows.rows(table)}
            for step in rows.rows(referrer.table):
                aims = [causes.get(name) for name in _names(step, referrer)]
                if not step.marked(Meaning.STEP) or not aims or rows.unread(step, referrer.field):
                    continue
                if all(cause and _shallow(rows, cause, sure=True) for cause in aims):
                    why = "is marked as a symptom or as not controllable"
                    if len(aims) > 1:
                        why = "are all marked as symptoms or as not controllable"
                    said = " and ".join(f"“{cause.name}”" for cause in aims if cause)
                    path = rows.first_part(step, referrer.field)
                    yield rows.found("symptom-as-root", path, found=step.name, causes=said, why=why)


@check(
    '002: "What factors contribute to promising and concerning performance trends?".',
    Meaning.TREND,
    Meaning.DIRECTION,
)
def trend_unexplained(rows: PlanRows) -> Iterator[Finding]:
    """A root cause explains each concerning trend."""
    for table in rows.shape.with_all(Meaning.TREND, Meaning.DIRECTION):
        referrers = [
            item
            for item in rows.shape.referring(table)
            if any(field.meaning is Meaning.CAUSE for field in item.group.fields)
        ]
        for trend in rows.rows(table):
            item, direction = trend.marked(Meaning.TREND), trend.marked(Meaning.DIRECTION)
            concerning = folded(trend.text(direction)) in {folded(word) for word in rows.words["concerning"]}
            by = [_addressed(rows, trend, referrer) for referrer in referrers]
            if item and trend.name and concerning and by and None not in by and not any(by):
                yield rows.found("trend-unexplained", trend.cell(item), found=trend.name)
