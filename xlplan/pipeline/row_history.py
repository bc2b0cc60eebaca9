"""One row of a plan followed over rounds, and over the returns of this one: its words, its status, its days.

Former rounds are told by the record that the plan was carried with; their campaigns need not be there any more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from xlplan.campaign import Campaign, School
from xlplan.campaign.nearest import did_you_mean
from xlplan.errors import UsageError
from xlplan.form.markers import Meaning
from xlplan.form.rounds import CHANGES, FIRST_DUE, LEARNED
from xlplan.layout.model import Layout
from xlplan.layout.rows import path_of
from xlplan.ledger import REFUSED, Ledger, StoredReturn
from xlplan.merge.carry_record import Carried, Past
from xlplan.merge.carry_rows import Rows, answers_of, followed, is_activity
from xlplan.merge.rows import rows_of
from xlplan.merge.values import Plain
from xlplan.pipeline.carried import CarriedPlans, begun_cells
from xlplan.pipeline.standing import Plans, counting_of, numbers
from xlplan.pipeline.versions import Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one return of this campaign says of the row, or the copy as issued (`number` None)."""

    number: int | None
    received: str | None
    counts: bool
    path: str
    text: str
    status: str | None
    due: Plain
    learned: Plain
    changes: Plain


@dataclass(frozen=True, slots=True, kw_only=True)
class RowHistory:
    """A row from its first round on. `row`: where it stands now; `place`: how people call it; `id`: for ever its own.

    `rounds`: what former rounds said, the first one first; `here`: the copy as issued, where it was carried, and the
    returns of this campaign that have the row.
    """

    school: School
    template: str
    campaign: str
    title: str
    year: str
    row: str
    place: str
    id: str
    first_due: Plain
    rounds: tuple[Past, ...]
    here: tuple[Said, ...]

    def as_json(self) -> dict[str, Any]:
        """The document of `history --row`."""
        return {
            "school_id": self.school.key,
            "school": self.school.name,
            "template": self.template,
            "row": self.row,
            "place": self.place,
            "id": self.id,
            "first_due": self.first_due,
            "rounds": [asdict(past) for past in self.rounds],
            "campaign": self.campaign,
            "title": self.title,
            "year": self.year,
            "here": [asdict(said) for said in self.here],
        }


@dataclass(frozen=True, slots=True)
class _State:
    """The plan at one moment: its rows, each by a mark of its own that it keeps."""

    stored: StoredReturn | None
    rows: Rows
    marks: Mapping[str, int]


def row_history(
    campaign: Campaign, ledger: Ledger, key: str, path: str, template: str | None = None
) -> RowHistory:
    """The history of the row that a path names or leads into. Raises UsageError where no plan of the school has it.

    The path is that of the plan which counts now; where that does not have it, of the newest that has.
    """
    lines = [line for line in campaign.plans_of(key) if template in (None, campaign.template_of(line))]
    if not lines:
        raise UsageError(f"{key}: this school has no plan of {template}.")
    found = [made for line in lines if (made := _Following(campaign, ledger, line).told(path)) is not None]
    if not found:
        raise UsageError(_unknown(campaign, ledger, lines, path))
    if len(found) > 1:
        names = ", ".join(item.template for item in found)
        raise UsageError(
            f"{key}: several plans of this school have {path} ({names}). Say which with --template."
        )
    return found[0]


def _unknown(campaign: Campaign, ledger: Ledger, lines: Sequence[School], path: str) -> str:
    rows = [row for line in lines for row in _Following(campaign, ledger, line).rows()]
    if not rows:
        return f"{lines[0].key}: no plan of this school holds a row yet."
    return (
        f"{path}: no plan of this school has a row there that holds anything.{did_you_mean(path, rows)} Paths of rows "
        "stand in `xlplan cells` and in every finding, such as challenges[0].strategies[1].steps[2]."
    )


class _Following:
    def __init__(self, campaign: Campaign, ledger: Ledger, school: School) -> None:
        self.campaign, self.ledger, self.school = campaign, ledger, school
        self.template = campaign.template_of(school)
        plans = CarriedPlans(campaign, ledger, [school])
        self.carried: Carried | None = plans.of(school)
        self.form = plans.form(school)
        self.count = 0
        self.states = self._states()

    def rows(self) -> list[str]:
        """Every row that the plan ever had here."""
        return list(dict.fromkeys(row for state in self.states for row in state.marks))

    def told(self, path: str) -> RowHistory | None:
        """The row's history; None where nothing holds it."""
        counting = counting_of(self.campaign, self.ledger, self.school.key, self.template)
        row, mark = self._named(path, counting)
        if mark is None:
            return None
        layout, settings = self.form.layout, self.campaign.settings
        here = [self._said(state, at, counting) for state in self.states for at in _at(state, mark)]
        begun = next((at for state in self.states if state.stored is None for at in _at(state, mark)), None)
        known = self.carried.rows.get(begun) if self.carried and begun else None
        return RowHistory(
            school=self.school, template=self.template, campaign=settings.id,
            title=settings.title or layout.spec.form.title, year=settings.year, row=row, place=_place(layout, row),
            id=known.id if known else f"{settings.id}:{row}",
            first_due=self._first_due(begun, mark),
            rounds=known.past if known else (),
            here=tuple(here),
        )  # fmt: skip

    # --- the plan, from moment to moment

    def _states(self) -> list[_State]:
        found: list[_State] = []
        if self.carried is not None:
            cells = answers_of(self.form.layout, begun_cells(self.form, self.carried))
            found.append(self._state(None, Rows(self.form.layout, cells), None))
        plans = Plans(self.campaign, self.ledger)
        for item in self.ledger.returns(school_key=self.school.key, template=self.template):
            version = plans.read(item) if item.outcome != REFUSED else None
            if version is not None:
                before = found[-1] if found else None
                found.append(self._state(item, self._rows(version, before), before))
        return found

    def _rows(self, version: Version, before: _State | None) -> Rows:
        """The plan in a return; of a part with what stood in the others before."""
        layout = version.form.layout
        cells, part = answers_of(layout, version.cells), layout.spec.part
        if part is None:
            return Rows(layout, cells)
        layout = self.form.layout
        others = before.rows.cells if before else {}
        cells = {path: value for path, value in others.items() if not part.holds(path)} | cells
        return Rows(layout, {path: value for path, value in cells.items() if path in layout.inputs})

    def _state(self, stored: StoredReturn | None, rows: Rows, before: _State | None) -> _State:
        same = followed(rows.layout, before.rows.cells, rows.cells) if before else {}
        marks: dict[str, int] = {}
        for row in rows.every:
            known = before.marks.get(same[row]) if before and row in same else None
            if known is None:
                self.count += 1
            marks[row] = self.count if known is None else known
        return _State(stored, rows, marks)

    def _named(self, path: str, counting: StoredReturn | None) -> tuple[str, int | None]:
        """The row that a path names, and its mark: in the plan that counts, else in the newest that has it."""
        newest_first = self.states[::-1]
        for state in sorted(newest_first, key=lambda state: not _is(state, counting)):
            row = _row_of(state.rows.layout, path)
            if row in state.marks:
                return row, state.marks[row]
        return "", None

    def _said(self, state: _State, row: str, counting: StoredReturn | None) -> Said:
        rows, stored = state.rows, state.stored
        returns = self.ledger.returns(school_key=self.school.key)
        return Said(
            number=numbers(returns)[stored.id] if stored else None,
            received=stored.received.isoformat() if stored else None, counts=_is(state, counting), path=row,
            text=rows.text(row), status=rows.said(row) if is_activity(rows.group(row)) and stored else None,
            due=rows.of_meaning(row, Meaning.DUE), learned=rows.note(row, LEARNED), changes=rows.note(row, CHANGES),
        )  # fmt: skip

    def _first_due(self, begun: str | None, mark: int) -> Plain:
        """The day on which the row was first due: as it was carried, else as it was first returned."""
        known = self.carried.cells.get(path_of(begun, FIRST_DUE)) if self.carried and begun else None
        if known is not None:
            return known
        days = (state.rows.of_meaning(row, Meaning.DUE) for state in self.states for row in _at(state, mark))
        return next((day for day in days if day is not None), None)


def _at(state: _State, mark: int) -> list[str]:
    return [row for row, own in state.marks.items() if own == mark]


def _is(state: _State, counting: StoredReturn | None) -> bool:
    return state.stored is not None and counting is not None and state.stored.id == counting.id


def _row_of(layout: Layout, path: str) -> str:
    """The row that a path names or leads into; the path itself where it leads into none."""
    found = layout.inputs.get(path)
    rows = rows_of(found[1].group if found else path)
    return rows[-1].path if rows else path


def _place(layout: Layout, row: str) -> str:
    """How people call a row."""
    return next((item.place for _, item in layout.inputs.values() if item.group == row), "")
