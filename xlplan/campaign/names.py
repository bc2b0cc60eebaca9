"""What a campaign's files are called: readable, safe on Windows, unique since the school's id is in them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from pathlib import PurePosixPath

from xlplan.campaign.roster import School

NAME_LENGTH = 80
_FIX_LENGTH = len("-fix99999")  # so that a correction copy keeps the length too
_STEM_LENGTH = NAME_LENGTH - len(".xlsx") - _FIX_LENGTH
_FOLDER_LENGTH = 60
_TEMPLATE_LENGTH = 20
_HASH_LENGTH = len("--01234567")
_PART_LENGTH = 16
_LEAST_TITLE = 8  # of district and school in the name of a part's copy, however long the key is

# letters that Unicode does not take apart into a plain one and its accent
_LETTERS = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
_PLAIN = str.maketrans({**_LETTERS, "&": " and ", "'": "", "’": "", "ʻ": "", "`": ""})
_WORDS = re.compile("[0-9a-z]+")
_DISTRICT_WORDS = re.compile(r"(-public)?-school(s|-district)(-(no-|number-)?\d+)?(?=-|$)")
_SCHOOL_WORDS = re.compile(r"(-public)?-schools?$")


def copy_path(school: School, template: str, several_templates: bool, part: str = "") -> PurePosixPath:
    """Where a school's copy stands within the campaign folder: `copies/<district>/<file>`.

    `several_templates` says whether this school (or the whole campaign) has plans of more than one template; `part`:
    what the copy of one part of a plan is called, or "together" for what was put together from them.
    """
    name = copy_name(school.key, school.district, school.school, template if several_templates else "", part)
    return PurePosixPath("copies", district_folder(school.district_id, school.district), name)


def correction_path(copy: PurePosixPath, issue: int) -> PurePosixPath:
    """Where a correction copy stands: `corrections/<district>/<copy name>-fix<issue>.xlsx`."""
    return PurePosixPath("corrections", copy.parent.name, f"{copy.stem}-fix{issue}{copy.suffix}")


def merged_path(copy: PurePosixPath, issue: int) -> PurePosixPath:
    """Where the workbook of a plan made of several stands within the campaign: beside the school's copy."""
    return copy.with_name(f"{copy.stem}-merged{issue}.xlsx")


def copy_name(key: str, district: str, school: str, template: str = "", part: str = "") -> str:
    """`<key>_<district>-<school>.xlsx`, with `-<template>` and `-<part>` before the suffix if they are given.

    At most 80 characters with `-fix<issue>` added. Two keys, or two templates of one key, never share a name,
    whether or not case counts.
    """
    stem = _safe(key, 40, r"[0-9A-Z]+(-[0-9A-Z]+)*")
    tail = "-" + _safe(template, _TEMPLATE_LENGTH, r"[0-9a-z]+([-_][0-9a-z]+)*") if template else ""
    # room is kept for the longest template, so that the middle is the same for all of a school's plans
    room = _STEM_LENGTH - len(stem) - 1 - (_TEMPLATE_LENGTH + 1 if template else 0)
    if part:
        tail += "-" + _safe(part, _PART_LENGTH, r"[0-9a-z]+(-[0-9a-z]+)*")
        room = max(room - _PART_LENGTH - 1, _LEAST_TITLE)
    return f"{stem}_{_cut(_title(district, school), room)}{tail}.xlsx"


@lru_cache(maxsize=256)
def district_folder(district_id: str, district: str) -> str:
    """`<district id>_<district>`, as safe as a file's name."""
    stem = _safe(district_id, 40, r"[0-9A-Z]+(-[0-9A-Z]+)*")
    return f"{stem}_{_cut(_short(district) or 'district', _FOLDER_LENGTH - len(stem) - 1)}"


def _title(district: str, school: str) -> str:
    last = _SCHOOL_WORDS.sub("", _slug(school)) if school else "district"
    return "-".join(filter(None, (_short(district), last))) or "plan"


@lru_cache(maxsize=256)
def _short(district: str) -> str:
    return _DISTRICT_WORDS.sub("", _slug(district), count=1)


def _slug(text: str) -> str:
    """Lower-case words of ASCII letters and digits with hyphens between them; nothing if there are none."""
    plain = text.lower().translate(_PLAIN)
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(char for char in apart if not unicodedata.combining(char))
    return "-".join(_WORDS.findall(plain))


def _cut(slug: str, room: int) -> str:
    """The slug, cut after a word if there is one in the second half of the room."""
    if len(slug) <= room:
        return slug
    end = slug.rfind("-", room // 2, room + 1)
    return slug[: end if end > 0 else room].strip("-")


def _safe(text: str, limit: int, pattern: str) -> str:
    """The text if it fits the pattern and the limit; else what is safe of it, with a short hash of the whole.

    The patterns allow one case only and no doubled hyphen, so no plain text looks like a hashed one.
    """
    if len(text) <= limit and re.fullmatch(pattern, text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_cut(_slug(text), limit - _HASH_LENGTH) or 'x'}--{digest}"
