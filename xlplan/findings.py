"""Findings: one thing wrong with a return, as data; and the outcome of a file.

Prose comes from the catalogue alone: a finding carries its facts, `CATALOGUE[code]` the sentence and the remedy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from xlplan.catalogue import CATALOGUE, PUT_RIGHT, Entry, Severity
from xlplan.languages.facts import facts_in

__all__ = [
    "CAME",
    "CATALOGUE",
    "Checked",
    "Entry",
    "Finding",
    "Severity",
    "finding",
    "phrased",
    "put_right",
    "quoted",
    "said",
]

CAME = "came"  # the fact of a finding that tells, in a sentence, of which part of a split plan it is
_DOUBLED = re.compile(r"([.!?…])”\.(?=\s|$)")  # a quotation that ends a sentence ends it with its own mark
FOUND_LENGTH = 200  # characters of what was found that a finding quotes (CONTRACT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong: where (path in slots, sheet, cell, as far as known), what was found, and the facts."""

    code: str
    severity: Severity
    path: str | None = None
    sheet: str | None = None
    cell: str | None = None
    found: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    waived: bool = False

    @property
    def message(self) -> str:
        """What was found, as a sentence."""
        return " ".join(filter(None, (self._say(CATALOGUE[self.code].sentence), self.facts.get(CAME))))

    @property
    def remedy(self) -> str:
        """What to do about it, as a sentence."""
        return self._say(CATALOGUE[self.code].remedy)

    def _say(self, text: str) -> str:
        facts = _Facts(self.facts, found=quoted(self.found), sheet=self.sheet or "", cell=self.cell or "")
        said = " ".join(text.format_map(facts).split())
        return _DOUBLED.sub(r"\1”", said)

    def as_json(self) -> dict[str, Any]:
        """The finding as CONTRACT's JSON."""
        document = {
            "code": self.code,
            "severity": str(self.severity),
            "path": self.path,
            "sheet": self.sheet,
            "cell": self.cell,
            "found": self.found,
            "message": self.message,
            "remedy": self.remedy,
        }
        return document | ({"waived": True} if self.waived else {})

    def with_severity(self, severity: Severity) -> Finding:
        """The same finding at another severity."""
        return replace(self, severity=severity)


def said(item: Finding, language: str) -> tuple[str, str]:
    """What a finding says, and what to do about it, in a language; English where it is empty."""
    known = facts_in(language) if language else None
    sentences = known.sentences(item.code) if known else None
    if known is None or sentences is None:
        return item.message, item.remedy
    told = {name: known.fact(name, text) for name, text in item.facts.items()}
    told[CAME] = known.told(item.facts.get(CAME, ""))
    found = item.found if item.found is None else known.day(item.found)
    facts = _Facts(told, found=quoted(found), sheet=item.sheet or "", cell=item.cell or "")
    message, remedy = (_filled(text, facts) for text in sentences)
    return " ".join(filter(None, (message, told[CAME]))), remedy


def phrased(text: str, language: str) -> str:
    """A phrase that findings carry as a fact, in a language; empty: English."""
    return facts_in(language).told(text) if language else text


def put_right(code: str, language: str) -> str:
    """What a fresh copy has put right of what a finding tells, in a language; empty: English."""
    said_ = facts_in(language).put_right(code) if language else None
    return said_ or PUT_RIGHT[code]


def _filled(text: str, facts: _Facts) -> str:
    said_ = " ".join(text.format_map(facts).split())
    said_ = _DOUBLED.sub(r"\1”", said_)
    return said_[:1].upper() + said_[1:]


class _Facts(dict[str, str]):
    """Facts for a sentence; one that is not given reads as nothing."""

    def __init__(self, facts: Mapping[str, str], **more: str) -> None:
        super().__init__(more)
        self.update(facts)

    def __missing__(self, key: str) -> str:
        return ""


def finding(
    code: str,
    *,
    path: str | None = None,
    sheet: str | None = None,
    cell: str | None = None,
    found: str | None = None,
    **facts: str,
) -> Finding:
    """A finding of the catalogue's own severity; `found` is cut at 200 characters."""
    if found is not None:
        found = found if len(found) <= FOUND_LENGTH else found[: FOUND_LENGTH - 1] + "…"
    severity = CATALOGUE[code].severity
    return Finding(code=code, severity=severity, path=path, sheet=sheet, cell=cell, found=found, facts=facts)


def quoted(text: str | None) -> str:
    """The text in typographic quotes, its line breaks as blanks; short, since a sentence holds it."""
    if text is None:
        return ""
    line = " ".join(text.split())
    return f"“{line if len(line) <= 60 else line[:59] + '…'}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What checking one file gave. `plan` is the plan's JSON as far as readable, None when refused.

    `correction`: the correction copy that answers it, relative to the campaign, once there is one. `part`: the key of
    the part that it is of, where the plan is split; `kind`: "return", or "parts" for a plan put together from parts;
    `erased`: it was recorded before, and its contents were erased on request; `unchanged`: its school returned the same
    answers before, in another file.
    """

    file: str
    outcome: str  # "accepted", "rejected" or "refused"
    findings: tuple[Finding, ...]
    school_id: str | None = None
    template: str | None = None
    version: int | None = None
    plan: Mapping[str, Any] | None = None
    already: bool = False
    sha256: str | None = None
    correction: str | None = None
    part: str | None = None
    kind: str = "return"
    erased: bool = False
    unchanged: bool = False

    def as_json(self) -> dict[str, Any]:
        """The file's entry in the JSON of `check` and `collect`."""
        document = {
            "file": self.file,
            "outcome": self.outcome,
            "school_id": self.school_id,
            "template": self.template,
            "version": self.version,
            "plan": self.plan,
            "findings": [item.as_json() for item in self.findings],
            "already": self.already,
        }
        document |= {"part": self.part} if self.part else {}
        document |= {"kind": self.kind} if self.kind != "return" else {}
        document |= {"unchanged": True} if self.unchanged else {}
        document |= {"erased": True} if self.erased else {}
        return document | ({"correction": self.correction} if self.correction else {})
