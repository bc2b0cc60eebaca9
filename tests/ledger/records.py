"""Records with the least that a test has to say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, text

from xlplan.ledger import CopyRecord, Ledger, ReturnRecord
from xlplan.ledger.database import connect

NOW = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)
LATER = datetime(2026, 10, 6, 12, 0, tzinfo=UTC)
FORM = "f" * 64
SEALED = b"locked"


def a_return(content: str, day: int = 1, outcome: str = "accepted", **more: Any) -> ReturnRecord:
    """A return of school 0530 received on that day of October; `content` makes it what it is."""
    values: dict[str, Any] = {
        "school_key": "0530",
        "template": "sfss",
        "version": 1,
        "issue": 1,
        "plan": {"a": 1},
    }
    if outcome == "refused":
        values = {}
    data = content.encode()
    return ReturnRecord(
        file=f"returns/{content}.xlsx",
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
        received=date(2026, 10, day),
        outcome=outcome,
        **{**values, **more},
    )


def a_copy(school_key: str = "0530", issue: int = 1, **more: Any) -> CopyRecord:
    """A copy whose form is the one that `with_form` records."""
    values: dict[str, Any] = {
        "file": f"copies/{school_key}.xlsx",
        "sha256": "1" * 64,
        "inputs_hash": "2" * 64,
    }
    return CopyRecord(
        school_key=school_key, template="sfss", version=1, issue=issue, digest=FORM, **{**values, **more}
    )


def with_form(ledger: Ledger) -> Ledger:
    """The same ledger with a form in it."""
    ledger.record_form(FORM, "sfss", 1, {"slots": {"challenges": 3}, "title": "Plän"}, SEALED, now=NOW)
    return ledger


@contextmanager
def tampered(url: str, statement: str, **values: object) -> Iterator[Connection]:
    """The database with one thing changed behind the ledger's back, rows that others name too; undone afterwards."""
    engine = connect(url)
    with ExitStack() as open_, engine.connect() as connection:
        open_.callback(engine.dispose)
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
            connection.exec_driver_sql("BEGIN")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        assert connection.execute(text(statement), values).rowcount > 0
        yield connection


def tamper(url: str, statement: str, **values: object) -> None:
    """Such a change that stays."""
    with tampered(url, statement, **values) as connection:
        connection.commit()


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    """What a query finds, asked behind the ledger's back."""
    engine = connect(url)
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found
