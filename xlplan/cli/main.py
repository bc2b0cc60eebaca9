"""The entry point: runs a command and turns what stops us into a sentence and an exit code."""

from __future__ import annotations

import sys

import typer

from xlplan import __version__
from xlplan.cli.app import app_for
from xlplan.cycles import seldom
from xlplan.errors import SetupError, UsageError, XlplanError

USAGE, SETUP, INTERNAL, STOPPED = 2, 4, 70, 130


def main() -> None:
    """Run the command line; exits with CONTRACT's codes and never shows a traceback."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
    with seldom():
        code = _run()
    sys.exit(code)


def _run() -> int:
    try:
        code = app_for(sys.argv[1:])(standalone_mode=False)
        return code if isinstance(code, int) else 0
    except typer.Exit as stop:
        return stop.exit_code
    except typer.TyperException as error:
        shown = getattr(error, "show", None)  # usage errors can show the command's usage too
        if shown is None:
            return _say(error.format_message(), USAGE)
        shown()
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        return _say("Stopped. What was finished is kept; run the command again to go on.", STOPPED)
    except BrokenPipeError:
        return 0
    except SetupError as error:
        return _say(str(error), SETUP)
    except (UsageError, XlplanError) as error:
        return _say(str(error), USAGE)
    except OSError as error:  # a path that no system takes, a folder that may not be entered
        named = f"{error.filename}: " if error.filename else ""
        return _say(f"{named[:300]}{error.strerror or error}.", USAGE)
    except Exception:  # the one place where a fault of ours becomes a report to send
        return _say(_report(), INTERNAL)


def _say(message: str, code: int) -> int:
    from xlplan.cli import show  # brings the findings, for which --version and --help have no use

    show.aside(message)
    return code


def _report() -> str:
    """A file with what happened, and the sentence that names it."""
    import tempfile  # for the day on which something goes wrong
    import traceback
    from datetime import datetime

    text = f"xlplan {__version__}, Python {sys.version}\n{' '.join(sys.argv)}\n\n{traceback.format_exc()}"
    said = "Something went wrong inside xlplan. Nothing more was changed."
    fault = "".join(traceback.format_exception_only(sys.exception())).strip()
    try:
        # a new file of a name that nobody can foresee, since anybody may write into that folder
        handle, name = tempfile.mkstemp(
            prefix=f"xlplan-report-{datetime.now():%Y%m%d-%H%M%S}-", suffix=".txt"
        )
        with open(handle, "w", encoding="utf-8", errors="backslashreplace") as file:  # noqa: PTH123 - a descriptor
            file.write(text)
    except OSError as error:
        return f"{said} The report could not be written ({error.strerror}); it would have said: {fault}"
    return f"{said} Please send this file: {name}"
