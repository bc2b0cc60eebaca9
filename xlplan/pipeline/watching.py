"""Follow a campaign's returns: what has come in completely is collected, and the status page is kept current."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.folder import ROSTER, SETTINGS
from xlplan.errors import SetupError, XlplanError
from xlplan.excel.whole import is_whole
from xlplan.findings import Checked, Finding, finding
from xlplan.ledger import REFUSED, Ledger
from xlplan.pipeline.collect import BATCH, collect
from xlplan.pipeline.incoming import File, content_of, label_of
from xlplan.pipeline.settings_check import check_settings
from xlplan.pipeline.settling import LOCKED, Settling, Stamp, stamp_of, stamps_in, why_not
from xlplan.pipeline.tracking import PAGE, keep_page, status_report

BUSY = 10.0  # seconds for which a ledger that another program writes to is waited for in one round
PAGE_SHARE = 10  # while much comes in, the page is made anew so many times as seldom as making it takes


@dataclass(frozen=True, slots=True)
class Collected:
    """Files that were collected: those that are new, and how many were recorded before."""

    items: tuple[Checked, ...]
    before: int = 0


@dataclass(frozen=True, slots=True)
class Waits:
    """A file that is not taken yet, and why: "incomplete" or "locked"."""

    file: str
    why: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something could not be done, in words; it is tried again in the next round. `setup`: the campaign is at fault."""

    text: str
    setup: bool = False


@dataclass(frozen=True, slots=True)
class Solved:
    """What was in the way is not any more."""


@dataclass(frozen=True, slots=True)
class Reread:
    """Settings or roster were changed, and hold from now on."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The status page is new."""

    path: Path


Event = Collected | Waits | Trouble | Solved | Reread | Written


class Watch:
    """One campaign's folder, from round to round. `clock`: seconds that never jump; `now`: this moment, with its zone.

    A round that fails leaves its files to the next one; nothing is taken for done before it is recorded.
    """

    def __init__(
        self,
        root: Path,
        *,
        now: Callable[[], datetime],
        clock: Callable[[], float] = time.monotonic,
        settling: Settling | None = None,
        passwords: tuple[str, ...] = (),
        busy: float = BUSY,
    ) -> None:
        self.root, self.passwords = root, passwords
        self.settling = settling or Settling()
        self._now, self._clock, self._busy = now, clock, busy
        self._campaign: Campaign | None = None
        self._read: tuple[Stamp | None, ...] = ()
        self._troubles: dict[str, Trouble] = {}  # what was tried → what came of it, until it works
        self._waits: dict[Path, str] = {}  # what was told of files that wait
        self._failed: dict[Path, int] = {}  # rounds in which a file could not be collected
        self._open: set[Path] = set()  # refused, or of no school: other settings may change that
        self._turned_away: set[Path] = set()  # while it was read, it changed or was not to be had
        self._shown: object = None  # what the page was made of
        self._page_at, self._page_took = float("-inf"), 0.0
        self.look_took = 0.0  # seconds that the last look at the folder took

    @property
    def campaign(self) -> Campaign | None:
        """The campaign as it was read last."""
        return self._campaign

    def round(self) -> Iterator[Event]:
        """Look once, collect what is complete, make the page. Stopping between two events loses nothing."""
        yield from self._reopen()
        campaign = self._campaign
        if campaign is None or "campaign" in self._troubles:
            return
        if not os.path.isdir(campaign.returns):  # noqa: PTH112 (says no where is_dir fails)
            yield from self._trouble(
                "returns", f"{campaign.returns}: is not there. Files are waited for in it."
            )
        else:
            began = self._clock()
            found, problems = stamps_in(campaign.returns)
            self.look_took = self._clock() - began
            yield from self._trouble("returns", "\n".join(problems))
            ready = self.settling.look(found, self._clock())
            self._open &= found.keys()
            yield from self._told_waits()
            yield from self._collect(campaign, ready)
        yield from self._page(campaign, last=True)

    def finish(self) -> Iterator[Event]:
        """Called at the end, where a round was not waited for: the page as things stand."""
        if self._campaign is not None and "campaign" not in self._troubles:
            yield from self._page(self._campaign, last=True)

    @property
    def is_idle(self) -> bool:
        """Whether nothing more is to come of what is there now, but for files that wait for their end or a program."""
        return self.settling.arriving <= len(self.settling.waiting)

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """What is in the way now."""
        return tuple(self._troubles.values())

    @property
    def is_stuck(self) -> bool:
        """Whether nothing can be collected."""
        return bool({"campaign", "collect"} & self._troubles.keys())

    def _reopen(self) -> Iterator[Event]:
        """Settings and roster as they are now, if they were changed."""
        files = (SETTINGS, ROSTER)
        read = tuple(_stamp(self.root / name) for name in files)
        if self._campaign is not None and read == self._read:
            yield from self._trouble("campaign", "")
            return
        try:
            found = open_campaign(self.root)
            check_settings(found)
        except (XlplanError, OSError) as error:
            yield from self._trouble("campaign", _said(error), setup=isinstance(error, SetupError))
            return
        if self._campaign is not None:
            changed = tuple(
                name for name, old, new in zip(files, self._read, read, strict=True) if old != new
            )
            self.settling.again(self._open)
            yield Reread(changed)
        self._campaign, self._read = found, read
        yield from self._trouble("campaign", "")

    def _told_waits(self) -> Iterator[Event]:
        """What has begun to wait since it was told."""
        waiting = dict(self.settling.waiting)
        for path, why in waiting.items():
            if self._waits.get(path) != why:
                yield Waits(label_of(path, self.root), why)
        self._waits = waiting

    def _collect(self, campaign: Campaign, ready: list[Path]) -> Iterator[Event]:
        """Batch by batch; what could not be collected before comes last and one by one, not to stop the others."""
        self._failed = {path: count for path, count in self._failed.items() if path in set(ready)}
        ready.sort(key=lambda path: (self._failed.get(path, 0), path))
        before = 0
        while ready:
            alone = self._failed.get(ready[0], 0)
            batch = ready[:1] if alone else [path for path in ready[:BATCH] if path not in self._failed]
            ready = ready[len(batch) :]
            try:
                checked = self._gathered(campaign, batch)
            except (XlplanError, OSError) as error:
                for path in batch:
                    self._failed[path] = self._failed.get(path, 0) + 1
                yield from self._trouble("collect", _said(error), setup=isinstance(error, SetupError))
                break
            new, known = self._settled(batch, checked)
            before += known
            if new:
                yield Collected(new)
            if ready:
                yield from self._page(campaign)
        else:
            yield from self._trouble("collect", "")
        if before:
            yield Collected((), before)

    def _gathered(self, campaign: Campaign, batch: Sequence[Path]) -> list[Checked]:
        now = self._now()
        self._turned_away.clear()
        with Ledger.open(campaign.ledger_url, patience=self._busy) as ledger:
            return collect(
                campaign, ledger, batch, received=now.date(), now=now, passwords=self.passwords,
                reading=self._all_steady,
            )  # fmt: skip

    def _all_steady(self, paths: Sequence[File], passwords: Sequence[str]) -> Iterator[bytes | Finding]:
        """The files' bytes, of those that are still what they were when they were taken for complete."""
        return (self._steady(path, passwords) for path in paths if isinstance(path, Path))

    def _steady(self, path: Path, passwords: Sequence[str]) -> bytes | Finding:
        """A file's bytes if it is still what it was; else it is left for later."""
        content = content_of(path, passwords)
        if _stamp(path) == self.settling.stamp(path):
            if isinstance(content, Finding) and why_not(path) != LOCKED:
                return content
            late = self.settling.out_of_patience(path, self._clock())
            if isinstance(content, bytes) and (late or is_whole(io.BytesIO(content))):
                return content
        self._turned_away.add(path)
        return finding("damaged", detail=": it changed while it was read")

    def _settled(self, batch: Sequence[Path], checked: Sequence[Checked]) -> tuple[tuple[Checked, ...], int]:
        """What is new of these files, and how many were recorded before; some are left for later."""
        new: list[Checked] = []
        before = 0
        for path, item in zip(
            batch, checked, strict=False
        ):  # what was put together from parts has no file here
            if path in self._turned_away:
                continue
            self.settling.take(path)
            self._waits.pop(path, None)
            known = self._open.discard if item.school_id and item.outcome != REFUSED else self._open.add
            known(path)
            # after a failure it may be recorded, and nobody was told
            if item.already and not self._failed.pop(path, 0):
                before += 1
            else:
                new.append(item)
        return (*new, *checked[len(batch) :]), before

    def _page(self, campaign: Campaign, *, last: bool = False) -> Iterator[Event]:
        """The status page, if anything that it tells may have changed; in between not more often than it is worth."""
        began = self._clock()
        if not last and began - self._page_at < PAGE_SHARE * self._page_took:
            return
        path = campaign.reports / PAGE
        now = self._now()
        try:
            with Ledger.open_to_ask(campaign.ledger_url, self._busy) as ledger:
                shown = (ledger.head(), self._read, now.date(), self._open, _stamp(path))
                if shown == self._shown:
                    return
                new = keep_page(status_report(campaign, ledger, now.date(), now), path)
        except (XlplanError, OSError) as error:
            yield from self._trouble("page", _said(error))
            return
        self._shown = (*shown[:3], set(self._open), _stamp(path))
        self._page_at, self._page_took = self._clock(), self._clock() - began
        yield from self._trouble("page", "")
        if new:
            yield Written(path)

    def _trouble(self, what: str, text: str, *, setup: bool = False) -> Iterator[Event]:
        """What is in the way, told once until it is another or gone."""
        before, told = self._troubles.get(what), Trouble(text, setup)
        if not text:
            self._troubles.pop(what, None)
            if before:
                yield Solved()
        elif told != before:
            self._troubles[what] = told
            yield told


def _stamp(path: Path) -> Stamp | None:
    try:
        return stamp_of(path)
    except OSError:
        return None


def _said(error: Exception) -> str:
    """What an error says to people."""
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'}: {error.strerror or error}."
    return str(error)
