"""What commands print: JSON on stdout, words for people, progress on a terminal."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import typer

from xlplan.findings import CATALOGUE, Checked, Finding, Severity
from xlplan.form.text import harmless, in_json

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


class _Level:
    """How much to say; set by the options -q and -v of the command that runs."""

    quiet = False
    verbose = False


def set_quiet(value: bool) -> bool:
    """The option -q."""
    _Level.quiet = value
    return value


def set_verbose(value: bool) -> bool:
    """The option -v."""
    _Level.verbose = value
    return value


def is_verbose() -> bool:
    """Whether -v asks for more."""
    return _Level.verbose


def document(data: dict[str, Any]) -> None:
    """One JSON document on stdout; what a terminal might obey stands in it escaped."""
    typer.echo(in_json(json.dumps({"schema": 1, **data}, ensure_ascii=False, indent=2)))


def long_document(name: str, items: Iterable[dict[str, Any]], data: Mapping[str, Any]) -> None:
    """The same document of which `name` is a list, written item by item, then the rest."""
    out = f'{{\n  "schema": 1,\n  {json.dumps(name)}: ['
    for item in items:
        typer.echo(out, nl=False)
        text = in_json(json.dumps(item, ensure_ascii=False, indent=2))
        out = "\n" + "\n".join(f"    {line}" for line in text.split("\n")) + ","
    rest = in_json(json.dumps(data, ensure_ascii=False, indent=2)) if data else "{\n}"
    end = "]" if out.endswith("[") else "\n  ]"
    typer.echo(out.removesuffix(",") + end + ("," if data else "") + rest.removeprefix("{"))


def event(data: dict[str, Any]) -> None:
    """One JSON document on a line of its own, of several that a long command prints as things happen."""
    typer.echo(in_json(json.dumps({"schema": 1, **data}, ensure_ascii=False)))


def clean(text: object) -> str:
    """Text from outside without control characters, so that it reaches a terminal as text."""
    return harmless(str(text))


def one_line(text: object) -> str:
    """The same on one line: a name with line breaks cannot pass for lines of ours."""
    return " ".join(clean(text).split())


def detail(text: str) -> None:
    """A line on stdout that only -v asks for."""
    if _Level.verbose:
        say(text)


def remark(text: str) -> None:
    """A remark on stderr that only -v asks for."""
    if _Level.verbose:
        aside(text)


def chat(text: str, *, color: str | None = None) -> None:
    """A line on stdout that -q does without."""
    if not _Level.quiet:
        say(text, color=color)


def say(text: str, *, color: str | None = None, bold: bool = False) -> None:
    """A line for people on stdout; colours only on a terminal and without NO_COLOR."""
    typer.echo(typer.style(clean(text), fg=color, bold=bold) if in_color() else clean(text))


def say_parts(parts: Iterable[tuple[str, str | None]]) -> None:
    """A line for people on stdout, each part of it in a colour of its own."""
    typer.echo(
        "".join(typer.style(clean(text), fg=color) if in_color() else clean(text) for text, color in parts)
    )


def in_color() -> bool:
    """Whether what is said may have colours."""
    return "NO_COLOR" not in os.environ and sys.stdout.isatty()


def aside(text: str) -> None:
    """A remark on stderr."""
    typer.echo(clean(text), err=True)


def checked(item: Checked, *, account: Sequence[str] = ()) -> None:
    """One file's outcome and findings, errors first in sheet order; notes with -v, findings not with -q.

    With an account: that first, and with -v what follows from each finding.
    """
    already = " (recorded before)" if item.already else ""
    counts = _counts(item.findings)
    say(
        f"{one_line(item.file)}: {item.outcome}{already}{f', {counts}' if counts else ''}",
        color=COLORS[item.outcome],
        bold=True,
    )
    if _Level.quiet:
        return
    for line in account:
        say(f"  {one_line(line)}")
    for found in sorted(item.findings, key=lambda found: list(Severity).index(found.severity)):
        if found.severity is not Severity.NOTE or _Level.verbose:
            say("  " + line_of(found))
            if account and _Level.verbose:
                say(f"      {found.code}: {_weight(found)}")


def forwardable(item: Checked, school: str, part: str = "") -> None:
    """One line on a collected file that can be forwarded to its school; its findings with -v."""
    name = f"{one_line(school)} ({item.school_id})" if school else one_line(item.file)
    name += f", {one_line(part)}" if part else ""
    say(f"{name}: {_answer(item)}", color=COLORS[item.outcome])
    if _Level.verbose:
        for found in item.findings:
            say("  " + line_of(found))


def _answer(item: Checked) -> str:
    """What became of a file, and what is asked of whoever sent it."""
    already = " It was recorded before." if item.already else ""
    already = " The answers are the same as before." if item.unchanged else already
    if item.erased:
        return f"its contents were erased on request, so nothing of it is taken.{already}"
    if item.outcome == "refused":
        found = item.findings[0]
        return f"the file could not be taken. {found.message} {found.remedy}{already}"
    open_ = [found for found in item.findings if not found.waived]
    fix = sum(found.severity is Severity.ERROR for found in open_)
    check = sum(found.severity is Severity.WARNING for found in open_)
    asked = " and ".join(filter(None, (f"{fix} to fix" if fix else "", f"{check} to check" if check else "")))
    copy = f" Please go on in {one_line(item.correction)}." if item.correction else ""
    if item.outcome == "rejected":
        return f"not accepted yet, {asked}.{copy or ' See xlplan check.'}{already}"
    return f"accepted{', ' + asked if asked else ''}.{copy}{already}"


def line_of(found: Finding) -> str:
    """A finding on one line: sign, place, what we found, what to do."""
    place = one_line(", ".join(part for part in (found.sheet, found.cell) if part))
    waived = " (waived)" if found.waived else ""
    return f"{SIGNS[found.severity]} {place + ': ' if place else ''}{found.message} {found.remedy}{waived}"


def _weight(found: Finding) -> str:
    """What follows from a finding's severity, and whether a campaign can change that."""
    meaning = {
        Severity.REFUSAL: "the file is kept, and nothing of it is read",
        Severity.ERROR: "the plan is not accepted until this is mended",
        Severity.WARNING: "the plan is accepted, and the district sees this",
        Severity.ADVICE: "the plan is accepted; this is coaching from the original form",
        Severity.NOTE: "nothing to do; this tells how the answer was read",
    }[found.severity]
    fixed = CATALOGUE[found.code].structural or found.severity is Severity.REFUSAL
    return f"{found.severity}; {meaning}{'' if fixed else '; a campaign can set its severity or waive it'}."


def counted(number: int, noun: str) -> str:
    """So many of something: 1 school, 12 schools."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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
    if _Level.quiet or not sys.stderr.isatty() or total < 3:
        yield lambda _=None: None
        return
    from rich.console import Console  # a heavy import, for terminals only
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda _=None: bar.advance(task)
