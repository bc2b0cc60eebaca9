"""The commands, in the order in which a round of plans uses them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Annotated

import typer

from xlplan import __version__

ABOUT = "Locked planning workbooks for every school, and a district summary of what comes back."
# name → its module here; a command is a function of its name there, a group of commands is "app"
COMMANDS = {
    "templates": "forms", "init": "campaigns", "starters": "campaigns", "carry": "campaigns",
    "generate": "campaigns", "cells": "forms",
    "fill": "files",
    "read": "files", "check": "files", "collect": "files", "watch": "watch", "status": "reports", "history": "history",
    "receipt": "history", "diff": "differences", "review": "reviews", "mark": "reviews", "merge": "merges",
    "migrate": "migrations",
    "distribute": "post", "letters": "post", "remind": "post", "wording": "post", "extend": "deadlines",
    "export": "reports", "rollup": "rollups", "trace": "trace", "demo": "campaigns",
}  # fmt: skip
GROUPS = {"roster": "roster", "ledger": "ledger"}


def app_for(arguments: Sequence[str]) -> typer.Typer:
    """The command line for these arguments: with the one command that they name, else with all of them.

    Most of the time it takes to start is spent on commands that nobody asked for.
    """
    asked = arguments[0] if arguments else ""
    if asked in COMMANDS or asked in GROUPS:
        return _app([asked])
    return _app([] if asked == "--version" else [*COMMANDS, *GROUPS])


def _app(names: Iterable[str]) -> typer.Typer:
    made = typer.Typer(
        name="xlplan", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        rich_markup_mode=None, help=ABOUT, context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip
    made.callback(help=ABOUT)(_options)
    for name in names:
        if name in GROUPS:
            made.add_typer(import_module(f"xlplan.cli.{GROUPS[name]}").app, name=name)
        else:
            made.command(name)(getattr(import_module(f"xlplan.cli.{COMMANDS[name]}"), name))
    return made


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
