"""What is written to whom, school by school: the copies, what was found, and reminders only where something is owed."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.cli.runner import run
from tests.pipeline.people import typed
from tests.post.district import DISTRICT, NAMES, OWNER, Office, begun, in_mid_campaign, key_of, opened
from xlplan.campaign.files import write_safely
from xlplan.pipeline.fill import fill_bytes
from xlplan.post.outbox import OUTBOX
from xlplan.samples import sample_plans


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Read by all tests here, changed by none."""
    return in_mid_campaign(tmp_path_factory.mktemp("post") / "autumn")


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def without_outbox(office: Office) -> dict[str, bytes]:
    return {name: held for name, held in bytes_below(office.folder).items() if not name.startswith(OUTBOX)}


# --- reminders

OWES = {
    "nothing": "nothing", "rejected": "fix 1", "returned": "remarks 2", "withdrawn": "again", "parts": "parts ",
    "split": "nothing", "spanish": "fix 1", "several": "nothing", "addressless": "nothing", "remarkable": "remarks 2",
    "district": "nothing",
}  # fmt: skip
OWES_NOTHING = {"accepted", "approved", "waiting", "unsent", "worse", "answered"}


def test_every_state_is_somewhere(office: Office) -> None:
    """The tables above are of all states that there are."""
    from xlplan.pipeline.status import STATES

    found = office.asks("status", "--as-of", "2026-12-11")["schools"]
    assert {item["state"] for item in found} == set(STATES)
    assert set(OWES) - {"district"} | OWES_NOTHING == set(NAMES)


def test_only_those_who_owe_something_are_reminded_of_exactly_that(office: Office) -> None:
    before = without_outbox(office)
    made = office.asks("remind", "--as-of", "2026-12-11")
    mails = office.mails(made)
    assert set(mails) == set(OWES) and made["not_issued"] == 1 and made["problems"] == []
    assert without_outbox(office) == before, "nothing else is written"
    for mail in mails.values():
        assert "in 7 days" in mail.text or "Faltan 7 días" in mail.text
        assert "Friday, December 18, 2026" in mail.text or "viernes 18 de diciembre de 2026" in mail.text
        assert "plans@district.example" in mail.text
        campaign = {
            path.name: path.read_bytes() for path in office.folder.rglob("*.xlsx") if OUTBOX not in path.parts
        }
        assert all(campaign[name] == content for name, content in mail.files.items()), "the copies' own bytes"
    assert "it has not come yet. The workbook is enclosed once more" in mails["nothing"].text
    assert len(mails["nothing"].files) == 1
    rejected = mails["rejected"]
    assert "thank you for sending it on December 1. One thing is left to correct." in rejected.text
    assert [name for name in rejected.files if name.endswith("-fix2.xlsx")] == list(rejected.files)
    assert "Challenge 1, F34: " in rejected.text
    assert "asked for 2 changes" in mails["returned"].text
    assert "1. The whole plan: Please be brief." in mails["returned"].text
    assert "2. Challenge 1, F34: Is this one person?" in mails["returned"].text
    assert "what you sent cannot be counted" in mails["withdrawn"].text and len(mails["withdrawn"].files) == 1
    spanish = mails["spanish"]
    assert "Queda un punto por corregir" in spanish.text and "Desafío 1, F34: " in spanish.text
    assert mails["addressless"].message["To"] is None
    assert mails["rejected"].message["To"] == "rejected@school.example"
    several = mails["several"]
    assert "District Data Team" in several.text and "Systems for Student Success" not in several.text


def test_a_reminder_names_the_parts_that_are_missing(office: Office) -> None:
    """The one that is in is not asked for again; the copies of the others are enclosed."""
    mails = office.mails(office.asks("remind", "--as-of", "2026-12-11"))
    mail = mails["parts"]
    assert "thank you for the parts that are in" in mail.text
    assert "- Part 1 of " not in mail.text and "- Part 2 of " in mail.text and "- Part 3 of " in mail.text
    assert "one thing to correct (" in mail.text
    asked = mail.text.count("   - Part ")
    assert len(mail.files) == asked and sum("-fix" in name for name in mail.files) == 1
    assert all(name in mail.text for name in mail.files)
    split = mails["split"]
    assert "nothing of it has come yet. Its workbooks are enclosed once more:" in split.text
    assert len(split.files) == split.text.count("   - Part ") == asked + 1


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        ("2026-12-16", "in 2 days"), ("2026-12-17", "is tomorrow"), ("2026-12-18", "today, Friday, December 18, 2026"),
        ("2026-12-19", "was due on Friday, December 18, 2026, yesterday"), ("2027-01-17", "30 days ago"),
    ],
)  # fmt: skip
def test_the_days_left_follow_the_day(office: Office, as_of: str, said: str) -> None:
    made = office.asks("remind", "--as-of", as_of, "--school", key_of("nothing"))
    (mail,) = office.mails(made).values()
    assert said in mail.text and made["folder"] == f"{OUTBOX}/{as_of}-remind"


def test_only_those_whose_day_is_near(office: Office) -> None:
    assert office.asks("remind", "--as-of", "2026-12-11", "--within", 6)["drafts"] == []
    assert len(office.asks("remind", "--as-of", "2026-12-11", "--within", 7)["drafts"]) == len(OWES)
    assert office.says("remind", "--within", "-1", code=2).err.startswith("--within")


def test_a_list_for_a_mail_merge_says_the_same(office: Office, tmp_path: Path) -> None:
    """A row for each who owes something, with the letter's own words; the outbox stays as it is."""
    before = bytes_below(office.folder)
    made = office.asks("remind", "--as-of", "2026-12-11", "--csv", tmp_path / "list.csv")
    assert bytes_below(office.folder) == before and made["rows"] == len(OWES)
    content = (tmp_path / "list.csv").read_bytes()
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    mails = office.mails(office.asks("remind", "--as-of", "2026-12-11"))
    found = {row["school"].casefold(): row for row in rows}
    assert set(found) == set(OWES)
    for name, row in found.items():
        assert row["owes"].startswith(OWES[name]), (name, row["owes"])
        assert (row["subject"], row["text"]) == (mails[name].message["Subject"], mails[name].text)
        assert (row["due"], row["days_left"]) == ("2026-12-18", "7")
        assert [Path(file).name for file in row["attachments"].split("; ")] == list(mails[name].files)
        assert row["school_id"] == (DISTRICT if name == "district" else key_of(name))


def test_a_dry_run_writes_nothing(office: Office, tmp_path: Path) -> None:
    before = bytes_below(office.folder)
    for words in (
        ["remind"],
        ["letters"],
        ["distribute"],
        ["remind", "--csv", tmp_path / "x.csv"],
        ["wording"],
    ):
        code = 1 if words == ["distribute"] else 0
        assert "Would" in office.says(*words, "--dry-run", code=code).out
    assert bytes_below(office.folder) == before and not (tmp_path / "x.csv").exists()


# --- what was found

LETTERS = {
    "rejected": "One thing needs a correction before we can accept it",
    "accepted": "It is accepted",
    "approved": "is approved. There is nothing left to do.",
    "returned": "We have read it and ask you for a few changes",
    "waiting": "It came in two versions",
    "parts": "Part 1 of 7, Plan: accepted, thank you.",
    "spanish": "hay que corregir un punto",
    "several": "It is accepted",
    "worse": "Until then your plan of December 1, which we accepted, stands.",
    "answered": "It is accepted",
    "remarkable": "ask you for a few changes",
}


def test_each_school_hears_what_was_found(office: Office) -> None:
    """Those from whom nothing came, or nothing that counts, hear nothing."""
    mails = office.mails(office.asks("letters", "--as-of", "2026-12-04"))
    assert set(mails) == set(LETTERS)
    for name, said in LETTERS.items():
        assert said in mails[name].text, (name, mails[name].text)
    fixes = {name for name, mail in mails.items() if any("-fix" in file for file in mail.files)}
    assert fixes == {"rejected", "returned", "parts", "spanish", "worse", "remarkable"}
    to_fix = mails["rejected"]
    assert "1. Challenge 1, F34: By Who? of step 1.1 is empty. Fill it in." in to_fix.text
    assert (
        "Please make it in the enclosed workbook and send it back by Friday, December 18, 2026."
        in to_fix.text
    )


def test_letters_are_only_for_what_came_since(office: Office) -> None:
    found = office.asks("letters", "--as-of", "2026-12-04", "--since", "2026-12-03")["drafts"]
    assert [item["school"] for item in found] == ["Answered"]


def test_a_letter_names_to_fix_as_the_enclosed_copy_does(tmp_path: Path) -> None:
    """A school that is written to in Spanish may have a workbook that is in English only."""
    (tmp_path / "one.csv").write_text(
        "district_id,district,school_id,school,language\n1,D,11,Once,es\n", encoding="utf-8"
    )
    done = run(
        "init", tmp_path / "c", "--template", "data-team", "--roster", tmp_path / "one.csv", "--plan-from",
        "2026-09-01", "--plan-to", "2027-06-30",
    )  # fmt: skip
    assert done.code == 0, done.err
    office = Office(tmp_path / "c")
    office.says("generate")
    (copy,) = office.campaign.copies.rglob("*.xlsx")
    content, _ = fill_bytes(copy.read_bytes(), sample_plans("data-team")[1], copy.name)
    path = office.campaign.returns / copy.name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    path.write_bytes(typed(path, {"prepared_by": None}))
    made = office.asks("collect", "--received", "2026-12-01", "--letters", code=1)["letters"]
    for drafts in (made["drafts"], office.asks("remind", "--as-of", "2026-12-02")["drafts"]):
        mail = opened(office.folder / drafts[0]["file"])
        (content,) = mail.files.values()
        assert "To fix" in load_workbook(io.BytesIO(content), read_only=True).sheetnames
        assert "hoja To fix" in mail.text and "Corregir" not in mail.text


def test_many_findings_are_cut_short(tmp_path: Path) -> None:
    """The first twelve, errors before all else; the rest is counted, and stands on To fix."""
    fresh = begun(tmp_path / "many")
    plan = sample_plans("sfss")[1]
    steps = [f"challenges[0].strategies[{s}].steps[{n}]" for s in (0, 1) for n in (0, 1)]
    empty = {f"{step}.{name}": None for step in steps for name in ("owner", "due")}
    fresh.sends("nothing", plan, changed=empty | {f"resources[{n}].item": None for n in range(2)} | {
        "challenges[0].description": None, "challenges[0].evidence": None, "prepared_by": None, "prepared_on": None,
    })  # fmt: skip
    (item,) = fresh.asks("collect", "--received", "2026-12-01", "--letters", code=1)["letters"]["drafts"]
    mail = opened(fresh.folder / item["file"])
    numbered = [line for line in mail.text.splitlines() if line.partition(". ")[0].isdigit()]
    assert [line.partition(". ")[0] for line in numbered] == [str(number) for number in range(1, 13)]
    assert " more, on the sheet To fix." in mail.text
    again = fresh.asks("collect", "--received", "2026-12-02", "--letters", code=1)
    assert again["letters"]["drafts"] == [], "nothing is new"


# --- copies


def test_who_has_an_address_gets_a_draft_and_the_others_a_place_in_the_zip(office: Office) -> None:
    """With the copies' own bytes, in the school's language; a school without a current copy is named."""
    made = office.asks("distribute", "--as-of", "2026-11-23", code=1)
    mails = office.mails(made)
    assert set(mails) == {*NAMES, "district"} - {"unsent", "addressless", "remarkable"}
    (problem,) = made["problems"]
    assert problem["school_id"] == key_of("unsent") and problem["problem"] == "it has no copy yet"
    campaign = office.campaign
    for name, mail in mails.items():
        key = DISTRICT if name == "district" else key_of(name)
        for file, content in mail.files.items():
            assert file.startswith(f"{key}_")
            assert content == next(campaign.copies.rglob(file)).read_bytes()
        assert len(mail.files) == {"parts": 7, "split": 7, "several": 2}.get(name, 1)
        to = "office@district.example" if name == "district" else f"{name}@school.example"
        assert mail.message["To"] == to and mail.message["X-Unsent"] == "1" and mail.message["Date"] is None
    assert "envíen" in mails["spanish"].text or "devuélvanlo" in mails["spanish"].text
    (pack,) = made["zips"]
    assert pack["to"] == ["office@district.example"] and pack["attached"] is True
    with zipfile.ZipFile(office.folder / pack["file"]) as held:
        names = [name for name in held.namelist() if name != "index.txt"]
        index = held.read("index.txt").decode("utf-8-sig")
        for name in names:
            assert held.read(name) == next(campaign.copies.rglob(name)).read_bytes() and name in index
    assert {name.partition("_")[0] for name in names} == {key_of("addressless"), key_of("remarkable")}
    cover = opened(office.folder / pack["letter"])
    assert "Addressless" in cover.text and list(cover.files) == [Path(pack["file"]).name]
    assert cover.files[Path(pack["file"]).name] == (office.folder / pack["file"]).read_bytes()


def test_run_twice_a_day_it_writes_the_same_bytes(office: Office) -> None:
    first = office.asks("distribute", "--as-of", "2026-11-24", code=1)["folder"]
    before = bytes_below(office.folder / first)
    assert office.asks("distribute", "--as-of", "2026-11-24", code=1)["folder"] == first
    assert bytes_below(office.folder / first) == before and len(before) > 10
    assert not (office.folder / f"{first}-2").exists()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Office]:
    """Two schools and the district; copies are out."""
    head = "district_id,district,school_id,school,email\n"
    (tmp_path / "two.csv").write_text(
        f"{head}1,D,11,Eleven,a@b.example\n1,D,12,Twelve,\n1,D,,,\n", encoding="utf-8"
    )
    done = run(
        "init", tmp_path / "c", "--template", "data-team", "--roster", tmp_path / "two.csv", "--plan-from",
        "2026-09-01", "--plan-to", "2027-06-30",
    )  # fmt: skip
    assert done.code == 0, done.err
    office = Office(tmp_path / "c")
    office.says("generate")
    yield office


def test_what_is_not_current_is_not_sent(small: Office) -> None:
    """A copy that is gone, that somebody changed, or that the settings have overtaken: each is said."""
    copies = {path.name[:2]: path for path in small.campaign.copies.rglob("*.xlsx")}
    sent = small.asks("distribute", "--as-of", "2026-11-24")
    assert len(sent["drafts"]) == 1 and sent["zips"][0]["schools"] == ["12", "1"]
    before = bytes_below(small.folder / sent["folder"])
    was = copies["11"].read_bytes()
    copies["11"].write_bytes(was + b"x")
    copies["12"].unlink()
    made = small.asks("distribute", "--as-of", "2026-11-24", code=1)
    assert {item["school_id"]: item["problem"].partition(" ")[2] for item in made["problems"]} == {
        "11": "was changed after it was written; --force writes it again", "12": "is not there",
    }  # fmt: skip
    assert made["folder"].endswith("-2"), "another zip: what was sent stays"
    copies["11"].write_bytes(was)
    small.says("generate")
    assert small.asks("distribute", "--as-of", "2026-11-24")["folder"] == sent["folder"]
    assert bytes_below(small.folder / sent["folder"]) == before
    small.says("extend", "11", "--until", "2027-01-15")
    done = small.says("distribute", "--school", "11", code=1)
    assert "is not what the settings and the roster say today" in done.err and "xlplan generate" in done.err
    small.says("generate")
    (mail,) = (
        opened(small.folder / item["file"]) for item in small.asks("distribute", "--school", "11")["drafts"]
    )
    assert "by Friday, January 15, 2027" in mail.text and "later day that was agreed on" in mail.text


def test_nothing_is_sent_without_a_word_about_faulty_addresses(small: Office) -> None:
    path = small.folder / "roster.csv"
    path.write_text(path.read_text().replace("a@b.example", "a at b.example"), encoding="utf-8")
    made = small.asks("distribute", "--as-of", "2026-11-24")
    assert made["drafts"] == [] and made["zips"][0]["schools"] == ["11", "12", "1"]
    assert made["notes"] == ["Eleven (11): “a at b.example” is no e-mail address. Correct it in roster.csv."]


def test_a_mistake_in_the_wording_stops_before_anything_is_written(small: Office) -> None:
    small.says("wording", "--language", "en")
    path = small.folder / "letters" / "en" / "remind.txt"
    path.write_text("Subject: x\n\nDear {{ scool }}\n", encoding="utf-8")
    before = bytes_below(small.folder)
    for words in (
        ["remind"],
        ["distribute"],
        ["letters"],
        ["collect", "--letters"],
        ["wording", "--language", "en"],
    ):
        done = small.says(*words, code=4)
        assert f'{path}, line 3: there is no word “scool”. Did you mean "school"?' in done.err
    assert bytes_below(small.folder) == before


def test_a_mistake_that_shows_with_some_facts_only_hides_no_result(small: Office) -> None:
    """What is recorded is told all the same, and how to write the letters once the wording is mended."""
    small.says("wording", "--language", "en")
    path = small.folder / "letters" / "en" / "letter.txt"
    own = path.read_text(encoding="utf-8")
    path.write_text(own + '{% if school == "Eleven" %}{{ plans[7].title }}{% endif %}\n', encoding="utf-8")
    copy = next(path for path in small.campaign.copies.rglob("11_*.xlsx"))
    content, _ = fill_bytes(copy.read_bytes(), sample_plans("data-team")[1], copy.name)
    write_safely(small.campaign.returns / copy.name, content)
    done = small.says("collect", "--letters", "--received", "2026-12-01", "--json", code=4)
    assert done.json["summary"]["accepted"] == 1 and str(path) in done.err
    assert "The files are recorded" in done.err and "xlplan letters --since 2026-12-01" in done.err
    path.write_text(own, encoding="utf-8")
    assert len(small.asks("letters", "--since", "2026-12-01", "--as-of", "2026-12-01")["drafts"]) == 1


def test_a_mistake_that_shows_only_in_some_situation_is_told_at_once(small: Office) -> None:
    small.says("wording", "--language", "es")
    path = small.folder / "letters" / "es" / "remind.txt"
    path.write_text("Asunto: x\n\n{% if days < 0 %}{{ plans[1].title }}{% endif %}\n", encoding="utf-8")
    assert f"{path}, line 3: " in small.says("wording", "--language", "es", code=4).err


def test_the_own_wording_is_what_schools_get(small: Office) -> None:
    small.says("wording", "--language", "en")
    path = small.folder / "letters" / "en" / "distribute.txt"
    path.write_text("Subject: Hi {{ school }}\n\nPlease, {{ school }}.\n", encoding="utf-8")
    (mail,) = (opened(small.folder / item["file"]) for item in small.asks("distribute")["drafts"])
    assert (mail.message["Subject"], mail.text) == ("Hi Eleven", "Please, Eleven.\n")


def test_answers_do_not_reach_a_letter_as_markup_or_lines(tmp_path: Path) -> None:
    """What a school typed is quoted on one line, whatever it is."""
    fresh = begun(tmp_path / "hostile")
    due = "challenges[0].strategies[0].steps[0].due"
    fresh.sends(
        "nothing", sample_plans("sfss")[1], changed={due: "{{ x }}\nBcc: a@b.example\n<b>", OWNER: "=1"}
    )
    (item,) = fresh.asks("collect", "--received", "2026-12-01", "--letters", code=1)["letters"]["drafts"]
    mail = opened(fresh.folder / item["file"])
    assert "Bcc" not in mail.message
    (line,) = (line for line in mail.text.splitlines() if "Bcc:" in line)
    assert line.startswith("1. Challenge 1, E34: “{{ x }} Bcc: a@b.example <b>”")


def test_a_list_is_written_over_no_other_file(small: Office, tmp_path: Path) -> None:
    """A slip of the keyboard costs no roster; the list itself may be written anew."""
    for path in (small.folder / "roster.csv", small.folder):
        before = bytes_below(small.folder)
        assert "is no list of reminders" in small.says("remind", "--csv", path, code=2).err
        assert bytes_below(small.folder) == before
    for _ in range(2):
        assert small.asks("remind", "--csv", tmp_path / "list.csv")["rows"] == 3


def test_parts_that_nobody_chose_yet_are_not_asked_for_again(tmp_path: Path) -> None:
    """Where a person says which returns count, what came without errors has come."""
    fresh = begun(tmp_path / "chosen")
    path = fresh.folder / "campaign.toml"
    path.write_text(
        path.read_text().replace('counts = "newest-accepted"', 'counts = "chosen"'), encoding="utf-8"
    )
    assert 'counts = "chosen"' in path.read_text()
    plan = sample_plans("sfss")[1]
    for number in range(7):
        fresh.sends_part("parts", plan, number)
    fresh.sends("rejected", plan)
    fresh.says("collect", "--received", "2026-12-01")
    reminded = {item["school"] for item in fresh.asks("remind", "--as-of", "2026-12-02")["drafts"]}
    assert not reminded & {"Parts", "Rejected"} and "Split" in reminded


HOSTILE = (
    '"Quoted", & Sons', "Schülerhaus Zoë Ünïcode", "N" * 73, "../../../etc/passwd", "C:\\temp\\con",
    "=cmd|' /C calc'!A0", "{{ contact }}{% if %}", "=?utf-8?q?Bcc=3A?=", "日本語学校", "<b>Bold</b>; a@evil.example",
    "@SUM(1)", ".", "con.eml",
)  # fmt: skip


def test_a_hostile_roster_stays_within_the_outbox(tmp_path: Path) -> None:
    """Names make no folder, no header, no recipient and no formula; each school's draft is its own."""
    with (tmp_path / "schools.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("district_id", "district", "school_id", "school", "email"))
        for number, name in enumerate(HOSTILE):
            email = f"to{number}@school.example" if number % 2 else ""
            lines.writerow(("../9", f"District {name}" if not number else "..", f"{number}/..", name, email))
    done = run(
        "init", tmp_path / "c", "--template", "data-team", "--roster", tmp_path / "schools.csv", "--plan-from",
        "2026-09-01", "--plan-to", "2027-06-30", "--contact", "Ann\u202e, \"Lee\" <x>...", "--return-by", "2026-12-18",
    )  # fmt: skip
    assert done.code == 0, done.err
    office = Office(tmp_path / "c")
    office.says("generate")
    made = office.asks("distribute", "--as-of", "2026-11-24")
    everything = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert everything == {"schools.csv", "c"}
    folder = (office.folder / made["folder"]).resolve()
    for item in made["drafts"]:
        path = (office.folder / item["file"]).resolve()
        assert path.is_relative_to(folder) and path.name.isascii()
        mail, name = opened(path), item["school"]
        assert mail.message.keys() == ["X-Unsent", "To", "Subject", "MIME-Version", "Content-Type"]
        assert mail.message["To"] == f"to{HOSTILE.index(name)}@school.example"
        assert mail.message["Subject"] == f"{name}: your 2026-27 plan, please by December 18"
        assert f"Dear {name} team," in mail.text and list(mail.files) == [Path(item["attachments"][0]).name]
    assert len(made["drafts"]) == len(HOSTILE) // 2 and len(made["zips"]) == 1
    with zipfile.ZipFile(office.folder / made["zips"][0]["file"]) as held:
        names = held.namelist()
        assert len(set(names)) == len(names) == 1 + len(made["zips"][0]["schools"])
        assert all(
            name.isascii() and "/" not in name and "\\" not in name and ".." not in name for name in names
        )
    office.says("remind", "--as-of", "2026-12-01", "--csv", tmp_path / "list.csv")
    rows = list(csv.reader((tmp_path / "list.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    assert len(rows) == 1 + len(HOSTILE)
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "@"))]
