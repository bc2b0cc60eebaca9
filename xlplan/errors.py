"""What stops us: exceptions mean we cannot go on. What is wrong in a return is a Finding instead."""


class XlplanError(Exception):
    """We cannot go on; the message says what is wrong, where, and what to do."""


class UsageError(XlplanError):
    """The command was given something it cannot work with, or a path that is not there (exit 2)."""


class SetupError(XlplanError):
    """The campaign, its roster or its template is at fault (exit 4)."""


class TemplateError(SetupError):
    """A template author's mistake; the message names the field."""
