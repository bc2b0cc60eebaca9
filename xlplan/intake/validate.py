"""A raw plan into the model: mend each cell, ask pydantic, say in findings what is wrong, in sheet order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from xlplan.findings import Finding, Severity, finding
from xlplan.form.expressions import Key, column_number
from xlplan.form.markers import Kind
from xlplan.form.plan import HEADER, Plan
from xlplan.form.spec import Field, Group
from xlplan.form.text import folded
from xlplan.intake.values import as_text, in_words, mend
from xlplan.layout.locate import RawPlan
from xlplan.layout.model import Input, Layout
from xlplan.layout.rows import LETTERS, escaped, path_of

_EMPTY = ("missing", "string_type", "too_short")  # pydantic's words for what is not there


@dataclass(slots=True, kw_only=True)
class Validated:
    """What a raw plan came to. `plan`: its JSON as far as readable; `typed`: the raw cells for the twin's formulas.

    `slots`: closed-up list path → the slot of each item. `filled`: slot path → (sheet, cell) of what was typed.
    """

    plan: dict[str, Any]
    findings: list[Finding]
    slots: dict[str, tuple[int, ...]]
    filled: dict[str, tuple[str, str]]
    typed: dict[Key, object]
    model: Plan | None = None


def validate(
    layout: Layout, model: type[Plan], raw: RawPlan, header: Mapping[str, str | None] | None = None
) -> Validated:
    """The plan in a raw plan, with every finding. `header`: the school's own facts, which beat the file's."""
    return _Validation(layout, model, raw, header).result()


@dataclass(slots=True)
class _Validation:
    layout: Layout
    model: type[Plan]
    raw: RawPlan
    header: Mapping[str, str | None] | None
    values: dict[str, object] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    companions: set[str] = field(default_factory=set)
    slots: dict[str, tuple[int, ...]] = field(default_factory=dict)
    places: dict[tuple[Any, ...], str] = field(default_factory=dict)
    few: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    gone: tuple[str, ...] = ()

    def result(self) -> Validated:
        self.findings += self.raw.findings
        self.gone = tuple(item.path for plan in self.raw.missing for item in plan.inputs)
        self._mend()
        data = self._object(self.layout.spec.root, "", ())
        data |= self._header()
        whole = not any(path for path in self.begun)
        typed: Plan | None = None
        if whole:
            self.findings.append(finding("blank"))
        else:
            typed = self._ask(data)
            for path, facts in self.few:
                self._say(path, "too-few", **facts)
            self._dates()
            self._names()
        self.findings = in_sheet_order(self.layout, self.findings)
        filled = {
            path: (value.sheet, value.a1)
            for path, value in self.raw.values.items()
            if path in self.values or path in self.failed
        }
        return Validated(
            plan=dumped(self.layout.spec.root, data), findings=self.findings, slots=self.slots, filled=filled,
            typed=self._typed(),
            model=None if any(item.severity is Severity.ERROR for item in self.findings) else typed,
        )  # fmt: skip

    def _header(self) -> dict[str, Any]:
        read = {
            name: str(self.raw.values[name].cell.value)
            for name in HEADER
            if name in self.raw.values and self.raw.values[name].cell.value
        }
        if "school_id" not in read:
            read.pop("school", None)  # the district's own plan shows the district's name there
        return {name: value for name, value in (read | dict(self.header or {})).items() if value}

    def _typed(self) -> dict[Key, object]:
        found: dict[Key, object] = {}
        for path, value in self.raw.values.items():
            sheet, item = self.layout.inputs[path]
            found[sheet.title, item.row, item.column] = value.cell.value
        return found

    # --- cells

    def _mend(self) -> None:
        window = self.layout.spec.facts.window
        for path in self.raw.undecided:
            self._fail(path)
        for path, value in self.raw.values.items():
            item = self.layout.inputs[path][1]
            if item.locked:
                continue
            cell = value.cell
            if cell.error is not None:
                self._say(path, "error-cell", found=cell.error)
                self._fail(path)
                continue
            if cell.formula is not None and cell.value is None:
                self._say(path, "formula-no-value", found="=" + cell.formula)
                self._fail(path)
                continue
            mended = mend(cell.value, item.field, window)
            shown = as_text(cell.value)
            if cell.formula is not None:
                self._say(path, "formula", found=shown)
            for note in mended.notes:
                self._say(path, note.code, found=shown, **note.facts)
            if mended.fault is not None:
                self._say(path, mended.fault.code, found=shown, **mended.fault.facts)
                self._fail(path)
            elif mended.value is not None and not (item.field.ticks and mended.value is False):
                self.values[path] = mended.value
                self._begin(item)

        self._beside()

    def _beside(self) -> None:
        """An answer on a companion sheet beside a row that is empty belongs to nothing."""
        for path in [*self.values, *self.failed]:
            group = self.layout.inputs[path][1].group
            if self._companion(group) and group.rpartition(".")[0] not in self.begun:
                todo = "Fill in the row it belongs to, or delete it."
                self._say(path, "stray", found=self._found(path), todo=todo)
                self.values.pop(path, None)
                self.failed.discard(path)

    def _fail(self, path: str) -> None:
        self.failed.add(path)
        self._begin(self.layout.inputs[path][1])

    def _begin(self, item: Input) -> None:
        """The row of a filled cell is begun, and the rows that it stands in; a companion begins nothing."""
        path = item.group
        if path in self.begun or path in self.companions:
            return
        if self._companion(path):
            self.companions.add(path)
            return
        if not path:
            self.begun.add("(plan)")
        while path:
            self.begun.add(path)
            path = path[: max(path.rfind("."), path.rfind("["), 0)]

    def _companion(self, path: str) -> bool:
        generic = path.rsplit(".", 1)
        if len(generic) != 2:
            return False
        name = "[]".join(part.split("]", 1)[-1] if "]" in part else part for part in path.split("["))
        try:
            return self.layout.spec.group(name).companion is not None
        except KeyError:
            return False

    def _say(self, path: str, code: str, *, found: str | None = None, **facts: str) -> None:
        sheet, cell = self._where(path)
        self.findings.append(finding(code, path=path or None, sheet=sheet, cell=cell, found=found, **facts))

    def _where(self, path: str) -> tuple[str | None, str | None]:
        if path in self.raw.places:
            return self.raw.places[path]
        ref = self.layout.cell_of(path)
        return (ref.sheet, ref.a1) if ref else (self._first_free(path), None)

    def _first_free(self, path: str) -> str | None:
        """Of a table with a sheet a slot: the first sheet of it that is empty."""
        sheets = [sheet for sheet in self.layout.sheets if path and sheet.path.startswith(path + "[")]
        free = next((sheet for sheet in sheets if sheet.path not in self.begun), None)
        return free.title if free else None

    # --- the plan's data, closed up

    def _object(self, group: Group, path: str, loc: tuple[Any, ...]) -> dict[str, Any]:
        self.places[loc] = path
        data: dict[str, Any] = {}
        for inner in group.groups:
            where = path_of(path, inner.name)
            self.places[(*loc, inner.name)] = where
            if inner.slots is None:
                data[inner.name] = self._object(inner, where, (*loc, inner.name))
            else:
                data[inner.name] = self._rows(inner, where, (*loc, inner.name))
        for item in group.fields:
            if item.name in HEADER and not path:
                continue
            value = self._field(item, path, (*loc, item.name))
            if value is not None:
                data[item.name] = value
        return data

    def _rows(self, group: Group, path: str, loc: tuple[Any, ...]) -> list[Any]:
        used = tuple(k for k in range(group.slots or 0) if f"{path}[{k}]" in self.begun)
        rows: list[Any] = []
        for number, k in enumerate(used):
            where = f"{path}[{k}]"
            here = (*loc, number)
            if group.plain:
                self.places[here] = where
                rows.append(self.values.get(where))
            else:
                rows.append(self._object(group, where, here))
        closed = ".".join(str(part) if isinstance(part, str) else f"[{part}]" for part in loc).replace(
            ".[", "["
        )
        self.slots[closed] = used
        if len(used) < group.minimum and not self._gone(path):
            self._too_few(group, path, len(used))
        return rows

    def _too_few(self, group: Group, path: str, count: int) -> None:
        """Told by us, since pydantic counts rows only where all of them are good."""
        lacking = group.minimum - count
        todo = f"Fill in {'one more' if count else 'one'}." if lacking == 1 else f"Fill in {lacking} more."
        self.few.append(
            (path, {"label": group.label, "count": str(count), "minimum": str(group.minimum), "todo": todo})
        )

    def _gone(self, path: str) -> bool:
        """Whether it stood on a sheet that is no longer in the file, which is told once, of the sheet."""
        return any(gone == path or gone.startswith((path + "[", path + ".")) for gone in self.gone)

    def _field(self, item: Field, path: str, loc: tuple[Any, ...]) -> Any:
        where = path_of(path, item.name)
        self.places[loc] = where
        if item.ticks and item.refers_to:
            return self._letters(item, path, where)
        if item.ticks:
            return [choice for choice in item.choices if self.values.get(f"{where}[{escaped(choice)}]")]
        if item.refers_to:
            found = [
                self._reference(item, f"{where}[{k}]" if item.many else where) for k in range(item.slots)
            ]
            named = [name for name in found if name is not None]
            return named if item.many else named[0] if named else None
        return self.values.get(where)

    def _letters(self, item: Field, path: str, where: str) -> list[str]:
        """Ticks for lettered rows, as the letters of the closed-up rows."""
        target = path[: path.rfind(".")] if "." in path else ""
        assert item.refers_to is not None
        rows = path_of(target, item.refers_to.target)
        letters: list[str] = []
        used = [k for k in range(26) if f"{rows}[{k}]" in self.begun]
        for k in range(26):
            tick = f"{where}[{k}]"
            if not self.values.get(tick):
                continue
            if k in used:
                letters.append(LETTERS[used.index(k)])
            else:
                todo = f"Fill in root cause {LETTERS[k]}, or take the mark away."
                self._say(
                    tick, "unknown-reference", found=LETTERS[k], targets="the rows filled in", todo=todo
                )
        return letters

    def _reference(self, item: Field, where: str) -> str | int | None:
        """A reference by name or number to a row that is filled in."""
        typed = self.values.get(where)
        if typed is None or item.refers_to is None:
            return None
        target, text = item.refers_to.target, str(typed)
        if item.refers_to.by == "number":
            rows = path_of(
                where[: where.rfind("[")].rsplit(".", 1)[0] if "." in where[: where.rfind("[")] else "",
                target.rsplit(".", 1)[-1],
            )
            digits = "".join(char for char in text if char.isdigit())
            used = [k for k in range(99) if f"{rows}[{k}]" in self.begun]
            if digits and int(digits) - 1 in used:
                return used.index(int(digits) - 1) + 1
        else:
            table, name = target.rsplit(".", 1)
            own = where.split(".")[0]
            for k in range(99):
                known = self.values.get(f"{table}[{k}].{name}")
                if known is not None and folded(str(known)) == folded(text) and f"{table}[{k}]" != own:
                    return str(known)
        self._say(
            where,
            "unknown-reference",
            found=text,
            targets=f"the rows of {target.split('.')[0]}",
            todo="Choose one from the list.",
        )
        self.failed.add(where)
        return None

    # --- the model

    def _ask(self, data: dict[str, Any]) -> Plan | None:
        try:
            return self.model.model_validate(data, context={"window": self.layout.spec.facts.window})
        except ValidationError as error:
            for item in error.errors(include_url=False, include_context=True):
                self._explain(item)
            return None

    def _explain(self, error: Any) -> None:
        """One of pydantic's errors as a finding, unless its cell is already known to be wrong."""
        loc = tuple(error["loc"])
        path = self.places.get(loc)
        if path is None:
            path = self.places.get(loc[:-1], "") if loc else ""
        if loc and loc[0] in HEADER:
            return
        if path in self.failed or any(failed.startswith(path + "[") for failed in self.failed if path):
            return
        kind, label, member = error["type"], self._label(loc), self._member(loc)
        if self._gone(path) or (isinstance(member, Field) and not member.required and kind in _EMPTY):
            return  # told of the sheet, or optional in this campaign
        if kind in _EMPTY and not self._is_table(loc):
            ticks = isinstance(member, Field) and member.ticks
            todo = "Mark at least one with x." if ticks else "Fill it in."
            self._say(path, "missing", label=label.split(": mark")[0], todo=todo)
        elif kind == "too_short":
            return  # see _too_few
        elif kind == "range":
            self._say(path, "range", found=self._found(path), beyond=self._beyond(path), todo=self._todo())
        else:
            self._say(
                path,
                "type",
                found=self._found(path),
                wanted="an answer that this box takes",
                todo="Type it again.",
            )

    def _is_table(self, loc: tuple[Any, ...]) -> bool:
        return isinstance(self._member(loc), Group)

    def _member(self, loc: tuple[Any, ...]) -> Field | Group | None:
        group: Group = self.layout.spec.root
        member: Field | Group | None = None
        for part in loc:
            if isinstance(part, int):
                continue
            member = group.member(part)
            if isinstance(member, Group):
                group = member
        return member

    def _label(self, loc: tuple[Any, ...]) -> str:
        member = self._member(loc)
        place = next(
            (
                self.layout.inputs[path][1].place
                for path in (self.places.get(loc, ""),)
                if path in self.layout.inputs
            ),
            "",
        )
        label = member.label if member else ""
        if isinstance(member, Field) and member.ticks:
            place = ""
        return f"{label} of {place}" if place and place != label else label

    def _found(self, path: str) -> str | None:
        value = self.raw.values.get(path)
        return as_text(value.cell.value) if value else None

    def _beyond(self, path: str) -> str:
        window = self.layout.spec.facts.window
        value = self.values.get(path)
        if isinstance(value, date) and value > window.last:
            return f"after the last plan date, {in_words(window.last)}"
        return (
            f"before {in_words(window.first_record)}"
            if isinstance(value, date)
            else "beyond what this box takes"
        )

    def _todo(self) -> str:
        window = self.layout.spec.facts.window
        return f"Enter a date from {in_words(window.first_record)} to {in_words(window.last)}."

    def _dates(self) -> None:
        """Planned days inside the plan's window (all originals)."""
        window = self.layout.spec.facts.window
        for path, value in self.values.items():
            item = self.layout.inputs[path][1]
            if (
                item.field.kind is not Kind.DATE
                or not isinstance(value, date)
                or window.first <= value <= window.last
            ):
                continue
            late = value > window.last
            edge = (
                f"after the last plan date, {in_words(window.last)}"
                if late
                else f"before the first plan date, {in_words(window.first)}"
            )
            todo = f"Enter a date from {in_words(window.first)} to {in_words(window.last)}."
            todo += _same_day(value, window.first, window.last)
            self._say(
                path,
                "date-outside-window",
                found=f"{value:%b} {value.day}, {value.year}",
                beyond=edge,
                todo=todo,
            )

    # --- names that rows are referred to by

    def _names(self) -> None:
        """Names that others refer to are unique in their table, and no row hangs on itself in a circle."""
        for table, group in self.layout.spec.walk():
            for item in group.fields:
                if item.refers_to is None or item.refers_to.by != "name":
                    continue
                target, name = item.refers_to.target.rsplit(".", 1)
                self._duplicates(target, name)
                if target == table and not item.many:
                    self._circles(table, name, item.name)

    def _rows_of(self, table: str, name: str) -> dict[str, str]:
        """Row path → folded name of the table's named rows, in their order."""
        slots = self.layout.spec.group(table).slots or 0
        found = {f"{table}[{k}]": self.values.get(f"{table}[{k}].{name}") for k in range(slots)}
        return {row: folded(str(value)) for row, value in found.items() if value is not None}

    def _duplicates(self, table: str, name: str) -> None:
        seen: set[str] = set()
        for row, folded_name in self._rows_of(table, name).items():
            path = f"{row}.{name}"
            if folded_name in seen and path not in self.failed:
                self.failed.add(path)
                label = self.layout.spec.group(table).label
                self._say(path, "duplicate", found=str(self.values[path]), label=label)
            seen.add(folded_name)

    def _circles(self, table: str, name: str, reference: str) -> None:
        rows = self._rows_of(table, name)
        by_name = {folded_name: row for row, folded_name in reversed(rows.items())}
        above = {row: by_name.get(folded(str(self.values.get(f"{row}.{reference}") or ""))) for row in rows}
        for row in rows:
            passed, at = {row}, above[row]
            while at is not None and at not in passed:
                passed.add(at)
                at = above[at]
            where = f"{row}.{reference}"
            if at == row and above[row] != row and where not in self.failed:
                todo = "Choose another one, or leave it empty: a row cannot hang on itself."
                targets = "the rows it can hang on"
                self._say(
                    where, "unknown-reference", found=str(self.values[where]), targets=targets, todo=todo
                )


def _same_day(day: date, first: date, last: date) -> str:
    """ "Did you mean": the same day of the year within the window, if there is one."""
    for year in range(first.year, last.year + 1):
        try:
            meant = day.replace(year=year)
        except ValueError:
            continue
        if first <= meant <= last:
            return f" Did you mean {meant:%b} {meant.day}, {meant.year}?"
    return ""


def in_sheet_order(layout: Layout, findings: list[Finding]) -> list[Finding]:
    """Findings by sheet as printed, then by row and column; those about the file first."""
    order = {sheet.title: number for number, sheet in enumerate(layout.sheets)}

    def key(item: Finding) -> tuple[int, int, int]:
        if not item.sheet:
            return (-1, 0, 0)
        letters = (item.cell or "").rstrip("0123456789")
        row = int((item.cell or "")[len(letters) :] or 0)
        return (order.get(item.sheet, len(order)), row, column_number(letters))

    return sorted(findings, key=key)


def dumped(group: Group, data: Mapping[str, Any]) -> dict[str, Any]:
    """The plan's JSON: every member, dates ISO, money as text with two decimals, what is empty null or []."""
    return {member.name: _dumped(member, data.get(member.name)) for member in group.members}


def _dumped(member: Field | Group, value: Any) -> Any:
    if isinstance(member, Group):
        if member.slots is None:
            return dumped(member, value or {})
        return [(item if member.plain else dumped(member, item)) for item in value or []]
    if value is None:
        return [] if member.many else None
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
