"""Tables in a PostgreSQL database, in a schema of the campaign's own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from xlplan.errors import UsageError, XlplanError
from xlplan.form.text import harmless
from xlplan.rollup.exports.model import (
    COUNT,
    DAY,
    MONEY,
    PLANS,
    TEXT,
    YES_NO,
    About,
    ExportTable,
    Reference,
    Value,
    Written,
    unique,
)  # fmt: skip

if TYPE_CHECKING:
    from psycopg import Connection

SCHEMES = ("postgresql://", "postgres://")
CONNECT_SECONDS = 15  # for which we wait for a server to answer
TYPES = {TEXT: "text", DAY: "date", MONEY: "numeric(14,2)", COUNT: "bigint", YES_NO: "boolean"}
ARRIVING = {TEXT: "text", DAY: "date", MONEY: "numeric", COUNT: "int8", YES_NO: "bool"}
NAME = 63  # bytes of a name, of which PostgreSQL drops the rest
SIGN = "Written by xlplan export"
_LOCK = 0x786C7078  # "xlpx": PostgreSQL numbers its locks


def write_postgresql(tables: Sequence[ExportTable], to: str, about: About) -> list[Written]:
    """Replace the tables in the schema named after the campaign, in one transaction.

    Tables of the same make keep what hangs on them, such as rights and views; others are made anew. Raises UsageError
    if the schema is somebody else's, or something in the database depends on a table that has to change.
    """
    try:
        import psycopg
    except ModuleNotFoundError:
        raise UsageError(
            "--to postgresql://… needs the library psycopg. Install it with: pip install 'xlplan[postgresql]'."
        ) from None
    tables = _fitting(
        sorted(tables, key=lambda table: table.name != PLANS)
    )  # what others refer to comes first
    try:
        with psycopg.connect(to, connect_timeout=CONNECT_SECONDS) as database:
            _Schema(database, tables, about).replace()
    except psycopg.errors.DependentObjectsStillExist as error:
        detail = (error.diag.message_detail or "").splitlines()[:1]
        raise UsageError(
            f"{shown(to)}: the tables have another make than those that stand there, and something depends on them "
            f"({' '.join(detail)}). Drop that first, and make it again afterwards."
        ) from None
    except psycopg.Error as error:
        raise XlplanError(f"{shown(to)}: {' '.join(str(error).split())}") from None
    return [
        Written(table=table.name, rows=table.count, file=shown(to), part=f"{about.campaign}.{table.name}")
        for table in tables
    ]


def shown(url: str) -> str:
    """The address without user and password."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        return f"postgresql://{parts.hostname or ''}{port}{parts.path}"
    except ValueError:
        return "postgresql://…"


class _Schema:
    """The schema being replaced."""

    def __init__(self, database: Connection[Any], tables: Sequence[ExportTable], about: About) -> None:
        self.database, self.tables, self.about = database, tables, about
        self.definitions = [self._definition(table) for table in tables]
        told = [(table.about, [column.about for column in table.columns]) for table in tables]
        self.make = hashlib.sha256(repr((self.definitions, told)).encode()).hexdigest()[:16]
        self.names = [*(table.name for table in tables), "dictionary"]

    def replace(self) -> None:
        """Put the rows of today in place of what stands there."""
        self._run(f"SELECT pg_advisory_xact_lock({_LOCK})")
        known, present = self._known(), self._present()
        if known is not None and f"make {self.make}" in known and present >= {*self.names}:
            self._run(f"TRUNCATE {', '.join(map(self._name, self.names))}")
        else:
            self._anew(known is not None, present)
        for table in self.tables:
            self._fill(table)
        lines = ((table.name, *line) for table in self.tables for line in _lines(table))
        self._copy("dictionary", ("table", "column", "type", "comment"), ["text"] * 4, lines)
        told = harmless(f"{self.about.title}, as of {self.about.as_of.isoformat()}")
        sign = f"{SIGN} of campaign {self.about.campaign} ({self.about.owner}), make {self.make}. {told}"
        self._run(f"COMMENT ON SCHEMA {_quoted(self.about.campaign)} IS {_literal(sign)}")

    def _known(self) -> str | None:
        """What an older export says of itself; None where there is no schema. Raises UsageError for another's."""
        found = self.database.execute(
            "SELECT coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = %s",
            (self.about.campaign,),
        ).fetchone()
        if found is None:
            return None
        comment = str(found[0])
        if not comment.startswith(f"{SIGN} of campaign {self.about.campaign} ({self.about.owner})"):
            whose = "another campaign of that id" if comment.startswith(SIGN) else "something else"
            raise UsageError(
                f"The schema {self.about.campaign} of that database belongs to {whose}, so it was left as it is. "
                "Export to another database."
            )
        return comment

    def _present(self) -> set[str]:
        """The tables that stand in the schema."""
        tables = "SELECT tablename FROM pg_tables WHERE schemaname = %s"
        return {str(row[0]) for row in self.database.execute(tables, (self.about.campaign,))}

    def _anew(self, stands: bool, present: set[str]) -> None:
        if not stands:
            self._run(f"CREATE SCHEMA {_quoted(self.about.campaign)}")
        if old := sorted(present & self._ours(present)):
            # in one statement, since they refer to each other; never CASCADE, which takes along what others made
            self._run(f"DROP TABLE {', '.join(map(self._name, old))}")
        for table, definition in zip(self.tables, self.definitions, strict=True):
            self._run(definition)
            self._run(f"COMMENT ON TABLE {self._name(table.name)} IS {_literal(table.about)}")
            for column in table.columns:
                place = f"{self._name(table.name)}.{_quoted(column.name)}"
                self._run(f"COMMENT ON COLUMN {place} IS {_literal(column.about)}")
        self._run(
            f'CREATE TABLE {self._name("dictionary")} ("table" text, "column" text, type text, comment text, '
            'PRIMARY KEY ("table", "column"))'
        )

    def _ours(self, present: set[str]) -> set[str]:
        """The tables of the older export; what others have put into the schema is not among them."""
        if "dictionary" not in present:
            return {*self.names}
        listed = f'SELECT DISTINCT "table" FROM {self._name("dictionary")}'
        rows = self.database.execute(listed)
        return {"dictionary", *(str(row[0]) for row in rows)}

    def _definition(self, table: ExportTable) -> str:
        lines = [
            f"{_quoted(column.name)} {TYPES[column.kind]}{' NOT NULL' if column.required else ''}"
            for column in table.columns
        ]
        lines.append(f"PRIMARY KEY ({_list(table.key)})")
        lines += [
            f"FOREIGN KEY ({_list(item.columns)}) REFERENCES {self._name(item.table)} ({_list(item.to)})"
            for item in table.references
        ]
        return f"CREATE TABLE {self._name(table.name)} ({', '.join(lines)})"

    def _fill(self, table: ExportTable) -> None:
        names = [column.name for column in table.columns]
        self._copy(table.name, names, [ARRIVING[column.kind] for column in table.columns], table.rows())

    def _copy(self, table: str, names: Sequence[str], types: Sequence[str], rows: Any) -> None:
        statement = f"COPY {self._name(table)} ({_list(names)}) FROM STDIN (FORMAT BINARY)"
        with (
            self.database.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            copy.set_types(types)
            for row in rows:
                copy.write_row([_plain(value) for value in row])

    def _name(self, table: str) -> str:
        return f"{_quoted(self.about.campaign)}.{_quoted(table)}"

    def _run(self, statement: str) -> None:
        """Run a statement that was put together from quoted names and literals."""
        self.database.execute(statement)


def _lines(table: ExportTable) -> list[tuple[str, str, str]]:
    return [("", "table", table.about), *((c.name, c.kind, c.about) for c in table.columns)]


def _fitting(tables: Sequence[ExportTable]) -> list[ExportTable]:
    """The tables with names that PostgreSQL takes whole."""
    names = dict(zip((t.name for t in tables), unique([table.name for table in tables], NAME), strict=True))
    columns = {
        table.name: dict(
            zip((c.name for c in table.columns), unique([c.name for c in table.columns], NAME), strict=True)
        )
        for table in tables
    }
    return [_renamed(table, names, columns) for table in tables]


def _renamed(table: ExportTable, names: dict[str, str], columns: dict[str, dict[str, str]]) -> ExportTable:
    own = columns[table.name]
    references = tuple(
        Reference(
            columns=tuple(own[name] for name in item.columns), table=names[item.table],
            to=tuple(columns[item.table][name] for name in item.to),
        )
        for item in table.references
    )  # fmt: skip
    return replace(
        table, name=names[table.name], key=tuple(own[name] for name in table.key), references=references,
        columns=tuple(replace(column, name=own[column.name]) for column in table.columns),
    )  # fmt: skip


def _plain(value: Value) -> Value:
    return harmless(value) if isinstance(value, str) else value


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "E'" + harmless(text).replace("\\", "\\\\").replace("'", "''") + "'"
