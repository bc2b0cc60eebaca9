"""From the ledgers of campaigns to the facts that rollups and exports are made of, a few plans at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from xlplan.campaign import Campaign
from xlplan.ledger import Ledger, StoredReturn
from xlplan.merge.progress import Progress
from xlplan.pipeline.carried import CarriedPlans
from xlplan.pipeline.forms import facts_for, form_with
from xlplan.pipeline.status import SchoolState, status
from xlplan.pipeline.summarise import shape_of, slots_from, waiver_words
from xlplan.pipeline.upgrading import upgraded_plan
from xlplan.rollup.data import READABLE, PlanRecord, Shape
from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import COMPLETENESS, FINDINGS, PLANS, PROGRESS, table_named
from xlplan.rollup.sections import section_of
from xlplan.rollup.store import Store
from xlplan.rollup.themes import OTHER, Themes, load
from xlplan.rollup.vocabulary import Vocabulary

AT_ONCE = 50  # plans that are read from the ledger together
Opened = tuple[Campaign, Ledger]


class Source:
    """The plans of one campaign as rollups read them.

    `states` has everybody on the roster, without plans; `forms` what a school's copy looks like today.
    """

    def __init__(self, campaign: Campaign, ledger: Ledger, as_of: date) -> None:
        self.campaign, self.ledger, self.as_of = campaign, ledger, as_of
        self.drafts = campaign.settings.counting == READABLE
        self.states = tuple(
            sorted(status(campaign, ledger, as_of).schools, key=lambda item: (*_order(item), item.template))
        )
        self.forms = CarriedPlans(campaign, ledger, (item.school for item in self.states))
        self._shapes: dict[str, Shape] = {}
        self._readers: dict[str, Vocabulary] = {}

    @property
    def templates(self) -> tuple[str, ...]:
        """The templates of the roster, the campaign's own first."""
        found = dict.fromkeys(item.template for item in self.states)
        return tuple(sorted(found, key=lambda name: name != self.campaign.template))

    def shape(self, template: str) -> Shape:
        """A template as rollups see it."""
        if template not in self._shapes:
            first = next(item.school for item in self.states if item.template == template)
            facts = replace(facts_for(self.campaign, first), round=self.campaign.settings.round)
            self._shapes[template] = shape_of(form_with(self.campaign.model(template), facts).layout)
        return self._shapes[template]

    def reader(self, template: str) -> Vocabulary:
        """What reads the plans of a template, made once."""
        if template not in self._readers:
            self._readers[template] = Vocabulary(self.shape(template), self.as_of)
        return self._readers[template]

    def in_figures(self) -> Iterator[tuple[SchoolState, PlanRecord]]:
        """The plans that figures are made from: drafts only where the campaign counts them."""
        return ((item, record) for item, record in self.records() if self.drafts or not record.draft)

    def records(self) -> Iterator[tuple[SchoolState, PlanRecord]]:
        """The plans that count, drafts too, a few of them in memory at a time."""
        found = iter(item for item in self.states if item.counted)
        while some := list(islice(found, AT_ONCE)):
            known = self.ledger.plans(item.counted.id for item in some if item.counted)
            for item in some:
                if item.counted and item.counted.id in known:
                    yield item, self._record(item, item.counted, *known[item.counted.id])

    def returned(self) -> Iterator[tuple[SchoolState, PlanRecord | None]]:
        """Everybody of whom something came back, with the plan that counts, or else the newest that could be read."""
        found = iter(item for item in self.states if item.returns)
        while some := list(islice(found, AT_ONCE)):
            newest = [(item, item.counted or (None if item.parts else item.latest)) for item in some]
            known = self.ledger.plans(one.id for _, one in newest if one)
            for item, one in newest:
                yield item, self._record(item, one, *known[one.id]) if one and one.id in known else None

    def _record(
        self,
        item: SchoolState,
        counted: StoredReturn,
        stored: Mapping[str, Any],
        lineage: Sequence[tuple[str, str, str]],
    ) -> PlanRecord:
        school = item.school
        model = self.campaign.model(item.template)
        version = counted.version or model.form.version
        plan, cells = upgraded_plan(
            stored, {path: (sheet, cell) for path, sheet, cell in lineage}, version, model
        )
        return PlanRecord(
            school_id=school.school_id, school=school.school, district_id=school.district_id,
            district=school.district, template=item.template, version=counted.version or 1,
            outcome=counted.outcome, draft=counted.outcome != "accepted", file=counted.file,
            received=counted.received, plan=plan, cells=cells,
            slots=slots_from(self.forms.form(school).layout.spec, cells),
        )  # fmt: skip


@contextmanager
def deck_of(
    campaigns: Sequence[Opened], as_of: date, *, out: Path | None = None, folder: Path | None = None
) -> Iterator[Deck]:
    """Everything that summaries show of these campaigns, as of a day; gone with its private file at the end.

    `out`: the workbook to be written. `folder`: where the private file may lie.
    """
    sources = (Source(campaign, ledger, as_of) for campaign, ledger in campaigns)
    with deck_from(sources, as_of, out=out, folder=folder) as deck:
        yield deck


@contextmanager
def deck_from(
    sources: Iterable[Source], as_of: date, *, out: Path | None = None, folder: Path | None = None
) -> Iterator[Deck]:
    """The same of campaigns that are being read already, the main one first."""
    main: Campaign | None = None
    with Store(as_of, folder) as store:
        forms: dict[str, None] = {}
        number = 0
        for source in sources:
            main = main or source.campaign
            themes = load(source.campaign.root)
            for template in source.templates:
                shape = source.shape(template)
                forms[f"{shape.title}, version {shape.version}"] = None
                _choices(store, shape)
            number = _add(store, source, themes, number)
        store.index()
        assert main is not None
        yield Deck(
            store=store, as_of=as_of, whose=_whose(store), forms=tuple(forms), year=main.settings.year,
            counting=main.settings.counting, out=out, reports=main.reports,
        )  # fmt: skip


def _add(store: Store, source: Source, themes: Themes, last: int) -> int:
    """Add the plans of one campaign; gives the last number."""
    numbers: dict[tuple[str, str], int] = {}
    for number, item in enumerate(source.states, start=last + 1):
        numbers[item.school.key, item.template] = number
        store.add(PLANS, number, [_plan_row(source, item)])
        shape = source.shape(item.template)
        store.add(COMPLETENESS, number, _sections(item, shape) if item.returns else [])
        store.add(FINDINGS, number, _findings(source, item, store.as_of))
        if item.progress is not None:
            _progress(store, number, item.progress)
    for item, record in source.in_figures():
        plan = numbers[item.school.key, item.template]
        for name, rows in (
            source.reader(item.template).facts(record, row_prefix(source.campaign, item)).items()
        ):
            if name == "causes":
                _themed(store, plan, rows, themes)
            store.add(table_named(name), plan, rows)
    return last + len(source.states)


def row_prefix(campaign: Campaign, item: SchoolState) -> str:
    """What the ids of a plan's rows begin with: the school's key, and the template where it is not the campaign's."""
    return item.school.key if item.template == campaign.template else f"{item.school.key}/{item.template}"


def _plan_row(source: Source, item: SchoolState) -> dict[str, Any]:
    school, counted = item.school, item.counted
    shown = counted or item.latest
    draft = counted is not None and counted.outcome != "accepted"
    asked = item.completeness if item.returns else ()
    return {
        "campaign": source.campaign.settings.id, "region": school.region or None,
        "district_id": school.district_id, "district": school.district, "school_id": school.school_id or None,
        "school": school.name, "template": item.template, "form": source.shape(item.template).title,
        "state": item.state, "late": item.late, "counted": counted is not None and (source.drafts or not draft),
        "draft": draft, "version": shown.version if shown else None, "issued": item.issued, "returns": item.returns,
        "received": shown.received if shown else None, "file": shown.file if shown else None,
        "sha256": shown.sha256 if shown else None, "filled": sum(line["filled"] for line in asked),
        "required": sum(line["required"] for line in asked), "errors": item.findings.get("error", 0),
        "warnings": item.findings.get("warning", 0), "advice": item.findings.get("advice", 0),
        "folder": source.campaign.root.resolve().as_posix(), "key": school.key,
    }  # fmt: skip


def _sections(item: SchoolState, shape: Shape) -> list[dict[str, Any]]:
    sums: dict[str, list[int]] = {}
    for line in item.completeness:
        both = sums.setdefault(section_of(line["sheet"], shape), [0, 0])
        both[0] += line["filled"]
        both[1] += line["required"]
    order = list(dict.fromkeys(section_of(sheet, shape) for sheet in shape.sheets))
    known = sorted(sums, key=lambda name: order.index(name) if name in order else len(order))
    return [{"section": name, "filled": sums[name][0], "required": sums[name][1]} for name in known]


def _findings(source: Source, item: SchoolState, as_of: date) -> Iterator[dict[str, Any]]:
    for one in item.shown:
        waiver = source.campaign.settings.waiver(one.code, item.school.key, as_of) if one.waived else None
        yield {
            "row": f"{row_prefix(source.campaign, item)}:{one.path or ''}", "path": one.path, "sheet": one.sheet,
            "cell": one.cell, "code": one.code, "severity": str(one.severity), "message": one.message,
            "remedy": one.remedy, "waived": (waiver_words(waiver) if waiver else "waived") if one.waived else None,
        }  # fmt: skip


def _themed(store: Store, plan: int, causes: Sequence[dict[str, Any]], themes: Themes) -> None:
    """Say of each cause which themes it is about, and note the words that tell so."""
    for row in causes:
        found = themes.matches(". ".join(filter(None, (row["name"], row["cause"]))))
        row["themes"] = "; ".join(dict.fromkeys(theme for theme, _ in found)) or OTHER
        store.theme(plan, row["row"], found)


def _progress(store: Store, plan: int, progress: Progress) -> None:
    store.add(PROGRESS, plan, (
        {
            "label": one.label, "number": one.number, "step": one.text, "counts": one.counts, "last": one.last,
            "now": one.now, "was_done": one.was_done, "done": one.done, "first_due": one.first_due, "due": one.due,
            "days": one.days, "learned": one.learned, "changes": one.changes,
        }
        for one in progress.activities
    ))  # fmt: skip


def _choices(store: Store, shape: Shape) -> None:
    """The priorities that a template offers, so that one nobody chose is a gap too."""
    for table in shape.tables:
        if column := table.marked("priority"):
            store.offer(shape.template, shape.choices.get(column.name, ()))


def _whose(store: Store) -> str:
    names = [row[0] for row in store.rows("SELECT DISTINCT district FROM plans ORDER BY district LIMIT 2")]
    if len(names) < 2:
        return str(names[0]) if names else ""
    return f"{store.one('SELECT count(DISTINCT district_id) FROM plans')} districts"


def _order(item: SchoolState) -> tuple[str, str, str, str]:
    return item.school.district, item.school.name, item.school.key, item.template
