"""A campaign as a folder: made, opened, and where things stand in it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from xlplan.campaign.files import read_bytes, write_safely
from xlplan.campaign.former import former_schools
from xlplan.campaign.names import copy_path
from xlplan.campaign.nearest import did_you_mean, nearest
from xlplan.campaign.roster import Roster, School
from xlplan.campaign.roster_csv import read_roster, write_roster
from xlplan.campaign.settings import Settings
from xlplan.campaign.starters import write_starters
from xlplan.campaign.toml_read import read_settings
from xlplan.campaign.toml_write import write_settings
from xlplan.errors import SetupError, UsageError, XlplanError
from xlplan.templates import TEMPLATES, is_pinned, is_source, template

if TYPE_CHECKING:
    from xlplan.form.plan import Plan

SETTINGS, ROSTER, KEY, LEDGER = "campaign.toml", "roster.csv", "signing.key", "ledger.sqlite"
FOLDERS = ("copies", "returns", "corrections", "reports")
KEY_LENGTH = 32


@dataclass(frozen=True, kw_only=True)
class Campaign:
    """One round of collecting. `key` signs its copies and is never shown.

    `own`: the district's own templates, name → file and class, and older versions held to, name → "sfss@1".
    `named`: what settings and roster write for these → name.
    """

    root: Path
    settings: Settings
    roster: Roster
    key: bytes = field(repr=False)
    own: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def copies(self) -> Path:
        """Where issued copies stand, a folder per district."""
        return self.root / "copies"

    @property
    def returns(self) -> Path:
        """Where returned files are dropped."""
        return self.root / "returns"

    @property
    def corrections(self) -> Path:
        """Where correction copies stand, a folder per district."""
        return self.root / "corrections"

    @property
    def reports(self) -> Path:
        """Where rollups go."""
        return self.root / "reports"

    @property
    def ledger_url(self) -> str:
        """The ledger's database URL; a file name in the settings is a SQLite file within the folder."""
        named = self.settings.ledger or LEDGER
        return named if "://" in named else "sqlite:///" + (self.root.absolute() / named).as_posix()

    @property
    def template(self) -> str:
        """The name of the campaign's main template."""
        return self.named.get(self.settings.template, self.settings.template)

    @cached_property
    def templates(self) -> tuple[str, ...]:
        """The names of all templates in use, the main one first."""
        return tuple(dict.fromkeys([self.template, *map(self.template_of, self.roster.schools)]))

    def template_of(self, school: School) -> str:
        """The name of this line's template."""
        written = school.template or self.settings.template
        return self.named.get(written, written)

    def model(self, name: str) -> type[Plan]:
        """The template of that name, the campaign's own ones too; raises UsageError if there is none."""
        return template(name, self.own)

    def school(self, key: str) -> School:
        """The roster's first line for this school; raises UsageError naming the nearest if there is none."""
        return self.plans_of(key)[0]

    def plans_of(self, key: str) -> tuple[School, ...]:
        """All lines for this school, one per template; raises UsageError if there is none."""
        if key not in self._lines:
            left = next(
                (item for item in reversed(former_schools(self.root)) if item.school.key == key), None
            )
            if left is not None:
                raise UsageError(
                    f"{key}: {left.school.name} left the roster on {left.until}. What it returned is in the ledger: "
                    f"xlplan history {key}"
                )
            raise UsageError(f'There is no school "{key}" on the roster.{did_you_mean(key, self._lines)}')
        return self._lines[key]

    def copy_path(self, school: School, part: str = "") -> PurePosixPath:
        """Where this line's copy, or that of a part, stands in the folder; named by template if there are several."""
        return copy_path(school, self.template_of(school), len(self.plans_of(school.key)) > 1, part)

    @cached_property
    def _lines(self) -> dict[str, tuple[School, ...]]:
        lines: dict[str, tuple[School, ...]] = {}
        for school in self.roster.schools:
            lines[school.key] = (*lines.get(school.key, ()), school)
        return lines


def create(
    root: Path, settings: Settings, schools: Iterable[School], files: Mapping[str, bytes] | None = None
) -> Campaign:
    """Make the folder with everything in it and open it; `files` are the district's own templates, by name.

    Raises UsageError if there is a campaign already, another roster, or another file of such a name. Broken off, it
    can be run again.
    """
    if (root / SETTINGS).exists():
        raise UsageError(
            f"{root / SETTINGS}: there is a campaign in this folder already. Choose another folder."
        )
    schools = tuple(schools)
    _check(root, settings, schools, {})
    try:
        for name in FOLDERS:
            (root / name).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise XlplanError(f"{root}: the folder could not be made ({error.strerror}).") from error
    _keep_roster(root / ROSTER, schools)
    for name, content in (files or {}).items():
        _keep_file(root / name, content)
    if not (root / KEY).exists():
        write_safely(root / KEY, secrets.token_bytes(KEY_LENGTH).hex().encode() + b"\n", mode=0o600)
    write_starters(root)
    write_settings(root / SETTINGS, settings)  # last: its presence makes the folder a campaign
    return open_campaign(root)


def open_campaign(root: Path) -> Campaign:
    """The campaign in this folder. Raises UsageError if it holds none, SetupError if it is at fault."""
    if not (root / SETTINGS).is_file():
        raise UsageError(
            f"{root}: there is no {SETTINGS} here, so this is not a campaign. Make one with `xlplan init`."
        )
    if not (root / ROSTER).is_file():
        raise SetupError(f"{root / ROSTER}: the campaign's roster is gone. Put it back under this name.")
    settings, roster = read_settings(root / SETTINGS), read_roster(root / ROSTER)
    own, named = own_templates(root, [settings.template, *(school.template for school in roster.schools)])
    _check(root, settings, roster.schools, named)
    return Campaign(root=root, settings=settings, roster=roster, key=_key(root / KEY), own=own, named=named)


def own_templates(root: Path, written: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """A district's own templates and older versions among these: name → absolute source, and what is written → name.

    Raises SetupError where a file is not there or at fault, or two have one name.
    """
    own: dict[str, str] = {}
    named: dict[str, str] = {}
    written = dict.fromkeys(written)
    for pinned in filter(is_pinned, written):
        name = pinned.partition("@")[0]
        if own.setdefault(name, pinned) != pinned or name in written:
            raise SetupError(
                f"{root / SETTINGS} and {ROSTER}: they name {name} in two versions. Name one; what comes back on an "
                "older version is carried over."
            )
        _template(root, pinned, pinned)
        named[pinned] = name
    for source in filter(is_source, written):
        absolute = (root.absolute() / source).as_posix()
        name = _template(root, source, absolute).form.name
        if own.setdefault(name, absolute) != absolute:
            raise SetupError(f"{root}: two templates have the name {name!r}: {own[name]} and {absolute}.")
        named[source] = name
    return own, named


def _template(root: Path, written: str, source: str) -> type[Plan]:
    try:
        return template(source)
    except UsageError as error:
        raise SetupError(f"{root / SETTINGS} or {ROSTER}, template {written!r}: {error}") from None


def unknown_templates(campaign: Campaign) -> tuple[str, ...]:
    """The names of templates in settings and roster that are not there."""
    return tuple(name for name in campaign.templates if name not in TEMPLATES and name not in campaign.own)


def find_campaign(cwd: Path | None = None) -> Campaign | None:
    """The campaign in this folder (by default the current one), or None if it holds no campaign.toml."""
    root = Path.cwd() if cwd is None else cwd
    return open_campaign(root) if (root / SETTINGS).is_file() else None


def _key(path: Path) -> bytes:
    advice = "Put it back from a backup: without it no copy that was sent out can be recognised."
    if not path.is_file():
        raise SetupError(f"{path}: the campaign's key is gone. {advice}")
    try:
        key = bytes.fromhex(read_bytes(path).decode("ascii").strip())
    except ValueError:
        key = b""
    if len(key) != KEY_LENGTH:
        raise SetupError(f"{path}: this is not a key of {KEY_LENGTH} bytes in hexadecimal. {advice}")
    return key


def _keep_roster(path: Path, schools: tuple[School, ...]) -> None:
    """Write the roster, unless the same schools stand there: it may be the file that `init` was given."""
    if not path.exists():
        write_roster(path, schools)
    elif read_roster(path).schools != schools:
        raise UsageError(f"{path}: there is another roster here. Move it away, or choose another folder.")


def _keep_file(path: Path, content: bytes) -> None:
    if not path.exists():
        write_safely(path, content)
    elif read_bytes(path) != content:
        raise UsageError(
            f"{path}: there is another file of this name. Move one of the two away, or rename it."
        )


def _check(root: Path, settings: Settings, schools: tuple[School, ...], named: Mapping[str, str]) -> None:
    """Settings and roster have to fit each other."""
    keys = {school.key for school in schools}
    places = [(f"[slots.{key}]", key) for key in settings.school_slots]
    places += [("[extension]", key) for key in settings.extensions]
    places += [("[campaign] split", key) for key in settings.split_schools]
    places += [("[[waiver]] school", waiver.school) for waiver in settings.waivers if waiver.school]
    problems = [
        f'{root / SETTINGS}: {place}: there is no school "{key}" on the roster; '
        f'the nearest is "{nearest(key, keys)}".'
        for place, key in places
        if key not in keys
    ]
    plans: set[tuple[str, str]] = set()
    for school in schools:
        written = school.template or settings.template
        plan = school.key, named.get(written, written)
        if plan in plans:
            problems.append(
                f"{root / ROSTER}: {school.key} ({school.name}) stands there twice for template {plan[1]}."
            )
        plans.add(plan)
    if not schools:
        problems.append(f"{root / ROSTER}: there is no school on the roster.")
    if problems:
        raise SetupError("\n".join(problems))
