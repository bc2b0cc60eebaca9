"""What the specimens' findings say in Spanish: whole sentences, with no English left over in them."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from tests.languages.english import english_in
from xlplan.findings import Finding, finding, said
from xlplan.form.inspect import spec_of
from xlplan.pipeline.check import check_file
from xlplan.pipeline.opening import Context
from xlplan.templates import template

WORKBOOKS = Path(__file__).parents[2] / "workbooks"
_QUOTED = re.compile(r"“[^”]*”|\([^()]*\)|\b[A-Z-]+-\d+ · \S+ · \d+")
_FIXED = ("Check", "Back to Start", "Start", "Anticipated Costs")
_DETAILED = ("damaged", "hostile", "too-big")  # whose detail only the coordinator reads
NAMES = sorted(path.name for path in WORKBOOKS.iterdir() if (path / "broken").is_dir())


@cache
def _own_words(name: str) -> re.Pattern[str]:
    """The template's own words, which an English form's findings name in English."""
    spec = spec_of(template(name))
    found = {sheet.title.removesuffix(" {n}") for sheet in spec.form.sheets} | {
        "team",
        "sign-off",
        "Plan",
        *_FIXED,
    }
    for _, group in spec.walk():
        found |= {group.label, group.noun, f"{group.noun}s"}
        for item in group.fields:
            found |= {item.label, item.label.split(": mark")[0], item.noun, *item.choices}
    words = sorted(filter(None, found), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})(?!\w)", re.I)


def _bare(text: str, name: str) -> str:
    """A sentence without quotations, numbers and the form's own words: alike for many files."""
    text = _QUOTED.sub("“”", _own_words(name).sub("~", text))
    return re.sub(r"(?:[~C9], )+", "", re.sub(r"\d+", "9", re.sub(r"\b[A-Z]{1,2}\d+\b", "C", text)))


@cache
def _telling() -> tuple[tuple[str, Path], ...]:
    """The fewest broken files, nearly, that together say all that the broken ones of all templates say."""
    told = {
        (name, path): {
            item["code"] if item["code"] in _DETAILED else _bare(f"{item['message']} {item['remedy']}", name)
            for item in json.loads(path.read_text("utf-8"))
        }
        for name in NAMES
        for path in sorted((WORKBOOKS / name / "broken").glob("*.findings.json"))
    }
    wanted: set[str] = set().union(*told.values())
    chosen = []
    while wanted:
        best = max(told, key=lambda place: len(told[place] & wanted))
        wanted -= told[best]
        chosen.append(best)
    return tuple(chosen)


def _findings(told: Path) -> tuple[Finding, ...]:
    stem = told.name.removesuffix(".findings.json")
    file = next(item for item in told.parent.glob(f"{stem}.*") if not item.name.endswith(".json"))
    return check_file(file.read_bytes(), file.name, Context()).checked.findings


def test_no_finding_of_a_specimen_is_left_in_english() -> None:
    """Quotations aside, and the names of the form's own boxes, which are English in these specimens."""
    left = {
        bare
        for name, path in _telling()
        for item in _findings(path)
        for text in said(item, "es")
        if english_in(bare := _bare(text, name)) or "{" in bare
    }
    assert not sorted(left)


def test_there_is_much_to_say() -> None:
    """The files chosen say what all of them say: enough of them, and not so many that it takes long."""
    assert 30 < len(_telling()) < 150


@pytest.mark.parametrize(
    ("item", "spanish"),
    [
        (
            finding(
                "missing", label="In paso 1.3 each of Paso, ¿Para cuándo? and ¿Quién?", todo="Fill in D31, E31 and F31."
            ),
            ("Falta la respuesta: Paso, ¿Para cuándo? y ¿Quién? (paso 1.3).", "Llene D31, E31 y F31."),
        ),
        (
            finding("root-cause-unaddressed", found="Falta tiempo", by="estrategia", another="an estrategia"),
            (
                "No se indica qué estrategia aborda “Falta tiempo”.",
                "Indíquelo donde corresponda, o agregue una estrategia.",
            ),
        ),
        (
            finding(
                "label-changed", was="the row and the column", now="gone, and so is its row",
                more=" So are “1.2” and “1.3”.",
            ),
            (
                "Se cambió un texto fijo: decía “the row and the column”; ahora ya no está, ni tampoco su fila. "
                "Lo mismo pasó con “1.2” y “1.3”.",
                "Use una copia nueva para los cambios que haga después.",
            ),
        ),
        (
            finding("remark", text="Fill it in."),
            (
                "Comentario de una persona que leyó el plan: Fill it in.",
                "Cambie lo que se pide. Si la respuesta debe quedar como está, diga al distrito por qué.",
            ),
        ),
        (
            finding(
                "stray", found="Fill it in. Now.",
                todo="Move it and what stands in C4, C5 and 20 more into the white boxes, or delete it.",
            ),
            (
                "“Fill it in. Now.” está en un lugar que no se lee.",
                "Páselo, junto con lo que está en C4, C5 y 20 más, a las casillas blancas, o bórrelo.",
            ),
        ),
    ],
    ids=lambda item: item.code if isinstance(item, Finding) else "",
)  # fmt: skip
def test_facts_are_told_and_quotations_kept(item: Finding, spanish: tuple[str, str]) -> None:
    """Lists, cells and articles are Spanish; what somebody wrote stays as it is."""
    assert said(item, "es") == spanish


def test_a_language_without_words_says_it_in_english() -> None:
    """English is what there always is."""
    item = finding("blank")
    assert said(item, "") == (item.message, item.remedy)
