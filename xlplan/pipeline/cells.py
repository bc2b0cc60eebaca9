"""Every input cell of a form, as CONTRACT's `cells` document."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlplan.campaign.files import read_bytes
from xlplan.errors import UsageError
from xlplan.form.markers import Kind
from xlplan.form.spec import FormFacts, bounds
from xlplan.form.translate import YES_NO
from xlplan.layout.model import CellRef, Input, Layout
from xlplan.pipeline.check import check_file
from xlplan.pipeline.forms import form_with
from xlplan.pipeline.opening import Context
from xlplan.templates import is_pinned, is_source, template


def cells_of(source: str, context: Context | None = None) -> dict[str, Any]:
    """The cells of a template by name or by its file, or of a workbook. Raises UsageError for a file none of ours."""
    context = context or Context()
    if is_source(source) or is_pinned(source):
        layout = form_with(template(source), FormFacts()).layout
    elif source in context.templates:
        layout = form_with(context.model(source), FormFacts()).layout
    else:
        path = Path(source)
        if not path.exists():
            raise UsageError(
                f"There is no file {path}, and no template of that name. Templates: {', '.join(context.templates)}."
            )
        result = check_file(read_bytes(path), path.as_posix(), context)
        if result.form is None:
            raise UsageError(f"{path}: {result.checked.findings[0].message}")
        layout = result.form.layout
    spec = layout.spec
    return {
        "template": spec.name,
        "version": spec.version,
        "cells": [_cell(path, layout) for path in layout.inputs],
    }


def _cell(path: str, layout: Layout) -> dict[str, Any]:
    sheet, item = layout.inputs[path]
    field = item.field
    low, high = bounds(field, layout.spec.facts.window)
    return {
        "path": path,
        "sheet": sheet.title,
        "cell": CellRef(sheet.title, item.row, item.column).a1,
        "type": str(field.kind),
        "required": field.required,
        "choices": _choices(item),
        "refers_to": field.refers_to.target if field.refers_to else None,
        "label": field.label,
        "locked": item.locked,
        "min": _plain(low),
        "max": _plain(high),
        "max_length": field.limit,
    }


def _choices(item: Input) -> list[str] | None:
    if item.field.kind is Kind.YES_NO:
        return list(item.field.offered or YES_NO)
    if item.field.kind is Kind.TICK:
        return ["✓", "x"]
    return list(item.field.offered) or None


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, date) else str(Decimal(value).quantize(Decimal("0.01")))
