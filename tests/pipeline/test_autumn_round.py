"""An autumn round with sixty schools, step by step as docs/how-to/an-autumn-round.md tells it, on both databases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

import xlplan
from tests.pipeline.round import COST, Round, amount, roster_lines, write_roster
from xlplan.campaign import open_campaign
from xlplan.ledger import Ledger

HOW_TO = Path(xlplan.__file__).parents[1] / "docs" / "how-to" / "an-autumn-round.md"
OWNER = "challenges[0].strategies[0].steps[0].owner"
LINES = roster_lines()
KEYS = [line["school_id"] for line in LINES]
ADAMS, AUDUBON, BALBOA, BEMISS = KEYS[1], KEYS[5], KEYS[6], KEYS[7]
OPEN_DOORS, FLETT, PRATT, VIRTUAL, BRYANT = KEYS[40], KEYS[41], KEYS[42], KEYS[58], KEYS[9]
NEW = {**LINES[0], "school_id": "530825003401", "school": "The Community School"}


def incomplete(plan: dict) -> dict:
    """The plan without the owner of its first step."""
    plan["challenges"][0]["strategies"][0]["steps"][0]["owner"] = None
    return plan


@pytest.fixture(params=["sqlite", "postgresql"])
def autumn(request: pytest.FixtureRequest, tmp_path: Path) -> Round:
    """The round before it has begun, with the ledger in a file or on a server."""
    write_roster(tmp_path / "schools.csv", LINES)
    made = Round(tmp_path / "autumn")
    made.says(
        "xlplan init autumn --template sfss --roster schools.csv --plan-from 2026-09-01 --plan-to 2027-06-30 "
        "--return-by 2026-10-16 --year 2026-27"
    )
    if request.param == "postgresql":
        fresh: Callable[[], str] = request.getfixturevalue("postgresql")
        settings = made.folder / "campaign.toml"
        text = settings.read_text(encoding="utf-8")
        assert 'ledger = ""' in text
        settings.write_text(text.replace('ledger = ""', f'ledger = "{fresh()}"'), encoding="utf-8")
    return made


def test_autumn(autumn: Round) -> None:
    money: dict[str, Decimal] = {}

    def stands(day: str, **states: int) -> dict[str, str]:
        """The schools are in these states, and the plans that count cost what they should; gives the states."""
        found = autumn.states(day)
        assert Counter(found.values()) == Counter({name.replace("_", "-"): n for name, n in states.items()})
        assert autumn.money() == money
        return found

    autumn.says("xlplan generate")
    stands("2026-09-10", issued=60)

    # --- the first forty, of which six lack an answer
    for number in range(40):
        plan = autumn.plan(number)
        autumn.sends(KEYS[number], incomplete(plan) if 30 <= number < 36 else plan, day="2026-10-02")
    autumn.says("xlplan collect returns/2026-10-02 --received 2026-10-02", code=1)
    money |= {KEYS[number]: amount(number) for number in (*range(30), *range(36, 40))}
    stands("2026-10-02", accepted=34, rejected=6, issued=20)
    autumn.says("xlplan status")

    # --- corrections come back; one is still not right
    for number in range(30, 35):
        owner = "TBD" if number == 34 else "Lee Park"
        autumn.types(autumn.correction(KEYS[number]), {OWNER: owner}, day="2026-10-09")
    # --- and plans that two people filled in
    alone = {"rules": None, "resources": None, "roles": None}
    autumn.sends(OPEN_DOORS, autumn.plan(40) | alone, day="2026-10-09", name="open doors ann.xlsx", by="Ann")
    only = {name: autumn.plan(40).get(name) for name in alone}
    autumn.sends(OPEN_DOORS, only, day="2026-10-09", name="open doors bo.xlsx", by="Bo")
    autumn.sends(FLETT, autumn.plan(41), day="2026-10-09", name="flett cy.xlsx", by="Cy")
    other = autumn.plan(41, prepared_by="Dee Falk")
    other["resources"][0]["cost"] = "77.00"
    autumn.sends(FLETT, other, day="2026-10-09", name="flett dee.xlsx", by="Dee")
    autumn.sends(
        PRATT, incomplete(autumn.plan(42)) | {"roles": None}, day="2026-10-09", name="pratt ed.xlsx", by="Ed"
    )
    autumn.says("xlplan collect returns/2026-10-09 --received 2026-10-09", code=1)
    autumn.types(
        autumn.correction(PRATT), {OWNER: "Flo Grant"}, day="2026-10-10", name="pratt fixed.xlsx", by="Flo"
    )
    autumn.sends(
        PRATT, {"roles": autumn.plan(42)["roles"]}, day="2026-10-10", name="pratt gus.xlsx", by="Gus"
    )
    autumn.says("xlplan collect returns/2026-10-10 --received 2026-10-10", code=1)
    money |= {KEYS[number]: amount(number) for number in (*range(30, 34), 42)}
    before = autumn.asks("status", "--as-of", "2026-10-10")["schools"]
    returns = {item["school_id"]: item["returns"] for item in before}
    assert (returns[KEYS[34]], returns[OPEN_DOORS], returns[FLETT], returns[PRATT]) == (2, 2, 2, 3)

    autumn.says(f"xlplan merge {OPEN_DOORS} --received 2026-10-10")
    autumn.says(f"xlplan merge {PRATT} --received 2026-10-10")
    autumn.says(f"xlplan merge {FLETT} --received 2026-10-10", code=1)
    money |= {OPEN_DOORS: amount(40), FLETT: Decimal("77.00")}
    found = stands("2026-10-11", accepted=40, rejected=2, waiting=1, issued=17)
    assert found[FLETT] == "waiting"
    (asked,) = (autumn.folder / "reports" / "decisions").rglob("*.xlsx")
    decide(asked, {"Answers!H5": "flett cy.xlsx (Cy)", "Answers!I6": "1,234.50"})
    decisions = asked.relative_to(autumn.folder).as_posix()
    autumn.says(f"xlplan merge {FLETT} --decisions {decisions} --received 2026-10-11")
    money[FLETT] = Decimal("1234.50")
    stands("2026-10-11", accepted=41, rejected=2, issued=17)
    kinds = [item["kind"] for item in autumn.asks("history", FLETT)["plans"][0]["returns"]]
    assert kinds == ["return", "return", "merge"]

    assert autumn.exported_money("2026-10-11") == money

    # --- the deadline
    for number in range(43, 50):
        autumn.sends(KEYS[number], autumn.plan(number), day="2026-10-16")
    autumn.types(autumn.correction(KEYS[34]), {OWNER: "Lee Park"}, day="2026-10-16", name="third time.xlsx")
    autumn.says("xlplan collect returns/2026-10-16 --received 2026-10-16")
    money |= {KEYS[number]: amount(number) for number in (*range(43, 50), 34)}
    stands("2026-10-16", accepted=49, rejected=1, issued=10)

    # --- the reader
    autumn.says(f"xlplan review {ADAMS} --approve")
    for number in (0, 2, 3, 4):
        autumn.asks("review", KEYS[number], "--approve")
    autumn.says(f'xlplan review {AUDUBON} --on "{COST}=Where does this sum come from?"')
    autumn.says(f'xlplan review {BALBOA} --return "Please talk to the library first."')
    stands("2026-10-17", approved=5, in_review=2, accepted=42, rejected=1, issued=10)

    # --- late plans, answers to remarks, the same again, and a change after the approval
    for number in range(50, 54):
        autumn.sends(KEYS[number], autumn.plan(number), day="2026-10-23")
    autumn.sends(VIRTUAL, autumn.plan(58), day="2026-10-23")
    autumn.types(
        autumn.correction(AUDUBON), {COST: Decimal("2000.00")}, day="2026-10-23", name="audubon.xlsx"
    )
    autumn.resaves(autumn.folder / "returns" / "2026-10-02" / autumn.copy(KEYS[0]).name, day="2026-10-23")
    autumn.sends(ADAMS, autumn.plan(1, prepared_by="Hal Reed"), day="2026-10-23", name="adams new.xlsx")
    worse = autumn.plan(7)
    worse["resources"][0]["cost"] = "1.00"
    autumn.sends(BEMISS, worse, day="2026-10-23", name="bemiss draft.xlsx")
    autumn.says("xlplan collect returns/2026-10-23 --received 2026-10-23")
    money |= {KEYS[number]: amount(number) for number in (*range(50, 54), 58)}
    money |= {AUDUBON: Decimal("2000.00"), BEMISS: Decimal("1.00")}
    found = stands("2026-10-23", approved=4, in_review=1, accepted=49, rejected=1, issued=5)
    assert (found[KEYS[0]], found[ADAMS], found[AUDUBON], found[BALBOA]) == (
        "approved", "accepted", "accepted", "in-review",
    )  # fmt: skip
    late = [
        item["school_id"]
        for item in autumn.asks("status", "--as-of", "2026-10-23")["schools"]
        if item["late"]
    ]
    assert set(late) == {*KEYS[50:54], VIRTUAL, KEYS[35], *KEYS[54:58], KEYS[59]}

    autumn.says(f"xlplan history {BEMISS}")
    autumn.says(f'xlplan mark {BEMISS} 1 --counts --reason "The second file was a draft."')
    money[BEMISS] = amount(7)
    autumn.says(f"xlplan diff {ADAMS}:1 {ADAMS}:2")
    autumn.says(f"xlplan review {ADAMS} --approve")
    autumn.says(f'xlplan review {AUDUBON} --on "{COST}=The grant pays 1,500 at most."')
    stands("2026-10-24", approved=5, in_review=2, accepted=47, rejected=1, issued=5)

    # --- the roster changes: one school closes, one has another name, one is new
    lines = [line for line in LINES if line["school_id"] != VIRTUAL]
    lines = [{**line, "school": "Bryant School"} if line["school_id"] == BRYANT else line for line in lines]
    write_roster(autumn.folder / "new-schools.csv", [*lines, NEW])
    autumn.says("xlplan roster update new-schools.csv")
    autumn.says("xlplan roster update new-schools.csv --apply")
    autumn.says("xlplan generate")
    del money[VIRTUAL]
    found = stands("2026-10-26", approved=5, in_review=2, accepted=46, rejected=1, issued=6)
    assert found[NEW["school_id"]] == "issued" and VIRTUAL not in found
    latest = {item["school_id"]: item["issued"] for item in autumn.asks("status")["schools"]}
    assert (latest[BRYANT], latest[NEW["school_id"]]) == (2, 1)
    autumn.says("xlplan roster closed")

    # --- the last of it
    autumn.types(
        autumn.correction(AUDUBON), {COST: Decimal("1500.00")}, day="2026-10-30", name="audubon 3.xlsx"
    )
    autumn.sends(NEW["school_id"], autumn.plan(61), day="2026-10-30")
    autumn.types(autumn.correction(KEYS[35]), {OWNER: "Ida Moss"}, day="2026-10-30")
    autumn.says("xlplan collect returns/2026-10-30 --received 2026-10-30")
    autumn.says(f"xlplan review {AUDUBON} --approve")
    money |= {AUDUBON: Decimal("1500.00"), NEW["school_id"]: amount(61), KEYS[35]: amount(35)}
    stands("2026-10-30", approved=6, in_review=1, accepted=48, issued=5)
    assert autumn.exported_money("2026-10-30") == money
    autumn.says(f"xlplan receipt {AUDUBON}")
    reviews = [
        item["decision"]
        for came in autumn.asks("history", AUDUBON)["plans"][0]["returns"]
        for item in came["reviews"]
    ]
    assert reviews == ["returned", "returned", "approved"]

    # --- everything twice does no harm, and the ledger is as it was written
    with Ledger.open(open_campaign(autumn.folder).ledger_url) as ledger:
        count, head = len(ledger.returns()), ledger.head()
    autumn.says("xlplan collect", code=1)
    with Ledger.open(open_campaign(autumn.folder).ledger_url) as ledger:
        assert (len(ledger.returns()), ledger.head()) == (count, head)
    autumn.says("xlplan rollup")
    autumn.says("xlplan ledger check")
    autumn.says("xlplan ledger backup autumn-2026.sqlite")
    with Ledger.open(f"sqlite:///{(autumn.folder / 'autumn-2026.sqlite').as_posix()}", create=False) as kept:
        assert kept.head() == head and not kept.verify_chain()

    told = [
        line.strip()
        for line in HOW_TO.read_text(encoding="utf-8").splitlines()
        if line.startswith("    xlplan ")
    ]
    assert told == [line.replace(asked.name, "DECISIONS.xlsx") for line in autumn.said]


def decide(path: Path, answers: dict[str, str]) -> None:
    """Type these into a decision workbook."""
    from openpyxl import load_workbook

    book = load_workbook(path)
    for place, value in answers.items():
        sheet, _, cell = place.partition("!")
        book[sheet][cell] = value
    book.save(path)
