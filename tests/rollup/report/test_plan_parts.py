"""A part per plan: every answer of every template, what was found, under the number that the deck gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.pipeline.loop import NOW, begun, returned
from tests.rollup import mixed
from tests.rollup.test_school_sheets import answers
from xlplan.campaign import Campaign
from xlplan.campaign.files import write_safely
from xlplan.campaign.settings import Waiver
from xlplan.ledger import Ledger
from xlplan.pipeline.collect import collect
from xlplan.pipeline.plan_parts import plan_numbers, plan_parts
from xlplan.pipeline.rolling import deck_of
from xlplan.rollup.report.model import Heading, Part, State, Table, Text
from xlplan.rollup.words import short_day
from xlplan.samples import sample_plans


def parts_of(made: Campaign) -> tuple[list[Part], dict[int, tuple[str, str]]]:
    """The parts with their rows in lists, and the school and template of each number in the deck."""
    with Ledger.open(made.ledger_url) as ledger, deck_of([(made, ledger)], mixed.AS_OF) as deck:
        numbers = plan_numbers(deck.store)
        found = [
            replace(
                part,
                blocks=[replace(b, rows=list(b.rows)) if isinstance(b, Table) else b for b in part.blocks],
            )
            for part in plan_parts([(made, ledger)], mixed.AS_OF, numbers)
        ]
        whose = {row["plan"]: (row["key"], row["template"]) for row in deck.store.rows("SELECT * FROM plans")}
    return found, whose


def words_of(part: Part) -> str:
    """All that a part says."""
    return " ".join(" ".join(_words(part)).split())


def _words(part: Part) -> Iterator[str]:
    for block in part.blocks:
        match block:
            case Heading() | Text():
                yield block.text
            case Table():
                for row in (*(row.cells for row in block.rows), block.total):
                    yield from (_said(cell) for cell in row)


def _said(cell: object) -> str:
    if isinstance(cell, State):
        return cell.text
    if isinstance(cell, date):
        return short_day(cell)
    return f"{cell:.2f}" if isinstance(cell, Decimal) else "" if cell is None else str(cell)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Part], dict[int, tuple[str, str]]]:
    return parts_of(mixed.campaign(tmp_path_factory.mktemp("parts") / "autumn"))


def test_every_answer_of_every_template_stands_in_its_part(
    made: tuple[list[Part], dict[int, tuple[str, str]]],
) -> None:
    """Under the deck's number, in the deck's order; who wrote nothing has no part."""
    found, whose = made
    plans = {line.split(",")[2]: plan for line, plan in zip(mixed.LINES, mixed.plans(), strict=False)}
    assert [part.plan for part in found] == sorted(part.plan or 0 for part in found)
    assert {whose[part.plan or 0][0] for part in found} == set(plans)
    for part in found:
        key, template = whose[part.plan or 0]
        said = words_of(part)
        missing = [text for text in answers(plans[key]) if text not in said]
        assert not missing, (template, missing[:3])
        assert (
            part.id == f"plan-{part.plan}"
            and "2026-27" in part.about
            and "received Dec 1, 2026" in part.about
        )


def test_what_a_part_names_is_named_once(made: tuple[list[Part], dict[int, tuple[str, str]]]) -> None:
    """Names of tables are unique in the report; cells fit their columns, and every table has heads and a title."""
    tables = [block for part in made[0] for block in part.blocks if isinstance(block, Table)]
    names = [table.name for table in tables]
    assert len(names) == len(set(names)) > 20
    for table in tables:
        assert table.title and all(column.label for column in table.columns)
        assert all(len(row.cells) == len(table.columns) for row in table.rows)
        assert len(table.total) in (0, len(table.columns))


def test_findings_stand_in_the_part_but_for_waived_ones(tmp_path: Path) -> None:
    """A rejected plan is shown with what is to fix and where; what could not be read says so."""
    campaign = begun(tmp_path / "c", "sfss")
    draft = sample_plans("sfss")[0]
    draft["challenges"][0]["evidence"] = None
    draft["challenges"][0]["strategies"][0]["steps"][0]["due"] = "2035-01-01"
    returned(campaign, [draft])
    (part,), _ = parts_of(campaign)
    rows = next(
        list(block.rows)
        for block in part.blocks
        if isinstance(block, Table) and block.name.endswith("findings")
    )
    assert {row.cells[2] for row in rows} >= {"Challenge 1, D12"} and rows[0].cells[1] == State(
        "▲ To fix", "bad"
    )
    assert "to fix" in part.finding and draft["challenges"][0]["description"] in words_of(part)
    codes = {item.code for item in _findings(campaign)}
    waivers = tuple(Waiver(rule=code, reason="Settled.") for code in codes)
    waived, _ = parts_of(replace(campaign, settings=replace(campaign.settings, waivers=waivers)))
    table = next(
        block for block in waived[0].blocks if isinstance(block, Table) and block.name.endswith("findings")
    )
    assert len(list(table.rows)) < len(rows)


def _findings(campaign: Campaign) -> Iterator[object]:
    with Ledger.open(campaign.ledger_url) as ledger:
        for item in ledger.returns(plans=False):
            yield from item.findings


def test_a_file_that_could_not_be_read_makes_no_part_or_says_so(tmp_path: Path) -> None:
    """What is refused belongs to no school, so that there is nothing to show."""
    campaign = begun(tmp_path / "c", "sfss")
    write_safely(campaign.returns / "broken.xlsx", b"no workbook")
    with Ledger.open(campaign.ledger_url) as ledger:
        collect(campaign, ledger, [campaign.returns / "broken.xlsx"], received=mixed.AS_OF, now=NOW)
    assert parts_of(campaign)[0] == []
