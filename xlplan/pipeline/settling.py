"""Which files of a folder are written completely: unchanged for a while, to be opened, and with their end in place."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from xlplan.excel.whole import is_whole
from xlplan.pipeline.incoming import SKIPPED

SETTLED = 3.0  # seconds for which a file has not changed before it is taken for complete
PATIENCE = 600.0  # seconds after which a file without its end is taken as it is
# what browsers and programs that synchronise folders call a file that is not all there yet
PARTIAL = (".crdownload", ".part", ".partial", ".download", ".opdownload", ".tmp", ".temp", ".!ut", ".!sync")

INCOMPLETE, LOCKED = "incomplete", "locked"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that a file is another one, or was written to. `number`: the system's for this file, if it has one."""

    size: int
    changed: int
    number: int = 0

    def written_since(self, before: Stamp) -> bool:
        """Whether it grew or was written to; the number alone is no sign of that, some systems invent it anew."""
        return (self.size, self.changed) != (before.size, before.changed)


def stamp_of(path: Path) -> Stamp:
    """The stamp of a file. Raises OSError."""
    return _stamp(path.stat())


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ino)


def is_passing(name: str) -> bool:
    """Whether a file of this name is a program's own: a lock, a hidden file, a part of a download."""
    return name.startswith(SKIPPED) or name.lower().endswith(PARTIAL)


def stamps_in(folder: Path) -> tuple[dict[Path, Stamp], list[str]]:
    """The files below a folder that may be returns, by name; and what could not be looked into, a sentence each."""
    found: dict[Path, Stamp] = {}
    problems: list[str] = []

    def told(error: OSError) -> None:
        problems.append(f"{error.filename}: may not be looked into ({error.strerror}).")

    for place, folders, names in os.walk(folder, onerror=told):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if is_passing(name):
                continue
            try:
                status = path.stat()
            except FileNotFoundError:  # taken away since, or a link to nothing
                continue
            except OSError as error:
                if error.errno == errno.ELOOP:
                    continue
                problems.append(f"{path}: may not be looked at ({error.strerror}).")
                continue
            if stat.S_ISREG(status.st_mode):
                found[path] = _stamp(status)
    return found, problems


@dataclass(slots=True)
class _Arriving:
    """A file that is not taken yet. `since`: the moment from which it has not changed."""

    stamp: Stamp
    since: float


class Settling:
    """What is known of the files of a folder from look to look.

    Moments are seconds of a clock that never jumps; the days that files bear are compared for being the same, and
    with nothing else.
    """

    def __init__(self, *, settled: float = SETTLED, patience: float = PATIENCE) -> None:
        self.settled, self.patience = settled, patience
        self._taken: dict[Path, Stamp] = {}
        self._arriving: dict[Path, _Arriving] = {}
        self.waiting: dict[Path, str] = {}  # what has settled and is not taken yet → why

    def look(self, found: Mapping[Path, Stamp], at: float) -> list[Path]:
        """The files that are complete and not taken yet. `found`: all that are there."""
        for path in (self._taken.keys() | self._arriving.keys()) - found.keys():
            self._taken.pop(path, None)
            self._arriving.pop(path, None)
            self.waiting.pop(path, None)
        ready = []
        for path, stamp in found.items():
            if self._taken.get(path) == stamp:
                continue
            came = self._arriving.get(path)
            if came is None or stamp.written_since(came.stamp):
                self._arriving[path] = _Arriving(stamp, at)
                self.waiting.pop(path, None)
                continue
            came.stamp = stamp
            if at - came.since >= self.settled and self._is_ready(path, at - came.since):
                ready.append(path)
        return ready

    def _is_ready(self, path: Path, unchanged: float) -> bool:
        why = why_not(path)
        if why == INCOMPLETE and unchanged >= self.patience:
            why = ""
        if why:
            self.waiting[path] = why
        else:
            self.waiting.pop(path, None)
        return not why

    @property
    def arriving(self) -> int:
        """How many files are there and not taken yet."""
        return len(self._arriving)

    def stamp(self, path: Path) -> Stamp | None:
        """What a file looked like that is not taken yet."""
        came = self._arriving.get(path)
        return came.stamp if came else None

    def out_of_patience(self, path: Path, at: float) -> bool:
        """Whether a file is taken as it is, complete or not."""
        came = self._arriving.get(path)
        return came is not None and at - came.since >= self.patience

    def take(self, path: Path) -> None:
        """A file is dealt with, as it was at the last look."""
        came = self._arriving.pop(path, None)
        if came is not None:
            self._taken[path] = came.stamp
        self.waiting.pop(path, None)

    def again(self, paths: Iterable[Path]) -> None:
        """These files are to be taken once more."""
        for path in paths:
            self._taken.pop(path, None)


def why_not(path: Path) -> str:
    """Why a file is not to be taken yet: "incomplete", "locked", or nothing."""
    try:
        with path.open("rb") as file:
            return "" if is_whole(file) else INCOMPLETE
    except OSError:  # on Windows: whoever writes it lets nobody else in
        return LOCKED
