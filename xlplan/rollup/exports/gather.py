"""The tables of an export: the templates' own, spooled plan by plan, and those of the vocabulary, from its store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from xlplan.rollup.data import PlanRecord, Shape, TableShape
from xlplan.rollup.exports.model import (
    COUNT,
    DAY,
    MONEY,
    PLANS,
    TEXT,
    YES_NO,
    ExportColumn,
    ExportTable,
    Reference,
    Row,
    unique,
)  # fmt: skip
from xlplan.rollup.exports.spool import Spool, unpacked
from xlplan.rollup.facts import CODES, LINEAGE, TABLES, WHOSE, FactColumn, FactTable
from xlplan.rollup.store import Store
from xlplan.rollup.tables import around, field_columns, keys_of, tidy_rows

KINDS = {"date": DAY, "past-date": DAY, "money": MONEY, "yes-no": YES_NO, "integer": COUNT}
PLAN = ExportColumn(
    name="plan", kind=COUNT, about="The plan's number in this export, as in all_plans.", required=True
)
HERE_ONLY = ("folder", *CODES.values())
"""Where the campaign lies on this machine is nobody else's affair, and the numbers of texts serve formulas alone."""
_ABOUT = {
    "district_id": "The district's id on the roster.",
    "district": "The district's name on the roster.",
    "school_id": "The school's id on the roster; empty for a district's own plan.",
    "school": "The school's name on the roster; empty for a district's own plan.",
    "template": "The template that the plan follows.",
    "version": "The version of the form on which the plan came.",
    "draft": "Whether the plan is not accepted yet.",
    "number": "The row's number within the row around it, or within its plan, from 1.",
    "slot": "The row's place in the workbook, from 0; empty places are counted.",
    "file": "The returned file that the row was read from.",
    "sheet": "The sheet of that file.",
    "cell": "The cell of that sheet.",
}


class TemplateTables:
    """The tables of one template, filled plan by plan. `names` are those of an export, by table of the shape."""

    def __init__(self, shape: Shape, names: dict[str, str], spool: Spool) -> None:
        self.shape, self.names, self._spool = shape, names, spool
        self._columns = {table.name: _columns(table) for table in shape.tables}
        for table in shape.tables:
            spool.open(names[table.name], [column.kind for column in self._columns[table.name]])

    def add(self, number: int, plan: PlanRecord) -> None:
        """Take in the rows of the plan that has this number."""
        for table in self.shape.tables:
            self._spool.add(self.names[table.name], ((number, *row) for row in tidy_rows(table, plan)))

    def tables(self) -> Iterator[ExportTable]:
        """Each table, those around others first."""
        for table in self.shape.tables:
            name, above = self.names[table.name], around(table)
            references = [Reference(columns=("plan",), table=PLANS, to=("plan",))]
            outer = next((t for t in self.shape.tables if t.path == _outer(table)), None)
            if outer is not None:
                to = ("plan", *around(outer), "number")
                references.append(Reference(columns=("plan", *above), table=self.names[outer.name], to=to))
            where = f", on the sheets “{table.sheet_title}”" if table.path and table.sheet_title else ""
            yield ExportTable(
                name=name, about=f"{self.shape.title}: {table.path or 'one row a plan'}{where}.",
                columns=self._columns[table.name], key=("plan", *above, "number"), references=tuple(references),
                count=self._spool.counts[name], rows=_again(self._spool, name),
            )  # fmt: skip


def names_for(shapes: Sequence[Shape]) -> list[dict[str, str]]:
    """The names of the templates' tables; where there are several templates, each after its own."""
    alone = len(shapes) == 1
    wanted = [
        [table.name if alone else f"{_word(shape.template)}_{table.name}" for table in shape.tables]
        for shape in shapes
    ]
    taken = [fact_name(table) for table in TABLES] + ["dictionary"]
    found = iter(unique([*taken, *(name for names in wanted for name in names)])[len(taken) :])
    return [{table.name: next(found) for table in shape.tables} for shape in shapes]


def fact_name(table: FactTable) -> str:
    """What a table of the vocabulary is called in an export."""
    return f"all_{table.name}"


def fact_tables(store: Store) -> Iterator[ExportTable]:
    """The tables of the vocabulary, the plans first."""
    for table in TABLES:
        columns = (*WHOSE, *table.columns, *LINEAGE) if table.per_plan else (WHOSE[0], *table.columns)
        own = [_fact(column) for column in columns if column.name not in HERE_ONLY]
        key = ("plan",)
        if table.per_plan:
            own.insert(
                1, ExportColumn(name="n", kind=COUNT, about="The row's number in this table.", required=True)
            )
            key = ("n",)
        reference = Reference(columns=("plan",), table=PLANS, to=("plan",))
        yield ExportTable(
            name=fact_name(table), about=table.about, columns=tuple(own), key=key,
            references=(reference,) if table.per_plan else (), count=store.count(table),
            rows=_asked(store, table, own),
        )  # fmt: skip


def _columns(table: TableShape) -> tuple[ExportColumn, ...]:
    """The plan's number, then the columns of the tidy table; names that differ in case alone are told apart."""
    fields = field_columns(table)
    made = [PLAN]
    for name in ("district_id", "district", "school_id", "school", "template", "version", "draft"):
        kind = {"version": COUNT, "draft": YES_NO}.get(name, TEXT)
        made.append(ExportColumn(name=name, kind=kind, about=_ABOUT[name]))
    for name in keys_of(table):
        about = (
            _ABOUT.get(name) or f"The number of the row of {name.removesuffix('_number')} that it stands in."
        )
        made.append(ExportColumn(name=name, kind=COUNT, about=about, required=name != "slot"))
    made += [
        ExportColumn(name=name, kind=KINDS.get(column.kind, TEXT), about=column.label)
        for name, column in fields.items()
    ]
    made += [ExportColumn(name=name, kind=TEXT, about=_ABOUT[name]) for name in ("file", "sheet", "cell")]
    names = unique([column.name for column in made])
    return tuple(
        ExportColumn(name=name, kind=column.kind, about=column.about, required=column.required)
        for name, column in zip(names, made, strict=True)
    )


def _fact(column: FactColumn) -> ExportColumn:
    kind = column.kind if column.kind in (DAY, MONEY, COUNT, YES_NO) else TEXT
    return ExportColumn(name=column.name, kind=kind, about=column.about, required=column.name == "plan")


def _outer(table: TableShape) -> str | None:
    """The path of the table around this one, None where the plan is."""
    parts = table.path.split(".")[:-1]
    while parts and not parts[-1].endswith("[]"):
        parts.pop()
    return ".".join(parts).removesuffix("[]") if parts else None


def _word(template: str) -> str:
    """A template's name as the beginning of a table's."""
    return re.sub(r"\W+", "_", template).strip("_").lower() or "template"


def _again(spool: Spool, name: str) -> Callable[[], Iterator[Row]]:
    return lambda: spool.rows(name)


def _asked(store: Store, table: FactTable, columns: Sequence[ExportColumn]) -> Callable[[], Iterator[Row]]:
    names = ", ".join(column.name for column in columns)
    kinds = [column.kind for column in columns]
    query = f"SELECT {names} FROM {table.name}_full ORDER BY plan, n"

    def rows() -> Iterator[Row]:
        for row in store.rows(query):
            yield tuple(map(unpacked, kinds, row))

    return rows
