"""A deck in, a narrative for the board out: counted facts and the schools' own words, as a document or as Markdown."""

from xlplan.rollup.digest.as_docx import write_docx
from xlplan.rollup.digest.as_md import write_md
from xlplan.rollup.digest.build import digest_of

__all__ = ["digest_of", "write_docx", "write_md"]
