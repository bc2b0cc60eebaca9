"""Answers as people and programs write them: what stands in cells of any template."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from itertools import cycle

from xlplan.form.expressions import serial
from xlplan.form.markers import Kind
from xlplan.form.spec import bounds

from .patient import Ill, Patient

NBSP, ZERO_WIDTH, MARK = "\u00a0", "\u200b", "\ufeff"
TEXTS = (Kind.TEXT, Kind.PROSE)
ERRORS = ("#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#REF!")
Make = Callable[[Patient], bytes]


def spread(paths: list[str], values: tuple[str, ...]) -> dict[str, str]:
    """A value for a path, as many as there are of both."""
    return dict(zip(paths, values, strict=False))


def _strange_blanks(one: Patient) -> bytes:
    texts, people = one.filled(Kind.PROSE), one.filled(Kind.PERSON)
    said = {
        path: f"{before}{one.answers[path]}{after}"
        for path, before, after in zip(
            texts, (NBSP, MARK, "", "  "), (NBSP, ZERO_WIDTH, "\u2003\u3000", "\t"), strict=False
        )
    }
    return one.said(said | {people[1]: f"{NBSP}{str(one.answers[people[1]]).replace(' ', NBSP * 2)} "})


def _blanks_everywhere(one: Patient) -> bytes:
    kinds = cycle((" ", NBSP, ZERO_WIDTH, MARK, "\t", "\n", "\u3000"))
    return one.said(
        {path: next(kinds) for path in one.layout.inputs if not one.layout.inputs[path][1].locked}
    )


def _numbers_in_texts(one: Patient) -> bytes:
    texts = one.filled(Kind.PROSE, Kind.PERSON)
    numbers = ("4711", "4711.0", "1E+21", "0.1", "-5", "1234567890123456789", "46310")
    cells = [(path, "", f"<v>{number}</v>") for path, number in zip(texts, numbers, strict=False)]
    return one.typed(*cells, (texts[len(numbers)], "b", "<v>1</v>"))


def _days_written(one: Patient) -> bytes:
    return one.said(
        _valid_days(one, ("{y}-{m:02}-{d:02}", "{m}/{d}/{y}", "{m}/{d:02}/{s}", "{n}", "{m}-{d}-{y}"))
    )


def _valid_days(one: Patient, forms: tuple[str, ...]) -> dict[str, str]:
    """The days that stand in the copy, in other writings."""
    said = {}
    for path, form in zip(one.filled(Kind.DATE), forms, strict=False):
        day = one.answers[path]
        assert isinstance(day, date)
        said[path] = form.format(
            y=day.year, s=f"{day.year % 100:02}", m=day.month, d=day.day, n=serial(day),
            month=f"{day:%B}", short=f"{day:%b}", week=f"{day:%A}",
        )  # fmt: skip
    return said


def _days_in_words(one: Patient) -> bytes:
    forms = (
        "{month} {d}, {y}",
        "{d} {short} {y}",
        "{week}, {month} {d}, {y}",
        "{short}. {d} {y}",
        "{d}-{short}-{s}",
    )
    return one.said(_valid_days(one, forms))


def _days_with_a_clock(one: Patient) -> bytes:
    said = _valid_days(one, ("{y}-{m:02}-{d:02}T09:30:00Z", "{m}/{d}/{y} 9:00 AM"))
    days = one.filled(Kind.DATE)[len(said) :]
    clocks = {path: serial(one.answers[path]) + 0.375 for path in days[:1]}  # type: ignore[arg-type]
    cells = [(path, "", f"<v>{number!r}</v>") for path, number in clocks.items()]
    return Patient(one.name, one.slots, one.said(said)).typed(*cells)


def _no_days(one: Patient) -> bytes:
    said = ("June 31, 2027", "2/30/2027", "2026", "Fall 2026", "April 18", "4/18", "TBD", "ongoing", "13/13/2026",
            "by Thanksgiving", "n/a", "Sept.")  # fmt: skip
    return one.said(spread(one.filled(Kind.DATE), said))


def _days_of_other_years(one: Patient) -> bytes:
    first, last = bounds(one.layout.inputs[one.filled(Kind.DATE)[0]][1].field, one.layout.spec.facts.window)
    days = (serial(first) - 1, serial(last) + 1, 9_600, 59_460, 73_050)
    return one.numbered({path: float(day) for path, day in zip(one.filled(Kind.DATE), days, strict=False)})


def _no_serials(one: Patient) -> bytes:
    numbers = (0.0, 60.0, -1.0, 2_958_466.0, 0.5, 20_261_015.0)
    return one.numbered(dict(zip(one.filled(Kind.DATE), numbers, strict=False)))


def _formulas(one: Patient) -> bytes:
    text, other, third = one.filled(Kind.PROSE)[:3]
    day = one.filled(Kind.DATE)[0]
    return one.typed(
        (text, "str", "<f>CONCATENATE(&quot;Weekly &quot;,&quot;visits&quot;)</f><v>Weekly visits</v>"),
        (other, "", "<f>SUM(1,2)</f><v>3</v>"),
        (third, "e", "<f>VLOOKUP(1,A1:B2,2)</f><v>#N/A</v>"),
        (day, "", f"<f>DATE(2026,10,15)</f><v>{serial(one.answers[day])}</v>"),  # type: ignore[arg-type]
    )


def _lost_results(one: Patient) -> bytes:
    text, other = one.filled(Kind.PROSE)[:2]
    day, person = one.filled(Kind.DATE)[0], one.filled(Kind.PERSON)[0]
    return one.typed(
        (text, "str", "<f>A1&amp;A2</f>"), (other, "", "<f>SUM(1,2)</f><v/>"), (day, "", "<f>TODAY()</f>"),
        (person, "", '<f t="shared" si="7"/>'),
    )  # fmt: skip


def _other_files(one: Patient) -> bytes:
    text, other = one.filled(Kind.PROSE)[:2]
    return one.typed(
        (text, "str", "<f>[1]Sheet1!$A$1</f><v>From last year’s plan</v>"),
        (other, "", "<f>'[Budget 2026.xlsx]Costs'!$B$7</f>"),
    )


def _errors(one: Patient) -> bytes:
    paths = one.filled(Kind.PROSE, Kind.DATE, Kind.PERSON, Kind.YES_NO)
    step = max(1, len(paths) // len(ERRORS))
    return one.typed(
        *((path, "e", f"<v>{error}</v>") for path, error in zip(paths[::step], ERRORS, strict=False))
    )


def _yes_no(one: Patient) -> bytes:
    paths = [path for path in one.filled(Kind.YES_NO) if one.answers[path] is True]
    said = one.said(spread(paths, ("maybe", " Y ", "✓", "TRUE", "yes", "Yes, in May")))
    return Patient(one.name, one.slots, said).typed((paths[-1], "b", "<v>1</v>"))


def _choices(one: Patient) -> bytes:
    paths = [path for path in one.filled(Kind.CHOICE) if path.startswith("signoffs")]
    more = [path for path in one.filled(Kind.CHOICE) if path not in paths]
    right, wrong = (paths + more)[0], (more or paths)[-1]
    known = str(one.answers[right])
    said = {right: f" {known.upper().replace(' ', '-')}. "}
    return one.said(said | ({wrong: f"{one.answers[wrong]}s and others"} if wrong != right else {}))


def _amounts_written(one: Patient) -> bytes:
    said = ("$1,200.50", "1.200,50", "1 200,50 USD", "US$ 1200", f"1{NBSP}200", "$ 950 dollars")
    return one.said(spread(one.paths(Kind.MONEY), said[: len(one.filled(Kind.MONEY))]))


def _no_amounts(one: Patient) -> bytes:
    said = ("1.200", "$4k", "in kind", "about 500", "1,20", "1200–1500")
    return one.said(spread(one.filled(Kind.MONEY), said))


def _amounts_beyond(one: Patient) -> bytes:
    numbers = (-500.0, 1200.505, 1e12, 0.001, 1e300)
    return one.numbered(dict(zip(one.filled(Kind.MONEY), numbers, strict=False)))


def _no_answers(one: Patient) -> bytes:
    said = ("TBD", "n/a", "<insert your text>", "-", "None", "to be determined", "?", "xxx", "…")
    return one.said(spread(one.filled(Kind.PROSE, Kind.PERSON, required=True)[1:], said))


def _too_long(one: Patient) -> bytes:
    prose, person = one.filled(Kind.PROSE), one.filled(Kind.PERSON)
    return one.said(
        {
            prose[0]: "word " * 800 + "!",
            prose[1]: "🎓" * 2001,
            person[0]: "R. Diaz, " * 12,
            prose[2]: "x" * 4000,
        }
    )


def _longer_than_a_cell(one: Patient) -> bytes:
    return one.said({one.filled(Kind.PROSE)[0]: "All that we ever thought. " * 1_600})


def _controls(one: Patient) -> bytes:
    prose, person = one.filled(Kind.PROSE), one.filled(Kind.PERSON)
    return one.said(
        {
            prose[0]: f"{one.answers[prose[0]]}_x0007_",
            prose[1]: f"_x001B_[31m{one.answers[prose[1]]}_x0000_",
            prose[2]: f"{one.answers[prose[2]]}\u202etxt.exe\u202c",
            person[0]: f"\u2066{one.answers[person[0]]}\u2069",
        }
    )


def _several_lines(one: Patient) -> bytes:
    people = one.filled(Kind.PERSON)
    first, second = people[0], people[1]
    return one.said(
        {first: str(one.answers[first]).replace(" ", "\n", 1), second: f"{one.answers[second]}_x000D_\n"}
    )


def _swapped(one: Patient) -> bytes:
    """A day and a person of one row in each other's box."""
    for day in one.filled(Kind.DATE):
        group = one.layout.inputs[day][1].group
        people = one.filled(Kind.PERSON, at=f"{group}.")
        if people:
            said = one.said({day: str(one.answers[people[0]])})
            number = serial(one.answers[day])  # type: ignore[arg-type]
            return Patient(one.name, one.slots, said).numbered({people[0]: float(number)})
    raise AssertionError(one.name)


def _one_answer(one: Patient) -> bytes:
    """All but the first answer taken out."""
    cells = [(path, "", "") for path in one.answers]
    return one.typed(*cells[1:])


def _row_half_empty(one: Patient) -> bytes:
    """The required answers of a row taken out but for its last."""
    group = one.layout.inputs[one.filled(Kind.DATE)[0]][1].group
    paths = [
        path for path in one.answers if path.startswith(f"{group}.") and path.count("[") == group.count("[")
    ]
    return one.typed(*((path, "", "") for path in paths[:-1]))


def _codes_as_numbers(one: Patient) -> bytes:
    """Answers as a program leaves them that reads numbers, days and booleans into whatever looks like them."""
    people, days = one.filled(Kind.PERSON), one.filled(Kind.DATE)
    yes = [path for path in one.filled(Kind.YES_NO) if one.answers[path] is True]
    return one.typed(
        (people[0], "", "<v>530825001378</v>"),
        (people[1], "b", "<v>0</v>"),
        (days[0], "b", "<v>1</v>"),
        (yes[0], "", "<v>1</v>"),
        (yes[1] if len(yes) > 1 else one.filled(Kind.YES_NO)[-1], "", "<v>2</v>"),
    )


# illness → what makes it, and codes that it earns in any template
ANSWERS: dict[str, tuple[Make, set[str]]] = {
    "strange-blanks": (_strange_blanks, {"mended-space"}),
    "nothing-but-blanks": (_blanks_everywhere, {"blank"}),
    "numbers-in-text-boxes": (_numbers_in_texts, {"mended-number"}),
    "days-written-otherwise": (_days_written, {"mended-date"}),
    "days-with-a-time": (_days_with_a_clock, {"mended-date"}),
    "words-for-days": (_no_days, {"type"}),
    "days-of-other-years": (_days_of_other_years, {"date-outside-window"}),
    "numbers-that-are-no-days": (_no_serials, {"type"}),
    "formulas-with-results": (_formulas, {"formula", "mended-number", "error-cell"}),
    "formulas-without-results": (_lost_results, {"formula-no-value"}),
    "links-to-other-files": (_other_files, {"formula", "formula-no-value"}),
    "errors-of-every-kind": (_errors, {"error-cell"}),
    "yes-in-other-words": (_yes_no, {"choice"}),
    "choices-in-other-words": (_choices, {"mended-choice"}),
    "placeholders": (_no_answers, {"missing"}),
    "texts-too-long": (_too_long, {"too-long"}),
    "text-longer-than-a-cell-holds": (_longer_than_a_cell, {"too-long"}),
    "control-characters": (_controls, {"mended-space"}),
    "several-lines-in-one": (_several_lines, {"mended-newline"}),
    "day-and-person-swapped": (_swapped, {"type"}),
    "one-answer": (_one_answer, {"missing"}),
    "row-half-empty": (_row_half_empty, {"missing"}),
    "codes-as-numbers": (_codes_as_numbers, {"mended-number", "type", "choice"}),
}
MONEY: dict[str, tuple[Make, set[str]]] = {
    "amounts-written-otherwise": (_amounts_written, {"mended-money"}),
    "words-for-amounts": (_no_amounts, {"type"}),
    "amounts-out-of-range": (_amounts_beyond, {"range"}),
}


def wrong_answers(one: Patient) -> Iterator[tuple[str, Ill]]:
    """The illnesses of answers that a template's boxes can have."""
    made = ANSWERS | (MONEY if one.paths(Kind.MONEY) else {})
    for name, (make, codes) in made.items():
        yield name, Ill(partial(make, one), codes, of=one)


# --- what is no illness: it must be read as it stands


def odd_texts(one: Patient) -> bytes:
    """Texts that look like formulas, in other scripts, with signs of two letters, with marks of XML."""
    texts = (
        "=1+1", "+47 and more", "-5 referrals a week", "@Ms. Lee leads this", "'quoted", "＝full width",
        unicodedata.normalize("NFD", "Café Zoë, señal, Škoda"),
        "🎓 👩🏽‍🏫 👨‍👩‍👧", "שלום עולם 2026", "مرحبا ٢٠٢٦", "学校改善計画",
        "<b>bold</b> & “quoted” ]]>", "_x0041_ stays as it was typed", "1. first\n2. second", "True", "2026-10-15",
        "001234",
        "1/2", "3E5", "#REF! was there",
    )  # fmt: skip
    return one.said(
        spread(one.filled(Kind.PROSE)[::2], tuple(text.replace("_x0041_", "_x005F_x0041_") for text in texts))
    )
