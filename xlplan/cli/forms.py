"""Commands about forms: templates and cells."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from xlplan.cli import show
from xlplan.cli.options import Folder, Json, Quiet, Verbose, templates_of
from xlplan.errors import UsageError


def templates(
    name: Annotated[
        str | None, typer.Argument(help="One template, in detail; your own as ours.py:OurPlan.")
    ] = None,
    language: Annotated[
        str,
        typer.Option(metavar="CODE", help="What the template does not say yet in that language, such as es."),
    ] = "",
    skeleton: Annotated[
        Path | None, typer.Option(help="With --language: a new file to translate it in.")
    ] = None,
    folder: Folder = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """The templates, or one in detail: sheets, fields, choices, help. Example: xlplan templates sfss"""
    from xlplan.pipeline.describe import describe, in_words, overview

    own = templates_of(folder).own
    if language or skeleton:
        _translation(name, language, skeleton, own, as_json=as_json)
    elif as_json:
        show.document(describe(name, own) if name else overview(own))
    elif name:
        show.say(in_words(name, own))
    else:
        for item in overview(own)["templates"]:
            size = f"version {item['version']}, {item['sheets']} sheets, {item['cells']} boxes"
            spoken = f"; {', '.join(item['languages'])}" if len(item["languages"]) > 1 else ""
            show.say(f"{item['name']:<22}{item['title']} ({size}{spoken})")


def _translation(
    name: str | None, language: str, skeleton: Path | None, own: Mapping[str, str], *, as_json: bool
) -> None:
    """What is missing in a template's translation; or a file to write it in."""
    from xlplan.campaign.files import write_safely
    from xlplan.pipeline.describe import skeleton_of, translation

    if not name or not language:
        raise UsageError("Name the template and the language, as in: xlplan templates sfss --language es.")
    data = translation(name, language, own)
    if skeleton is not None:
        if skeleton.exists():
            raise UsageError(f"{skeleton}: the file is there already; name a new one.")
        write_safely(skeleton, skeleton_of(name, language, own).encode())
    if as_json:
        show.document(data)
        return
    if skeleton is None:
        for item in data["missing"]:
            show.say(f"{item['place']}: {item['text']}")
    said = f"{data['texts'] - len(data['missing'])} of {data['texts']} texts are there"
    if data["missing"] and data["file"]:
        said += f"; the rest goes into {data['file']}"
    show.chat(f"{name} in {language}: {said}." + (f" To translate: {skeleton}" if skeleton else ""))


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
