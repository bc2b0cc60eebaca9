"""Real servers for files elsewhere, for the tests that ask for them: an object store and sshd, both on loopback."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

SECONDS = 60
SSHD = Path("/usr/sbin/sshd")  # which is on no user's path
BUCKET = "state"
# what the object store takes as credentials, and where it is, as any program of AWS finds them
ACCESS = {
    "AWS_ACCESS_KEY_ID": "xlplan",
    "AWS_SECRET_ACCESS_KEY": "s3cret-word",
    "AWS_DEFAULT_REGION": "us-east-1",
}


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running store that holds one bucket, `BUCKET`, without objects."""
    if find_spec("moto") is None or find_spec("s3fs") is None:
        pytest.skip("the extra “cloud”, or moto, is not installed")
    port = free_port()
    log = tmp_path_factory.mktemp("store") / "log"
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with running(command, port, log):
        address = f"http://127.0.0.1:{port}"
        with at_store(address):
            import s3fs

            s3fs.S3FileSystem(skip_instance_cache=True).mkdir(BUCKET)
        yield address


@contextmanager
def at_store(address: str) -> Iterator[None]:
    """The environment in which programs find the store."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (ACCESS | {"AWS_ENDPOINT_URL": address}).items():
            patch.setenv(name, value)
        forget("s3")
        yield
    forget("s3")


def forget(protocol: str) -> None:
    """What fsspec keeps of connections, which hold another environment's answers."""
    if protocol == "s3":
        from s3fs import S3FileSystem as System
    else:
        from xlplan.campaign.sftp import Sftp as System
    System.clear_instance_cache()


@pytest.fixture
def bucket(object_store: str) -> Iterator[Bucket]:
    """The store's bucket, empty, and the environment in which programs find it."""
    import s3fs

    with at_store(object_store):
        empty = Bucket(s3fs.S3FileSystem(skip_instance_cache=True))
        for path in empty.system.find(BUCKET):
            empty.take_away(path.removeprefix(f"{BUCKET}/"))
        yield empty


@dataclass(frozen=True)
class Bucket:
    """The bucket as tests fill it."""

    system: Any
    url: str = f"s3://{BUCKET}"

    def put(self, key: str, content: bytes) -> None:
        self.system.call_s3("put_object", Bucket=BUCKET, Key=key, Body=content)

    def take_away(self, key: str) -> None:
        self.system.call_s3("delete_object", Bucket=BUCKET, Key=key)


@pytest.fixture(scope="session")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a running sshd, which lets our own user in by a key; see `known_to`."""
    if not SSHD.exists() or find_spec("paramiko") is None:
        pytest.skip("no sshd is installed" if not SSHD.exists() else "the extra “cloud” is not installed")
    folder = tmp_path_factory.mktemp("sshd")
    for name in ("host", "id_ed25519"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    (folder / "id_ed25519.pub").rename(folder / "allowed")
    port = free_port()
    settings = {
        "Port": port, "ListenAddress": "127.0.0.1", "HostKey": folder / "host", "PidFile": folder / "pid",
        "AuthorizedKeysFile": folder / "allowed", "StrictModes": "no", "UsePAM": "no",
        "PermitRootLogin": "prohibit-password", "PasswordAuthentication": "no", "Subsystem": "sftp internal-sftp",
    }  # fmt: skip
    (folder / "settings").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where it locks itself in
    with running([SSHD, "-D", "-e", "-f", folder / "settings"], port, folder / "log"):
        yield port
    shutil.rmtree(folder)


@pytest.fixture
def server(sshd: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: Any) -> Server:
    """The server with a folder of its own, by an account whose ~/.ssh has the key, and knows the server's."""
    keys = next(tmp_path_factory.getbasetemp().glob("sshd*"))
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    shutil.copy(keys / "id_ed25519", home / ".ssh")
    known = f"[127.0.0.1]:{sshd} {(keys / 'host.pub').read_text()}"
    (home / ".ssh" / "known_hosts").write_text(known)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    forget("sftp")
    (tmp_path / "shared").mkdir()
    return Server(port=sshd, folder=tmp_path / "shared", home=home)


@dataclass(frozen=True)
class Server:
    """A folder on the server, and where it is here."""

    port: int
    folder: Path
    home: Path

    @property
    def url(self) -> str:
        return f"sftp://{getpass.getuser()}@127.0.0.1:{self.port}{self.folder}"


def free_port() -> int:
    """A port on which nobody listens."""
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@contextmanager
def running(command: Sequence[Any], port: int, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The program while it takes connections at this port; it ends with the block, or with us."""
    mine = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
    with log.open("ab") as said, ExitStack() as stack:
        program = subprocess.Popen([*mine, *map(str, command)], stdout=said, stderr=said)
        stack.callback(program.wait)
        stack.callback(program.kill)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and program.poll() is None:
            with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
                break
            time.sleep(0.05)
        else:
            raise RuntimeError(f"{command[0]} did not start: {log.read_text(errors='replace')}")
        yield program
