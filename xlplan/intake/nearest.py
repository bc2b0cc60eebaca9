"""What somebody probably meant to type."""

from __future__ import annotations

from collections.abc import Iterable

from xlplan.form.text import folded

ALIKE = 75  # of 100; below that a guess would rather mislead
SHORTEST = 3  # letters and digits, of which anything could be meant


def did_you_mean(text: str, known: Iterable[str]) -> str:
    """A sentence naming what comes nearest, with a blank before it; empty if nothing comes near."""
    if len(folded(text)) < SHORTEST:
        return ""
    from rapidfuzz import fuzz, process, utils  # only a mistake needs it

    near = process.extractOne(
        text, tuple(known), scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=ALIKE
    )
    return f" Did you mean “{near[0]}”?" if near else ""
