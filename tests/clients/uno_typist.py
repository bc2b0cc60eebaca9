"""Types into workbooks with a real LibreOffice; runs under the Python that has `uno`, never under pytest's.

One soffice with a profile of its own serves all jobs. A job is a JSON line on stdin, its answer one on
stdout:

    {"open": path, "change": [[what, sheet, ...], ...], "type": [[sheet, a1, text], ...],
     "clear": [[sheet, a1], ...], "recalculate": bool, "values": "all" | [[sheet, a1], ...] | null, "save": [path, ...]}

    {"ok": true, "typed": [cell, ...], "cleared": [cell, ...], "values": [cell, ...], "saved": [path, ...],
     "seconds": 0.7}
    {"ok": false, "error": "what went wrong", "over": bool}

Work is done in the order of the keys above. The first line out is {"ready": true}, or a failure.
After "over" this process answers no more: soffice may be gone. Whoever started it ends it by closing stdin,
or by killing its process group: soffice is started in the same group.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import uno
from com.sun.star.awt import KeyEvent
from com.sun.star.beans import PropertyValue

Json = dict[str, Any]

START_SECONDS = 60.0
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".ods": "calc8",
    ".xls": "MS Excel 97",
    ".pdf": "calc_pdf_Export",
}

# com.sun.star.awt.Key and KeyModifier
RETURN, DELETE, ANY_KEY, CTRL = 1280, 1286, 512, 2
# com.sun.star.sheet.CellFlags: VALUE | DATETIME | STRING | FORMULA
FILLED = 1 | 2 | 4 | 16
NEVER_RUN_MACROS = 0

CALC = "/org.openoffice.Office.Calc"
COMMON = "/org.openoffice.Office.Common"
SETTINGS = [
    ("/org.openoffice.Setup/L10N", "ooSetupSystemLocale", "en-US"),
    (f"{COMMON}/Misc", "FirstRun", "false"),
    # A killed soffice leaves its lock file behind, and the next one would open the workbook read-only.
    (f"{COMMON}/Misc", "UseLocking", "false"),
    (f"{COMMON}/Misc", "UseDocumentOOoLockFile", "false"),
    (f"{COMMON}/Save/Document", "WarnAlienFormat", "false"),
    (f"{COMMON}/Security/Scripting", "MacroSecurityLevel", "3"),
    (f"{COMMON}/Security/Scripting", "DisableMacrosExecution", "true"),
    (f"{CALC}/Input", "AutoInput", "false"),
    (f"{CALC}/Input", "ReplaceCellsWarning", "false"),
    ("/org.openoffice.Office.Linguistic/SpellChecking", "IsSpellAuto", "false"),
    *(
        (f"{COMMON}/AutoCorrect", name, "false")
        for name in (
            "UseReplacementTable",
            "TwoCapitalsAtStart",
            "CapitalAtStartSentence",
            "ChangeUnderlineWeight",
            "SetInetAttribute",
            "ChangeOrdinalNumber",
            "ChangeDash",
            "AddNonBreakingSpace",
            "TransliterateRTL",
            "ChangeAngleQuotes",
            "RemoveDoubleSpaces",
            "CorrectAccidentalCapsLock",
            "ReplaceSingleQuote",
            "ReplaceDoubleQuote",
        )
    ),
]


class CannotDo(Exception):
    """A job asks for what cannot be done; the message says what."""


def main() -> None:
    profile = Path(tempfile.mkdtemp(prefix="xlplan-soffice-"))
    try:
        serve(profile)
    finally:
        shutil.rmtree(profile, ignore_errors=True)


def serve(profile: Path) -> None:
    try:
        office = Office(profile)
    except CannotDo as fault:
        say({"ok": False, "error": str(fault)})
        return
    say({"ready": True})
    try:
        for line in sys.stdin:
            reply = answer(office, json.loads(line))
            say(reply)
            if reply.get("over"):
                return
    finally:
        office.stop()


def say(reply: Json) -> None:
    sys.stdout.write(json.dumps(reply, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def answer(office: "Office", job: Json) -> Json:
    started = time.monotonic()
    try:
        done = perform(office, job)
    except CannotDo as fault:
        return {"ok": False, "error": str(fault)}
    except (
        Exception
    ) as fault:  # uno raises its own classes; the one who asked gets them in words, the log in full
        traceback.print_exc()
        return {"ok": False, "error": f"{type(fault).__name__}: {fault}", "over": True}
    return {"ok": True, **done, "seconds": round(time.monotonic() - started, 3)}


def perform(office: "Office", job: Json) -> Json:
    document = office.open(job["open"])
    try:
        for what, *wishes in job.get("change") or []:
            CHANGES[what](document, *wishes)
        hand = Typist(office, document)
        done: Json = {
            "typed": [hand.enter(*one) for one in job.get("type") or []],
            "cleared": [hand.clear(*one) for one in job.get("clear") or []],
        }
        if job.get("recalculate"):
            document.calculateAll()
        done["values"] = list(values(document, job.get("values")))
        done["saved"] = [save(document, out) for out in job.get("save") or []]
        return done
    finally:
        document.close(True)


class Office:
    """A running soffice: opens documents, takes key strokes."""

    def __init__(self, profile: Path) -> None:
        write_settings(profile)
        pipe = f"xlplan{os.getpid()}"
        self.process = subprocess.Popen(
            [
                "soffice",
                "--headless",
                "--norestore",
                "--nologo",
                "--nodefault",
                "--nolockcheck",
                "--nofirststartwizard",
                f"-env:UserInstallation={profile.as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=own_environment(),
        )
        context = self.connect(pipe)

        def service(name: str) -> Any:
            return context.ServiceManager.createInstanceWithContext(name, context)

        self.desktop = service("com.sun.star.frame.Desktop")
        self.dispatcher = service("com.sun.star.frame.DispatchHelper")
        self.toolkit = service("com.sun.star.awt.Toolkit")

    def connect(self, pipe: str) -> Any:
        local = uno.getComponentContext()
        resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
        give_up = time.monotonic() + START_SECONDS
        while True:
            try:
                return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            except Exception as fault:
                if self.process.poll() is not None:
                    raise CannotDo(
                        f"soffice ended at its start with code {self.process.returncode}"
                    ) from fault
                if time.monotonic() > give_up:
                    self.process.kill()
                    raise CannotDo(f"soffice took no call within {START_SECONDS:.0f} s") from fault
                time.sleep(0.1)

    def open(self, path: str) -> Any:
        """The document in a window of its own: a hidden one would get no key strokes."""
        if not Path(path).is_file():
            raise CannotDo(f"{path} is not there")
        wishes = (
            prop("MacroExecutionMode", NEVER_RUN_MACROS),
            prop("UpdateDocMode", 0),
            prop("ReadOnly", False),
        )
        document = self.desktop.loadComponentFromURL(as_url(path), "_blank", 0, wishes)
        if document is None:
            raise CannotDo(f"LibreOffice cannot open {path}")
        if not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            document.close(True)
            raise CannotDo(f"LibreOffice does not take {path} for a workbook")
        return document

    def stop(self) -> None:
        try:
            self.desktop.terminate()
            self.process.wait(15)
        except Exception:  # the bridge breaks while soffice goes down, and soffice may refuse to go
            self.process.kill()
            self.process.wait(15)


def write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{escape(value)}</value></prop></item>"
        for path, name, value in SETTINGS
    )
    user = profile / "user"
    user.mkdir()
    (user / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{items}</oor:items>",
        encoding="utf-8",
    )


def own_environment() -> dict[str, str]:
    """Ours without a screen and without another Python's paths; soffice has a Python inside."""
    strange = {"DISPLAY", "WAYLAND_DISPLAY", "PYTHONHOME", "PYTHONPATH"}
    kept = {name: value for name, value in os.environ.items() if name not in strange}
    return kept | {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


class Typist:
    """A hand on the keyboard of one open document."""

    def __init__(self, office: Office, document: Any) -> None:
        self.office = office
        self.document = document
        self.controller = document.CurrentController
        self.frame = self.controller.Frame
        self.window = self.frame.getComponentWindow()
        # Nobody looks; a window that paints nothing takes keys at twice the speed.
        self.frame.getContainerWindow().setVisible(False)
        self.sheet_in_view = ""

    def enter(self, sheet: str, a1: str, text: str) -> Json:
        """Go to the cell, type the text, press Enter; what the cell holds then."""
        if not text or text.startswith("\n") or re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text):
            return {"sheet": sheet, "cell": a1, "problem": f"{text!r} cannot be typed"}

        def strokes() -> None:
            for unit in utf16(text):
                if unit == "\n":
                    self.press(RETURN, "\r", CTRL)
                else:
                    self.press(ANY_KEY, unit)
            self.press(RETURN, "\r")

        return self.at(sheet, a1, strokes)

    def clear(self, sheet: str, a1: str) -> Json:
        """Go to the cell and press Delete; what the cell holds then."""
        return self.at(sheet, a1, lambda: self.press(DELETE))

    def at(self, sheet: str, a1: str, strokes: Any) -> Json:
        sheets = self.document.Sheets
        if not sheets.hasByName(sheet):
            return {"sheet": sheet, "cell": a1, "problem": "no such sheet"}
        page = sheets.getByName(sheet)
        if not page.IsVisible:
            return {"sheet": sheet, "cell": a1, "problem": "the sheet is hidden"}
        cell = page.getCellRangeByName(a1)
        before = cell.getFormula(), cell.Type.value
        self.go_to(page, sheet, a1)
        strokes()
        self.office.toolkit.processEventsToIdle()
        after = cell.getFormula(), cell.Type.value
        return {**held(cell, sheet, a1), "changed": before != after}

    def go_to(self, page: Any, sheet: str, a1: str) -> None:
        if sheet != self.sheet_in_view:
            self.controller.setActiveSheet(page)
            self.sheet_in_view = sheet
        self.office.dispatcher.executeDispatch(self.frame, ".uno:GoToCell", "", 0, (prop("ToPoint", a1),))
        self.window.setFocus()

    def press(self, code: int, char: str = "\0", modifiers: int = 0) -> None:
        event = KeyEvent()
        event.Source = self.window
        event.KeyCode = code
        event.KeyChar = uno.Char(char)
        event.Modifiers = modifiers
        self.office.toolkit.keyPress(event)
        # Letters are taken on their way down; sparing the way up saves a call for each.
        if code != ANY_KEY:
            self.office.toolkit.keyRelease(event)


def utf16(text: str) -> Iterator[str]:
    """One character per UTF-16 unit: beyond the basic plane a keyboard sends two halves."""
    units = text.encode("utf-16-le", "surrogatepass")
    for at in range(0, len(units), 2):
        yield chr(int.from_bytes(units[at : at + 2], "little"))


def held(cell: Any, sheet: str, a1: str) -> Json:
    """What one cell holds: its type, its value, the text it shows, and its formula if it has one."""
    kind, value = content(cell)
    formula = cell.getFormula() if cell.Type.value == "FORMULA" else None
    shown = cell.getString()
    return {"sheet": sheet, "cell": a1, "type": kind, "value": value, "string": shown, "formula": formula}


def content(cell: Any) -> tuple[str, Any]:
    if cell.getError():
        return "error", cell.getString()
    # For a formula the result counts; FormulaResultType2 says 1 for a number, 2 for text.
    if cell.Type.value == "VALUE" or (cell.Type.value == "FORMULA" and cell.FormulaResultType2 == 1):
        return "number", cell.getValue()
    if cell.Type.value == "EMPTY":
        return "empty", None
    return "text", cell.getString()


def block(document: Any, sheet: str, area: str) -> Any:
    """A range of a sheet, its protection lifted."""
    if not document.Sheets.hasByName(sheet):
        raise CannotDo(f"no sheet {sheet!r} to change")
    page = document.Sheets.getByName(sheet)
    page.unprotect("")
    return page.getCellRangeByName(area)


def put_in(document: Any, sheet: str, area: str, way: str) -> None:
    """Cells put in: what stands there goes "DOWN" or "RIGHT", or as whole "ROWS" or "COLUMNS"."""
    cells = block(document, sheet, area)
    mode = uno.Enum("com.sun.star.sheet.CellInsertMode", way)
    document.Sheets.getByName(sheet).insertCells(cells.RangeAddress, mode)


def take_out(document: Any, sheet: str, area: str, way: str) -> None:
    """Cells taken out: what stands beyond comes "UP" or "LEFT", or as whole "ROWS" or "COLUMNS"."""
    cells = block(document, sheet, area)
    mode = uno.Enum("com.sun.star.sheet.CellDeleteMode", way)
    document.Sheets.getByName(sheet).removeRange(cells.RangeAddress, mode)


def cut(document: Any, sheet: str, area: str, to: str) -> None:
    """A range cut and pasted with its upper left corner at `to`."""
    cells, target = block(document, sheet, area), block(document, sheet, to)
    document.Sheets.getByName(sheet).moveRange(target.getCellByPosition(0, 0).CellAddress, cells.RangeAddress)


def copy(document: Any, sheet: str, area: str, to: str) -> None:
    """A range copied and pasted with its upper left corner at `to`."""
    cells, target = block(document, sheet, area), block(document, sheet, to)
    document.Sheets.getByName(sheet).copyRange(target.getCellByPosition(0, 0).CellAddress, cells.RangeAddress)


def sort(document: Any, sheet: str, area: str, column: int, ascending: bool) -> None:
    """A range sorted by one of its columns, counted from 0."""
    key = uno.createUnoStruct("com.sun.star.table.TableSortField")
    key.Field, key.IsAscending = column, ascending
    fields = uno.Any("[]com.sun.star.table.TableSortField", (key,))
    wishes = (prop("SortFields", fields), prop("ContainsHeader", False), prop("IsSortColumns", False))
    uno.invoke(block(document, sheet, area), "sort", (uno.Any("[]com.sun.star.beans.PropertyValue", wishes),))


def merge(document: Any, sheet: str, area: str) -> None:
    """A range merged into one cell; what stands under it is hidden, not gone."""
    block(document, sheet, area).merge(True)


def paste(document: Any, sheet: str, corner: str, rows: Any) -> None:
    """Values pasted with the upper left one at `corner`."""
    start = block(document, sheet, corner).RangeAddress
    right, bottom = start.StartColumn + len(rows[0]) - 1, start.StartRow + len(rows) - 1
    page = document.Sheets.getByName(sheet)
    page.getCellRangeByPosition(start.StartColumn, start.StartRow, right, bottom).setDataArray(
        tuple(tuple(row) for row in rows)
    )


def rename_sheet(document: Any, sheet: str, name: str) -> None:
    """A sheet given another name."""
    block(document, sheet, "A1")
    document.Sheets.getByName(sheet).Name = name


def move_sheet(document: Any, sheet: str, place: int) -> None:
    """A sheet put at another place among the sheets, counted from 0."""
    document.Sheets.moveByName(sheet, place)


def copy_sheet(document: Any, sheet: str, name: str) -> None:
    """A sheet copied behind all others."""
    document.Sheets.copyByName(sheet, name, document.Sheets.Count)


def delete_sheet(document: Any, sheet: str) -> None:
    """A sheet deleted."""
    document.Sheets.removeByName(sheet)


CHANGES = {
    one.__name__: one
    for one in (
        put_in,
        take_out,
        cut,
        copy,
        sort,
        merge,
        paste,
        rename_sheet,
        move_sheet,
        copy_sheet,
        delete_sheet,
    )
}


def values(document: Any, which: Any) -> Iterator[Json]:
    if which == "all":
        for sheet in document.Sheets.ElementNames:
            yield from filled(document.Sheets.getByName(sheet), sheet)
        return
    for sheet, a1 in which or []:
        if not document.Sheets.hasByName(sheet):
            raise CannotDo(f"no sheet {sheet!r} to read {a1} from")
        yield held(document.Sheets.getByName(sheet).getCellRangeByName(a1), sheet, a1)


def filled(page: Any, sheet: str) -> Iterator[Json]:
    """Every non-empty cell of a sheet, row by row, without the text it shows; few calls, so fast."""
    found: dict[tuple[int, int], Json] = {}
    for where in page.queryContentCells(FILLED).getRangeAddresses():
        block = page.getCellRangeByPosition(where.StartColumn, where.StartRow, where.EndColumn, where.EndRow)
        rows = zip(block.getDataArray(), block.getFormulaArray(), strict=True)
        for row, (data, formulas) in enumerate(rows, where.StartRow):
            for column, (value, formula) in enumerate(zip(data, formulas, strict=True), where.StartColumn):
                found[row, column] = one_of(page, sheet, column, row, value, formula)
    for at in sorted(found):
        yield found[at]


def one_of(page: Any, sheet: str, column: int, row: int, value: Any, formula: str) -> Json:
    kind = "text" if isinstance(value, str) else "number"
    if not isinstance(value, str | float):  # an error has no data
        kind, value = "error", page.getCellByPosition(column, row).getString()
    # A text that looks like a formula is given with an apostrophe before it, or in a text cell as it is.
    is_formula = formula.startswith(("=", "{=")) and formula != value
    return {
        "sheet": sheet,
        "cell": f"{letters(column)}{row + 1}",
        "type": kind,
        "value": value,
        "string": None,
        "formula": formula if is_formula else None,
    }


def letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def save(document: Any, path: str) -> str:
    kind = Path(path).suffix.lower()
    if kind not in FILTERS:
        raise CannotDo(f"{path}: can save {' '.join(FILTERS)} only")
    document.storeToURL(as_url(path), (prop("FilterName", FILTERS[kind]), prop("Overwrite", True)))
    return path


def as_url(path: str) -> str:
    return Path(path).resolve().as_uri()


def prop(name: str, value: Any) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


if __name__ == "__main__":
    main()
