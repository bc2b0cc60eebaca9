"""The commands, in the order in which a round of plans uses them."""

from __future__ import annotations

from typing import Annotated

import typer

from xlplan import __version__
from xlplan.cli.campaigns import demo, generate, init
from xlplan.cli.files import check, collect, fill, read
from xlplan.cli.forms import cells, templates
from xlplan.cli.reports import export, rollup, status

ABOUT = "Locked planning workbooks for every school, and a district summary of what comes back."
COMMANDS = (
    templates, init, generate, cells, fill, read, check, collect, status, export, rollup, demo,
)  # fmt: skip

app = typer.Typer(
    name="xlplan", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
    help=ABOUT, context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip
for command in COMMANDS:
    app.command()(command)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"xlplan {__version__}")
        raise typer.Exit


@app.callback(help=ABOUT)
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What stands before any command."""
