"""The cells of a raw plan, mended: the values, the cells that failed, and the rows in which something stands."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from xlplan.findings import Finding, finding
from xlplan.form.markers import Kind
from xlplan.intake.values import as_text, mend
from xlplan.intake.words import most_of
from xlplan.layout.book import Scalar
from xlplan.layout.model import Input, Layout
from xlplan.layout.raw import RawPlan, RawValue

_FROM_1904 = 1_462  # days between the two date systems
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_SLOT = re.compile(r"\[\d+\]")


def generic(path: str) -> str:
    """The path without its slots: "challenges[].strategies[].steps"."""
    return _SLOT.sub("[]", path)


@lru_cache(maxsize=10_000)
def _around(path: str) -> tuple[str, ...]:
    """The path, and those of all that it stands in but for the plan itself."""
    return (path, *_around(above(path))) if path else ()


def above(path: str) -> str:
    """The path of what a field, row or table stands in; empty for what stands in the plan itself."""
    return path[: max(path.rfind("."), path.rfind("["), 0)]


@dataclass(slots=True)
class Answers:
    """What people typed, by slot path. `failed`: cells that gave no value, each told already.

    `begun`: the rows, and the tables around them, in which something stands. `findings` grows while the plan is judged.
    """

    layout: Layout
    raw: RawPlan
    values: dict[str, object] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    begun: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)
    _gone: set[str] = field(default_factory=set)

    @property
    def blank(self) -> bool:
        """Whether nothing has been filled in; what stood there locked was not."""
        inputs = self.layout.inputs
        return not self.failed and all(inputs[path][1].locked for path in self.values)

    def used(self, table: str, slots: int | None) -> tuple[int, ...]:
        """The slots of a table in which something stands."""
        return tuple(k for k in range(slots or 0) if f"{table}[{k}]" in self.begun)

    def gone(self, path: str) -> bool:
        """Whether it stood on a sheet that is no longer in the file, which is told once; or stands in another part."""
        return path in self._gone or self.layout.is_elsewhere(path)

    def unread(self, path: str) -> bool:
        """Whether the answer, or a part of it, is there and gave no value."""
        return path in self.failed or any(failed.startswith(f"{path}[") for failed in self.failed)

    def text(self, path: str) -> str | None:
        """What the cell shows, as typed."""
        value = self.raw.values.get(path)
        return as_text(value.cell.value) if value else None

    def place(self, path: str) -> str:
        """What people call the row that an answer stands in ("step 1.3"); empty where that is its label."""
        item = self.layout.inputs.get(path)
        return item[1].place if item and item[1].place != item[1].field.label else ""

    def where(self, path: str) -> tuple[str | None, str | None]:
        """Sheet and cell of a slot path: as read, else as laid out; of a table of sheets its first free one."""
        if path in self.raw.places:
            return self.raw.places[path]
        ref = self.layout.cell_of(path) or self.layout.cell_of(self._first_free(path))
        return (ref.sheet, ref.a1) if ref else (None, None)

    def _first_free(self, path: str) -> str:
        sheets = [sheet.path for sheet in self.layout.sheets if path and sheet.path.startswith(path + "[")]
        return next((sheet for sheet in sheets if sheet not in self.begun), "")

    def say(
        self, path: str, code: str, *, at: str | None = None, found: str | None = None, **facts: str
    ) -> None:
        """One more finding about a path, at its cell or that of the path `at`."""
        sheet, cell = self.where(path if at is None else at)
        self.findings.append(finding(code, path=path or None, sheet=sheet, cell=cell, found=found, **facts))


def answers_of(layout: Layout, raw: RawPlan) -> Answers:
    """Every cell mended, with what there is to say about each of them."""
    return _Reading(Answers(layout, raw)).answers()


class _Reading:
    def __init__(self, answers: Answers) -> None:
        self.into, self.layout, self.raw = answers, answers.layout, answers.raw
        self.window = self.layout.spec.facts.window
        self.companions = {path for path, group in self.layout.spec.walk() if group.companion}
        self.names = {path.rpartition(".")[2] for path in self.companions}

    def answers(self) -> Answers:
        self._gone()
        for path in self.raw.undecided:
            self._fail(path)
        inputs = self.layout.inputs
        for path, value in self.raw.values.items():
            item = inputs[path][1]
            if not (item.locked and item.fact):
                self._cell(path, value, item)
        if self.companions or self.layout.spec.facts.round:
            self._beside()
        return self.into

    def _gone(self) -> None:
        """The answers of missing sheets, and the rows and tables around them as far as they stood there too."""
        gone = self.into._gone
        for plan in self.raw.missing:
            for item in plan.inputs:
                path = item.path
                while path and path not in gone:
                    gone.add(path)
                    path = "" if self._companion(path) else above(path)

    def _cell(self, path: str, value: RawValue, item: Input) -> None:
        cell, say = value.cell, self.into.say
        if cell.error is not None:
            say(path, "error-cell", found=cell.error)
            self._fail(path)
            return
        if cell.formula is not None and cell.value is None:
            say(path, "formula-no-value", found="=" + cell.formula)
            self._fail(path)
            return
        typed = cell.value
        if self.raw.date1904 and item.field.kind in (Kind.DATE, Kind.PAST_DATE):
            typed = since_1900(typed)
        mended = mend(typed, item.field, self.window)
        if cell.formula is not None and typed != "":
            say(path, "formula", found=as_text(cell.value))
        for note in mended.notes:
            say(path, note.code, found=as_text(cell.value), **note.facts)
        if mended.fault is not None:
            say(path, mended.fault.code, found=as_text(cell.value), **mended.fault.facts)
            self._fail(path)
        elif mended.value is not None and not (mended.value is False and item.field.kind is Kind.TICK):
            self.into.values[path] = mended.value
            self._begin(item)

    def _fail(self, path: str) -> None:
        self.into.failed.add(path)
        self._begin(self.layout.inputs[path][1])

    def _begin(self, item: Input) -> None:
        """The row of a filled cell is begun, and the rows that it stands in; a companion begins nothing."""
        path, begun = item.group, self.into.begun
        if not path or path in begun or self._companion(path) or not self._begins(item):
            return
        begun.update(_around(path))

    def _begins(self, item: Input) -> bool:
        """Whether an answer in this cell begins its row; in later rounds not all do."""
        if not self.layout.spec.facts.round:
            return True
        return self.layout.spec.group(generic(item.group)).begins(item.field)

    def _companion(self, path: str) -> bool:
        return path.rpartition(".")[2] in self.names and generic(path) in self.companions

    def _beside(self) -> None:
        """An answer on a companion sheet beside a row that is empty belongs to nothing; told once a row.

        So does one in a row that was empty when all but such answers was locked.
        """
        strays: dict[str, list[str]] = defaultdict(list)
        for path in [*self.into.values, *self.into.failed]:
            item = self.layout.inputs[path][1]
            group = item.group
            row = above(group) if self._companion(group) else group
            if row in self.into.begun or not (self._companion(group) or self._waits(item)):
                continue
            if path in self.into.values and not item.locked:
                strays[group].append(path)
            self.into.values.pop(path, None)
            self.into.failed.discard(path)
        for first, *more in strays.values():
            begin = "Fill in the row it belongs to, or delete"
            if not self._companion(self.layout.inputs[first][1].group):
                begin = "No row of the plan stands there, and none can be added now. Delete"
            cells = [self.into.where(path)[1] or "" for path in (first, *more)]
            todo = f"{begin} what stands in {most_of(cells)}." if more else f"{begin} it."
            self.into.say(first, "stray", found=self.into.text(first), todo=todo)

    def _waits(self, item: Input) -> bool:
        """Whether an answer in this cell of a row says nothing while nothing else stands in the row."""
        return item.group.endswith("]") and not self._begins(item)


def since_1900(value: Scalar) -> Scalar:
    """A bare day number of a workbook that counts from 1904, as others count; anything else as it is."""
    if isinstance(value, str) and _SERIAL.fullmatch(value.strip()):
        value = float(value)
    return value + _FROM_1904 if isinstance(value, float) else value
