"""The files that letters enclose: the current copies, and the copies that answer a return."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlplan.campaign import Campaign, School
from xlplan.form.parts import Part
from xlplan.form.spec import FormFacts
from xlplan.layout.model import Layout
from xlplan.ledger import IssuedCopy, Ledger, StoredReturn
from xlplan.pipeline.correct import CORRECTION, REVIEW
from xlplan.pipeline.forms import form_with
from xlplan.pipeline.generate import generate, parts_for
from xlplan.pipeline.standing import unchanged
from xlplan.templates import older

Plan = tuple[str, str]  # school key and template


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentCopy:
    """A school's copy, or that of a part of its plan. `problem`: why it cannot be sent; empty if it can."""

    school: School
    template: str
    part: Part | None
    file: str
    problem: str = ""


def current_copies(
    campaign: Campaign, ledger: Ledger, schools: Iterable[School], *, now: datetime
) -> Iterator[CurrentCopy]:
    """The copies of these schools as `generate` would leave them, each with what stands against sending it."""
    schools = list(schools)
    plans = [(school, part) for school in schools for part in parts_for(campaign, school)]
    copies = generate(campaign, ledger, schools, now=now, dry_run=True)
    every = {(copy.school_key, copy.template, copy.part) for copy in ledger.copies() if copy.kind == "fresh"}
    for (school, part), copy in zip(plans, copies, strict=True):
        path, problem = campaign.root / copy.file, ""
        if not isinstance(copy, IssuedCopy):
            if (copy.school_key, copy.template, copy.part) not in every:
                problem = "it has no copy yet"
            elif not path.is_file():
                problem = f"{copy.file} is not there"
            else:
                problem = f"{copy.file} is not what the settings and the roster say today"
        elif _digest(path) != copy.sha256:
            problem = f"{copy.file} was changed after it was written; --force writes it again"
        yield CurrentCopy(school=school, template=copy.template, part=part, file=copy.file, problem=problem)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Answers:
    """The copies that answer returns: correction copies, and those with a reader's remarks."""

    def __init__(self, campaign: Campaign, ledger: Ledger) -> None:
        self.campaign, self._ledger = campaign, ledger
        self._layouts: dict[tuple[str, int], Layout | None] = {}
        self._copies: dict[Plan, list[IssuedCopy]] = defaultdict(list)
        for copy in ledger.copies():
            if copy.kind in (CORRECTION, REVIEW):
                self._copies[copy.school_key, copy.template].append(copy)
        self._returns: Mapping[Plan, list[StoredReturn]] | None = None

    def to(self, stored: StoredReturn) -> IssuedCopy | None:
        """The newest copy that answers a return, or another one with the same answers."""
        plan = (stored.school_key or "", stored.template or "")
        copies = [copy for copy in self._copies.get(plan, ()) if copy.part == (stored.part or "")]
        own = [copy for copy in copies if copy.inputs_hash == stored.sha256]
        if not own and copies:
            alike = {
                item.sha256 for item in self._of(plan) if item.part == stored.part and unchanged(item, stored)
            }
            own = [copy for copy in copies if copy.inputs_hash in alike]
        return max(own, key=lambda copy: (copy.issue, copy.id), default=None)

    def is_there(self, copy: IssuedCopy) -> bool:
        """Whether its file is."""
        return (self.campaign.root / copy.file).is_file()

    def layout(self, copy: IssuedCopy) -> Layout | None:
        """Which cell of it holds which field; None where its form is not at hand."""
        key = (copy.digest, copy.version)
        if key not in self._layouts:
            form, model = self._ledger.form(copy.digest), self.campaign.model(copy.template)
            own = older(model, copy.version) or model
            facts = FormFacts.from_json(form.facts) if form else None
            self._layouts[key] = form_with(own, facts).layout if facts else None
        return self._layouts[key]

    def _of(self, plan: Plan) -> list[StoredReturn]:
        if self._returns is None:
            found: dict[Plan, list[StoredReturn]] = defaultdict(list)
            for item in self._ledger.returns():
                found[item.school_key or "", item.template or ""].append(item)
            self._returns = found
        return self._returns.get(plan, [])
