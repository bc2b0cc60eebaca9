"""Plans carried from a former campaign into a new one: what counts there is read again, and recorded here.

The former campaign is only read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from xlplan.campaign import Campaign, School, open_campaign
from xlplan.campaign.folder import SETTINGS
from xlplan.errors import UsageError
from xlplan.form.inspect import spec_of
from xlplan.form.markers import Window
from xlplan.form.rounds import STATUS_ROUND
from xlplan.form.spec import FormFacts
from xlplan.form.upgrade import fields_in
from xlplan.ledger import REFUSED, Ledger, StoredReturn
from xlplan.merge.carry import Former, carry
from xlplan.merge.carry_record import Carried
from xlplan.pipeline.carried import CarriedPlans, begun_cells, homeless, in_version, read_record
from xlplan.pipeline.forms import form_for
from xlplan.pipeline.known import context_of
from xlplan.pipeline.versions import carried_behind, copy_of, version_of_return

CARRIED, UNCHANGED, NOTHING = "carried", "unchanged", "nothing"
RETURNED, GONE, ERASED, UNREADABLE = "returned", "gone", "erased", "unreadable"
MOST_NAMED = 12  # schools that a remark names


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What became of one plan. `state`:

    carried: recorded (or it would be); unchanged: it was recorded so before; nothing: no return counts there;
    returned: something else would be carried now, but the school has returned a plan here, so nothing was changed;
    gone: what was carried counts there no more, or cannot be read there, and stays; erased: it was erased here on
    request; unreadable: it cannot be read any more. `homeless`: answers for which the new form has no box. `came`:
    whether the plan came back in the former round; if not, it is carried on as it was carried there.
    """

    school: School
    template: str
    state: str
    carried: Carried | None = None
    homeless: tuple[str, ...] = ()
    came: bool = True

    def as_json(self) -> dict[str, Any]:
        """The plan's entry in the documents of `init` and `carry`."""
        made = self.carried
        return {
            "school_id": self.school.key,
            "school": self.school.name,
            "template": self.template,
            "state": self.state,
            "from": made.sha256 if made else None,
            "received": made.received if made else None,
            "rows": len(made.rows) if made else 0,
            "left_out": list(made.left_out) if made else [],
            "emptied": list(made.emptied) if made else [],
            "homeless": list(self.homeless),
            "came": self.came,
        }


class FormerRound:
    """The campaign whose plans are carried on, open to be asked."""

    def __init__(self, campaign: Campaign, ledger: Ledger) -> None:
        self.campaign, self.ledger = campaign, ledger
        settings = campaign.settings
        counting = ledger.counting_returns(settings.counts, settings.counting)
        self._counting = {(item.school_key, item.template): item for item in counting}
        self._context = context_of(campaign, ledger, None)

    def counting(self, school_key: str, template: str) -> StoredReturn | None:
        """The return that counts there for a plan."""
        return self._counting.get((school_key, template))

    def left_behind(self, campaign: Campaign, known: Collection[str]) -> list[str]:
        """The plans of that round that nobody has in the new one, in words. `known`: the keys of its whole roster."""
        here = {(school.key, campaign.template_of(school)) for school in campaign.roster.schools}
        came = ((key, template) for key, template in self._counting if key is not None)
        there = dict.fromkeys([*came, *self.ledger.carried_plans()])
        names = {line.key: line.name for line in self.campaign.roster.schools}
        keys = {key for key, _ in here}
        gone = [plan for plan in there if plan not in here and (plan[0] in keys or plan[0] not in known)]
        return [f"{names.get(key, key)} ({template})" for key, template in gone]

    def plan(self, stored: StoredReturn) -> Former:
        """A plan as that round left it. Raises UsageError where it cannot be read any more."""
        context = replace(self._context, as_of=stored.received)
        version = version_of_return(self.ledger, stored, context)
        record = carried_behind(self.ledger, copy_of(version, self.ledger))
        settings, spec = self.campaign.settings, version.form.layout.spec
        return Former(
            campaign=settings.id, title=settings.title or spec.form.title, year=spec.facts.year, sha256=stored.sha256,
            received=stored.received, layout=version.form.layout, cells=version.cells,
            before=read_record(record, version.form.model) if record else None,
            required=self._required(stored.template or "", spec.facts),
        )  # fmt: skip

    def _required(self, template: str, facts: FormFacts) -> frozenset[str]:
        """What the form requires as long as nothing in it is locked."""
        spec = spec_of(self.campaign.model(template), replace(facts, round="", part=""))
        return frozenset(path for path, (_, item) in fields_in(spec) if item.required)

    def as_carried(self, school: School, template: str) -> Former | None:
        """A plan of which nothing counts there, as that round began with it; None where it began empty."""
        key = school.key
        own = next(
            (
                line
                for line in self.campaign.roster.schools
                if line.key == key and self.campaign.template_of(line) == template
            ),
            school,
        )
        record = self.ledger.carried(key, template)
        made = read_record(record, self.campaign.model(template)) if record else None
        if made is None:
            return None
        form = form_for(self.campaign, own, carried=made)
        asked_again = {path: value for path, value in made.emptied.items() if made.round == STATUS_ROUND}
        cells = begun_cells(form, replace(made, cells={**asked_again, **made.cells}))
        return Former(
            campaign=self.campaign.settings.id, title=made.title, year=made.year, sha256=made.sha256,
            received=date.fromisoformat(made.received), layout=form.layout, cells=cells, before=made, came=False,
            required=self._required(template, form.layout.spec.facts),
        )  # fmt: skip


@contextmanager
def former_round(root: Path, *, now: datetime) -> Iterator[FormerRound]:
    """The campaign in that folder, of which nothing changes. Raises UsageError where there is none, or no ledger."""
    campaign = open_campaign(root)
    with Ledger.open_as_it_is(campaign.ledger_url, now=now) as ledger:
        yield FormerRound(campaign, ledger)


def carried_from(former: FormerRound, campaign: Campaign, school: School) -> Line:
    """What the former round leaves of a school's plan; nothing is recorded."""
    template = campaign.template_of(school)
    stored = former.counting(school.key, template)
    settings = campaign.settings
    try:
        plan = former.as_carried(school, template) if stored is None else former.plan(stored)
    except UsageError:
        return Line(school=school, template=template, state=UNREADABLE)
    if plan is None:
        return Line(school=school, template=template, state=NOTHING)
    made = carry(plan, settings.round, Window(settings.plan_from, settings.plan_to))
    there = in_version(made, campaign.model(template))
    lost = homeless(form_for(campaign, school, carried=there), made)
    return Line(
        school=school, template=template, state=CARRIED, carried=made, homeless=tuple(lost), came=plan.came
    )


def record_carried(ledger: Ledger, lines: Iterable[Line], *, now: datetime) -> list[Line]:
    """Record what was carried, all or nothing; what was erased here on request is not recorded again."""
    told: list[Line] = []
    with ledger.recording(now=now) as into:
        for line in lines:
            made = line.carried
            if line.state == CARRIED and made is not None:
                kept = into.add_carried(line.school.key, line.template, made.content, made.quoted)
                line = line if kept else replace(line, state=ERASED)
            told.append(line)
    return told


def carry_again(
    campaign: Campaign,
    ledger: Ledger,
    schools: Iterable[School],
    *,
    now: datetime,
    dry_run: bool = False,
    step: Callable[[], None] = lambda: None,
) -> list[Line]:
    """Look at the former campaign again, and record what counts there now of plans of which nothing is returned here.

    Raises UsageError where the campaign carries on no other one, or that one's folder is not there.
    """
    known, found = CarriedPlans(campaign, ledger), []
    with former_round(root_of(campaign), now=now) as former:
        for school in schools:
            found.append(_again(former, campaign, ledger, known, school))
            step()
    return found if dry_run else record_carried(ledger, found, now=now)


def _again(
    former: FormerRound, campaign: Campaign, ledger: Ledger, known: CarriedPlans, school: School
) -> Line:
    line, record = carried_from(former, campaign, school), known.record(school)
    if line.carried is None:
        kept = record is not None and record.content is not None
        return replace(line, state=GONE) if kept else line
    if record is not None and record.content == line.carried.content:
        return replace(line, state=UNCHANGED)
    came = ledger.returns(school_key=school.key, template=line.template)
    return replace(line, state=RETURNED) if any(item.outcome != REFUSED for item in came) else line


def root_of(campaign: Campaign) -> Path:
    """The folder of the campaign that this one carries on. Raises UsageError where there is none."""
    where = campaign.settings.former
    if not where:
        raise UsageError(
            f"{campaign.root}: this campaign carries on no other one. One that does is made by `xlplan init DIR --from "
            "OLD_CAMPAIGN`."
        )
    root = campaign.root / where
    if not (root / SETTINGS).is_file():
        raise UsageError(
            f"{root}: the campaign whose plans this one carries on is not there. Put its folder back, or write where "
            f"it is now into {campaign.root / SETTINGS}, from. What was carried before is in the ledger, and stays."
        )
    return root


def remarks(lines: Sequence[Line], round_: str, *, dry_run: bool = False) -> Iterator[str]:
    """In words what was carried, for which schools there was nothing, and what needs a look."""
    counts = Counter(line.state for line in lines)
    made = [line for line in lines if line.state == CARRIED and line.carried]
    verb = "Would carry" if dry_run else "Carried"
    said = f"{verb} {_plans(counts[CARRIED])}"
    left = sum(len(line.carried.left_out) for line in made if line.carried)
    if round_ == "carried" and left:
        are = "are" if left != 1 else "is"
        said += f"; {left} row{'s' * (left != 1)} of them {are} done or long past, and left out"
    yield f"{said}."
    if counts[UNCHANGED]:
        yield f"{_plans(counts[UNCHANGED])} carried before as {'it is' if counts[UNCHANGED] == 1 else 'they are'}."
    for state, words in _SAID.items():
        named = [line.school.name for line in lines if line.state == state]
        if named:
            yield f"{words}: {listed(named)}."
    skipped = [line.school.name for line in made if not line.came]
    if skipped:
        yield f"No plan counts there, so these go on with what the round before left: {listed(skipped)}."
    for line in lines:
        if line.homeless:
            yield _no_box(line.school, line.homeless)


def homeless_remarks(campaign: Campaign, ledger: Ledger, schools: Iterable[School]) -> Iterator[str]:
    """In words which carried answers have no box in the copies of today, school by school."""
    plans = CarriedPlans(campaign, ledger)
    for school in schools:
        if paths := plans.homeless(school):
            yield _no_box(school, paths)


def _no_box(school: School, paths: Sequence[str]) -> str:
    return f"{school.name}: the new form has no box for {listed(paths)}; the answers stay in the ledger."


_SAID = {
    NOTHING: "No plan counts there, so these begin with an empty copy",
    RETURNED: "Something else would be carried now, but they have returned a plan here already, so nothing was changed",
    GONE: "What was carried for these counts there no more, or cannot be read there; it stays",
    ERASED: "Erased here on request, so not carried again",
    UNREADABLE: "Their plan cannot be read any more, so these begin with an empty copy",
}


def _plans(count: int) -> str:
    return f"{count} plan{'s' * (count != 1)}"


def listed(names: Sequence[str]) -> str:
    """The first of these names, and how many more there are."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
