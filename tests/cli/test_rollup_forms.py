"""The forms a summary is written in: which are asked for, where they go, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import run
from tests.pipeline.loop import begun, returned
from xlplan.pipeline.reporting import FORMS
from xlplan.samples import sample_plans

AS_OF = ("--as-of", "2027-01-31")


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One plan is in, the others are awaited."""
    campaign = begun(tmp_path_factory.mktemp("forms") / "autumn", "sfss")
    returned(campaign, sample_plans("sfss")[:1])
    return campaign.root


def test_every_form_is_written_from_one_run(autumn: Path) -> None:
    """Each asked for once stands in reports/, and holds the first school's name."""
    asked = [part for form in FORMS for part in ("--format", form)]
    done = run("rollup", "-C", autumn, *asked, *AS_OF, "--json")
    assert done.code == 0, done.err
    files = [Path(name) for name in done.json["files"]]
    assert [file.name for file in files] == [
        "summary.xlsx",
        "summary.html",
        "summary.pdf",
        "digest.docx",
        "digest.md",
    ]
    assert done.json["file"] == done.json["files"][0]
    starts = {".xlsx": b"PK", ".html": b"<!DOCTYPE html>", ".pdf": b"%PDF-", ".docx": b"PK", ".md": b"# "}
    for file in files:
        assert file.parent == autumn / "reports"
        assert file.read_bytes().startswith(starts[file.suffix]), file
    before = [file.read_bytes() for file in files]
    assert run("rollup", "-C", autumn, *asked, *AS_OF).code == 0
    assert [file.read_bytes() for file in files] == before, "equal data give equal files"


def test_the_name_of_the_file_says_its_form(autumn: Path, tmp_path: Path) -> None:
    page = tmp_path / "for the board.html"
    assert run("rollup", "-C", autumn, "-o", page, *AS_OF).code == 0
    assert page.read_bytes().startswith(b"<!DOCTYPE html>")
    told = run("rollup", "-C", autumn, "--format", "html", "-o", tmp_path / "page.htm", "--dry-run", *AS_OF)
    assert (told.code, told.out) == (0, f"Would write {tmp_path / 'page.htm'}: 1 of 3 plans.\n")
    assert not (tmp_path / "page.htm").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--format", "htm"), 'there is no "htm". Did you mean "html"?'),
        (("--format", "word"), "Take one of: xlsx, html, pdf, docx, md."),
        (("--format", "html", "--format", "pdf", "-o", "a.html"), "-o names one file"),
        (
            ("--format", "html", "-o", "a.xlsx"),
            "its name has to end in .html or .htm, as",
        ),
        (("-o", "summary"), "its name has to end in .xlsx or .html or .htm or .pdf"),
        (("-o", "a.txt", "--dry-run"), "or .docx or .md or .markdown, as"),
        (("--format", "md", "-o", ""), "is a folder"),
        (("--format", "html", "-o", "."), "is a folder"),
        (("--format", "docx", "--public"), "for the board"),
        (("--format", "md", "--min-cell", "5"), "for the board"),
        (("--format", "html", "--min-cell", "1"), "take 3 or more"),
    ],
)
def test_what_cannot_be_is_said(autumn: Path, options: tuple[str, ...], said: str) -> None:
    done = run("rollup", "-C", autumn, *options, *AS_OF)
    assert done.code == 2
    assert said in done.err
    assert not list(autumn.glob("*.html"))


def test_what_is_published_never_takes_the_place_of_the_own(autumn: Path) -> None:
    """Two files, and only the own one names the school."""
    school = "Adams"
    own = run("rollup", "-C", autumn, "--format", "html", *AS_OF, "--json").json["file"]
    public = run("rollup", "-C", autumn, "--format", "html", "--public", *AS_OF, "--json").json["file"]
    assert Path(own).name == "summary.html" and Path(public).name == "summary-published.html"
    assert school in Path(own).read_text(encoding="utf-8")
    assert school not in Path(public).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "place", ["returns/plan.xlsx", "copies/5308250/x.xlsx", "corrections/x.xlsx", "reports/rollups/x.xlsx"]
)
@pytest.mark.parametrize("dry", [True, False])
def test_what_a_campaign_keeps_is_never_written_over(autumn: Path, place: str, dry: bool) -> None:
    done = run("rollup", "-C", autumn, "-o", autumn / place, *(["--dry-run"] if dry else []), *AS_OF)
    assert (done.code, "keeps its own files" in done.err) == (2, True)
    assert not (autumn / place).exists()


def test_a_file_is_no_folder(autumn: Path, tmp_path: Path) -> None:
    """The dry run refuses what the run would."""
    (tmp_path / "page.html").write_text("mine", encoding="utf-8")
    (tmp_path / "folder.html").mkdir()
    for out in (tmp_path / "page.html" / "x.html", tmp_path / "folder.html"):
        for more in ((), ("--dry-run",)):
            assert run("rollup", "-C", autumn, "-o", out, *more, *AS_OF).code == 2
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "mine"


def test_plans_are_published_without_the_sums(autumn: Path) -> None:
    """Counted, they would tell what the sums withhold."""
    for old in (autumn / "reports").glob("*-published*.*"):
        old.unlink()
    done = run("rollup", "-C", autumn, "--public", "--schools", "--format", "html", *AS_OF, "--json")
    assert (done.json["file"], done.json["files"], done.json["plans"]) == (None, [], 1)
    assert [Path(item["file"]).suffix for item in done.json["sheets"]] == [".html"]
    assert not list((autumn / "reports").glob("*-published*.*"))
    both = run("rollup", "-C", autumn, "--public", "--schools", "-o", autumn / "x.html", *AS_OF)
    assert (both.code, "Leave it out" in both.err) == (2, True)
