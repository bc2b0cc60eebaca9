"""A digest as Markdown, in which no text from outside is markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from xlplan.campaign.files import replacing
from xlplan.form.text import harmless
from xlplan.rollup.digest.model import Block, Digest, Heading, Num, Points, Quote, Said, Table, note_of

_ALWAYS = re.compile(r"([\\`*_\[\]<>&|~^$#{}@!])")
_LINKED = re.compile(r":(?=\w|//)|(?<=www)\.", re.IGNORECASE)
_FIRST = re.compile(r"^([-+=]|\d{1,9}(?=[.)]))")


def write_md(digest: Digest, path: Path) -> None:
    """Write it, whole or not at all. Equal digests give equal bytes."""
    with replacing(path) as draft:
        draft.write_text(md_of(digest), encoding="utf-8", newline="\n")


def md_of(digest: Digest) -> str:
    """The digest with its notes as footnotes; who shows no footnotes shows them as they stand."""
    notes = Notes()
    parts = [f"# {escaped(digest.title)}", escaped(digest.about)]
    for section in digest.sections:
        parts.append(f"## {escaped(section.title)}")
        parts += [text for block in section.blocks for text in _block(block, notes)]
    listed = "\n".join(f"[^{at}]: {escaped(text)}" for at, text in enumerate(notes.texts, start=1))
    return "\n\n".join(part for part in (*parts, listed) if part) + "\n"


class Notes:
    """The notes met so far; equal ones are one."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    @property
    def texts(self) -> tuple[str, ...]:
        """In the order of their numbers."""
        return tuple(self._numbers)

    def number(self, text: str) -> int:
        """Of a note, from 1 on."""
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def of(self, numbers: Sequence[Num]) -> int | None:
        """Of the note for the numbers of a sentence, if it has any."""
        return self.number(note_of(numbers)) if numbers else None


def table_note(table: Table) -> str:
    """Where a table's numbers come from."""
    return f"Table “{table.title}”: sheet {table.sheet} of the summary workbook."


def escaped(text: str) -> str:
    """The text on one line as Markdown that shows it literally."""
    line = " ".join(harmless(text).split())
    line = _LINKED.sub(r"\\\g<0>", _ALWAYS.sub(r"\\\1", line))
    return _FIRST.sub(lambda found: f"\\{found[0]}" if not found[0].isdigit() else f"{found[0]}\\", line)


def _block(block: Block, notes: Notes) -> Iterator[str]:
    match block:
        case Said():
            yield _said(block, notes)
        case Points(items=items):
            yield "\n".join(f"- {_said(item, notes)}" for item in items)
        case Quote():
            yield f"> “{escaped(block.text)}”  \n> — {escaped(block.place)}"
        case Heading(text=text):
            yield f"### {escaped(text)}"
        case Table():
            yield f"**{escaped(block.title)}**[^{notes.number(table_note(block))}]"
            yield "\n".join(_table(block))


def _said(said: Said, notes: Notes) -> str:
    at = notes.of(said.numbers)
    return escaped(said.text) + (f"[^{at}]" if at else "")


def _table(table: Table) -> Iterator[str]:
    yield _row(table.columns)
    yield _row(["---", *["--:"] * (len(table.columns) - 1)], raw=True)
    for row in table.rows:
        yield _row([cell.text for cell in row])
    if table.total:
        yield _row([cell.text for cell in table.total])


def _row(cells: Sequence[str], *, raw: bool = False) -> str:
    return f"| {' | '.join(cells if raw else map(escaped, cells))} |"
