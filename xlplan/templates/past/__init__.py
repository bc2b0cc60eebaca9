"""Older versions of the templates, each with what becomes of its answers in the next one. None is ever removed."""
