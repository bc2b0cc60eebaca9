"""A deck in, the district's report out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import STATUSES
from xlplan.rollup.report.lists import state_of
from xlplan.rollup.report.model import Part, PlanKey, Report
from xlplan.rollup.report.parts import (
    benchmarks,
    causes,
    changes,
    completeness,
    due,
    levels,
    method,
    money,
    needs,
    priorities,
    progress,
    quality,
    returns,
    summary,
    timeline,
)
from xlplan.rollup.sheets.summary import basis_of, title_of

MOST_PLANS = 400
INSTEAD = (
    f"These are more than {MOST_PLANS} plans, too many for one page. “xlplan rollup --schools --format html” writes "
    "a page of each; a rollup of one campaign has those of its own."
)
Maker = Callable[[Deck], Part | None]
TOLD: dict[str, Maker] = {
    "Summary": summary.part, "Districts": levels.part, "Returns": returns.part, "Completeness": completeness.part,
    "Timeline": timeline.part, "Due": due.part, "Benchmarks": benchmarks.part, "Priorities": priorities.part,
    "Causes": causes.part, "Money": money.part, "Needs": needs.part, "Quality": quality.part,
    "Changes": changes.part, "Progress": progress.part,
}  # fmt: skip
"""The parts in their order, which is the workbook's; Method stands behind them."""


def report_of(deck: Deck, schools: Callable[[], Iterable[Part]] = tuple) -> Report:
    """The report. `schools`: a part for each plan that came back, made when they are asked for.

    Of more than MOST_PLANS no page holds them: it would open too slowly to be of use.
    """
    statuses = {str(row[0]) for row in deck.store.rows("SELECT DISTINCT status FROM activities")}
    back = int(deck.store.one("SELECT count(*) FROM plans WHERE returns"))
    many = back > MOST_PLANS
    return Report(
        title=deck.whose, kind=title_of(deck), about=basis_of(deck), as_of=deck.as_of,
        parts=lambda: _parts(deck), plans=plan_keys(deck),
        schools=tuple if many else schools, instead=INSTEAD if many else "",
        statuses=tuple(status for status in STATUSES if status in statuses),
    )  # fmt: skip


def plan_keys(deck: Deck) -> tuple[PlanKey, ...]:
    """What a reader chooses plans by."""
    rows = deck.store.rows("SELECT * FROM plans ORDER BY plan")
    return tuple(
        PlanKey(
            plan=row["plan"], district_id=row["district_id"] or "", district=row["district"] or "",
            school=row["school"] or "", template=row["form"] or row["template"], state=state_of(row["state"]).text,
        )
        for row in rows
    )  # fmt: skip


def _parts(deck: Deck) -> Iterator[Part]:
    left_out = []
    for name, make in TOLD.items():
        part = make(deck)
        if part is None:
            left_out.append(name)
        else:
            yield part
    yield method.part(deck, left_out)
