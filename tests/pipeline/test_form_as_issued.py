"""Copies are read and compared by the form as issued, whatever today's wording and addresses are."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.runner import ADAMS, BROWNE, FINCH, copy_of, run, start
from tests.cli.test_own_template import GOALS, code, init
from tests.specimens.edits import by_openpyxl, everywhere
from xlplan.excel.read import read_workbook
from xlplan.layout import rows
from xlplan.layout.book import Book
from xlplan.layout.sheet import TAG
from xlplan.ledger import Ledger
from xlplan.pipeline import forms
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

SEAL = {
    "label-changed",
    "list-changed",
    "seal-unchecked",
    "moved",
    "contradiction",
    "stray",
    "validation-gone",
}
STEP = GOALS["goals"][0]["steps"][0]
STEPS = [STEP | {"action": f"Action {n}", "owner": f"O. Person{n}", "cost": f"{n}00.00"} for n in (1, 2, 3)]
PLAN = GOALS | {"goals": [GOALS["goals"][0] | {"steps": STEPS}]}
Finding = dict[str, Any]
Reword = Callable[[str], None]


@pytest.fixture
def reword(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reword]:
    """An xlplan that says something else than a star in every head of what must be filled in."""

    def change(star: str) -> None:
        monkeypatch.setattr(rows, "STAR", star)
        forms.form_with.cache_clear()

    yield change
    forms.form_with.cache_clear()


def own_campaign(folder: Path) -> tuple[Path, str]:
    """A campaign with a template of its own, its copies issued, and the template's text."""
    (folder / "goals.py").write_text(code()["goals.py"], encoding="utf-8")
    assert init(folder / "c", f"{folder}/goals.py:GoalsPlan").code == 0
    assert run("generate", "-C", folder / "c").code == 0
    return folder / "c", (folder / "c" / "goals.py").read_text(encoding="utf-8")


def filled(folder: Path, school: str, out: Path, plan: dict[str, Any]) -> Path:
    """The school's copy with a plan poured in."""
    source = out.with_suffix(".json")
    source.write_text(json.dumps(plan), encoding="utf-8")
    assert run("fill", copy_of(folder, school), source, "-o", out, "-C", folder, "--json").code in (0, 1)
    return out


def changed(file: Path, sheet: str, a1: str, value: object) -> Path:
    """The file with one cell overtyped, past every lock."""

    def edit(book: Any) -> None:
        book[sheet][a1] = value

    file.write_bytes(by_openpyxl(file.read_bytes(), edit))
    return file


def checked(folder: Path, file: Path) -> tuple[list[Finding], dict[str, Any]]:
    (found,) = run("check", file, "-C", folder, "--json").json["files"]
    return found["findings"], found["plan"]


def told(findings: list[Finding]) -> list[tuple[str, str, str]]:
    """What is said of the file itself."""
    return [(item["code"], item["sheet"], item["cell"]) for item in findings if item["code"] in SEAL]


def sealed(folder: Path) -> tuple[int, list[str]]:
    """How many wordings the ledger has, and what is wrong with it."""
    with Ledger.open(f"sqlite:///{folder / 'ledger.sqlite'}") as ledger:
        known = {copy.digest for copy in ledger.copies()}
        seals = sum(len(form.seals) for form in map(ledger.form, known) if form)
        return seals, ledger.verify_chain()


def head_of(file: Path, ending: str) -> tuple[str, str, str]:
    """Sheet, cell and text of a head with this ending."""
    book = read_workbook(file.read_bytes())
    assert isinstance(book, Book)
    for sheet in book.sheets:
        for (row, column), cell in sorted(sheet.cells.items()):
            if isinstance(cell.value, str) and cell.value.endswith(ending) and column > TAG and row > 4:
                return sheet.name, f"{openpyxl.utils.get_column_letter(column)}{row}", cell.value
    raise AssertionError(f"no head ends with {ending!r}")


# --- another wording of the program: the same form


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_copy_of_the_former_wording_earns_nothing(name: str, tmp_path: Path, reword: Reword) -> None:
    """Blank or filled; and the plan is the same."""
    roster = tmp_path / "schools.csv"
    roster.write_text(
        f"district_id,district,school_id,school\n5308250,Spokane,{ADAMS},Adams\n", encoding="utf-8"
    )
    assert init(tmp_path / "c", name).code == 0
    assert run("generate", "-C", tmp_path / "c").code == 0
    file = filled(tmp_path / "c", ADAMS, tmp_path / "a.xlsx", sample_plans(name)[0])
    before = checked(tmp_path / "c", file)
    blank = told(checked(tmp_path / "c", copy_of(tmp_path / "c", ADAMS))[0])
    assert told(before[0]) == blank == []
    reword(" (required)")
    assert checked(tmp_path / "c", file) == before
    assert told(checked(tmp_path / "c", copy_of(tmp_path / "c", ADAMS))[0]) == []
    head_of(file, rows.STAR.replace(" (required)", "\u00a0\u00a0*"))  # it does show the former wording
    alone = run("check", file, "--json").json["files"][0]["findings"]
    assert {item["code"] for item in alone} >= {"label-changed"}  # there today's form is the only one known


def test_what_was_overtyped_is_told_with_the_text_as_issued(tmp_path: Path, reword: Reword) -> None:
    folder = start(tmp_path / "c")
    assert run("generate", "-C", folder).code == 0
    file = filled(folder, ADAMS, tmp_path / "a.xlsx", sample_plans("sfss")[0])
    sheet, cell, was = head_of(file, "\u00a0\u00a0*")
    reword(" (required)")
    findings, _ = checked(folder, changed(file, sheet, cell, "Our own words"))
    assert told(findings) == [("label-changed", sheet, cell)]
    (item,) = [item for item in findings if item["code"] == "label-changed"]
    assert f"it was “{' '.join(was.split())}”" in item["message"] and item["found"] == "Our own words"


def test_two_wordings_in_one_campaign(tmp_path: Path, reword: Reword) -> None:
    """The same form issued before and after: each copy by its own words, issue numbers and digests alike."""
    folder = start(tmp_path / "c")
    assert run("generate", "-C", folder, "--school", ADAMS, "--school", BROWNE).code == 0
    assert sealed(folder) == (1, [])
    reword(" (required)")
    assert run("generate", "-C", folder).code == 0  # those that are there already stay
    assert sealed(folder) == (2, [])
    old, new = tmp_path / "old.xlsx", tmp_path / "new.xlsx"
    for school, out in ((BROWNE, old), (FINCH, new)):
        out.write_bytes(copy_of(folder, school).read_bytes())
        assert told(checked(folder, out)[0]) == []
    for out, ending in ((old, "\u00a0\u00a0*"), (new, " (required)")):
        sheet, cell, was = head_of(out, ending)
        findings, _ = checked(folder, changed(out, sheet, cell, "Our own words"))
        assert told(findings) == [("label-changed", sheet, cell)]
        assert " ".join(was.split()) in next(i["message"] for i in findings if i["code"] == "label-changed")
    reword(" **")  # and a third, of which no copy went out
    assert [told(checked(folder, copy_of(folder, one))[0]) for one in (ADAMS, FINCH)] == [[], []]


def test_the_same_issue_written_again_in_other_words(tmp_path: Path, reword: Reword) -> None:
    """The file that went out first is as good as the second."""
    folder = start(tmp_path / "c")
    assert run("generate", "-C", folder, "--school", ADAMS).code == 0
    first = tmp_path / "first.xlsx"
    first.write_bytes(copy_of(folder, ADAMS).read_bytes())
    reword(" (required)")
    assert (
        run("generate", "-C", folder, "--school", ADAMS, "--force", "--json").json["copies"][0]["issue"] == 1
    )
    assert copy_of(folder, ADAMS).read_bytes() != first.read_bytes()
    assert told(checked(folder, first)[0]) == told(checked(folder, copy_of(folder, ADAMS))[0]) == []


def test_correction_copies_are_recorded_as_issued(tmp_path: Path, reword: Reword) -> None:
    """In the words of the day they were made on, also when one is lost and made again; dry runs record nothing."""
    folder = start(tmp_path / "c")
    assert run("generate", "-C", folder, "--school", ADAMS).code == 0
    file = folder / "returns" / "a.xlsx"
    filled(folder, ADAMS, file, sample_plans("sfss")[0])
    file.with_suffix(".json").unlink()
    changed(file, "Plan", "H40", "something beside")
    reword(" (required)")
    dry = run("collect", "-C", folder, "--dry-run", "--json").json["files"][0]["findings"]
    assert sealed(folder) == (1, [])
    assert run("collect", "-C", folder, "--json").json["files"][0]["findings"] == dry
    assert sealed(folder) == (2, [])
    (correction,) = (folder / "corrections").rglob("*.xlsx")
    head_of(correction, " (required)")
    reword(" **")
    usual = [("stray", "Left over", "D6")]  # the line that nobody has answered
    assert told(checked(folder, correction)[0]) == usual
    correction.unlink()
    assert run("collect", "-C", folder).code == 1
    head_of(correction, " **")
    assert sealed(folder) == (3, [])
    reword("!")
    assert told(checked(folder, correction)[0]) == usual


# --- another wording of a district's own template: another form, at the same version

LABELS = (
    ('Label("Done?"', 'Label("Is it done?"'),
    ('Label("How we will know"', 'Label("Evidence we will see"'),
    ('label="Steps"', 'label="What we do"'),
    ('title="Goal {n}"', 'title="Aim {n}"'),
)
NOTE = '    note: Annotated[Text | None, Label("A note", noun="note")] = None\n'


def test_labels_may_change_while_copies_are_out(tmp_path: Path) -> None:
    """Untouched: nothing. Overtyped: told with the text as issued, and kept. Unknown to the ledger: so much is said."""
    folder, text = own_campaign(tmp_path)
    file = filled(folder, ADAMS, tmp_path / "a.xlsx", PLAN)
    before = checked(folder, file)
    assert told(before[0]) == []
    for old, new in LABELS:
        assert old in text
        text = text.replace(old, new)
    (folder / "goals.py").write_text(text, encoding="utf-8")
    assert checked(folder, file) == before
    sheet, cell, was = head_of(file, "Done?")
    findings, plan = checked(folder, changed(file, sheet, cell, "Our own words"))
    assert told(findings) == [("label-changed", sheet, cell)] and plan == before[1]
    assert f"it was “{was}”, it is “Our own words”" in findings[0]["message"]
    (folder / "ledger.sqlite").unlink()
    (folder / "goals.py").write_text(text.replace("Is it done?", "Finished?"), encoding="utf-8")
    assert run("generate", "-C", folder, "--force").code == 0
    findings, plan = checked(folder, file)
    assert "seal-unchecked" in {item["code"] for item in findings} and plan == before[1]
    assert "label-changed" not in {item["code"] for item in findings}


@pytest.mark.parametrize(
    "before", ["    action: ", "    owner: ", "    cost: ", "    done: ", "    evidence: ", "    area: "]
)
def test_a_field_put_in_moves_no_answer(before: str, tmp_path: Path) -> None:
    """Answers are read at the addresses as issued, so none lands beside its field, and nothing is said."""
    folder, text = own_campaign(tmp_path)
    file = filled(folder, ADAMS, tmp_path / "a.xlsx", PLAN)
    findings, plan = checked(folder, file)
    (folder / "goals.py").write_text(text.replace(before, NOTE + before), encoding="utf-8")
    told_, now = checked(folder, file)
    (goal,) = now["goals"]
    assert [step.pop("note", None) for step in goal["steps"]] == [None] * 3 and goal.pop("note", None) is None
    assert (told(told_), now) == (told(findings), plan)


@pytest.mark.parametrize(
    ("pattern", "new", "lost"),
    [
        (r"    evidence: .*\n", "", ["80 % of 212 in spring"]),
        ("    evidence: Annotated", "    proof: Annotated", ["80 % of 212 in spring"]),
        ("slots=6", "slots=2", ["Action 3", "O. Person3", "300"]),
        (r"    cost: .*\n", "", ["100", "200", "300"]),
    ],
)
def test_answers_of_a_field_that_is_gone_are_left_over(
    pattern: str, new: str, lost: list[str], tmp_path: Path
) -> None:
    """Told as an error, every cell named, and verbatim on the correction copy; all other answers are read."""
    folder, text = own_campaign(tmp_path)
    filled(folder, ADAMS, folder / "returns" / "a.xlsx", PLAN)
    (folder / "returns" / "a.json").unlink()
    (folder / "goals.py").write_text(re.sub(pattern, new, text), encoding="utf-8")
    done = run("collect", "-C", folder, "--json")
    (item,) = done.json["files"]
    assert (done.code, item["outcome"]) == (1, "rejected")
    strays = [one for one in item["findings"] if one["code"] == "stray"]
    assert strays and all(one["severity"] == "error" for one in strays)
    assert [step["action"] for step in item["plan"]["goals"][0]["steps"]][:2] == ["Action 1", "Action 2"]
    (correction,) = (folder / "corrections").rglob("*.xlsx")
    left = openpyxl.load_workbook(correction)["Left over"]
    texts = {str(cell.value) for line in left.iter_rows() for cell in line if cell.value is not None}
    assert {text for text in lost if not any(text in one for one in texts)} == set()
    assert sealed(folder) == (2, [])


def test_a_copy_without_identity_is_read_by_the_form_that_it_shows(tmp_path: Path) -> None:
    """It no longer says which form it was made from; its locked texts do."""
    folder, text = own_campaign(tmp_path)
    file = filled(folder, ADAMS, tmp_path / "a.xlsx", PLAN)
    _, plan = checked(folder, file)
    file.write_bytes(everywhere(file.read_bytes(), "XLPLAN1.", "X."))
    (folder / "goals.py").write_text(text.replace("    action: ", NOTE + "    action: "), encoding="utf-8")
    assert run("generate", "-C", folder).code == 0
    findings, now = checked(folder, file)
    assert "identity-missing" in {item["code"] for item in findings} and told(findings) == []
    assert [step.pop("note") for step in now["goals"][0]["steps"]] == [None] * 3
    assert now["goals"] == plan["goals"]


def test_to_fix_leads_to_the_cells_of_the_fresh_copy(tmp_path: Path) -> None:
    """Not to where the answer stood in the form as issued."""
    folder, text = own_campaign(tmp_path)
    steps = [STEPS[0] | {"due": "TBD"}]
    filled(
        folder, ADAMS, folder / "returns" / "a.xlsx", PLAN | {"goals": [PLAN["goals"][0] | {"steps": steps}]}
    )
    (folder / "returns" / "a.json").unlink()
    (folder / "goals.py").write_text(text.replace("    owner: ", NOTE + "    owner: "), encoding="utf-8")
    (item,) = run("collect", "-C", folder, "--json").json["files"]
    (at,) = [one["cell"] for one in item["findings"] if one["code"] == "type"]
    (correction,) = (folder / "corrections").rglob("*.xlsx")
    book = openpyxl.load_workbook(correction)
    (fresh,) = [
        cell.coordinate for line in book["Goal 1"].iter_rows() for cell in line if cell.value == "TBD"
    ]
    links = [
        cell.hyperlink.location for line in book["To fix"].iter_rows() for cell in line if cell.hyperlink
    ]
    assert fresh != at
    assert f"'Goal 1'!{fresh}" in links and f"'Goal 1'!{at}" not in links


# --- the form as issued is not at hand


@pytest.mark.parametrize("value", ["An answer in the wrong place", 1250, True])
def test_what_stands_over_a_text_is_not_lost(value: object, tmp_path: Path) -> None:
    """Another wording cannot be told from an answer typed over a text, but no form has a number for a text."""
    folder, text = own_campaign(tmp_path)
    file = filled(folder, ADAMS, tmp_path / "a.xlsx", PLAN)
    sheet, cell, _ = head_of(file, "Done?")
    changed(file, sheet, cell, value)
    (folder / "goals.py").write_text(text.replace("    owner: ", NOTE + "    owner: "), encoding="utf-8")
    (folder / "ledger.sqlite").unlink()
    assert run("generate", "-C", folder, "--force").code == 0
    findings, plan = checked(folder, file)
    assert [step["owner"] for step in plan["goals"][0]["steps"]] == ["O. Person1", "O. Person2", "O. Person3"]
    about = [(item["code"], item["found"]) for item in findings if item["cell"] == cell]
    shown = {
        "An answer in the wrong place": ("seal-unchecked", value),
        1250: ("stray", "1250"),
        True: ("stray", "True"),
    }
    assert shown[value] in about
    said = run("check", file, "-C", folder, "--explain").out
    assert "Nothing is left over" not in said
