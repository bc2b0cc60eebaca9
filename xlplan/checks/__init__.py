"""The originals' criteria: one rule, one short function, its source named."""

from xlplan.checks.run import CODES, described, run_checks
from xlplan.checks.words import WORD_LISTS

__all__ = ["CODES", "WORD_LISTS", "described", "run_checks"]
