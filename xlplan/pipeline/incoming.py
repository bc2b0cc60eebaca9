"""Files as they come in: found, named, and read in runs that memory can hold."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NoReturn, overload

from xlplan.campaign.files import MEGABYTE, MOST_BYTES, NoFile, TooBig, read_bytes
from xlplan.campaign.places import Place, Unreachable, is_url, path_of, places_in, read_many
from xlplan.errors import UsageError, XlplanError
from xlplan.excel.read import without_password
from xlplan.findings import Finding, finding

MOST_AT_ONCE = 2 * MOST_BYTES  # of files held in memory
SKIPPED = ("~$", ".~lock", ".")  # beginnings of names that programs and systems leave behind


File = Path | Place


class Files(Sequence[File]):
    """Files in order, each once. A path is made whenever it is asked for, since it takes more room than its text."""

    def __init__(self, named: Iterable[str | Place]) -> None:
        once = {item if isinstance(item, Place) else os.path.normcase(item): item for item in named}
        self._named = list(once.values())

    def __len__(self) -> int:
        return len(self._named)

    @overload
    def __getitem__(self, at: int) -> File: ...
    @overload
    def __getitem__(self, at: slice) -> list[File]: ...
    def __getitem__(self, at: int | slice) -> File | list[File]:
        if isinstance(at, slice):
            return [_file(item) for item in self._named[at]]
        return _file(self._named[at])


def _file(named: str | Place) -> File:
    return Path(named) if isinstance(named, str) else named


def files_in(named: Iterable[str | Path]) -> Files:
    """The files to read: folders and URLs searched recursively, by name. Raises UsageError for what is not there."""
    found: list[str | Place] = []
    for item in named:
        if isinstance(item, str) and is_url(item):
            found += places_in(item, SKIPPED)
            continue
        path = path_of(item) if isinstance(item, str) else item
        if path.is_dir():
            found += map(str, sorted(item for item in _inside(path) if not item.name.startswith(SKIPPED)))
        elif path.exists():
            found.append(str(path))
        else:
            raise UsageError(f"There is no file or folder {path}.")
    return Files(found)


def _inside(folder: Path) -> Iterator[Path]:
    """Every file below the folder, those that may not be read too: somebody has to be told."""

    def stop(error: OSError) -> NoReturn:
        raise UsageError(f"{error.filename}: may not be looked into ({error.strerror}), so nothing was read.")

    for place, _, names in os.walk(folder, onerror=stop):
        for name in names:
            path = Path(place, name)
            if os.path.isfile(path) or not os.access(place, os.X_OK):  # noqa: PTH113 (says no where is_file fails)
                yield path


def label_of(path: File, root: Path | None) -> str:
    """A file as findings name it: relative to the campaign where inside, with /; what is elsewhere by its URL."""
    return next(labels_of([path], root))


def labels_of(files: Iterable[File], root: Path | None) -> Iterator[str]:
    """The same of many, which mostly stand in few folders."""
    base = root.resolve() if root is not None else None
    folders: dict[Path, Path] = {}
    for file in files:
        if isinstance(file, Place):
            yield file.label
            continue
        if base is not None:
            folder = file.parent
            if folder not in folders:
                folders[folder] = folder.resolve()
            real = file.resolve() if file.is_symlink() else folders[folder] / file.name
            if real.is_relative_to(base):
                yield real.relative_to(base).as_posix()
                continue
        yield file.as_posix()


def chunks(paths: Sequence[File], most: int) -> Iterator[list[File]]:
    """The paths in runs of so many at most, and that memory can hold at once."""
    chunk: list[File] = []
    size = 0
    for path in paths:
        bytes_ = _size(path)
        if chunk and (len(chunk) == most or size + bytes_ > MOST_AT_ONCE):
            yield chunk
            chunk, size = [], 0
        chunk.append(path)
        size += bytes_
    if chunk:
        yield chunk


def _size(path: File) -> int:
    if isinstance(path, Place):
        return path.size
    try:
        return path.stat().st_size
    except OSError:
        return 0


def contents_of(files: Sequence[File], passwords: Sequence[str]) -> Iterator[bytes | Finding]:
    """Each file's bytes, without the password that it needs for opening, if that is at hand; or why there are none.

    So what is recorded can be read again by everybody who may read the ledger. What is elsewhere is asked for together.
    Raises XlplanError where what holds it does not answer any more.
    """
    elsewhere = read_many(file for file in files if isinstance(file, Place))
    for file in files:
        content = next(elsewhere) if isinstance(file, Place) else _read(file)
        if isinstance(content, Unreachable):
            raise content
        if isinstance(content, XlplanError):
            yield unread(content)
        else:
            yield without_password(content, passwords) if passwords else content


def content_of(file: File, passwords: Sequence[str]) -> bytes | Finding:
    """The same of one file."""
    return next(contents_of([file], passwords))


def _read(path: Path) -> bytes | XlplanError:
    try:
        return read_bytes(path)
    except XlplanError as error:
        return error


def unread(error: XlplanError) -> Finding:
    """The refusal of a file whose bytes are not to be had: a giant, no file at all, or one that may not be read."""
    if isinstance(error, TooBig):
        return finding("too-big", detail=f": more than {MOST_BYTES // MEGABYTE} MB")
    if isinstance(error, NoFile):
        return finding(
            "not-a-workbook", detail=": it is a pipe, a device or a folder", todo="Name the workbook itself."
        )
    reason = getattr(error.__cause__, "strerror", None) or str(error).removesuffix(".")
    return finding("damaged", detail=f": it could not be read ({reason})")
