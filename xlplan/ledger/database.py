"""Opening the ledger's database, and reading and writing it under one lock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError, IntegrityError, NoSuchModuleError, ProgrammingError

from xlplan.errors import SetupError, UsageError, XlplanError
from xlplan.ledger.schema import SCHEMA_VERSION, about, blobs, cells, findings, metadata, migrated, returns

BUSY_SECONDS = 300  # for which a program waits until another one has written
CONNECT_SECONDS = 15  # for which it waits for a server to answer
_SQLITE = "sqlite:///"
IN_MEMORY = _SQLITE + ":memory:"
_VERSION = select(about.c.value).where(about.c.key == "schema_version")
_LOCK = 0x786C706C616E  # "xlplan": PostgreSQL numbers its locks


class NoLedger(UsageError):
    """There is no ledger where one was to be asked."""


def open_database(url: str, *, create: bool, patience: float | None = None) -> Engine:
    """An engine on a ledger of our schema version; an absent one is made if `create`, else NoLedger is raised.

    `patience`: for how many seconds a SQLite file that another program writes to is waited for.
    """
    engine = connect(url, create=create, patience=patience)
    try:
        _prepare(engine, create=create)
    except BaseException:
        engine.dispose()
        raise
    return engine


def connect(url: str, *, create: bool = False, patience: float | None = None) -> Engine:
    """An engine on a database, whatever its schema; raises NoLedger for a file that is not there."""
    address = _address(url)
    if address.get_backend_name() == "sqlite" and not create and not Path(address.database or "").is_file():
        raise _none(str(address.database))
    return _engine(address, patience)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for questions, which all see one state; a failing database is an XlplanError."""
    with in_words(engine), engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction that no other writer can enter; all of it is kept, or nothing."""
    with in_words(engine), engine.begin() as connection:
        lock(connection)
        yield connection


def lock(connection: Connection) -> None:
    """Wait until no other program writes, and let none until the transaction ends."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def squeeze(engine: Engine) -> None:
    """Leave no trace in the database's files of what was erased, and make them smaller."""
    with in_words(engine), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")  # somebody may have turned that on
        else:
            tables = ", ".join(table.name for table in (blobs, returns, findings, cells))
            connection.exec_driver_sql(f"VACUUM FULL {tables}")


def _address(url: str) -> URL:
    # a path may hold "?" or "#", which a URL would not give back
    if url.startswith(_SQLITE):
        return URL.create("sqlite", database=url.removeprefix(_SQLITE))
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise SetupError(
            'The ledger\'s address is not a database URL such as "postgresql://host/name".'
        ) from None
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


def _engine(address: URL, seconds: float | None) -> Engine:
    sqlite = address.get_backend_name() == "sqlite"
    try:
        patience = (
            {"timeout": BUSY_SECONDS if seconds is None else seconds}
            if sqlite
            else {"connect_timeout": CONNECT_SECONDS}
        )
        engine = create_engine(address, connect_args=patience)
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
    connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, and not only let go of


def _prepare(engine: Engine, *, create: bool) -> None:
    """Make the tables if they are wanted and not there; refuse a schema that is not ours."""
    with in_words(engine):
        absent = not inspect(engine).has_table("about")
    if absent and create:
        _create(engine)
    version = schema_version(engine)
    if version > SCHEMA_VERSION:
        raise XlplanError(
            f"{name_of(engine)}: this ledger was written by a newer xlplan (its schema is {version}, "
            f"this program knows {SCHEMA_VERSION}). Update xlplan and try again."
        )
    if version < SCHEMA_VERSION:
        raise SetupError(
            f"{name_of(engine)}: this ledger was written by an older xlplan (its schema is {version}, "
            f"this program's is {SCHEMA_VERSION}). Run `xlplan ledger upgrade`, which keeps all that is recorded."
        )


def _none(where: str) -> NoLedger:
    return NoLedger(f"{where}: there is no ledger here yet; nothing was issued or collected.")


def name_of(engine: Engine) -> str:
    """The database as messages name it: its file, or where it is, without what opens it."""
    url = engine.url
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    port = f":{url.port}" if url.port else ""
    return f"{url.get_backend_name()}://{url.host or ''}{port}/{url.database or ''}"


def schema_version(engine: Engine) -> int:
    """The version of the ledger's schema; raises NoLedger where there is none."""
    with reading(engine) as connection:
        if not inspect(connection).has_table("about"):
            raise _none(name_of(engine))
        said = connection.scalar(_VERSION)
    if said is None or not said.isdecimal():
        raise SetupError(f"{name_of(engine)}: the ledger does not say which schema it has. {_RESTORE}")
    return int(said)


def _create(engine: Engine) -> None:
    """The tables, with what says which schema they are: all at once, since two programs may come first."""
    with writing(engine) as connection:
        if inspect(connection).has_table("about"):
            return
        metadata.create_all(connection)
        connection.execute(insert(about).values(key="schema_version", value=str(SCHEMA_VERSION)))
        connection.execute(insert(migrated).values(version_num=str(SCHEMA_VERSION)))


@contextmanager
def in_words(engine: Engine) -> Iterator[None]:
    """A database that fails is the world's fault; a statement it cannot take is ours, and stays a bug."""
    try:
        yield
    except DatabaseError as error:
        said = str(error.orig)
        # PostgreSQL counts a right that is lacking among the faults of statements
        if isinstance(error, (IntegrityError, ProgrammingError)) and "permission denied" not in said:
            raise
        raise _fault(engine, said) from error


_RESTORE = "Put it back from a backup."
_BUSY = "Another program is using it. Wait until that is done, and run the command again."
_MOST_SAID = 160  # characters of what a database says, which may quote what it holds
# what SQLite says → whether the ledger itself is at fault, and what to do
_ADVICE = {
    "locked": (False, _BUSY),
    "lock timeout": (False, _BUSY),
    "readonly": (False, "It may only be read, not written. Ask for the right to write there."),
    "disk is full": (
        False,
        "Make room on the disk, and run the command again; nothing that was recorded is lost.",
    ),
    "disk I/O": (False, "Is there room on the disk, and may you write there? Then run the command again."),
    "unable to open": (False, "Is its folder there, and may you read and write in it?"),
    "password": (False, "PostgreSQL takes the password from ~/.pgpass or the variable PGPASSWORD."),
    "does not exist": (
        False,
        "Ask whoever runs the server for the name of the database and for your account.",
    ),
    "connection failed": (False, "Is the server running, and may you reach it from here?"),
    "permission denied": (False, "Ask whoever runs the server for the right to use this database."),
    "not a database": (True, _RESTORE),
    "malformed": (True, _RESTORE),
    "Could not decode": (True, _RESTORE),
}


def _fault(engine: Engine, said: str) -> XlplanError:
    """What a failing database says, and what to do."""
    ours, advice = next((told for part, told in _ADVICE.items() if part in said), (False, ""))
    first = next(
        iter(said.strip().splitlines()), ""
    )  # PostgreSQL quotes what it holds on the lines after that
    words = " ".join(first.split())[:_MOST_SAID]
    text = f"{name_of(engine)}: the ledger could not be used ({words}). {advice}".strip()
    return SetupError(text) if ours else XlplanError(text)
