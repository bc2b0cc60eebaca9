"""What campaign.toml sets, from copy to finding: lists, optional fields, paths that are not there, waivers, days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.loop import NOW, add, begun, returned
from tests.rollup.books import book
from xlplan.campaign import open_campaign
from xlplan.errors import SetupError
from xlplan.ledger import Ledger
from xlplan.pipeline.generate import generate
from xlplan.pipeline.rolling import deck_of
from xlplan.pipeline.settings_check import check_settings
from xlplan.pipeline.status import status
from xlplan.rollup.workbook import write_workbook
from xlplan.samples import sample_plans


def sfss(**changes: Any) -> dict[str, Any]:
    return sample_plans("sfss")[1] | changes


def grouped() -> dict[str, Any]:
    """A plan with a group for an owner, which earns a warning."""
    made = sfss()
    made["challenges"][0]["strategies"][0]["steps"][0]["owner"] = "leadership team"
    return made


def test_a_list_and_an_optional_field_hold_in_copy_check_and_model(tmp_path: Path) -> None:
    """The school chooses what the district offers, leaves out what it may, and is accepted."""
    campaign = begun(
        tmp_path / "c", "sfss",
        more='[lists]\n"signoffs[].role" = ["...", "site council"]',
    )  # fmt: skip
    add(tmp_path / "c", '[optional]\nfields = ["prepared_on", "challenges[].evidence"]')
    campaign = open_campaign(tmp_path / "c")
    plan = sfss(prepared_on=None)
    plan["signoffs"] = [{"role": "site council", "name": "B. Tran", "signed_on": "2026-10-01"}]
    plan["challenges"][0]["evidence"] = None
    (item,) = returned(campaign, [plan])
    assert (item.outcome, [one.code for one in item.findings]) == ("accepted", [])
    assert item.plan is not None and item.plan["signoffs"][0]["role"] == "site council"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ('[slots]\n"challenge" = 6', 'Did you mean "challenges"?'),
        ("[slots.530825001378]\nresource = 6", 'Did you mean "resources"?'),
        ('[optional]\nfields = ["challenges[].evidense"]', 'Did you mean "challenges[].evidence"?'),
        ('[lists]\n"signoff[].role" = ["x"]', 'Did you mean "signoffs[].role"?'),
        ('[help]\n"prepard_by" = "x"', 'Did you mean "prepared_by"?'),
        ('[lists]\n"prepared_by" = ["x"]', "not chosen from a list"),
        ('[words]\nnopes = ["x"]', "no list of words 'nopes'"),
    ],
)
def test_a_path_that_is_not_there_names_the_nearest(tmp_path: Path, more: str, said: str) -> None:
    with pytest.raises(SetupError) as error:
        check_settings(begun(tmp_path / "c", "sfss", more=more))
    assert said in str(error.value) and "campaign.toml" in str(error.value)


def test_each_copy_takes_the_settings_that_are_about_its_template(tmp_path: Path) -> None:
    """One campaign, two templates, settings for both."""
    campaign = begun(
        tmp_path / "c", "sfss", ["1,D,11,Adams,", "1,D,12,Browne,data-team"],
        more='[slots]\nresources = 9\n"strategies[].steps" = 14', head="district_id,district,school_id,school,template",
    )  # fmt: skip
    check_settings(campaign)
    checked = returned(campaign, [sfss(), sample_plans("data-team")[0]]) if sample_plans("data-team") else []
    assert all(item.outcome == "accepted" for item in checked)


WAIVER = """[[waiver]]
rule = "owner-not-one-person"
school = "530825001378"
until = 2027-01-31
reason = "The team is new."
"""


def test_waived_findings_are_counted_apart_and_the_workbook_says_why(tmp_path: Path) -> None:
    """An error that is waived lets the plan pass; after its last day it counts again."""
    campaign = begun(tmp_path / "c", "sfss", more=WAIVER)
    add(tmp_path / "c", '[severity]\nowner-not-one-person = "error"')
    campaign = open_campaign(tmp_path / "c")
    adams, browne = returned(campaign, [grouped(), grouped()])
    assert (adams.outcome, browne.outcome) == ("accepted", "rejected")
    with Ledger.open(campaign.ledger_url) as ledger:
        lines = {item.school.school: item for item in status(campaign, ledger, date(2026, 12, 2)).schools}
        later = {item.school.school: item for item in status(campaign, ledger, date(2027, 2, 1)).schools}
        with deck_of([(campaign, ledger)], date(2026, 12, 2)) as deck:
            write_workbook(deck, tmp_path / "s.xlsx")
    assert (lines["Adams"].waived, lines["Adams"].findings.get("error", 0)) == (1, 0)
    assert (lines["Browne"].waived, lines["Browne"].findings["error"]) == (0, 1)
    assert (later["Adams"].waived, later["Adams"].findings["error"]) == (0, 1)
    assert lines["Adams"].as_json()["waived"] == 1
    sheet = book(tmp_path / "s.xlsx")["Quality"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
    assert "Waived until January 31, 2027: The team is new." in texts


def test_before_its_day_a_rule_is_a_note(tmp_path: Path) -> None:
    campaign = begun(tmp_path / "c", "sfss", more="[from]\nowner-not-one-person = 2027-02-01")
    (item,) = returned(campaign, [grouped()])
    assert [(one.code, str(one.severity)) for one in item.findings] == [("owner-not-one-person", "note")]


def test_the_districts_words_are_looked_for(tmp_path: Path) -> None:
    """[words] reaches the checks."""
    from xlplan.checks import WORD_LISTS

    campaign = begun(tmp_path / "c", "sfss", more=f'[words]\n{WORD_LISTS[0]} = ["zebra crew"]')
    check_settings(campaign)
    (item,) = returned(campaign, [sfss()])
    assert item.outcome == "accepted"


def test_a_contact_that_looks_like_a_place_to_be_filled_in_is_a_text(tmp_path: Path) -> None:
    campaign = begun(tmp_path / "fall", "sfss")
    settings = tmp_path / "fall" / "campaign.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('contact = ""', 'contact = "⟦nobody⟧ at home"'), encoding="utf-8")
    campaign = open_campaign(campaign.root)
    assert campaign.settings.contact == "⟦nobody⟧ at home"
    with Ledger.open(campaign.ledger_url) as ledger:
        made = list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
    assert len(made) == 3
