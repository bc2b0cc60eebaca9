"""CONTRACT's section "Values as people type them" as tables: typed → value, or the finding's code."""

from __future__ import annotations

import json
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlplan.findings import finding
from xlplan.form.markers import Kind, Window
from xlplan.form.spec import Field
from xlplan.form.text import clean_text, harmless, in_json, units
from xlplan.intake.values import Mended, as_text, mend

WINDOW = Window(first=date(2026, 9, 1), last=date(2027, 6, 30))
STATUS = ("Not started", "In progress", "Met", "Partly met", "Not met")


def typed(
    value: Any, kind: Kind, *, required: bool = False, choices: tuple[str, ...] = (), limit: int | None = None
) -> Mended:
    item = Field(
        name="x", kind=kind, label="Answer", noun="x", tag="x", required=required, choices=choices,
        limit=limit
    )  # fmt: skip
    return mend(value, item, WINDOW)


def earned(mended: Mended) -> object:
    """The fault's code, or the value with the codes of its notes, if any."""
    if mended.fault is not None:
        return mended.fault.code
    codes = [note.code for note in mended.notes]
    return (mended.value, *codes) if codes else mended.value


def remedy(mended: Mended) -> str:
    assert mended.fault is not None
    return finding(mended.fault.code, found="x", **mended.fault.facts).remedy


OCT_15 = date(2026, 10, 15)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 10, 15), OCT_15),
        (datetime(2026, 10, 15, 14, 30), (OCT_15, "mended-date")),
        ("2026-10-15", OCT_15), ("2026/10/15", OCT_15), (" 2026-10-15\u00a0", OCT_15), ("\ufeff10/15/2026",
        OCT_15),
        ("10/15/2026", OCT_15), ("10/15/26", OCT_15), ("10-15-2026", OCT_15), ("Thu 10/15/2026", OCT_15),
        ("October 15, 2026", OCT_15), ("Oct 15 2026", OCT_15), ("Oct. 15, 2026", OCT_15),
        ("OCTOBER 15th, 2026", OCT_15),
        ("Thursday, October 15, 2026", OCT_15), ("15 Oct 2026", OCT_15), ("15 October 2026", OCT_15),
        ("15-Oct-26", OCT_15), ("15th of October 2026", OCT_15), ("Sept 15, 2026", date(2026, 9, 15)),
        ("5/6/2027", date(2027, 5, 6)),  # US order
        ("15/10/2026", (OCT_15, "mended-date")), ("15.10.2026", (OCT_15, "mended-date")),  # one reading
        ("10/15/2026 14:30", (OCT_15, "mended-date")), ("2026-10-15T00:00:00", (OCT_15, "mended-date")),
        ("2026-10-15 3:00 PM", (OCT_15, "mended-date")),
        ("46310", (OCT_15, "mended-date")), ("46310.75", (OCT_15, "mended-date")), (46310.0, (OCT_15,
        "mended-date")),
        ("2/29/2028", date(2028, 2, 29)), ("Feb 29, 2028", date(2028, 2, 29)), ("6/30/2027", date(2027, 6,
        30)),
        ("2/29/2027", "type"), ("February 29, 2027", "type"), ("June 31, 2027", "type"), ("6/31/2027",
        "type"),
        ("2026-02-30", "type"), ("13/13/2026", "type"), ("0/0/2026", "type"), ("2026-13-01", "type"),
        ("TBD", "type"), ("ongoing", "type"), ("Fall 2026", "type"), ("2026", "type"), ("October 2026",
        "type"),
        ("n/a", "type"), ("-", "type"), ("none", "type"), ("<insert date>", "type"), ("by 10/15/2026",
        "type"),
        ("10/15/2026 - 11/1/2026", "type"), ("weekly", "type"), ("99999", "type"), (2026.0, "type"), (-5.0,
        "type"),
        (1e300, "type"), (float("nan"), "type"), (float("inf"), "type"), (True, "type"), ("٣/٤/2026", "type"),
        ("4/18", "type"), ("April 18", "type"),
        ("", None), ("   ", None), ("\u200b", None), ("\u00a0\ufeff\n", None), (None, None),
        (datetime(1899, 12, 31, 8, 30), "type"), (datetime(1899, 12, 31), "type"),  # a time of day; nothing
        (datetime(1904, 1, 1, 8, 30), "type"),
    ],
)  # fmt: skip
def test_dates(value: Any, expected: object) -> None:
    """Plain days are read in silence, doubtful ones with a note, and what is no day is never guessed."""
    assert earned(typed(value, Kind.DATE)) == expected
    assert earned(typed(value, Kind.PAST_DATE)) == expected


@pytest.mark.parametrize("value", ["4/18", "April 18", "Apr. 18th", "18 April", "18-Apr", "4-18"])
def test_a_day_without_a_year_offers_the_one_in_the_window(value: str) -> None:
    assert remedy(typed(value, Kind.DATE)).endswith("Did you mean April 18, 2027?")


def test_a_day_without_a_year_offers_nothing_outside_the_window() -> None:
    assert "Did you mean" not in remedy(typed("7/4", Kind.DATE))
    assert "Did you mean" not in remedy(typed("2/29", Kind.DATE))


@pytest.mark.parametrize("value", ["TBD", "ongoing", "Fall 2026", "2026", "June 31, 2027"])
def test_what_is_no_day_is_told_what_to_type(value: str) -> None:
    assert "Enter a date from September 1, 2026 to June 30, 2027, such as 6/30/2027." in remedy(
        typed(value, Kind.DATE)
    )


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_in_each_way_of_writing_it(day: date) -> None:
    """A day survives each form that CONTRACT names; the slashes are in US order."""
    for text in (
        day.isoformat(), f"{day.month}/{day.day}/{day.year}", f"{day.month}/{day.day}/{day.year % 100:02d}",
        f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}",
    ):  # fmt: skip
        assert typed(text, Kind.DATE).value == day
    assert typed(datetime(day.year, day.month, day.day), Kind.DATE) == Mended(day)


def money(value: Any) -> object:
    mended = typed(value, Kind.MONEY)
    return mended.fault.code if mended.fault else mended.value


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1200.0, "1200.00"), (0.0, "0.00"), (-0.0, "0.00"), (0.1 + 0.2, "0.30"), (1200.0000001, "1200.00"),
        ("$1,200.50", "1200.50"), ("1200", "1200.00"), ("1,200.50", "1200.50"), ("1,200", "1200.00"),
        ("1 200,50", "1200.50"), ("1\u00a0200,50", "1200.50"), ("1\u202f200,50", "1200.50"), ("1.200,50",
        "1200.50"),
        ("1 200", "1200.00"), ("1,200,000", "1200000.00"), ("1200.5", "1200.50"), ("$ 1200", "1200.00"),
        ("US$ 1200", "1200.00"), ("1200 USD", "1200.00"), ("1200 dollars", "1200.00"), (".50", "0.50"),
        ("-0", "0.00"), ("1200.500000000001", "1200.50"), ("0.30000000000000004", "0.30"), ("0.500", "0.50"),
        ("999,999,999.99", "999999999.99"), (999999999.99, "999999999.99"),
    ],
)  # fmt: skip
def test_amounts(value: Any, expected: str) -> None:
    """US and continental writing with one reading; always two places."""
    assert str(money(value)) == expected


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1.200", "type"), ("1,20", "type"), ("12,00", "type"), ("1.200.000", "type"), ("1,2,3", "type"),
        ("0,500", "type"), ("012,500", "type"), ("0 500", "type"), ("0.500,20", "type"),
        ("(500)", "range"), ("($1,200)", "range"), ("-500", "range"), ("-$500", "range"), ("$-500", "range"),
        ("500-", "range"), ("−500", "range"), (-5.0, "range"), (-0.001, "range"),
        ("$4k", "type"), ("in kind", "type"), ("about 500", "type"), ("500-600", "type"), ("1e3", "type"),
        ("$", "type"),
        ("20 per student", "type"), ("n/a", "type"), ("TBD", "type"), ("none", "type"), ("-", "type"),
        ("١٢٠٠", "type"),
        (1200.001, "range"), ("1200.005", "range"), ("0.005", "range"), ("1,200.505", "range"),
        (1e9, "range"), ("1000000000", "range"), (1e300, "range"), ("9" * 400, "range"),
        (float("nan"), "type"), (float("inf"), "type"), (True, "type"), (datetime(2026, 1, 1), "type"),
        ("(500", "type"), ("500)", "type"),
    ],
)  # fmt: skip
def test_what_is_no_amount(value: Any, code: str) -> None:
    """Two readings, words and ranges are not guessed at; what is negative, too large or too fine is out of range."""
    assert money(value) == code


@given(st.decimals(0, Decimal("999999999.99"), places=2))
def test_every_amount_survives_as_number_and_as_text(amount: Decimal) -> None:
    assert money(float(amount)) == amount
    assert money(f"${amount:,}") == amount
    assert money(str(amount)) == amount


@pytest.mark.parametrize(
    "value", ["yes", "y", "true", "x", "1", "✓", "✔", "✔\ufe0f", "YES", " Yes ", "X", 1.0, True]
)
def test_yes(value: Any) -> None:
    assert typed(value, Kind.YES_NO).value is True
    assert typed(value, Kind.TICK).value is True


@pytest.mark.parametrize("value", ["no", "n", "false", "0", "NO", "False", 0.0, False])
def test_no(value: Any) -> None:
    assert typed(value, Kind.YES_NO).value is False
    assert typed(value, Kind.TICK).value is False


@pytest.mark.parametrize("value", ["maybe", "n/a", "TBD", "-", 2.0, "✗", "yes and no", datetime(2026, 1, 1)])
def test_neither_yes_nor_no(value: Any) -> None:
    assert earned(typed(value, Kind.YES_NO)) == "choice"
    assert earned(typed(value, Kind.TICK)) == "choice"


def test_an_empty_tick_is_empty() -> None:
    assert [typed(value, Kind.TICK).value for value in (None, "", " ", "\u00a0")] == [None] * 4


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Met", "Met"), ("met", ("Met", "mended-choice")), ("MET.", ("Met", "mended-choice")), (" Met ",
        "Met"),
        ("not_met", ("Not met", "mended-choice")), ("P a r t l y  met", ("Partly met", "mended-choice")),
        ("notmet", ("Not met", "mended-choice")), ("Mett", "choice"), ("n/a", "choice"), ("TBD", "choice"),
        ("none", "choice"),
        ("-", "choice"), ("Zebra", "choice"), (3.0, "choice"), (True, "choice"), ("", None),
    ],
)  # fmt: skip
def test_choices(value: Any, expected: object) -> None:
    """Case, spaces and punctuation are mended; anything else is the team's to decide."""
    assert earned(typed(value, Kind.CHOICE, choices=STATUS)) == expected


@pytest.mark.parametrize(
    ("value", "meant"),
    [("Mett", "Met"), ("In progres", "In progress"), ("Partly", "Partly met"), ("PARTLY MTE", "Partly met")],
)
def test_near_misses_are_asked_about(value: str, meant: str) -> None:
    assert remedy(typed(value, Kind.CHOICE, choices=STATUS)).endswith(f"Did you mean “{meant}”?")


@pytest.mark.parametrize("value", ["Zebra", "n/a", "none", "No", "?"])
def test_what_is_near_to_nothing_is_not(value: str) -> None:
    said = remedy(typed(value, Kind.CHOICE, choices=STATUS))
    assert said == "Choose one of: Not started; In progress; Met; Partly met; Not met."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Bus", "Bus"), (" Bus ", ("Bus", "mended-space")), ("Bus\u00a0", ("Bus", "mended-space")),
        ("\u200bBus", ("Bus", "mended-space")), ("\ufeffBus", ("Bus", "mended-space")),
        ("Bus\npass", ("Bus pass", "mended-newline")), ("Bus\r\npass", ("Bus pass", "mended-newline")),
        ("Bus\u2028pass", ("Bus pass", "mended-newline")), ("e\u0301", "é"), (3.0, ("3", "mended-number")),
        ("\u200b", None), ("\u200d", None), (" \u00a0\u200b ", None), ("=1+1", "=1+1"), ("none", "none"),
        ("\u3164", None), ("\u2800 \u2800", None), ("\x9b\x07", None),
        ("n/a", "n/a"),
        ("TBD", "TBD"), ("<insert name>", None), ("< INSERT your name >", None), ("x" * 201, "too-long"),
        ("x" * 200, "x" * 200),
        ("😀" * 101, "too-long"), ("😀" * 100, "😀" * 100),
    ],
)  # fmt: skip
def test_one_line_of_optional_text(value: Any, expected: object) -> None:
    """Text is cleaned, counted as Excel counts, and "none" is an answer where none is asked for."""
    assert earned(typed(value, Kind.TEXT, limit=200)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3.0, "3"), (1e5, "100000"), (-0.0, "0"), (4.5, "4.5"), (0.1 + 0.2, "0.3"), (1200.0000000000002, "1200"),
        (1 / 3, "0.333333333333333"), (530825001378.0, "530825001378"), (9007199254740991.0, "9007199254740991"),
        (1.1e20, "110000000000000000000"), (1e22, "1E+22"), (1e-10, "1E-10"), (True, "TRUE"), (False, "FALSE"),
    ],
)  # fmt: skip
def test_a_number_in_a_text_is_told_as_it_is_shown(value: Any, expected: str) -> None:
    """A code that a program took for a number or a truth: its digits, without the noise of floats, and a note."""
    assert earned(typed(value, Kind.TEXT)) == (expected, "mended-number")
    assert earned(typed(value, Kind.PERSON)) == (expected, "mended-number")
    assert earned(typed(value, Kind.CHOICE, choices=(expected,))) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2027, 3, 4), "Mar 4, 2027"), (datetime(2027, 3, 4, 13, 5), "Mar 4, 2027 13:05"),
        (datetime(2027, 3, 4, 13, 5, 30), "Mar 4, 2027 13:05:30"), (datetime(1899, 12, 31, 8, 30), "08:30"),
        (datetime(1904, 1, 1, 8, 30), "08:30"), (datetime(1904, 1, 1), "Jan 1, 1904"),
    ],
)  # fmt: skip
def test_a_day_in_a_text_is_told_with_its_time(value: datetime, expected: str) -> None:
    """“3-4” becomes a day in many programs, and “8:30” a time of day: neither loses anything, nor goes unsaid."""
    assert earned(typed(value, Kind.TEXT)) == (expected, "mended-date")


INVISIBLE = [
    "\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x80", "\x9b", "\x9f", "\u061c", "\u180e", "\u200b", "\u200e", "\u200f",
    "\u202a", "\u202e", "\u2060", "\u2062", "\u2066", "\u2069", "\u206a", "\u206f", "\ufeff", "\ufff9", "\ufffb",
    "\ufdd0", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff", "\U000e0001", "\U000e0041", "\U000e007f",
]  # fmt: skip


@pytest.mark.parametrize("char", INVISIBLE, ids=lambda char: f"U+{ord(char):04X}")
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.PROSE, Kind.PERSON])
def test_what_no_one_sees_is_taken_out_with_a_note(char: str, kind: Kind) -> None:
    """Controls, directions, marks without width, tags, and what is no character: none is part of an answer."""
    assert earned(typed(f"a{char}b", kind)) == ("ab", "mended-space")
    assert earned(typed(char * 3, kind)) is None
    assert (
        harmless(f"a{char}b") in ("ab", f"a{char}b") and clean_text(harmless(f"a{char}b"), lines=True) == "ab"
    )


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧", "🇺🇸", "✔\ufe0f", "👍🏽",
        "\U0001f3f4\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",
        "می\u200cخواهم", "Łódź", "Nuñez", "東京", "ʻŌlelo Hawaiʻi", "co\u00adop", "a\ue000b", "Z" + "\u0335\u0336" * 40,
    ],
)  # fmt: skip
def test_every_script_and_every_emoji_stays(text: str) -> None:
    """What people see, they keep: joiners within words, flags, skin tones, marks however many."""
    assert earned(typed(text, Kind.TEXT)) == text == harmless(text)


@pytest.mark.parametrize("sign", "=+-@＝＋－＠|")
def test_signs_that_begin_formulas_are_letters_here(sign: str) -> None:
    """A text stays what was typed; whoever writes it into a file keeps it from running."""
    for text in (f"{sign}1+1", f"{sign}cmd|'/c calc'!A1", f'{sign}HYPERLINK("http://x.example","y")'):
        assert earned(typed(text, Kind.TEXT)) == text
    assert earned(typed(f"\t{sign}1", Kind.TEXT)) == (f"{sign}1", "mended-space")


@given(st.text())
def test_harmless_is_harmless_and_tells_the_same(text: str) -> None:
    """No control but line feed and tab, no direction, no half character; cleaning gives what it gave before."""
    shown = harmless(text)
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown if char not in "\t\n"
    )
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", shown)
    assert harmless(shown) == shown
    assert clean_text(shown, lines=True) == clean_text(text, lines=True)


@given(st.recursive(st.text(), lambda inner: st.dictionaries(st.text(), inner, max_size=3), max_leaves=4))
def test_json_says_the_same_with_nothing_to_obey(value: Any) -> None:
    document = in_json(json.dumps(value, ensure_ascii=False))
    assert json.loads(document) == value
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in document)
    document.encode()


@pytest.mark.parametrize("value", ["n/a", "N/A", "TBD", "tbd", "-", "–", "none", "None", "<insert name>"])
def test_a_placeholder_in_required_text_is_quoted(value: str) -> None:
    mended = typed(value, Kind.TEXT, required=True)
    assert mended.fault is not None
    said = finding(mended.fault.code, found=value, **mended.fault.facts).message
    assert said == f"Answer is empty. “{value}” does not count as an answer."


@pytest.mark.parametrize(
    "value", ["0", "No one", "None of the above applies", "Nona Lee", "<insert> and more"]
)
def test_what_only_looks_like_a_placeholder_stays(value: str) -> None:
    assert earned(typed(value, Kind.TEXT, required=True)) == value


def test_prose_keeps_its_lines() -> None:
    assert earned(typed("one\r\ntwo\n\nthree", Kind.PROSE)) == "one\ntwo\n\nthree"


@pytest.mark.parametrize(
    ("length", "over"), [(201, "Shorten it by 1 character,"), (1400, "Shorten it by 1,200 characters,")]
)
def test_too_long_says_by_how_much(length: int, over: str) -> None:
    assert over in remedy(typed("x" * length, Kind.TEXT, limit=200))


ANYTHING = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(), st.datetimes(),
    st.text(alphabet="0123456789.,-/$ ()kOctober\u00a0\u200b\u0301\ud800", max_size=16),
)  # fmt: skip


@settings(max_examples=300)
@given(ANYTHING, st.sampled_from(list(Kind)), st.booleans())
def test_no_cell_stops_the_importer(value: Any, kind: Kind, required: bool) -> None:
    """Whatever stands in a cell, it comes to a value, to nothing, or to a finding that can be said."""
    mended = typed(value, kind, required=required, choices=STATUS if kind is Kind.CHOICE else (), limit=50)
    for fault in (*mended.notes, *([mended.fault] if mended.fault else [])):
        said = finding(fault.code, found=as_text(value), **fault.facts)
        assert said.message and said.remedy
        assert "{" not in said.remedy or "{" in as_text(value)


@given(st.text(), st.booleans())
def test_cleaning_twice_is_cleaning_once(text: str, lines: bool) -> None:
    """The importer and the model clean with one function, so what the importer made passes the model unchanged."""
    once = clean_text(text, lines=lines)
    assert clean_text(once, lines=lines) == once
    assert units(once) >= len(once)
