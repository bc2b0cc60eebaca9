"""A table as every format of an export writes it: typed columns, keys, and rows that come as they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

Value = str | date | Decimal | int | bool | None
Row = tuple[Value, ...]
TEXT, DAY, MONEY, COUNT, YES_NO = "text", "day", "money", "count", "yes-no"
MOST_COUNT = 2**53  # beyond which spreadsheets and JSON readers change a number
PLANS = "all_plans"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportColumn:
    """One column. `kind`: text, day (a date), money (Decimal dollars), count (int) or yes-no (bool)."""

    name: str
    kind: str
    about: str
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """That values of `columns` stand in the key of another table."""

    columns: tuple[str, ...]
    table: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportTable:
    """One table. `rows` gives them anew each time it is called, `count` of them, in the order of `columns`."""

    name: str
    about: str
    columns: tuple[ExportColumn, ...]
    key: tuple[str, ...]
    references: tuple[Reference, ...]
    count: int
    rows: Callable[[], Iterator[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an export says of itself. `owner` tells campaigns with the same id apart."""

    campaign: str
    title: str
    as_of: date
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where a table went: a file, and within one the sheet or table; of a database, its name without a password."""

    table: str
    rows: int
    file: Path | str
    part: str = ""

    def as_json(self) -> dict[str, object]:
        """As `export --json` lists it; `part` only where there is one."""
        file = self.file.as_posix() if isinstance(self.file, Path) else self.file
        found: dict[str, object] = {"table": self.table, "rows": self.rows, "file": file}
        return found | ({"part": self.part} if self.part else {})


def unique(names: list[str], limit: int = 0) -> list[str]:
    """The names, each made different from those before it without regard to case; at most `limit` bytes long."""
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        fitting, number = _cut(name, limit), 1
        while fitting.casefold() in taken:
            number += 1
            fitting = _cut(name, limit - len(f"_{number}") if limit else 0) + f"_{number}"
        taken.add(fitting.casefold())
        found.append(fitting)
    return found


def _cut(name: str, limit: int) -> str:
    return name.encode()[:limit].decode(errors="ignore") if limit else name
