"""The originals' criteria: one rule, one short function, its source named."""

from xlplan.checks.run import described, run_checks

__all__ = ["described", "run_checks"]
