"""What is published of a campaign: the workbook's numbers, words without persons and schools, nothing private."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import run
from tests.pipeline.loop import add, begun, returned
from tests.rollup import mixed
from tests.rollup.books import rows as rows_of
from xlplan.campaign import Campaign, open_campaign
from xlplan.errors import SetupError
from xlplan.form.inspect import spec_of
from xlplan.ledger import Ledger
from xlplan.pipeline.forms import form_for
from xlplan.pipeline.publishing import names_of, plans_for_publishing, public_report
from xlplan.pipeline.rolling import deck_of
from xlplan.pipeline.settings_check import check_settings
from xlplan.rollup.public.plans import public_spec
from xlplan.rollup.published import write_published
from xlplan.rollup.report.model import Chart, Part, Report, Table, Text, Tiles
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES, template

PRIVATE = "The board has not heard of this private thing, and nobody else shall"
PERSON = "Quintilla Vandersloot"
SAID = f"Absence lists are read too late, as {PERSON}, Q. Vandersloot and quintilla.v@x.example say of attendance"
LEAST = 3


def plan(at: int) -> dict[str, Any]:
    """A plan whose texts give a person away, with a private answer."""
    made = deepcopy(sample_plans("sfss")[at % len(sample_plans("sfss"))])
    challenge = made["challenges"][0]
    for one in made["challenges"]:
        one["root_causes"] = [f"{SAID}, in room {'ABCDEF'[at]}."]
        for strategy in one["strategies"]:
            strategy["root_causes"] = ["A"]
    challenge["evidence"] = f"{PRIVATE}. ({PERSON})"
    challenge["strategies"][0]["steps"][0] |= {"action": f"Ask {PERSON.upper()}", "owner": f"{PERSON}, nurse"}
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    folder = tmp_path_factory.mktemp("public") / "autumn"
    lines = [
        f"{at % 2 + 1},{'Ashvale' if at % 2 else 'Birk'},{at}1,Otterburn {'ABCDEF'[at]} School"
        for at in range(6)
    ]
    campaign = begun(folder, "sfss", lines)
    add(folder, '[private]\nfields = ["challenges[].evidence", "resources"]')
    campaign = open_campaign(folder)
    check_settings(campaign)
    assert {item.outcome for item in returned(campaign, [plan(at) for at in range(6)])} == {"accepted"}
    return campaign


@pytest.fixture(scope="module")
def report(made: Campaign) -> Iterator[tuple[Report, list[Part]]]:
    with Ledger.open(made.ledger_url) as ledger, deck_of([(made, ledger)], mixed.AS_OF) as deck:
        found = public_report([(made, ledger)], deck, LEAST)
        yield found, list(found.parts())


def words_in(parts: list[Part]) -> Iterator[str]:
    """All that a report says."""
    for part in parts:
        yield from (part.title, part.finding, part.about)
        for block in part.blocks:
            match block:
                case Table():
                    yield from (block.title, block.note, *(column.label for column in block.columns))
                    yield from (str(cell) for row in block.rows for cell in row.cells)
                case Text():
                    yield from (block.label, block.text)
                case Tiles():
                    yield from (tile.label for tile in block.tiles)
                case Chart():
                    yield from (block.title, *(label for label, _ in block.rows))


def test_nobody_is_named_and_nothing_private_is_said(report: tuple[Report, list[Part]]) -> None:
    """Schools are quoted, without persons, schools, private answers; no figure knows of plans, none can be chosen."""
    found, parts = report
    said = "\n".join(words_in(parts))
    assert "“Absence lists are read too late, as [name] and [contact] say of attendance" in said
    for secret in ("Vandersloot", "Quintilla", "quintilla", PRIVATE[:20], "Otterburn", "x.example"):
        assert secret not in said and secret.upper() not in said
    assert not found.plans and not list(found.schools()) and all(part.plan is None for part in parts)
    numbers = [
        tile.number
        for part in parts
        for block in part.blocks
        if isinstance(block, Tiles)
        for tile in block.tiles
    ]
    assert numbers and all(not number.by for number in numbers)  # type: ignore[union-attr]
    assert all(
        row.plan is None
        for part in parts
        for block in part.blocks
        if isinstance(block, Table)
        for row in block.rows
    )


def test_no_school_is_quoted_twice_under_a_heading(report: tuple[Report, list[Part]]) -> None:
    """At most two quotations, and only where plans enough stand behind the heading."""
    _, parts = report
    many = 0
    for part in parts:
        for block in part.blocks:
            many = many + 1 if isinstance(block, Text) and block.text.startswith("“") else 0
            assert many <= 2


def test_page_and_workbook_say_the_same_numbers(made: Campaign, tmp_path: Path) -> None:
    """Cell by cell, hidden ones too, whatever the limit."""
    for least in (3, 5, 10):
        with Ledger.open(made.ledger_url) as ledger, deck_of([(made, ledger)], mixed.AS_OF) as deck:
            out = tmp_path / f"{least}.xlsx"
            write_published(deck, out, least)
            tables = [
                (part.title, block)
                for part in public_report([(made, ledger)], deck, least).parts()
                for block in part.blocks
                if isinstance(block, Table) and block.name.endswith("by-unit")
            ]
        assert len(tables) > 3
        for sheet, table in tables:
            theirs = [row for row in rows_of(out, sheet)[3:] if row and row[0]]
            ours = [list(row.cells) for row in table.rows] + [list(table.total)]
            assert [[cell for cell in row if cell is not None] for row in theirs] == [
                [float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in ours
            ]


def test_no_quotation_stands_where_the_count_is_hidden(made: Campaign) -> None:
    """With a limit above every count there are no words at all."""
    with Ledger.open(made.ledger_url) as ledger, deck_of([(made, ledger)], mixed.AS_OF) as deck:
        parts = list(public_report([(made, ledger)], deck, 1000).parts())
    assert not any(text.startswith("“") for text in words_in(parts))
    shown = [text for part in parts for block in part.blocks if isinstance(block, Table)
             for row in block.rows for text in row.cells[1:]]  # fmt: skip
    assert shown and set(shown) <= {"–", "<1000", 0}


def test_a_plan_for_publishing_keeps_its_answers_but_for_persons(made: Campaign) -> None:
    """Each accepted plan, its other texts whole; fields of persons, private ones and the team gone."""
    with Ledger.open(made.ledger_url) as ledger:
        names = names_of([(made, ledger)], mixed.AS_OF)
        plans = list(plans_for_publishing((made, ledger), names, mixed.AS_OF))
    assert len(plans) == 6
    for item, _, record in plans:
        said = str(record.plan)
        assert PERSON.split()[1] not in said and PRIVATE not in said and not record.file
        assert not {"team", "signoffs", "resources", "prepared_by"} & set(record.plan)
        challenge = record.plan["challenges"][0]
        assert challenge["description"] and "evidence" not in challenge
        assert challenge["strategies"][0]["steps"][0]["action"] == "Ask [name]" and item.state == "accepted"


def test_the_command_publishes_plans_one_by_one(made: Campaign) -> None:
    """A page each, in a folder of its own; no form of it names anybody."""
    day = ("--as-of", mixed.AS_OF.isoformat())
    done = run(
        "rollup", "-C", made.root, "--public", "--schools", "--format", "html", "--format", "xlsx", *day
    )
    assert done.code == 0, done.err
    pages = sorted((made.reports / "schools-published").rglob("*.html"))
    assert len(pages) == 6 and not (made.reports / "schools").exists()
    sums = run("rollup", "-C", made.root, "--public", "--format", "html", *day)
    assert sums.code == 0, sums.err
    for page in [*pages, made.reports / "summary-published.html"]:
        text = page.read_text(encoding="utf-8")
        assert "Vandersloot" not in text and PRIVATE not in text
    for book in (made.reports / "schools-published").rglob("*.xlsx"):
        cells = str(rows_of(book, "Plan"))
        assert (
            "Vandersloot" not in cells
            and PRIVATE not in cells
            and "Ask [name]" in cells
            and "Findings" not in cells
        )


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_reference_to_a_private_answer_is_private_too(name: str) -> None:
    """Whatever field is made private, no field that refers to it by its words is left, and no form breaks."""
    spec = spec_of(template(name))
    for path, group in spec.walk():
        for field in group.fields:
            here = f"{path}[].{field.name}" if group.slots is not None else f"{path}.{field.name}".strip(".")
            left = {
                (where, one.name): one
                for where, held in public_spec(spec, [here]).walk()
                for one in held.fields
            }
            assert (path, field.name) not in left
            ends = f"{group.name}.{field.name}"
            assert not [one for one in left.values() if one.refers_to and one.refers_to.target == ends]


def test_a_private_path_that_is_not_there_names_the_nearest(tmp_path: Path) -> None:
    """Fields and groups, with or without the brackets of what repeats; and no form changes for it."""
    campaign = begun(
        tmp_path / "c", "sfss", more='[private]\nfields = ["challenges[]", "challenges[].evidense"]'
    )
    with pytest.raises(SetupError, match=r'\[private\] fields.*Did you mean "challenges\[\].evidence"\?'):
        check_settings(campaign)
    school, told = (
        campaign.roster.schools[0],
        replace(campaign, settings=replace(campaign.settings, private=())),
    )
    assert form_for(campaign, school).digest == form_for(told, school).digest
