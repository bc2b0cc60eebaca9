"""The command line: arguments in, one library call, outcome in words and exit code."""

from xlplan.cli.main import main

__all__ = ["main"]
