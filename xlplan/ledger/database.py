"""Opening the ledger's database, and reading and writing it under one lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, NoSuchModuleError, ProgrammingError

from xlplan.errors import SetupError, UsageError, XlplanError
from xlplan.ledger.schema import SCHEMA_VERSION, about, metadata

BUSY_SECONDS = 300  # for which a program waits until another one has written
_SQLITE = "sqlite:///"
IN_MEMORY = _SQLITE + ":memory:"
_VERSION = select(about.c.value).where(about.c.key == "schema_version")


class NoLedger(UsageError):
    """There is no ledger where one was to be asked."""


def open_database(url: str, *, create: bool) -> Engine:
    """An engine on a ledger of our schema version; an absent one is made if `create`, else NoLedger is raised."""
    address = _address(url)
    if address.get_backend_name() == "sqlite" and not create and not Path(address.database or "").is_file():
        raise NoLedger(f"{address.database}: there is no ledger here yet; nothing was issued or collected.")
    engine = _engine(address)
    try:
        _prepare(engine, create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for questions; a failing database is an XlplanError."""
    with _in_words(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction that no other writer can enter; all of it is kept, or nothing."""
    with _in_words(engine), engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(_VERSION.with_for_update())
        yield connection


def _address(url: str) -> URL:
    # a path may hold "?" or "#", which a URL would not give back
    if url.startswith(_SQLITE):
        return URL.create("sqlite", database=url.removeprefix(_SQLITE))
    try:
        address = make_url(url)
    except ArgumentError:
        raise SetupError(
            'The ledger\'s address is not a database URL such as "postgresql://host/name".'
        ) from None
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


def _engine(address: URL) -> Engine:
    sqlite = address.get_backend_name() == "sqlite"
    try:
        engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS} if sqlite else {})
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        advice = "Install it, for PostgreSQL with: pip install 'xlplan[postgresql]'."
        raise SetupError(f"There is no driver for the ledger's database ({error}). {advice}") from error
    if sqlite:
        event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: object) -> None:
    # Python's sqlite3 would begin transactions late and by its own rules; `writing` begins them itself
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")


def _prepare(engine: Engine, *, create: bool) -> None:
    """Make the tables if they are wanted and not there; refuse a schema that is not ours."""
    with _in_words(engine):
        if not inspect(engine).has_table("about"):
            if not create:
                raise NoLedger(
                    f"{engine.url!r}: there is no ledger here yet; nothing was issued or collected."
                )
            _create(engine)
    with reading(engine) as connection:
        version = connection.scalar(_VERSION)
    if version is None:
        _stamp(engine)
    elif int(version) > SCHEMA_VERSION:
        raise XlplanError(
            f"{engine.url!r}: this ledger was written by a newer xlplan (its schema is {version}, "
            f"this program knows {SCHEMA_VERSION}). Update xlplan and try again."
        )


def _create(engine: Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # two processes may come first at the same time
        metadata.create_all(connection)


def _stamp(engine: Engine) -> None:
    with writing(engine) as connection:
        if connection.scalar(_VERSION) is None:
            connection.execute(insert(about).values(key="schema_version", value=str(SCHEMA_VERSION)))


@contextmanager
def _in_words(engine: Engine) -> Iterator[None]:
    """A database that fails is the world's fault; a statement it cannot take is ours, and stays a bug."""
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except DatabaseError as error:
        raise _fault(engine, str(error.orig)) from error


_MOST_SAID = 100  # characters of what a database says, which may quote what it holds
# what SQLite says → whether the ledger itself is at fault, and what to do
_ADVICE = {
    "locked": (False, "Another program is using it. Wait until that is done, and run the command again."),
    "readonly": (False, "It may only be read, not written. Ask for the right to write there."),
    "disk is full": (
        False,
        "Make room on the disk, and run the command again; nothing that was recorded is lost.",
    ),
    "disk I/O": (False, "Is there room on the disk, and may you write there? Then run the command again."),
    "unable to open": (False, "Is its folder there, and may you read and write in it?"),
    "not a database": (True, "Put it back from a backup."),
    "malformed": (True, "Put it back from a backup."),
    "Could not decode": (True, "Put it back from a backup."),
}


def _fault(engine: Engine, said: str) -> XlplanError:
    """What a failing database says, and what to do."""
    url = engine.url
    where = url.database if url.get_backend_name() == "sqlite" else repr(url)
    ours, advice = next((told for part, told in _ADVICE.items() if part in said), (False, ""))
    text = f"{where}: the ledger could not be used ({' '.join(said.split())[:_MOST_SAID]}). {advice}".strip()
    return SetupError(text) if ours else XlplanError(text)
