"""What the district has to see to, and how all of it was counted."""

from __future__ import annotations

from collections.abc import Iterable

from xlplan.rollup.deck import Deck
from xlplan.rollup.digest.counting import figure, named, number
from xlplan.rollup.digest.model import Block, Num, Own, Piece, Points, Section, Source, says
from xlplan.rollup.digest.quoting import RULE
from xlplan.rollup.digest.standing import schools_of
from xlplan.rollup.sheets.method import derived_statuses
from xlplan.rollup.sheets.tasks import Task, tasks_of
from xlplan.rollup.snapshot import earlier
from xlplan.rollup.standard import COUNTED
from xlplan.rollup.words import long_day

TITLE = "What to decide"
COUNTED_HOW = "How it was counted"


def deciding(deck: Deck) -> Section:
    """The district's tasks, the most urgent first."""
    items = tuple(says(*_line(deck, task)) for task in tasks_of(deck))
    return Section(TITLE, (Points(items),) if items else ())


def _line(deck: Deck, task: Task) -> list[Piece]:
    source = Source(
        sheet=task.sheets[0], measure=task.measure, how="" if task.measure else task.label.lower()
    )
    start: list[Piece] = [Own(f"{task.do}. {task.label}"), ": ", number(task.many, source)]
    if task.measure is None:
        return [*start, "."]
    names, rest = schools_of(deck, task.measure)
    left = number(rest, Source(sheet=task.sheets[0], how="plans not named here"))
    where: list[Piece] = [*names, " and ", left, " more"] if rest else list(names)
    return [*start, " (", *where, ")."]


def method(deck: Deck, left_out: Iterable[str]) -> Section:
    """The day, what counts, what is left out, how quotations are chosen, and whom it is for."""
    told: list[Block] = [
        says("All figures are as of ", Own(long_day(deck.as_of)), ". ", *_counts(deck)),
        says("Done is what the school marked as done. Overdue is what is not done and was due before that day. Late is "
            "a plan of which nothing acceptable had come by its own day."),
    ]  # fmt: skip
    told += [says(Own(text)) for _, text in derived_statuses(deck)]
    told += [
        says(RULE),
        says("Sentences are counted, not judged. The number behind a sentence leads to its note: it names the figure, "
            "which “xlplan trace” follows back to the cells, and the sheet of the summary workbook that shows it."),
    ]  # fmt: skip
    if names := list(left_out):
        told.append(says("Left out, since there is nothing to tell: ", "; ".join(names), "."))
    if bad := earlier(deck).unreadable:
        told.append(
            says("Earlier rollups that could not be read were left out: ", named(", ".join(bad)), ".")
        )
    told.append(says("This digest names schools and quotes them. It is for the board. What is made for publishing is "
                    "the page or the workbook with “rollup --public”."))  # fmt: skip
    return Section(COUNTED_HOW, tuple(told))


def _counts(deck: Deck) -> list[Piece]:
    drafts = COUNTED.where_also("draft", True)
    many = figure(deck, drafts, "Returns")
    if not many.value:
        return ["Plans that are not accepted yet are left out."]
    names, rest = schools_of(deck, drafts)
    left: Num = number(rest, Source(sheet="Method", how="drafts not named here"))
    more: list[Piece] = [" and ", left, " more"] if rest else []
    return ["Drafts count too: ", *names, *more, "."]
