"""Pictures of every sheet of every template, as printed: a blank, a filled copy, the demonstration's district workbook.

    python docs/looks/make.py                      into the folders beside this file
    python docs/looks/make.py OUT                  into another folder
    python docs/looks/make.py OUT sfss data-team   only these templates, and no index

Takes soffice, pdftoppm, chromium and ImageMagick's convert. The schools are on a real roster; their plans and people
are invented.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from openpyxl import load_workbook
from papers import papers
from screens import page_of, screens

from xlplan.campaign import School, open_campaign
from xlplan.campaign.files import write_safely
from xlplan.excel.correct import corrected as corrected_copy
from xlplan.excel.plate import pour, stamp
from xlplan.form.inspect import spec_of
from xlplan.form.markers import Meaning, Window
from xlplan.form.rounds import CARRIED, STATUS_ROUND
from xlplan.form.spec import FormFacts, FormSpec
from xlplan.layout.correction import correction
from xlplan.ledger import RETURNED, Ledger
from xlplan.merge.carry import Former, carry
from xlplan.pipeline.carried import begun_cells
from xlplan.pipeline.check import check_file, check_opened
from xlplan.pipeline.correct import correction_plate
from xlplan.pipeline.demo import AS_OF, run_demo
from xlplan.pipeline.fill import fill_bytes, typed_over
from xlplan.pipeline.forms import blank_identity, form_of, personal
from xlplan.pipeline.generate import day_line, generate, plate_of
from xlplan.pipeline.merging import Merger
from xlplan.pipeline.opening import Context, Opened, Result, open_file
from xlplan.pipeline.reviewing import Said, Word, review
from xlplan.pipeline.school_sheets import written_plans
from xlplan.samples import sample_plans
from xlplan.templates import TEMPLATES, template

HERE = Path(__file__).parent
DPI, COLOURS = 60, 48
SECONDS = 180
SPANISH_SCHOOL = School(
    district_id="5300000", district="Distrito Escolar del Valle", school_id="530000000001",
    school="Escuela Primaria Cedro",
)  # fmt: skip
PAGES = 3  # of one sheet; those of a long sheet look alike from then on
SAID = {
    "blank": "A copy as it is sent out",
    "filled": "The same copy with an invented plan",
    "corrected": "A correction copy: what is to fix, the first sheet with marked boxes, what is left over",
    "remarks": "A correction copy with a reader's remarks: what is to answer, and the first sheet with a marked box",
    "decisions": "A decision workbook: what two people changed to different things",
    "part": "The part of a split plan that asks for resources",
    "carried": "Next year’s copy, which begins with what was left open: Start and the first challenge",
    "check": "The mid-year check of the same plan: Start and the first challenge",
    "spanish": "The same form in Spanish, with an invented plan",
    "spanish-corrected": "What answers a Spanish copy: what is to fix, and the first sheet with marked boxes",
    "district": "The district workbook of the demonstration, the first page of each sheet",
    "school": "One school’s plan to read and print",
}


class Book(NamedTuple):
    """A workbook to picture: its folder under the template's, its bytes, sheets to leave out, most pages of each."""

    name: str
    content: bytes
    skip: tuple[str, ...] = ()
    pages: int = PAGES


def books(name: str, folder: Path) -> list[Book]:
    """The workbooks of a template, made as the demonstration makes them."""
    told = run_demo(folder, lambda: None, template=name)
    spec = spec_of(template(name))
    blank = min((folder / "copies").rglob("*.xlsx")).read_bytes()
    plan = sample_plans(name)[0]
    filled, refused = fill_bytes(blank, plan, "sample")
    assert refused is None, refused
    used = max(len(plan[path]) for path, _ in repeated(spec)) if list(repeated(spec)) else 0
    return [
        Book("blank", blank, tuple(_after(spec, 1))),
        Book("filled", filled, tuple(_after(spec, used))),
        corrected(folder),
        *(of_two_people(folder) if name == "sfss" else ()),
        *(of_later_rounds(filled) if name == "sfss" else ()),
        *(in_spanish() if name == "sfss" else ()),
        Book("district", Path(told["report"]).read_bytes(), pages=1),
        for_a_reader(folder),
    ]


def for_a_reader(folder: Path) -> Book:
    """One school's plan as `rollup --schools` writes it."""
    campaign = open_campaign(folder)
    with Ledger.open(campaign.ledger_url) as ledger:
        written = next(iter(written_plans([(campaign, ledger)], AS_OF)))
    return Book("school", written.file.read_bytes())


def corrected(folder: Path) -> Book:
    """The demonstration's first correction copy that has all there is, but for the sheets with nothing to tell."""
    for file in sorted((folder / "corrections").rglob("*.xlsx")):
        book = load_workbook(file)
        if "Left over" in book.sheetnames:
            marked = next(
                (str(cell.value).rpartition(", ")[0] for row in book["To fix"]["C7":"C60"] for cell in row
                 if cell.value and str(cell.value).rpartition(", ")[0] in book.sheetnames[2:-4]), ""
            )  # fmt: skip
            shown = {"To fix", "Left over", marked}
            return Book(
                "corrected",
                file.read_bytes(),
                tuple(title for title in book.sheetnames if title not in shown),
            )
    raise AssertionError("the demonstration has no correction copy with all there is")


def of_two_people(folder: Path) -> list[Book]:
    """What a round brings beside that: a plan sent back with remarks, one that two people filled in, a split one."""
    campaign = open_campaign(folder)
    now, day = datetime(2026, 12, 14, 9, tzinfo=UTC), date(2026, 12, 14)
    with Ledger.open(campaign.ledger_url) as ledger:
        counting = ledger.counting_returns("newest-accepted", "accepted")
        first, second = counting[0], counting[1]
        remarks = (
            Said(text="Which grant pays for this in spring?", path="resources[0].cost"),
            Said(text="Please talk to the library first.", path="challenges[0].strategies[0].steps[0]"),
        )
        word = Word(
            school=str(first.school_key), decision=RETURNED, remarks=remarks, template=None, number=None
        )
        (sent,) = review(campaign, ledger, [word], by="the district", now=now)
        school = campaign.school(str(second.school_key))
        opened = open_file(ledger.content(second.sha256) or b"", second.file, Context())
        assert isinstance(opened, Opened) and sent.correction is not None
        steps = "challenges[0].strategies[0].steps"
        changed = {
            "prepared_by": "B. Diaz, teacher leader", f"{steps}[0].due": date(2026, 11, 20),
            "challenges[0].target_outcomes": "By June, nine in ten students are here nine days in ten.",
            **{path: None for path in opened.layout.inputs if path.startswith(f"{steps}[1]")},
        }  # fmt: skip
        other = campaign.returns / "week-6" / "second.xlsx"
        write_safely(other, typed_over(opened, changed))
        mine = changed | {f"{steps}[1].owner": "K. Osei, dean", "prepared_by": "A. Lee, principal"}
        mine |= {f"{steps}[0].due": date(2026, 12, 4), "challenges[0].target_outcomes": "Fewer days missed."}
        mine = {path: value for path, value in mine.items() if value is not None}
        third = campaign.returns / "week-6" / "third.xlsx"
        write_safely(third, typed_over(opened, mine))
        merger = Merger(campaign=campaign, ledger=ledger, received=day, now=now)
        base = campaign.root / second.file
        asked = merger.merge(school.key, [str(other), str(third)], base=base)
        assert asked.decisions is not None
        split = replace(campaign, settings=replace(campaign.settings, split=True))
        last = campaign.roster.schools[-1]
        part = next(copy for copy in generate(split, ledger, [last], now=now) if copy.part == "res")
    marked = load_workbook(campaign.root / sent.correction).sheetnames
    return [
        Book(
            "remarks", (campaign.root / sent.correction).read_bytes(),
            tuple(title for title in marked if title not in ("To fix", "Resources")),
        ),
        Book("decisions", (campaign.root / asked.decisions).read_bytes(), ("Plan",)),
        Book("part", (campaign.root / part.file).read_bytes()),
    ]  # fmt: skip


def of_later_rounds(filled: bytes) -> Iterator[Book]:
    """What becomes of a filled copy in the rounds after it."""
    opened = open_file(filled, "sample", Context())
    assert isinstance(opened, Opened)
    result = check_opened(opened, Context())
    layout, facts = opened.form.layout, opened.form.layout.spec.facts
    cells = dict(result.cells)
    done = [
        path
        for path, (_, item) in layout.inputs.items()
        if item.field.meaning is Meaning.DONE and path in cells
    ]
    cells |= {path: number % 3 == 0 for number, path in enumerate(done)}
    former = Former(
        campaign="autumn",
        title="",
        year=facts.year,
        sha256="",
        received=date(2026, 11, 2),
        layout=layout,
        cells=cells,
    )
    school = campaign_school(result)
    for title, round_, window, year, due in (
        (
            "carried",
            CARRIED,
            Window(date(2027, 9, 1), date(2028, 6, 30)),
            "2027-28",
            "Friday, October 29, 2027",
        ),
        ("check", STATUS_ROUND, facts.window, facts.year, "Friday, February 12, 2027"),
    ):
        record = carry(former, round_, window)
        form = form_of(
            "sfss", replace(facts, plan_from=window.first, plan_to=window.last, year=year, round=round_)
        )
        who = personal(school, blank_identity(form), b"", due)
        content = pour(plate_of(form, ""), who, begun_cells(form, record))
        titles = [sheet.title for sheet in form.layout.sheets if not sheet.hidden]
        yield Book(title, content, tuple(set(titles) - {"Start", "Challenge 1"}))


def in_spanish() -> Iterator[Book]:
    """A filled copy in Spanish, and what answers one with a few things wrong."""
    form = form_of("sfss", FormFacts(language="es"))
    identity = replace(blank_identity(form), school=SPANISH_SCHOOL.key)
    who = personal(SPANISH_SCHOOL, identity, b"", day_line(date(2026, 12, 18), "es"), "es")
    plan = json.loads((HERE / "plan.es.json").read_text(encoding="utf-8"))
    filled, refused = fill_bytes(stamp(plate_of(form, ""), who), plan, "sample")
    assert refused is None, refused
    titles = [sheet.title for sheet in form.layout.sheets if not sheet.hidden]
    yield Book("spanish", filled, (titles[4], titles[5]))
    steps = "challenges[0].strategies[0].steps"
    opened = open_file(filled, "sample", Context())
    assert isinstance(opened, Opened)
    wrong = {
        f"{steps}[0].due": date(2062, 10, 15), f"{steps}[1].owner": "el equipo de liderazgo",
        f"{steps}[2].due": "pronto",
        f"{steps}[3].action": "Revisar los datos", "challenges[0].evidence": "Muchos estudiantes leen con dificultad.",
        "monitoring.embedding": None,
    }  # fmt: skip
    result = check_file(typed_over(opened, wrong), "sample", Context())
    assert result.returned is not None
    made = correction(form.layout, result.returned, date(2026, 12, 2), day_line(date(2026, 12, 18), "es"))
    content = corrected_copy(correction_plate(form, "", False), who, result.returned.cells, made)
    yield Book("spanish-corrected", content, tuple(title for title in titles if title != titles[2]), pages=2)


def campaign_school(result: Result) -> School:
    """Whose plan it is, as the plan says."""
    plan = result.checked.plan or {}
    names = ("district_id", "district", "school_id", "school")
    return School(**{name: str(plan.get(name) or "") for name in names})


def repeated(spec: FormSpec) -> Iterator[tuple[str, str]]:
    """The tables with a sheet a row, with the sheets' title."""
    for sheet in spec.form.sheets:
        if "{n}" in sheet.title:
            yield sheet.holds[0], sheet.title


def _after(spec: FormSpec, used: int) -> Iterator[str]:
    """The titles of the repeated sheets after so many."""
    for path, title in repeated(spec):
        slots = spec.group(path).slots or 0
        yield from (title.format(n=number) for number in range(used + 1, slots + 1))


def pictures(book: Book, out: Path, folder: Path) -> list[tuple[str, Path]]:
    """One PNG a printed page, named by its number and sheet; returns (sheet, file) in order."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    made: list[tuple[str, Path]] = []
    pdf = folder / f"{book.name}.pdf"
    pages = _pages(pdf, folder / book.name)
    for sheet, page in zip(_sheets(book.content, pdf), pages, strict=True):
        if sheet in book.skip or [title for title, _ in made].count(sheet) == book.pages:
            continue
        plain = unicodedata.normalize("NFKD", sheet.lower()).encode("ascii", "ignore").decode()
        file = out / f"{len(made) + 1:02d}-{plain.replace(' ', '-')}.png"
        subprocess.run(
            ["convert", page, "-dither", "None", "-colors", str(COLOURS), "-strip",
             "-define", "png:compression-level=9", f"PNG8:{file}"], check=True, timeout=SECONDS,
        )  # fmt: skip
        made.append((sheet, file))
    return made


def as_pdf(made: list[Book], folder: Path) -> None:
    """All workbooks as PDF by one soffice, which takes longer to start than to print."""
    folder.mkdir(exist_ok=True)
    files = [folder / f"{book.name}.xlsx" for book in made]
    for file, book in zip(files, made, strict=True):
        file.write_bytes(book.content)
    profile = (folder.parent / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf", "--outdir",
         folder, *files],
        check=True, timeout=SECONDS, capture_output=True, env=os.environ | {"LC_ALL": "C.UTF-8"},
    )  # fmt: skip


def _pages(pdf: Path, folder: Path) -> list[Path]:
    folder.mkdir()
    subprocess.run(["pdftoppm", "-png", "-r", str(DPI), pdf, folder / "page"], check=True, timeout=SECONDS)
    return sorted(folder.glob("page-*.png"))


def _sheets(content: bytes, pdf: Path) -> list[str]:
    """The sheet of each page: every footer names its sheet, in the order of the workbook."""
    book = load_workbook(BytesIO(content))
    titles = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    book.close()
    text = subprocess.run(
        ["pdftotext", "-layout", pdf, "-"], check=True, timeout=SECONDS, capture_output=True, text=True
    ).stdout
    found: list[str] = []
    for page in text.split("\f")[:-1]:
        footer = re.split(r"\s{2,}", page.rstrip().rpartition("\n")[2])
        found.append(next(title for title in titles if title in footer))
    return found


def main() -> None:
    """Make everything anew and write the index."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    names = sys.argv[2:] or list(TEMPLATES)
    on_screen: list[str] = []
    on_paper: list[str] = []
    lines = [
        "# What it looks like",
        "",
        "Every sheet as LibreOffice prints it, at most three pages of each, and the page in Chromium, made by",
        "`python docs/looks/make.py`. The schools are on a real roster; their plans and people are invented.",
    ]
    with tempfile.TemporaryDirectory(prefix="xlplan-looks-") as temporary:
        for name in names:
            folder = Path(temporary) / name
            made = books(name, Path(temporary) / f"{name}-demo")
            as_pdf(made, folder)
            lines += ["", f"## {template(name).form.title}"]
            for book in made:
                lines += ["", f"### {SAID[book.name]}", ""]
                for sheet, file in pictures(book, out / name / book.name, folder):
                    lines.append(f"![{sheet}]({name}/{book.name}/{file.name})")
            printed = papers(Path(temporary) / f"{name}-demo", out / "paper", name, summaries=name == "sfss")
            on_paper += [f"![{said}](paper/{file.name})" for said, file in printed]
            if name == "sfss":
                page = page_of(Path(temporary) / f"{name}-demo")
                shown = [f"![{said}](page/{file.name})" for said, file in screens(page, out / "page")]
                on_screen = ["", "## The page", "", "Of the first demonstration, in Chromium.", "", *shown]
    lines += [
        *on_screen,
        "",
        "## On paper",
        "",
        "As rollup writes PDF, the first pages of each.",
        "",
        *on_paper,
    ]
    if names == list(TEMPLATES):
        (out / "README.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    size = sum(file.stat().st_size for file in out.rglob("*.png"))
    sys.stdout.write(f"{len(list(out.rglob('*.png')))} pictures, {size / 1e6:.2f} MB, in {out}\n")


if __name__ == "__main__":
    main()
