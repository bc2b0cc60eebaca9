"""The plans of campaigns, each as a part of a report, a few of them in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from xlplan.findings import Finding
from xlplan.form.spec import FormSpec
from xlplan.pipeline.rolling import Opened, Source
from xlplan.pipeline.status import SchoolState
from xlplan.rollup.data import PlanRecord
from xlplan.rollup.report.model import Part
from xlplan.rollup.report.school import plan_part, unread_part
from xlplan.rollup.sheets.naming import STATES
from xlplan.rollup.store import Store

Numbers = Mapping[tuple[str, str, str], int]
PARTS = "It comes back in parts, which are not put together yet."
UNREAD = "{file}: no plan could be read out of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is shown of one plan. `statuses`: how its activities stand, by path; `state`: in words, with its sign."""

    spec: FormSpec
    record: PlanRecord
    findings: tuple[Finding, ...]
    statuses: Mapping[str, str]
    state: str

    @property
    def words(self) -> str:
        """The state without its sign."""
        return self.state.partition(" ")[2]


def shown(source: Source, item: SchoolState, record: PlanRecord) -> Shown:
    """A plan with its findings, and how its activities stand on the day of the source."""
    activities = source.reader(item.template).facts(record, "")["activities"]
    counted = item.counted
    same = item.about is None or counted is None or item.about.id == counted.id
    return Shown(
        spec=source.forms.form(item.school).layout.spec, record=record,
        findings=item.shown if same or counted is None else counted.findings,
        statuses={str(row["path"]): str(row["status"]) for row in activities},
        state="○ Draft, not accepted yet" if record.draft else STATES.get(item.state, item.state),
    )  # fmt: skip


def plan_numbers(store: Store) -> Numbers:
    """The number of each plan of a deck, by campaign, school's key and template."""
    return {
        (row[0], row[1], row[2]): row[3]
        for row in store.rows("SELECT campaign, key, template, plan FROM plans")
    }


def plan_parts(campaigns: Sequence[Opened], as_of: date, numbers: Numbers) -> Iterator[Part]:
    """A part for each plan of which anything came back, drafts too, in the order of their numbers."""
    for campaign, ledger in campaigns:
        source = Source(campaign, ledger, as_of)
        for item, record in source.returned():
            number = numbers.get((campaign.settings.id, item.school.key, item.template))
            if number is not None:
                yield _part(source, item, record, number)


def _part(source: Source, item: SchoolState, record: PlanRecord | None, number: int) -> Part:
    if record is None:
        school, latest = item.school, item.latest
        return unread_part(
            school.name, school.district if school.school else "", item.shown, number=number,
            state=STATES.get(item.state, item.state), title=source.shape(item.template).title,
            told=PARTS if item.parts else UNREAD.format(file=latest.file if latest else "What came back"),
        )  # fmt: skip
    one = shown(source, item, record)
    return plan_part(
        one.spec, one.record, one.findings, one.statuses, number=number, state=one.state, as_of=source.as_of
    )
