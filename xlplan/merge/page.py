"""A comparison as one HTML page: no script, nothing from elsewhere, readable on screen and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from jinja2 import Template

from xlplan.form.text import harmless
from xlplan.merge.diff import Change, counts, parts_of
from xlplan.merge.html import environment
from xlplan.merge.words import Stretch

KEEP = 160  # characters of unchanged text beside a change
SIGNS = {"added": "+", "removed": "−", "changed": "~"}


@dataclass(frozen=True, slots=True)
class _Line:
    change: Change
    parts: tuple[Stretch, ...]


def page(found: Sequence[Change], *, a: str, b: str, note: str = "") -> str:
    """The page. `a`, `b`: what people call the two plans; all texts are escaped."""
    sheets = [
        (sheet, [_Line(change, parts_of(change, KEEP)) for change in of_sheet])
        for sheet, of_sheet in groupby(found, key=lambda change: change.sheet)
    ]
    return _template().render(
        a=harmless(a), b=harmless(b), note=harmless(note), sheets=sheets, counts=counts(found), signs=SIGNS
    )


@cache
def _template() -> Template:
    return environment("xlplan.merge").get_template("page.html")
