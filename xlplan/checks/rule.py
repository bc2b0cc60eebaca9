"""A check as it is listed: its code, its rule in a sentence, where it comes from, and the meanings it goes by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import getdoc

from xlplan.checks.rows import PlanRows
from xlplan.findings import Finding
from xlplan.form.markers import Meaning

Judge = Callable[[PlanRows], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule of the originals. `needs`: the meanings a form's fields must have for it; `source`: from where."""

    code: str
    source: str
    needs: tuple[Meaning, ...]
    judge: Judge
    structural: bool = False  # of every form, whatever checks it names

    @property
    def rule(self) -> str:
        """The first line of the function's docstring."""
        return (getdoc(self.judge) or "").partition("\n")[0]


def check(source: str, *needs: Meaning, structural: bool = False) -> Callable[[Judge], Check]:
    """Make a function a check; its name is the code."""

    def made(judge: Judge) -> Check:
        code = getattr(judge, "__name__", "").replace("_", "-")
        return Check(code=code, source=source, needs=needs, judge=judge, structural=structural)

    return made
