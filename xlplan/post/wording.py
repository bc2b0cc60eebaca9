"""The wording of letters: text files with jinja2, shipped in two languages, which a campaign may have its own way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from xlplan.campaign.files import read_bytes, write_safely
from xlplan.campaign.nearest import did_you_mean
from xlplan.errors import SetupError
from xlplan.post.drafts import Letter
from xlplan.post.examples import examples
from xlplan.post.words import ATTRIBUTES, KNOWN, LETTERS, MEANING, Words

ENGLISH = "en"
LANGUAGES = (ENGLISH, "es")
FOLDER = "letters"  # of a campaign, with a folder per language
SUBJECT = re.compile(r"(?:Subject|Asunto):[ \t]*(.*)", re.IGNORECASE)
_LOOP = frozenset(
    ("index", "index0", "first", "last", "length", "revindex", "revindex0", "previtem", "nextitem")
)
_GAP = re.compile(r"\n{3,}")
_TAGS_ALONE = re.compile(r"\s*(?:\{%.*?%\}\s*|\{#.*?#\}\s*)+")
# what the filters and loops of a faulty wording run into
_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, MemoryError, RecursionError, TypeError, ValueError,
)  # fmt: skip
_EXPLAINED = "docs/how-to/sending-and-reminding.md lists the words that a letter can use."


def file_of(root: Path, language: str, letter: str) -> Path:
    """Where a campaign's own wording of a letter stands."""
    return root / FOLDER / (language or ENGLISH) / f"{letter}.txt"


def shipped(language: str, letter: str) -> str:
    """The wording that comes with xlplan; English for a language that it has none in."""
    known = language if language in LANGUAGES else ENGLISH
    return (files("xlplan.post") / "wording" / known / f"{letter}.txt").read_text(encoding="utf-8")


def lay_out(
    root: Path, languages: Iterable[str] = LANGUAGES, *, dry_run: bool = False
) -> list[tuple[Path, bool]]:
    """Copy the shipped wording into a campaign's folder: every file there, and whether it is new.

    What stands there stays. Raises SetupError where one of those files is at fault, once the others are written.
    """
    found = []
    for language in languages:
        for letter in LETTERS:
            path = file_of(root, language, letter)
            new = not path.exists()
            if new and not dry_run:
                write_safely(path, shipped(language, letter).encode("utf-8"))
            found.append((path, new))
    Wording(root).check()
    return found


@dataclass(frozen=True, slots=True)
class Wording:
    """The letters of one campaign in all languages. `root`: its folder; None for the shipped wording alone."""

    root: Path | None = None

    def write(self, letter: str, words: Words, language: str = "") -> Letter:
        """The letter with these facts. Raises SetupError naming file and line where its wording is at fault."""
        source, origin = self._source(letter, language)
        return _rendered(source, origin, words)

    def check(self) -> tuple[Path, ...]:
        """The campaign's own files, each looked through. Raises SetupError with every fault."""
        found, faults = [], []
        for language in LANGUAGES:
            for letter in LETTERS:
                path = file_of(self.root, language, letter) if self.root else None
                if path is None or not path.is_file():
                    continue
                found.append(path)
                try:
                    source, origin = self._source(letter, language)
                    for example in examples(language if language != ENGLISH else ""):
                        if example.letter == letter:
                            _rendered(source, origin, example.words)
                except SetupError as error:
                    faults.append(str(error))
        if faults:
            raise SetupError("\n".join(faults))
        return tuple(found)

    def _source(self, letter: str, language: str) -> tuple[str, str]:
        """The text of a letter's wording, and what file people know it as."""
        known = language if language in LANGUAGES else ENGLISH
        path = file_of(self.root, known, letter) if self.root else None
        if path is None or not path.is_file():
            return shipped(known, letter), f"wording/{known}/{letter}.txt"
        try:
            return read_bytes(path).decode("utf-8-sig").replace("\r\n", "\n"), str(path)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise SetupError(f"{path}, line {line}: the file is not in UTF-8. Save it as UTF-8.") from None


def _rendered(source: str, origin: str, words: Words) -> Letter:
    template = _compiled(source, origin)
    facts = {name: getattr(words, name) for name in KNOWN}
    try:
        text = template.render(facts)
    except (TemplateError, *_FAULTS) as error:
        said = (error.message if isinstance(error, TemplateError) else str(error)) or type(error).__name__
        raise SetupError(f"{origin}, line {_line(error, origin)}: {_sentence(said)} {_EXPLAINED}") from None
    first, _, rest = text.lstrip().partition("\n")
    subject = SUBJECT.fullmatch(first.strip())
    if subject is None or not subject[1]:
        raise SetupError(
            f"{origin}, line 1: the letter must begin with its subject, as in “Subject: Your plan”."
        )
    lines = (line.rstrip() for line in rest.strip().split("\n"))
    return Letter(subject=subject[1], text=_GAP.sub("\n\n", "\n".join(lines)) + "\n")


@lru_cache(maxsize=64)
def _compiled(source: str, origin: str) -> Any:
    """The wording, its words known to be ours. Raises SetupError."""
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    environment.globals.clear()  # a letter needs no functions
    try:
        tree = environment.parse(_kept_ends(source), filename=origin)
        _check_words(tree, origin)
        return Template.from_code(environment, environment.compile(_kept_ends(source), filename=origin), {})
    except TemplateSyntaxError as error:
        raise SetupError(
            f"{origin}, line {error.lineno}: {_sentence(error.message or '')} {_EXPLAINED}"
        ) from None
    except TemplateError as error:
        raise SetupError(f"{origin}: {_sentence(error.message or '')} {_EXPLAINED}") from None
    except RecursionError:
        raise SetupError(f"{origin}: too much is nested in it. {_EXPLAINED}") from None


def _kept_ends(source: str) -> str:
    """A line with nothing but tags leaves no line in the letter; one with words keeps its end, tag or not."""
    lines = source.split("\n")
    return "\n".join(
        line + '{{ "" }}'
        if line.rstrip().endswith(("%}", "#}")) and not _TAGS_ALONE.fullmatch(line)
        else line
        for line in lines
    )


def _check_words(tree: nodes.Template, origin: str) -> None:
    """Every word that a letter uses, in whatever branch, is one that it is given. Raises SetupError with all faults."""
    unknown = find_undeclared_variables(tree) - KNOWN
    lines: dict[str, int] = {}
    for name in tree.find_all(nodes.Name):
        if name.name in unknown and name.ctx == "load":
            lines.setdefault(name.name, name.lineno)
    faults = [
        (line, f"there is no word “{name}”.{did_you_mean(name, KNOWN)}") for name, line in lines.items()
    ]
    for item in tree.find_all(nodes.Getattr):
        if item.attr not in _of(item.node):
            faults.append(
                (item.lineno, f"there is no word “.{item.attr}”.{did_you_mean(item.attr, ATTRIBUTES)}")
            )
    if faults:
        said = (f"{origin}, line {line}: {text}" for line, text in sorted(faults))
        raise SetupError("\n".join(said) + f"\n{_EXPLAINED}")


def _of(node: nodes.Expr) -> frozenset[str]:
    """What may stand behind the dot."""
    if isinstance(node, nodes.Name) and node.name == "loop":
        return _LOOP
    if isinstance(node, nodes.Name) and node.name in MEANING and node.name != "letter":
        return frozenset(MEANING[node.name])
    return ATTRIBUTES


def _line(error: BaseException, origin: str) -> int:
    """The line of the wording at which rendering stopped."""
    found = 1
    trace: TracebackType | None = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == origin:
            found = trace.tb_lineno
        trace = trace.tb_next
    return found


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
