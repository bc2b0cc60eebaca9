"""The language of a school: what a roster calls it, as the code that forms and letters go by."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

NAMES: Mapping[str, tuple[str, ...]] = {
    "": ("en", "eng", "english", "ingles"),
    "es": ("es", "spa", "esp", "spanish", "espanol", "castellano", "castilian"),
}


def language_of(text: str) -> str:
    """The code of a language by what people call it, such as "es" for Español; empty: English, or one not known."""
    return next((code for code, names in NAMES.items() if _plain(text) in names), "")


def is_known(text: str) -> bool:
    """Whether it names a language at all that xlplan speaks; so does no name."""
    return not text.strip() or any(_plain(text) in names for names in NAMES.values())


def _plain(text: str) -> str:
    """Without accents, case and what follows the language: "es" of "es-MX", "espanol" of "Español (México)"."""
    bare = unicodedata.normalize("NFKD", text.strip().casefold())
    letters = "".join(char if char.isalpha() else " " for char in bare if not unicodedata.combining(char))
    return letters.split(" ")[0] if letters.strip() else ""
