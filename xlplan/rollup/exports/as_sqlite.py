"""One SQLite file: typed tables with keys, and what each column holds in a table of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

from xlplan.campaign.files import replacing
from xlplan.errors import UsageError
from xlplan.form.text import harmless
from xlplan.rollup.exports.model import (
    COUNT,
    DAY,
    MONEY,
    TEXT,
    YES_NO,
    About,
    ExportColumn,
    ExportTable,
    Value,
    Written,
)  # fmt: skip

APPLICATION = 0x786C7078  # "xlpx": SQLite's mark for files of one program
TYPES = {TEXT: "TEXT", DAY: "DATE", COUNT: "INTEGER", YES_NO: "BOOLEAN"}
CENTS = "_cents"


def write_sqlite(tables: Sequence[ExportTable], to: Path, about: About) -> list[Written]:
    """Write the database file `to`, in place of an older export; raises UsageError if something else stands there.

    Days are ISO texts, yes-no is 1 or 0. An amount stands as integer cents in `<column>_cents`, and in dollars in the
    generated column `<column>`. `dictionary` says what each column holds.
    """
    guard(to)
    with replacing(to) as draft, closing(sqlite3.connect(draft, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode=OFF")
        database.execute("PRAGMA synchronous=OFF")
        database.execute(f"PRAGMA application_id={APPLICATION}")
        database.execute("BEGIN")
        for table in tables:
            database.execute(definition(table))
            names = ", ".join(_quoted(stored(table, column)) for column in table.columns)
            marks = ", ".join("?" * len(table.columns))
            insert = f"INSERT INTO {_quoted(table.name)} ({names}) VALUES ({marks})"
            database.executemany(insert, (tuple(map(_plain, row)) for row in table.rows()))
        _dictionary(database, tables, about)
        database.execute("COMMIT")
    return [Written(table=table.name, rows=table.count, file=to, part=table.name) for table in tables]


def definition(table: ExportTable) -> str:
    """The table in SQL."""
    lines = [line for column in table.columns for line in _column(table, column)]
    lines.append(f"PRIMARY KEY ({_list(table.key)})")
    lines += [
        f"FOREIGN KEY ({_list(item.columns)}) REFERENCES {_quoted(item.table)} ({_list(item.to)})"
        for item in table.references
    ]
    return f"CREATE TABLE {_quoted(table.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def stored(table: ExportTable, column: ExportColumn) -> str:
    """The column that holds the value: of an amount its cents, under a name that no other column has."""
    if column.kind != MONEY:
        return column.name
    taken = {other.name.casefold() for other in table.columns}
    name = column.name + CENTS
    while name.casefold() in taken:
        name += "_"
    return name


def _column(table: ExportTable, column: ExportColumn) -> Iterator[str]:
    name, needed = _quoted(stored(table, column)), " NOT NULL" if column.required else ""
    if column.kind == MONEY:
        yield f"{name} INTEGER{needed}"
        yield f"{_quoted(column.name)} REAL GENERATED ALWAYS AS ({name} / 100.0) VIRTUAL"
    elif column.kind == YES_NO:
        yield f"{name} BOOLEAN{needed} CHECK ({name} IN (0, 1))"
    else:
        yield f"{name} {TYPES[column.kind]}{needed}"


def _dictionary(database: sqlite3.Connection, tables: Sequence[ExportTable], about: About) -> None:
    database.execute(
        'CREATE TABLE dictionary ("table" TEXT, "column" TEXT, type TEXT, comment TEXT, '
        'PRIMARY KEY ("table", "column"))'
    )
    lines = [("", "", "export", f"{about.title}, campaign {about.campaign}, as of {about.as_of.isoformat()}")]
    for table in tables:
        lines.append((table.name, "", "table", table.about))
        for column in table.columns:
            if column.kind == MONEY:
                lines.append((table.name, stored(table, column), "cents", f"{column.about} In cents."))
            lines.append((table.name, column.name, column.kind, column.about))
    database.executemany(
        "INSERT INTO dictionary VALUES (?, ?, ?, ?)", (tuple(map(harmless, line)) for line in lines)
    )


def guard(path: Path) -> None:
    """Raise UsageError if anything but an older export stands there: a ledger is a SQLite file too."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            ours = database.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
    except sqlite3.Error:
        ours = False
    if not ours:
        raise UsageError(
            f"{path}: stands there and is no export of xlplan, so it was left as it is. Choose another name."
        )


def _plain(value: Value) -> str | int | None:
    match value:
        case Decimal():
            return int(value.scaleb(2))
        case date():
            return value.isoformat()
        case str():
            return harmless(value)
    return value


def _list(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
