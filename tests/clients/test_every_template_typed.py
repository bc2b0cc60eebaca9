"""A small plan of every template, typed key by key in LibreOffice, saved, read, collected, and typed on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.properties.plans import closed_up
from tests.specimens.build import blank, form
from tests.specimens.ills import generic
from tests.templates.test_models import PLANS
from xlplan.campaign import Campaign
from xlplan.excel.read import read_workbook
from xlplan.form.markers import Kind
from xlplan.form.plan import HEADER
from xlplan.intake.pour import poured
from xlplan.layout.book import Book
from xlplan.layout.model import CellRef, Layout
from xlplan.ledger import Ledger
from xlplan.pipeline.check import check_file
from xlplan.pipeline.collect import collect
from xlplan.pipeline.forms import form_for
from xlplan.pipeline.generate import generate
from xlplan.pipeline.known import context_of
from xlplan.pipeline.opening import Result
from xlplan.pipeline.start import start_campaign
from xlplan.samples import roster_file
from xlplan.templates import TEMPLATES

from .libreoffice import LibreOffice

pytestmark = pytest.mark.xdist_group("libreoffice")

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
HEAD = {
    "prepared_by": "M. Edwards",
    "prepared_on": "2026-10-01",
    "team": [{"name": "M. Edwards", "role": "principal", "facilitator": True, "recorder": False}],
    "signoffs": [{"role": "superintendent", "name": "B. Lee", "signed_on": "2026-10-05"}],
}
CHALLENGE = {
    "description": "Too many days missed",
    "evidence": "21% missed 18 days",
    "target_outcomes": "Below 10% by June",
    "root_causes": ["Buses come late"],
    "strategies": [
        {
            "description": "A weekly team",
            "root_causes": ["A"],
            "steps": [{"action": "Name it", "due": "2026-10-02", "owner": "D. Okafor", "done": True}],
            "priorities": ["Strong Climate & Culture"],
        }
    ],
}
MINIMAL: dict[str, dict[str, Any]] = PLANS | {
    "sfss": {
        "challenges": [CHALLENGE, CHALLENGE],
        "resources": [{"item": "Stipends", "cost": "1200.50", "reallocation": False}],
        "monitoring": {"progress": "Every month", "embedding": "In each agenda"},
    }
}
FORMATS = ("xlsx", "ods")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A campaign of one school; its copy with the plan typed in, in two formats; what the driver saw."""

    campaign: Campaign
    layout: Layout
    plan: dict[str, Any]
    files: dict[str, Path]
    unchanged: list[tuple[str, str, str]]

    def strokes(self, answers: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
        """Sheet, cell and text of answers by slot path."""
        return [(*at(self.layout, path), text) for path, text in answers]

    def check(self, file: Path) -> Result:
        """The file, checked within its campaign."""
        with Ledger.open(self.campaign.ledger_url) as ledger:
            return check_file(file.read_bytes(), file.name, context_of(self.campaign, ledger, None))


def at(layout: Layout, path: str) -> tuple[str, str]:
    """Sheet and address of a slot path."""
    sheet, item = layout.inputs[path]
    return sheet.title, CellRef(sheet.title, item.row, item.column).a1


def said(value: object) -> str:
    """An answer as people type it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return f"{value.month}/{value.day}/{value.year}" if isinstance(value, date) else str(value)


def answers(layout: Layout, plan: dict[str, Any]) -> list[tuple[str, str]]:
    """What is typed where, sheet by sheet in printed order: names before those who choose them."""
    cells = poured(layout, plan)
    ticks = {path for path, (_, item) in layout.inputs.items() if item.field.kind is Kind.TICK}
    return [
        (path, "x" if path in ticks else said(cells[path]))
        for path in layout.inputs
        if cells.get(path) is not None
    ]


@pytest.fixture(scope="module", params=sorted(TEMPLATES))
def typed(
    request: pytest.FixtureRequest, libreoffice: LibreOffice, tmp_path_factory: pytest.TempPathFactory
) -> Typed:
    name = request.param
    folder = tmp_path_factory.mktemp(name)
    roster = folder / "one.csv"
    roster.write_text("".join(roster_file().read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")
    campaign, _ = start_campaign(
        folder / "campaign", template=name, roster=roster, plan_from=date(2026, 9, 1),
        plan_to=date(2027, 6, 30), year="2026-27",
    )  # fmt: skip
    with Ledger.open(campaign.ledger_url) as ledger:
        (copy,) = generate(campaign, ledger, campaign.roster.schools, now=NOW)
    layout = form_for(campaign, campaign.roster.schools[0]).layout
    plan = HEAD | MINIMAL[name]
    strokes = [(*at(layout, path), text) for path, text in answers(layout, plan)]
    files = {kind: folder / f"typed.{kind}" for kind in FORMATS}
    result = libreoffice.run(campaign.root / copy.file, type=strokes, save=list(files.values()))
    unchanged = [
        (cell.sheet, cell.cell, cell.problem or "refused")
        for cell in result.typed
        if cell.problem or not cell.changed
    ]
    return Typed(campaign=campaign, layout=layout, plan=plan, files=files, unchanged=unchanged)


def test_every_answer_is_taken(typed: Typed) -> None:
    """Names from live lists among them, right after they were typed on another sheet."""
    assert typed.unchanged == []
    kinds = {typed.layout.inputs[path][1].field.kind for path, _ in answers(typed.layout, typed.plan)}
    assert {Kind.TEXT, Kind.PROSE, Kind.PERSON, Kind.DATE, Kind.PAST_DATE, Kind.YES_NO, Kind.CHOICE} <= kinds


@pytest.mark.parametrize("kind", FORMATS)
def test_what_was_typed_is_read(typed: Typed, kind: str) -> None:
    """The same plan in both formats, and no error."""
    checked = typed.check(typed.files[kind]).checked
    assert checked.outcome == "accepted", checked.findings
    assert {item.code for item in checked.findings} <= {*(typed.layout.spec.form.checks or ()), "table-full"}
    assert checked.plan is not None
    own = {name: value for name, value in checked.plan.items() if name not in HEADER}
    assert own == closed_up(typed.layout.spec, typed.plan)


def test_what_was_typed_is_collected(typed: Typed) -> None:
    """The saved file counts as the school's return, once."""
    with Ledger.open(typed.campaign.ledger_url) as ledger:
        first = collect(typed.campaign, ledger, [typed.files["xlsx"]], received=date(2026, 11, 3), now=NOW)
        again = collect(typed.campaign, ledger, [typed.files["xlsx"]], received=date(2026, 11, 4), now=NOW)
    assert [(item.outcome, item.already) for item in (*first, *again)] == [
        ("accepted", False),
        ("accepted", True),
    ]


def test_lists_stay_alive_in_the_saved_file(typed: Typed, libreoffice: LibreOffice, tmp_path: Path) -> None:
    """Opened again: a name that no row has is refused, a name typed just now is taken; so it comes back."""
    chosen = references(typed.layout, typed.plan)
    bad = [(path, "None of them") for path in chosen.values()] + FURTHER[typed.layout.spec.name]["bad"]
    good = FURTHER[typed.layout.spec.name]["good"]
    file = tmp_path / "again.xlsx"
    result = libreoffice.run(typed.files["xlsx"], type=typed.strokes([*bad, *good, *bad]), save=[file])
    taken = [bool(cell.changed) for cell in result.typed]
    assert taken == [*(False for _ in bad), *(True for _ in good), *(False for _ in bad)]
    checked = typed.check(file).checked
    assert not {item.code for item in checked.findings} & {"unknown-reference", "choice", "type", "stray"}
    made = read_workbook(file.read_bytes(), file.name)
    assert isinstance(made, Book)
    assert set(typed.layout.names) <= set(made.names)


def references(layout: Layout, plan: dict[str, Any]) -> dict[str, str]:
    """One filled cell of every field that chooses among the plan's own rows by their names."""
    return {
        generic(item): path
        for path, _ in reversed(answers(layout, plan))
        for item in [layout.inputs[path][1]]
        if item.field.refers_to is not None and item.field.refers_to.by == "name"
    }


FURTHER: dict[str, dict[str, list[tuple[str, str]]]] = {
    "sfss": {
        "bad": [("signoffs[0].role", "janitor"), ("challenges[0].strategies[0].steps[0].due", "soon")],
        "good": [("challenges[0].strategies[0].root_causes[0]", "✓"), ("signoffs[0].role", "board")],
    },
    "data-team": {
        "bad": [
            ("strategies[0].steps[1].after", "Step 2"),
            ("strategies[0].steps[1].after", "3"),
            ("strategies[0].steps[0].after", "Step 1"),
            ("strategies[0].status", "new"),
        ],
        "good": [
            ("strategies[0].steps[3].action", "Look at the results"),
            ("strategies[0].steps[3].after", "Step 2"),
            ("strategies[0].steps[4].after", "Step 4"),
        ],
    },
    "planning-process": {
        "bad": [("root_causes[0].trends[1]", "Nobody's trend"), ("funding[0].action_step", "Coach")],
        "good": [
            ("trends[3].name", "Mathematics, grade 4"),
            ("root_causes[0].trends[1]", "Mathematics, grade 4"),
            ("root_causes[2].name", "Groups stay the same"),
            ("action_steps[0].root_causes[1]", "Groups stay the same"),
            ("root_causes[2].symptom_of", "Training fades"),
        ],
    },
    "planning-for-success": {
        "bad": [("initiatives[0].process_benchmarks[0].status", "Begun"), ("initiatives[0].resources[0].cost", "free")],
        "good": [("initiatives[0].early_evidence[0].status", "Partly met")],
    },
    "strong-systems": {
        "bad": [
            ("initiatives[0].deliverables[0].done", "Perhaps"),
            ("initiatives[0].deliverables[0].steps[0].due", "2027-07-01"),
        ],
        "good": [("initiatives[0].deliverables[0].criteria.clear", "Yes")],
    },
}  # fmt: skip


def test_a_name_can_be_chosen_only_once_it_stands(libreoffice: LibreOffice, tmp_path: Path) -> None:
    """In a blank: the list is empty but for its hint, which is no answer either; then the name, whatever its case."""
    name = "planning-process"
    layout, file = form(name).layout, tmp_path / "blank.xlsx"
    file.write_bytes(blank(name))
    choice, trend = at(layout, "root_causes[0].trends[0]"), at(layout, "trends[5].name")
    typed = libreoffice.run(
        file, type=[(*choice, "Reading"), (*trend, "Reading"), (*choice, "Readings"), (*choice, "Reading")]
    ).typed
    assert [cell.changed for cell in typed] == [False, True, False, True]
    assert typed[-1].value == "Reading"
