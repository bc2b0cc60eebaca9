"""Settings put into a `campaign.toml` that people have edited: their lines and remarks stay as they are."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from xlplan.campaign.files import read_bytes, write_safely
from xlplan.campaign.toml_write import toml_key
from xlplan.errors import SetupError

_HEADING = re.compile(r"\s*\[")
_VALUE = r"(?:\d+|true|false|\[[^\]]*\])"  # what we write


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


def _put(lines: list[str], heading: str, line: str) -> None:
    """The line below its heading, in place of the one with its key; a new section stands behind [slots]."""
    key = line.partition(" = ")[0]
    end = "\r" if lines and lines[0].endswith("\r") else ""
    top = _find(lines, heading)
    if top is None:
        top = _behind_slots(lines)
        lines[top:top] = [end, heading + end, line + end]
        return
    for at in range(top + 1, _section_end(lines, top)):
        found = re.fullmatch(rf"(\s*){re.escape(key)}\s*=\s*{_VALUE}(\s*(?:#.*)?)", lines[at].rstrip("\r"))
        if found:
            lines[at] = f"{found[1]}{line}{found[2]}{end}"
            return
    lines.insert(top + 1, line + end)


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
