"""From a spec to addresses: which sheet, row and column holds which field. Pure: same spec, same layout."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from typing import Any

from xlplan.errors import TemplateError
from xlplan.form.author import check_spec
from xlplan.form.expressions import Expr, Key, Twin, column_sum, compare, counted, either, key_of, literal
from xlplan.form.live import trimmed
from xlplan.form.markers import Meaning
from xlplan.form.plan import HEADER, PEOPLE, SheetOf
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.languages import say, speaking
from xlplan.layout.bands import bands
from xlplan.layout.boxes import field_boxes, letters
from xlplan.layout.cards import CARD_WIDTHS, cards
from xlplan.layout.companions import Carried, companion, companion_widths
from xlplan.layout.guide import GUIDE_SHEET, guide_sheet, spoken_sheet
from xlplan.layout.lists import LISTS, Lists
from xlplan.layout.midyear import ASKS_OF_PLAN, as_headed, as_read, asks_anything, asks_of
from xlplan.layout.model import LAYOUT_VERSION, CellRef, Input, Layout, Line, Put, SheetPlan
from xlplan.layout.months import legend, strip_widths
from xlplan.layout.printed import printed_table
from xlplan.layout.review import Reviewed, review_sheet
from xlplan.layout.rows import Slots, heading, widths_of
from xlplan.layout.sheet import FIRST, LIVE, LIVE_COLUMNS, LiveLines, SheetBuilder, live
from xlplan.layout.start import date_cells, person, start_address, start_sheet
from xlplan.layout.tables import outline, outline_head, table
from xlplan.layout.widths import in_room

PLAN_SHEET = SheetOf(
    key="pl", title="Plan", purpose="Who the plan is for, who prepared it, and who has agreed to it.",
    asks="Who prepared it, and your team", columns=(40, 36, 20, 16),
)  # fmt: skip
FOR_WHOM = "Whom the plan is for"
META = "Meta"
_SLOTS = re.compile(r"\[\d+\]")
_ONLY_COUNTED = (
    Meaning.GOAL, Meaning.STRATEGY, Meaning.SYSTEMIC, Meaning.FREED, Meaning.REALLOCATED,
)  # fmt: skip
"""Meanings that rollups go by and no copy shows."""
_NEW = ("printed", "locked", "shown", "words")  # what the first forms issued could not have
TABS = {"plan": "5F6C77", "main": "0B4A5E", "supporting": "2F7A78"}


def place(spec: FormSpec, version: int = LAYOUT_VERSION) -> Layout:
    """The layout of a spec. Raises TemplateError for what no workbook can hold, naming the field."""
    if version != LAYOUT_VERSION:
        raise TemplateError(f"Layout version {version} is not known; this program knows {LAYOUT_VERSION}.")
    check_spec(spec)
    with speaking(spec.facts.language):
        return replace(_Placing(as_read(spec)).layout(), spec=spec)


class _Placing:
    """One layout in the making."""

    def __init__(self, spec: FormSpec) -> None:
        self.spec, self.live_lines, self.part = spec, LiveLines(), spec.part
        self.plan_sheet = spoken_sheet(PLAN_SHEET)
        own = any(field.name not in HEADER for field in spec.root.fields)
        # sheet Plan with all its boxes
        self.whole_head = own and (self.part is None or self.part.key == PLAN_SHEET.key)
        self.sheets = spec.form.sheets if self.part is None else self.part.sheets
        self.sheet_count = 1 + sum(self._slots(sheet) for sheet in self.sheets)
        to_read = bool(spec.form.guide) + sum(bool(sheet.reviews) for sheet in self.sheets)
        self.dates = date_cells(self.sheet_count + to_read)
        self.built: list[tuple[SheetBuilder, SheetPlan, str]] = []
        self.spans: list[tuple[int, int]] = []
        self.instances: dict[str, list[int]] = {}
        self.parents: dict[str, list[Carried]] = {}
        self.lists = Lists(spec)

    def _slots(self, sheet: SheetOf) -> int:
        if sheet.reviews:
            return 0
        return (self.spec.group(sheet.holds[0]).slots or 1) if "{n}" in sheet.title else 1

    def layout(self) -> Layout:
        head = self._plan()
        for sheet in self.sheets:
            if "{n}" in sheet.title:
                group = self.spec.group(sheet.holds[0])
                slots = Slots(group.minimum, [])
                for k in range(group.slots or 0):
                    self._repeated(sheet, group, k, slots)
            elif not sheet.reviews:
                self._single(sheet)
        sheets = [plan for _, plan, _ in self.built]
        form = self.spec.form
        asks = [asks for _, _, asks in self.built]
        guides = [(say(GUIDE_SHEET.title), say(GUIDE_SHEET.asks))] if form.guide else []
        guides += [(sheet.title, say(FOR_WHOM)) for sheet in head]
        to_review = [(sheet.title, sheet.asks) for sheet in self.sheets if sheet.reviews]
        start = start_sheet(self.spec, sheets, asks, self.spans, guides, to_review)
        parts = form.guide
        guide = [guide_sheet(parts, self.spec.facts, self.live_lines)] if parts else []
        reviews = [self._review(sheet) for sheet in self.sheets if sheet.reviews]
        everything = (start, *guide, *head, *sheets, *reviews, *self._hidden())
        return self._finished(everything)

    def _review(self, sheet: SheetOf) -> SheetPlan:
        group = self.spec.group(sheet.reviews)
        builders = [b for b, plan, _ in self.built if plan.path.startswith(f"{group.name}[")]
        slots = [Reviewed(b, b.path, self.instances[group.name][k]) for k, b in enumerate(builders)]
        return review_sheet(sheet, group, slots, self.spec.facts, self.live_lines)

    def _builder(
        self,
        sheet: SheetOf,
        key: str,
        title: str,
        path: str,
        widths: tuple[float, ...],
        extra: tuple[float, ...] = (),
        *,
        required: bool = True,
        groups: Sequence[Group] = (),
    ) -> SheetBuilder:
        """`groups`: what stands on the sheet, one below the other; `required`: it has boxes."""
        facts = self.spec.facts
        asks = not groups or asks_anything(groups)
        sheet = as_headed(sheet, asks=asks, round_=facts.round)
        b = SheetBuilder(
            sheet,
            key=key,
            title=title,
            path=path,
            widths=in_room(widths, sheet.columns, list(_stacked(groups)), extra, facts),
            facts=facts,
            live_lines=self.live_lines,
        )
        b.dates, b.names = self.dates, self.lists.names
        b.head(required=required and (asks or facts.round != STATUS_ROUND))
        return b

    def _close(self, b: SheetBuilder, asks: str, tab: str) -> None:
        plan = b.end(tab=TABS[tab])
        self.built.append((b, plan, asks))
        self.spans.append((b.live_first, self.live_lines.row - 1))

    def _plan(self) -> list[SheetPlan]:
        """The sheet Plan; in a part that has only the head of it, this sheet, which asks for nothing."""
        root = self.spec.root
        said = self.spec.form.plan_guide
        sheet = replace(self.plan_sheet, guide=(said,)) if said else self.plan_sheet
        if not self.whole_head:
            sheet = replace(
                self.plan_sheet, purpose=f"{say(FOR_WHOM)}. {say('There is nothing to fill in here.')}"
            )
        b = self._builder(sheet, "pl", sheet.title, "", (), required=self.whole_head)
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
        if not self.whole_head:
            return [b.end(tab=TABS["plan"])]
        b.gap(8)
        own = Group(
            name="", label="", noun="", members=tuple(item for item in root.fields if item.name not in HEADER)
        )
        field_boxes(b, own, "", literal(1))
        b.gap(6)
        for group in root.groups:
            if group.name in PEOPLE:
                table(b, group, group.name, literal(1))
        asks = say(ASKS_OF_PLAN) if self.spec.facts.round == STATUS_ROUND else self.plan_sheet.asks
        self._close(b, asks, "plan")
        return []

    def _repeated(self, sheet: SheetOf, group: Group, k: int, slots: Slots) -> None:
        path = f"{group.name}[{k}]"
        months = strip_widths(self.spec.facts) if any(x.display == "outline" for x in group.groups) else ()
        title = sheet.title.replace("{n}", str(k + 1))
        b = self._builder(
            sheet, f"{sheet.key}{k + 1}", title, path, self._widest(group), months, groups=[group]
        )
        b.rows[path] = CellRef(b.title, 1, 1)
        instance = self.live_lines.row
        slots.rows.append(instance)
        self.instances.setdefault(group.name, []).append(instance)
        asked = slots.asked(k, literal(1))
        begun = Expr(
            lambda here: column_sum(LIVE, 2, instance + 1, b.live_last).excel(here),
            lambda values: column_sum(LIVE, 2, instance + 1, b.live_last).twin(values),
        )
        self.live_lines.add(b.title, begun, asked, literal(0), literal(0))
        b.live_first = self.live_lines.row
        self._members(b, sheet, group, path, live(instance, "asked" if asked else "begun"))
        b.live_last = self.live_lines.row - 1
        asks = sheet.asks if k == 0 else say("As above" if k < group.minimum else "Only if you need it")
        self._close(b, self._asks(sheet, asks, [group]), "main")

    def _asks(self, sheet: SheetOf, asks: str, groups: Sequence[Group]) -> str:
        """What Start says that a sheet asks; `asks`: in a first round."""
        return asks_of(sheet, asks, open_=asks_anything(groups), round_=self.spec.facts.round)

    def _single(self, sheet: SheetOf) -> None:
        groups = [(path, self.spec.group(path)) for path in sheet.holds]
        widths = max((self._widths(path, group) for path, group in groups), key=sum)
        held = [group for _, group in groups]
        b = self._builder(sheet, sheet.key, sheet.title, sheet.holds[0], widths, groups=held)
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
        self._close(b, self._asks(sheet, sheet.asks or sheet.purpose, held), tab)

    def _widths(self, path: str, group: Group) -> tuple[float, ...]:
        if group.companion:
            return companion_widths(group, self.spec.group(path.rsplit("[].", 1)[0]))
        return self._widest(group)

    def _widest(self, group: Group) -> tuple[float, ...]:
        return _widest(group, later=bool(self.spec.facts.round))

    def _members(self, b: SheetBuilder, sheet: SheetOf, group: Group, path: str, asked: Expr) -> None:
        outlined = next((inner for inner in group.groups if inner.display == "outline"), None)
        head = outline_head(b, outlined) if outlined else 0
        if not outlined:
            b.gap(8)
            if sheet.heading:
                heading(b, sheet.heading, "")
        if outlined and outlined.guide:
            b.text(b.line(18), FIRST, outlined.guide, "guide")
        legend(b, b.row)
        field_boxes(b, group, path, asked)
        letters_rows: list[int] = []
        for inner in group.groups:
            where = f"{path}.{inner.name}"
            if inner.display == "letters":
                first = b.row + (2 if inner.guide else 1)
                letters(b, inner, where, asked)
                letters_rows = list(range(first, first + (inner.slots or 0)))
            elif inner.display == "blocks":
                bands(b, inner, where, asked, letters_rows)
            elif inner.display == "outline":
                self._known(b, inner, where, outline(b, inner, where, asked, head))
            else:
                self._table(b, inner, where, asked, unless=self._unless(b, inner, path))

    def _unless(self, b: SheetBuilder, table_: Group, path: str) -> Expr | None:
        """1 where the row's choice, or its lack, makes the table unnecessary."""
        if table_.unless is None:
            return None
        name, choices = table_.unless
        chosen = trimmed(b.box(f"{path}.{name}"))
        beside = self.spec.group(_SLOTS.sub("[]", path)).member(name)
        words = (beside.word(choice) for choice in choices) if isinstance(beside, Field) else ()
        texts = dict.fromkeys(("", *choices, *words))
        return counted(either(*(compare(chosen, "=", literal(text)) for text in texts)))

    def _table(
        self,
        b: SheetBuilder,
        group: Group,
        path: str,
        asked: Expr,
        *,
        alone: bool = False,
        unless: Expr | None = None,
    ) -> None:
        if group.display == "cards":
            made = cards(b, group, path, asked, alone=alone)
        elif group.printed:
            made = printed_table(b, group, path, alone=alone)
        else:
            made = table(b, group, path, asked, alone=alone, unless=unless)
        self._known(b, group, path, made)
        for field in group.fields:
            if field.refers_to is not None and field.refers_to.by == "number":
                rows = [b.rows[f"{path}[{k}]"].row for k in range(group.slots or 0)]
                steps = b.stretch(FIRST, rows[0], rows[-1])
                self.lists.steps_before(f"before_{b.key}_{field.name}", b, steps)

    def _known(self, b: SheetBuilder, group: Group, path: str, made: Slots) -> None:
        """The rows of a table, for companions and references."""
        generic = path.split("[")[0] + ("[]." + group.name if "[" in path else "")
        for k, row in enumerate(made.rows):
            where = f"{path}[{k}]"
            carried = Carried(where=where, sheet=b, row=b.rows[where].row, live=row)
            self.parents.setdefault(generic, []).append(carried)

    def _companion(self, b: SheetBuilder, path: str, group: Group) -> None:
        parent = path.rsplit("[].", 1)[0]
        companion(b, group, self.spec.group(parent), self.parents[parent])

    def _names(self, target: str) -> list[Expr]:
        """The cells of a field that references choose by, slot by slot."""
        table_, _, name = target.rpartition(".")
        return [row.sheet.box(f"{row.where}.{name}") for row in self.parents[table_]]

    def _hidden(self) -> tuple[SheetPlan, ...]:
        self.lists.close({target: self._names(target) for target in self.lists.named})
        lists = self.lists
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
            _plain_sheet(LISTS, "lists", lists.puts, lists.depth, lists.width),
            _plain_sheet(LIVE, "live", self.live_lines.puts, self.live_lines.row - 1, len(LIVE_COLUMNS)),
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
                    twins[key_of(sheet.title, put.row, put.column)] = put.formula.twin
        for b, _, _ in self.built:
            rows.update({path: ref for path, ref in b.rows.items() if path})
        names = dict(self.lists.formulas)
        names |= {name: start_address(self.dates, name) for name in ("plan_from", "plan_to")}
        return Layout(
            spec=self.spec,
            version=LAYOUT_VERSION,
            sheets=sheets,
            names=names,
            inputs=inputs,
            twins=twins,
            rows=rows,
            elsewhere=self._elsewhere(),
        )

    def _elsewhere(self) -> frozenset[str]:
        part = self.part
        names = {member.name for member in self.spec.root.members}
        return frozenset() if part is None else frozenset(names - part.members)


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


def _stacked(groups: Sequence[Group]) -> Iterator[Group]:
    """The groups and all inside them that stand in rows on the same sheet."""
    for group in groups:
        if group.display != "sheets":
            yield group
        yield from _stacked([inner for inner in group.groups if inner.slots is not None])


def _widest(group: Group, *, later: bool = False) -> tuple[float, ...]:
    """Column widths for a group's blocks: each column as wide as the widest that stands in it.

    `later`: of a round after the first, where cards inside are known to have their own.
    """
    if group.display == "cards":
        return CARD_WIDTHS
    candidates = [
        CARD_WIDTHS if later and item.display == "cards" else widths_of(item)
        for item in (group, *group.groups)
        if item.slots is not None
        and item.companion is None
        and (item is not group or group.display != "sheets")
    ]
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
    data = [asdict(spec.form), spec.facts.as_json(), _without_new(asdict(spec.root)), layout.version]
    return hashlib.sha256(json.dumps(data, sort_keys=True, default=str).encode()).hexdigest()[:16]


def _without_new(group: dict[str, Any]) -> dict[str, Any]:
    """A group as data, without what forms could not have when the first copies were issued and this one has not."""
    members = [_without_new(item) if "members" in item else _old(item) for item in group["members"]]
    return _old(group) | {"members": members}


def _old(item: dict[str, Any]) -> dict[str, Any]:
    found = {name: value for name, value in item.items() if name not in _NEW or value}
    return found | {"meaning": None} if item.get("meaning") in _ONLY_COUNTED else found


def live_cells(sheet: SheetPlan, column: str) -> list[Key]:
    """The Live cells of one sheet's Check lines in that column."""
    number = {"filled": 4, "missing": 5}[column]
    return [(LIVE, unit.live, number) for unit in sheet.units]
