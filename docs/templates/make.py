"""One page a template: where each element of its original stands in the workbook, then every sheet and field.

    python docs/templates/make.py            into this folder
    python docs/templates/make.py OUT        into another folder

`origins/NAME.toml` holds, by hand, every element of the original in its order, with its places or the reason why
it has none. A place that does not resolve stops the making and names its element.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from xlplan.checks import described
from xlplan.findings import CATALOGUE
from xlplan.form.spec import Field, FormFacts, Group
from xlplan.layout.model import CellRef, Layout
from xlplan.pipeline.forms import form_of
from xlplan.templates import TEMPLATES

HERE = Path(__file__).parent
KINDS = ("heading", "label", "question", "note", "direction", "example", "criterion", "step")
HEADS = ("Element", "Kind", "Stands on", "As")

HEADER = {
    "district_id": "which district, for the district's workbook",
    "district": "from the roster",
    "school_id": "which school, for the district's workbook",
    "school": "from the roster",
    "year": "from the campaign",
    "prepared_by": "whom the district can ask",
    "prepared_on": "which version it is",
    "team[].name": "who worked on it",
    "team[].role": "who worked on it",
    "team[].facilitator": "who leads",
    "team[].recorder": "who keeps the notes",
    "signoffs[].role": "who agreed",
    "signoffs[].name": "who agreed",
    "signoffs[].signed_on": "when they agreed",
}
DONE = "progress, for the district's workbook"
NAMED = "a short name by which other sheets refer to it"
CONSULTED = "a record of the consultation with which the original begins"
OURS = {
    "sfss": {"challenges[].strategies[].steps[].done": DONE},
    "data-team": {"strategies[].steps[].done": DONE},
    "planning-process": {
        "consultation[].group": CONSULTED,
        "consultation[].how": CONSULTED,
        "consultation[].held_on": CONSULTED,
        "consultation[].heard": CONSULTED,
        "trends[].name": NAMED,
        "root_causes[].name": NAMED,
        "action_steps[].name": NAMED,
        "action_steps[].root_causes": "ties the step to the causes it is to remove, so that none is forgotten",
        "action_steps[].done": DONE,
        "action_steps[].priority.decision": "what the answers to the seven questions lead to",
        "deliverables[].action_step": "ties the deliverable to its action step",
        "funding[].action_step": "ties the money to its action step",
        "funding[].source": "where the money comes from",
    },
    "planning-for-success": {
        "initiatives[].resources[].cost": "what is needed can be added up and set against what is funded",
    },
    "strong-systems": {
        "initiatives[].deliverables[].owner": "one person answers for it",
        "initiatives[].deliverables[].done": DONE,
        "initiatives[].deliverables[].steps[].owner": "one person answers for it",
        "initiatives[].deliverables[].steps[].done": DONE,
    },
}
"""Fields that no element of the original is about, and why the form has them. Any of HEADER may be one too."""


class OriginError(Exception):
    """An element of an original, or one of its places, is not as it must be."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of an original: its words, kind, and places, or why it has none."""

    original: str
    kind: str
    places: tuple[str, ...] = ()
    why: str = ""


def origin_file(name: str) -> Path:
    """Where the elements of a template's original are kept."""
    return HERE / "origins" / f"{name}.toml"


def elements(name: str) -> tuple[Element, ...]:
    """Every element of a template's original, in its order. Raises OriginError for one that is not well formed."""
    listed: list[dict[str, Any]] = tomllib.loads(origin_file(name).read_text(encoding="utf-8"))["element"]
    return tuple(_element(name, item) for item in listed)


def _element(name: str, item: dict[str, Any]) -> Element:
    unknown = item.keys() - {"original", "kind", "places", "why"}
    found = Element(
        item.get("original", ""), item.get("kind", ""), tuple(item.get("places", ())), item.get("why", "")
    )
    if unknown or not found.original or found.kind not in KINDS:
        raise OriginError(
            f"{name}: {found.original!r}: an element has original, a known kind, places or why."
        )
    if bool(found.places) == bool(found.why):
        raise OriginError(f"{name}: {found.original!r} needs either places or the reason why it has none.")
    return found


class Page:
    """A template's page. Its fields go by their path without slots, such as `rules[].item`."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.layout: Layout = form_of(name, FormFacts()).layout
        self.spec = self.layout.spec
        self.groups: dict[str, Group] = dict(self.spec.walk())
        self.fields: dict[str, Field] = {
            _path(path, group, item): item for path, group in self.groups.items() for item in group.fields
        }
        self.cells = _first_cells(self.layout)

    def place(self, element: Element, place: str) -> tuple[str, str]:
        """Where one place of an element is, and what it is there. Raises OriginError if there is no such place."""
        kind, _, what = place.partition(" ")
        found = self._place(kind, what)
        if found is None:
            raise OriginError(f"{self.name}: {element.original!r}: there is no place {place!r}.")
        return found

    def _place(self, kind: str, what: str) -> tuple[str, str] | None:
        if kind in ("start", "plan"):
            return (kind.capitalize(), "text" if kind == "start" else "header and team") if not what else None
        if kind in ("field", "help"):
            field = self.fields.get(what)
            if field is None or (kind == "help" and not (field.guide or field.message)):
                return None
            return self.cell(what), f"`{what}`" if kind == "field" else f"help of `{what}`"
        if kind in ("guide", "example"):
            group = self.groups.get(what)
            if group is None or not (group.guide if kind == "guide" else group.examples):
                return None
            said = "heading and sentence above" if kind == "guide" else "example row of"
            return self._sheet_of(what), f"{said} `{what}`"
        return self._other(kind, what)

    def _other(self, kind: str, what: str) -> tuple[str, str] | None:
        if kind == "sheet":
            titles = {one: sheet.title.replace("{n}", "1") for sheet in self.spec.form.sheets
                      for one in (sheet.title, sheet.title.replace("{n}", "1"))}  # fmt: skip
            return (titles[what], "purpose and guidance") if what in titles else None
        if kind == "part":
            return ("Guide", f"“{what}”") if what in {part.heading for part in self.spec.form.guide} else None
        if kind == "check":
            known = what in (self.spec.form.checks or ()) or what in CATALOGUE
            return ("Check", f"`{what}`") if known else None
        return None

    def cell(self, path: str) -> str:
        """The first cell of a field, with its sheet."""
        ref = self.cells[path]
        return f"{ref.sheet}, {ref.a1}"

    def _sheet_of(self, path: str) -> str:
        return next(ref.sheet for field, ref in self.cells.items() if field.startswith(path))

    def text(self) -> str:
        """The page, in Markdown."""
        form = self.spec.form
        lines = [
            f"# {form.title}",
            "",
            f"`{self.name}`, version {form.version}. {form.purpose}",
            "",
            f"From: {form.source}.",
            "",
            "Made by `python docs/templates/make.py` from the template and `origins/`. Of what repeats, the first",
            "sheet and cell are named.",
            *self._origin(),
            *self._sheets(),
            *self._checks(),
        ]
        return "\n".join(lines) + "\n"

    def _origin(self) -> Iterator[str]:
        yield from ("", "## The original, element by element", "")
        yield from _table(HEADS, self._origin_rows())
        ours = {**OURS[self.name], **{path: why for path, why in HEADER.items() if path in self.unplaced()}}
        yield from ("", "Fields that the original does not have:", "")
        yield from _table(
            ("Field", "Cell", "Why"),
            ([f"`{path}`", self.cell(path), ours[path]] for path in self.fields if path in ours),
        )

    def _origin_rows(self) -> Iterator[list[str]]:
        for element in elements(self.name):
            if element.why:
                yield [element.original, element.kind, "–", element.why]
            words = [element.original, element.kind]
            for place in element.places:
                yield [*words, *self.place(element, place)]
                words = ["", ""]

    def unplaced(self) -> frozenset[str]:
        """The fields that are the place of no element, nor is their help."""
        return frozenset(self.fields) - {
            place.partition(" ")[2]
            for element in elements(self.name)
            for place in element.places
            if place.startswith(("field ", "help "))
        }

    def _sheets(self) -> Iterator[str]:
        purposes = {sheet.title.replace("{n}", "1"): sheet for sheet in self.spec.form.sheets}
        for title, paths in groupby(self.cells, lambda path: self.cells[path].sheet):
            sheet = purposes.get(title)
            yield from ("", f"## {sheet.title.replace('{n}', '1, 2 …') if sheet else title}", "")
            if sheet:
                yield from (" ".join((sheet.purpose, *sheet.guide)), "")
            rows = list(paths)
            yield from _table(
                ("Field", "Label", "Type", "Required", "First cell", "Help"),
                (self._field_row(path) for path in rows),
            )
            tables = [
                (path, group)
                for path, group in self.groups.items()
                if any(_path(path, group, item) in rows for item in group.fields) and group.slots is not None
            ]
            if tables:
                yield ""
            yield from (f"- `{path}`: {_capacity(group)}" for path, group in tables)
        if self.spec.form.guide:
            yield from ("", "## Guide", "", "Read-only, after Start:", "")
            yield from (f"- {part.heading}" for part in self.spec.form.guide)

    def _field_row(self, path: str) -> list[str]:
        field = self.fields[path]
        said = field.message or field.guide
        return [
            f"`{path}`",
            field.label,
            _type(field),
            "yes" if field.required else "",
            self.cells[path].a1,
            said,
        ]

    def _checks(self) -> Iterator[str]:
        yield from ("", "## Checks", "", "Besides those that follow from the fields themselves:", "")
        yield from _table(
            ("Code", "Severity", "Rule", "From"),
            (
                [f"`{item['code']}`", item["severity"], item["rule"], item["source"]]
                for item in described(self.spec)
            ),
        )


def _path(group_path: str, group: Group, item: Field) -> str:
    if group.plain:
        return f"{group_path}[]"
    return f"{group_path}{'[]' if group.slots is not None else ''}.{item.name}".lstrip(".")


def _first_cells(layout: Layout) -> dict[str, CellRef]:
    """The first cell of each field, in the order of sheets and cells."""
    found: dict[str, CellRef] = {}
    for sheet, item in layout.inputs.values():
        path = re.sub(r"\[\d+\]", "[]", f"{item.group}.{item.name}".strip("."))
        found.setdefault(path, CellRef(sheet.title, item.row, item.column))
    titles = [sheet.title for sheet in layout.sheets]
    return dict(sorted(found.items(), key=lambda pair: titles.index(pair[1].sheet)))


def _type(field: Field) -> str:
    many = " (several)" if field.many and not field.ticks else ""
    if field.refers_to:
        return f"{'ticks' if field.ticks else 'choice'} of {field.refers_to.target}{many}"
    if field.choices:
        return f"{'ticks' if field.ticks else 'choice'}: {' · '.join(field.choices)}"
    return f"{field.kind}, {field.limit} characters" if field.limit else str(field.kind)


def _capacity(group: Group) -> str:
    least = f", at least {group.minimum}" if group.minimum else ""
    either = f"; each fills in one at least of {', '.join(group.one_of)}" if group.one_of else ""
    return f"{group.label}, up to {group.slots}{least}{either}"


def _table(heads: tuple[str, ...], rows: Iterator[list[str]]) -> Iterator[str]:
    yield _line(heads)
    yield _line("---" for _ in heads)
    yield from map(_line, rows)


def _line(cells: Any) -> str:
    texts = (re.sub(r"([|<>])", r"\\\1", cell).replace("\n", " ") for cell in cells)
    return f"| {' | '.join(texts)} |"


def main() -> None:
    """Write the page of every template whose original is listed."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    out.mkdir(parents=True, exist_ok=True)
    for name in TEMPLATES:
        if origin_file(name).exists():
            (out / f"{name}.md").write_text(Page(name).text(), encoding="utf-8", newline="\n")
            sys.stdout.write(f"{name}: {len(elements(name))} elements\n")


if __name__ == "__main__":
    main()
