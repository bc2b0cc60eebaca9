"""The command that follows a number back to the cells it was made from."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlplan.cli import show
from xlplan.cli.options import AsOf, Folder, Json, Quiet, Verbose, day_or_today, opened
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.ledger import Ledger
    from xlplan.rollup.store import Store
    from xlplan.rollup.tracing import FoundRow, Traced


def trace(
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[FIGURE|ROW]",
            help="A figure's name, or a row as the data sheets name it; none: lists them.",
        ),
    ] = None,
    folder: Folder = None,
    school: Annotated[
        str | None, typer.Option(help="Only of this school: its id, of a district's own plan the district's.")
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=VALUE",
            help="Only rows with this value, such as status=Overdue or source= for none; also with <>, <, >, <=, "
            ">=; may be repeated.",
        ),
    ] = None,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """The cells behind a figure or a row of the district's summary. Example: xlplan trace activities-overdue"""
    from xlplan.pipeline.rolling import deck_of
    from xlplan.rollup.tracing import is_row

    day = day_or_today(as_of, "--as-of")
    if (what is None or is_row(what)) and (school or where):
        raise UsageError("--school and --where narrow a figure. Name one: xlplan trace alone lists them.")
    with opened(folder, records=False) as (campaign, ledger), deck_of([(campaign, ledger)], day) as deck:
        if what is None:
            _list(deck.store, as_json)
        elif is_row(what):
            _row(deck.store, ledger, what, as_json)
        else:
            _figure(deck.store, what, school, where or [], as_json)


def _list(store: Store, as_json: bool) -> None:
    from xlplan.rollup.tracing import listing, told

    figures = list(listing(store))
    if as_json:
        show.document({
            "as_of": store.as_of.isoformat(),
            "figures": [
                {"name": item.name, "label": item.label, "value": _plain(found), "filter": filter}
                for item, found, filter in figures
            ],
        })  # fmt: skip
        return
    width = max(len(item.name) for item, _, _ in figures)
    for item, found, filter in figures:
        show.say(f"{item.name:<{width}}  {told(found):>12}  {filter}")


def _figure(store: Store, name: str, school: str | None, where: list[str], as_json: bool) -> None:
    from xlplan.rollup.measures import value, words
    from xlplan.rollup.tracing import figure_named, narrowed, of_school, told, traced

    measure = narrowed(figure_named(name), where)
    measure = measure if school is None else of_school(store, measure, school)
    found = value(store, measure)
    if as_json:
        show.document({
            "as_of": store.as_of.isoformat(), "figure": measure.name, "label": measure.label, "value": _plain(found),
            "filter": words(measure), "cells": [_document(item) for item in traced(store, measure)],
        })  # fmt: skip
        return
    show.say(f"{measure.label}: {told(found)}", bold=True)
    show.chat(words(measure))
    number: int = 0
    total: int | Decimal = 0 * found
    for item in traced(store, measure):
        number, total = number + 1, total + item.counts
        show.chat("  " + _line(item))
    behind = show.counted(number, "row")
    if total != found:  # a fault of ours, which nobody should have to find by adding up
        raise AssertionError(f"{measure.name}: the rows sum up to {total}, and the figure is {found}")
    show.chat(f"{behind}, together {told(total)}: the figure." if number else "No row: the figure is 0.")


def _row(store: Store, ledger: Ledger, name: str, as_json: bool) -> None:
    from xlplan.rollup.tracing import row_named

    found = row_named(store, name)
    if as_json:
        show.document({"row": name, "found": [_row_document(ledger, item) for item in found]})
        return
    for item in found:
        show.say(f"Data {item.table.lower()}: {show.one_line(name)}", bold=True)
        for label, said in _about(ledger, item):
            show.say(f"  {label}: {show.one_line(said)}")


def _about(ledger: Ledger, item: FoundRow) -> list[tuple[str, str]]:
    from xlplan.rollup.words import short_day

    row = item.traced
    known = ledger.known(item.sha256) if item.sha256 else None
    entry = ledger.entry(known.id) if known else None
    lines = [("School", _whose(row)), ("Template", row.template), *row.values.items()]
    lines += [("File", row.file), ("Sheet", row.sheet), ("Cell", row.cell)]
    lines += [("Received", short_day(item.received))] if item.received else []
    lines += [("SHA-256", item.sha256)] if item.sha256 else []
    if known and entry:
        lines.append(("Ledger", f"return {known.id}, entry {entry.seq} of {entry.at}, hash {entry.hash}"))
    return [(label, said) for label, said in lines if said]


def _row_document(ledger: Ledger, item: FoundRow) -> dict[str, Any]:
    known = ledger.known(item.sha256) if item.sha256 else None
    entry = ledger.entry(known.id) if known else None
    return {
        "table": item.table, **_document(item.traced), "sha256": item.sha256,
        "received": item.received.isoformat() if item.received else None, "return": known.id if known else None,
        "entry": {"number": entry.seq, "at": entry.at, "hash": entry.hash} if entry else None,
    }  # fmt: skip


def _document(item: Traced) -> dict[str, Any]:
    return asdict(item) | {"counts": _plain(item.counts)}


def _plain(found: int | Decimal) -> int | str:
    """Money as text, so that no reader of JSON rounds it."""
    return f"{found:.2f}" if isinstance(found, Decimal) else found


def _line(item: Traced) -> str:
    from xlplan.rollup.tracing import shortened

    place = ", ".join(filter(None, (item.file, item.sheet and f"{item.sheet}!{item.cell}")))
    said = " · ".join(shortened(text) for text in item.values.values())
    return show.one_line(f"{_whose(item)}: {place or 'nothing returned'}: {said}")


def _whose(item: Traced) -> str:
    return f"{item.school} ({item.school_id})"
