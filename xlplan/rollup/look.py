"""The tokens of the district workbook and its styles by name, as XlsxWriter takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

INK, TITLE, GUIDE, TAG = "#1B2A35", "#0B4A5E", "#44525E", "#5F6C77"
GROUND, HEAD, EDGE, SOFT = "#F1F4F6", "#DDE5EA", "#71828F", "#C5D0D8"
DONE, NEED, FIX = "#1B6638", "#8A4300", "#A1261C"
SHORT = "#FBE8D2"  # behind what is under 100 %
BARS = ("#0B4A5E", "#A85A14", "#6899A8")  # one part, the part a title speaks of, a third
DAY, MONEY, PERCENT, COUNT = "mmm d, yyyy", "$#,##0.00", "0%", "#,##0"

BASE: Mapping[str, Any] = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "vcenter"}
ROW: Mapping[str, Any] = {"bottom": 1, "bottom_color": SOFT}
LAST: Mapping[str, Any] = {"top": 1, "top_color": EDGE, "bold": True}
WRAPPED: Mapping[str, Any] = {"text_wrap": True, "valign": "top"}
TILE: Mapping[str, Any] = {
    "bg_color": GROUND,
    "left": 1,
    "right": 1,
    "left_color": SOFT,
    "right_color": SOFT,
    "indent": 1,
}

HEAD_BAND: Mapping[str, Any] = {
    "bold": True,
    "bg_color": HEAD,
    "top": 1,
    "top_color": EDGE,
    "text_wrap": True,
}

STYLES: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    "title": {"font_size": 18, "bold": True, "font_color": TITLE, "bottom": 2, "bottom_color": TITLE},
    "subtitle": {"font_color": INK},
    "heading": {"valign": "bottom", "font_size": 14, "bold": True, "font_color": TITLE},
    "note": {"font_color": GUIDE},
    "prose": {"text_wrap": True, "valign": "top"},
    "long-day": {"num_format": "mmmm d, yyyy", "align": "left", "valign": "top"},
    "label": {"bold": True, "valign": "top"},
    "link": {"font_color": TITLE, "underline": 1},
    "home": {"font_color": TITLE, "underline": 1, "align": "right", "bottom": 2, "bottom_color": TITLE},
    "head": HEAD_BAND,
    "head.right": {**HEAD_BAND, "align": "right"},
    "head.center": {
        "bold": True,
        "bg_color": HEAD,
        "top": 1,
        "top_color": EDGE,
        "text_wrap": True,
        "align": "center",
    },
    "head.data": {"bold": True, "bg_color": HEAD},
    "row": ROW,
    "row.bold": {**ROW, "bold": True, "text_wrap": True},
    "row.center": {**ROW, "align": "center"},
    "row.link": {**ROW, "font_color": TITLE, "underline": 1},
    "row.after": {**ROW, "indent": 1},  # text behind a column of money
    "row.linked": {**ROW, "font_color": TITLE, "underline": 1, "align": "center"},
    "row.prose": {**ROW, "text_wrap": True},
    "row.day": {**ROW, "num_format": DAY, "align": "center"},
    "row.money": {**ROW, "num_format": MONEY},
    "row.percent": {**ROW, "num_format": PERCENT, "align": "center"},
    "row.count": {**ROW, "num_format": COUNT, "align": "center"},
    "last": LAST,
    "last.count": {**LAST, "num_format": COUNT, "align": "center"},
    "last.money": {**LAST, "num_format": MONEY},
    "last.percent": {**LAST, "num_format": PERCENT, "align": "center"},
    "data": {"valign": "top"},
    "data.prose": WRAPPED,
    "data.day": {"num_format": DAY, "valign": "top", "align": "center"},
    "data.money": {"num_format": MONEY, "valign": "top"},
    # LibreOffice reads a boolean as 1 or 0 and shows these words; Excel keeps TRUE and FALSE.
    "data.boolean": {"num_format": '"true";;"false"', "valign": "top", "align": "center"},
    "data.link": {"valign": "top", "align": "center", "font_color": TITLE, "underline": 1},
    "data.center": {"valign": "top", "align": "center"},
    "tile.label": {"align": "left", **TILE, "bold": True, "font_color": GUIDE, "top": 5, "top_color": TITLE},
    "tile.number": {
        **TILE,
        "num_format": COUNT,
        "font_size": 24,
        "bold": True,
        "font_color": TITLE,
        "align": "left",
    },
    "tile.money": {
        **TILE,
        "font_size": 24,
        "bold": True,
        "font_color": TITLE,
        "align": "left",
        "num_format": "$#,##0",
    },
    "tile.percent": {
        **TILE,
        "font_size": 24,
        "bold": True,
        "font_color": TITLE,
        "align": "left",
        "num_format": PERCENT,
    },
    "tile.large-money": {
        **TILE,
        "font_size": 18,
        "bold": True,
        "font_color": TITLE,
        "align": "left",
        "num_format": "$#,##0",
    },
    "tile.note": {
        "align": "left",
        **TILE,
        "text_wrap": True,
        "valign": "top",
        "bottom": 1,
        "bottom_color": SOFT,
    },
    "plan.label": {"bold": True, "valign": "top", "text_wrap": True, "font_color": GUIDE},
    "plan.text": WRAPPED,
    "plan.strong": {**WRAPPED, "bold": True},
    "plan.name": {**ROW, **WRAPPED, "font_color": GUIDE},
    "plan.cell": {**ROW, **WRAPPED},
    "plan.day": {**ROW, **WRAPPED, "num_format": DAY, "align": "left"},
    "plan.money": {**ROW, **WRAPPED, "num_format": MONEY, "align": "right", "indent": 1},
    "if.short": {"bg_color": SHORT, "bold": True},
    "if.done": {"font_color": DONE},
    "if.need": {"font_color": NEED},
    "if.fix": {"font_color": FIX},
    "if.gap": {"bg_color": SHORT, "bold": True},
    "if.bar": {"bg_color": TITLE, "font_color": TITLE},
    "mark": {"bold": True, "underline": 1, "font_color": TITLE},
    "row.marked": {**ROW, "text_wrap": True, "bold": True, "underline": 1, "font_color": TITLE},
    "row.bar": {**ROW, "align": "center", "font_color": TITLE},
}


def heads(styles: Sequence[str]) -> list[str]:
    """The styles of the heads above cells of these styles: centred where they are, right over money."""
    left = ("row", "row.bold", "row.prose", "row.month", "row.after")
    return ["head" if s in left else "head.right" if s == "row.money" else "head.center" for s in styles]


def height(*texts: tuple[object, float]) -> float:
    """Points that a row needs for these texts in columns of these widths (LOOK: height of prose)."""
    lines = max(
        (sum(_lines(line, width) for line in str(text or "").split("\n")) for text, width in texts), default=1
    )
    return min(max(1, lines) * 15 + 5, 409)  # Excel's limit


def _lines(line: str, width: float) -> int:
    return max(1, -(-len(line) // max(1, int(1.13 * width - 6))))
