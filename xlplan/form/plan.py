"""Base classes of templates: a row, a plan with its header, and how its sheets are declared."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Annotated, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from xlplan.form.markers import Help, Label, PastDay, Person, Table, Text, YesNo

if TYPE_CHECKING:
    from xlplan.form.upgrade import Upgrade


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetOf:
    """One sheet, or one a slot where `title` holds "{n}". `holds`: the members of the plan that stand on it.

    `key`: the section key printed in A3 (at most 4 letters; numbered on repeated sheets). `columns`: widths from
    column D on, where the fields' own are not wanted. `guide`: sentences under the purpose.
    """

    key: str
    title: str
    purpose: str
    holds: tuple[str, ...] = ()
    asks: str = ""
    guide: tuple[str, ...] = ()
    heading: str = ""
    columns: tuple[float, ...] = ()
    supporting: bool = False
    reviews: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePart:
    """One part of the read-only sheet Guide: a heading, full sentences, and rows of up to three texts under `heads`."""

    heading: str
    text: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A template's name, version, title, sheets in printed order, and what it stands on.

    `guide`: the parts of its sheet Guide, where it has one. `checks`: the codes of the checks that apply to it; None
    for all that the meanings of its fields allow.
    """

    name: str
    version: int
    title: str
    purpose: str
    source: str
    sheets: tuple[SheetOf, ...]
    plan_guide: str = ""
    guide: tuple[GuidePart, ...] = ()
    checks: tuple[str, ...] | None = None


class Row(BaseModel):
    """One repeated row, or one object, of a plan. Unknown fields are refused: a plan loses nothing silently."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)

    one_of: ClassVar[tuple[str, ...]] = ()
    """Fields of which a begun row fills in one at least."""

    @model_validator(mode="after")
    def _conditions(self) -> Self:
        """What fields ask of each other: `one_of`, and tables that some choices make unnecessary."""
        if self.one_of and not any(getattr(self, name) for name in self.one_of):
            raise PydanticCustomError("one-of", "one of {names} is needed", {"names": ", ".join(self.one_of)})
        for name, (field, choices) in self._unless().items():
            if not getattr(self, name) and getattr(self, field) not in choices:
                raise PydanticCustomError("row-needed", "{name} needs a row", {"name": name})
        return self

    @classmethod
    @cache
    def _unless(cls) -> dict[str, tuple[str, tuple[str, ...]]]:
        """Each table that needs a row, unless that field has one of those choices."""
        marks = ((name, mark) for name, info in cls.model_fields.items() for mark in info.metadata)
        return {name: mark.unless for name, mark in marks if isinstance(mark, Table) and mark.unless}


class SignoffRole(StrEnum):
    PRINCIPAL = "principal"
    COUNCIL = "school council"
    SUPERINTENDENT = "superintendent"
    BOARD = "board"
    OTHER = "other"


class Member(Row):
    name: Annotated[Person, Label("Name", noun="name"), Help(message="One person.")]
    role: Annotated[Text | None, Label("Role", noun="role")] = None
    facilitator: Annotated[YesNo | None, Label("Facilitator?", noun="lead")] = None
    recorder: Annotated[YesNo | None, Label("Recorder?", noun="recorder")] = None


class Signoff(Row):
    role: Annotated[SignoffRole, Label("Signs off as", noun="role")]
    name: Annotated[Person, Label("Name", noun="name"), Help(message="The person who signs off.")]
    signed_on: Annotated[PastDay, Label("Date", noun="date")]


class Headed(Row):
    """What every form begins with: for whom it is, prefilled and locked."""

    form: ClassVar[Form]

    district_id: Annotated[str, Label("District ID")]
    district: Annotated[str, Label("District")]
    school_id: Annotated[str | None, Label("School ID")] = None
    school: Annotated[str | None, Label("School")] = None
    year: Annotated[str, Label("School year")]


class Plan(Headed):
    """What every plan begins with: for whom it is, and who prepared it.

    `upgrade`: of an older version, what becomes of its answers in the next one.
    """

    upgrade: ClassVar[Upgrade | None] = None

    prepared_by: Annotated[
        Person,
        Label("Prepared by", noun="name", tag="pby"),
        Help(
            "One person, whom the district can ask.", "One person, whom the district can ask about this plan."
        ),
    ]
    prepared_on: Annotated[
        PastDay, Label("Prepared on", noun="date", tag="pon"), Help("The day you finished this version.")
    ]
    team: Annotated[
        list[Member],
        Table(
            label="The team",
            slots=8,
            noun="member",
            tag="t",
            guide="Who worked on this plan. Mark who leads and who keeps the notes.",
        ),
    ] = Field(default_factory=list)
    signoffs: Annotated[
        list[Signoff],
        Table(
            label="Sign-off",
            slots=4,
            noun="sign-off",
            tag="so",
            guide="Whoever has agreed to the plan, with the day.",
        ),
    ] = Field(default_factory=list)


HEADER = ("district_id", "district", "school_id", "school", "year")
"""The fields that a roster fills in, locked in every copy."""
PEOPLE = ("team", "signoffs")
"""The tables that every plan has on its sheet Plan."""
