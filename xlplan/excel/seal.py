"""What tells that a workbook is ours: the identities it carries, and whether its sheets are still locked."""

from __future__ import annotations

from dataclasses import dataclass

from xlplan.findings import Finding, finding
from xlplan.form.identity import PREFIX, Identity, read_identity
from xlplan.layout.book import Book, Sheet
from xlplan.layout.model import Layout
from xlplan.layout.place import META

_NAME = "xlplan_identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The identities a workbook carries: place → identity. `cells`: how many of the two cells still hold one."""

    found: tuple[tuple[str, Identity], ...]
    cells: int


def identities(book: Book) -> Carried:
    """Every identity of a workbook: in cells of its sheets, as a constant name, as a document property."""
    found: list[tuple[str, Identity]] = []
    for sheet in book.sheets:
        found += [(sheet.name, identity) for identity in _in_cells(sheet)]
    cells = len(found)
    for place, text in (
        ("a name", book.names.get(_NAME, "").strip('="')),
        ("a property", book.properties.get(_NAME, "")),
    ):
        identity = read_identity(text)
        if identity is not None:
            found.append((place, identity))
    return Carried(found=tuple(found), cells=cells)


def _in_cells(sheet: Sheet) -> list[Identity]:
    texts = (
        cell.value
        for cell in sheet.cells.values()
        if isinstance(cell.value, str) and PREFIX in cell.value and cell.value.lstrip().startswith(PREFIX)
    )
    return [identity for identity in map(read_identity, texts) if identity is not None]


def meta(book: Book) -> dict[str, str]:
    """The key and value lines of the meta sheet; empty where it is gone."""
    for sheet in book.sheets:
        if sheet.name == META or (sheet.cells.get((1, 1)) and sheet.cells[1, 1].value == "identity"):
            lines = {
                row: str(cell.value)
                for (row, column), cell in sheet.cells.items()
                if column == 1 and cell.value is not None
            }
            return {
                key: str(sheet.cells[row, 2].value) for row, key in lines.items() if (row, 2) in sheet.cells
            }
    return {}


def protection_findings(layout: Layout, book: Book) -> list[Finding]:
    """The sheets with inputs whose protection was removed, as one finding."""
    if "protection" not in book.tells:
        return []
    titles = {plan.title for plan in layout.sheets if plan.inputs}
    open_ = [sheet.name for sheet in book.sheets if sheet.name in titles and sheet.protected is False]
    if not open_:
        return []
    named = [f"“{name}”" for name in open_]
    sheets = "all sheets" if len(open_) == len(titles) else ", ".join(named)
    return [finding("protection-gone", sheet=open_[0], found=", ".join(open_), sheets=sheets)]
