"""Validation rules of input cells, in words that say what to type; a courtesy to the typist, never trusted."""

from __future__ import annotations

from dataclasses import dataclass

from xlplan.form.expressions import column_letters, serial
from xlplan.form.markers import Kind
from xlplan.form.spec import FormFacts, bounds
from xlplan.languages import day_in_words, say
from xlplan.layout.model import Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; `{cell}` in `formula1` is the first cell it stands on."""

    type: str
    operator: str | None = None
    formula1: str
    formula2: str | None = None
    error: str
    title: str
    prompt: str


def rule_for(item: Input, facts: FormFacts) -> Rule:
    """The rule of an input cell, with its field's message as the prompt."""
    field = item.field
    title = field.label if len(field.label) <= 32 else field.label[:31] + "…"
    prompt = field.message or field.guide
    if item.rule.startswith("list:"):
        choices = (
            say("Type x, or choose ✓. Leave it empty for no.")
            if field.kind is Kind.TICK
            else say("Choose from the list, or type one of its entries.")
        )
        return Rule(type="list", formula1=item.rule[5:], error=choices, title=title, prompt=prompt or choices)
    if field.kind in (Kind.DATE, Kind.PAST_DATE):
        return _date_rule(item, facts, title, prompt)
    if field.kind is Kind.MONEY:
        test = "AND(ISNUMBER({cell}),{cell}>=0,{cell}<=999999999.99,ROUND({cell},2)={cell})"
        said = say("Type only the number of dollars, with cents at most, such as 1200 or 1200.50.")
        return Rule(type="custom", formula1=test, error=said, title=title, prompt=prompt or said)
    limit = field.limit or 255
    said = say(
        "This box takes {limit} characters. Shorten the text, or move part of it to another box.",
        limit=f"{limit:,}",
    )
    return Rule(
        type="textLength",
        operator="lessThanOrEqual",
        formula1=str(limit),
        error=said,
        title=title,
        prompt=prompt,
    )


def _date_rule(item: Input, facts: FormFacts, title: str, prompt: str) -> Rule:
    first, last = bounds(item.field, facts.window)
    low, high = ("plan_from", "plan_to") if item.field.kind is Kind.DATE else (str(serial(first)), "plan_to")
    example = f"{last.month}/{last.day}/{last.year}"
    said = say(
        "Type a day from {first} to {last}, such as {example}.",
        first=day_in_words(first), last=day_in_words(last), example=example,
    )  # fmt: skip
    whole = f"{prompt} {said}" if prompt and len(prompt) + len(said) < 255 else prompt or said
    return Rule(
        type="date", operator="between", formula1=low, formula2=high, error=said, title=title, prompt=whole
    )


def areas(items: list[Input]) -> list[str]:
    """The cells as few ranges: runs down a column."""
    made: list[str] = []
    ordered = sorted((item.column, item.row) for item in items)
    start = previous = ordered[0]
    for place in [*ordered[1:], (0, 0)]:
        if place != (previous[0], previous[1] + 1):
            letters = column_letters(start[0])
            made.append(
                f"{letters}{start[1]}" if start == previous else f"{letters}{start[1]}:{letters}{previous[1]}"
            )
            start = place
        previous = place
    first = f"{column_letters(items[0].column)}{items[0].row}"
    return sorted(made, key=lambda area: area.split(":")[0] != first)
