"""What a file's boxes say of their column beside its head: the rules they carry, and the answers that stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property

from xlplan.form.markers import Kind
from xlplan.layout.book import Area, Place, Scalar, Validation, areas_of
from xlplan.layout.model import Input
from xlplan.layout.witnesses import EMPTY, Page

DAYS = (Kind.DATE, Kind.PAST_DATE)
_BARE = (*DAYS, Kind.MONEY, Kind.PERSON)  # a yes or no is no answer of these


class Fits:
    """Compares what stands in a column of the file with what boxes of the layout ask for."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def moved(self, boxes: Sequence[tuple[Input, int]], column: int) -> bool | None:
        """Whether these boxes, each with its row of the file, stand in that column of the file and not in their own.

        None where neither rules nor answers tell.
        """
        said = {self._by_rules(boxes, column), self._by_answers(boxes, column)}
        return False if False in said else True if True in said else None

    def stayed(self, boxes: Sequence[tuple[Input, int]], column: int) -> bool:
        """Whether the answers in that column of the file are none for these boxes, and those at their address are."""
        return self._fit(boxes, column) < 0 < self._fit(boxes, boxes[0][0].column if boxes else column)

    def carries(self, boxes: Sequence[tuple[Input, int]], column: int) -> bool:
        """Whether that column of the file has the rules of these boxes."""
        return bool(boxes and self._rules) and all(
            self._rule((row, column)) == rule_of(item) for item, row in boxes
        )

    def _by_rules(self, boxes: Sequence[tuple[Input, int]], column: int) -> bool | None:
        own = boxes[0][0].column if boxes else column
        there, here = self.carries(boxes, column), self.carries(boxes, own)
        return there if there != here else None

    def _by_answers(self, boxes: Sequence[tuple[Input, int]], column: int) -> bool | None:
        own = boxes[0][0].column if boxes else column
        there, here = self._fit(boxes, column), self._fit(boxes, own)
        return there > here if there != here else None

    def _fit(self, boxes: Iterable[tuple[Input, int]], column: int) -> int:
        """1 where all answers of that column that tell are of the boxes' kinds, -1 where none is, else 0."""
        cells = self.page.sheet.cells
        said = {kind_fits(item, cells.get((row, column), EMPTY).value) for item, row in boxes} - {None}
        return 0 if len(said) != 1 else 1 if True in said else -1

    def _rule(self, place: Place) -> tuple[str, str] | None:
        row, column = place
        for (top, left, bottom, right), rule in self._rules:
            if top <= row <= bottom and left <= column <= right:
                return rule
        return None

    @cached_property
    def _rules(self) -> list[tuple[Area, tuple[str, str]]]:
        return [(area, _said(rule)) for rule in self.page.sheet.validations for area in areas_of(rule.sqref)]


def rule_of(item: Input) -> tuple[str, str]:
    """The rule of a box as far as it is compared: its type, and the name of its list or its number of characters."""
    if item.rule.startswith("list:"):
        return "list", item.rule[5:].casefold()
    if item.field.kind in DAYS:
        return "date", ""
    if item.field.kind is Kind.MONEY:
        return "custom", ""
    return "textLength", str(item.field.limit or 255)


def kind_fits(item: Input, value: Scalar) -> bool | None:
    """Whether an answer is of the kind its box asks for; None for one that tells nothing, such as a free text."""
    kind = item.field.kind
    if isinstance(value, datetime):
        return kind in DAYS
    if isinstance(value, float):
        return True if kind is Kind.MONEY else None
    if kind is Kind.CHOICE:
        return True if value in (*item.field.choices, *item.field.words) else None
    if isinstance(value, str) and value.strip().casefold() in ("yes", "no", "sí", "si"):
        return True if kind is Kind.YES_NO else False if kind in _BARE else None
    return None


def _said(rule: Validation) -> tuple[str, str]:
    if rule.kind == "list":
        return rule.kind, rule.formula.strip().lstrip("=").casefold()
    return rule.kind, rule.formula.strip() if rule.kind == "textLength" else ""
