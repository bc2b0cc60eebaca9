"""Every layout that we ship, and anything typed anywhere into one."""

from __future__ import annotations

from datetime import datetime

from hypothesis import strategies as st

from xlplan.errors import TemplateError
from xlplan.form.expressions import Key
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.form.spec import FormFacts
from xlplan.layout.model import Layout
from xlplan.pipeline.forms import form_of
from xlplan.templates import TEMPLATES

TYPED = st.sampled_from(["x", "Yes", "No", " ", "", 5.0, True, False, None, datetime(2027, 1, 4)])


def _layouts() -> dict[str, Layout]:
    made = {}
    for name in TEMPLATES:
        for round_ in ("", CARRIED, STATUS_ROUND):
            try:
                made[f"{name} {round_}".strip()] = form_of(name, FormFacts(round=round_)).layout
            except TemplateError:  # not every template has later rounds
                continue
    return made


LAYOUTS = _layouts()


def typed_somewhere(data: st.DataObject, layout: Layout) -> dict[Key, object]:
    """What is typed: into many cells, some, or few, choices of their own among it."""
    first, step = data.draw(st.integers(0, 6)), data.draw(st.sampled_from([1, 2, 7, 40]))
    choices = [(sheet.title, item) for sheet, item in layout.inputs.values()][first::step]
    typed: dict[Key, object] = {}
    for title, item in choices:
        own = st.sampled_from(item.field.choices) | TYPED if item.field.choices else TYPED
        typed[title, item.row, item.column] = data.draw(own)
    return typed
