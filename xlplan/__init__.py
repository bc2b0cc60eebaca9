"""xlplan: locked planning workbooks for every school, and a district summary of what comes back."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.2.0"

if TYPE_CHECKING:
    from xlplan.campaign import open_campaign
    from xlplan.form.inspect import spec_of
    from xlplan.layout.place import place
    from xlplan.notebook import load
    from xlplan.templates import template

_HOMES = {
    "load": "xlplan.notebook",
    "open_campaign": "xlplan.campaign",
    "place": "xlplan.layout.place",
    "spec_of": "xlplan.form.inspect",
    "template": "xlplan.templates",
}
__all__ = ["__version__", "load", "open_campaign", "place", "spec_of", "template"]


def __getattr__(name: str) -> Any:
    """Exports are imported when first used, so that `xlplan --version` stays quick."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'xlplan' has no attribute {name!r}")


def __dir__() -> list[str]:
    """The exports, for people who look around."""
    return sorted({*globals(), *_HOMES})
