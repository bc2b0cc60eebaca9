"""What former rounds left of a campaign's plans: asked of the ledger, and as the cells that a copy begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from xlplan.campaign import Campaign, School
from xlplan.form.plan import Plan
from xlplan.merge.carry_record import Carried
from xlplan.merge.values import typed_cells
from xlplan.pipeline.forms import FormOf, form_for
from xlplan.pipeline.upgrading import upgrades

if TYPE_CHECKING:
    from xlplan.ledger import CarriedRecord, Ledger


REMEMBERED = 500  # records of plans that are kept at hand
AT_ONCE = 100  # schools that the ledger is asked about together


class CarriedPlans:
    """Asks the ledger for plans of many schools at once, and for none where nothing was ever carried.

    Makes each kind of form once. `schools`: in the order in which they will be asked for; those of the roster if not
    given.
    """

    def __init__(self, campaign: Campaign, ledger: Ledger, schools: Iterable[School] | None = None) -> None:
        self.campaign, self.ledger = campaign, ledger
        self._known = ledger.carried_keys()
        asked = campaign.roster.schools if schools is None else schools
        self._order = list(dict.fromkeys(school.key for school in asked)) if self._known else []
        self._places = {key: place for place, key in enumerate(self._order)}
        self._records: dict[tuple[str, str], CarriedRecord | None] = {}
        self._forms: dict[tuple[str, ...], FormOf] = {}

    def record(self, school: School) -> CarriedRecord | None:
        """What was recorded last for a school's plan."""
        key = school.key, self.campaign.template_of(school)
        if key not in self._known:
            return None
        if key not in self._records:
            if len(self._records) >= REMEMBERED:
                self._records.clear()
            place = self._places.get(school.key)
            some = [school.key] if place is None else self._order[place : place + AT_ONCE]
            self._records |= {key: None, **self.ledger.carried_plans(some)}
        return self._records[key]

    def of(self, school: School) -> Carried | None:
        """What a former round left of a school's plan, in the version that is collected."""
        record = self.record(school)
        if record is None:
            return None
        return read_record(record, self.campaign.model(self.campaign.template_of(school)))

    def form(self, school: School, part: str = "") -> FormOf:
        """The form of a school's copy, or of that of one part, as it is issued today."""
        carried = self.of(school)
        if carried is not None:
            return form_for(self.campaign, school, part, carried)
        if school.key in self.campaign.settings.school_slots:
            return form_for(self.campaign, school, part)
        kind = self.campaign.template_of(school), school.language, part
        if kind not in self._forms:
            self._forms[kind] = form_for(self.campaign, school, part)
        return self._forms[kind]

    def homeless(self, school: School) -> list[str]:
        """The paths of what a former round left of a school's plan, for which its copy of today has no box."""
        record = self.record(school)
        if record is None or record.content is None:
            return []
        return homeless(self.form(school), Carried.read(record.content))


def read_record(record: CarriedRecord, model: type[Plan]) -> Carried | None:
    """The plan in a record as the version of that model has it; None where its contents were erased."""
    return None if record.content is None else _read(record.content, model)


@lru_cache(maxsize=32)
def _read(content: bytes, model: type[Plan]) -> Carried:
    return in_version(Carried.read(content), model)


def in_version(carried: Carried, model: type[Plan]) -> Carried:
    """A record as the version of that model has it: answers, room and rows at their places there.

    What has no place there is left out (`homeless` names it). What former rounds said of rows stays as it is.
    """
    for upgrade in upgrades(model, carried.version):
        slots: dict[str, int] = {}
        for path, count in carried.slots.items():
            if to := upgrade.path(path):
                slots[to] = max(count, slots.get(to, 0))
        carried = replace(
            carried,
            cells={to: upgrade.value(path, value) for path, value in carried.cells.items()
                   if (to := upgrade.path(path))},
            emptied={to: upgrade.value(path, value) for path, value in carried.emptied.items()
                     if (to := upgrade.path(path))},
            rows={to: row for path, row in carried.rows.items() if (to := upgrade.path(path))},
            slots=slots,
        )  # fmt: skip
    return replace(carried, version=max(carried.version, model.form.version))


def begun_cells(form: FormOf, carried: Carried) -> dict[str, object]:
    """What a copy of this form begins with, by slot path, as cells hold it; what it has no box for is left out."""
    cells, layout = in_version(carried, form.model).cells, form.layout
    return typed_cells(layout, {path: value for path, value in cells.items() if path in layout.inputs})


def homeless(form: FormOf, carried: Carried) -> list[str]:
    """The paths of carried answers for which a form has no box."""
    there = {path: to for to, path in _places(form, carried).items() if to in form.layout.inputs}
    return [path for path in carried.cells if path not in there]


def _places(form: FormOf, carried: Carried) -> dict[str, str]:
    """Where each carried answer stands in the version of this form → where it stood in its own."""
    found = {path: path for path in carried.cells}
    for upgrade in upgrades(form.model, carried.version):
        found = {to: path for at, path in found.items() if (to := upgrade.path(at))}
    return found
