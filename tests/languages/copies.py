"""Spanish copies of sfss: fresh, filled, faulty, and what answers them."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from xlplan.excel.correct import corrected
from xlplan.excel.plate import stamp
from xlplan.form.spec import FormFacts
from xlplan.layout.correction import correction
from xlplan.pipeline.check import check_file
from xlplan.pipeline.correct import correction_plate
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.forms import BLANK_SCHOOL, FormOf, blank_identity, form_of, personal, plate_of
from xlplan.pipeline.generate import day_line
from xlplan.pipeline.opening import Context, Result

SPANISH = FormFacts(language="es")
SCHOOL = type(BLANK_SCHOOL)(
    district_id="0000000", district="Distrito Uno", school_id="000000000000", school="Escuela Uno"
)
DUE = date(2026, 12, 18)
PLAN: dict[str, Any] = {
    "prepared_by": "María Peña",
    "prepared_on": "2026-11-20",
    "signoffs": [{"role": "principal", "name": "Ana Ruiz", "signed_on": "2026-11-18"}],
    "challenges": [
        {
            "description": "Los estudiantes de 3.er grado leen por debajo del nivel esperado.",
            "evidence": "El 40 % no alcanza la meta (evaluación de mayo de 2026).",
            "target_outcomes": "Cada estudiante lee al nivel de su grado.",
            "root_causes": ["Falta un horario común de lectura"],
            "strategies": [
                {
                    "description": "Bloque diario de lectura",
                    "priorities": ["Strong Climate & Culture", "Systematic Parent & Family Engagement"],
                    "root_causes": ["A"],
                    "steps": [
                        {
                            "action": "Acordar el horario", "due": "2026-10-15", "owner": "Subdirectora M. Peña",
                            "done": True,
                        }
                    ],
                }
            ],
        },
        {
            "description": "Muchas ausencias en invierno",
            "evidence": "El 18 % falta más de diez días (2025-26).",
            "target_outcomes": "Menos ausencias",
            "root_causes": ["El transporte falla"],
            "strategies": [
                {
                    "description": "Rutas de transporte nuevas",
                    "priorities": ["Strategic Partnerships & Coalitions"],
                    "root_causes": ["A"],
                    "steps": [
                        {"action": "Hablar con el distrito", "due": "2026-12-01", "owner": "coordinadora de lectura"}
                    ],
                }
            ],
        },
    ],
    "resources": [
        {"item": "Libros", "cost": "1200.50", "funding_source": "Título I", "reallocation": False}
    ],
    "monitoring": {"progress": "Cada mes revisamos los datos.", "embedding": "En cada reunión."},
}  # fmt: skip


@cache
def form() -> FormOf:
    """The form sfss in Spanish."""
    return form_of("sfss", SPANISH)


@cache
def blank(language: str = "es") -> bytes:
    """A fresh copy."""
    made = form_of("sfss", FormFacts(language=language))
    who = personal(SCHOOL, blank_identity(made), b"", day_line(DUE, language), language)
    return stamp(plate_of(made, ""), who)


@cache
def filled(language: str = "es") -> bytes:
    """A copy with the plan above."""
    content, refused = fill_bytes(blank(language), PLAN, "copia.xlsx")
    assert refused is None
    return content


@cache
def faulty() -> bytes:
    """The same as it may come back: with most of what can be wrong with one."""
    book = load_workbook(BytesIO(filled()))
    one, two, resources = book["Desafío 1"], book["Desafío 2"], book["Recursos"]
    cells = {
        path: (sheet.title, item.row, item.column) for path, (sheet, item) in form().layout.inputs.items()
    }

    def put(path: str, value: object) -> None:
        title, row, column = cells[path]
        cell = book[title].cell(row, column, value)
        cell.data_type = "s" if isinstance(value, str) else cell.data_type

    step = "challenges[0].strategies[0].steps"
    put(f"{step}[0].due", datetime(2062, 10, 15))
    put(f"{step}[1].action", "Capacitar")
    put(f"{step}[1].due", "15 de octubre de 2026")
    put(f"{step}[1].owner", "el equipo de liderazgo")
    put(f"{step}[1].done", "Quizás")
    put(f"{step}[2].action", "Observar")
    put(f"{step}[2].due", "pronto")
    put(f"{step}[3].owner", "Ortiz y Lee")
    put("challenges[1].evidence", "Muchos estudiantes faltan.")
    put("challenges[1].root_causes[1]", "x" * 4100)
    put("resources[1].item", "Autobús")
    put("resources[1].cost", "unos miles")
    put("resources[2].cost", -5)
    put("signoffs[0].role", "consejo escolr")
    put("signoffs[1].role", "junta escolar")
    put("prepared_by", None)
    put("monitoring.embedding", None)
    one["H60"] = "Esto no cabe"
    label = form().layout.inputs["challenges[0].evidence"][1].header
    assert label is not None
    one.cell(*label, "Otro texto")
    two["C90"] = "Sobra"
    resources["E30"] = "Esto también"
    book.create_sheet("Notas")["A1"] = "Una nota larga"
    book["Reglas"].title = "Reglas nuestras"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def checked(content: bytes) -> Result:
    """What checking a copy gives."""
    return check_file(content, "devuelto.xlsx", Context(as_of=date(2027, 1, 31)))


def answered(result: Result) -> bytes:
    """The correction copy."""
    assert result.returned is not None
    plate = correction_plate(form(), "", bool(result.returned.left_over))
    due = day_line(DUE, "es")
    who = personal(SCHOOL, blank_identity(form()), b"", due, "es")
    made = correction(form().layout, result.returned, date(2026, 10, 14), due)
    return corrected(plate, who, result.returned.cells, made)
