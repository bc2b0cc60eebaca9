"""The status of a campaign as a report: what needs work first, every school by section, what came in last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from xlplan.rollup.report.lists import state_of
from xlplan.rollup.report.model import (
    Cell,
    Column,
    Link,
    Number,
    Part,
    PlanKey,
    Report,
    Row,
    Share,
    State,
    Table,
    Tile,
    Tiles,
)
from xlplan.rollup.report.tracked import Tracked, TrackedFile, TrackedPlan
from xlplan.rollup.report.tracked_school import OUTCOMES, school_parts
from xlplan.rollup.words import counted, long_day, opened, short_day

IN, FIX, OUT = ("accepted", "approved"), ("rejected", "in-review"), ("issued", "not-issued")


def tracker(tracked: Tracked) -> Report:
    """The report. It is the same for the same state of the campaign, but for the moment that it names."""
    return Report(
        title=tracked.title, kind="Status of returns", about=_about(tracked), as_of=tracked.as_of,
        parts=lambda: _parts(tracked), schools=lambda: school_parts(tracked),
        plans=tuple(
            PlanKey(
                plan=plan.number, district_id=plan.district_id, district=plan.district, school=plan.school,
                template=plan.template, state=state_of(plan.state).text,
            )
            for plan in tracked.plans
        ),
    )  # fmt: skip


def moment(as_of: date, at: datetime | None) -> str:
    """ "As of Sunday, January 31, 2027, at 14:05." """
    return f"As of {long_day(as_of)}{f', at {at:%H:%M}' if at else ''}."


def _about(tracked: Tracked) -> str:
    again = " Load the page again to see what has come in since." if tracked.at else ""
    return f"{moment(tracked.as_of, tracked.at)}{again}"


def _parts(tracked: Tracked) -> Iterator[Part]:
    yield _work(tracked)
    yield _sections(tracked)
    if any(plan.progress for plan in tracked.plans):
        yield _progress(tracked)
    if tracked.loose:
        yield _loose(tracked.loose)
    yield _arrivals(tracked)


def _number(plans: Iterable[TrackedPlan], worth: Callable[[TrackedPlan], int] = lambda _: 1) -> Number:
    by: dict[int, int] = {plan.number: found for plan in plans if (found := worth(plan))}
    return Number(value=sum(by.values()), by=by)


def _work(tracked: Tracked) -> Part:
    """The tiles, and the plans that somebody has to do something about."""
    plans, whole = tracked.plans, _number(tracked.plans)
    groups = {name: [plan for plan in plans if plan.state in states] for name, states in (
        ("in", IN), ("fix", FIX), ("out", OUT), ("decide", ("waiting",)),
    )}  # fmt: skip
    late = [plan for plan in plans if plan.late]
    tiles = [
        Tile(label="In", number=Share(part=_number(groups["in"]), whole=whole, shown="of"), note="accepted"),
        Tile(label="To correct", number=_number(groups["fix"]), note="came back with something to fix"),
        Tile(label="Not returned", number=_number(groups["out"]), note=_due(tracked)),
        Tile(label="Late", number=_number(late), note="not accepted by the day they are due"),
    ]
    if groups["decide"]:
        tiles.append(Tile(label="To decide", number=_number(groups["decide"]), note="two plans were merged"))
    rows = [
        Row(
            (
                _name(plan, tracked), state_of(plan.state), plan.todo or None, _found(plan) or None,
                State(f"▲ {plan.late_words}", "bad") if plan.late else None,
            ),
            plan=plan.number,
        )
        for plan in plans if plan.todo
    ]  # fmt: skip
    table = Table(
        name="work", title="What needs work first",
        columns=(
            Column("School"), Column("State", "state"), Column("What to do", "prose"), Column("Found"),
            Column("Late", "state"),
        ),
        rows=rows, empty="Nothing. No plan waits for the district or for corrections.",
    )  # fmt: skip
    said = [
        f"{len(groups['in'])} of {counted(len(plans), 'plan')} are in",
        f"{len(groups['fix'])} to correct",
        f"{len(groups['out'])} not returned",
        f"{len(late)} late",
    ]
    return Part(
        id="work", title="Where the round stands", finding=", ".join(said) + ".", blocks=(Tiles(tuple(tiles)), table)
    )  # fmt: skip


def _due(tracked: Tracked) -> str:
    return f"due {short_day(tracked.due)}" if tracked.due else ""


def _name(plan: TrackedPlan, tracked: Tracked) -> Link:
    return Link(tracked.name_of(plan), f"#{plan.id}")


def _found(plan: TrackedPlan) -> str:
    """ "3 to fix, 1 to check"."""
    return ", ".join(
        f"{count} {what}" for count, what in ((plan.fix, "to fix"), (plan.check, "to check")) if count
    )


def _sections(tracked: Tracked) -> Part:
    """A table for each template: its schools by its sections."""
    titles = list(dict.fromkeys(plan.template for plan in tracked.plans))
    tables = []
    for at, title in enumerate(titles):
        plans = [plan for plan in tracked.plans if plan.template == title]
        name = "tracker" if len(titles) == 1 else f"tracker-{at + 1}"
        tables.append(_tracker(tracked, plans, name, title))
    filled, required = (
        sum(pair[which] for plan in tracked.plans if plan.returns for pair in plan.sections.values())
        for which in (0, 1)
    )
    said = f"{filled:,} of {required:,} required answers are in the plans that came back." if required else ""
    return Part(id="tracker", title="Every school by section", finding=said, blocks=tuple(tables))


def _tracker(tracked: Tracked, plans: Sequence[TrackedPlan], name: str, title: str) -> Table:
    names = list(dict.fromkeys(section for plan in plans for section in plan.sections))
    came = [plan for plan in plans if plan.returns]
    return Table(
        name=name, title=title,
        columns=(
            Column("School"), Column("State", "state"), Column("All sections", "share"),
            *(Column(section, "share") for section in names),
        ),
        rows=[
            Row(
                (_name(plan, tracked), _standing(plan), _share([plan]), *(_share([plan], one) for one in names)),
                plan=plan.number,
            )
            for plan in plans
        ],
        total=("All that came back", None, _share(came), *(_share(came, one) for one in names)) if came else (),
        note="Required answers that are filled in. “–”: the plan has not come back, or nothing is required there.",
    )  # fmt: skip


def _standing(plan: TrackedPlan) -> State:
    """The state, with how many parts are in of a plan that comes in parts."""
    state = state_of(plan.state)
    if plan.state == "issued" and any(part.returns for part in plan.parts):
        came = sum(part.state == "accepted" for part in plan.parts)
        return State(f"○ {came} of {len(plan.parts)} parts in", "look")
    return state


def _share(plans: Sequence[TrackedPlan], section: str | None = None) -> Cell:
    """How much of a section is filled in, of all sections if none is named."""

    def sums(which: int) -> Number:
        return _number(
            (plan for plan in plans if plan.returns),
            lambda plan: sum(pair[which] for name, pair in plan.sections.items() if section in (None, name)),
        )

    whole = sums(1)
    return Share(part=sums(0), whole=whole, shown="of") if whole.value else None


def _progress(tracked: Tracked) -> Part:
    """Of a round after the first: what is done by now."""
    plans = [plan for plan in tracked.plans if plan.progress]
    heads = {"rows": "Activities", "done": "Done", "newly_done": "New since", "moved": "Moved"}

    def of(name: str) -> Callable[[TrackedPlan], int]:
        return lambda plan: (plan.progress or {}).get(name, 0)

    sums = {name: _number(plans, of(name)) for name in heads}
    table = Table(
        name="progress", title="Progress since the last round",
        columns=(Column("School"), *(Column(head, "count") for head in heads.values())),
        rows=[Row((_name(plan, tracked), *(of(name)(plan) for name in heads)), plan=plan.number) for plan in plans],
        total=("All", *sums.values()),
    )  # fmt: skip
    done, rows, new = (sums[name].value for name in ("done", "rows", "newly_done"))
    said = f"{done:,} of {rows:,} activities are done, {new:,} of them since."
    return Part(id="progress", title="Progress", finding=said, blocks=(table,))


def _loose(files: Sequence[TrackedFile]) -> Part:
    """Files that nobody's plan came of."""
    table = Table(
        name="loose", title="Files that need a person",
        columns=(Column("File"), Column("Came", "day"), Column("What it is", "prose"), Column("What to do", "prose")),
        rows=[Row((file.file, file.day, file.said or None, file.todo or None)) for file in files],
    )  # fmt: skip
    one = len(files) == 1
    said = opened(
        f"{counted(len(files), 'file')} {'belongs' if one else 'belong'} to no school yet, or could not be taken."
    )
    return Part(id="loose", title="Files without a school", finding=said, blocks=(table,))


def _arrivals(tracked: Tracked) -> Part:
    by_key = {plan.key: plan for plan in tracked.plans}
    rows = []
    for file in tracked.arrivals:
        plan = by_key.get((file.school_key, file.template))
        whose: Cell = _name(plan, tracked) if plan else file.school or None
        rows.append(Row((file.file, f"{short_day(file.day)}, {file.time}", OUTCOMES[file.outcome], whose)))
    table = Table(
        name="arrivals", title="What came in last",
        columns=(Column("File"), Column("Recorded"), Column("Outcome", "state"), Column("School")),
        rows=rows, empty="Nothing has come in yet.",
        note=f"The newest {len(rows)} of {counted(tracked.returned, 'file')}." if tracked.returned > len(rows) else "",
    )  # fmt: skip
    said = f"{counted(tracked.returned, 'file')} recorded so far." if tracked.returned else ""
    return Part(id="arrivals", title="Newest arrivals", finding=said, blocks=(table,))
