"""From ledger, spec and layout to what rollups and exports are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from xlplan.campaign import Campaign, Waiver
from xlplan.form.markers import Kind
from xlplan.form.plan import HEADER
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.form.text import plural
from xlplan.layout.model import Layout
from xlplan.rollup.data import Column, Shape, TableShape

SCHOOLS = "schools"  # the table of the plans' own single rows


def waiver_words(waiver: Waiver) -> str:
    """Until when and why: "waived until March 1, 2027: costs are settled in February"."""
    until = f" until {waiver.until:%B} {waiver.until.day}, {waiver.until.year}" if waiver.until else ""
    return f"waived{until}: {waiver.reason}"


def slots_from(spec: FormSpec, lineage: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Closed-up list path → the slot of each item, told by which cells were filled in."""
    begun: set[str] = set()
    for path in lineage:
        while path and path not in begun:
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
