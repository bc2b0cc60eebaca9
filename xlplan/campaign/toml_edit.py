"""Settings put into a `campaign.toml` that people have edited: their lines and remarks stay as they are."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from xlplan.campaign.files import read_bytes, write_safely
from xlplan.campaign.toml_write import toml_key
from xlplan.errors import SetupError
from xlplan.form.text import clean_text

_EXTENSION = "[extension]"
_HEADING = re.compile(r"\s*\[")
_VALUE = r"(?:\d{4}-\d\d-\d\d|\d+|true|false|\[[^\]]*\]|\"[^\"\\]*\")"  # what we write, and days as texts


def keep_slots(path: Path, keys: Iterable[str], slots: Mapping[str, int]) -> None:
    """Write these capacities into `[slots]`, or into `[slots.SCHOOL]` of each school.

    Raises SetupError, writing nothing, where the file is written in a way that lines cannot be put into.
    """
    text = read_bytes(path).decode("utf-8-sig")
    wanted: dict[str, Any] = tomllib.loads(text)
    lines = text.split("\n")
    for section in [["slots", key] for key in keys] or [["slots"]]:
        table = wanted
        for name in section:
            table = table.setdefault(name, {})
        table.update(slots)
        heading = f"[{'.'.join(map(toml_key, section))}]"
        for name, count in slots.items():
            _put(lines, heading, f"{toml_key(name)} = {count}")
    made = "\n".join(lines)
    if not _says(made, wanted):
        said = ", ".join(f"{toml_key(name)} = {count}" for name, count in slots.items())
        raise SetupError(f"{path}: [slots] is not written line by line. Add there yourself: {said}")
    write_safely(path, made.encode("utf-8"))


def keep_split(path: Path, split: bool | Sequence[str]) -> None:
    """Write which schools get a workbook per section into `[campaign]`: all, none, or these.

    Raises SetupError, writing nothing, where the file is written in a way that a line cannot be put into.
    """
    text = read_bytes(path).decode("utf-8-sig")
    write_safely(path, with_split(text, split, path).encode("utf-8"))


def with_split(text: str, split: bool | Sequence[str], path: Path) -> str:
    """The text of a `campaign.toml` that says so. Raises SetupError where a line cannot be put into it."""
    wanted: dict[str, Any] = tomllib.loads(text)
    wanted["campaign"]["split"] = split if isinstance(split, bool) else list(split)
    line = f"split = {json.dumps(wanted['campaign']['split'], ensure_ascii=False)}"  # JSON and TOML write it alike
    lines = text.split("\n")
    _put(lines, "[campaign]", line)
    made = "\n".join(lines)
    if not _says(made, wanted):
        raise SetupError(f"{path}: [campaign] is not written line by line. Write there yourself: {line}")
    return made


def keep_extensions(
    path: Path, keys: Iterable[str], until: date | None, reason: str = "", *, dry_run: bool = False
) -> None:
    """Write this day of return into `[extension]` for each school; None takes the schools out.

    `reason` becomes a remark behind the day, in place of one that stands there; without one that stays. Raises
    SetupError, writing nothing, where the file is written in a way that lines cannot be put into.
    """
    text = read_bytes(path).decode("utf-8-sig")
    wanted: dict[str, Any] = tomllib.loads(text)
    lines, days = text.split("\n"), wanted.setdefault("extension", {})
    for key in keys:
        if until is None:
            days.pop(key, None)
            _take(lines, _EXTENSION, toml_key(key))
        else:
            days[key] = until
            remark = f"  # {_one_line(reason)}" if _one_line(reason) else ""
            _put(lines, _EXTENSION, f"{toml_key(key)} = {until}", remark)
    made = "\n".join(lines)
    if not days and _find(lines, _EXTENSION) is None:
        del wanted["extension"]  # it was not there to begin with
    if not _says(made, wanted):
        say = f'"SCHOOL" = {until}' if until else "take out the lines of these schools"
        raise SetupError(f"{path}: {_EXTENSION} is not written line by line. Change it there yourself: {say}")
    if not dry_run:
        write_safely(path, made.encode("utf-8"))


def _put(lines: list[str], heading: str, line: str, remark: str = "") -> None:
    """The line below its heading, in place of the one with its key; a new section stands behind [slots]."""
    key = line.partition(" = ")[0]
    end = "\r" if lines and lines[0].endswith("\r") else ""
    top = _find(lines, heading)
    if top is None:
        top = _behind_slots(lines)
        lines[top:top] = [end, heading + end, line + remark + end]
        return
    found = _line_of(lines, top, key)
    if found is None:
        lines.insert(top + 1, line + remark + end)
    else:
        at, before, behind = found
        lines[at] = f"{before}{line}{remark or behind}{end}"


def _take(lines: list[str], heading: str, key: str) -> None:
    """Take out the line with that key."""
    top = _find(lines, heading)
    found = None if top is None else _line_of(lines, top, key)
    if found is not None:
        del lines[found[0]]


def _line_of(lines: list[str], top: int, key: str) -> tuple[int, str, str] | None:
    """Where a section has the line with a key, in quotes or not: what stands before the key, and behind the value."""
    bare = key.strip('"')
    written = "|".join(re.escape(form) for form in dict.fromkeys((key, f'"{bare}"', f"'{bare}'")))
    for at in range(top + 1, _section_end(lines, top)):
        found = re.fullmatch(rf"(\s*)(?:{written})\s*=\s*{_VALUE}(\s*(?:#.*)?)", lines[at].rstrip("\r"))
        if found:
            return at, found[1], found[2]
    return None


def _one_line(text: str) -> str:
    """A remark without line breaks and controls, which TOML has none of."""
    return clean_text(text, lines=False)


def _find(lines: list[str], heading: str) -> int | None:
    return next((at for at, line in enumerate(lines) if line.partition("#")[0].strip() == heading), None)


def _section_end(lines: list[str], top: int) -> int:
    return next((at for at in range(top + 1, len(lines)) if _HEADING.match(lines[at])), len(lines))


def _behind_slots(lines: list[str]) -> int:
    """Behind the first block of lines of [slots], else at the end of the file."""
    top = _find(lines, "[slots]")
    if top is None:
        return len(lines) - (lines[-1:] == [""])
    return next((at for at in range(top + 1, len(lines)) if not lines[at].strip()), len(lines))


def _says(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False
