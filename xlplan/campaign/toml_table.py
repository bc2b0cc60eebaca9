"""One table of a TOML file; values are taken by key and type, problems gathered and not thrown."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from xlplan.campaign.nearest import nearest


class Table:
    """The values under one heading. Where a value will not do, a problem is noted and a stand-in returned."""

    def __init__(
        self, name: str, values: object, problems: list[str], known: Collection[str] | None = None
    ) -> None:
        self.name = name
        self.problems = problems
        self.values: dict[str, Any] = values if isinstance(values, dict) else {}
        if not isinstance(values, dict):
            problems.append(f"{name} must be a table of settings, not {kind(values)}.")
        for key in self.values:
            if known is not None and key not in known:
                unknown(f"in {name}", key, known, problems)

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def problem(self, key: str, text: str) -> None:
        """Note that the value of this key will not do."""
        self.problems.append(f"{self.name} {key}: {text}")

    def text(self, key: str, default: str | None = "") -> str:
        """A text; `default` None means that it must be there and hold something."""
        value = self.values.get(key, default)
        if value is None or (default is None and isinstance(value, str) and not value.strip()):
            self.problem(key, "is missing.")
        elif not isinstance(value, str):
            self.problem(key, f"must be a text in quotes, not {kind(value)}.")
        else:
            return value
        return ""

    def one_of(self, key: str, choices: Collection[str], default: str) -> str:
        """One of these words."""
        value = self.text(key, default)
        if value in choices:
            return value
        if isinstance(self.values.get(key), str):
            self.problem(
                key,
                f'"{value}" is not one of {", ".join(choices)}; the nearest is "{nearest(value, choices)}".',
            )
        return default

    def day(self, key: str, *, required: bool = False) -> date | None:
        """A day, as a TOML date or as text; None where there is none."""
        value = self.values.get(key)
        if value is None:
            if required:
                self.problem(key, "is missing; give a day such as 2026-09-01.")
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return datetime.strptime(value, "%Y-%m-%d").date()
        except (TypeError, ValueError):
            self.problem(key, f"must be a day such as 2026-09-01, not {kind(value)}.")
            return None

    def count(self, key: str) -> int:
        """A whole number of at least 1."""
        value = self.values[key]
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.problem(key, f"must be a whole number of at least 1, not {kind(value)}.")
        return 1

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, none of them empty."""
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
            return tuple(value)
        self.problem(key, 'must be a list of texts such as ["one", "two"], none of them empty.')
        return ()


def unknown(where: str, key: str, known: Collection[str], problems: list[str]) -> None:
    """Note a key that we do not know, with the nearest that we do."""
    problems.append(f'unknown key "{key}" {where}; the nearest known key is "{nearest(key, known)}".')


def kind(value: object) -> str:
    """What a TOML value is, in words; short values are quoted."""
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f'"{value[:40]}"'
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"the date or time {value}"
