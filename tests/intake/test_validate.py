"""A plan typed into its cells, and the findings it earns: one a fault, in sheet order."""

from __future__ import annotations

from datetime import date, datetime
from string import Formatter
from typing import Any

import pytest

from tests.intake.sheets import checked, codes, plan, raw, reads_well, sfss
from xlplan.catalogue import CATALOGUE
from xlplan.findings import finding
from xlplan.intake.validate import validate
from xlplan.layout.book import Cell

STEP = "challenges[0].strategies[0].steps[0]"
FIVE = (
    "Strong Climate & Culture", "Engaging Instruction for Academics & SEL",
    "Proactive Student-Specific Support System",
    "Systematic Parent & Family Engagement", "Strategic Partnerships & Coalitions",
)  # fmt: skip


def test_a_good_plan_earns_nothing_and_comes_back_as_it_was() -> None:
    """The cells hold the plan, and reading them gives it back."""
    found, findings = checked()
    assert findings == []
    assert {name: found.plan[name] for name in plan()} == plan()
    assert found.model is not None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({f"{STEP}.owner": None}, [("missing", f"{STEP}.owner")]),
        ({f"{STEP}.owner": "n/a"}, [("missing", f"{STEP}.owner")]),
        ({f"{STEP}.due": "TBD"}, [("type", f"{STEP}.due")]),
        ({f"{STEP}.due": date(2062, 10, 2)}, [("date-outside-window", f"{STEP}.due")]),
        ({f"{STEP}.due": date(2027, 6, 30)}, []),
        ({f"{STEP}.due": date(2027, 7, 1)}, [("date-outside-window", f"{STEP}.due")]),
        ({f"{STEP}.due": "15/10/2026"}, [("mended-date", f"{STEP}.due")]),
        ({f"{STEP}.done": "perhaps"}, [("choice", f"{STEP}.done")]),
        ({"prepared_on": date(2024, 9, 1)}, []),
        ({"prepared_on": date(2024, 8, 31)}, [("range", "prepared_on")]),
        ({"prepared_on": date(2027, 7, 1)}, [("range", "prepared_on")]),
        ({"resources[0].cost": -5.0}, [("range", "resources[0].cost")]),
        ({"resources[0].cost": "in kind"}, [("type", "resources[0].cost")]),
        ({"resources[0].funding_source": "x" * 201}, [("too-long", "resources[0].funding_source")]),
        ({"resources[0].item": None}, [("missing", "resources[0].item")]),
        ({"prepared_by": None}, [("missing", "prepared_by")]),
        ({"monitoring.progress": None}, [("missing", "monitoring.progress")]),
        ({"challenges[0].evidence": Cell(None, None, "#REF!")}, [("error-cell", "challenges[0].evidence")]),
        ({"challenges[0].evidence": Cell(None, "A1")}, [("formula-no-value", "challenges[0].evidence")]),
        ({"challenges[0].evidence": Cell("12 of 90", "A1")}, [("formula", "challenges[0].evidence")]),
        ({"challenges[0].strategies[0].root_causes[3]": "x"}, [("unknown-reference",
        "challenges[0].strategies[0].root_causes[3]")]),
        ({"challenges[0].strategies[0].root_causes[3]": "no"}, []),
        ({f"challenges[0].strategies[0].priorities[{FIVE[0]}]": "maybe"}, [("choice",
        f"challenges[0].strategies[0].priorities[{FIVE[0]}]")]),
        ({"rules[4].supports": "Help"}, [("missing", "rules[4].item"), ("missing", "rules[4].adjustments")]),
        ({"resources[7].reallocation": "no"}, [("missing", "resources[7].item")]),
    ],
)  # fmt: skip
def test_a_fault_is_told_once(typed: dict[str, object], expected: list[tuple[str, str]]) -> None:
    """One thing wrong, one finding, at its own cell; what is in order is silent."""
    assert codes(typed) == expected


def test_a_strategy_without_a_priority_is_told_once() -> None:
    """A group of ticks is one answer."""
    typed: dict[str, object] = {f"challenges[0].strategies[1].priorities[{choice}]": None for choice in FIVE}
    found = [item for item in checked(typed)[1] if item.code == "missing"]
    assert [item.path for item in found] == ["challenges[0].strategies[1].priorities"]
    assert found[0].cell and found[0].remedy == "Mark at least one with x."
    assert "mark x" not in found[0].message


def test_findings_come_in_sheet_order() -> None:
    """One trip through the workbook from front to back mends everything."""
    typed: dict[str, object] = {
        "resources[0].cost": "?", f"{STEP}.due": "TBD", "prepared_by": None, "challenges[1].evidence": None,
        "challenges[0].description": None, f"{STEP}.owner": None,
    }  # fmt: skip
    assert [(item.sheet, item.cell) for item in checked(typed)[1] if item.severity == "error"] == [
        ("Plan", "E11"), ("Challenge 1", "D8"), ("Challenge 1", "E34"), ("Challenge 1", "F34"),
        ("Challenge 2", "D12"),
        ("Resources", "E5"),
    ]  # fmt: skip


def test_a_missing_row_is_not_also_five_missing_cells() -> None:
    """A table that lacks its first row is told of the table alone."""
    base = plan()
    base["challenges"][0]["strategies"][0]["steps"] = []
    found = [item for item in codes(base=base) if CATALOGUE[item[0]].severity == "error"]
    assert found == [("too-few", "challenges[0].strategies[0].steps")]


def test_too_few_challenges_are_told_whatever_else_is_wrong() -> None:
    """Everything wrong in one pass: a faulty cell elsewhere does not hide that a challenge lacks."""
    base = plan()
    base["challenges"] = base["challenges"][:1]
    errors = [item for item in checked({f"{STEP}.due": "TBD"}, base=base)[1] if item.severity == "error"]
    assert [(item.code, item.sheet) for item in errors] == [
        ("type", "Challenge 1"),
        ("too-few", "Challenge 2"),
    ]
    assert errors[1].message == "Challenges: 1 filled, and at least 2 needed."
    assert errors[1].remedy == "Fill in one more."


def test_a_row_whose_only_answer_failed_still_counts() -> None:
    """Too few is not told where the row is there and its own cell is the fault."""
    base = plan()
    base["challenges"] = base["challenges"][:1]
    found = codes({"challenges[1].description": "x" * 5000}, base=base)
    assert ("too-long", "challenges[1].description") in found
    assert ("too-few", "challenges") not in found


@pytest.mark.parametrize("cells", [{}, {"prepared_by": "   "}, {"prepared_by": "\u200b"}])
def test_an_empty_plan_is_blank_and_nothing_else(cells: dict[str, object]) -> None:
    assert codes(cells, base={}) == [("blank", None)]


def test_a_field_that_the_campaign_made_optional_may_be_empty() -> None:
    """The campaign's wish reaches the importer too."""
    form = sfss(optional=("challenges[].strategies[].steps[].owner",))
    assert codes({f"{STEP}.owner": None}, form=form) == []


def test_a_sheet_that_is_gone_is_not_also_its_empty_fields() -> None:
    """The finding of the sheet says it all."""
    form = sfss()
    typed = raw(form, {})
    typed.missing += [
        sheet for sheet in form.layout.sheets if sheet.key == "mon" or sheet.path == "challenges[1]"
    ]
    found = validate(form.layout, form.model, typed, {})
    assert [item.code for item in found.findings] == ["blank"]
    typed.values |= raw(form, {"prepared_by": "J. Ortiz", "prepared_on": date(2026, 10, 1)}).values
    assert validate(form.layout, form.model, typed, {}).findings == []


def test_empty_slots_close_up_and_letters_follow() -> None:
    """Cause A left empty: what stood at B is the plan's first, and its ticks say A."""
    base = plan()
    causes = base["challenges"][0]["root_causes"]
    base["challenges"][0]["root_causes"] = [None, *causes]
    for strategy in base["challenges"][0]["strategies"]:
        strategy["root_causes"] = ["ABCD"["ABCD".index(letter) + 1] for letter in strategy["root_causes"]]
    found, findings = checked(base=base)
    assert findings == []
    assert found.plan["challenges"] == plan()["challenges"]
    assert found.slots["challenges[0].root_causes"] == (1, 2, 3)


def test_findings_about_empty_slots_speak_in_slots() -> None:
    """The second challenge on sheet 4 is slot 3, in findings and lineage."""
    base = plan()
    base["challenges"] = [base["challenges"][0], None, None, base["challenges"][1]]
    found, findings = checked({"challenges[3].evidence": "Many."}, base=base)
    assert [(item.code, item.path, item.sheet) for item in findings if item.code == "no-evidence-number"] == [
        ("no-evidence-number", "challenges[3].evidence", "Challenge 4")
    ]
    assert found.slots["challenges"] == (0, 3)


# --- wording


ODD: list[dict[str, object]] = [
    {f"{STEP}.due": value} for value in ("TBD", "4/18", "June 31, 2027", "x" * 300, "Oct 2, 2062",
    datetime(2020, 1, 1))
] + [
    {f"{STEP}.owner": "Ortiz / Lee"}, {f"{STEP}.owner": None}, {"challenges[0].evidence": "Many are late."},
    {"challenges[0].evidence": "Why?"}, {"challenges[0].evidence": "x" * 5000},
    {"resources[0].cost": "1.200"},
    {"resources[0].cost": None}, {"resources[0].cost": 1e12}, {"signoffs[0].role": "Principle"},
    {"prepared_by": "–"},
    {"challenges[0].strategies[0].root_causes[3]": True}, {f"{STEP}.done": "“maybe”."},
    {"challenges[0].evidence": Cell(None, None, "#N/A")},
]  # fmt: skip


@pytest.mark.parametrize("typed", ODD)
def test_what_is_said_reads_well(typed: dict[str, object]) -> None:
    """Full sentences, no doubled marks, no empty quotes, and none of the words that LOOK bans."""
    findings = checked(typed)[1]
    assert findings
    for item in findings:
        for said in (item.message, item.remedy):
            reads_well(said)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_the_catalogue_keeps_to_the_wording(code: str) -> None:
    """Never "invalid", "error", "mandatory"; and a finding without facts is still a sentence."""
    entry = CATALOGUE[code]
    words = f"{entry.sentence} {entry.remedy}".casefold()
    assert not any(word in words for word in ("invalid", "error", "mandatory"))
    named = {name for _, name, _, _ in Formatter().parse(entry.sentence + entry.remedy) if name}
    facts: dict[str, Any] = dict.fromkeys(named - {"found"}, "x") | {"more": ""}
    shown = finding(code, found="Something.", **facts)
    assert "“”" not in shown.message and ".”." not in shown.message
