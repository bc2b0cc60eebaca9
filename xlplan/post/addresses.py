"""E-mail addresses as rosters have them: one or several in a cell, some with a name before them."""

from __future__ import annotations

import re
from dataclasses import dataclass

# what RFC 5321 takes without quotes; letters beyond ASCII need mail servers that few schools have
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@(?:{_LABEL}\.)+{_LABEL}")
_NAMED = re.compile(r"[^<>]*<([^<>]*)>")
_QUOTED = re.compile(
    r'"[^"]*"(?=\s*<)'
)  # a name with a comma in it; what stands in quotes alone may be an address
_SCHEME = "mailto:"
_LONGEST = 254


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses in a roster's cell, each once; `faults`: what stands there and is none."""

    good: tuple[str, ...]
    faults: tuple[str, ...]


def addresses_of(text: str) -> Addresses:
    """The addresses in a cell, separated by commas, semicolons or blanks."""
    good: dict[str, None] = {}
    faults = []
    for part in _parts(text):
        address = _ascii(part.removeprefix(_SCHEME))
        if _ADDRESS.fullmatch(address) and len(address) <= _LONGEST:
            good[address] = None
        else:
            faults.append(part)
    return Addresses(tuple(good), tuple(faults))


def _parts(text: str) -> list[str]:
    found: list[str] = []
    for chunk in re.split(r"[;,]", _QUOTED.sub(" ", text).replace('"', " ")):
        named = _NAMED.fullmatch(chunk.strip())
        # words without an address among them are one mistake, not several
        words = chunk.split() if "@" in chunk else [" ".join(chunk.split())]
        found += [named[1].strip()] if named else words
    return [part for part in found if part]


def _ascii(address: str) -> str:
    """The address with a domain that mail servers know: schüler.example is xn--schler-5ya.example to them."""
    local, at, domain = address.rpartition("@")
    try:
        return (
            f"{local}{at}{domain.encode('idna').decode('ascii')}" if at and not domain.isascii() else address
        )
    except UnicodeError:
        return address
