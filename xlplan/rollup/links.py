"""Links to returned files: formulas that take the file's name from a cell, so that no outside text stands in them.

A sheet takes only 65,530 links of the other kind, and Excel asks before it opens a workbook with a relation to outside.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from xlplan.form.text import harmless
from xlplan.rollup.book import Figure, quoted
from xlplan.rollup.deck import Deck

LITERAL = 250  # characters of a text within a formula, of which Excel takes 255


def link_to_cell(deck: Deck, row: Any) -> Figure | str | None:
    """The cell that a row of a list was read from; opens the file there. `row` has what the views have."""
    if not row["cell"]:
        return None
    file = _file_cell(deck, row["plan"])
    if not is_here(row["file"]) or not row["sheet"] or file is None or deck.out is None:
        return str(row["cell"])
    return Figure(
        row["cell"], opening(prefix_of(row["folder"], row["file"], deck.out), file, row["sheet"], row["cell"])
    )


def link_to_file(deck: Deck, row: Any) -> Figure | str | None:
    """The file that came from a school. `row` has what the view of plans has."""
    file = _file_cell(deck, row["plan"])
    if not is_here(row["file"]) or file is None or deck.out is None:
        return str(row["file"]) if row["file"] else None
    prefix = prefix_of(row["folder"], row["file"], deck.out)
    return Figure(harmless(row["file"]), f"=HYPERLINK({literal(prefix)}&{file},{file})")


def opening(prefix: str, file: str, sheet: str, cell: str) -> str:
    """The formula that shows a cell's address and opens the file named in the cell `file` there."""
    return f"=HYPERLINK({literal(prefix)}&{file}&{literal(f'#{quoted(sheet)}!{cell}')},{literal(cell)})"


def is_here(file: str | None) -> bool:
    """Whether a file is on a disk, so that a link can open it; what came by URL is named alone."""
    return bool(file) and "://" not in str(file)


def prefix_of(folder: str, file: str, out: Path) -> str:
    """What stands before a file's name on the way from the workbook to it: "../", or nothing if it is absolute."""
    return "" if Path(file).is_absolute() else _relative(folder, out)


@lru_cache(maxsize=64)
def _relative(folder: str, out: Path) -> str:
    try:
        return Path(os.path.relpath(folder, out.resolve().parent)).as_posix() + "/"
    except ValueError:  # on another drive
        return Path(folder).as_posix() + "/"


def _file_cell(deck: Deck, plan: int) -> str | None:
    """What finds the file of a plan on Data schools, however that is sorted; None where it is not there."""
    regions = deck.regions.get("plans", ())
    if len(regions) != 1:
        return None
    (region,) = regions
    return f"INDEX({region.range('file')},MATCH({plan},{region.range('plan')},0))"


def literal(text: str) -> str:
    """A text as formulas write it."""
    pieces = [text[at : at + LITERAL].replace('"', '""') for at in range(0, len(text), LITERAL)]
    return "&".join(f'"{piece}"' for piece in pieces) or '""'
