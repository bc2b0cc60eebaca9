"""A report as pages to print: tagged PDF, on letter paper."""

from xlplan.rollup.paper.write import paper_of, write_paper

__all__ = ["paper_of", "write_paper"]
