"""Rebuild every specimen under workbooks/: `python -m tests.specimens.build` from the repository's root.

A blank per template; good plans with their JSON, also as other programs write them; and broken copies named after the
finding that they earn, or after their illness, each with all its findings beside it.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from tests.excel import dialects
from xlplan.excel.damage import edited, unprotected
from xlplan.excel.plate import stamp
from xlplan.findings import CATALOGUE
from xlplan.form.identity import Identity
from xlplan.form.markers import Kind
from xlplan.form.spec import FormFacts
from xlplan.pipeline.check import check_file
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.opening import Context
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES

from . import edits
from .answers import odd_texts, wrong_answers
from .flaws import BASE, FLAWS, Change
from .ills import as_xml, first_cells, illnesses, structural
from .patient import ALONE, SLOTS, Ill, Patient
from .strangers import hurt, packed, strangers
from .structure import torn

ROOT = Path(__file__).parents[2] / "workbooks"
GOOD = {
    "sfss": {
        "attendance-high": 0, "behaviour-elementary": 1, "family-engagement-elementary": 3, "mathematics-middle": 5,
        "inclusion-middle": 6, "career-partnerships-high": 11,
    },
    "data-team": {"phonics-primary": 0, "student-wellness-six-strategies": 9, "bus-arrival": 11},
    "planning-process": {"early-literacy": 1, "chronic-absence": 2, "elementary-science": 11},
    "planning-for-success": {"early-literacy-elementary": 0, "college-and-career-high": 7, "arts-elementary": 11},
    "strong-systems": {
        "classroom-culture-elementary": 0, "graduation-pathways-high": 8, "school-garden-elementary": 11,
    },
}  # fmt: skip
DIALECTS: dict[str, tuple[str, ...]] = {
    "sfss": (
        "strict",
        "prefixed",
        "without_references",
        "inline_strings",
        "rich_strings",
        "escaped_strings",
        "dates_of_1904",
        "iso_dates",
        "reversed_sheets",
        "hidden_deeper",
        "ghost_rows",
        "foreign_names",
        "foreign_parts",
    ),
    "data-team": ("dates_of_1904", "shared_formulas"),
    "planning-process": ("some_references", "reordered_strings"),
    "planning-for-success": ("strict", "numbers_at_length"),
    "strong-systems": ("iso_moments_of_greenwich", "formula_strings"),
}
CHANGES = {change.__name__: change for change, _ in dialects.DIALECTS}
OVERDUE = Context(as_of=date(2027, 1, 31))  # for the rule that judges by a day
SAID_BY_CODE = {  # of sfss there is such a copy already, named after the code that it earns
    "row-inserted", "tag-and-number-overtyped", "sheet-copied", "sheet-of-our-own-added", "rules-gone",
    "list-overtyped", "identity-of-another-school",
}  # fmt: skip
STEP = "challenges[0].strategies[0].steps[0]"
PLAN = ("prepared_by", "prepared_on", "team", "signoffs")  # what stands on the sheet Plan of every template
DIGITS = re.compile(r"\[\d+\]")
Plan = dict[str, Any]


@cache
def form(name: str) -> FormOf:
    return form_of(name, FormFacts())


@cache
def blank(name: str) -> bytes:
    made = form(name)
    return stamp(plate_of(made, ""), personal(BLANK_SCHOOL, blank_identity(made), b"", ""))


def poured(name: str, plan: Plan) -> bytes:
    content, refused = fill_bytes(blank(name), plan, "blank.xlsx")
    assert refused is None
    return content


@cache
def good(name: str = "sfss") -> bytes:
    return poured(name, sample_plans(name)[BASE[name]])


def findings(content: bytes, file: str, context: Context = ALONE) -> list[dict[str, Any]]:
    """What checking the file says, as its JSON has it."""
    return [item.as_json() for item in check_file(content, file, context).checked.findings]


def _plan(change: Change, name: str = "sfss") -> Callable[[], bytes]:
    """A sample, changed and poured."""

    def made() -> bytes:
        plan = copy.deepcopy(sample_plans(name)[BASE[name]])
        change(plan)
        return poured(name, plan)

    return made


def _changed(change: Change, name: str) -> Callable[[], bytes]:
    """The same, with few slots."""

    def made() -> bytes:
        plan = copy.deepcopy(sample_plans(name)[BASE[name]])
        change(plan)
        content, refused = fill_bytes(slim(name).content, plan, "blank.xlsx")
        assert refused is None
        return content

    return made


def _step(**values: Any) -> Callable[[], bytes]:
    return _plan(lambda plan: plan["challenges"][0]["strategies"][0]["steps"][0].update(values))


def _cost(value: Any) -> Callable[[], bytes]:
    return _plan(lambda plan: plan["resources"][0].update(cost=value))


def _cell(path: str, kind: str, inner: str) -> Callable[[], bytes]:
    return lambda: edits.typed(good(), form("sfss").layout, path, kind, inner)


def _unaddressed(plan: Plan) -> None:
    for strategy in plan["challenges"][0]["strategies"]:
        strategy["root_causes"] = ["A"]


def _dangling(plan: Plan) -> None:
    plan["challenges"][0]["root_causes"] = plan["challenges"][0]["root_causes"][:1]
    for strategy in plan["challenges"][0]["strategies"]:
        strategy["root_causes"] = ["A"]
    plan["challenges"][0]["strategies"][0]["root_causes"] = ["A", "D"]


def _one_priority(plan: Plan) -> None:
    for challenge in plan["challenges"]:
        for strategy in challenge["strategies"]:
            strategy["priorities"] = ["Strong Climate & Culture"]


def _identity() -> str:
    return blank_identity(form("sfss")).text(b"")


def _other(**changes: Any) -> str:
    own = blank_identity(form("sfss"))
    fields = {
        name: getattr(own, name) for name in ("campaign", "school", "template", "version", "issue", "digest")
    }
    return Identity(**(fields | changes)).text(b"")


def _row_of(path: str) -> tuple[str, int]:
    ref = form("sfss").layout.rows[path]
    return ref.sheet, ref.row


def _contradiction() -> bytes:
    """Tag and number of a row overtyped: nothing tells which row it is."""
    sheet, row = _row_of("resources[1]")
    layout = form("sfss").layout
    content = edits.put(good(), layout, sheet, f"A{row}", "inlineStr", "<is><t>mine</t></is>")
    return edits.put(content, layout, sheet, f"C{row}", "inlineStr", "<is><t>two</t></is>")


def _stray() -> bytes:
    sheet, row = _row_of("resources[1]")
    return edits.put(
        good(), form("sfss").layout, sheet, f"K{row}", "inlineStr", "<is><t>ask Ms. Lee</t></is>"
    )


def _resources_copied(book: Any) -> None:
    book.copy_worksheet(book["Resources"]).title = "Resources (2)"


def _notes(book: Any) -> None:
    book.create_sheet("Notes")["A1"] = "We met on Tuesday."


def _foreign() -> bytes:
    def change(book: Any) -> None:
        for sheet in book.worksheets[1:]:
            del book[sheet.title]
        for row in book["Start"].iter_rows():
            for cell in row:
                cell.value = None
        book["Start"]["A1"] = "Lunch menu"
        book.custom_doc_props.props.clear()
        book.defined_names.clear()

    return edits.by_openpyxl(blank("sfss"), change)


def _doctype(xml: str) -> str:
    return re.sub(r"(<worksheet )", r'<!DOCTYPE x [<!ENTITY a "aaaa">]>\1', xml, count=1)


def _in_shared(old: str, new: str) -> bytes:
    return edited(good(), {"xl/sharedStrings.xml": lambda xml: xml.replace(old, new)})


def _too_big() -> bytes:
    """More parts than any plan has; a single part of zeros as large as that would be hostile."""
    parts = BytesIO()
    with ZipFile(parts, "w") as package:
        for number in range(2_001):
            package.writestr(ZipInfo(f"{number}", (1980, 1, 1, 0, 0, 0)), b"")
    return parts.getvalue()


SFSS: dict[str, Callable[[], bytes]] = {
    # what was typed, or was not
    "blank": lambda: blank("sfss"),
    "missing": _step(owner=None),
    "type": _step(due="Fall 2026"),
    "choice": _step(done="maybe"),
    "range": _cost("-5"),
    "too-long": _step(owner="Dr. " + "x" * 100),
    "too-few": _plan(lambda plan: plan.update(challenges=plan["challenges"][:1])),
    "unknown-reference": _plan(_dangling),
    "error-cell": _cell(f"{STEP}.due", "e", "<v>#REF!</v>"),
    "formula": _cell("resources[0].cost", "", "<f>2*600</f><v>1200</v>"),
    "formula-no-value": _cell("resources[0].cost", "", "<f>2*600</f>"),
    # what the originals ask
    "date-outside-window": _step(due="2062-10-02"),
    "owner-not-one-person": _step(owner="Ortiz and Lee"),
    "root-cause-unaddressed": _plan(_unaddressed),
    "no-evidence-number": _plan(
        lambda plan: plan["challenges"][0].update(evidence="It is widely felt in the school.")
    ),
    "cost-unknown": _cost(None),
    "priority-uncovered": _plan(_one_priority),
    "table-full": lambda: poured("sfss", sample_plans("sfss")[0]),
    # what is mended
    "mended-space": _step(owner="  Dana   Okafor\u00a0 "),
    "mended-number": _cell("resources[0].funding_source", "", "<v>4711</v>"),
    "mended-date": _step(due="15/10/2026"),
    "mended-money": _cost("$1,200.50"),
    "mended-choice": _plan(
        lambda plan: plan.update(
            signoffs=[{"role": "School Council", "name": "R. Diaz", "signed_on": "2026-09-15"}]
        )
    ),
    "mended-newline": _step(owner="Dana\nOkafor"),
    # what happened to the workbook
    "section-missing": lambda: edits.by_openpyxl(good(), lambda book: book.remove(book["Resources"])),
    "sheet-renamed": lambda: edits.by_openpyxl(
        good(), lambda book: setattr(book["Resources"], "title", "Money")
    ),
    "sheet-twice": lambda: edits.by_openpyxl(good(), _resources_copied),
    "extra-sheet": lambda: edits.by_openpyxl(good(), _notes),
    "moved": lambda: edits.with_row_inserted(good(), form("sfss").layout, *_row_of("resources[1]")),
    "contradiction": _contradiction,
    "stray": _stray,
    "protection-gone": lambda: unprotected(good()),
    "macros": lambda: edits.with_member(good(), "xl/vbaProject.bin", b"not really a project"),
    "identity-weak": lambda: _in_shared(_identity(), "gone"),
    "identity-missing": lambda: edits.everywhere(good(), _identity(), "gone"),
    "identity-conflict": lambda: _in_shared(_identity(), _other(school="530825001379")),
    "identity-unverified": lambda: edits.everywhere(good(), _identity(), _other(campaign="harbor-2026")),
    # what is no copy of ours
    "unknown-template": lambda: edits.everywhere(good(), _identity(), _other(template="annual-review")),
    "newer-version": lambda: edits.everywhere(good(), _identity(), _other(version=99)),
    "not-ours": _foreign,
    "not-a-workbook": lambda: b"Dear district, our plan follows by mail.\n",
    "unsupported-format": lambda: b"%PDF-1.7\n% a printed plan\n",
    "damaged": lambda: good()[:20_000],
    "encrypted": lambda: edits.compound("EncryptedPackage"),
    "hostile": lambda: edited(good(), {"xl/worksheets/sheet2.xml": _doctype}),
    "too-big": _too_big,
}


def _ills(name: str) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """For every structural code, a cell of the template's own sheets that earns it; of Plan, where no other can."""
    cells = list(first_cells(slim(name).layout).values())
    for item in [one for one in cells if one.path.split("[")[0] not in PLAN] + cells:
        for code, cell in illnesses(item.field, plain=not item.name):
            if code not in ("error-cell", "formula-no-value"):
                yield (
                    code,
                    partial(edits.typed, slim(name).content, slim(name).layout, item.path, *as_xml(cell)),
                )


def _too_few(name: str) -> Change:
    group = next(group for group in form(name).layout.spec.root.groups if group.minimum)
    return lambda plan: plan.update({group.name: []})


def _same_name(plan: Plan) -> None:
    plan["trends"][1]["name"] = plan["trends"][0]["name"].upper()


def _beside_nothing(name: str) -> Callable[[], bytes] | None:
    """An answer on a companion sheet, beside the last row of its table, which is empty."""
    layout = slim(name).layout
    companions = {path.replace("[]", "") for path, group in layout.spec.walk() if group.companion}
    beside = [
        path
        for path, (_, item) in layout.inputs.items()
        if DIGITS.sub("", item.group) in companions and item.field.kind is Kind.YES_NO
    ]
    return partial(edits.text, slim(name).content, layout, beside[-1], "Yes") if beside else None


def _broken(name: str) -> dict[str, Callable[[], bytes]]:
    """The broken copies of a template: one a structural code, one a rule, and its last sheet with answers gone."""
    sheet = next(sheet.title for sheet in reversed(slim(name).layout.sheets) if sheet.inputs)
    found: dict[str, Callable[[], bytes]] = {}
    for code, make in _ills(name):
        found.setdefault(code, make)
    found["too-few"] = _changed(_too_few(name), name)
    if any(
        item.field.refers_to
        for _, item in form(name).layout.inputs.values()
        if item.field.name == "connects_to"
    ):
        found["duplicate"] = _changed(_same_name, name)
    stray = _beside_nothing(name)
    if stray is not None:
        found["stray"] = stray
    found["section-missing"] = lambda: edits.by_openpyxl(
        slim(name).content, lambda book: book.remove(book[sheet])
    )
    found |= {code: _changed(change, name) for code, change in FLAWS[name].items()}
    return found


SFSS |= structural(good, form("sfss").layout)
SFSS["seal-unchecked"] = lambda: edits.everywhere(good(), _identity(), _other(digest="another form"))


@cache
def whole(name: str) -> Patient:
    """The healthy copy with all the slots of its form."""
    return Patient(name)


@cache
def slim(name: str) -> Patient:
    """The same with fewer slots."""
    return Patient(name, SLOTS[name])


def _ill(name: str, illness: str, make: Callable[[], bytes]) -> Ill:
    """A broken copy that is named after a code, or after what was done to its structure."""
    codes = {illness} & set(CATALOGUE)
    context = OVERDUE if illness == "benchmark-overdue" else ALONE
    return Ill(
        make,
        codes,
        context=context,
        of=whole(name) if name == "sfss" else slim(name),
        by_hand=illness in {*FLAWS.get(name, ()), "mended-choice"},
    )


def _all_broken(name: str) -> dict[str, Ill]:
    """Illness → what makes it; those named after codes first."""
    by_code = SFSS if name == "sfss" else _broken(name)
    found = {illness: _ill(name, illness, make) for illness, make in by_code.items()}
    more = [*wrong_answers(slim(name)), *torn(slim(name)), *hurt(slim(name))]
    for illness, ill in more + (list(strangers()) if name == "sfss" else []):
        assert illness not in found, illness
        if name != "sfss" or illness not in SAID_BY_CODE:
            found[illness] = ill
    return found


BROKEN: dict[str, dict[str, Ill]] = {name: _all_broken(name) for name in sorted(TEMPLATES)}


def healthy(name: str) -> dict[str, bytes]:
    """The good copies of a template: samples, one with odd texts, and dialects of one."""
    found = {sample: poured(name, sample_plans(name)[number]) for sample, number in GOOD[name].items()}
    found["odd-texts"] = odd_texts(slim(name))
    for dialect in DIALECTS[name]:
        parts = dialects.parts_of(good(name))
        CHANGES[dialect](parts)
        found[dialect.replace("_", "-")] = packed(parts)
    if name == "sfss":
        parts = dialects.parts_of(good(name))
        dialects.in_encoding("utf-16", "UTF-16")(parts)
        found["utf-16"] = packed(parts)
    return found


def specimens(name: str) -> dict[str, bytes]:
    """Every file of a template under workbooks/ by its path there, but for the JSON beside it."""
    files = {f"{name}/blank.xlsx": blank(name)}
    files |= {f"{name}/good/{sample}.xlsx": content for sample, content in healthy(name).items()}
    return files | {
        f"{name}/broken/{illness}{ill.suffix}": ill.make() for illness, ill in BROKEN[name].items()
    }


def documents(name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The JSON beside each of them: the plan of a good copy, the findings of a broken one."""
    found = {}
    for path, content in files.items():
        stem = path.removesuffix(Path(path).suffix)
        illness = BROKEN[name].get(stem.rpartition("/")[2])
        if "/good/" in path:
            found[f"{stem}.json"] = _json(check_file(content, stem, ALONE).checked.plan)
        elif "/broken/" in path and illness is not None:
            found[f"{stem}.findings.json"] = _json(findings(content, Path(path).name, illness.context))
    return found


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def main() -> None:
    """Write what differs, take away what is no specimen any more."""
    made: dict[str, bytes] = {}
    for name in sorted(TEMPLATES):
        files = specimens(name)
        made |= files | documents(name, files)
    for path, content in made.items():
        file = ROOT / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.exists() or file.read_bytes() != content:
            file.write_bytes(content)
            print(path)
    for name in sorted(TEMPLATES):  # what stands beside them, releases, is kept for ever
        for file in (ROOT / name).rglob("*"):
            if file.is_file() and file.relative_to(ROOT).as_posix() not in made:
                file.unlink()
                print(f"{file.relative_to(ROOT)} removed")


if __name__ == "__main__":
    main()
