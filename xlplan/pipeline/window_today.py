"""A window of dates that was changed while copies are out: which days hold, and what a correction copy says of others.

A return is judged by the campaign's window of today; a day that its own copy allowed holds as well. A correction copy
has today's window, so it names the days that only the older copy allowed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from xlplan.campaign import Campaign
from xlplan.findings import Finding, Severity
from xlplan.form.markers import Window
from xlplan.form.spec import FormFacts
from xlplan.intake.group import in_sheet_order
from xlplan.intake.window import outside
from xlplan.layout.model import CellRef, Layout
from xlplan.layout.points import Returned
from xlplan.pipeline.forms import FormOf


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged(FormFacts):
    """Form facts by which a return is judged: the days of other windows hold, too. No copy is made of these."""

    also: tuple[Window, ...] = ()

    @property
    def window(self) -> Window:
        return Window(self.plan_from, self.plan_to, self.also)


def facts_today(campaign: Campaign | None, facts: FormFacts) -> FormFacts:
    """The facts of a copy with the campaign's window of today."""
    if campaign is None:
        return facts
    return replace(facts, plan_from=campaign.settings.plan_from, plan_to=campaign.settings.plan_to)


def judged_today(form: FormOf, campaign: Campaign | None, windows: Iterable[Window] = ()) -> FormOf:
    """The form by which a return made from it is judged. `windows`: others whose days hold as well."""
    facts = form.layout.spec.facts
    today = facts_today(campaign, facts).window
    also = tuple(dict.fromkeys(window for window in (facts.window, *windows) if window != today))
    if not also:
        return form
    known = {item.name: getattr(facts, item.name) for item in fields(FormFacts)}
    made = _Judged(**known | {"plan_from": today.first, "plan_to": today.last, "also": also})
    return replace(form, layout=replace(form.layout, spec=replace(form.layout.spec, facts=made)))


def told_today(layout: Layout, returned: Returned, *, accepted: bool) -> Returned:
    """What came back, with the days that its correction copy of this layout does not allow any more.

    They are errors, as they will be when that copy comes back; of an accepted plan they are told to be checked.
    """
    told = {item.path for item in returned.findings}
    severity = Severity.WARNING if accepted else Severity.ERROR
    more = [
        found.with_severity(severity)
        for path, value in returned.cells.items()
        if path not in told
        and isinstance(value, date)
        and (found := _outside(layout, path, value)) is not None
    ]
    if not more:
        return returned
    return replace(returned, findings=tuple(in_sheet_order(layout, [*returned.findings, *more])))


def _outside(layout: Layout, path: str, value: date) -> Finding | None:
    sheet, item = layout.inputs[path]
    if item.locked:
        return None
    value = value.date() if isinstance(value, datetime) else value
    ref = CellRef(sheet.title, item.row, item.column)
    return outside(item.field.kind, value, layout.spec.facts.window, path=path, sheet=ref.sheet, cell=ref.a1)
