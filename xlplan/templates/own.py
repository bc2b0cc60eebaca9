"""A district's own template: a Python file with a model, run once per content."""

from __future__ import annotations

import hashlib
import re
import sys
import traceback
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from xlplan.errors import TemplateError, UsageError, XlplanError
from xlplan.form.inspect import spec_of
from xlplan.form.plan import Form, Plan
from xlplan.form.upgrade import Upgrade, check_upgrade
from xlplan.languages import LANGUAGES
from xlplan.templates import TEMPLATES

# the name is part of every copy's identity and of file names
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_TAKEN = ("decisions",)  # names of forms that are not templates
_NAME_LENGTH = 20


def parts_of(source: str) -> tuple[Path, str]:
    """File and class of "ours.py:OurPlan"; the class is empty where none is named."""
    if source.endswith(".py"):
        return Path(source), ""
    path, _, name = source.rpartition(":")  # a Windows path holds a colon too
    return Path(path), name


def load(source: str) -> type[Plan]:
    """The model that "ours.py:OurPlan" names; the same file content gives the same class."""
    path, name = parts_of(source)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: the template's file could not be read ({error.strerror}).") from None
    return _model(path.resolve(), name, content, _translations(path))


def translations_of(path: Path) -> tuple[Path, ...]:
    """The files beside a template's that say it in other languages, whether they are there or not: ours.es.toml."""
    return tuple(path.with_suffix(f".{language}.toml") for language in LANGUAGES)


def _translations(path: Path) -> bytes:
    """What they hold: with other words it is another template, since forms are made once for each."""
    return b"\0".join(file.read_bytes() for file in translations_of(path) if file.is_file())


@lru_cache(maxsize=64)
def _model(path: Path, name: str, content: bytes, translations: bytes) -> type[Plan]:
    module = _module(path, content, translations)
    known = [key for key, item in vars(module).items() if _is_model(item, module)]
    if name not in known:
        there = f"There is {', '.join(known)}." if known else "There is none that is a Plan."
        raise UsageError(f"{path}: name a class of this file, such as {path.name}:OurPlan. {there}")
    model: type[Plan] = getattr(module, name)
    _check_form(path, model)
    _check_past(path, model, [getattr(module, key) for key in known])
    return model


def _module(path: Path, content: bytes, translations: bytes) -> ModuleType:
    """The file's module, run. Under its own name, since pydantic looks up annotations there."""
    told = str(path).encode("utf-8", "surrogatepass") + content + translations
    digest = hashlib.sha256(told).hexdigest()[:16]
    name = f"xlplan_own_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module
    try:
        exec(compile(content, str(path), "exec"), vars(module))
    except XlplanError:
        del sys.modules[name]
        raise
    except SyntaxError as error:
        del sys.modules[name]
        raise TemplateError(f"{path}, line {error.lineno}: this is not Python ({error.msg}).") from None
    except Exception as error:  # a district's own code may raise anything; it is told its line
        del sys.modules[name]
        lines = [
            frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
        ]
        where = f", line {lines[-1]}" if lines else ""
        said = " ".join(str(error).split())[:300]
        raise TemplateError(f"{path}{where}: {type(error).__name__}: {said}") from None
    return module


def _is_model(item: object, module: ModuleType) -> bool:
    return isinstance(item, type) and issubclass(item, Plan) and item.__module__ == module.__name__


def _check_past(path: Path, model: type[Plan], known: Sequence[type[Plan]]) -> None:
    """Older versions that stand in the file say what becomes of every answer in the next one."""
    same = [item for item in known if getattr(getattr(item, "form", None), "name", "") == model.form.name]
    same.sort(key=lambda item: item.form.version)
    for old, new in pairwise(same):
        if old.form.version == new.form.version:
            raise TemplateError(
                f"{path}: {old.__name__} and {new.__name__} are both version {new.form.version} of {new.form.name!r}."
            )
        try:
            check_upgrade(old.upgrade or Upgrade(), spec_of(old), spec_of(new))
        except TemplateError as error:
            raise TemplateError(f"{path}, {old.__name__}: {error}") from None


def _check_form(path: Path, model: type[Plan]) -> None:
    """A form of its own, under a name that no other template has."""
    form = getattr(model, "form", None)
    if not isinstance(form, Form):
        raise TemplateError(f"{path}: {model.__name__} needs `form: ClassVar[Form] = Form(…)`.")
    if form.name in TEMPLATES:
        raise TemplateError(
            f"{path}: {model.__name__} has the name {form.name!r}, which is one of the five templates. "
            f"Give it a form of its own: form = replace({model.__base__.__name__ if model.__base__ else 'Base'}.form, "
            'name="ours", version=1).'
        )
    if not _NAME.fullmatch(form.name) or len(form.name) > _NAME_LENGTH or form.name in _TAKEN:
        raise TemplateError(
            f"{path}: the name {form.name!r} will not do. Take up to {_NAME_LENGTH} small letters, digits and hyphens."
        )
    if not isinstance(form.version, int) or form.version < 1:
        raise TemplateError(f"{path}: the version of {form.name!r} is a whole number from 1.")
