"""Whatever program saved it: the same plan, value for value, and no finding beyond what it really took away."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from xlplan.excel.package import DEFLATING
from xlplan.excel.read import read_workbook
from xlplan.form.expressions import column_letters
from xlplan.layout.book import Book
from xlplan.pipeline.cells import cells_of
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

from .filled import Copy, filled_copy, packed_in
from .programs import PROGRAMS, Job, Program, Stroke

pytestmark = pytest.mark.xdist_group("libreoffice")

VALUES_ALONE = ("protection-gone", "validation-gone")
TAKEN: Mapping[str, tuple[str, ...]] = {
    "gnumeric ods": ("protection-gone",),
    "xlsx xlsx": VALUES_ALONE,
    "xlsx xlsb": ("protection-gone",),  # of this format, .ods and .xls we do not know the rules
    "xlsx ods": ("mended-date", "protection-gone"),  # it writes days as numbers
    "xlsx xls": ("protection-gone",),
    "@e965/xlsx xlsx": VALUES_ALONE,
    "@cj-tech-master/excelts xlsx planning-process": ("list-changed",),  # it drops names that are formulas
    "pandas-openpyxl xlsx": VALUES_ALONE,
    "pandas-calamine xlsx": VALUES_ALONE,
    "google-like xlsx": ("protection-gone",),
}  # by program, format and perhaps template: the codes of what it does not keep; all others keep what we look at

FORMULA, ERROR, ESCAPES = "=1+1", "#REF!", "_x0041_ _x000D_ _x005F_"
TEXTS = (
    FORMULA, ERROR, ESCAPES, "+1 (509) 555-0100", "-5 of them", "@home", "001234", "1E5", "TRUE", "2026-09-01", "12/5",
    "50%", "$4", "½ “é” 🎓 e\u0301", "two\nlines", "a  b", "<b>&amp;</b> ]]>", "'quoted'", '"quoted"',
    "a\tb", "https://example.org/?a=1&b=2",
)  # fmt: skip
# These write a text that begins with "=" as a formula,
COMPUTING = frozenset(("pandas-openpyxl xlsx", "pandas-calamine xlsx"))
# these the name of an error as that error,
ERRING = frozenset(("hucre xlsx", "pandas-calamine xlsx"))
# and these do not know `_xHHHH_`, and so hold, or write, another text than Excel would.
UNESCAPING = COMPUTING | {
    "gnumeric ods", "gnumeric xls", "xlsx xlsx", "@e965/xlsx xlsx", "exceljs xlsx", "@cj-tech-master/excelts xlsx",
    "hucre xlsx", "openpyxl xlsx",
}  # fmt: skip
KEEPING_NOT = {FORMULA: COMPUTING, ERROR: ERRING, ESCAPES: UNESCAPING}
TYPED = "sfss"
WAYS = (*DEFLATING, "plain")  # of packing a copy


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Copy]:
    """One filled copy of every template, each of a real campaign; one with texts that programs take for more; and one
    packed in every way that there is.
    """
    folder = tmp_path_factory.mktemp("copies")
    made = {name: filled_copy(folder / name, name, sample_plans(name)[0]) for name in TEMPLATES}
    made["texts"] = filled_copy(folder / "texts", TYPED, with_texts(sample_plans(TYPED)[-1]))
    return made | {f"packed {way}": packed_in(way, made[TYPED], folder) for way in WAYS}


def with_texts(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan with `TEXTS` in place of the actions of its steps, each at least once."""
    made = copy.deepcopy(plan)
    found = list(steps(made))
    assert len(found) >= len(TEXTS)
    for number, step in enumerate(found):
        step["action"] = TEXTS[number % len(TEXTS)]
    return made


def steps(plan: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for challenge in plan["challenges"]:
        for strategy in challenge["strategies"]:
            yield from strategy["steps"]


Saved = Callable[[Program], Mapping[tuple[str, str], Path]]


@pytest.fixture(scope="module")
def saved(copies: Mapping[str, Copy], tmp_path_factory: pytest.TempPathFactory) -> Saved:
    """What a program saved, by copy and format: all of it in one start, when first asked for."""

    @cache
    def by(program: Program) -> Mapping[tuple[str, str], Path]:
        if (missing := program.missing()) is not None:
            (pytest.fail if "CI" in os.environ else pytest.skip)(missing)
        folder = tmp_path_factory.mktemp("saved")
        kinds = {
            name: program.formats[:1] if name.startswith("packed") else program.formats for name in copies
        }
        if program.types:
            kinds["typed"] = program.formats
        files = {(name, kind): folder / f"{name}.{kind}" for name in kinds for kind in kinds[name]}
        jobs = [
            Job(open=one.filled, save=tuple(files[name, kind] for kind in kinds[name]))
            for name, one in copies.items()
        ]
        if program.types:
            target = tuple(files["typed", kind] for kind in program.formats)
            strokes = tuple(retyped(copies[TYPED], program.types))
            jobs.append(Job(open=copies[TYPED].issued, save=target, type=strokes))
        program.run(jobs)
        return files

    return by


def retyped(one: Copy, types: frozenset[str]) -> Iterator[Stroke]:
    """Every value of a filled copy, to be typed anew; texts in turn as each kind that the program knows."""
    book = read_workbook(one.filled.read_bytes())
    assert isinstance(book, Book)
    held = {
        (sheet.name, f"{column_letters(column)}{row}"): cell.value
        for sheet in book.sheets
        for (row, column), cell in sheet.cells.items()
    }
    kinds = sorted(types & {"text", "rich", "link"})
    for number, cell in enumerate(cells_of(str(one.issued))["cells"]):
        value = held.get((cell["sheet"], cell["cell"]))
        if cell["locked"] or value is None:
            continue
        place = (cell["sheet"], cell["cell"])
        if isinstance(value, datetime):
            yield *place, "date", value.date().isoformat()
        elif isinstance(value, float):
            yield *place, "number", value
        elif cell["type"] in ("tick", "yes-no"):
            yield *place, "yes", value != "No"
        elif "formula" in types and cell["path"] == "prepared_by":
            yield *place, "formula", value
        else:
            yield *place, kinds[number % len(kinds)] if cell["type"] == "prose" else "text", value


CASES = [
    pytest.param(program, kind, name, id=f"{program.name} {kind} {name}")
    for program in PROGRAMS
    for kind in program.formats
    for name in TEMPLATES
]


@pytest.mark.parametrize(("program", "kind", "name"), CASES)
def test_a_copy_opened_and_saved_is_the_same_plan(
    copies: Mapping[str, Copy], saved: Saved, program: Program, kind: str, name: str
) -> None:
    """Accepted, every value in its field; each further finding is about something that the program dropped."""
    one, file = copies[name], saved(program)[name, kind]
    checked = one.check(file.read_bytes(), file.name)
    more = one.more(checked)
    save = f"{program.name} {kind}"
    taken = (*TAKEN.get(save, ()), *TAKEN.get(f"{save} {name}", ()))
    assert {code for code, *_ in more} == {*taken}, more
    assert checked.outcome == "accepted"
    assert (checked.school_id, checked.template) == (one.unsaved.school_id, one.template)
    assert checked.plan == one.unsaved.plan


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("program", [pytest.param(program, id=program.name) for program in PROGRAMS])
def test_every_way_of_packing_a_copy_opens(
    copies: Mapping[str, Copy], saved: Saved, program: Program, way: str
) -> None:
    """Flushed heads with stored tails, each library's streams, and none of that: every program reads the same plan."""
    kind = program.formats[0]
    one, file = copies[f"packed {way}"], saved(program)[f"packed {way}", kind]
    checked = one.check(file.read_bytes(), file.name)
    assert (checked.outcome, checked.plan) == ("accepted", one.unsaved.plan)
    assert {code for code, *_ in one.more(checked)} == {*TAKEN.get(f"{program.name} {kind}", ())}


SAVES = [
    pytest.param(program, kind, id=f"{program.name} {kind}")
    for program in PROGRAMS
    for kind in program.formats
]


@pytest.mark.parametrize(("program", "kind"), SAVES)
def test_texts_that_look_like_something_else_stay_texts_or_are_told(
    copies: Mapping[str, Copy], saved: Saved, program: Program, kind: str
) -> None:
    """Formulas, numbers, dates, markup and escapes that are none: read as typed, or a finding at that cell says why."""
    one, file = copies["texts"], saved(program)["texts", kind]
    checked = one.check(file.read_bytes(), file.name)
    assert checked.plan is not None and one.unsaved.plan is not None
    paired = zip(steps(one.unsaved.plan), steps(checked.plan), strict=True)
    other = {was["action"]: now["action"] for was, now in paired if was != now}
    name = f"{program.name} {kind}"
    changed = {text for text, programs in KEEPING_NOT.items() if name in programs}
    assert set(other) == changed, other
    told = [item for item in checked.findings if item.code in ("formula", "formula-no-value", "error-cell")]
    typed = [step["action"] for step in steps(one.unsaved.plan)]
    assert len(told) == sum(text in changed - {ESCAPES} for text in typed)


@pytest.mark.parametrize(
    ("program", "kind"),
    [case for case in SAVES if case.values[0].types],  # type: ignore[union-attr]
)
def test_what_a_program_types_is_read_as_what_it_means(
    copies: Mapping[str, Copy], saved: Saved, program: Program, kind: str
) -> None:
    """A whole plan typed into a blank: truth for ticks and Yes, numbers, days, rich texts, links, a computed name."""
    one, file = copies[TYPED], saved(program)["typed", kind]
    checked = one.check(file.read_bytes(), file.name)
    assert checked.plan == one.unsaved.plan
    more = one.more(checked)
    taken = {*TAKEN.get(f"{program.name} {kind}", ())} - {"mended-date"}  # days that it was given as days
    # into .xls and .xlsb, the only one that types formulas writes their values alone
    computed = {"formula"} & program.types if kind in ("xlsx", "ods") else set()
    assert {code for code, *_ in more} == taken | computed, more
