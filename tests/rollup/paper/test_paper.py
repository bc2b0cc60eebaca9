"""Printed reports: tagged, whole, the same for the same report, and nothing fetched whatever a text says."""

from __future__ import annotations

import builtins
import re
import subprocess
import zlib
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.rollup import mixed
from xlplan.errors import UsageError
from xlplan.ledger import Ledger
from xlplan.pipeline.plan_parts import plan_numbers, plan_parts
from xlplan.pipeline.rolling import deck_of
from xlplan.rollup.paper import paper_of, write_paper
from xlplan.rollup.paper.widths import widths
from xlplan.rollup.report.build import report_of
from xlplan.rollup.report.model import (
    Chart,
    Column,
    Heading,
    Link,
    Marked,
    Number,
    Part,
    Report,
    Row,
    Share,
    State,
    Table,
    Text,
    Tile,
    Tiles,
)

HOSTILE = (
    '</p><script>alert(1)</script><img src="http://127.0.0.1:9/x.png"><link rel="stylesheet" href="file:///etc/passwd">'
    "<style>@import 'http://127.0.0.1:9/a.css'</style>{{ 7 * 7 }} \u202egnp.exe \x07"
)
DAY = date(2027, 1, 31)


def report(*blocks: Any, **changes: Any) -> Report:
    """A report of two parts."""
    parts = (
        Part(id="first", title="First", finding="Said first.", blocks=blocks),
        Part(id="second", title="Second", blocks=[Text("The end.")]),
    )
    told: dict[str, Any] = {"title": "Harbor Ridge", "kind": "Summary", "about": "Of 3 plans", "as_of": DAY}
    return Report(**(told | {"parts": lambda: parts} | changes))


def of_everything(words: str = "plain") -> Report:
    """A report with a block and a cell of every kind."""
    two = (Number(value=3), Number(value=Decimal("1234.50"), kind="money"))
    return report(
        Heading(words), Text(words, "Label"), Text(words, "Strategy 1", strong=True),
        Tiles((Tile(label=words, number=Share(part=Number(value=1), whole=Number(value=3), shown="of"), note=words),)),
        Chart(name="bars", title=words, heading="Counted", axis="What", parts=("Done", "Open"),
              rows=((words, (Number(value=2), Number(value=5))), ("b", (Number(value=0), Number(value=1))))),
        Chart(name="months", title="Months", heading="Counted", axis="Month", parts=("Due",), upright=True,
              rows=(("Jan", (Number(value=2),)), ("Feb", (Number(value=0),)))),
        Table(name="cells", title=words, note=words,
              columns=(Column("Row"), Column("Words", "prose"), Column("Day", "day"), Column("Money", "money"),
                       Column("State", "state"), Column("Share", "share")),
              rows=[Row((Link("Go", "#second"), words, DAY, two[1], State(words, "bad"), Share(two[0], two[0]))),
                    Row((Link("Away", "#nowhere"), Marked(words, ((0, 2),)), None, Decimal(5), None, None))],
              total=("Sum", None, None, Decimal("1239.50"), None, None)),
        Table(name="none", title="Empty", columns=(Column("Row"),), rows=(), empty="There is none."),
    )  # fmt: skip


def told(command: str, data: bytes, tmp_path: Path, *options: str) -> str:
    """What one of poppler's programs says of a PDF."""
    path = tmp_path / "read.pdf"
    path.write_bytes(data)
    after = ["-"] if command == "pdftotext" else []
    done = subprocess.run([command, *options, path, *after], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()


def unpacked(data: bytes) -> bytes:
    """A PDF with what is compressed in it."""
    found = [data]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            found.append(zlib.decompress(stream))
        except zlib.error:
            found.append(stream)
    return b"\n".join(found)


@pytest.fixture(scope="module")
def everything() -> bytes:
    return paper_of(of_everything())


def test_it_is_tagged_and_says_what_it_is(everything: bytes, tmp_path: Path) -> None:
    """Title, language, headings, tables with heads, pictures with words; each page numbered."""
    info = told("pdfinfo", everything, tmp_path)
    assert (
        "Tagged:          yes" in info
        and "Title:           Harbor Ridge: Summary" in info
        and "612 x 792" in info
    )
    tags = told("pdfinfo", everything, tmp_path, "-struct-text")
    for tag in ("H1", "H2", "H3", "Table", "TH", "TD", "Figure", "Link"):
        assert f"{tag}" in tags, tag
    inside = unpacked(everything)
    assert b"pdfuaid" in inside and b"/Lang (en)" in inside and b"/MarkInfo" in inside
    text = told("pdftotext", everything, tmp_path, "-layout")
    for said in (
        "Page 1 of 2",
        "As of Jan 31, 2027",
        "1 of 3",
        "$1,234.50",
        "$1,239.50",
        "There is none.",
        "Away",
    ):
        assert said in text, said


def test_a_link_leads_only_to_what_is_printed(everything: bytes) -> None:
    """No part is named that is not there."""
    inside = unpacked(everything)
    assert inside.count(b"/Subtype /Link") == 1 and b"nowhere" not in inside


def test_equal_reports_are_equal_bytes(everything: bytes, tmp_path: Path) -> None:
    write_paper(of_everything(), tmp_path / "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == everything != paper_of(of_everything("other"))
    assert list(tmp_path.iterdir()) == [tmp_path / "a.pdf"]


def test_what_a_text_pretends_to_be_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markup stays words; nothing is fetched, by network or from the disk, and no file is opened for it."""
    opened: list[str] = []
    plain_open: Callable[..., Any] = builtins.open

    def watched(file: Any, *args: Any, **kwargs: Any) -> Any:
        opened.append(str(file))
        return plain_open(file, *args, **kwargs)

    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection"))
    monkeypatch.setattr(builtins, "open", watched)
    data = paper_of(of_everything(HOSTILE))
    assert not [name for name in opened if "passwd" in name]
    text = told("pdftotext", data, tmp_path)
    joined = "".join(text.split())
    assert joined.count("<script>alert(1)</script>") >= 6 and "{{7*7}}" in joined and "\u202e" not in text
    inside = unpacked(data)
    assert not [key for key in (b"/JavaScript", b"/EmbeddedFile", b"/URI", b"/Launch") if key in inside]


def test_a_long_list_says_that_it_was_cut(tmp_path: Path) -> None:
    """The rows are read once; a plan's own tables are never cut."""
    rows = [Row((f"School {n}", n)) for n in range(130)]

    def long() -> Report:
        return report(
            Table(
                name="long", title="Long", columns=(Column("School"), Column("N", "count")), rows=iter(rows)
            )
        )

    cut = told("pdftotext", paper_of(long(), 100), tmp_path)
    assert "The first 40 of 130 rows." in cut and "School 39" in cut and "School 40" not in cut
    assert "School 129" in told("pdftotext", paper_of(long()), tmp_path)


def test_without_the_typesetter_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Missing, or with a library missing: a sentence, and no file."""
    for raised, said in (
        (ImportError("x"), r"pip install .xlplan\[pdf\]"),
        (OSError("no pango\nmore"), "no pango"),
    ):

        def refuse(name: str, *args: Any, fault: Exception = raised, real: Any = builtins.__import__) -> Any:
            if name == "weasyprint":
                raise fault
            return real(name, *args)

        with monkeypatch.context() as patch:
            patch.setattr(builtins, "__import__", refuse)
            with pytest.raises(UsageError, match=said):
                write_paper(of_everything(), tmp_path / "none.pdf")
    assert not list(tmp_path.iterdir())


def test_columns_share_the_width_by_what_they_say() -> None:
    """All of it is given out; days keep their line, prose takes the rest."""
    shares = widths(
        [("No.", False, ["1"]), ("What", False, ["a long story " * 20]), ("Day", True, ["Oct 30, 2026"])]
    )
    assert sum(shares) == pytest.approx(100) and shares[1] > 60 > 10 < shares[2]


def test_a_campaign_of_all_templates_is_printed(tmp_path: Path) -> None:
    """The summary with everything in it, and each plan's part, hostile words and all."""
    made = mixed.campaign(tmp_path / "autumn")
    with Ledger.open(made.ledger_url) as ledger, deck_of([(made, ledger)], mixed.AS_OF) as deck:
        found = report_of(deck)
        data = paper_of(found, 100)
        parts = tuple(plan_parts([(made, ledger)], mixed.AS_OF, plan_numbers(deck.store)))
        titles = [part.title for part in found.parts()]
    text = " ".join(told("pdftotext", data, tmp_path).split())
    assert all(title in text for title in titles) and len(parts) == len(mixed.plans())
    plans = paper_of(report(parts=lambda: parts))
    assert mixed.HOSTILE.replace(" ", "") in "".join(told("pdftotext", plans, tmp_path).split())
