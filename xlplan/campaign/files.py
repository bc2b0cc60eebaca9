"""Files that are either the old one or the whole new one, never half of it."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from xlplan.errors import XlplanError

MEGABYTE = 1_000_000
MOST_BYTES = 64 * MEGABYTE  # of a file that is read at all; a plan has a thousandth of it
STALE_SECONDS = 3600  # after which a draft belongs to a program that was ended, not to one at work
_DRAFT = re.compile(r"\.[0-9a-f]{12}\.tmp")


class TooBig(XlplanError):
    """A file of more than `MOST_BYTES`, of which nothing was kept."""


class NoFile(XlplanError):
    """What stands there has no bytes to be had: a pipe, a device, a folder."""


def write_safely(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Put the bytes at `path` in one step, making its folders; what stood there before is replaced.

    `mode` is the permission of a new file before the umask; Windows only knows its write bit.
    Raises XlplanError with the path and the system's reason.
    """
    with _draft_of(path) as draft:
        try:
            _write_new(draft, data, mode)
        except FileNotFoundError:  # most often its folder is there
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_new(draft, data, mode)


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, which takes its place when the block ends well; else nothing is left.

    Makes the folders. Raises XlplanError with the path and the system's reason.
    """
    with _draft_of(path) as draft:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield draft


@contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    draft = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        yield draft
        os.replace(draft, path)  # noqa: PTH105 - says "replace", which Path.rename does not promise
    except BaseException as error:
        with suppress(OSError):  # its folder could not be made
            draft.unlink()
        if isinstance(error, OSError):
            raise _failed(path, "written", error) from error
        raise


def sweep(folder: Path) -> None:
    """Remove the drafts that programs ended in the middle have left anywhere below this folder."""
    oldest = time.time() - STALE_SECONDS
    for draft in folder.rglob(".*.tmp"):
        with suppress(OSError):  # another program may sweep too, and one that may not be removed harms nobody
            if _DRAFT.fullmatch(draft.name) and draft.stat().st_mtime < oldest:
                draft.unlink()


def read_bytes(path: Path) -> bytes:
    """The file's bytes; raises XlplanError with the path and the reason, TooBig for a giant, NoFile for no file."""
    try:
        # a pipe that nobody writes to would be waited for, for ever
        if not stat.S_ISREG(path.stat().st_mode):
            raise NoFile(f"{path}: is a pipe, a device or a folder, not a file, so it was not read.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _failed(path, "read", error) from error
    if len(data) > MOST_BYTES:
        raise TooBig(f"{path}: has more than {MOST_BYTES // MEGABYTE} MB, so it was not read.")
    return data


def _write_new(path: Path, data: bytes, mode: int) -> None:
    # O_BINARY exists on Windows alone, which would otherwise turn line feeds into pairs
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags, mode), "wb") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(data)


_ROOM = "Make room on the disk, and run the command again."
_ADVICE = {
    # Excel locks the workbook it shows; on Windows this is by far the commonest cause
    errno.EACCES: "Is it open in another program? If not, ask for the right to use it.",
    errno.EPERM: "Is it open in another program? If not, ask for the right to use it.",
    errno.EROFS: "That disk may only be read: take another folder.",
    **dict.fromkeys((errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)), _ROOM),
}


def _failed(path: Path, what: str, error: OSError) -> XlplanError:
    """What could not be done, what the system says, and what to do about it."""
    advice = _ADVICE.get(error.errno or 0, "")
    return XlplanError(f"{path}: could not be {what} ({error.strerror or error}). {advice}".strip())
