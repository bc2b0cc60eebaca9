"""A report in, a tagged PDF out, typeset without network, files or clock."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any, NoReturn

from xlplan.campaign.files import replacing
from xlplan.errors import UsageError
from xlplan.rollup.paper.html import document
from xlplan.rollup.report.model import Report

LONGEST = 100  # rows of a table of a summary; of a longer one the first are printed
MISSING = 'A PDF takes a typesetter that is not installed. Install it with: pip install "xlplan[pdf]".'
BROKEN = (
    "The typesetter of PDFs is installed, but a library that it takes is not: {error}. On Debian and Ubuntu: "
    "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0. For Windows and macOS see "
    "https://doc.courtbouillon.org/weasyprint/stable/first_steps.html"
)


def write_paper(report: Report, path: Path, longest: int | None = LONGEST) -> None:
    """Write the PDF, whole or not at all. Raises UsageError where the typesetter is missing."""
    data = paper_of(report, longest)
    with replacing(path) as draft:
        draft.write_bytes(data)


def paper_of(report: Report, longest: int | None = None) -> bytes:
    """The PDF of the report's parts; of tables with more rows than `longest` the first ones."""
    weasyprint = _typesetter()
    html = document(report, longest)
    css = weasyprint.CSS(string=Path(__file__).with_name("paper.css").read_text("utf-8"), url_fetcher=_refuse)
    pages = weasyprint.HTML(string=html, base_url=None, url_fetcher=_refuse)
    digest = hashlib.sha256(html.encode("utf-8", "replace")).digest()[:16]
    made: bytes = pages.write_pdf(stylesheets=[css], pdf_variant="pdf/ua-1", pdf_identifier=digest)
    return made


def _typesetter() -> Any:
    try:
        import weasyprint  # heavy, and an extra: who writes no PDF does without
    except ImportError:
        raise UsageError(MISSING) from None
    except OSError as error:
        raise UsageError(BROKEN.format(error=str(error).splitlines()[0])) from None
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    """Nothing is fetched: no picture, no font, no file, whatever a text pretends to be."""
    raise ValueError(f"not fetched: {url}")
