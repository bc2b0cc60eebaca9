"""The parts of an .xlsx around its sheets: relations, the workbook part, document properties."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from xlplan.excel.bounds import MOST_NAMES, MOST_RELATIONS, MOST_SHEETS
from xlplan.excel.guard import Archive, Refusal, damaged, hostile, too_big
from xlplan.excel.read_sniff import TYPE_IN_OURS
from xlplan.excel.read_xml import Attributes, check_xml, local, sheet_tags, walk

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships Relationship"
_REMEMBERED = 20_000  # bytes
_MACRO_SHEETS = ("xlMacrosheet", "xlIntlMacrosheet")
_TAGS = sheet_tags("workbook", "workbookPr", "sheet", "definedName")
_OTHER_PROGRAMS = {"word": "A Word document", "ppt": "A PowerPoint file", "visio": "A Visio drawing"}


class Relation(NamedTuple):
    """A relation: its type's last word ("worksheet", "styles", …) and the part it leads to."""

    kind: str
    part: str


@dataclass(slots=True, kw_only=True)
class Listing:
    """What the workbook part says. `sheets`: name, relation id and visibility, in order."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    date1904: bool = False


def relations(archive: Archive, part: str) -> dict[str, Relation]:
    """The relations of a part ("" for the package) by id. Those that lead outside the file are left out."""
    folder, name = posixpath.split(part)
    source = posixpath.join(folder, "_rels", f"{name}.rels")
    data = archive.read(source)
    told = _relations if len(data) <= _REMEMBERED else _relations.__wrapped__
    # a target is a URI: some programs escape letters in it that they write plainly in the zip
    return {
        key: Relation(kind, to if to in archive else unquote(to))
        for key, kind, to in told(folder, source, data)
    }


@lru_cache(maxsize=64)
def _relations(folder: str, source: str, data: bytes) -> tuple[tuple[str, str, str], ...]:
    """Id, kind and target of each; those of like copies are alike."""
    found: dict[str, tuple[str, str, str]] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag != _RELATIONS or attributes.get("TargetMode") == "External":
            return
        # Office 2006, Strict and Microsoft's own relations differ in all but the last word of their type
        kind = attributes["Type"].rpartition("/")[2]
        found[attributes["Id"]] = (attributes["Id"], kind, _resolved(folder, attributes["Target"]))
        if len(found) > MOST_RELATIONS:
            raise too_big(f"{source}: too many relations")

    walk(source, data, start, _nothing)
    return tuple(found.values())


def check_types(part: str, data: bytes) -> None:
    """Refuse the list of content types if it is broken or hostile."""
    (_check_types if len(data) <= _REMEMBERED else _check_types.__wrapped__)(part, data)


@lru_cache(maxsize=64)
def _check_types(part: str, data: bytes) -> None:
    check_xml(part, data)


def first(found: Mapping[str, Relation], kind: str) -> str | None:
    """The part of the first relation of this kind, or None."""
    return next((relation.part for relation in found.values() if relation.kind == kind), None)


def workbook_part(found: Mapping[str, Relation]) -> str:
    """The package's main part. Raises Refusal when there is none, or when it is another program's."""
    part = first(found, "officeDocument")
    if part is None:
        raise damaged("the workbook part is missing")
    if (program := _OTHER_PROGRAMS.get(part.partition("/")[0])) is not None:
        raise Refusal("unsupported-format", program, TYPE_IN_OURS)
    return part


def sheet_relations(found: Mapping[str, Relation], listing: Listing) -> list[tuple[str, bool, str]]:
    """Name, visibility and part of every worksheet in order; chart, dialog and macro sheets are left out."""
    sheets = []
    for name, key, visible in listing.sheets:
        if key not in found:
            raise damaged(f"sheet {name!r} has no part")
        if found[key].kind == "worksheet":
            sheets.append((name, visible, found[key].part))
    return sheets


def has_macros(archive: Archive, found: Mapping[str, Relation]) -> bool:
    """Whether the file holds a Visual Basic project or a macro sheet of Excel 4."""
    return any(name.casefold().endswith("vbaproject.bin") for name in archive.names) or any(
        relation.kind in _MACRO_SHEETS for relation in found.values()
    )


def listing(part: str, data: bytes) -> Listing:
    """The workbook part's sheets, names and date system. A name of the workbook wins over a sheet's own."""
    result = Listing()
    local_names: dict[str, str] = {}
    current: Attributes = {}
    root: list[str] = []

    def start(name: str, attributes: Attributes) -> None:
        nonlocal current
        tag = _TAGS.get(name)
        if not root:
            root.append(name)
        if tag == "sheet":
            result.sheets.append(_sheet(attributes))
            if len(result.sheets) > MOST_SHEETS:
                raise too_big("too many sheets")
        elif tag == "workbookPr":
            result.date1904 = attributes.get("date1904") in ("1", "true")
        elif tag == "definedName":
            current = attributes

    def end(name: str, text: str) -> None:
        if _TAGS.get(name) == "definedName":
            names = local_names if "localSheetId" in current else result.names
            names.setdefault(current["name"], text)
            if len(names) > MOST_NAMES:
                raise too_big("too many names")

    walk(part, data, start, end)
    if _TAGS.get(root[0]) != "workbook":
        raise damaged(f"{part} is no workbook")
    result.names = local_names | result.names
    return result


def core_properties(part: str, data: bytes) -> dict[str, str]:
    """creator, lastModifiedBy and modified, as far as given."""
    found: dict[str, str] = {}

    def end(name: str, text: str) -> None:
        if text and local(name) in ("creator", "lastModifiedBy", "modified"):
            found[local(name)] = text

    walk(part, data, _nothing, end)
    return found


def application(part: str, data: bytes) -> dict[str, str]:
    """The program that saved the file, as it calls itself."""
    found: dict[str, str] = {}

    def end(name: str, text: str) -> None:
        if text and local(name) == "Application":
            found["application"] = text

    walk(part, data, _nothing, end)
    return found


def custom_properties(part: str, data: bytes) -> dict[str, str]:
    """The custom document properties as text, of whatever type they are; of a list, its first item."""
    found: dict[str, str] = {}
    current = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal current
        if local(name) == "property":
            current = attributes["name"]
            found.setdefault(current, "")

    def end(name: str, text: str) -> None:
        if local(name) not in ("property", "Properties") and text.strip() and not found.get(current):
            found[current] = text

    walk(part, data, start, end)
    return found


def part_properties(
    archive: Archive, part: str | None, parse: Callable[[str, bytes], dict[str, str]]
) -> dict[str, str]:
    """The properties in a part. Some programs keep the relation and drop the part, so a missing one is no damage."""
    return parse(part, archive.read(part)) if part is not None and part in archive else {}


def _sheet(attributes: Attributes) -> tuple[str, str, bool]:
    key = next((value for name, value in attributes.items() if local(name) == "id" and " " in name), "")
    return attributes["name"], key, attributes.get("state", "visible") == "visible"


def _resolved(folder: str, target: str) -> str:
    if target.startswith("/"):
        return posixpath.normpath(target).lstrip("/")
    part = posixpath.normpath(posixpath.join(folder, target))
    if part.startswith(".."):
        raise hostile(f"a relation to {target[:60]!r}")
    return part


def _nothing(*_: object) -> None:
    """A handler for what is of no interest."""
