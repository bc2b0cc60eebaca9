"""A whole campaign with hostile text in every field: nothing that came from a school runs, links or writes anywhere."""

from __future__ import annotations

import copy
import csv
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.cli.runner import Done, run
from tests.specimens import edits
from tests.specimens.ills import full_plan
from xlplan.campaign import open_campaign
from xlplan.excel.plate import pour
from xlplan.form.markers import Kind
from xlplan.form.spec import Field, FormSpec, Group
from xlplan.form.text import clean_text, harmless, units
from xlplan.intake.pour import poured
from xlplan.pipeline.forms import form_for, identity_for, personal, plate_of
from xlplan.rollup.exports.text import LIVE, as_typed
from xlplan.templates import TEMPLATES

MARK = "zqx"  # in every hostile text, so that it is found wherever it went
HOSTILE = (
    f"=cmd|'/c {MARK}'!A1", f"+1+{MARK}", f"-2+{MARK}", f"@SUM({MARK})", f"\t={MARK}", f"\r={MARK}", f"\n+{MARK}",
    f"＝{MARK}", f"＋{MARK}", f"－{MARK}", f"＠{MARK}", f"'={MARK}", f"''+{MARK}",
    f'=HYPERLINK("http://x.example/{MARK}","y")', f'=WEBSERVICE("http://x.example/{MARK}")',
    f'=DDE("cmd";"/c {MARK}";"1")', f"=[1]{MARK}!A1", f"http://x.example/{MARK}", f"mailto:{MARK}@x.example",
    f"file:///c:/{MARK}", f"<script>{MARK}()</script>", f"{MARK}]]><x/>", f"&amp;{MARK}&lt;&#x41;",
    f"{{{{7*7}}}}{MARK}",
    f"{{0}}{{found}}{MARK}", f"%s%n{MARK}", f"\x1b[31m{MARK}\x1b[2J", f"\x9b2J{MARK}", f"\x07{MARK}\x00",
    f"{MARK}\u202egnp.exe",
    f"⟦school⟧{MARK}", f"_x003D_{MARK}", f"_x001B_{MARK}", f"'; DROP TABLE returns; --{MARK}", f"../../{MARK}",
    f"{MARK}\ufffe", f"#REF!{MARK}", f'"{MARK}","', f"$(touch {MARK})`id`",
)  # fmt: skip
NAMES = (
    f"=cmd|'/c {MARK}'!A1", f"../../{MARK}", f"CON {MARK}", f"<b>{MARK}</b> & Sons", f"@{MARK} \"School\" '",
    f"\u202e{MARK}",
    f"{MARK} " + "long " * 40, f"⟦identity⟧{{0}}%s{MARK}",
)  # fmt: skip
FILES = (
    f"a\x1b[2J{MARK}.xlsx", f"CON {MARK}.xlsx", f"{MARK}\n=1+1.xlsx", f"=1+{MARK}.xlsx", f"{MARK}\u202excod.xlsx",
    f"{MARK}'; \"&<x>.xlsx", f"-C {MARK}.xlsx", f"{MARK}" + "x" * 200 + ".xlsx",
)  # fmt: skip
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names of files")
TEXTS = (Kind.TEXT, Kind.PROSE, Kind.PERSON)
Rows = dict[str, Any]


class Hostile:
    """Hostile texts in place of a plan's own, one for one, so that rows are still found by their names."""

    def __init__(self) -> None:
        self.put: dict[str, str] = {}

    def plan(self, spec: FormSpec, plan: Rows) -> Rows:
        made = copy.deepcopy(plan)
        self._object(spec.root, made)
        return made

    def _object(self, group: Group, data: Rows) -> None:
        for item in group.fields:
            if item.kind in TEXTS or (item.refers_to is not None and item.refers_to.by == "name"):
                data[item.name] = self._value(item, data.get(item.name))
        for inner in group.groups:
            held = data.get(inner.name) or ({} if inner.slots is None else [])
            if inner.plain:
                data[inner.name] = [self._value(inner.fields[0], value) for value in held]
            else:
                for row in [held] if isinstance(held, dict) else held:
                    self._object(inner, row)

    def _value(self, item: Field, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(item, one) for one in value]
        if not isinstance(value, str) or item.name in (
            "district_id",
            "school_id",
            "year",
            "district",
            "school",
        ):
            return value
        if value not in self.put:
            number = len(self.put)
            self.put[value] = f"{HOSTILE[number % len(HOSTILE)]} {number}x"
        return self.put[value]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


class Round:
    """One campaign of a template, from its roster to its reports, and what every command said."""

    def __init__(self, folder: Path, template: str) -> None:
        self.folder, self.template, self.said = folder, template, dict[str, Done]()
        self._begin(folder.parent / "schools.csv")
        self.plans: dict[str, Rows] = {}
        self.put: set[str] = set()
        for number, name in enumerate(FILES):
            self._return(number, folder / "returns" / name)
        at = ("-C", folder)
        self._run("collect", *at, "-v", "--received", "2026-12-01")
        self._run("again", *at, as_="collect")
        self._run("check", folder / "returns", *at, "--explain")
        self._run("status", *at, "-v", "--as-of", "2027-01-31")
        for kind in ("csv", "json"):
            self._run(kind, *at, "--to", folder / kind, "--format", kind, as_="export")
        self._run("rollup", *at, "--as-of", "2027-01-31")
        self.document = run("collect", *at, "--json")

    def _run(self, name: str, *arguments: object, as_: str = "") -> None:
        self.said[name] = run(as_ or name, *arguments)

    def _begin(self, roster: Path) -> None:
        with roster.open("w", encoding="utf-8", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["district_id", "district", "school_id", "school"])
            lines.writerows(
                [["5308250", f"=Spokane {MARK}", f"53082500{n:04d}", name] for n, name in enumerate(NAMES)]
            )
        days = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30")
        self._run("init", self.folder, "--template", self.template, "--roster", roster, *days)
        settings = self.folder / "campaign.toml"
        text = settings.read_text("utf-8")
        settings.write_text(re.sub('counting = "[^"]*"', 'counting = "readable"', text), "utf-8")
        self._run("generate", "-C", self.folder, "-v")

    def _return(self, number: int, out: Path) -> None:
        """A return with a day that is none, a stray, a strange sheet; its texts as hostile as they come."""
        campaign = open_campaign(self.folder)
        school = campaign.roster.schools[number]
        form = form_for(campaign, school)
        hostile = Hostile()
        hostile.put = {str(n): "" for n in range(number * 5)}  # other texts for other fields in each return
        plan = hostile.plan(form.layout.spec, full_plan(form.layout.spec))
        self.plans[school.key] = plan
        self.put |= set(hostile.put.values()) - {""}
        facts = personal(school, identity_for(campaign, school, form, 1), campaign.key, "")
        content = pour(plate_of(form, ""), facts, poured(form.layout, plan))
        date = next(
            path for path, (_, item) in form.layout.inputs.items() if item.field.kind is Kind.PAST_DATE
        )
        content = edits.text(content, form.layout, date, f"=TODAY()&{MARK}")
        first = form.layout.sheets[1]
        content = edits.put(
            content,
            form.layout,
            first.title,
            f"H{first.last_row - 1}",
            "str",
            f"<f>{MARK}()</f><v>={MARK}</v>",
        )
        content = (
            edits.everywhere(content, '<sheet name="Lists"', f'<sheet name="={MARK}"')
            if number % 2
            else content
        )
        out.write_bytes(content)


@pytest.fixture(scope="module", params=TEMPLATES)
def campaign(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Round:
    return Round(tmp_path_factory.mktemp("hostile") / "fall", request.param)


def test_all_went_through(campaign: Round) -> None:
    """Every command did its work; every return is known for its school and is rejected for its one day."""
    codes = {name: done.code for name, done in campaign.said.items()}
    found_errors = dict.fromkeys(("collect", "again", "check"), 1)
    assert codes == dict.fromkeys(campaign.said, 0) | found_errors
    assert len(campaign.put) >= len(HOSTILE)
    assert len(list((campaign.folder / "corrections").rglob("*.xlsx"))) == len(FILES)


def test_texts_are_read_as_they_were_typed(campaign: Round) -> None:
    """But for what no one sees, they are the same in the plan."""
    files = campaign.document.json["files"]
    assert {file["outcome"] for file in files} == {"rejected"} and len(files) == len(FILES)
    for file in files:
        wanted = {clean_text(text, lines=True) for text in strings(campaign.plans[file["school_id"]])}
        wanted |= {clean_text(text, lines=False) for text in wanted}
        found = {text for text in strings(file["plan"]) if MARK in text}
        ours = {f"=Spokane {MARK}", *map(str.strip, NAMES)}
        assert found and {text for text in found if text not in ours} <= wanted


def test_no_name_leads_out_of_the_campaign(campaign: Round) -> None:
    """Names of files are made of letters and digits; what schools call their files is told, and used for nothing."""
    root = campaign.folder
    made = [path for top in ("copies", "corrections", "reports", "csv") for path in (root / top).rglob("*")]
    assert made and all(re.fullmatch(r"[\w-]+(\.\w+)?", path.name, re.ASCII) for path in made)
    strangers = {"copies", "corrections", "reports", "returns", "start", "csv", "json"}
    files = {"campaign.toml", "roster.csv", "signing.key", "ledger.sqlite"}
    assert {path.name for path in root.iterdir()} == strangers | files
    assert {path.name for path in root.parent.iterdir()} == {root.name, "schools.csv"}


def written(campaign: Round) -> list[Path]:
    """Every workbook that we have written: copies, correction copies, the rollup."""
    found = [
        path
        for top in ("copies", "corrections", "reports")
        for path in (campaign.folder / top).rglob("*.xlsx")
    ]
    assert len(found) == len(NAMES) + len(FILES) + 1
    return found


def test_no_workbook_runs_or_links_what_came_from_outside(campaign: Round) -> None:
    """No formula, name, rule, link or relation holds any of it; what holds it is text."""
    for path in written(campaign):
        with zipfile.ZipFile(path) as parts:
            names = parts.namelist()
            assert not [
                name
                for name in names
                if re.search("external|vba|ole|embed|query|connection|ctrl", name, re.I)
            ]
            for name in (name for name in names if name.endswith((".xml", ".rels"))):
                check_part(name, parts.read(name).decode("utf-8"), path)


def check_part(name: str, xml: str, path: Path) -> None:
    """Elements whose text is obeyed hold none of it; and a part holds no control character as such."""
    place = f"{path.name}: {name}"
    tree = ElementTree.fromstring(xml)
    for element in tree.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in ("f", "formula", "formula1", "formula2"):
            assert MARK not in (element.text or ""), f"{place}: {element.text}"
        if tag == "Relationship":
            assert element.get("TargetMode") in (None, "Internal"), place
            assert MARK not in element.get("Target", ""), place
        if tag == "hyperlink":
            assert not [key for key in element.attrib if key.endswith("}id")], place
            assert MARK not in element.get("location", ""), place
    if path.parts[-3] != "corrections":  # where a school finds what it typed, as it typed it
        assert not [char for char in xml if unicodedata.category(char) == "Cc" and char not in "\t\n\r"], (
            place
        )


def test_openpyxl_sees_texts_only(campaign: Round) -> None:
    """Another program's idea of the same workbooks."""
    seen = set()
    for path in written(campaign):
        book = openpyxl.load_workbook(path)
        for cell in (cell for sheet in book for row in sheet.iter_rows() for cell in row):
            if MARK in str(cell.value):
                assert cell.data_type == "s" and cell.hyperlink is None, f"{path.name}: {cell}"
                seen.add(str(cell.value)[:1])
    assert seen >= set("=+-@＝＋－＠<&'")


def test_tables_hand_no_formula_on_and_lose_nothing(campaign: Round) -> None:
    """No cell of a CSV file begins a formula; taking the apostrophe off again gives what JSON has, text for text."""
    guarded = 0
    for path in sorted((campaign.folder / "csv").glob("*.csv")):
        rows = json.loads((campaign.folder / "json" / f"{path.stem}.json").read_text("utf-8"))["rows"]
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in zip(csv.DictReader(file), rows, strict=True):
                for name, cell in line.items():
                    assert not cell.startswith(LIVE), cell
                    guarded += cell.startswith("'")
                    if isinstance(row[name], str) and name != "file":
                        assert as_typed(cell) == harmless(row[name])
        assert not [char for char in path.read_text("utf-8") if harms(char)]
        assert not [
            char
            for char in (campaign.folder / "json" / f"{path.stem}.json").read_text("utf-8")
            if harms(char)
        ]
    assert guarded > 20


def harms(char: str) -> bool:
    """Whether a terminal may obey it: a control but for line feed and tab, or a direction."""
    turns = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return char in turns or (unicodedata.category(char) == "Cc" and char not in "\n\t")


def test_a_terminal_is_told_nothing_it_would_obey(campaign: Round) -> None:
    """Names of files, of schools and of sheets, and what was found, on stdout and stderr, in words and as JSON."""
    for name, done in [*campaign.said.items(), ("json", campaign.document)]:
        assert not [char for char in done.out + done.err if harms(char)], name
    told = campaign.said["collect"].out
    assert MARK in told and "\n=1+1" not in told
    assert json.dumps(campaign.document.json).count(MARK) > 100


def test_no_text_is_longer_than_its_box(campaign: Round) -> None:
    """The texts of this test are such as schools can type."""
    assert max(map(units, campaign.put)) < 100
