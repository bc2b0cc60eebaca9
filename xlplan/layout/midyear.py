"""What the sheets of a mid-year check say of themselves, and which of them ask for something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from xlplan.form.markers import Kind
from xlplan.form.plan import SheetOf
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.form.spec import Field, FormFacts, FormSpec, Group
from xlplan.languages import say

ASKS = "What is done, new days, what you learned and change"
ASKS_OF_PLAN = "Who prepared this check, and when"
TO_READ = "    To read at this check: your plan as it stands, with nothing to fill in."
IN_USE = "    *  must be filled in, in every row that is in use."
_LEAST = 1.4  # lines of a text that nobody has to write
_SAID = {
    CARRIED: "What your last plan left open stands in the boxes. In grey beside it: what you said of it last, and the "
    "day first planned.",
    STATUS_ROUND: "This is the mid-year check. White boxes ask what is done, for new days, what you learned and what "
    "you change. All else is your plan as it stands.",
}  # fmt: skip


def asks_anything(groups: Iterable[Group]) -> bool:
    """Whether there is an open box in one of the groups, or in those inside it that stand on the same sheet."""
    return any(
        any(not field.locked for field in group.fields)
        or asks_anything(inner for inner in group.groups if inner.companion is None)
        for group in groups
    )


def as_read(spec: FormSpec) -> FormSpec:
    """The form as it is laid out: where a mid-year check asks nothing, no question, example or room to fill in."""
    return replace(spec, root=_quiet(spec.root)) if spec.facts.round == STATUS_ROUND else spec


def _quiet(group: Group) -> Group:
    members = tuple(_quiet(item) if isinstance(item, Group) else _as_text(item) for item in group.members)
    asks = not group.name or any(not field.locked for field in group.fields)
    return replace(group, members=members, guide=group.guide if asks else "", examples=())


def _as_text(field: Field) -> Field:
    if not field.locked:
        return field
    label = field.label.partition(":")[0] if field.ticks else field.label  # without what to mark
    least = _LEAST if field.kind is Kind.PROSE else field.least
    return replace(field, guide="", label=label, least=least)


def as_headed(sheet: SheetOf, *, asks: bool, round_: str) -> SheetOf:
    """The sheet as its first lines speak of it in that round; `asks`: it has open boxes."""
    if round_ != STATUS_ROUND:
        return sheet
    purpose = sheet.purpose if asks else sheet.purpose + say(TO_READ)
    return replace(sheet, purpose=purpose, guide=())


def asks_of(sheet: SheetOf, asks: str, *, open_: bool, round_: str) -> str:
    """What Start says that a sheet asks: `asks` in a first round."""
    return say(ASKS) if round_ == STATUS_ROUND and open_ else sheet.asks if round_ == STATUS_ROUND else asks


def round_line(facts: FormFacts) -> str:
    """What Start says of the round; empty for a first one."""
    return say(_SAID[facts.round]) if facts.round in _SAID else ""
