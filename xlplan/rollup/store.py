"""The facts of many plans in a private database file, so that memory does not grow with the plans."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from xlplan.rollup.facts import CODES, LINEAGE, TABLES, WHOSE, FactTable

TYPES = {"money": "INTEGER", "count": "INTEGER", "yes-no": "INTEGER"}
BATCH = 500  # rows fetched at a time
OWN = tuple(column for column in LINEAGE if column.name != "file")  # the file is the plan's


class Store:
    """Tables of `facts`, filled plan by plan, asked in SQL. A context manager: its file goes with it.

    Of each table of plans, the view `<table>_full` has `WHOSE`, its own columns and `LINEAGE`. In SQL a day is
    its ISO text, money is integer cents, yes-no is 1, 0 or NULL.
    """

    def __init__(self, as_of: date, folder: Path | None = None) -> None:
        """`folder`: where the private file may lie; else where the system keeps such files."""
        self.as_of = as_of
        self._place = tempfile.TemporaryDirectory(
            prefix=".rollup-", dir=folder
        )  # readable by its owner alone
        self.folder = Path(self._place.name)
        self.database = sqlite3.connect(self.folder / "facts.sqlite", isolation_level=None)
        self.database.row_factory = sqlite3.Row
        self.database.execute("PRAGMA journal_mode=OFF")
        self.database.execute("PRAGMA synchronous=OFF")
        self.database.execute("PRAGMA cache_size=-16000")  # kB
        for table in TABLES:
            self._create(table)
        self.database.execute("CREATE TABLE choices (template TEXT, choice TEXT, n INTEGER)")
        self.database.execute("CREATE TABLE themes (plan INTEGER, row TEXT, theme TEXT, matched TEXT)")
        self.database.execute("BEGIN")

    def _create(self, table: FactTable) -> None:
        columns = (*table.columns, *(OWN if table.per_plan else ()))
        lines = [f"{column.name} {TYPES.get(column.kind, 'TEXT')}" for column in columns]
        self.database.execute(
            f"CREATE TABLE {table.name} (plan INTEGER, n INTEGER PRIMARY KEY, {', '.join(lines)})"
        )
        if table.per_plan:
            whose = ", ".join(f"plans.{column.name} AS {column.name}" for column in WHOSE)
            own = ", ".join(f"{table.name}.{c.name} AS {c.name}" for c in (*table.columns, *OWN))
            self.database.execute(
                f"CREATE VIEW {table.name}_full AS SELECT {table.name}.n AS n, plans.key AS key, "
                f"plans.campaign AS campaign, plans.folder AS folder, "
                f"{whose}, {own}, plans.file AS file FROM {table.name} JOIN plans ON plans.plan = {table.name}.plan"
            )
        else:
            self.database.execute(f"CREATE VIEW {table.name}_full AS SELECT * FROM {table.name}")

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the private file away."""
        self.database.close()
        self._place.cleanup()

    def add(self, table: FactTable, plan: int, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add rows of a plan; a column that a row lacks is NULL. Days, Decimals in cents and bools as in SQL."""
        names = [column.name for column in (*table.columns, *(OWN if table.per_plan else ()))]
        marks = ", ".join("?" * (len(names) + 1))
        insert = f"INSERT INTO {table.name} (plan, {', '.join(names)}) VALUES ({marks})"
        self.database.executemany(
            insert, ((plan, *(_plain(row.get(name)) for name in names)) for row in rows)
        )

    def offer(self, template: str, choices: Sequence[str]) -> None:
        """Note the priorities that a template offers, in its order."""
        known = int(self.one("SELECT count(*) FROM choices WHERE template = ?", [template]))
        rows = [(template, choice, n) for n, choice in enumerate(choices)]
        self.database.executemany("INSERT INTO choices VALUES (?, ?, ?)", () if known else rows)

    def theme(self, plan: int, row: str, found: Iterable[tuple[str, str]]) -> None:
        """Note the themes of a cause, each with the word that tells it."""
        self.database.executemany(
            "INSERT INTO themes VALUES (?, ?, ?, ?)", ((plan, row, theme, word) for theme, word in found)
        )

    def index(self) -> None:
        """Called once all plans are in: what queries look rows up by."""
        for table in TABLES:
            self._number(table)
            self.database.execute(f"CREATE INDEX {table.name}_plan ON {table.name} (plan)")
        self.database.execute("COMMIT")

    def _number(self, table: FactTable) -> None:
        """Give each text of the columns that formulas compare by a number."""
        names = {column.name for column in table.columns}
        for column, code in CODES.items():
            if code in names:
                self.database.execute(f"CREATE INDEX {table.name}_{code} ON {table.name} ({column}, {code})")
                ranked = (
                    f"SELECT n, dense_rank() OVER (ORDER BY {column}) AS code FROM {table.name} "
                    f"WHERE {column} IS NOT NULL"
                )
                self.database.execute(
                    f"UPDATE {table.name} SET {code} = r.code FROM ({ranked}) AS r WHERE r.n = {table.name}.n"
                )

    def code(self, table: FactTable, column: str, text: str) -> int | None:
        """The number of one of the texts of a column of `facts.CODES`."""
        found = self.one(f"SELECT {CODES[column]} FROM {table.name} WHERE {column} = ? LIMIT 1", [text])
        return None if found is None else int(found)

    def rows(self, sql: str, values: Iterable[Any] = ()) -> Iterator[sqlite3.Row]:
        """The rows of a query, a batch at a time."""
        found = self.database.execute(sql, tuple(map(_plain, values)))
        while batch := found.fetchmany(BATCH):
            yield from batch

    def one(self, sql: str, values: Iterable[Any] = ()) -> Any:
        """The first value of the first row, or None."""
        found = self.database.execute(sql, tuple(map(_plain, values))).fetchone()
        return found[0] if found else None

    def count(self, table: FactTable) -> int:
        """How many rows a table has."""
        return int(self.one(f"SELECT count(*) FROM {table.name}"))

    def filled(self) -> tuple[FactTable, ...]:
        """The tables that have rows."""
        return tuple(table for table in TABLES if self.one(f"SELECT 1 FROM {table.name} LIMIT 1"))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
