"""What a former round leaves of a school's plan, as a record: the cells that a new copy begins with, and its rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from xlplan.errors import SetupError
from xlplan.merge.values import Plain

SCHEMA = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What one former round said of a row; `source`: the SHA-256 of the return that said it.

    `path`: where the row stood in that return. `due`: as it was entered. `learned`, `changes`: of a mid-year check.
    """

    campaign: str
    title: str
    year: str
    round: str
    source: str
    path: str
    text: str
    status: str | None = None
    due: Plain = None
    learned: Plain = None
    changes: Plain = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedRow:
    """A row of the new copy. `id`: campaign and path of the round in which it first appeared; it stays for ever.

    `was`: its slot path in the former round's return; `past`: what each former round said of it, the first one first.
    """

    id: str
    was: str
    past: tuple[Past, ...]


@dataclass(frozen=True, kw_only=True)
class Carried:
    """What a former round leaves of a plan. `campaign`, `title`, `year`, `sha256`, `received`: of the former return.

    `round`: of the new copy. `cells`: what that begins with by slot path, open boxes, locked ones and shown ones alike;
    `slots`: the capacity that they need, by table. `rows`: by their slot paths in the new copy.
    `emptied`: answers of the return, by their paths there, whose boxes the new copy has empty, or that it has not;
    `left_out`: the paths there of the rows that are done, the outermost only.
    """

    campaign: str
    title: str
    year: str
    round: str
    template: str
    version: int
    sha256: str
    received: str
    cells: Mapping[str, Plain]
    slots: Mapping[str, int]
    rows: Mapping[str, CarriedRow]
    emptied: Mapping[str, Plain]
    left_out: tuple[str, ...] = ()

    @cached_property
    def content(self) -> bytes:
        """The record as the ledger keeps it: the same plan gives the same bytes."""
        text = json.dumps({"schema": SCHEMA, **asdict(self)}, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "backslashreplace")

    @cached_property
    def quoted(self) -> tuple[str, ...]:
        """The SHA-256 sums of the returns whose answers it holds, the one that it was made of last."""
        found = [past.source for row in self.rows.values() for past in row.past]
        return (*dict.fromkeys(one for one in found if one != self.sha256), self.sha256)

    @classmethod
    def read(cls, content: bytes) -> Carried:
        """The record from its bytes. Raises SetupError for what is none of ours."""
        try:
            data: dict[str, Any] = json.loads(content)
            if data.pop("schema") != SCHEMA:
                raise SetupError("A carried record was written by a newer xlplan. Update xlplan.")
            rows = {
                path: CarriedRow(
                    id=row["id"], was=row["was"], past=tuple(Past(**past) for past in row["past"])
                )
                for path, row in data.pop("rows").items()
            }
            left_out = tuple(data.pop("left_out"))
            return cls(**data, rows=rows, left_out=left_out)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise SetupError("A carried record in the ledger cannot be read. Put the ledger back.") from None
