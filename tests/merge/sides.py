"""Plans as bare answers, and people who change them: for the laws of merging."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from xlplan.form.spec import FormFacts
from xlplan.layout.model import Layout
from xlplan.merge.rows import has_text, moved, refers, tables_in
from xlplan.merge.threeway import Side
from xlplan.merge.values import Plain
from xlplan.pipeline.forms import form_of

Answers = dict[str, Plain]

WORDS = (
    "Read aloud daily",
    "Visit each family",
    "Coach new teachers",
    "Open the library",
    "Plan in teams",
    "Ask students",
)


def layout_of(template: str) -> Layout:
    """The template's layout, as a campaign without settings has it."""
    return form_of(template, FormFacts()).layout


def answer(layout: Layout, path: str, chance: Random) -> Plain:
    """An answer for this path; the texts of two calls are hardly ever alike."""
    item = layout.inputs[path][1]
    if item.field.ticks:
        return True
    if refers(item):
        return f"Step {chance.randint(1, 3)}"
    return (
        f"{chance.choice(WORDS)} {chance.randint(0, 10_000)}"
        if has_text(item)
        else str(chance.randint(1, 99))
    )


def filled(layout: Layout, chance: Random, share: float) -> Answers:
    """A plan of which about this share is filled in."""
    paths = [path for path, (_, item) in layout.inputs.items() if not item.locked]
    return {path: answer(layout, path, chance) for path in paths if chance.random() < share}


def edited(layout: Layout, cells: Mapping[str, Plain], chance: Random, count: int) -> Answers:
    """The plan with so many answers changed, emptied or added."""
    made = dict(cells)
    paths = [path for path, (_, item) in layout.inputs.items() if not item.locked]
    for path in chance.sample(paths, count):
        if path in made and chance.random() < 0.3:
            del made[path]
        else:
            made[path] = answer(layout, path, chance)
    return made


def shuffled(layout: Layout, cells: Mapping[str, Plain], chance: Random) -> Answers:
    """The plan with the rows of one table in another order."""
    table, slots = chance.choice(list(tables_in(layout).items()))
    order = list(slots)
    chance.shuffle(order)
    return moved(layout, cells, table, dict(zip(slots, order, strict=True)))


def emptied(layout: Layout, cells: Mapping[str, Plain], chance: Random) -> Answers:
    """The plan without one of its rows."""
    table, slots = chance.choice(list(tables_in(layout).items()))
    row = f"{table}[{chance.choice(slots)}]"
    return {path: value for path, value in cells.items() if not path.startswith(row)}


def changed(layout: Layout, cells: Mapping[str, Plain], chance: Random) -> Answers:
    """The plan after somebody has worked on it."""
    made = edited(layout, cells, chance, chance.randint(0, 40))
    if chance.random() < 0.3:
        made = emptied(layout, made, chance)
    return shuffled(layout, made, chance) if chance.random() < 0.4 else made


def side(label: str, *versions: Mapping[str, Plain]) -> Side:
    """One person's copy, from the copy as issued to what came back."""
    return Side(label=label, versions=versions)
