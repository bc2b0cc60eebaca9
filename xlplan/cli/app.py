"""The commands, in the order in which a round of plans uses them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from importlib import import_module
from typing import Annotated, Any

import typer

from xlplan import __version__

ABOUT = "Locked planning workbooks for every school, and a district summary of what comes back."
# name → its module here, and the first sentence of its help; a command is a function of its name there
COMMANDS = {
    "templates": ("forms", "The templates, or one in detail: sheets, fields, choices, help."),
    "init": ("campaigns", "Make a campaign folder."),
    "starters": ("campaigns", "Files to double-click that collect and make the summary, in the folder start; "
                 "`init` makes them too."),
    "carry": ("campaigns", "Look at the former campaign again for plans that came in late."),
    "generate": ("campaigns", "Write one locked workbook per school into copies/."),
    "cells": ("forms", "Every input cell of a form."),
    "fill": ("files", "Pour a plan into a fresh copy of a workbook."),
    "read": ("files", "The plan in a workbook as JSON, as far as it can be read."),
    "check": ("files", "Outcome and findings of returned files; records nothing."),
    "collect": ("files", "Check returned files and record them."),
    "watch": ("watch", "Collect what comes into returns/ as it comes, until Ctrl-C."),
    "status": ("reports", "Who was sent what, who returned, in what state."),
    "history": ("history", "A school's copies and returns, what changed and what counts."),
    "receipt": ("history", "Proof that a school handed in a file, to be forwarded."),
    "diff": ("differences", "What differs between two plans."),
    "review": ("reviews", "Approve a plan, or send it back with remarks."),
    "mark": ("reviews", "Say whether a return counts."),
    "merge": ("merges", "One plan of several people's copies."),
    "migrate": ("migrations", "Answer returns on an older version with a copy of the newest."),
    "distribute": ("post", "Drafts with the copies for schools that have an address, a zip per district for the "
                   "others; nothing is sent."),
    "letters": ("post", "Drafts that tell each school what was found in what it returned, or thank it; nothing is "
                "sent."),
    "remind": ("post", "Drafts for those who owe something, saying what; nothing is sent."),
    "wording": ("post", "Put the wording of all letters into letters/, to be edited."),
    "extend": ("deadlines", "Give schools a later day of return."),
    "export": ("reports", "The tables of all plans, for other programs."),
    "rollup": ("rollups", "The district's summary: workbook, page, paper, digest."),
    "trace": ("trace", "The cells behind a figure or a row of the district's summary."),
    "demo": ("campaigns", "The whole loop on Spokane's 68 schools, with invented plans."),
}  # fmt: skip
# the same for several commands under one name, which are "app" there
GROUPS = {
    "roster": ("roster", "The roster when schools open, close, merge or move."),
    "ledger": ("ledger", "Check, keep and look after the ledger."),
}


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The command line for these arguments: with the one command that they name, else with all of them by name.

    Most of the time it takes to start is spent on commands that nobody asked for. A list of them takes their names
    and first sentences alone, and only one that is named, if behind an option, is loaded.
    """
    asked = arguments[0] if arguments else ""
    if asked in COMMANDS or asked in GROUPS:
        return _app([asked], [asked])
    return _app([] if asked == "--version" else [*COMMANDS, *GROUPS], arguments)


def whole_app() -> typer.Typer:
    """The command line with every command."""
    every = (*COMMANDS, *GROUPS)
    return _app(every, every)


def _app(names: Iterable[str], loaded: Collection[str]) -> typer.Typer:
    made = typer.Typer(
        name="xlplan", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        rich_markup_mode=None, help=ABOUT, context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip
    made.callback(help=ABOUT)(_options)
    for name in names:
        module, about = COMMANDS.get(name) or GROUPS[name]
        if name not in loaded:
            made.command(name, help=about)(_named)
        elif name in GROUPS:
            made.add_typer(_part(module, "app"), name=name)
        else:
            made.command(name)(_part(module, name))
    return made


def _part(module: str, name: str) -> Any:
    return getattr(import_module(f"xlplan.cli.{module}"), name)


def _named() -> None:
    """Stands in the list for a command that is not asked for, and so is never run."""


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"xlplan {__version__}")
        raise typer.Exit


def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What stands before any command."""
