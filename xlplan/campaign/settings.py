"""What a campaign has settled: the words of `campaign.toml` as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from xlplan.findings import Severity

COUNTING = ("accepted", "readable")  # which outcomes may count at all
ROUNDS = ("carried", "status")  # after the first: what is still open, or the mid-year check
PACKINGS = ("quick", "plain")  # of copies; plain: as Python's own zip library packs them
COUNTS = ("newest-accepted", "newest", "chosen")  # which of a school's returns counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A rule not held against a school, or against any where `school` is empty, until a day or for good."""

    rule: str
    reason: str
    school: str = ""
    until: date | None = None  # the last day on which it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A campaign's settings. Keys of `slots` are paths as in `challenges[].strategies[].steps`."""

    id: str
    template: str
    plan_from: date
    plan_to: date
    title: str = ""
    return_by: date | None = None
    year: str = ""
    contact: str = ""
    language: str = ""  # of schools whose roster line names none, as people call it; empty: English
    counting: str = "accepted"
    counts: str = "newest-accepted"
    ledger: str = ""  # a database URL, or a file within the campaign folder; empty: ledger.sqlite
    password: str = field(default="", repr=False)
    packing: str = "quick"
    former: str = ""  # "from": the campaign whose plans this one carries on, its folder as seen from this one
    round: str = ""  # in which they are carried: ROUNDS; empty: none are
    split: bool = False  # a workbook per section and school, for all schools
    split_schools: tuple[str, ...] = ()  # the same for these schools
    slots: Mapping[str, int] = field(default_factory=dict)
    school_slots: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    private: tuple[str, ...] = ()  # paths of fields and groups whose answers are never published
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    help: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severity: Mapping[str, Severity] = field(default_factory=dict)
    from_dates: Mapping[str, date] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    extensions: Mapping[str, date] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether copies are packed without a trick."""
        return self.packing == "plain"

    def slots_for(self, school_key: str) -> dict[str, int]:
        """The slots this school gets: the campaign's, and its own before them."""
        return {**self.slots, **self.school_slots.get(school_key, {})}

    def is_split(self, school_key: str) -> bool:
        """Whether this school gets a workbook per section; the mid-year check goes out whole."""
        return self.round != "status" and (self.split or school_key in self.split_schools)

    def due(self, school_key: str) -> date | None:
        """The day by which this school returns its plan; None where no day was set."""
        return self.extensions.get(school_key, self.return_by)

    def waived(self, code: str, school_key: str | None, on: date) -> bool:
        """Whether a finding of this code is waived for the school on that day."""
        return self.waiver(code, school_key, on) is not None

    def waiver(self, code: str, school_key: str | None, on: date) -> Waiver | None:
        """The waiver that holds for a finding of this code on that day, the school's own before the others."""
        held = [
            waiver
            for waiver in self.waivers
            if waiver.rule == code
            and waiver.school in {"", school_key}
            and (waiver.until is None or on <= waiver.until)
        ]
        return next((waiver for waiver in held if waiver.school), held[0] if held else None)
