"""Evidence holds figures (000: "What data tells you this is an issue?"; 003: "specific and measurable changes")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from xlplan.checks.rows import PlanRows
from xlplan.checks.rule import check
from xlplan.checks.words import Words
from xlplan.findings import Finding
from xlplan.form.markers import Meaning

# numbers that name a grade, a tier, a law or a program, and count nothing
_LABELS = re.compile(
    r"\b(?:grades?|gr\.?|tiers?|titles?|levels?|phases?|steps?|rooms?|sections?|periods?|cohorts?|zones?|"
    r"areas?|"
    r"domains?|standards?|stages?|buildings?|ps|p\.s\.|period|question|item|week|day)\s*#?(?:[k\d]+(?:st|nd|"
    r"rd|th)?)"
    r"(?:\s*(?:-|–|,|to|through|and|&|or|/)\s*(?:grades?\s+)?[k\d]+(?:st|nd|rd|th)?\b(?!\s*(?:%|percent|out|"
    r"of)))*"
    r"(?![\d.,]*\d*\s*(?:%|percent))"
    r"|\b(?:pre-?)?k\s*(?:-|–|to|through)\s*\d+\b|\b\d+\s*(?:-|–)\s*\d+(?:st|nd|rd|th)?[- ]grad\w*"
    r"|\b\d+(?:st|nd|rd|th)(?:\s*(?:,|and|&|-|–)\s*\d+(?:st|nd|rd|th))*[- ](?:grad\w*|century|period|hour)\b"
    r"|\bcovid-?\s?19\b|\b504\b(?=\s*(?:plan|team|coordinat|accommodation|student|meeting|process))"
    r"|\b(?:5|five|four|4)\s+(?:sfss\s+)?(?:priorities|priority|essentials|r[’']?s)\b|\b(?:9|911|24/7|1:1|"
    r"one-to-one)\b(?=\s*(?:device|laptop|call))|\b24/7\b",
    re.I,
)
_PARTS = re.compile(
    r"\b(?:a|one|two|three|only a|nearly a)[ -](?:third|quarter|fifth|tenth)\b|\b(?:third|quarter|fifth|"
    r"tenth)s? of\b"
    r"|(?<!first )(?<!second )(?<!last )(?<!next )(?<!other )\bhalf\b(?![- ](?:days?|hours?|time)\b)"
    r"|\bdouble (?:the|what|last|that|as)\b|\b(?:only|just|at least|at most|more than|fewer than|less than|"
    r"about|nearly|exactly) one\b"
    r"|\bone (?:in(?! which\b)|out of|of every)\b|\bnot (?:a single|one)\b|\bno one\b",
    re.I,
)
_WHOLE = re.compile(
    r"(?:^|[.;:,(]\s*|\b(?:in|by|from|of|across|that)\s+)(?:nearly\s+|almost\s+)?(?:all|every|each|"
    r"no)\s+(?:of\s+)?(?:the\s+|our\s+)?"
    r"(?:[\w-]+\s+){0,3}?(?:teachers?|classrooms?|students?|schools?|famil(?:y|ies)|staff|grades?|teams?|"
    r"principals?|coach(?:es)?|"
    r"lessons?|units?|plcs?|homerooms?|buildings?|departments?|meetings?|observations?|walkthroughs?|plans?|"
    r"advisor(?:s|ies|y)?|parents?)\b",
    re.I,
)


_SPANISH_LABELS = re.compile(
    r"\b(?:grados?|niveles|nivel|fases?|pasos?|salón|salones|secciones|sección|períodos?|zonas?|áreas?|etapas?|semanas?|"
    r"títulos?|preguntas?)\s*(?:n\.?º\s*)?[k\d]+(?:\.?[ºª°])?(?:\s*(?:-|–|,|y|a|al|o)\s*(?:grados?\s+)?[k\d]+"
    r"(?:\.?[ºª°])?\b(?!\s*(?:%|por ciento|de)))*(?![\d.,]*\d*\s*(?:%|por ciento))"
    r"|\b\d+\s*(?:\.?\s*(?:er|ro|do|to|mo|vo|no)\b|\.?[ºª°])(?:\s*(?:,|y|a|al|-|–)\s*\d+\s*(?:\.?\s*(?:er|ro|do|to|mo"
    r"|vo|no)\b|\.?[ºª°]))*\s*(?:de\s+)?(?:grados?|primaria|secundaria|año|período|hora)\b"
    r"|\blas? (?:5|cinco|4|cuatro) (?:prioridades|r)\b",
    re.I,
)
_SPANISH_NUMBERS = (
    "dos tres cuatro cinco seis siete ocho nueve diez doce trece catorce quince dieciséis diecisiete dieciocho "
    "diecinueve veinte veinti\\w+ treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento cientos "
    "doscient[oa]s trescient[oa]s quinient[oa]s mil docena docenas"
)
_SPANISH_PARTS = re.compile(
    rf"\b(?:la mitad|mitad de|(?:un|dos) tercios?|(?:un|tres) cuart[oa]s? (?:parte )?de|(?:la )?(?:tercera|cuarta|"
    rf"quinta|décima) parte|(?:un|dos|tres|cuatro) quintos|el (?:doble|triple)|un[oa]? de cada|"
    rf"ning[uú]n[oa]? de|ni un[oa]?|por ciento|(?:{'|'.join(_SPANISH_NUMBERS.split())}))\b(?! prioridades)",
    re.I,
)


@check(
    '000: "What data tells you this is an issue?"; 003: "What specific and measurable changes".',
    Meaning.EVIDENCE,
)
def no_evidence_number(rows: PlanRows) -> Iterator[Finding]:
    """Supporting data, and each early-evidence benchmark, holds a figure, in digits or in words."""
    for row, item, text in rows.texts(Meaning.EVIDENCE):
        target = bool(row.marked(Meaning.DUE))  # "all classrooms" is the measure of a benchmark, not of data
        if not has_figure(text, rows.words) and not (target and _WHOLE.search(text)):
            yield rows.found("no-evidence-number", row.cell(item), found=text)


def has_figure(text: str, words: Words) -> bool:
    """Whether a figure stands in the text, apart from those that name a grade or a program."""
    left = _SPANISH_LABELS.sub(" ", _LABELS.sub(" ", text))
    said = _PARTS.search(left) or _SPANISH_PARTS.search(left) or _figures(words).search(left)
    return bool(re.search(r"\d", left) or said)


@lru_cache(maxsize=16)
def _figures(words: Words) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words['figure'])))})\b", re.I)
