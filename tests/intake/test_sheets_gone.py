"""A sheet that is deleted or renamed: its answers are missing where it held any, else it is only noted."""

from __future__ import annotations

import pytest

from tests.checks.plans import CLEAN
from tests.specimens import edits
from tests.specimens.build import poured
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context
from xlplan.templates import TEMPLATES


def told(name: str, change: str, sheet: str) -> tuple[str, list[tuple[str, str | None]]]:
    """The outcome of a clean copy of which a sheet was deleted or renamed, and code and sheet of each finding."""

    def edit(book: object) -> None:
        if change == "deleted":
            book.remove(book[sheet])  # type: ignore[attr-defined, index]
        else:
            book[sheet].title = "Something else"  # type: ignore[index]

    content = edits.by_openpyxl(poured(name, CLEAN[name]), edit)
    checked = check_file(content, "copy.xlsx", Context()).checked
    return checked.outcome, [(item.code, item.sheet) for item in checked.findings]


@pytest.mark.parametrize("sheet", ["Guide", "Review", "Lists", "Live"])
def test_a_sheet_without_inputs_that_is_gone_is_a_note(sheet: str) -> None:
    assert told("data-team", "deleted", sheet) == ("accepted", [("guide-missing", sheet)])


@pytest.mark.parametrize("sheet", ["Start", "Meta"])
def test_a_sheet_that_names_the_school_takes_an_identity_with_it(sheet: str) -> None:
    outcome, found = told("data-team", "deleted", sheet)
    assert outcome == "accepted"
    assert ("guide-missing", sheet) in found
    assert {code for code, _ in found} <= {"guide-missing", "identity-weak"}


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_sheet_with_inputs_that_is_gone_is_missing(name: str) -> None:
    outcome, found = told(name, "deleted", "Plan")
    assert outcome == "rejected"
    assert [code for code, _ in found if code == "section-missing"] == ["section-missing"]
    assert "guide-missing" not in {code for code, _ in found}


@pytest.mark.parametrize("sheet", ["Guide", "Review", "Strategy 2"])
def test_a_renamed_sheet_is_known_by_its_key(sheet: str) -> None:
    assert told("data-team", "renamed", sheet) == ("accepted", [("sheet-renamed", "Something else")])
