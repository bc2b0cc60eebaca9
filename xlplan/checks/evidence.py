"""Evidence holds figures (000: "What data tells you this is an issue?"; 003: early evidence is measurable)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xlplan.checks.rows import PlanRows
from xlplan.findings import Finding
from xlplan.form.markers import Meaning

_FIGURE = re.compile(
    r"\d|\b(?:half|third|thirds|quarter|quarters|twice|double|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|dozen|none|all|every|percent)\b",
    re.I,
)


def no_evidence_number(rows: PlanRows) -> Iterator[Finding]:
    """Supporting data without a figure, in digits or in words."""
    for path, text in rows.texts(Meaning.EVIDENCE):
        if not _FIGURE.search(text):
            yield rows.found("no-evidence-number", path, found=text)
