"""The outbox: a folder a day and purpose, in which nothing is ever overwritten."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

from xlplan.errors import XlplanError

OUTBOX = "outbox"
_DRAFTS = ".making-"
_MOST = 1_000  # folders of one day and purpose


@contextmanager
def making(root: Path) -> Iterator[Path]:
    """A new folder to make files in, within the outbox so that they can be moved; it is gone afterwards.

    Raises XlplanError with the path and the system's reason.
    """
    outbox = root / OUTBOX
    folder: Path | None = None
    try:
        outbox.mkdir(exist_ok=True)
        folder = Path(mkdtemp(prefix=_DRAFTS, dir=outbox))
        yield folder
    except OSError as error:
        named = error.filename or outbox
        raise XlplanError(f"{named}: could not be written ({error.strerror or error}).") from error
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):  # nothing was made
            outbox.rmdir()


def delivered(made: Path, day: date, purpose: str) -> Path:
    """Move what was made into the folder of that day and purpose, and give the folder.

    What stands there already and says the same stays. If a file would have to be overwritten, all goes into another
    folder: 2026-12-01-remind-2.
    """
    outbox = made.parent
    files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
    for number in range(1, _MOST):
        folder = outbox / folder_name(day, purpose, number)
        if not any(_differs(made / name, folder / name) for name in files):
            break
    else:
        raise XlplanError(f"{folder}: there are too many folders of that day. Move some of them away.")
    for name in files:
        target = folder / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(made / name, target)  # noqa: PTH105 - as in campaign.files
    return folder


def folder_name(day: date, purpose: str, number: int = 1) -> str:
    """The folder's name within the outbox."""
    return f"{day.isoformat()}-{purpose}" + (f"-{number}" if number > 1 else "")


def _differs(new: Path, old: Path) -> bool:
    if not old.exists():
        return False
    return not old.is_file() or not filecmp.cmp(new, old, shallow=False)
