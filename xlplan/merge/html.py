"""How pages are made from the templates of a package: all that is put into them is escaped, nothing may be missing."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from xlplan.form.text import harmless


def environment(package: str, finalize: Callable[[object], object] | None = None) -> Environment:
    """The templates that stand in a package, `finalize` being asked about every value before it is escaped."""
    return Environment(
        loader=PackageLoader(package, package_path=""), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=finalize,
    )  # fmt: skip


def inert(value: object) -> object:
    """A `finalize`: texts without what a page or a reader would obey; markup by now is ours, or was escaped."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value
