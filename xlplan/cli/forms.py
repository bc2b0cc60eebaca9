"""Commands about forms: templates and cells."""

from __future__ import annotations

from typing import Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import Folder, Json, Quiet, Verbose, templates_of


def templates(
    name: Annotated[
        str | None, typer.Argument(help="One template, in detail; your own as ours.py:OurPlan.")
    ] = None,
    folder: Folder = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """The templates, or one in detail: sheets, fields, choices, help. Example: xlplan templates sfss"""
    from xlplan.pipeline.describe import describe, in_words, overview

    own = templates_of(folder).own
    if as_json:
        show.document(describe(name, own) if name else overview(own))
    elif name:
        show.say(in_words(name, own))
    else:
        for item in overview(own)["templates"]:
            size = f"version {item['version']}, {item['sheets']} sheets, {item['cells']} boxes"
            show.say(f"{item['name']:<22}{item['title']} ({size})")


def cells(
    source: Annotated[str, typer.Argument(help="A workbook, a template's name, or ours.py:OurPlan.")],
    folder: Folder = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Every input cell of a form. Example: xlplan cells sfss --json"""
    from xlplan.pipeline.cells import cells_of

    data = cells_of(source, templates_of(folder))
    if as_json:
        show.document(data)
        return
    for item in data["cells"]:
        star = " *" if item["required"] else ""
        show.say(f"{item['sheet']}!{item['cell']:<6}{item['type']:<10}{item['path']}  {item['label']}{star}")
