"""Cells of a report as the page sets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from xlplan.rollup.page.figures import Figures, told, told_share
from xlplan.rollup.report.model import Cell, Column, Link, Marked, Number, Share, State
from xlplan.rollup.words import short_day

RIGHT = ("count", "money")
NOTHING = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A cell: its text, or stretches of it of which the marked ones are true; `form` tells the script how to write it.

    `nothing`: there is no value. `all_plans`: it speaks of all plans, whichever are chosen.
    """

    text: str
    css: str = ""
    href: str = ""
    day: str = ""
    key: str = ""
    form: str = ""
    state: str = ""
    all_plans: bool = False
    nothing: bool = False
    stretches: tuple[tuple[str, bool], ...] = ()


def shown(cell: Cell, column: Column, figures: Figures, *, of_plan: bool = False) -> Shown:
    """The cell. `of_plan`: it is of one plan, so its figures are never counted again."""
    css = column.kind
    match cell:
        case None | "":
            return Shown(text=NOTHING, css=css, nothing=True)
        case Number():
            key = "" if of_plan else figures.key(cell)
            return Shown(
                text=told(cell), css=cell.kind, key=key, form="money" if cell.kind == "money" else "count",
                all_plans=not of_plan and not cell.by and bool(cell.value),
            )  # fmt: skip
        case Share():
            return Shown(
                text=told_share(cell), css="share", key="" if of_plan else figures.keys(cell), form=form_of(cell),
                all_plans=not of_plan and not cell.whole.by and bool(cell.whole.value),
            )  # fmt: skip
        case Link(text=text, href=href):
            return Shown(text=text or NOTHING, css=css, href=href if href.startswith("#") else "")
        case State(text=text, means=means):
            return Shown(text=text, css=css, state=means)
        case Marked(text=text, stretches=stretches):
            return Shown(text=text, css=css, stretches=stretches)
        case date():
            return Shown(text=short_day(cell), css=css, day=cell.isoformat())
        case Decimal():
            return Shown(text=f"${cell:,.2f}", css="money", all_plans=bool(cell) and not of_plan)
        case int():
            return Shown(text=f"{cell:,}", css=css, all_plans=bool(cell) and not of_plan)
    return Shown(text=cell, css=css)


def form_of(share: Share) -> str:
    """How the script writes a share: percent, of, or of-money."""
    return "of-money" if share.shown == "of" and share.whole.kind == "money" else share.shown
