"""Files to double-click, for people who do not live in a terminal: collect what comes in, make the summary."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath

from xlplan.campaign.files import read_bytes, write_safely
from xlplan.errors import XlplanError

FOLDER = "start"
PYTHON = f"{FOLDER}/python.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """What a starter does: its name, in a sentence, and as lines of a script of each kind."""

    name: str
    comment: str
    windows: str
    unix: str


_SHOWN = "reports/summary.html"
TASKS = (
    _Task(
        name="Collect returns",
        comment="Follow the folder of returns, and keep the status page current",
        windows="%XLPLAN% watch --open",
        unix='"$@" watch --open',
    ),
    _Task(
        name="Make the summary",
        comment="The district's summary as a page and as a workbook",
        windows="%XLPLAN% rollup --format html\nif errorlevel 1 goto ended\n"
        '%XLPLAN% rollup --format xlsx\nstart "" "' + _SHOWN.replace("/", "\\") + '"',
        unix='"$@" rollup --format html && "$@" rollup --format xlsx && {\n'
        f'    @OPEN@ {_SHOWN} 2> /dev/null || echo "The page is $(pwd)/{_SHOWN}"\n'
        "}",
    ),
)
_GET_PYTHON = {
    "macOS": "https://www.python.org/downloads/",
    "Linux": "with your system, as the packages python3 and pipx",
}
_INSTALL = {"macOS": "python3 -m pip install --user xlplan", "Linux": "pipx install xlplan"}
_OPEN = {"macOS": "open", "Linux": "xdg-open"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """One file, relative to the campaign. `runs`: it has to be executable."""

    file: PurePosixPath
    content: bytes
    runs: bool = False


def starters(python: str = sys.executable) -> tuple[Starter, ...]:
    """All files of the folder `start`. `python`: the one that is tried first, named in a file beside them.

    None holds anything about the campaign: they find it by where they are.
    """
    return tuple(_starters(python))


def _starters(python: str) -> Iterator[Starter]:
    folder = PurePosixPath(FOLDER)
    yield Starter(file=folder / "READ ME.txt", content=_crlf(_template("readme.txt")))
    if python:
        yield Starter(file=PurePosixPath(PYTHON), content=f"{python}\n".encode("utf-8", "surrogateescape"))
    for task in TASKS:
        windows = _filled("windows.cmd", TITLE=task.name, ACTION=task.windows)
        yield Starter(file=folder / "Windows" / f"{task.name}.cmd", content=_crlf(windows))
        for system, suffix in (("macOS", "command"), ("Linux", "sh")):
            script = _filled(
                "unix.sh", TITLE=task.name, FOLDER=system, PYTHON=_GET_PYTHON[system], ACTION=task.unix,
                OPEN=_OPEN[system], INSTALL=_INSTALL[system],
            )  # fmt: skip
            name = f"{task.name}.{suffix}"
            yield Starter(file=folder / system / name, content=script.encode("ascii"), runs=True)
        entry = _filled("linux.desktop", TITLE=task.name, NAME=task.name, COMMENT=task.comment)
        yield Starter(
            file=folder / "Linux" / f"{task.name}.desktop", content=entry.encode("ascii"), runs=True
        )


def write_starters(root: Path, python: str = sys.executable, *, dry_run: bool = False) -> list[PurePosixPath]:
    """Write those that are not there as they should be, and give their names. Raises XlplanError."""
    lacking = [one for one in starters(python) if not _is_there(root / one.file, one)]
    for one in () if dry_run else lacking:
        write_safely(root / one.file, one.content, mode=0o777 if one.runs else 0o666)
    return [one.file for one in lacking]


def _is_there(path: Path, starter: Starter) -> bool:
    try:
        runs = os.name == "nt" or not starter.runs or bool(path.stat().st_mode & 0o100)
        return runs and read_bytes(path) == starter.content
    except (XlplanError, OSError):
        return False


def _template(name: str) -> str:
    return files("xlplan.campaign").joinpath("start_files", name).read_text(encoding="ascii")


def _filled(template: str, **words: str) -> str:
    text = _template(template)
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    return text


def _crlf(text: str) -> bytes:
    """With the line ends that Windows wants: cmd misses labels in files without them."""
    return text.replace("\n", "\r\n").encode("ascii")
