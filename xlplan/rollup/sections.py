"""The sections of a form that answers are counted by: its sheets, those that repeat under one name."""

from __future__ import annotations

import re

from xlplan.rollup.data import Shape


def section_of(sheet: str, shape: Shape) -> str:
    """Where "Challenge 2" belongs: the tables' sheet title that is its plural, else its own stem."""
    stem = re.sub(r" \d+$", "", sheet)
    if stem == sheet:
        return sheet
    titles = (re.sub(r" \d+$", "", table.sheet_title) for table in shape.tables)
    # "Strategy" and "Strategies" agree up to the last letter of the singular.
    return next((title for title in titles if title.startswith(stem[:-1])), stem)
