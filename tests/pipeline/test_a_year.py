"""A year of a small district, step by step as docs/tutorial/a-year.md tells it: four rounds of letters, two versions of
the form, two languages, one ledger after the other."""

from __future__ import annotations

import email
import json
from collections import Counter
from datetime import date, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

import xlplan
from tests.pipeline.round import Round, roster_lines, write_roster
from xlplan.campaign.files import write_safely
from xlplan.layout.book import Book
from xlplan.layout.locate import locate
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.opening import Context, Opened, open_file
from xlplan.templates.sfss import Priority

TUTORIAL = Path(xlplan.__file__).parents[1] / "docs" / "tutorial" / "a-year.md"
LINES = [
    line
    | {"email": "" if number in (8, 9) else f"school{number}@spokane.example"}
    | {"language": "Spanish" if number in (3, 7, 11) else ""}
    for number, line in enumerate(roster_lines()[:12])
]  # fmt: skip
KEYS = [line["school_id"] for line in LINES]
SECTION_2 = ("rules", "roles", "partner_roles", "relationships", "resources", "monitoring")
ASSETS, ROLES = "The specialist's mornings go to grade 6.", "The counselor leads the attendance team."
MID_YEAR = "2027-02-01"  # what is due before is done by then
LEARNED, CHANGES = (
    "Texting families works better than letters.",
    "We text on the first day, not on the third.",
)


class Year:
    """The district's desk: a folder per round, and every command that was typed."""

    def __init__(self, desk: Path) -> None:
        self.desk = desk
        self.said: list[str] = []
        self.now = Round(desk / "autumn")

    def says(self, line: str, code: int = 0) -> str:
        """A command typed in the folder of the round."""
        self.said.append(line)
        done = self.now.says(line, code)
        return done.out + done.err

    def turns_to(self, name: str) -> None:
        """The next round, beside the one before."""
        self.now = Round(self.desk / name)

    def states(self, as_of: str) -> Counter[str]:
        return Counter(self.now.states(as_of).values())

    def late(self, as_of: str) -> list[str]:
        """The schools that are late."""
        schools = self.now.asks("status", "--as-of", as_of)["schools"]
        return [item["school_id"] for item in schools if item["late"]]

    def drafts(self, folder: str) -> dict[str, EmailMessage]:
        """The drafts in a folder of the outbox, by whom they are to."""
        found = {}
        for path in (self.now.folder / "outbox" / folder).rglob("*.eml"):
            message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            assert isinstance(message, EmailMessage) and message["X-Unsent"] == "1"
            found[str(message["To"])] = message
        return found

    def tables(self, name: str) -> list[dict[str, Any]]:
        """The rows of an exported table."""
        to = self.desk / f"tables-{self.now.folder.name}"
        self.now.asks("export", "--to", to, "--format", "json", "--as-of", "2027-03-01")
        rows: list[dict[str, Any]] = json.loads((to / f"{name}.json").read_text(encoding="utf-8"))["rows"]
        return rows


def first_version(plan: dict[str, Any]) -> dict[str, Any]:
    """A plan as version 1 asks for it."""
    kept = {name: value for name, value in plan.items() if name not in SECTION_2}
    return kept | {
        "infrastructure": plan["monitoring"],
        "alignment": {"assets": ASSETS, "roles": ROLES},
    }


def steps(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every step by its path."""
    return {
        f"challenges[{c}].strategies[{s}].steps[{n}]": step
        for c, challenge in enumerate(plan["challenges"])
        for s, strategy in enumerate(challenge["strategies"])
        for n, step in enumerate(strategy["steps"])
    }


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Year:
    desk = tmp_path_factory.mktemp("year")
    write_roster(desk / "schools.csv", LINES)
    return Year(desk)


def plan_of(year: Year, number: int) -> dict[str, Any]:
    plan = year.now.plan(number)
    for step in steps(plan).values():
        step["done"] = None
    return plan


def test_a_year(year: Year) -> None:
    # --- September: copies of version 1 go out
    year.says(
        "xlplan init autumn --template sfss@1 --roster schools.csv --plan-from 2026-09-01 --plan-to 2027-06-30 "
        "--return-by 2026-10-16 --year 2026-27 --contact plans@spokane.example"
    )
    year.says("xlplan generate")
    year.says("xlplan distribute --as-of 2026-09-10")
    sent = year.drafts("2026-09-10-distribute")
    assert len(sent) == 11, "ten schools with an address, and the district for the two without"
    assert len(list((year.now.folder / "outbox").rglob("*.zip"))) == 1
    assert "October 16" in text_of(sent["school0@spokane.example"])
    assert "16 de octubre" in text_of(sent["school3@spokane.example"])
    (attached,) = sent["school0@spokane.example"].iter_attachments()
    assert attached.get_content() == year.now.copy(KEYS[0]).read_bytes()

    # --- October: nine come back, one of them without an owner
    for number in range(9):
        plan = first_version(plan_of(year, number))
        if number == 2:
            plan["challenges"][0]["strategies"][0]["steps"][0]["owner"] = None
        year.now.sends(KEYS[number], plan, day="2026-10-09")
    year.says("xlplan collect returns/2026-10-09 --received 2026-10-09 --letters", code=1)
    assert year.states("2026-10-09") == {"accepted": 8, "rejected": 1, "issued": 3}
    letters = year.drafts("2026-10-09-letters")
    assert "By Who? of step 1.1" in text_of(letters["school2@spokane.example"])
    (correction,) = letters["school2@spokane.example"].iter_attachments()
    assert correction.get_content() == year.now.correction(KEYS[2]).read_bytes()
    assert "Gracias por su plan" in text_of(letters["school3@spokane.example"])
    assert not list(letters["school0@spokane.example"].iter_attachments())

    # --- those who owe something are reminded, and told what
    year.says("xlplan remind --as-of 2026-10-12 --within 7")
    owing = year.drafts("2026-10-12-remind")
    assert set(owing) == {"None", *(f"school{number}@spokane.example" for number in (2, 10, 11))}
    assert "has not come yet" in text_of(owing["school10@spokane.example"])
    assert "One thing is left to correct" in text_of(owing["school2@spokane.example"])
    assert "todavía no llega" in text_of(owing["school11@spokane.example"])

    # --- a later day for one, a corrected plan from another
    year.says(f'xlplan extend {KEYS[10]} --until 2027-01-29 --reason "Flood in October"')
    year.says("xlplan generate")
    owner = {"challenges[0].strategies[0].steps[0].owner": "Lee Park"}
    year.now.types(year.now.correction(KEYS[2]), owner, day="2026-10-16")
    year.says("xlplan collect returns/2026-10-16 --received 2026-10-16 --letters")
    assert year.states("2026-10-20") == {"accepted": 9, "issued": 3}
    assert set(year.late("2026-10-20")) == {KEYS[9], KEYS[11]}

    # --- December: version 2 of the form, in two languages; copies of version 1 are still out
    old = {number: year.now.copy(KEYS[number]).read_bytes() for number in (9, 10)}
    settings = year.now.folder / "campaign.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("sfss@1", "sfss"), encoding="utf-8")
    year.says("xlplan generate")
    titles = [sheet.name for sheet in book_of(year.now.copy(KEYS[11])).sheets]
    assert titles[0] == "Inicio" and "Roles" in titles and "Resource Alignment" not in titles
    migrated = year.says("xlplan migrate returns")
    assert migrated.count("to place by hand") == 9 and "9 carried over" in migrated
    year.says("xlplan distribute --as-of 2026-12-01")

    # --- January: two more on version 1, one on version 2 in Spanish
    for number, content in old.items():
        made, refused = fill_bytes(content, first_version(plan_of(year, number)), "")
        assert refused is None
        write_safely(year.now.folder / "returns" / "2027-01-15" / f"old {number}.xlsx", made)
    year.now.sends(KEYS[11], plan_of(year, 11), day="2027-01-15")
    year.says("xlplan collect returns/2027-01-15 --received 2027-01-15 --letters")
    letters = year.drafts("2027-01-15-letters")
    assert ROLES in text_of(letters["school10@spokane.example"])
    year.says("xlplan status --as-of 2027-01-20")
    assert year.states("2027-01-20") == {"accepted": 12}

    # --- they roll up as one, whatever version and language they came in
    year.says("xlplan rollup --as-of 2027-01-20")
    plans = [plan_of(year, number) for number in range(12)]
    every = [steps(plan) for plan in plans]
    rows = year.tables("steps")
    assert len(rows) == sum(map(len, every))
    assert Counter(row["version"] for row in rows) == Counter(
        {1: sum(map(len, every[:9])), 2: sum(map(len, every[9:]))}
    )
    chosen = {choice for row in year.tables("strategies") for choice in (row["priorities"] or "").split("; ")}
    assert chosen <= {str(item) for item in Priority}, "a Spanish return says the same"

    # --- February: the mid-year check asks for progress alone
    year.turns_to("midyear")
    year.says("xlplan init midyear --from autumn --status-round --return-by 2027-02-12")
    year.says("xlplan generate")
    first = "challenges[0].strategies[0].steps[0]"
    for number in range(11):
        answers: dict[str, object] = {"prepared_by": "M. Rey", "prepared_on": date(2027, 2, 3)}
        answers |= {f"{path}.done": step["due"] < MID_YEAR for path, step in every[number].items()}
        answers |= {f"{first}.learned": LEARNED, f"{first}.changes": CHANGES}
        if number == 1:
            answers[f"{last_open(every[1])}.due"] = date(2027, 6, 11)
        year.now.types(year.now.copy(KEYS[number]), answers, day="2027-02-12")
    year.says("xlplan collect returns/2027-02-12 --received 2027-02-12")
    year.says("xlplan status --as-of 2027-02-15")
    assert year.states("2027-02-15") == {"accepted": 11, "issued": 1}
    progress = {
        item["school_id"]: item["progress"]
        for item in year.now.asks("status", "--as-of", "2027-02-15")["schools"]
    }
    for number in range(11):
        done = sum(step["due"] < MID_YEAR for step in every[number].values())
        told = progress[KEYS[number]]
        assert (told["rows"], told["done"], told["newly_done"]) == (len(every[number]), done, done)
        assert told["moved"] == (number == 1)
    changed = year.says(f"xlplan diff {KEYS[1]}")
    assert LEARNED in changed and "2027-06-11" in changed
    year.says("xlplan rollup --as-of 2027-02-15")
    rows = year.tables("steps")
    assert [row["learned"] for row in rows].count(LEARNED) == 11
    assert {row["last_status"] for row in rows} == {"Not done"}
    moved = [row for row in rows if row["due"] != row["first_due"]]
    assert [(row["school_id"], row["due"]) for row in moved] == [(KEYS[1], "2027-06-11")]

    # --- the next autumn begins with what is still open
    year.turns_to("next")
    year.says(
        "xlplan init next --from midyear --plan-from 2027-09-01 --plan-to 2028-06-30 --return-by 2027-10-15 "
        "--year 2027-28"
    )
    year.says("xlplan generate")
    for number, own in enumerate(every):
        wanted = [step["action"] for step in own.values() if step["due"] >= MID_YEAR or number == 11]
        cells = begun(year.now.copy(KEYS[number]))
        assert sorted(text for path, text in cells.items() if path.endswith(".action")) == sorted(wanted)
        assert not [path for path in cells if path.endswith(".due")], "all were due before the new window"
        firsts = sorted(step["due"] for step in own.values() if step["due"] >= MID_YEAR or number == 11)
        assert sorted(str(day) for path, day in cells.items() if path.endswith(".first_due")) == firsts

    # --- one step over three rounds
    cells = begun(year.now.copy(KEYS[1]))
    text = every[1][last_open(every[1])]["action"]
    (row,) = [path.removesuffix(".action") for path, value in cells.items() if value == text]
    answers = {
        path.replace(".action", ".due"): date(2027, 12, 10) for path in cells if path.endswith(".action")
    }
    answers |= {"prepared_by": "M. Rey", "prepared_on": date(2027, 10, 1)}
    year.now.types(year.now.copy(KEYS[1]), answers, day="2027-10-12")
    year.says("xlplan collect returns/2027-10-12 --received 2027-10-12")
    story = year.says(f"xlplan history {KEYS[1]} --row {row}")
    known = year.now.asks("history", KEYS[1], "--row", row)
    assert "2027-06-11" in story and "2027-12-10" in story
    assert known["id"].endswith(last_open(every[1]))
    year.says("xlplan ledger check")

    told = [
        line.strip()
        for line in TUTORIAL.read_text(encoding="utf-8").splitlines()
        if line.startswith("    xlplan ")
    ]
    assert told == [line.replace(row, "ROW") for line in year.said]


def last_open(own: dict[str, dict[str, Any]]) -> str:
    """The path of the last step that is not done by the middle of the year."""
    return [path for path, step in own.items() if step["due"] >= MID_YEAR][-1]


def book_of(path: Path) -> Book:
    opened = open_file(path.read_bytes(), path.name, Context())
    assert isinstance(opened, Opened)
    return opened.book


def begun(path: Path) -> dict[str, object]:
    """What a copy begins with, by slot path, what it only shows as well; days as ISO text."""
    opened = open_file(path.read_bytes(), path.name, Context())
    assert isinstance(opened, Opened)
    held = {path: value.cell.value for path, value in locate(opened.layout, opened.book).values.items()}
    return {
        path: value.date().isoformat() if isinstance(value, datetime) else value
        for path, value in held.items()
    }
