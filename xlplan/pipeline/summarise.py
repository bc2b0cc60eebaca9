"""From ledger, spec and layout to what rollups and exports are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from xlplan.campaign import Campaign, School, Waiver
from xlplan.errors import UsageError
from xlplan.form.markers import Kind
from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.form.text import plural
from xlplan.layout.model import Layout
from xlplan.ledger import Ledger, StoredReturn
from xlplan.pipeline.carried import CarriedPlans
from xlplan.pipeline.forms import facts_for, form_with
from xlplan.pipeline.status import SchoolState, status
from xlplan.pipeline.upgrading import upgraded_plan
from xlplan.rollup.data import Column, PlanRecord, Rollup, SchoolStatus, Shape, TableShape

SCHOOLS = "schools"  # the table of the plans' own single rows


def rollup_of(campaign: Campaign, ledger: Ledger, as_of: date) -> Rollup:
    """Everything a district summary shows of a campaign's main template, as of a day."""
    name = campaign.template
    first = next((school for school in campaign.roster.schools if campaign.template_of(school) == name), None)
    if first is None:
        raise UsageError(f"No school on the roster has the template {name!r}.")
    plans = CarriedPlans(campaign, ledger)
    facts = replace(facts_for(campaign, first), round=campaign.settings.round)
    layout = form_with(campaign.model(name), facts).layout
    states = [item for item in status(campaign, ledger, as_of).schools if item.template == name]
    records = [
        _record(campaign, ledger, item, item.counted, plans) for item in states if item.counted is not None
    ]
    found = [(item.school.key, one) for item in states for one in item.shown]
    waivers = {
        (key, one.code): waiver_words(waiver)
        for key, one in found
        if one.waived and (waiver := campaign.settings.waiver(one.code, key, as_of))
    }
    districts = sorted({item.school.district for item in states})
    return Rollup(
        shape=shape_of(layout), statuses=tuple(map(_status, states)), plans=tuple(records), as_of=as_of,
        district=districts[0] if len(districts) == 1 else f"{len(districts)} districts",
        counting=campaign.settings.counting, findings=tuple(found), waivers=waivers,
        progress={item.school.key: item.progress for item in states if item.progress is not None},
    )  # fmt: skip


def waiver_words(waiver: Waiver) -> str:
    """Until when and why: "waived until March 1, 2027: costs are settled in February"."""
    until = f" until {waiver.until:%B} {waiver.until.day}, {waiver.until.year}" if waiver.until else ""
    return f"waived{until}: {waiver.reason}"


def _status(item: SchoolState) -> SchoolStatus:
    school, latest = item.school, item.counted or item.latest
    done = item.completeness if item.returns else ()
    return SchoolStatus(
        school_id=school.school_id, school=school.school, district_id=school.district_id, district=school.district,
        template=item.template, state=item.state, late=item.late, issued=item.issued, returns=item.returns,
        received=latest.received if latest else None, findings=item.findings,
        completeness=tuple((line["sheet"], line["filled"], line["required"]) for line in done),
        file=latest.file if latest else None,
    )  # fmt: skip


def _record(
    campaign: Campaign, ledger: Ledger, item: SchoolState, stored: StoredReturn, plans: CarriedPlans
) -> PlanRecord:
    school: School = item.school
    cells = {path: (sheet, cell) for path, sheet, cell in ledger.lineage(stored.id)}
    form = plans.form(school)
    model = campaign.model(item.template)
    plan, lineage = upgraded_plan(stored.plan or {}, cells, stored.version or model.form.version, model)
    return PlanRecord(
        school_id=school.school_id, school=school.school, district_id=school.district_id, district=school.district,
        template=item.template, version=stored.version or 1, outcome=stored.outcome, draft=stored.outcome != "accepted",
        file=stored.file, received=stored.received, plan=plan, cells=lineage,
        slots=slots_from(form.layout.spec, lineage),
    )  # fmt: skip


def slots_from(spec: FormSpec, lineage: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Closed-up list path → the slot of each item, told by which cells were filled in."""
    begun: set[str] = set()
    for path in lineage:
        while path:
            begun.add(path)
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
    found: dict[str, tuple[int, ...]] = {}
    _slots(spec.root, "", "", begun, found)
    return found


def _slots(group: Group, path: str, closed: str, begun: set[str], found: dict[str, tuple[int, ...]]) -> None:
    for inner in group.groups:
        here, there = (f"{prefix}.{inner.name}" if prefix else inner.name for prefix in (path, closed))
        if inner.slots is None:
            _slots(inner, here, there, begun, found)
            continue
        used = tuple(k for k in range(inner.slots) if f"{here}[{k}]" in begun)
        found[there] = used
        for number, k in enumerate(used):
            _slots(inner, f"{here}[{k}]", f"{there}[{number}]", begun, found)


def shape_of(layout: Layout) -> Shape:
    """The template as a rollup sees it."""
    spec = layout.spec
    sheets = tuple(sheet.title for sheet in layout.sheets if sheet.inputs)
    tables: list[TableShape] = []
    often = Counter(group.name or SCHOOLS for _, group in spec.walk())
    for path, group in spec.walk():
        if group.companion is not None:
            continue
        tables.append(
            TableShape(
                name=_table_name(path, group, often),
                path=path,
                columns=tuple(_columns(group, path)),
                parents=tuple(part for part in path.replace("[]", "").split(".")[:-1]),
                sheet_title=_family(spec, path),
            )
        )
    choices = {
        field.name: field.choices for _, group in spec.walk() for field in group.fields if field.choices
    }
    return Shape(
        template=spec.name, title=spec.form.title, version=spec.version, year=spec.facts.year, tables=tuple(tables),
        choices=choices, sheets=sheets,
    )  # fmt: skip


def _table_name(path: str, group: Group, often: Counter[str]) -> str:
    """The group's name, with those around it where two groups have one name."""
    if not path or often[group.name] == 1:
        return group.name or SCHOOLS
    return path.replace("[]", "").replace(".", "_") if "." in path else f"{group.name}_rows"


def _columns(group: Group, path: str) -> list[Column]:
    fields = [item for item in group.fields if path or item.name not in HEADER]
    made = [_column(item, "") for item in fields]
    for inner in group.groups:
        if inner.companion is not None:
            made += [_column(item, inner.name + ".") for item in inner.fields]
    if group.plain:
        only = group.fields[0]
        return [
            Column(
                name=group.noun.replace(" ", "_"),
                kind=str(only.kind),
                label=only.label,
                mark=str(only.meaning or ""),
            )
        ]
    return made


def _column(item: Field, prefix: str) -> Column:
    kind = "integer" if item.refers_to and item.refers_to.by == "number" else str(item.kind)
    if item.kind is Kind.CHOICE and item.many:
        kind = "tick"
    refers = item.refers_to
    return Column(
        name=prefix + item.name, kind=kind, label=item.label, mark=str(item.meaning or ""),
        target=refers.target.split(".")[0] if refers else "", by=refers.by if refers else "",
    )  # fmt: skip


def _family(spec: FormSpec, path: str) -> str:
    """The sheets a table stands on, in the plural where it is one a slot: Challenges."""
    top = path.split("[")[0].split(".")[0]
    for sheet in spec.form.sheets:
        if any(held.split("[")[0] == top for held in sheet.holds):
            return _plural(sheet.title)
    return "Plan"


def _plural(title: str) -> str:
    """ "Strategy {n}" as Strategies; a sheet that stands once keeps its title."""
    stem = title.removesuffix(" {n}")
    return title if stem == title else plural(stem)


def default_report(campaign: Campaign) -> Path:
    """Where the district summary is written."""
    return campaign.reports / "summary.xlsx"
