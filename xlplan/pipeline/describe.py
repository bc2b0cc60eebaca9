"""The templates in words and as data: sheets, fields, choices, help, checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlplan.checks import described
from xlplan.errors import UsageError
from xlplan.form.author import check_spec
from xlplan.form.inspect import spec_of, translatable, untranslated
from xlplan.form.plan import Plan
from xlplan.form.spec import Field, FormFacts, Group
from xlplan.form.translate import file_of, languages_of, place_of, skeleton, speaks
from xlplan.languages import LANGUAGES
from xlplan.pipeline.forms import FormOf, form_with
from xlplan.templates import NO_OTHERS, TEMPLATES, template, versions


def overview(own: Mapping[str, str] = NO_OTHERS) -> dict[str, Any]:
    """All templates, a line each, a campaign's own (name → source) behind the five."""
    return {"templates": [_line(_form(name, own)) for name in dict.fromkeys((*TEMPLATES, *own))]}


def translation(name: str, language: str, own: Mapping[str, str] = NO_OTHERS) -> dict[str, Any]:
    """What a template says in a language and what it does not say yet. Raises UsageError for an unknown one.

    Raises TemplateError for what no form can say, too.
    """
    model = _spoken_model(name, language, own)
    if speaks(model, language):
        check_spec(spec_of(model, FormFacts(language=language)))
    open_ = untranslated(model, language)
    texts = translatable(model)
    return {
        "template": model.form.name,
        "language": language,
        "file": str(file_of(model, language) or ""),
        "texts": len(texts),
        "missing": [{"place": place_of(key), "text": english} for key, english in open_.items()],
    }


def skeleton_of(name: str, language: str, own: Mapping[str, str] = NO_OTHERS) -> str:
    """A file in which what a template does not say yet in a language is left open."""
    return skeleton(untranslated(_spoken_model(name, language, own), language))


def _spoken_model(name: str, language: str, own: Mapping[str, str]) -> type[Plan]:
    if language not in LANGUAGES:
        known = ", ".join(f"{code} ({title})" for code, title in LANGUAGES.items())
        raise UsageError(f"--language: {language!r} is not known here; there is {known}.")
    return template(name, own)


def _form(name: str, own: Mapping[str, str]) -> FormOf:
    return form_with(template(name, own), FormFacts())


def _line(form: FormOf) -> dict[str, Any]:
    layout = form.layout
    return {
        "name": form.model.form.name,
        "version": form.model.form.version,
        "versions": list(versions(form.model)),
        "title": form.model.form.title,
        "source": form.model.form.source,
        "sheets": sum(1 for sheet in layout.sheets if not sheet.hidden),
        "cells": sum(1 for _, item in layout.inputs.values() if not item.locked),
        "languages": ["en", *languages_of(form.model)],
    }


def describe(name: str, own: Mapping[str, str] = NO_OTHERS) -> dict[str, Any]:
    """One template: its sheets, and every group with its fields. Raises UsageError for an unknown name."""
    form = _form(name, own)
    spec = form.layout.spec
    sheets = [
        {"title": sheet.title, "purpose": sheet.purpose, "holds": list(sheet.holds)}
        for sheet in spec.form.sheets
    ]
    groups = [
        {
            "path": path,
            "label": group.label,
            "slots": group.slots,
            "minimum": group.minimum,
            "fields": [_field(item) for item in group.fields],
        }
        for path, group in spec.walk()
    ]
    return _line(form) | {
        "purpose": spec.form.purpose,
        "sheet": sheets,
        "groups": groups,
        "checks": described(spec),
    }


def _field(item: Field) -> dict[str, Any]:
    return {
        "name": item.name,
        "label": item.label,
        "type": str(item.kind),
        "required": item.required,
        "choices": list(item.choices) or None,
        "refers_to": item.refers_to.target if item.refers_to else None,
        "max_length": item.limit,
        "help": item.message or item.guide or None,
    }


def in_words(name: str, own: Mapping[str, str] = NO_OTHERS) -> str:
    """One template for a terminal."""
    form = _form(name, own)
    spec, past = form.layout.spec, ", ".join(map(str, versions(form.model)[:-1]))
    known = [f"Older versions: {past}"] if past else []
    out = [f"{spec.name}, version {spec.version}: {spec.form.title}", f"From: {spec.form.source}", *known, ""]
    for sheet in spec.form.sheets:
        out.append(f"{sheet.title}: {sheet.purpose}")
    for path, group in spec.walk():
        out += ["", f"{path or 'plan'}{_capacity(group)}"]
        out += [f"  {_said(item)}" for item in group.fields]
    out += ["", "Checks"]
    out += [
        f"  {item['code']} ({item['severity']}): {item['rule']} {item['source']}" for item in described(spec)
    ]
    return "\n".join(out)


def _capacity(group: Group) -> str:
    if group.slots is None:
        return ""
    at_least = f", at least {group.minimum}" if group.minimum else ""
    return f": {group.label}, up to {group.slots}{at_least}"


def _said(item: Field) -> str:
    star = " *" if item.required else ""
    choices = f" {{{' | '.join(item.choices)}}}" if item.choices else ""
    return f"{item.name}: {item.kind}{star}  {item.label}{choices}"
