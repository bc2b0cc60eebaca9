"""A real PostgreSQL server for the tests that ask for one: on loopback, in a folder of its own, gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from itertools import count
from pathlib import Path

import pytest

try:
    import psycopg
except ImportError:  # without the extra "postgresql"; the fixture says so
    psycopg = None  # type: ignore[assignment]

USER, PASSWORD = "xlplan", "s3cret-word"
DEBIAN = Path("/usr/lib/postgresql")
SERVER_USER = "postgres"  # initdb and the server refuse to run as root
SECONDS = 60
# nothing has to survive a power cut
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Gives the URL of a new, empty database each time it is called."""
    programs = _programs()
    if programs is None or psycopg is None:
        pytest.skip("no PostgreSQL server is installed" if programs is None else "psycopg is not installed")
    numbers = count(1)
    with tempfile.TemporaryDirectory(prefix="xlplan-pg-") as folder, _running(programs, Path(folder)) as port:
        base = f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}"

        def fresh() -> str:
            name = f"ledger_{next(numbers)}"
            with psycopg.connect(f"{base}/postgres", autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
            return f"{base}/{name}"

        yield fresh


def _programs() -> Path | None:
    """Where the server's programs are."""
    found = shutil.which("postgres")
    places = [Path(found).parent] if found else sorted(DEBIAN.glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists()), None)


@contextmanager
def _running(programs: Path, folder: Path) -> Iterator[int]:
    """The port of a server whose data are in this folder; it ends with the block, or with us."""
    secret = folder / "password"
    secret.write_text(PASSWORD)
    if os.geteuid() == 0:
        for path in (folder, secret):
            shutil.chown(path, SERVER_USER, SERVER_USER)
    data = folder / "data"
    kind = ("--encoding=UTF8", "--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync")
    made = [programs / "initdb", "-D", data, "-U", USER, *kind]
    subprocess.run([*_as_server(), *made], check=True, capture_output=True, timeout=SECONDS, cwd=folder)
    port = _free_port()
    settings = SETTINGS | {
        "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": str(folder),
    }  # fmt: skip
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*_as_server(), programs / "postgres", "-D", data, *options], stdout=log, stderr=log, cwd=folder
        )
    try:
        _wait(server, port, folder / "log")
        yield port
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: what it holds is thrown away
        with suppress(subprocess.TimeoutExpired):
            server.wait(SECONDS)
        server.kill()
        server.wait()


def _as_server() -> list[str]:
    """Run as the server's own user where we are root; and told to end should our process be killed."""
    if shutil.which("setpriv") is None:
        return []
    import pwd  # which Windows lacks

    user = pwd.getpwnam(SERVER_USER) if os.geteuid() == 0 else None
    own = ["--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"] if user else []
    return ["setpriv", *own, "--pdeathsig", "QUIT", "--"]


def _free_port() -> int:
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Until the server takes connections."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end and server.poll() is None:
        with suppress(psycopg.OperationalError):
            psycopg.connect(f"postgresql://{USER}:{PASSWORD}@127.0.0.1:{port}/postgres").close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"The PostgreSQL server did not start: {log.read_text(errors='replace')}")
