"""The originals' criteria: one rule, one short function, its source named."""

from xlplan.checks.run import run_checks

__all__ = ["run_checks"]
