"""A real LibreOffice for tests: opens a workbook, types, reads, saves, and is killed when it hangs.

    with LibreOffice() as office:
        result = office.run(path, type=[("Plan", "C4", "D. Okafor")], values="all", save=[out])
        assert result.typed[0].value == "D. Okafor"

`uno_typist.py` beside this file does the work, under the Python that has `uno`.
"""

import contextlib
import functools
import json
import os
import queue
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Literal, Self

UNO_PYTHON = Path("/usr/bin/python3")
TYPIST = Path(__file__).with_name("uno_typist.py")
START_SECONDS = 90.0


class LibreOfficeError(Exception):
    """The job was not done; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell as LibreOffice holds it.

    `type` and `value` tell a formula's result; dates are numbers (serials). `string` is the text shown, None
    in the cells of `values="all"`. `changed` is None for cells that were only read. `problem` says why nobody
    could type there at all (no such sheet, sheet hidden); a lock or a rule that refused shows as `changed`
    False.
    """

    sheet: str
    cell: str
    type: Literal["text", "number", "error", "empty"] = "empty"
    value: str | float | None = None
    string: str | None = None
    formula: str | None = None
    changed: bool | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a job did: typed and cleared cells in the order asked, values in sheet order, files written."""

    typed: tuple[Cell, ...]
    cleared: tuple[Cell, ...]
    values: tuple[Cell, ...]
    saved: tuple[Path, ...]
    seconds: float

    def value(self, sheet: str, a1: str) -> str | float | None:
        """The value read from a cell by `values`, None where it is empty or was not asked for."""
        return next((one.value for one in self.values if (one.sheet, one.cell) == (sheet, a1)), None)

    def by_cell(self) -> dict[tuple[str, str], Cell]:
        """The cells of `values` under (sheet, a1)."""
        return {(one.sheet, one.cell): one for one in self.values}

    @property
    def unchanged(self) -> tuple[Cell, ...]:
        """The typed cells that hold what they held before: refused, or the same typed again."""
        return tuple(one for one in self.typed if not one.changed)


@functools.cache
def available() -> str | None:
    """None when LibreOffice can be driven here, otherwise what is missing."""
    if os.name != "posix":
        return "process groups are needed to stop a hanging soffice"
    if shutil.which("soffice") is None:
        return "soffice is not on the PATH"
    if not UNO_PYTHON.exists():
        return f"{UNO_PYTHON} is not there"
    tried = subprocess.run([UNO_PYTHON, "-c", "import uno"], capture_output=True, timeout=60, check=False)
    return None if tried.returncode == 0 else f"{UNO_PYTHON} has no uno module (python3-uno)"


class LibreOffice:
    """One soffice for many jobs, started by the first and again after a failure that ended it.

    Not for several threads at once. A job longer than `timeout` seconds is killed with all its processes.
    """

    def __init__(self, timeout: float = 120.0) -> None:
        self.timeout = timeout
        self._process: subprocess.Popen[str] | None = None
        self._replies: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader: threading.Thread | None = None
        self._log: IO[str] | None = None
        self._home: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(
        self,
        path: Path | str,
        *,
        change: Iterable[Sequence[object]] = (),
        type: Iterable[tuple[str, str, str]] = (),
        clear: Iterable[tuple[str, str]] = (),
        recalculate: bool = False,
        values: Literal["all"] | Iterable[tuple[str, str]] = (),
        save: Sequence[Path | str] = (),
        timeout: float | None = None,
    ) -> Result:
        """Open a workbook, change, type, clear, recalculate, read, save, in this order; the file stays as it is.

        `change` is (what, sheet, …), one of CHANGES in uno_typist.py: structure, with the protection lifted.

        `type` is (sheet, a1, text) with real key strokes and Enter, so locks, lists and rules are honoured; a
        line break in the text is Ctrl+Enter. `save` paths end in .xlsx, .ods, .xls or .pdf. Raises
        LibreOfficeError.
        """
        answer = self._ask(
            {
                "open": str(Path(path).resolve()),
                "change": [list(one) for one in change],
                "type": list(type),
                "clear": list(clear),
                "recalculate": recalculate,
                "values": values if values == "all" else list(values),
                "save": [str(Path(one).resolve()) for one in save],
            },
            timeout or self.timeout,
        )
        return Result(
            typed=_cells(answer["typed"]),
            cleared=_cells(answer["cleared"]),
            values=_cells(answer["values"]),
            saved=tuple(map(Path, answer["saved"])),
            seconds=answer["seconds"],
        )

    def close(self) -> None:
        """End soffice: politely, and by force after 20 seconds."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(20)
        self._kill()

    def _ask(self, job: dict[str, Any], timeout: float) -> dict[str, Any]:
        process = self._running()
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(job) + "\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise LibreOfficeError(f"LibreOffice is gone; its last words: {self._last_words()}") from None
        answer = self._reply(timeout, f"opening {job['open']}")
        if not answer["ok"]:
            if answer.get("over"):
                self._kill()
            raise LibreOfficeError(answer["error"])
        return answer

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self._kill()
        # soffice keeps its profile and its temporary files in here, so a killed one leaves nothing behind.
        self._home = tempfile.TemporaryDirectory(prefix="xlplan-office-")
        self._log = (Path(self._home.name) / "stderr.txt").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [UNO_PYTHON, "-X", "utf8", TYPIST],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
            start_new_session=True,
            env=_plain_environment() | {"TMPDIR": self._home.name},
        )
        self._replies = queue.SimpleQueue()
        assert self._process.stdout is not None
        self._reader = threading.Thread(
            target=_pass_on, args=(self._process.stdout, self._replies), name="soffice replies", daemon=True
        )
        self._reader.start()
        if not self._reply(START_SECONDS, "starting").get("ready"):
            self._kill()
            raise LibreOfficeError("soffice did not start")
        return self._process

    def _reply(self, timeout: float, doing: str) -> dict[str, Any]:
        try:
            line = self._replies.get(timeout=timeout)
        except queue.Empty:
            self._kill()
            raise LibreOfficeError(f"LibreOffice was killed after {timeout:g} s of {doing}") from None
        if not line:
            words = self._last_words()
            self._kill()
            raise LibreOfficeError(f"LibreOffice ended while {doing}; its last words: {words}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        if self._log is None or self._log.closed:
            return "none"
        self._log.seek(0)
        return self._log.read()[-600:].strip() or "none"

    def _kill(self) -> None:
        """End the whole process group that was started here, and take back every handle of it."""
        process, self._process = self._process, None
        if process is not None:
            # The group outlives its leader as long as soffice runs.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if self._reader is not None:
                self._reader.join(10)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    _close(pipe)
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._home is not None:
            shutil.rmtree(self._home.name, ignore_errors=True)
            self._home.cleanup()
            self._home = None


def to_png(
    workbook: Path | str, out_dir: Path | str, dpi: int = 70, *, office: LibreOffice | None = None
) -> list[Path]:
    """The printed pages of a workbook as `<name>-01.png` …, in page order; leaves `<name>.pdf` beside them.

    Starts and ends a LibreOffice of its own unless given one. Raises LibreOfficeError.
    """
    if shutil.which("pdftoppm") is None:
        raise LibreOfficeError("pdftoppm (poppler-utils) is not on the PATH")
    if office is None:
        with LibreOffice() as own:
            return to_png(workbook, out_dir, dpi, office=own)
    folder = Path(out_dir)
    folder.mkdir(parents=True, exist_ok=True)
    stem = Path(workbook).stem
    pdf = folder / f"{stem}.pdf"
    office.run(workbook, save=[pdf])
    for old in folder.glob(f"{stem}-[0-9]*.png"):
        old.unlink()
    subprocess.run(
        ["pdftoppm", "-png", "-r", str(dpi), pdf, folder / stem], check=True, capture_output=True, timeout=120
    )
    return sorted(folder.glob(f"{stem}-[0-9]*.png"))


def _cells(answers: Iterable[dict[str, Any]]) -> tuple[Cell, ...]:
    return tuple(Cell(**({"changed": False} if "problem" in one else {}) | one) for one in answers)


def _pass_on(lines: IO[str], replies: queue.SimpleQueue[str]) -> None:
    for line in lines:
        replies.put(line)
    replies.put("")


def _close(pipe: IO[str]) -> None:
    # Closing flushes, and whoever would read is dead.
    with contextlib.suppress(BrokenPipeError):
        pipe.close()


def _plain_environment() -> dict[str, str]:
    """Ours without what makes another Python look for its modules in our environment."""
    ours = {"PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONWARNINGS"}
    return {name: value for name, value in os.environ.items() if name not in ours}
