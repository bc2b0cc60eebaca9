"""Files that are either the old one or the whole new one, never half of it."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from xlplan.errors import XlplanError


def write_safely(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Put the bytes at `path` in one step, making its folders; what stood there before is replaced.

    `mode` is the permission of a new file before the umask; Windows only knows its write bit.
    Raises XlplanError with the path and the system's reason.
    """
    draft = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_new(draft, data, mode)
        os.replace(draft, path)  # noqa: PTH105 - says "replace", which Path.rename does not promise
    except OSError as error:
        raise XlplanError(f"{path}: could not be written ({_reason(error)}).") from error
    finally:
        with suppress(OSError):  # gone already, as it should be, or its folder could not be made
            draft.unlink()


def read_bytes(path: Path) -> bytes:
    """The file's bytes; raises XlplanError with the path and the system's reason."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise XlplanError(f"{path}: could not be read ({_reason(error)}).") from error


def _write_new(path: Path, data: bytes, mode: int) -> None:
    # O_BINARY exists on Windows alone, which would otherwise turn line feeds into pairs
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, mode), "wb") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(data)


def _reason(error: OSError) -> str:
    reason = error.strerror or str(error)
    # Excel locks the workbook it shows; on Windows this is by far the commonest cause
    return f"{reason}; is it open in another program?" if isinstance(error, PermissionError) else reason
