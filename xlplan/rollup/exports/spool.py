"""Rows of many tables on their way out, kept in private files so that memory does not grow with the plans."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from xlplan.rollup.exports.model import MOST_COUNT, Row, Value


class Spool:
    """Takes rows table by table in any order, and gives each table's back. A context manager: its files go with it."""

    def __init__(self) -> None:
        self._place = tempfile.TemporaryDirectory(prefix=".export-")  # readable by its owner alone
        self._files: dict[str, IO[str]] = {}
        self._kinds: dict[str, Sequence[str]] = {}
        self.counts: dict[str, int] = {}

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files.values():
            file.close()
        self._place.cleanup()

    def open(self, table: str, kinds: Sequence[str]) -> None:
        """Make room for a table with columns of these kinds."""
        path = Path(self._place.name) / f"{len(self._files)}.jsonl"
        self._files[table] = path.open("w+", encoding="ascii")
        self._kinds[table], self.counts[table] = kinds, 0

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows; a value that is not of its column's kind is missing."""
        file, kinds = self._files[table], self._kinds[table]
        for row in rows:
            file.write(json.dumps([_packed(kind, value) for kind, value in zip(kinds, row, strict=True)]))
            file.write("\n")
            self.counts[table] += 1

    def rows(self, table: str) -> Iterator[Row]:
        """The table's rows in the order in which they were added."""
        kinds = self._kinds[table]
        self._files[table].flush()
        with Path(self._files[table].name).open(encoding="ascii") as file:
            for line in file:
                yield tuple(map(unpacked, kinds, json.loads(line)))


def _packed(kind: str, value: Any) -> str | int | bool | None:
    match kind, value:
        case _, None:
            return None
        case "money", Decimal():
            return int(value.scaleb(2).to_integral_value())
        case "day", date():
            return value.isoformat()
        case "yes-no", bool():
            return value
        case "count", int() if not isinstance(value, bool):
            return value if abs(value) <= MOST_COUNT else None
        case "text", bool():
            return "true" if value else "false"
        case "text", _:
            return str(value) or None
    return None


def unpacked(kind: str, value: Any) -> Value:
    """A value as SQL and JSON hold it, as what it is."""
    if value is None:
        return None
    match kind:
        case "money":
            return Decimal(int(value)).scaleb(-2)
        case "day":
            return date.fromisoformat(value)
        case "yes-no":
            return bool(value)
        case "count":
            return int(value)
    return str(value)
