"""A digest as a Word document, in which all text from outside is text and nothing else."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from xlplan.campaign.files import replacing
from xlplan.errors import UsageError
from xlplan.excel.guard import Archive
from xlplan.excel.package import assemble, deflated
from xlplan.form.text import harmless
from xlplan.rollup.digest.as_md import Notes, table_note
from xlplan.rollup.digest.model import Block, Digest, Heading, Num, Own, Points, Quote, Said, Table
from xlplan.rollup.look import EDGE, HEAD

MISSING = (
    'A Word document takes a library that is not installed. Install it with: pip install "xlplan[docx]".'
)
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
WIDTH = 6.5  # inches of a line


def write_docx(digest: Digest, path: Path) -> None:
    """Write it, whole or not at all. Equal digests give equal bytes. Raises UsageError without python-docx."""
    data = docx_of(digest)
    with replacing(path) as draft:
        draft.write_bytes(data)


def docx_of(digest: Digest) -> bytes:
    """The document's bytes."""
    try:
        import docx  # an extra: who writes no such document does without
    except ImportError:
        raise UsageError(MISSING) from None
    from xlplan.rollup.digest.word_styles import dress

    document = docx.Document()
    dress(document)
    _Writer(document).write(digest)
    made = io.BytesIO()
    document.save(made)
    return _without_clock(made.getvalue())


class _Writer:
    """Writes a digest into a document, and its notes behind it."""

    def __init__(self, document: Any) -> None:
        self.document = document
        self.notes = Notes()
        self._marked: set[int] = set()  # notes that can be gone back from

    def write(self, digest: Digest) -> None:
        """Everything."""
        self._about(digest)
        self._line(digest.title, "Title")
        self._line(digest.about, "Subtitle")
        for section in digest.sections:
            self._line(section.title, "Heading 1")
            for block, after in zip(section.blocks, (*section.blocks[1:], None), strict=True):
                self._block(block)
                if isinstance(after, Quote) and not isinstance(block, Quote):
                    self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        self._line("Where the numbers come from", "Heading 1")
        for at, text in enumerate(self.notes.texts, start=1):
            self._note(at, text)

    def _about(self, digest: Digest) -> None:
        """Title, language and a fixed day for the file; its name above and the page number below."""
        from xlplan.rollup.digest.word_xml import field, language

        language(self.document, digest.language)
        about = self.document.core_properties
        day = datetime.combine(digest.as_of, time(), tzinfo=UTC)
        about.title, about.language, about.subject = (
            _plain(digest.title)[:255],
            digest.language,
            "Digest for the board",
        )
        about.author = about.last_modified_by = "xlplan"
        about.comments, about.keywords, about.revision = "", "", 1
        about.created = about.modified = day.replace(tzinfo=None)
        section = self.document.sections[0]
        section.different_first_page_header_footer = True  # the title stands there
        section.header.paragraphs[0].add_run(_plain(digest.title))
        for footer in (section.first_page_footer, section.footer):
            foot = footer.paragraphs[0]
            foot.style = "Footer"
            foot.add_run("For the board. Page ")
            field(foot, "PAGE")
            foot.add_run(" of ")
            field(foot, "NUMPAGES")

    def _line(self, text: str, style: str) -> Any:
        return self.document.add_paragraph(_plain(text), style=style)

    def _block(self, block: Block) -> None:
        match block:
            case Said():
                self._said(block, "Normal")
            case Points(items=items):
                for item in items:
                    self._said(item, "List Bullet")
            case Quote():
                self._line(f"“{_plain(block.text)}”", "Quote")
                self._line(block.place, "Quote Source")
            case Heading(text=text):
                self._line(text, "Heading 2")
            case Table():
                self._table(block)

    def _said(self, said: Said, style: str) -> None:
        line = self._line(said.text, style)
        at = self.notes.of(said.numbers)
        if at:
            self._mark(line, at)

    def _mark(self, line: Any, at: int) -> None:
        """The number of a note, as a link to it; the first of several can be gone back to."""
        from xlplan.rollup.digest.word_xml import bookmark, link

        if at not in self._marked:
            bookmark(line, f"said_{at}", 2 * at)
            self._marked.add(at)
        link(line, str(at), f"note_{at}", "NoteMark")

    def _note(self, at: int, text: str) -> None:
        from xlplan.rollup.digest.word_xml import bookmark, link

        line = self.document.add_paragraph(style="Note")
        bookmark(line, f"note_{at}", 2 * at + 1)
        link(line, str(at), f"said_{at}", "NoteMark")
        line.add_run(f" {_plain(text)}")

    def _table(self, block: Table) -> None:
        from docx.shared import Inches

        from xlplan.rollup.digest.word_xml import repeat_head, ruled

        self._mark(self._line(block.title, "Table Title"), self.notes.number(table_note(block)))
        rows: list[Sequence[str | Num | Own]] = [block.columns, *block.rows]
        rows += [block.total] if block.total else []
        table = self.document.add_table(rows=len(rows), cols=len(block.columns))
        table.autofit = False
        narrow = 1.05 if len(block.columns) > 3 else 1.3
        widths = [WIDTH - narrow * (len(block.columns) - 1), *[narrow] * (len(block.columns) - 1)]
        ruled(table, EDGE.removeprefix("#"))
        for at, width in enumerate(widths):
            table.columns[at].width = Inches(width)
        for at, row in enumerate(rows):
            strong = not at or (bool(block.total) and at == len(rows) - 1)
            for column, cell in enumerate(row):
                self._cell(table.cell(at, column), cell, strong=strong, head=not at, right=column > 0)
                table.cell(at, column).width = Inches(widths[column])
            if at < len(rows) - 1:  # small tables stay on one page
                for cell_of_row in table.rows[at].cells:
                    cell_of_row.paragraphs[0].paragraph_format.keep_with_next = True
        repeat_head(table)
        self.document.add_paragraph(style="Note")  # air below it

    def _cell(self, cell: Any, found: str | Num | Own, *, strong: bool, head: bool, right: bool) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        from xlplan.rollup.digest.word_xml import shaded

        line = cell.paragraphs[0]
        line.style = "Table Text"
        line.add_run(_plain(found if isinstance(found, str) else found.text)).bold = strong or None
        if right:
            line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if head:
            shaded(cell, HEAD.removeprefix("#"))


def _plain(text: str) -> str:
    """One line without what XML cannot hold and Word would obey; its pieces of text carry no markup."""
    return " ".join(_NO_XML.sub("", harmless(text)).split())


def _without_clock(data: bytes) -> bytes:
    """The same package with a fixed time on its parts, as all our files have."""
    archive = Archive(data)
    return assemble(deflated(name, archive.read(name)) for name in archive.names)
