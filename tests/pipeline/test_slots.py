"""More rows and sheets than a template offers: every template, every group, through copy, plan and return."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipeline.loop import begun, returned
from xlplan.campaign import Campaign, open_campaign
from xlplan.errors import UsageError
from xlplan.excel.plate import stamp
from xlplan.form.inspect import spec_of
from xlplan.form.spec import FormFacts
from xlplan.form.specialise import tables_of
from xlplan.pipeline.check import check_file
from xlplan.pipeline.forms import BLANK_SCHOOL, blank_identity, form_for, form_of, personal, plate_of
from xlplan.pipeline.generate import with_slots
from xlplan.pipeline.opening import Context
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES, template

GROUPS = [(name, path) for name in TEMPLATES for path in tables_of(spec_of(template(name)))]


@pytest.mark.parametrize(("name", "path"), GROUPS)
def test_every_group_takes_more_slots(name: str, path: str) -> None:
    """Two more than the template offers: every place has its cells, and no two have the same."""
    count = (spec_of(template(name)).group(path).slots or 0) + 2
    form = form_of(name, FormFacts(slots=((path, count),)))
    last = f"{path.replace('[]', '[0]')}[{count - 1}]"
    assert any(place == last or place.startswith((f"{last}.", f"{last}[")) for place in form.layout.inputs)
    cells = [(sheet.title, item.row, item.column) for sheet, item in form.layout.inputs.values()]
    assert len(set(cells)) == len(cells)


@pytest.mark.parametrize("name", TEMPLATES)
def test_all_groups_at_once_hold_a_plan(name: str, tmp_path: Path) -> None:
    """One more of everything, sheets and companions too: a blank copy is blank, a sample plan comes back as it was."""
    plans = sample_plans(name)
    slots = {
        path: (spec_of(template(name)).group(path).slots or 0) + 1
        for path in tables_of(spec_of(template(name)))
    }
    campaign = with_slots(begun(tmp_path / "c", name), [], slots)
    assert open_campaign(tmp_path / "c").settings.slots == slots
    form = form_for(campaign, campaign.roster.schools[0])
    content = stamp(plate_of(form, ""), personal(BLANK_SCHOOL, blank_identity(form), b"", ""))
    assert [found.code for found in check_file(content, "blank.xlsx", Context()).checked.findings] == [
        "blank"
    ]
    (item,) = returned(campaign, plans[:1])
    assert item.outcome == "accepted", [one.message for one in item.findings]
    assert item.plan is not None and {key: item.plan[key] for key in plans[0]} == plans[0]


def test_one_school_gets_more_and_keeps_them(tmp_path: Path) -> None:
    campaign = with_slots(
        begun(tmp_path / "c", "strong-systems"), ["530825001378"], {"initiatives[].deliverables": 9}
    )
    assert open_campaign(tmp_path / "c").settings.school_slots == {
        "530825001378": {"initiatives[].deliverables": 9}
    }
    adams, browne, _ = campaign.roster.schools
    paths = [form_for(campaign, school).layout.inputs for school in (adams, browne)]
    criterion = "initiatives[0].deliverables[8].criteria.clear"
    assert [criterion in found for found in paths] == [True, False]


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        ({"resource": 9}, 'Did you mean "resources"?'),
        ({"challenges": 1}, "at least 2"),
        ({"challenges": 500, "challenges[].strategies": 500}, "cells"),
    ],
)
def test_what_cannot_be_is_said_and_not_kept(tmp_path: Path, slots: dict[str, int], said: str) -> None:
    campaign: Campaign = begun(tmp_path / "c", "sfss")
    before = (tmp_path / "c" / "campaign.toml").read_bytes()
    with pytest.raises(UsageError) as error:
        with_slots(campaign, [], slots)
    assert said in str(error.value) and (tmp_path / "c" / "campaign.toml").read_bytes() == before
