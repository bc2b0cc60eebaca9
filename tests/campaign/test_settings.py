"""Settings survive the file, and every mistake in it is told by its key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlplan.campaign import Settings, Waiver, read_settings, settings_from, settings_text, write_settings
from xlplan.errors import SetupError, UsageError
from xlplan.findings import CATALOGUE, Severity

HEAD = '[campaign]\nid = "fall"\ntemplate = "sfss"\nplan_from = 2026-09-01\nplan_to = 2027-06-30\n'
PLAIN = Settings(
    id="fall", template="sfss", plan_from=date(2026, 9, 1), plan_to=date(2027, 6, 30), year="2026-27"
)


def read(folder: Path, text: str) -> Settings:
    (folder / "campaign.toml").write_text(text, encoding="utf-8")
    return read_settings(folder / "campaign.toml")


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(SetupError) as caught:
        read(folder, text)
    return str(caught.value).replace(f"{folder / 'campaign.toml'}: ", "").splitlines()


def test_the_least_campaign_gets_the_defaults(tmp_path: Path) -> None:
    """Days may be dates or texts; the year follows from them; a byte order mark does no harm."""
    assert read(tmp_path, HEAD) == PLAIN
    assert read(tmp_path, "\ufeff" + HEAD.replace("2026-09-01", '"2026-09-01"')) == PLAIN


def test_every_table_is_read(tmp_path: Path) -> None:
    """As in CONTRACT."""
    settings = read(
        tmp_path,
        HEAD
        + """
        [slots]
        "challenges[].strategies" = 4
        [slots.530825001378]
        "challenges" = 5
        [optional]
        fields = ["team"]
        [lists]
        priorities = ["Literacy"]
        [help]
        challenges = "Three at most."
        [words]
        placeholders = ["to follow"]
        [severity]
        cost-unknown = "error"
        [from]
        benchmark-overdue = "2027-02-01"
        [[waiver]]
        rule = "cost-unknown"
        school = "530825001378"
        until = 2026-12-31
        reason = "Costs follow."
        [extension]
        530825001378 = 2026-11-15
        """,
    )
    assert settings.slots_for("530825001378") == {"challenges[].strategies": 4, "challenges": 5}
    assert settings.slots_for("other") == {"challenges[].strategies": 4}
    assert settings.optional == ("team",)
    assert settings.lists == {"priorities": ("Literacy",)}
    assert settings.severity == {"cost-unknown": Severity.ERROR}
    assert settings.from_dates == {"benchmark-overdue": date(2027, 2, 1)}
    assert (settings.due("530825001378"), settings.due("other")) == (date(2026, 11, 15), None)
    assert settings.waived("cost-unknown", "530825001378", date(2026, 12, 31))
    assert not settings.waived("cost-unknown", "530825001378", date(2027, 1, 1))
    assert not settings.waived("cost-unknown", "other", date(2026, 12, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            HEAD + "plan_form = 2026-09-01",
            '"plan_form" in [campaign]; the nearest known key is "plan_from".',
        ),
        (HEAD + "[sevrity]", 'unknown key "sevrity" at the top; the nearest known key is "severity".'),
        (
            HEAD + '[optional]\nfeilds = ["a"]',
            '"feilds" in [optional]; the nearest known key is "fields".',
        ),
        (
            HEAD + '[[waiver]]\nrule = "stray"\nreason = "r"\nuntill = 2026-10-01',
            'unknown key "untill" in [[waiver]] 1; the nearest known key is "until".',
        ),
        (
            HEAD + '[severity]\ncost-unknow = "note"',
            '[severity] cost-unknow: there is no code "cost-unknow"; the nearest is "cost-unknown".',
        ),
        (
            HEAD + '[severity]\nstray = "eror"',
            '[severity] stray: "eror" is not one of error, warning, advice, note; the nearest is "error".',
        ),
        (
            HEAD + '[severity]\nmissing = "note"',
            "[severity] missing: missing follows from the form's fields, so a campaign cannot change it.",
        ),
        (
            HEAD + '[severity]\nforged = "note"',
            "[severity] forged: forged means that the file is not read at all",
        ),
        (
            HEAD + 'counts = "newst"',
            '"newst" is not one of newest-accepted, newest, chosen; the nearest is "newest".',
        ),
        (HEAD + "year = 2026", "[campaign] year: must be a text in quotes, not the number 2026."),
        (
            HEAD + "return_by = 2026-09-01T08:00:00",
            "must be a day such as 2026-09-01, not the date or time 2026-09-01 08:00:00.",
        ),
        (
            HEAD + 'return_by = "1.9.2026"',
            '[campaign] return_by: must be a day such as 2026-09-01, not "1.9.2026".',
        ),
        (
            HEAD.replace("2026-09", "2028-09"),
            "[campaign] plan_to: 2027-06-30 is before plan_from, 2028-09-01.",
        ),
        (HEAD.replace('"fall"', '"a b"'), '[campaign] id: "a b" must be 1 to 20 letters, digits and hyphens'),
        (HEAD.replace("template", "title"), "[campaign] template: is missing."),
        (
            HEAD + "[slots]\nsteps = 0",
            "[slots] steps: must be a whole number of at least 1, not the number 0.",
        ),
        (
            HEAD + "[slots]\nsteps = true",
            "[slots] steps: must be a whole number of at least 1, not true or false.",
        ),
        (HEAD + '[slots.1]\nsteps = "3"', '[slots.1] steps: must be a whole number of at least 1, not "3".'),
        (HEAD + '[lists]\nx = ["a", ""]', "[lists] x: must be a list of texts"),
        (HEAD + "[waiver]", "[[waiver]] needs two brackets"),
        (HEAD + '[[waiver]]\nrule = "stray"', "[[waiver]] 1 reason: is missing."),
        (HEAD + "[extension]\n1 = 5", "[extension] 1: must be a day such as 2026-09-01, not the number 5."),
        ("", "the table [campaign] is missing."),
        ("help = 3\n" + HEAD, "[help] must be a table of settings, not the number 3."),
        (HEAD + "[slots]\na[].b = 3", "this is not TOML"),
    ],
)
def test_a_mistake_is_told_by_its_key_and_nothing_else_is(tmp_path: Path, text: str, said: str) -> None:
    """With the nearest known key or word where there is one."""
    (problem,) = problems(tmp_path, text)
    assert said in problem


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """One line each."""
    assert (
        len(problems(tmp_path, HEAD + 'yaer = "x"\n[severity]\nnope = "error"\n[from]\nstray = "soon"')) == 3
    )


def test_a_missing_file_is_a_usage_error(tmp_path: Path) -> None:
    """Exit 2."""
    with pytest.raises(UsageError):
        read_settings(tmp_path / "campaign.toml")


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
filled = words.filter(lambda text: bool(text.strip()))
days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
adjustable = sorted(
    code
    for code, entry in CATALOGUE.items()
    if not entry.structural and entry.severity is not Severity.REFUSAL
)
codes = st.sampled_from(adjustable)
numbers = st.integers(1, 500)
lists = st.dictionaries(words, st.lists(filled, max_size=20).map(tuple), max_size=3)
waivers = st.builds(Waiver, rule=codes, reason=filled, school=words | st.just(""), until=st.none() | days)


@st.composite
def campaigns(draw: st.DrawFn) -> Settings:
    first, last = sorted([draw(days), draw(days)])
    values: dict[str, Any] = {
        name: draw(words | st.just("")) for name in ("title", "contact", "ledger", "password")
    }
    return Settings(
        id=draw(st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}", fullmatch=True)),
        template=draw(filled),
        plan_from=first,
        plan_to=last,
        return_by=draw(st.none() | days),
        year=draw(words),
        counting=draw(st.sampled_from(["accepted", "readable"])),
        counts=draw(st.sampled_from(["newest-accepted", "newest", "chosen"])),
        slots=draw(st.dictionaries(words.map("p{}".format), numbers, max_size=3)),
        school_slots=draw(
            st.dictionaries(words.map("s{}".format), st.dictionaries(words, numbers), max_size=2)
        ),
        optional=tuple(draw(st.lists(filled, max_size=3))),
        lists=draw(lists),
        help=draw(st.dictionaries(words, words, max_size=3)),
        words=draw(lists),
        severity=draw(st.dictionaries(codes, st.sampled_from(list(Severity)[1:]), max_size=3)),
        from_dates=draw(st.dictionaries(codes, days, max_size=3)),
        waivers=tuple(draw(st.lists(waivers, max_size=2))),
        extensions=draw(st.dictionaries(words, days, max_size=2)),
        **values,
    )


@given(campaigns())
def test_written_settings_read_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings
) -> None:
    """Quotes, backslashes, control characters and other alphabets included."""
    path = tmp_path_factory.mktemp("settings") / "campaign.toml"
    write_settings(path, settings)
    assert read_settings(path) == settings


def test_the_examples_in_the_remarks_are_valid(tmp_path: Path) -> None:
    """Taking the marks away from every remark that holds a setting gives settings that read."""
    write_settings(tmp_path / "campaign.toml", PLAIN)
    lines = (tmp_path / "campaign.toml").read_text(encoding="utf-8").splitlines()
    live = [line.removeprefix("# ") if " = " in line or line == "# [[waiver]]" else line for line in lines]
    settings = read(tmp_path, "\n".join(live))
    assert settings.return_by and settings.slots and settings.waivers and settings.extensions


def test_a_document_can_be_judged_without_a_file() -> None:
    """For callers that hold the values already."""
    with pytest.raises(SetupError, match=r"^here: the table \[campaign\] is missing"):
        settings_from({}, "here")


def test_a_campaign_that_carries_on_another_says_which_and_how(tmp_path: Path) -> None:
    """Both or neither; a first round's file says nothing of it."""
    plain = settings_text(PLAIN)
    assert "round" not in plain and "\nfrom" not in plain
    for round_ in ("carried", "status"):
        later = replace(PLAIN, former="../autumn's", round=round_)
        write_settings(tmp_path / "campaign.toml", later)
        assert read_settings(tmp_path / "campaign.toml") == later
    both = 'from = "../autumn"\nround = "stats"\n'
    assert "the nearest is" in problems(tmp_path, HEAD + both)[0]
    assert "name the former campaign too" in problems(tmp_path, HEAD + 'round = "status"\n')[0]
    assert read(tmp_path, HEAD + 'from = "../autumn"\n').round == "carried"
