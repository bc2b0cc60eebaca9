"""Bring a ledger of an older schema to ours, in one transaction, by the migrations beside this module."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect

from xlplan.campaign.files import replacing
from xlplan.errors import XlplanError
from xlplan.ledger.database import connect, in_words, lock, name_of, schema_version
from xlplan.ledger.schema import SCHEMA_VERSION, migrated

if TYPE_CHECKING:
    from alembic.config import Config

_SCRIPTS = Path(__file__).parent / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """The schema before and now, and the file with the ledger as it was, for SQLite and if there was need."""

    before: int
    after: int
    backup: Path | None


def upgrade(url: str, *, now: datetime) -> Upgraded:
    """Upgrade the ledger; one of our schema stays as it is. Raises UsageError where there is none."""
    engine = connect(url)
    try:
        before = schema_version(engine)
        if before > SCHEMA_VERSION:
            raise XlplanError(f"{name_of(engine)}: a newer xlplan wrote this ledger. Update xlplan.")
        backup = _upgraded(engine, now) if before < SCHEMA_VERSION else None
        return Upgraded(before=before, after=schema_version(engine), backup=backup)
    finally:
        engine.dispose()


def _upgraded(engine: Engine, now: datetime) -> Path | None:
    backup = None
    with in_words(engine), engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # a table that is rebuilt is dropped first, with rows that others name; looked at below instead
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        lock(connection)
        if sqlite:
            backup = _kept_beside(Path(engine.url.database or ""), now)
        migrate(connection)
        if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise XlplanError(f"{name_of(engine)}: rows of this ledger name others that are not there.")
        connection.commit()
    return backup


def _kept_beside(ledger: Path, now: datetime) -> Path:
    """The ledger as it is, in a new file beside it; whoever holds the lock can still read."""
    kept = ledger.with_name(f"{ledger.stem}-before-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{ledger.suffix}")
    try:
        with (
            replacing(kept) as draft,
            closing(sqlite3.connect(ledger)) as old,
            closing(sqlite3.connect(draft)) as new,
        ):
            old.backup(new)
    except sqlite3.Error as error:
        raise XlplanError(
            f"{kept}: the ledger could not be copied first ({error}), so nothing was changed."
        ) from error
    return kept


def migrate(connection: Connection) -> None:
    """Run the migrations that the database lacks, in the caller's transaction."""
    from alembic import command  # heavy, and of use once in years

    config = scripts(connection)
    if inspect(connection).has_table("about") and not inspect(connection).has_table(migrated.name):
        command.stamp(config, "1")  # the first schema was made without alembic
    command.upgrade(config, "head")


def scripts(connection: Connection) -> Config:
    """What alembic needs to know: where our migrations are, and the connection that they run on."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
