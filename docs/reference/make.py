"""The reference pages that follow from the code: the checks with their sources and words, and every finding's sentence.

python docs/reference/make.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from xlplan.checks import described
from xlplan.checks.words import LISTS
from xlplan.cli.app import whole_app
from xlplan.findings import CATALOGUE
from xlplan.form.inspect import spec_of
from xlplan.post.examples import examples
from xlplan.post.wording import Wording
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


def commands_page() -> str:
    """Every command with its arguments and options, as its own help says it."""
    lines = [
        MADE, "# Commands", "",
        "Common to all: `--json` prints one document on stdout ([what is in it](json.md)), `-q` and `-v` say less and",
        "more, `-C` names the campaign's folder, `--dry-run` says what would be done. Exit codes: 0 all good · 1 it ran,",
        "and some plan has errors or waits for a decision · 2 wrong usage · 3 some file was refused · 4 campaign, roster",
        "or ledger is at fault · 70 a fault of ours, with a report to send.", "",
    ]  # fmt: skip
    root: Any = get_command(whole_app())
    for name, command in root.commands.items():
        for title, own in _flat(name, command):
            lines += [f"## xlplan {title}", "", " ".join((own.help or "").split()), ""]
            lines += [f"- {line}" for line in _parameters(own)]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _flat(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
    for title, own in (inner or {}).items():
        yield from _flat(f"{name} {title}", own)


COMMON = ("--json", "--quiet", "--verbose", "--dry-run", "--campaign", "--help")


def _parameters(command: Any) -> Iterator[str]:
    for item in command.params:
        if item.param_type_name == "argument":
            yield f"`{item.metavar or item.name.upper()}`: {item.help or ''}"
        elif not set(item.opts) & set(COMMON):
            value = "" if item.is_flag else f" {item.metavar or 'VALUE'}"
            shown = ", ".join(f"`{opt}{value}`" for opt in (*item.opts, *item.secondary_opts))
            yield f"{shown}: {item.help or ''}"


def letters_page() -> str:
    """Every letter in every situation that it speaks of, in both languages."""
    lines = [
        MADE, "# Letters", "",
        "What the shipped wording says, for an invented school. How to send letters, and how to have your own wording:",
        "[sending and reminding](../how-to/sending-and-reminding.md).", "",
    ]  # fmt: skip
    for language, name in (("", "English"), ("es", "Spanish")):
        lines += [f"## {name}", ""]
        for example in examples(language):
            letter = Wording().write(example.letter, example.words, language)
            lines += [
                f"### {example.title} (`{example.letter}.txt`)",
                "",
                "```text",
                f"Subject: {letter.subject}",
                "",
            ]
            lines += [*letter.text.rstrip().split("\n"), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


PAGES = {
    "checks.md": checks_page, "findings.md": findings_page, "commands.md": commands_page, "letters.md": letters_page,
}  # fmt: skip


if __name__ == "__main__":
    for name, page in PAGES.items():
        (HERE / name).write_text(page(), encoding="utf-8")
