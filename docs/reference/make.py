"""The reference pages that follow from the code: the checks with their sources and words, and every finding's sentence.

python docs/reference/make.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xlplan.checks import described
from xlplan.checks.words import LISTS
from xlplan.findings import CATALOGUE
from xlplan.form.spec import spec_of
from xlplan.templates import TEMPLATES, template

HERE = Path(__file__).parent
MADE = "<!-- made by docs/reference/make.py -->"


def checks_page() -> str:
    """Every check: severity, rule, source, the templates it applies to, and the word lists that a campaign extends."""
    used = {name: {item["code"] for item in described(spec_of(template(name)))} for name in TEMPLATES}
    lines = [
        MADE, "# Checks", "",
        "What `check` and `collect` judge beyond the fields themselves. A campaign sets severities, days from which a",
        "rule holds, and waivers in `campaign.toml` ([settings](../how-to/settings.md)).", "",
        "| code | severity | rule | source | applies to |", "| --- | --- | --- | --- | --- |",
    ]  # fmt: skip
    for item in described():
        where = ", ".join(name for name in TEMPLATES if item["code"] in used[name])
        cells = (f"`{item['code']}`", item["severity"], item["rule"], item["source"], where)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines += ["", "## Words", "", "Lists that `[words]` in `campaign.toml` adds to.", ""]
    lines += list(_words())
    return "\n".join(lines) + "\n"


def _words() -> Iterator[str]:
    for name, words in sorted(LISTS.items()):
        yield f"- `{name}`: {', '.join(sorted(words))}"


def findings_page() -> str:
    """Every code of the catalogue with its severity, sentence and remedy."""
    lines = [
        MADE, "# Findings", "",
        "Every code that a finding can have. Words in braces stand for what was found.", "",
        "| code | severity | sentence | what to do |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    for code, entry in sorted(CATALOGUE.items()):
        cells = (f"`{code}`", str(entry.severity), entry.sentence, entry.remedy)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


PAGES = {"checks.md": checks_page, "findings.md": findings_page}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
