"""A filled copy on which illnesses are made, and what an illness is."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import groupby
from xml.sax.saxutils import escape

from xlplan.excel.damage import edited
from xlplan.excel.plate import stamp
from xlplan.form.expressions import column_letters
from xlplan.form.markers import Kind
from xlplan.form.spec import FormFacts
from xlplan.layout.model import Input, Layout
from xlplan.pipeline.check import check_file
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context
from xlplan.samples import sample_plans

from . import edits
from .flaws import BASE

# copies with no more sheets and rows than their sample needs: small files, and a form that the file itself must tell
SLOTS: dict[str, tuple[tuple[str, int], ...]] = {
    "sfss": (),
    "data-team": (("strategies", 3), ("strategies[].steps", 8)),
    "planning-process": (("action_steps", 6), ("deliverables", 8), ("funding", 8)),
    "planning-for-success": (("initiatives", 1), ("initiatives[].resources", 6)),
    "strong-systems": (("initiatives", 1),),
}


ALONE = Context()


@dataclass(frozen=True)
class Patient:
    """A healthy copy of a template, filled with the sample that earns no finding; made when it is first asked for.

    `slots`: those of its tables that differ from the template's. `changed`: the copy, with something in it changed.
    """

    name: str
    slots: tuple[tuple[str, int], ...] = ()
    changed: bytes | None = None

    @cached_property
    def form(self) -> FormOf:
        return form_of(self.name, FormFacts(slots=self.slots))

    @cached_property
    def content(self) -> bytes:
        """The file."""
        if self.changed is not None:
            return self.changed
        blank = stamp(plate_of(self.form, ""), personal(BLANK_SCHOOL, blank_identity(self.form), b"", ""))
        content, refused = fill_bytes(blank, sample_plans(self.name)[BASE[self.name]], "blank.xlsx")
        assert refused is None
        return content

    @property
    def layout(self) -> Layout:
        return self.form.layout

    @property
    def identity(self) -> str:
        """The identity string that it carries."""
        return blank_identity(self.form).text(b"")

    @cached_property
    def answers(self) -> dict[str, object]:
        """Every answer by its slot path."""
        validated = check_file(self.content, self.name, Context()).validated
        assert validated is not None
        return dict(validated.values)

    def filled(self, *kinds: Kind, required: bool | None = None, at: str = "") -> list[str]:
        """The paths of answered cells of these kinds, in sheet order; `at`: how they begin."""
        return [path for path in self.paths(*kinds, at=at, required=required) if path in self.answers]

    def paths(self, *kinds: Kind, required: bool | None = None, at: str = "") -> list[str]:
        """The paths of all boxes of these kinds."""
        return [
            path
            for path, (_, item) in self.layout.inputs.items()
            if item.field.kind in kinds
            and not item.locked
            and item.field.refers_to is None
            and path.startswith(at)
            and required in (None, item.field.required)
        ]

    def box(self, path: str) -> tuple[str, int, int]:
        """Sheet, row and column of a slot path: a box's, or the first of a row."""
        found = self.layout.inputs.get(path)
        if found is not None:
            return found[0].title, found[1].row, found[1].column
        ref = self.layout.rows[path]
        return ref.sheet, ref.row, ref.column

    def a1(self, path: str) -> str:
        _, row, column = self.box(path)
        return f"{column_letters(column)}{row}"

    def block(self, path: str) -> tuple[str, range, range]:
        """Sheet, rows and columns of the boxes of a row's slot path; a card has several rows."""
        sheet, items = self._boxes(path)
        rows, columns = [item.row for item in items], [item.column for item in items]
        return sheet, range(min(rows), max(rows) + 1), range(min(columns), max(columns) + 1)

    def _boxes(self, path: str) -> tuple[str, list[Input]]:
        sheet = self.box(path)[0]
        return sheet, [
            item
            for inner, (plan, item) in self.layout.inputs.items()
            if plan.title == sheet and (inner.startswith((f"{path}.", f"{path}[")) or inner == path)
        ]

    def typed(self, *cells: tuple[str, str, str]) -> bytes:
        """The copy with these cells: slot path, type and inner XML of each."""
        changes: dict[str, Callable[[str], str]] = {}
        for title, own in groupby(
            sorted(cells, key=lambda cell: self.box(cell[0])), lambda cell: self.box(cell[0])[0]
        ):
            changes[edits.part_of(self.layout, title)] = partial(self._typed, list(own))
        return edited(self.content, changes)

    def _typed(self, cells: list[tuple[str, str, str]], xml: str) -> str:
        for path, kind, inner in cells:
            xml = edits.with_cell(xml, self.a1(path), kind, inner)
        return xml

    def said(self, texts: dict[str, str]) -> bytes:
        """The copy with these texts by slot path."""
        inner = '<is><t xml:space="preserve">{}</t></is>'
        return self.typed(*((path, "inlineStr", inner.format(escape(text))) for path, text in texts.items()))

    def numbered(self, numbers: dict[str, float]) -> bytes:
        """The copy with these numbers by slot path."""
        return self.typed(*((path, "", f"<v>{number!r}</v>") for path, number in numbers.items()))


@dataclass(frozen=True, slots=True)
class Ill:
    """An illness: what makes the file, codes that are among its findings, and how the file's name ends.

    `context`: what checking it needs to know. `of`: the healthy copy on which it was made. `by_hand`: answers were
    put from box to box without anything that tells of it, and are read where they now stand.
    """

    make: Callable[[], bytes]
    codes: Collection[str]
    suffix: str = ".xlsx"
    context: Context = ALONE
    of: Patient | None = None
    by_hand: bool = False
