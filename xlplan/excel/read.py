"""Read a workbook that came back: bytes in, a `Book` or the reason why not out. Nothing is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlplan.excel.bounds import Tally
from xlplan.excel.guard import Archive, Refusal, check_size, damaged
from xlplan.excel.read_cells import Setting
from xlplan.excel.read_ods import read_ods
from xlplan.excel.read_ole import MAGIC as OLE_MAGIC
from xlplan.excel.read_ole import OleFile
from xlplan.excel.read_package import (
    Listing,
    Relation,
    application,
    check_types,
    core_properties,
    custom_properties,
    first,
    has_macros,
    listing,
    part_properties,
    relations,
    sheet_relations,
    workbook_part,
)
from xlplan.excel.read_sheet import SheetPass
from xlplan.excel.read_sniff import archive_kind, ole_kind, refuse_stranger
from xlplan.excel.read_strings import shared_strings
from xlplan.excel.read_styles import date_1900, date_1904, date_styles
from xlplan.excel.read_xls import read_xls
from xlplan.excel.read_xlsb import read_xlsb
from xlplan.excel.unlock import unlocked
from xlplan.form.identity import read_identity
from xlplan.layout.book import Book, Cell, Sheet, Unreadable
from xlplan.layout.sheet import LIVE

_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_NAME = "xlplan_identity"  # the constant name that carries a copy's identity
_TYPES = "[Content_Types].xml"  # tells us nothing; broken or hostile, it tells what befell the file
_TELLS = frozenset(("formulas", "protection", "validation", "names", "properties"))


def read_workbook(content: bytes, name: str = "", passwords: Sequence[str] = ()) -> Book | Unreadable:
    """Everything the file says, sheets in order, or why it cannot be read. Never raises, whatever the bytes.

    The format is told by the content alone; `name` is not looked at beyond saying which file failed oddly.
    `passwords` are tried on a file that needs one for opening.
    """
    try:
        return read_or_refuse(content, passwords)
    except Refusal as refusal:
        return refusal.answer
    except MemoryError:
        return Unreadable(code="too-big", detail="it takes too much memory")
    except (
        Exception
    ) as fault:  # the one guard around an untrusted file: a fault of ours must not stop the others
        return damaged(f"{name} {type(fault).__name__}").answer


def read_or_refuse(content: bytes, passwords: Sequence[str] = ()) -> Book:
    """The same with a `Refusal` raised; any other exception is a fault of this package."""
    try:
        return _read(content)
    except Refusal as refusal:
        if refusal.answer.code != "encrypted":
            raise
    return _read(unlocked(content, passwords))


def without_password(content: bytes, passwords: Sequence[str]) -> bytes:
    """The file as it is without its password; itself where it needs none, or where none of these opens it."""
    answer = read_workbook(content)
    if isinstance(answer, Book) or answer.code != "encrypted":
        return content
    try:
        return unlocked(content, passwords)
    except Refusal:
        return content


def _read(content: bytes) -> Book:
    check_size(content)
    if content.startswith(OLE_MAGIC):
        ole = OleFile(content)
        ole_kind(ole)
        return read_xls(ole)
    if not content.startswith(_ZIP_MAGIC):
        raise refuse_stranger(content)
    archive = Archive(content)
    if archive_kind(archive) == "ods":
        return read_ods(archive)
    package = relations(archive, "")
    main = workbook_part(package)
    if _TYPES in archive:
        check_types(_TYPES, archive.read(_TYPES))
    return read_xlsb(archive, package, main) if main.endswith(".bin") else _read_xlsx(archive, package, main)


def _read_xlsx(archive: Archive, package: Mapping[str, Relation], main: str) -> Book:
    book = listing(main, archive.read(main))
    parts = relations(archive, main)
    macros = has_macros(archive, parts)
    setting = _setting(archive, first(parts, "sharedStrings"), first(parts, "styles"), book.date1904)
    tally, unread = Tally(), _only_computed(book)
    return Book(
        format="xlsm" if macros else "xlsx",
        sheets=tuple(
            _sheet(name, visible, SheetPass(part, setting, tally), archive.read(part), read=name != unread)
            for name, visible, part in sheet_relations(parts, book)
        ),
        names=book.names,
        properties=part_properties(archive, first(package, "custom-properties"), custom_properties),
        core=part_properties(archive, first(package, "core-properties"), core_properties)
        | part_properties(archive, first(package, "extended-properties"), application),
        macros=macros,
        date1904=book.date1904,
        tells=_TELLS,
    )


def _only_computed(book: Listing) -> str | None:
    """The hidden sheet of nothing but our own formulas, if this is our workbook: computed anew, never read."""
    ours = read_identity(book.names.get(_NAME, "").strip('="')) is not None
    hidden = {name for name, _, visible in book.sheets if not visible}
    return LIVE if ours and LIVE in hidden else None


def _setting(archive: Archive, strings: str | None, styles: str | None, date1904: bool) -> Setting:
    return Setting(
        shared=_by_index(shared_strings(strings, archive.read(strings))) if strings else {},
        dates=date_styles(styles, archive.read(styles)) if styles else frozenset(),
        to_date=date_1904 if date1904 else date_1900,
    )


def _by_index(strings: Sequence[Cell]) -> dict[str, Cell]:
    return dict(zip(map(str, range(len(strings))), strings, strict=True))


def _sheet(name: str, visible: bool, found: SheetPass, data: bytes, *, read: bool) -> Sheet:
    if not read:
        found.check(data)
        return Sheet(name=name, cells={}, visible=visible)
    found.run(data)
    return Sheet(
        name=name,
        cells=found.cells,
        visible=visible,
        protected=found.protected,
        validations=tuple(found.validations),
        merged=tuple(found.merged),
    )
