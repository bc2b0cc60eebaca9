"""Both forms of a digest say the same, and text from schools is text in them and nothing else."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.rollup import mixed
from tests.rollup.digest.invented import HOSTILE, Invented, deck_of_invented, invented
from tests.rollup.digest.law import all_said
from xlplan.errors import UsageError
from xlplan.form.text import harmless
from xlplan.rollup.deck import Deck
from xlplan.rollup.digest import digest_of, write_docx, write_md
from xlplan.rollup.digest.as_docx import docx_of
from xlplan.rollup.digest.as_md import escaped, md_of
from xlplan.rollup.digest.model import (
    Digest,
    Heading,
    Num,
    Own,
    Points,
    Quote,
    Section,
    Source,
    Table,
    says,
)

pytestmark = pytest.mark.xdist_group("digest")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
PLAIN_TOKENS = {"text", "softbreak", "hardbreak", "strong_open", "strong_close"}


@pytest.fixture(scope="module")
def deck(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deck]:
    with mixed.deck(mixed.campaign(tmp_path_factory.mktemp("forms") / "autumn")) as found:
        yield found


def hostile() -> Digest:
    """A digest in which every place that takes text from outside takes each hostile text."""
    number = Num("3", 3, Source(sheet="Needs", how="rows"))
    blocks = [
        block
        for text in HOSTILE
        for block in (
            says(Own(text), " is asked for by ", number, " schools: ", Own(text), "."),
            Points((says(Own(text), ": ", number, "."),)),
            Quote(text, text, text, text, ""),
            Heading(text),
            Table(
                title=text,
                columns=(text, "Many"),
                rows=((Own(text), number),),
                total=(Own(text), number),
                sheet="Needs",
            ),
        )
    ]
    sections = (Section(HOSTILE[0], tuple(blocks)),)
    return Digest(title=HOSTILE[1], about=HOSTILE[2], as_of=date(2027, 1, 31), sections=sections)


def inline(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def shown(text: str) -> str:
    """What a reader of Markdown sees."""
    return "".join(
        child.content if child.type == "text" else "\n"
        for child in inline(READER.parse(text))
        if child.type != "text_special"
    )


def one_line(text: str) -> str:
    return " ".join(harmless(text).split())


@given(st.one_of(st.sampled_from(HOSTILE), st.text(st.characters(codec="utf-8"), max_size=80),
                 st.text("#[](){}<>&*_`~|\\!-+=>.:/@^$1a \n\t", max_size=30)))  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_an_escaped_text_is_shown_as_it_is(text: str) -> None:
    """As a paragraph, in a point, in a quotation and in a cell: one text, and no markup."""
    line = one_line(text)
    for around in ("{}", "- {}", "> “{}”", "### {}"):
        tokens = READER.parse(around.format(escaped(text)))
        assert {child.type for child in inline(tokens)} <= PLAIN_TOKENS
        told = "".join(child.content for child in inline(tokens)).strip()
        assert told.strip("“”") == line.strip("“”") or (line == "" and told in ("", "“”"))
        assert not {token.type for token in tokens} & {
            "fence",
            "code_block",
            "html_block",
            "hr",
            "ordered_list_open",
        }
    cells = READER.parse(f"| a | b |\n| --- | --- |\n| {escaped(text)} | end |\n")
    assert [token.content for token in cells if token.type == "inline"][-1] == "end"


def test_hostile_text_is_inert_in_markdown() -> None:
    """No link, picture, code or markup of any kind; notes are ours alone."""
    text = md_of(hostile())
    tokens = READER.parse(text)
    assert {child.type for child in inline(tokens)} <= PLAIN_TOKENS
    kinds = {token.type for token in tokens}
    assert not kinds & {"html_block", "fence", "code_block", "hr", "ordered_list_open"}
    assert len([token for token in tokens if token.type == "table_open"]) == len(HOSTILE)
    notes = re.findall(r"(?<!\\)\[\^(\d+)(?<!\\)\]", text)
    assert len(set(notes)) == len(re.findall(r"^\[\^\d+\]: ", text, re.MULTILINE))
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", text)


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: package.read(name) for name in package.namelist()}


def test_hostile_text_is_inert_in_word() -> None:
    """It stands there as text: every link leads within, every field is a page number, nothing is fetched."""
    parts = parts_of(docx_of(hostile()))
    document = ElementTree.fromstring(parts["word/document.xml"])
    texts = [node.text or "" for node in document.iter(f"{W}t")]
    assert any("<script>alert(1)</script>" in text for text in texts)
    assert {node.get(f"{W}anchor", "")[:5] for node in document.iter(f"{W}hyperlink")} == {"note_", "said_"}
    assert not [
        node for node in document.iter() if node.tag in (f"{W}instrText", f"{W}fldSimple", f"{W}drawing")
    ]
    assert all(b'TargetMode="External"' not in data for data in parts.values())
    names = [node.get(f"{W}name") for node in document.iter(f"{W}bookmarkStart")]
    assert len(set(names)) == len(names)
    assert {node.get(f"{W}anchor") for node in document.iter(f"{W}hyperlink")} <= set(names)


def test_the_document_has_what_a_reader_and_a_screen_reader_look_for(deck: Deck) -> None:
    """Real headings, quotations and lists, heads of tables that repeat, a title, a language, numbers of pages."""
    digest = digest_of(deck)
    data = docx_of(digest)
    found = docx.Document(io.BytesIO(data))
    styles = [line.style.name for line in found.paragraphs if line.style]
    assert styles[:3] == ["Title", "Subtitle", "Heading 1"]
    assert {"Heading 2", "Quote", "List Bullet", "Note"} <= set(styles)
    assert styles.count("Heading 1") == len(digest.sections) + 1
    for table in found.tables:
        assert table.rows[0]._tr.find(f"{W}trPr/{W}tblHeader") is not None
    about = found.core_properties
    assert (about.title, about.language, about.created.date() if about.created else None) == (
        digest.title, "en-US", deck.as_of)  # fmt: skip
    parts = parts_of(data)
    feet = [parts[name] for name in parts if "footer" in name]
    assert any(b"NUMPAGES" in foot and b"PAGE" in foot for foot in feet)
    assert b'w:val="en-US"' in parts["word/styles.xml"]


def test_equal_data_give_equal_bytes_and_both_forms_say_every_sentence(deck: Deck, tmp_path: Path) -> None:
    for write, name in ((write_docx, "digest.docx"), (write_md, "digest.md")):
        write(digest_of(deck), tmp_path / name)
        first = (tmp_path / name).read_bytes()
        write(digest_of(replace(deck)), tmp_path / name)
        assert (tmp_path / name).read_bytes() == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["digest.docx", "digest.md"]
    word = "\n".join(line.text for line in docx.Document(str(tmp_path / "digest.docx")).paragraphs)
    mark = re.sub(r"\[\^\d+\]", "", shown((tmp_path / "digest.md").read_text(encoding="utf-8")))
    for said in all_said(digest_of(deck)):
        assert one_line(said.text) in word and one_line(said.text) in mark, said.text


@settings(max_examples=8, deadline=None)
@given(invented())
def test_any_campaign_can_be_written(drawn: Invented) -> None:
    """The document opens again and Markdown has no markup but ours."""
    with deck_of_invented(drawn) as made:
        digest = digest_of(made)
        assert docx.Document(io.BytesIO(docx_of(digest))).paragraphs
        assert {child.type for child in inline(READER.parse(md_of(digest)))} <= PLAIN_TOKENS


def test_without_the_library_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Markdown is written without it."""
    monkeypatch.setitem(sys.modules, "docx", None)
    with deck_of_invented(Invented.of_states(["accepted"])) as made:
        with pytest.raises(UsageError, match=r"pip install \"xlplan\[docx\]\""):
            write_docx(digest_of(made), tmp_path / "digest.docx")
        write_md(digest_of(made), tmp_path / "digest.md")
    assert [path.name for path in tmp_path.iterdir()] == ["digest.md"]
