"""The parts of a split plan: which sections go together, and which members of the plan each part holds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from xlplan.form.plan import HEADER, Form, SheetOf
from xlplan.form.text import plural
from xlplan.languages import say, spoken

SLUG_LENGTH = 16  # characters of a part's title in the name of its file
PLAN_PART = "pl"  # the part of the sheet Plan, which every template has
_TOP = re.compile(r"[.\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part: the sections that one workbook of a split plan holds, named by the key of the first.

    `members`: the plan's own members that stand in it, by name; `number`: its place among `of` parts, from 1.
    """

    key: str
    title: str
    slug: str
    sheets: tuple[SheetOf, ...]
    members: frozenset[str]
    number: int
    of: int

    @property
    def place(self) -> str:
        """What people call it: Part 2 of 5: Rules."""
        return say("Part {number} of {of}: {title}", number=self.number, of=self.of, title=self.title)

    def holds(self, path: str) -> bool:
        """Whether what a path names stands in this part."""
        return top_of(path) in self.members


def top_of(path: str) -> str:
    """The plan's own member that a path leads into."""
    return _TOP.split(path, maxsplit=1)[0]


def parts_of(form: Form, names: Iterable[str]) -> tuple[Part, ...]:
    """The parts of a form, the sheet Plan first, then as printed; `names`: of the plan's own members.

    Sections of the same rows (a companion, a review) go together, since one says nothing without the other.
    """
    groups: list[tuple[list[SheetOf], set[str]]] = []
    for sheet in form.sheets:
        tops = {top_of(path) for path in (*sheet.holds, sheet.reviews) if path}
        shared = [group for group in groups if group[1] & tops]
        groups = [group for group in groups if group not in shared]
        groups.append(
            (
                [*(item for group in shared for item in group[0]), sheet],
                tops.union(*(group[1] for group in shared)),
            )
        )
    groups.sort(key=lambda group: form.sheets.index(group[0][0]))
    held = set[str]().union(*(tops for _, tops in groups))
    own = frozenset(name for name in names if name not in held)
    titles = [say("Plan"), *(_title(sheets) for sheets, _ in groups)]
    slugs = [_slug(title) for title in ("Plan", *(_title(sheets[:1]) for sheets, _ in groups))]
    keys = [PLAN_PART, *(sheets[0].key for sheets, _ in groups)]
    return tuple(
        Part(
            key=key, title=title, slug=slug if slugs.count(slug) == 1 and slug else key,
            sheets=tuple(sheets), members=frozenset(tops) | frozenset(HEADER), number=number, of=len(keys),
        )
        for number, (key, title, slug, (sheets, tops)) in enumerate(
            zip(keys, titles, slugs, [([], own), *groups], strict=True), 1
        )
    )  # fmt: skip


def _title(sheets: Iterable[SheetOf]) -> str:
    """The sheets that ask for something, those that stand once a slot in the plural."""
    stems = [(sheet.title, sheet.title.removesuffix(" {n}")) for sheet in sheets if sheet.holds]
    return say(" and ").join(title if stem == title else plural(stem) for title, stem in stems)


def _slug(title: str) -> str:
    """The title's first words as they can stand in a file's name; empty if none can."""
    found = ""
    if spoken():  # English titles keep the names that their files have
        title = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    for word in re.findall(r"[0-9a-z]+", title.lower()):
        longer = f"{found}-{word}" if found else word
        if len(longer) > SLUG_LENGTH:
            break
        found = longer
    return found
