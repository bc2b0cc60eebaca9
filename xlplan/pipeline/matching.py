"""Whose a return is that carries no identity: told by what it still shows of its school, or else by a person.

A file that anybody can make may so come to count for a school. Therefore nothing but the file's own cells is
evidence, all of it has to agree, and every match is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xlplan.campaign import Campaign, School
from xlplan.campaign.former import Former, closed_schools, merged_schools
from xlplan.errors import UsageError
from xlplan.findings import Finding, finding, quoted
from xlplan.form.plan import HEADER
from xlplan.form.text import clean_text, folded
from xlplan.intake.values import as_text
from xlplan.layout.book import Sheet
from xlplan.layout.model import Layout
from xlplan.layout.raw import RawPlan
from xlplan.layout.start import person
from xlplan.layout.witnesses import EMPTY, shown

if TYPE_CHECKING:
    from xlplan.ledger import StoredReturn

ENOUGH, AHEAD = 90.0, 5.0  # of 100: how like a name has to be, and how much more than any other
MOST_CANDIDATES, MOST_NAME = 5, 120
_UNLIKE = 50.0  # below which a school is no candidate
_FORM_LINE = re.compile(r"(?:(.+) · )?[A-Z0-9_-]+-\d+ · (.+) · \d+")
_TOP = 4  # rows of a sheet in which its form line is looked for
_LABEL, _VALUE = 2, 3  # the columns of Start that say what a fact is, and the fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A school that is said from outside: by a person, or by the ledger with what was `told` when it was found."""

    key: str
    told: tuple[Finding, ...] = ()


def placed_by(stored: StoredReturn) -> Placed | None:
    """Whose a recorded return is, for reading it again: what the ledger holds does not change with the roster."""
    if stored.school_key is None:
        return None
    told = tuple(item for item in stored.findings if item.code in ("school-matched", "school-said"))
    return Placed(key=stored.school_key, told=told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a file shows of its school, each text once: in the plan's header, on Start, at the top of its sheets."""

    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    district_ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.keys)

    @property
    def said(self) -> str:
        """The names and ids in quotes, as a sentence holds them."""
        return " and ".join(map(quoted, (*self.names, *self.keys)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """The school that a file without identity is taken for, None if that is nobody's yet; and what is to be told."""

    school: School | None
    findings: tuple[Finding, ...]


def whose(
    evidence: Evidence, campaign: Campaign, former: Sequence[Former], template: str, placed: Placed | None
) -> Whose:
    """Whose plan of this template it is: as somebody said, else as all evidence agrees on one school that is open.

    `identity-missing` lists the likeliest schools where it is nobody's. What split or merged is left to people.
    """
    if placed is not None:
        school = line_of(campaign, former, placed.key, template)
        return Whose(
            school=school, findings=(finding("identity-missing"), *_as_said(placed, school, evidence))
        )
    closed = closed_schools(former, campaign.roster)
    lines = _lines(campaign, former)
    key = _agreed(evidence, {key: own for key, own in _fitting(lines, evidence).items() if own})
    school = None
    if key is not None and key not in closed and key not in merged_schools(closed):
        school = next((line for line in _open(campaign, key) if campaign.template_of(line) == template), None)
    if school is None:
        more = _candidates(evidence, lines, closed)
        return Whose(school=None, findings=(finding("identity-missing", more=more),))
    matched = finding("school-matched", school=title(school), shown=evidence.said)
    return Whose(school=school, findings=(finding("identity-missing"), matched))


def line_of(campaign: Campaign, former: Sequence[Former], key: str, template: str = "") -> School | None:
    """The roster's line for a school's plan, else its first one; of a closed school the line that it had."""
    lines = _open(campaign, key)
    own = [line for line in lines if campaign.template_of(line) == template]
    if lines:
        return own[0] if own else lines[0]
    return next((item.school for item in reversed(former) if item.school.key == key), None)


def _open(campaign: Campaign, key: str) -> tuple[School, ...]:
    """The roster's lines for a school, none if it is not there."""
    try:
        return campaign.plans_of(key)
    except UsageError:
        return ()


def title(school: School) -> str:
    """A school as sentences name it: Adams Elementary (530825001378)."""
    return f"{school.name} ({school.key})"


def closed_findings(campaign: Campaign, former: Sequence[Former], key: str) -> list[Finding]:
    """That a school is no longer on the roster, if so."""
    item = next((item for item in reversed(former) if item.school.key == key), None)
    if item is None or _open(campaign, key):
        return []
    now = line_of(campaign, former, item.merged_into) if item.merged_into else None
    more = f" It is part of {title(now)} now; its plan stays its own." if now else ""
    since = f"{item.until:%B} {item.until.day}, {item.until.year}"
    return [finding("school-closed", school=title(item.school), since=since, more=more)]


def evidence_of(layout: Layout, raw: RawPlan) -> Evidence:
    """What the cells of a returned workbook show of its school."""
    found: dict[str, list[str]] = {"school": [], "school_id": [], "district": [], "district_id": []}
    for name, texts in found.items():
        if name in raw.values and name not in raw.undecided:
            texts.append(clean_text(as_text(raw.values[name].cell.value), lines=False))
    for name, text in _on_start(layout, raw.read.get("start")):
        found[name].append(text)
    for sheet in raw.read.values():
        for school, key in _form_lines(sheet):
            found["school"].append(school)
            found["school_id"].append(key)
    names, keys, districts, district_ids = map(_once, found.values())
    return Evidence(names=names, keys=keys, districts=districts, district_ids=district_ids)


def _on_start(layout: Layout, sheet: Sheet | None) -> Iterator[tuple[str, str]]:
    """The facts of the school on Start, each beside its own label wherever that stands now."""
    if sheet is None:
        return
    plan = layout.sheet("start")
    labels = {put.row: put.value for put in plan.puts if put.column == _LABEL}
    names = {labels.get(put.row): name for name in HEADER for put in plan.puts if put.value == person(name)}
    for (row, column), cell in sheet.cells.items():
        if column == _LABEL and (name := names.get(shown(cell.value))) is not None:
            yield name, shown(sheet.cells.get((row, _VALUE), EMPTY).value)


def _form_lines(sheet: Sheet) -> Iterator[tuple[str, str]]:
    """Name and key of the form lines at the top of a sheet: `Adams Elementary · SFSS-2 · 530825001378 · 1`."""
    for (row, _), cell in sheet.cells.items():
        if row <= _TOP and isinstance(cell.value, str):
            line = _FORM_LINE.fullmatch(shown(cell.value))
            if line is not None:
                yield line[1] or "", line[2]


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text that says something, once."""
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(_same(text), text)
    return tuple(text for same, text in found.items() if same)


def _lines(campaign: Campaign, former: Sequence[Former]) -> dict[str, list[School]]:
    """Every school by its key, as the roster has it and as it had it: copies that are out show former names."""
    found: dict[str, list[School]] = {}
    for line in (*campaign.roster.schools, *(item.school for item in former)):
        found.setdefault(line.key, []).append(line)
    return found


def _fitting(lines: Mapping[str, list[School]], evidence: Evidence) -> dict[str, list[School]]:
    """Those lines that are of the district which the file shows; none where it shows no district, or several."""
    ids, names = set(map(_same, evidence.district_ids)), set(map(folded, evidence.districts))
    if not ids and not names:
        return {key: [] for key in lines}
    return {
        key: [line for line in own if ids <= {_same(line.district_id)} and names <= {folded(line.district)}]
        for key, own in lines.items()
    }


def _agreed(evidence: Evidence, lines: Mapping[str, list[School]]) -> str | None:
    """The key on which all evidence agrees: name and id of one school, or a name that is nearly one school's alone."""
    if not evidence.names or not lines:
        return None
    alike = {key: max(_least(evidence.names, line, _ratio) for line in own) for key, own in lines.items()}
    if evidence.keys:
        wanted = set(map(_same, evidence.keys))
        named = [key for key in lines if wanted == {_same(key)}]
        best, ahead = (named[0] if len(named) == 1 else None), 0.0
    else:
        best, ahead = max(alike, key=lambda key: alike[key]), AHEAD
    if best is None or max(_least(evidence.names, line, likeness) for line in lines[best]) < ENOUGH:
        return None
    others = max((score for key, score in alike.items() if key != best), default=0.0)
    return best if alike[best] - others >= ahead else None


def likeness(one: str, other: str) -> float:
    """How alike two schools' names are, of 100: the whole whatever the order, and each word to one of the other's.

    The whole alone makes Northside Elementary and Southside Elementary the same school.
    """
    from rapidfuzz import fuzz, utils  # hardly a file needs it

    words, others = (utils.default_process(text).split() for text in (one, other))
    if not words or not others:
        return 0.0
    pairs = [(word, others) for word in words] + [(word, words) for word in others]
    return min(_ratio(one, other), *(max(fuzz.ratio(word, near) for near in among) for word, among in pairs))


def _ratio(one: str, other: str) -> float:
    from rapidfuzz import fuzz, utils

    return fuzz.token_sort_ratio(one[:MOST_NAME], other[:MOST_NAME], processor=utils.default_process)


def _least(names: Iterable[str], line: School, how: Callable[[str, str], float]) -> float:
    """How alike a school's name is to the least alike of these."""
    own = clean_text(line.name, lines=False)
    return min(how(name, own) for name in names)


def _most(names: Iterable[str], line: School) -> float:
    return max((_ratio(name, line.name) for name in names), default=0.0)


def _same(text: str) -> str:
    """An id or a name for comparing: programs take the zeros from the beginning of a number."""
    return text.lstrip("0") if text.isdigit() else folded(text)


def _candidates(evidence: Evidence, lines: Mapping[str, list[School]], closed: Mapping[str, Former]) -> str:
    """The schools that it may be of, likeliest first, as a sentence with what the file shows and what to do."""
    if not evidence:
        return " Nothing in it tells either. Its sender can; then run: xlplan collect FILE --as SCHOOL."
    fitting = {key: own for key, own in _fitting(lines, evidence).items() if own} or lines
    wanted = set(map(_same, evidence.keys))
    scored = [
        (_same(key) in wanted, max(_most(evidence.names, line) for line in own), own[0])
        for key, own in fitting.items()
    ]
    likely = [item for item in scored if item[0] or item[1] >= _UNLIKE]
    likely.sort(key=lambda item: (-item[0], -item[1], item[2].key))
    said = [
        f"{title(line)}{', closed' if line.key in closed else ''}: {'its ID' if same else f'{score:.0f} of 100'}"
        for same, score, line in likely[:MOST_CANDIDATES]
    ]
    nearest = f" Nearest: {'; '.join(said)}." if said else " No school on the roster is called so."
    return f" It shows {evidence.said}.{nearest} To name the school: xlplan collect FILE --as SCHOOL."


def _as_said(placed: Placed, school: School | None, evidence: Evidence) -> tuple[Finding, ...]:
    """That somebody said whose it is, and what the file shows if that is another."""
    if placed.told or school is None:
        return placed.told
    other = [name for name in evidence.names if likeness(name, school.name) < ENOUGH]
    other += [key for key in evidence.keys if _same(key) != _same(school.key)]
    more = f" The file itself shows {' and '.join(map(quoted, other))}." if other else ""
    return (finding("school-said", school=title(school), more=more),)
