"""Files as they come in: found, named, read in runs that memory can hold, and checked by one process or several."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import NoReturn

from xlplan.campaign.files import MEGABYTE, MOST_BYTES, NoFile, TooBig, read_bytes
from xlplan.errors import UsageError, XlplanError
from xlplan.excel.read import without_password
from xlplan.findings import Finding, finding
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context, Result

MOST_AT_ONCE = 2 * MOST_BYTES  # of files held in memory
MANY = 200  # files from which a second process pays
SKIPPED = ("~$", ".~lock", ".")  # beginnings of names that programs and systems leave behind


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to read: folders searched recursively, by name. Raises UsageError for a missing path."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(item for item in _inside(path) if not item.name.startswith(SKIPPED))
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(f"There is no file or folder {path}.")
    return list(dict.fromkeys(found))


def _inside(folder: Path) -> Iterator[Path]:
    """Every file below the folder, those that may not be read too: somebody has to be told."""

    def stop(error: OSError) -> NoReturn:
        raise UsageError(f"{error.filename}: may not be looked into ({error.strerror}), so nothing was read.")

    for place, _, names in os.walk(folder, onerror=stop):
        for name in names:
            path = Path(place, name)
            if os.path.isfile(path) or not os.access(place, os.X_OK):  # noqa: PTH113 (says no where is_file fails)
                yield path


def label_of(path: Path, root: Path | None) -> str:
    """A file as findings name it: relative to the campaign where inside, with /."""
    if root is not None:
        try:
            return path.resolve().relative_to(root.resolve()).as_posix()
        except ValueError:
            pass
    return path.as_posix()


def chunks(paths: Sequence[Path], most: int) -> Iterator[list[Path]]:
    """The paths in runs of so many at most, and that memory can hold at once."""
    chunk: list[Path] = []
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


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def content_of(path: Path, passwords: Sequence[str]) -> bytes | Finding:
    """The file's bytes, without the password that it needs for opening, if that is at hand; or why there are none.

    So what is recorded can be read again by everybody who may read the ledger.
    """
    try:
        content = read_bytes(path)
    except XlplanError as error:
        return unread(error)
    return without_password(content, passwords) if passwords else content


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


def job(context: Context, job: tuple[bytes, str]) -> Result:
    """A file's result without form and model, which recording does without and no pickle can hold."""
    result = check_file(job[0], job[1], context)
    validated = replace(result.validated, model=None) if result.validated else None
    return replace(result, form=None, validated=validated)


@contextmanager
def mapper(count: int) -> Iterator[Callable[..., Iterable[Result]]]:
    """`map` for a few files; a pool of processes for many."""
    if count < MANY:
        yield map
        return
    pool: Executor
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        yield partial(pool.map, chunksize=5)


def _end_with_parent() -> None:
    """A process of the pool whose parent was killed would wait for work for ever."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()
