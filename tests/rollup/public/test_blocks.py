"""The tables for publishing: every cause in them, what is withheld counted as it is seen, districts told apart."""

from __future__ import annotations

import pytest

from tests.rollup.digest.invented import Invented, deck_of_invented
from tests.rollup.digest.law import quotes_of
from xlplan.rollup.digest.build import digest_of
from xlplan.rollup.public.names import Names
from xlplan.rollup.public.quotations import Quotations
from xlplan.rollup.public.schools import Schools
from xlplan.rollup.public.scrub import Scrubber
from xlplan.rollup.published_blocks import Published, published
from xlplan.rollup.report.model import Table
from xlplan.rollup.report.public import public_report

CAUSE = "Absence lists are read too late for anybody to call home."
THEMES = ("", "Attendance", "", "Zeal")


def invented(districts: tuple[str, ...], plans: int = 4) -> Invented:
    """Accepted plans in turn in districts that are all called Spokane, each with a cause of every theme."""
    asked = Invented.of_states(["accepted"] * plans).plans
    own = tuple(
        plan | {"district_id": districts[at % len(districts)], "district": "Spokane"}
        for at, plan in enumerate(asked)
    )
    causes = tuple(
        {"cause": f"{CAUSE} {word}", "theme": theme} for word, theme in zip("abcd", THEMES, strict=True)
    )
    return Invented(own, tuple({"causes": causes} for _ in own))


def shown(found: Published) -> list[list[object]]:
    """What is seen of the causes, a line for each row of the table."""
    (block,) = (block for block in found.blocks if block.name == "Causes")
    return [[block.said(row, column) for column in range(len(block.heads))] for row in range(len(found.rows))]


@pytest.mark.parametrize("districts", [("53",), ("53", "54")])
def test_a_cause_without_a_theme_is_counted_under_other(districts: tuple[str, ...]) -> None:
    """Last, once for each cause; the sum is of all causes."""
    with deck_of_invented(invented(districts)) as deck:
        found = published(deck, 2)
    (block,) = (block for block in found.blocks if block.name == "Causes")
    assert block.heads == ("Attendance", "Zeal", "Other", "All")
    assert shown(found)[-1] == [4, 4, 8, 16]


@pytest.mark.parametrize("districts", [("53",), ("53", "54")])
@pytest.mark.parametrize("least", [2, 5, 10, 100])
def test_as_many_numbers_are_withheld_as_are_seen_to_be(districts: tuple[str, ...], least: int) -> None:
    """Of one district there is no row of all, of one column no sum: neither is counted."""
    with deck_of_invented(invented(districts)) as deck:
        found = published(deck, least)
    for block in found.blocks:
        cells = [
            block.said(row, column) for row in range(len(found.rows)) for column in range(len(block.heads))
        ]
        assert block.hidden == sum(isinstance(cell, str) for cell in cells)
        assert block.telling.startswith(
            f"{block.hidden} number" if block.hidden else "Every number is shown."
        )


def test_districts_of_one_name_are_told_apart_wherever_they_are_published() -> None:
    """In the rows of the report, and in the sources of the digest."""
    with deck_of_invented(invented(("53", "54"))) as deck:
        words = Quotations(Scrubber(Names(())), Schools(()), 2)
        parts = list(public_report(deck, published(deck, 2), words).parts())
        whose = {quote.school.rsplit(" · ")[-1] for quote in quotes_of(digest_of(deck))}
    tables = [
        block for part in parts for block in part.blocks if isinstance(block, Table) and "unit" in block.name
    ]
    assert tables and all(
        [row.cells[0] for row in one.rows] == ["Spokane (53)", "Spokane (54)"] for one in tables
    )
    assert whose and whose <= {"Spokane (53)", "Spokane (54)"}
