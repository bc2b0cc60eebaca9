"""An SFTP server, as fsspec talks to it, but that no other is taken for it and none is waited for for ever."""

from __future__ import annotations

from typing import Any

from fsspec.implementations.sftp import SFTPFileSystem
from paramiko import MissingHostKeyPolicy, PKey, SSHClient

SECONDS = 30  # for which an answer is waited for


class Sftp(SFTPFileSystem):  # type: ignore[misc]  # neither library has types
    """The server, by host, port and user; keys are those of the agent and of ~/.ssh."""

    def _connect(self) -> None:
        self.client = SSHClient()
        self.client.load_system_host_keys()
        self.client.set_missing_host_key_policy(_NoStrangers())
        waits = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout", "channel_timeout"), SECONDS)
        self.client.connect(self.host, **waits, **self.ssh_kwargs)
        transport = self.client.get_transport()
        assert transport is not None
        transport.set_keepalive(SECONDS)  # a firewall drops what is silent
        self.ftp = self.client.open_sftp()
        self.ftp.get_channel().settimeout(SECONDS)

    def cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
        """The file's bytes up to `end`. All is asked for at once: else each 32 kB would wait for those before it."""
        assert not start
        with self.ftp.open(path) as file:
            size = file.stat().st_size or 0
            size = size if end is None else min(size, end)
            file.prefetch(size)
            return bytes(file.read(size))


class _NoStrangers(MissingHostKeyPolicy):  # type: ignore[misc]
    """fsspec would take any key of a server that it does not know."""

    def missing_host_key(self, client: SSHClient, hostname: str, key: PKey) -> None:  # noqa: ARG002 (paramiko's)
        """Refuse."""
        raise ConnectionError(
            f"the server's key is not known here; connect once with the program sftp, compare the key that it shows, "
            f"{key.fingerprint}, and let it be kept"
        )
