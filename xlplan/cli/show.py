"""What commands print: JSON on stdout, words for people, progress on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import typer

from xlplan.findings import Checked, Finding, Severity

_CONTROL = {
    code: None
    for code in [*range(32), 127, *range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
    if code not in (9, 10)
}
SIGNS = {
    Severity.REFUSAL: "✗",
    Severity.ERROR: "▲",
    Severity.WARNING: "!",
    Severity.ADVICE: "·",
    Severity.NOTE: "·",
}
COLORS = {"accepted": "green", "rejected": "red", "refused": "red"}


class Progress(Protocol):
    """Something that is told of each step."""

    def __call__(self, _: object = None) -> None: ...


def document(data: dict[str, Any]) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps({"schema": 1, **data}, ensure_ascii=False, indent=2))


def clean(text: object) -> str:
    """Text from outside without control characters, so that it reaches a terminal as text."""
    return str(text).translate(_CONTROL)


def say(text: str, *, color: str | None = None, bold: bool = False) -> None:
    """A line for people on stdout; colours only on a terminal and without NO_COLOR."""
    plain = "NO_COLOR" in os.environ or not sys.stdout.isatty()
    typer.echo(clean(text) if plain else typer.style(clean(text), fg=color, bold=bold))


def aside(text: str) -> None:
    """A remark on stderr."""
    typer.echo(clean(text), err=True)


def checked(item: Checked, *, quiet: bool = False, notes: bool = False) -> None:
    """One file's outcome and findings, errors first in sheet order."""
    already = " (recorded before)" if item.already else ""
    counts = _counts(item.findings)
    say(
        f"{item.file}: {item.outcome}{already}{f', {counts}' if counts else ''}",
        color=COLORS[item.outcome],
        bold=True,
    )
    if quiet:
        return
    for found in sorted(item.findings, key=lambda found: list(Severity).index(found.severity)):
        if found.severity is not Severity.NOTE or notes:
            say("  " + line_of(found))


def line_of(found: Finding) -> str:
    """A finding on one line: sign, place, what we found, what to do."""
    place = ", ".join(part for part in (found.sheet, found.cell) if part)
    waived = " (waived)" if found.waived else ""
    return f"{SIGNS[found.severity]} {place + ': ' if place else ''}{found.message} {found.remedy}{waived}"


def _counts(findings: Sequence[Finding]) -> str:
    names = {
        Severity.ERROR: ("error", "errors"),
        Severity.WARNING: ("warning", "warnings"),
        Severity.ADVICE: ("piece of advice", "pieces of advice"),
        Severity.NOTE: ("note", "notes"),
    }
    said = []
    for severity, (one, many) in names.items():
        count = sum(1 for item in findings if item.severity is severity)
        if count:
            said.append(f"{count} {one if count == 1 else many}")
    return ", ".join(said)


@contextmanager
def progress(what: str, total: int) -> Iterator[Progress]:
    """A bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty() or total < 3:
        yield lambda _=None: None
        return
    from rich.console import Console  # a heavy import, for terminals only
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda _=None: bar.advance(task)
