"""The command that follows returns/: collects what comes in, keeps the status page, and says what it did."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from xlplan.cli import show
from xlplan.cli.files import ERRORS, REFUSED, in_words, tell_collected
from xlplan.cli.kept import Summary
from xlplan.cli.options import Folder, Json, Passwords, Quiet, Verbose, campaign_in, passwords_of
from xlplan.errors import UsageError

if TYPE_CHECKING:
    from xlplan.findings import Checked
    from xlplan.pipeline.watching import Event, Watch

SLICE = 0.2  # seconds after which a wait looks whether it shall end
SETUP, USAGE = 4, 2
ENDING = b"\nEnding when what is under way is done; Ctrl-C once more ends at once.\n"
WHY = {
    "incomplete": "it is not all there yet; it is collected when it is, or as it is after {patience} without a change",
    "locked": "it cannot be opened yet; a program may hold it, or you may not read it",
}


def watch(
    folder: Folder = None,
    every: Annotated[
        float, typer.Option(metavar="SECONDS", help="How often to look, if there is nothing to do.")
    ] = 2.0,
    settled: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="For how long a file must not change before it is collected."),
    ] = 3.0,
    once: Annotated[
        bool, typer.Option("--once", help="Collect what is there as soon as it is complete, and end.")
    ] = False,
    open_: Annotated[bool, typer.Option("--open", help="Show the status page in the browser.")] = False,
    password: Passwords = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Collect what comes into returns/ as it comes, until Ctrl-C. Example: xlplan watch -C autumn

    A file is taken once it is written completely; reports/status.html is kept current.
    """
    from xlplan.pipeline.settling import Settling
    from xlplan.pipeline.watching import Watch

    if not (math.isfinite(every) and math.isfinite(settled) and every > 0 and settled >= 0):
        raise UsageError("--every and --settled: give seconds, such as 2 or 0.5.")
    root = campaign_in(folder).root
    watching = Watch(
        root,
        now=lambda: datetime.now().astimezone(),
        settling=Settling(settled=settled),
        passwords=passwords_of(password),
    )
    told = Told(watching, as_json=as_json, open_page=open_)
    told.begin(root)
    with stopping() as stop:
        followed(watching, told, stop, every=every, once=once)
    told.end()
    if once and (waiting := len(watching.settling.waiting)):
        show.aside(f"{show.counted(waiting, 'file')} not taken: not all there yet, or not to be opened.")
    if once:
        _exit(told)


class Stop:
    """Whether somebody asked to end."""

    def __init__(self) -> None:
        self._asked = False

    def ask(self) -> None:
        """End when what is under way is done."""
        self._asked = True

    def is_asked(self) -> bool:
        """Whether to end."""
        return self._asked


def followed(
    watching: Watch,
    told: Told,
    stop: Stop,
    *,
    every: float,
    once: bool,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Round after round until `stop` is asked for; `once`: until nothing more is to come of what is there."""
    from xlplan.pipeline.watching import Collected

    while not stop.is_asked():
        collected = False
        for event in watching.round():
            told(event)
            collected = collected or isinstance(event, Collected)
            if stop.is_asked():
                for last in watching.finish():
                    told(last)
                return
        if once and (watching.is_stuck or watching.is_idle):
            return
        # a share that takes long to look at is looked at less often
        rest = 0.0 if collected else max(every, 2 * watching.look_took)
        while rest > 0 and not stop.is_asked():
            sleep(min(SLICE, rest))
            rest -= SLICE


@contextmanager
def stopping() -> Iterator[Stop]:
    """The first Ctrl-C (or SIGTERM) asks to end after what is under way, the second one ends at once."""
    stop = Stop()

    def asked(number: int, _frame: object) -> None:
        if stop.is_asked():
            raise KeyboardInterrupt
        stop.ask()
        if number == signal.SIGINT:
            with suppress(OSError):  # a print could be under way, and is not to be entered twice
                os.write(2, ENDING)

    signals = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before: dict[signal.Signals, Any] = {}
    for one in signals:
        with suppress(ValueError):  # only a program's main thread hears of signals
            before[one] = signal.signal(one, asked)
    try:
        yield stop
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


@dataclass(slots=True)
class Told:
    """Says what happens: a line a file for people, or a JSON document a line."""

    watching: Watch
    as_json: bool
    open_page: bool
    summary: Summary = field(default_factory=Summary)
    before: int = 0

    def begin(self, root: Path) -> None:
        """What is watched."""
        if not self.as_json:
            show.chat(
                f"Watching {root / 'returns'}; Ctrl-C ends. Status page: {root / 'reports' / 'status.html'}"
            )

    def __call__(self, event: Event) -> None:
        """One event."""
        from xlplan.pipeline.watching import Collected, Reread, Solved, Trouble, Waits, Written

        match event:
            case Collected():
                self._collected(event.items, event.before)
            case Waits(file=file, why=why):
                patience = f"{self.watching.settling.patience / 60:.0f} minutes"
                self._say(
                    {"event": "waiting", "file": file, "why": why},
                    f"{show.one_line(file)}: {WHY[why].format(patience=patience)}.",
                )
            case Trouble(text=text):
                self._say({"event": "trouble", "message": text})
                if not self.as_json:
                    show.aside(f"{text}\nThis is tried again until it works; nothing is lost.")
            case Solved():
                self._say({"event": "solved"}, "That works again.")
            case Reread(files=files):
                self._say(
                    {"event": "reread", "files": list(files)},
                    f"{' and '.join(files)} read again: what was changed holds from now on.",
                )
            case Written(path=path):
                self._say({"event": "page", "file": path.as_posix()})
                if self.open_page:
                    self.open_page = False
                    show_page(path)

    def _collected(self, items: tuple[Checked, ...], before: int) -> None:
        campaign = self.watching.campaign
        assert campaign is not None
        for item in items:
            self.summary.add(item)
        self.before += before
        self._say({"event": "collected", "files": [item.as_json() for item in items], "before": before})
        if self.as_json:
            return
        for item in items:
            tell_collected(campaign, item)
        if before:
            show.chat(f"{show.counted(before, 'file')} recorded before.")

    def _say(self, document: dict[str, Any], words: str = "") -> None:
        if self.as_json:
            show.event(document)
        elif words:
            show.chat(words)

    def end(self) -> None:
        """What was done in all."""
        summary = self.summary.as_json()
        summary["files"] += self.before
        summary["already"] += self.before
        if self.as_json:
            show.event({"event": "ended", "summary": summary})
        else:
            show.say(f"In all: {in_words(summary)}")


def show_page(path: Path) -> None:
    """Open the page in a browser; on a machine without a screen say where it is."""
    screen = (
        os.name == "nt"
        or sys.platform == "darwin"
        or {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & os.environ.keys()
    )
    if not (screen and webbrowser.open(path.absolute().as_uri())):
        show.aside(f"No browser could be opened. The page is {path}.")


def _exit(told: Told) -> None:
    """Ends as `collect` would."""
    if told.watching.troubles:
        raise typer.Exit(SETUP if any(one.setup for one in told.watching.troubles) else USAGE)
    outcomes = told.summary.every
    if "refused" in outcomes:
        raise typer.Exit(REFUSED)
    if "rejected" in outcomes or told.watching.settling.waiting:
        raise typer.Exit(ERRORS)
