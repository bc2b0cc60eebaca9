"""What former rounds left of a campaign's plans: asked of the ledger, and as the cells that a copy begins with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from xlplan.campaign import Campaign, School
from xlplan.ledger import CarriedRecord, Ledger
from xlplan.merge.carry_record import Carried
from xlplan.merge.values import Plain, typed_cells
from xlplan.pipeline.forms import FormOf, form_for
from xlplan.pipeline.upgrading import upgrades


class CarriedPlans:
    """Asks the ledger for each plan once, and for none where nothing was ever carried."""

    def __init__(self, campaign: Campaign, ledger: Ledger) -> None:
        self.campaign, self.ledger = campaign, ledger
        self._known = ledger.carried_keys()
        self._records: dict[tuple[str, str], CarriedRecord | None] = {}

    def record(self, school: School) -> CarriedRecord | None:
        """What was recorded last for a school's plan."""
        key = school.key, self.campaign.template_of(school)
        if key not in self._known:
            return None
        if key not in self._records:
            self._records[key] = self.ledger.carried(*key)
        return self._records[key]

    def of(self, school: School) -> Carried | None:
        """What a former round left of a school's plan."""
        record = self.record(school)
        return None if record is None else read_record(record)

    def form(self, school: School, part: str = "") -> FormOf:
        """The form of a school's copy, or of that of one part, as it is issued today."""
        return form_for(self.campaign, school, part, self.of(school))


def read_record(record: CarriedRecord) -> Carried | None:
    """The plan in a record; None where its contents were erased."""
    return None if record.content is None else _read(record.content)


@lru_cache(maxsize=32)
def _read(content: bytes) -> Carried:
    return Carried.read(content)


def begun_cells(form: FormOf, carried: Carried) -> dict[str, object]:
    """What a copy of this form begins with, by slot path, as cells hold it; what it has no box for is left out."""
    cells, layout = _cells_in(form, carried), form.layout
    return typed_cells(layout, {path: value for path, value in cells.items() if path in layout.inputs})


def homeless(form: FormOf, carried: Carried) -> list[str]:
    """The paths of carried answers for which a form has no box."""
    there = {path: to for to, path in _places(form, carried).items() if to in form.layout.inputs}
    return [path for path in carried.cells if path not in there]


def _cells_in(form: FormOf, carried: Carried) -> dict[str, Plain]:
    """The carried answers as the version of this form has them."""
    cells: Mapping[str, Plain] = carried.cells
    for upgrade in upgrades(form.model, carried.version):
        cells = {
            to: upgrade.value(path, value) for path, value in cells.items() if (to := upgrade.path(path))
        }
    return dict(cells)


def _places(form: FormOf, carried: Carried) -> dict[str, str]:
    """Where each carried answer stands in the version of this form → where it stood in its own."""
    found = {path: path for path in carried.cells}
    for upgrade in upgrades(form.model, carried.version):
        found = {to: path for at, path in found.items() if (to := upgrade.path(at))}
    return found
