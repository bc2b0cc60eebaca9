"""The whole ledger into a file and back: a backup is a SQLite ledger, whatever the ledger itself is kept in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine, LargeBinary, Table, insert, select

from xlplan.campaign.files import replacing
from xlplan.errors import UsageError
from xlplan.ledger import chain, verify
from xlplan.ledger.database import connect, name_of, open_database, reading, schema_version, writing
from xlplan.ledger.migrate import upgrade
from xlplan.ledger.records import Checkup
from xlplan.ledger.schema import SCHEMA_VERSION, about, metadata, migrated

_TOGETHER, _TOGETHER_BYTES = 1000, 5  # rows that go over at once, without and with files in them


def backup(engine: Engine, to: Path) -> Checkup:
    """Write the ledger as it is at this moment to a new file, and give what checking that file found.

    Raises UsageError where a file stands already.
    """
    _reserve(to)
    try:
        with replacing(to) as draft:
            copied = open_database(_url(draft), create=True)
            try:
                with reading(engine) as source, writing(copied) as target:
                    _copy(source, target)
                with reading(copied) as target:
                    return verify.checkup(target)
            finally:
                copied.dispose()
    except BaseException:
        with suppress(OSError):
            to.unlink()
        raise


def _reserve(to: Path) -> None:
    """An empty file of that name, unless there is one."""
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.open("xb").close()
    except FileExistsError:
        raise UsageError(
            f"{to}: there is a file already, and a backup replaces none. Take another name."
        ) from None


def restore(engine: Engine, file: Path, *, now: datetime) -> Checkup:
    """Fill an empty ledger from a backup, whole or not at all, and give what checking it found.

    A backup in which something is not as it was recorded fills none. Raises UsageError where the ledger is not empty.
    """
    with opened_as_it_is(_url(file), now) as source_engine, reading(source_engine) as source:
        found = verify.checkup(source)
        if found.problems:
            return found
        with writing(engine) as target:
            if any(verify.counts(target).values()) or chain.head(target) != (0, chain.START):
                raise UsageError(f"{name_of(engine)}: this ledger is not empty, and a backup replaces none.")
            _copy(source, target)
            return verify.checkup(target)


@contextmanager
def opened_as_it_is(url: str, now: datetime) -> Iterator[Engine]:
    """A ledger to be asked, of which nothing changes; of a file with an older schema a copy that was upgraded."""
    engine = connect(url)
    try:
        version, file = schema_version(engine), engine.url.database or ""
        sqlite = engine.dialect.name == "sqlite"
    finally:
        engine.dispose()
    with TemporaryDirectory(prefix="xlplan-") as folder:
        if version < SCHEMA_VERSION and sqlite:
            url = _url(Path(shutil.copy(file, folder)))
            upgrade(url, now=now)
        engine = open_database(url, create=False)
        try:
            yield engine
        finally:
            engine.dispose()


def _url(file: Path) -> str:
    return f"sqlite:///{file.absolute().as_posix()}"


def _copy(source: Connection, target: Connection) -> None:
    """Every row of every table but those that say which schema it is."""
    for table in metadata.sorted_tables:
        if table not in (about, migrated):
            for rows in source.execute(select(table), execution_options=_streamed(table)).partitions():
                target.execute(insert(table), [row._asdict() for row in rows])


def _streamed(table: Table) -> dict[str, int]:
    heavy = any(isinstance(column.type, LargeBinary) for column in table.columns)
    return {"yield_per": _TOGETHER_BYTES if heavy else _TOGETHER}
