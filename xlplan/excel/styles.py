"""How each named style of a layout looks: LOOK's tokens as openpyxl styles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

GROUND, INPUT, EDGE, HEAD, INK = "F1F4F6", "FFFFFF", "71828F", "DDE5EA", "1B2A35"
TITLE, GUIDE, TAG, SOFT = "0B4A5E", "44525E", "5F6C77", "C5D0D8"
DONE, NEED, FIX, FIXFILL = "1B6638", "8A4300", "A1261C", "FDE9E6"
TEXT_FORMAT, DATE_FORMAT, MONEY_FORMAT = "@", "mmm d, yyyy", "$#,##0.00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One style. `across` and `down`: horizontal and vertical alignment; `box`: an input's border."""

    size: float = 11
    bold: bool = False
    color: str = INK
    fill: str = GROUND
    across: str = "left"
    down: str = "center"
    wrap: bool = False
    indent: int = 0
    format: str = "General"
    locked: bool = True
    box: bool = False
    top: str = ""
    bottom: str = ""
    underline: bool = False


def _input(**changes: Any) -> Look:
    plain: dict[str, Any] = {"fill": INPUT, "locked": False, "box": True, "wrap": True, "format": TEXT_FORMAT}
    return Look(**(plain | changes))


def _held(**changes: Any) -> Look:
    """An answer that stands locked: on the ground, with a line under it as rows of a table have."""
    plain: dict[str, Any] = {"wrap": True, "format": TEXT_FORMAT, "bottom": "soft"}
    return Look(**(plain | changes))


LOOKS: dict[str, Look] = {
    "title": Look(size=18, bold=True, color=TITLE, indent=1, bottom="title"),
    "title.rule": Look(bottom="title"),
    "form.line": Look(size=9, color=TAG, across="right", bottom="title"),
    "form.below": Look(size=9, color=TAG, across="right"),
    "state": Look(bold=True, across="right", bottom="title"),
    "link.right": Look(color=TITLE, across="right", bottom="title", underline=True),
    "purpose": Look(indent=1),
    "tag": Look(size=9, color=TAG),
    "tag.top": Look(size=9, color=TAG, down="top"),
    "guide": Look(color=GUIDE),
    "guide.wrap": Look(color=GUIDE, wrap=True, down="top"),
    "guide.center": Look(color=GUIDE, wrap=True, down="top", across="center"),
    "guide.head": Look(color=GUIDE, wrap=True, down="top", indent=1),
    "guide.in": Look(color=GUIDE, indent=1),
    "guide.low": Look(color=GUIDE, indent=1, down="bottom"),
    "guide.right": Look(color=GUIDE, across="right"),
    "deadline": Look(size=14, bold=True),
    "h2": Look(size=14, bold=True, color=TITLE, bottom="soft"),
    "h2.rule": Look(bottom="soft"),
    "check.head": Look(bold=True, color=GUIDE, bottom="soft"),
    "label": Look(bold=True, down="bottom"),
    "label.in": Look(bold=True, down="bottom", indent=1),
    "label.wrap": Look(bold=True, down="bottom", wrap=True),
    "label.beside": Look(bold=True),
    "label.center": Look(bold=True, down="bottom", across="center", wrap=True),
    "label.right": Look(bold=True, across="right", indent=1),
    "text": Look(),
    "text@": Look(format=TEXT_FORMAT),
    "text.date": Look(format=DATE_FORMAT),
    "center": Look(across="center"),
    "sample": Look(fill=INPUT, box=True),
    "check": Look(wrap=True),
    "check.top": Look(wrap=True, down="top"),
    "check.center": Look(across="center", color=DONE),
    "number": Look(color=GUIDE, across="right", format=TEXT_FORMAT, indent=1),
    "number.top": Look(color=GUIDE, across="right", format=TEXT_FORMAT, indent=1, down="top"),
    "number.long": Look(color=GUIDE, across="right", format=TEXT_FORMAT),
    "head": Look(bold=True, fill=HEAD, wrap=True, top="edge"),
    "head.in": Look(bold=True, fill=HEAD, wrap=True, top="edge", indent=1),
    "head.center": Look(bold=True, fill=HEAD, wrap=True, across="center", top="edge"),
    "head.right": Look(bold=True, fill=HEAD, wrap=True, across="right", top="edge", indent=1),
    "head.month": Look(bold=True, fill=HEAD, across="center", top="edge"),
    "month": Look(size=14, color=TITLE, across="center"),
    "month.step": Look(color="5B8799", across="center"),
    "band": Look(fill=HEAD),
    "band.title": Look(size=12, bold=True, color=TITLE, fill=HEAD),
    "band.text": Look(bold=True, fill=HEAD, indent=1),
    "band.label": Look(bold=True, fill=HEAD, down="bottom", indent=1),
    "band.center": Look(bold=True, fill=HEAD, down="bottom", across="center", wrap=True),
    "preview": Look(color=GUIDE, across="center", down="bottom", wrap=True),
    "carried": Look(bold=True, wrap=True),
    "h2.text": Look(bold=True, indent=1, bottom="soft"),
    "guide.run": Look(indent=1, down="top", bottom="soft"),
    "guide.row": Look(wrap=True, indent=1, down="top", bottom="soft"),
    "soft.words": Look(indent=1, bottom="soft"),
    "words": Look(wrap=True, indent=1),
    "words.center": Look(across="center"),
    "soft": Look(bottom="soft"),
    "soft.center": Look(bottom="soft", across="center"),
    "soft.state": Look(bottom="soft", indent=1),
    "soft.link": Look(bottom="soft", color=TITLE, underline=True),
    "group.fix": Look(size=14, bold=True, color=FIX),
    "group.need": Look(size=14, bold=True, color=NEED),
    "group.plain": Look(size=14, bold=True, color=TITLE),
    "line.number": Look(bold=True, across="center", bottom="soft"),
    "line.link": Look(color=TITLE, bottom="soft", underline=True),
    "line.text": Look(wrap=True, bottom="soft", indent=1),
    "line.state": Look(bold=True, wrap=True, bottom="soft"),
    "kept": Look(wrap=True, bottom="soft", format=TEXT_FORMAT, indent=1),
    "total.label": Look(bold=True, bottom="soft"),
    "total.center": Look(bold=True, bottom="soft", across="center"),
    "total.text": Look(bottom="soft", indent=1),
    "total.money": Look(bold=True, across="right", indent=1, format=MONEY_FORMAT),
    "fixed": Look(format=TEXT_FORMAT),
    "plain": Look(fill=""),
    "input.text": _input(indent=1),
    "input.prose": _input(indent=1, down="top"),
    "input.prose.row": _input(indent=1),
    "input.prose.inner": _input(indent=2),
    "input.prose.bold": _input(indent=1, bold=True),
    "input.date": _input(across="center", format=DATE_FORMAT, wrap=False),
    "input.money": _input(across="right", indent=1, format=MONEY_FORMAT, wrap=False),
    "input.choice": _input(across="center"),
    "input.tick": _input(across="center", bold=True, size=14),
    "held.text": _held(indent=1),
    "held.prose": _held(indent=1, down="top"),
    "held.prose.row": _held(indent=1),
    "held.prose.inner": _held(indent=2),
    "held.prose.bold": _held(indent=1, bold=True),
    "held.date": _held(across="center", format=DATE_FORMAT, wrap=False),
    "held.money": _held(across="right", indent=1, format=MONEY_FORMAT, wrap=False),
    "held.choice": _held(across="center"),
    "held.tick": _held(across="center", bold=True),
}  # fmt: skip
INPUT_STYLES = tuple(name for name in LOOKS if name.startswith("input."))


def parts_of(look: Look, *, weight: str = "") -> dict[str, object]:
    """The look as openpyxl's style attributes of a cell; `weight` "fix" or "need": an input's marked twin."""
    edges = {"fix": ("medium", FIX), "need": ("mediumDashed", NEED), "": ("thin", EDGE)}
    edge = Side(style=edges[weight][0], color=edges[weight][1])
    lines = {
        "edge": Side(style="thin", color=EDGE),
        "soft": Side(style="thin", color=SOFT),
        "title": Side(style="medium", color=TITLE),
    }
    none = Side()
    border = Border(left=edge, right=edge, top=edge, bottom=edge) if look.box else Border(
        top=lines.get(look.top, none), bottom=lines.get(look.bottom, none)
    )  # fmt: skip
    return {
        "font": Font(
            name="Calibri", size=look.size, bold=look.bold, color=look.color,
            underline="single" if look.underline else None,
        ),
        "fill": PatternFill("solid", fgColor=look.fill) if look.fill else PatternFill(),
        "border": border,
        "alignment": Alignment(horizontal=look.across, vertical=look.down, wrap_text=look.wrap, indent=look.indent),
        "number_format": look.format,
        "protection": Protection(locked=look.locked),
    }  # fmt: skip
