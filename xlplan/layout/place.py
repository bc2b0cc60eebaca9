"""From a spec to addresses: which sheet, row and column holds which field. Pure: same spec, same layout."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from xlplan.errors import TemplateError
from xlplan.form.author import check_spec
from xlplan.form.expressions import Expr, Key, Twin, column_sum, literal
from xlplan.form.markers import Kind
from xlplan.form.plan import HEADER, SheetOf
from xlplan.form.spec import FormSpec, Group
from xlplan.layout.bands import bands
from xlplan.layout.boxes import field_boxes, letters
from xlplan.layout.model import LAYOUT_VERSION, CellRef, Input, Layout, Line, Put, SheetPlan
from xlplan.layout.rows import Slots, widths_of
from xlplan.layout.sheet import FIRST, LIVE, LiveLines, SheetBuilder, list_name, live
from xlplan.layout.start import date_cells, person, start_address, start_sheet
from xlplan.layout.tables import CARD_WIDTHS, cards, companion, outline, table

PLAN_SHEET = SheetOf(
    key="pl", title="Plan", purpose="Who the plan is for, who prepared it, and who has agreed to it.",
    asks="Who prepared it, and your team", columns=(40, 36, 20, 16),
)  # fmt: skip
META, LISTS = "Meta", "Lists"
TABS = {"plan": "5F6C77", "main": "0B4A5E", "supporting": "2F7A78"}
YES_NO, TICKS = ("Yes", "No"), ("✓", "x")


def place(spec: FormSpec, version: int = LAYOUT_VERSION) -> Layout:
    """The layout of a spec. Raises TemplateError for what no workbook can hold, naming the field."""
    if version != LAYOUT_VERSION:
        raise TemplateError(f"Layout version {version} is not known; this program knows {LAYOUT_VERSION}.")
    check_spec(spec)
    return _Placing(spec).layout()


class _Placing:
    """One layout in the making."""

    def __init__(self, spec: FormSpec) -> None:
        self.spec, self.live_lines = spec, LiveLines()
        self.sheet_count = 1 + sum(self._slots(sheet) for sheet in spec.form.sheets)
        self.dates = date_cells(self.sheet_count)
        self.built: list[tuple[SheetBuilder, SheetPlan, str]] = []
        self.spans: list[tuple[int, int]] = []
        self.instances: dict[str, list[int]] = {}
        self.parents: dict[str, list[tuple[str, SheetBuilder, int, int]]] = {}

    def _slots(self, sheet: SheetOf) -> int:
        return (self.spec.group(sheet.holds[0]).slots or 1) if "{n}" in sheet.title else 1

    def layout(self) -> Layout:
        self._plan()
        for sheet in self.spec.form.sheets:
            if "{n}" in sheet.title:
                group = self.spec.group(sheet.holds[0])
                slots = Slots(group.minimum, [])
                for k in range(group.slots or 0):
                    self._repeated(sheet, group, k, slots)
            else:
                self._single(sheet)
        sheets = [plan for _, plan, _ in self.built]
        start = start_sheet(self.spec, sheets, [asks for _, _, asks in self.built], self.spans)
        everything = (start, *sheets, *self._hidden())
        return self._finished(everything)

    def _builder(
        self, sheet: SheetOf, key: str, title: str, path: str, widths: tuple[float, ...]
    ) -> SheetBuilder:
        b = SheetBuilder(
            sheet,
            key=key,
            title=title,
            path=path,
            widths=sheet.columns or widths,
            facts=self.spec.facts,
            live_lines=self.live_lines,
        )
        b.dates = self.dates
        b.head()
        return b

    def _close(self, b: SheetBuilder, asks: str, tab: str) -> None:
        plan = b.end(tab=TABS[tab])
        self.built.append((b, plan, asks))
        self.spans.append((b.live_first, self.live_lines.row - 1))

    def _plan(self) -> None:
        root = self.spec.root
        b = self._builder(PLAN_SHEET, "pl", "Plan", "", ())
        b.gap(8)
        for field in root.fields:
            if field.name in HEADER:
                row = b.line(22, tag=field.name.replace("district", "d").replace("school", "s")[:4])
                b.text(row, FIRST, field.label, "label.right")
                made = b.put_input(
                    field.name,
                    "",
                    field.name,
                    row,
                    FIRST + 1,
                    field,
                    place=field.label,
                    style="fixed",
                    locked_=True,
                    header=(row, FIRST),
                )
                b.text(
                    row,
                    made.column,
                    person(field.name) if field.name != "year" else self.spec.facts.year,
                    "fixed",
                )
        b.gap(8)
        own = Group(
            name="", label="", noun="", members=tuple(item for item in root.fields if item.name not in HEADER)
        )
        field_boxes(b, own, "", literal(1))
        b.gap(6)
        for group in root.groups:
            if group.name in ("team", "signoffs"):
                table(b, group, group.name, literal(1))
        self._close(b, PLAN_SHEET.asks, "plan")

    def _repeated(self, sheet: SheetOf, group: Group, k: int, slots: Slots) -> None:
        path = f"{group.name}[{k}]"
        b = self._builder(
            sheet, f"{sheet.key}{k + 1}", sheet.title.replace("{n}", str(k + 1)), path, _widest(group)
        )
        b.rows[path] = CellRef(b.title, 1, 1)
        instance = self.live_lines.row
        slots.rows.append(instance)
        asked = slots.asked(k, literal(1))
        begun = Expr(
            lambda here: column_sum(LIVE, 2, instance + 1, b.live_last).excel(here),
            lambda values: column_sum(LIVE, 2, instance + 1, b.live_last).twin(values),
        )
        self.live_lines.add(b.title, begun, asked, literal(0), literal(0))
        b.live_first = self.live_lines.row
        b.gap(8)
        self._members(b, sheet, group, path, live(instance, "asked" if asked else "begun"))
        b.live_last = self.live_lines.row - 1
        self._close(
            b, sheet.asks if k == 0 else "As above" if k < group.minimum else "Only if you need it", "main"
        )

    def _single(self, sheet: SheetOf) -> None:
        groups = [(path, self.spec.group(path)) for path in sheet.holds]
        widths = max((_widest(group) for _, group in groups), key=sum)
        b = self._builder(sheet, sheet.key, sheet.title, sheet.holds[0], widths)
        tab = "supporting" if sheet.supporting else "main"
        for path, group in groups:
            if group.companion:
                self._companion(b, path, group)
            elif group.slots is None:
                b.gap(8)
                field_boxes(b, group, path, literal(1))
            else:
                if len(groups) > 1:
                    b.gap(8)
                self._table(b, group, path, literal(1), alone=len(groups) == 1)
        self._close(b, sheet.asks or sheet.purpose, tab)

    def _members(self, b: SheetBuilder, sheet: SheetOf, group: Group, path: str, asked: Expr) -> None:
        if sheet.heading:
            from xlplan.layout.rows import heading

            heading(b, sheet.heading, "")
        field_boxes(b, group, path, asked)
        letters_rows: list[int] = []
        for inner in group.groups:
            if inner.display == "letters":
                first = b.row + (2 if inner.guide else 1)
                letters(b, inner, f"{path}.{inner.name}", asked)
                letters_rows = list(range(first, first + (inner.slots or 0)))
            elif inner.display == "blocks":
                bands(b, inner, f"{path}.{inner.name}", asked, letters_rows)
            else:
                self._table(b, inner, f"{path}.{inner.name}", asked)

    def _table(self, b: SheetBuilder, group: Group, path: str, asked: Expr, *, alone: bool = False) -> None:
        if group.display == "cards":
            made = cards(b, group, path, asked)
        elif group.display == "outline":
            made = outline(b, group, path, asked)
        else:
            made = table(b, group, path, asked, alone=alone)
        generic = path.split("[")[0] + ("[]." + group.name if "[" in path else "")
        for k, row in enumerate(made.rows):
            where = f"{path}[{k}]"
            self.parents.setdefault(generic, []).append((where, b, b.rows[where].row, row))

    def _companion(self, b: SheetBuilder, path: str, group: Group) -> None:
        parent = path.rsplit("[].", 1)[0]
        label = next(
            (field.label for field in self.spec.group(parent).fields if field.name == group.companion), ""
        )
        companion(b, group, self.parents[parent], label)

    def _hidden(self) -> tuple[SheetPlan, ...]:
        lists = [("list_yes_no", YES_NO), ("list_tick", TICKS), *_choice_lists(self.spec)]
        puts = [
            Put(row=row, column=column, value=text, style="plain")
            for column, (_, items) in enumerate(lists, 1)
            for row, text in enumerate(items, 1)
        ]
        depth = max(len(items) for _, items in lists)
        facts = json.dumps(self.spec.facts.as_json(), ensure_ascii=True, separators=(",", ":"))
        meta = (
            ("identity", person("identity")),
            ("template", self.spec.name),
            ("version", str(self.spec.version)),
            ("layout", str(LAYOUT_VERSION)),
            ("facts", facts),
        )
        meta_puts = [
            Put(row=row, column=column, value=text, style="text@")
            for row, pair in enumerate(meta, 1)
            for column, text in enumerate(pair, 1)
        ]
        return (
            _plain_sheet(LISTS, "lists", puts, depth, len(lists)),
            _plain_sheet(LIVE, "live", self.live_lines.puts, self.live_lines.row - 1, 6),
            _plain_sheet(META, "meta", meta_puts, len(meta), 2),
        )

    def _finished(self, sheets: tuple[SheetPlan, ...]) -> Layout:
        inputs: dict[str, tuple[SheetPlan, Input]] = {}
        twins: dict[Key, Twin] = {}
        rows: dict[str, CellRef] = {}
        for sheet in sheets:
            _check_tags(sheet)
            for item in sheet.inputs:
                if item.path in inputs:
                    raise TemplateError(f"{item.path}: two cells hold this field.")
                inputs[item.path] = (sheet, item)
            for put in sheet.puts:
                if put.formula is not None:
                    twins[sheet.title, put.row, put.column] = put.formula.twin
        for b, _, _ in self.built:
            rows.update({path: ref for path, ref in b.rows.items() if path})
        names = {
            name: f"Lists!${chr(64 + n)}$1:${chr(64 + n)}${len(items)}"
            for n, (name, items) in enumerate(
                [("list_yes_no", YES_NO), ("list_tick", TICKS), *_choice_lists(self.spec)], 1
            )
        }
        names |= {name: start_address(self.dates, name) for name in ("plan_from", "plan_to")}
        return Layout(
            spec=self.spec,
            version=LAYOUT_VERSION,
            sheets=sheets,
            names=names,
            inputs=inputs,
            twins=twins,
            rows=rows,
        )


def _plain_sheet(title: str, key: str, puts: list[Put], rows: int, columns: int) -> SheetPlan:
    lines = tuple(Line(row=row, height=15) for row in range(1, rows + 1))
    return SheetPlan(
        key=key,
        title=title,
        path="",
        widths=(20.0,) * columns,
        lines=lines,
        puts=tuple(puts),
        inputs=(),
        hidden=True,
    )


def _choice_lists(spec: FormSpec) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (list_name(path, field), field.choices)
        for path, group in spec.walk()
        for field in group.fields
        if field.kind is Kind.CHOICE and field.choices
    ]


def _widest(group: Group) -> tuple[float, ...]:
    """Column widths for a group's blocks: each column as wide as the widest that stands in it."""
    if group.display == "cards":
        return CARD_WIDTHS
    candidates = [
        widths_of(item)
        for item in (group, *group.groups)
        if item.slots is not None
        and item.companion is None
        and (item is not group or group.display != "sheets")
    ]
    if group.companion:
        candidates = [(40.0, *widths_of(group))]
    for item in group.groups:
        if item.slots is not None:
            candidates += [widths_of(inner) for inner in item.groups if inner.companion is None]
    longest = max((len(widths) for widths in candidates), default=1)
    widths = tuple(
        max((widths[k] for widths in candidates if k < len(widths)), default=20.0) for k in range(longest)
    )
    return widths if len(widths) > 2 else (max((widths or (60.0,))[0], 60.0), 24.0, 30.0)


def _check_tags(sheet: SheetPlan) -> None:
    """Rows have tags of their own: they are the rows' witnesses."""
    tags = [line.tag for line in sheet.lines if line.tag]
    for tag in tags:
        if tags.count(tag) > 1 or len(tag) > 7:
            raise TemplateError(
                f"{sheet.title}: the row tag {tag!r} stands twice or is longer than 7 letters; give the field a tag."
            )


def form_digest(layout: Layout) -> str:
    """What identifies a form: 16 hexadecimal digits over spec, facts and layout version."""
    spec = layout.spec
    data = [asdict(spec.form), spec.facts.as_json(), asdict(spec.root), layout.version]
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:16]


def live_cells(sheet: SheetPlan, column: str) -> list[Key]:
    """The Live cells of one sheet's Check lines in that column."""
    number = {"filled": 4, "missing": 5}[column]
    return [(LIVE, unit.live, number) for unit in sheet.units]
