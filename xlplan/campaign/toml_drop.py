"""What a `campaign.toml` says of schools that are gone, turned into remarks: no line is lost."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from xlplan.campaign.files import read_bytes
from xlplan.campaign.settings import Settings
from xlplan.campaign.toml_edit import with_split
from xlplan.errors import SetupError

_HEADING = re.compile(r"\s*\[")


def mentions(settings: Settings, keys: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Where the settings name one of these schools: the place as people find it, and the school's key."""
    found = [(f"[slots.{key}]", key) for key in settings.school_slots]
    found += [("[extension]", key) for key in settings.extensions]
    found += [("[[waiver]]", waiver.school) for waiver in settings.waivers]
    found += [("[campaign] split", key) for key in settings.split_schools]
    return tuple((place, key) for place, key in found if key in keys)


def without_schools(path: Path, keys: Collection[str]) -> bytes:
    """The file with all that names one of these schools as remarks, and without them in `split`; nothing is written.

    Raises SetupError where it is written in a way that cannot be done to line by line.
    """
    text = read_bytes(path).decode("utf-8-sig")
    split = tomllib.loads(text).get("campaign", {}).get("split", False)
    if isinstance(split, list) and set(split) & set(keys):
        text = with_split(text, [key for key in split if key not in keys] or False, path)
    lines = text.split("\n")
    for start, end in _blocks(lines):
        for at in _dropped(lines, start, end, keys):
            if lines[at].strip() and not lines[at].lstrip().startswith("#"):
                lines[at] = f"# {lines[at]}"
    made = "\n".join(lines)
    if _said(made) != _wanted(tomllib.loads(text), keys):
        raise SetupError(
            f"{path}: what it says of schools that are gone is not written line by line. Remove it by hand."
        )
    return made.encode()


def _blocks(lines: list[str]) -> Iterator[tuple[int, int]]:
    """From each heading to the line before the next."""
    heads = [at for at, line in enumerate(lines) if _HEADING.match(line)]
    return zip(heads, [*heads, len(lines)][1:], strict=True)


def _dropped(lines: list[str], start: int, end: int, keys: Collection[str]) -> Iterator[int]:
    """Those lines of a block that name one of the schools: all of it, or some lines of [extension]."""
    said = _said("\n".join(lines[start:end]), empty=True)
    for name, own in (said or {}).items():
        if name == "extension":
            yield from (at for at in range(start + 1, end) if (_said(lines[at]) or {}).keys() & set(keys))
        elif _names_one(name, own, keys):
            yield from range(start, end)


def _names_one(name: str, own: Any, keys: Collection[str]) -> bool:
    """Whether a block of that name is about one of the schools."""
    if name == "slots":
        return bool(own.keys() & set(keys))
    return name == "waiver" and isinstance(own, list) and own[0].get("school") in keys


def _said(text: str, *, empty: bool = False) -> dict[str, Any] | None:
    """What TOML says, without tables in which nothing stands unless they are wanted; None where it is none."""
    try:
        found = tomllib.loads(text.rstrip("\r"))  # a line that was cut out of a file of Windows
    except tomllib.TOMLDecodeError:
        return None
    return found if empty else _filled(found)


def _wanted(said: Mapping[str, Any], keys: Collection[str]) -> dict[str, Any]:
    made = dict(said)
    for name in ("slots", "extension"):
        made[name] = {key: value for key, value in made.get(name, {}).items() if key not in keys}
    made["waiver"] = [item for item in made.get("waiver", []) if item.get("school") not in keys]
    return _filled(made)


def _filled(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in ({}, [])}
