"""One returned file, opened: guarded, read, known for what it is; or refused, with the reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any, Self

from xlplan.campaign import Campaign, School
from xlplan.campaign.former import Former
from xlplan.errors import TemplateError, UsageError
from xlplan.excel.read import read_workbook
from xlplan.excel.seal import Carried, identities, meta
from xlplan.findings import Checked, Finding, finding
from xlplan.form.identity import NO_CAMPAIGN, Identity
from xlplan.form.markers import Window
from xlplan.form.plan import Plan
from xlplan.form.spec import FormFacts
from xlplan.form.translate import languages_of
from xlplan.intake.validate import Validated
from xlplan.layout.book import Book, Unreadable
from xlplan.layout.model import Layout
from xlplan.layout.points import Returned
from xlplan.layout.sections import keys_of
from xlplan.merge.decisions import NAME as DECISIONS
from xlplan.merge.values import Plain
from xlplan.pipeline.forms import FormOf, form_with
from xlplan.pipeline.matching import Placed, line_of
from xlplan.pipeline.sealed import issued_layout
from xlplan.templates import TEMPLATES, older, template, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What checking needs to know of a campaign; picklable. `issued`: template → school → last issue number.

    `facts`, `seals`: of each recorded form by its digest, what it was made from and what was locked in its copies.
    `as_of`: the day by which rules that look at a day judge, silent without. `today`: by which waivers and from-dates
    hold, `as_of` if not given. `own`: a district's own templates, name → source, where there is no campaign.
    `passwords`: tried on files that need one for opening. `sheet_passwords`: by campaign, what its sheets are locked
    with. `plain`: campaigns whose copies are packed without a trick. `former`: schools as the roster had them before.
    `placed`: whose a file without identity is.
    `answered`: what a correction copy takes is made of every readable return, not only where one is due.
    `windows`: whose days hold beside those of the copy's own window and the campaign's.
    `begun`: asked, by form, school and issue number, with what a copy of a later round began.
    """

    campaign: Campaign | None = None
    issued: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seals: Mapping[str, tuple[bytes, ...]] = field(default_factory=dict)
    as_of: date | None = None
    today: date | None = None
    own: Mapping[str, str] = field(default_factory=dict)
    passwords: tuple[str, ...] = field(default=(), repr=False)
    sheet_passwords: Mapping[str, str] = field(default_factory=dict, repr=False)
    plain: frozenset[str] = frozenset()
    former: tuple[Former, ...] = ()
    answered: bool = False
    placed: Placed | None = None
    windows: tuple[Window, ...] = ()
    begun: Callable[[FormOf, str | None, int | None], Mapping[str, object] | None] | None = None

    @property
    def templates(self) -> tuple[str, ...]:
        """The names of templates that a file may be of: the campaign's before the others."""
        used = self.campaign.templates if self.campaign else ()
        return tuple(dict.fromkeys([*used, *self.own, *TEMPLATES]))

    def model(self, name: str) -> type[Plan]:
        """The template of that name."""
        return self.campaign.model(name) if self.campaign else template(name, self.own)

    def with_issue(self, school: str, template: str, issue: int) -> Self:
        """The same after another copy of that number was issued."""
        schools = {**self.issued.get(template, {}), school: issue}
        return replace(self, issued={**self.issued, template: schools})


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A checked file with what recording it takes beside the outcome.

    `cells`: what a fresh copy's inputs would hold, by slot path, the filled ones; `values_hash`: their fingerprint.
    `came_as`: the version of the form that the file is a copy of; all else is of the version that is collected.
    `locked`: what stands in the locked boxes of a later round, where nobody knew with what the copy was issued.
    """

    checked: Checked
    sha256: str
    cells: Mapping[str, object] = field(default_factory=dict)
    values_hash: str | None = None
    identity: Identity | None = None
    validated: Validated | None = None
    form: FormOf | None = None
    completeness: tuple[dict[str, Any], ...] = ()
    core: Mapping[str, str] = field(default_factory=dict)
    facts: FormFacts | None = None
    returned: Returned | None = None
    came_as: int | None = None
    locked: Mapping[str, Plain] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A file that is read and known for what it is, before anything in it is judged.

    `issued`: the layout that the copy was issued with, None where that is not at hand.
    """

    book: Book
    file: str
    sha256: str
    carried: Carried
    identity: Identity | None
    form: FormOf
    issued: Layout | None

    @property
    def layout(self) -> Layout:
        """The layout to read it by."""
        return self.issued or self.form.layout


def open_file(content: bytes, file: str, context: Context) -> Opened | Result:
    """The file as read and identified, or its refusal."""
    sha = hashlib.sha256(content).hexdigest()
    book = read_workbook(content, file, context.passwords)
    if isinstance(book, Unreadable):
        return refused(file, sha, book.code, book.detail, book.todo)
    return open_book(book, file, sha, context)


def open_book(book: Book, file: str, sha: str, context: Context) -> Opened | Result:
    """The same of a workbook that is read already."""
    carried = identities(book)
    refusal = _judge(carried, context)
    if refusal is not None:
        return refused(file, sha, *refusal)
    identity = carried.found[0][1] if carried.found else None
    form = _form(book, identity, context)
    if isinstance(form, tuple):
        return refused(file, sha, *form)
    issued = issued_layout(form, book, identity, context.seals, context.facts)
    return Opened(
        book=book, file=file, sha256=sha, carried=carried, identity=identity, form=form, issued=issued
    )


def refused(file: str, sha: str, code: str, detail: str = "", todo: str = "") -> Result:
    """A file that was not read."""
    checked = Checked(file=file, outcome="refused", findings=(refusal(code, detail, todo),), sha256=sha)
    return Result(checked=checked, sha256=sha)


def refusal(code: str, detail: str = "", todo: str = "") -> Finding:
    """The finding of a refused file; a detail that ends its sentence comes behind a colon."""
    said = f": {detail}" if detail and code in ("not-a-workbook", "damaged", "too-big", "hostile") else detail
    return finding(code, detail=said, todo=todo)


def _judge(carried: Carried, context: Context) -> tuple[str, str] | None:
    """Why a file with these identities is refused, or None: two of them, another campaign's, forged, unknown."""
    different = {replace(identity, signed="") for _, identity in carried.found}
    if len(different) > 1:
        named = " and ".join(sorted({identity.form_code for identity in different}))
        return "identity-conflict", named or "two different ones"
    if not carried.found or context.campaign is None:
        return None
    identity = carried.found[0][1]
    campaign = context.campaign
    if identity.campaign != campaign.settings.id:
        other = "" if identity.campaign == NO_CAMPAIGN else f", “{identity.campaign}”"
        return "other-campaign", other
    if not any(item.verified(campaign.key) for _, item in carried.found):
        return "forged", ""
    if line_of(campaign, context.former, identity.school) is None:
        return "unknown-school", f"“{identity.school}”"
    issued = context.issued.get(identity.template, {}).get(identity.school, 0)
    if identity.issue > issued and identity.template != DECISIONS:
        return "unknown-issue", str(identity.issue)
    return None


def school_of(campaign: Campaign, key: str) -> School | None:
    """The school of that key, or None."""
    try:
        return campaign.school(key)
    except UsageError:
        return None


def _form(book: Book, identity: Identity | None, context: Context) -> FormOf | tuple[str, str, str]:
    """The form a workbook was made from: by its identity, else by its section keys."""
    name = (
        identity.template
        if identity
        else _template_by_keys(book, context) or _template_of_part(book, context)
    )
    if name is None:
        return "not-ours", "", ""
    if name == DECISIONS:
        return "unknown-template", name, " It is a decision workbook, for xlplan merge --decisions."
    if name not in context.templates:  # a file names no code to run: the campaign does
        return "unknown-template", name, ""
    model = context.model(name)
    if identity and identity.version > model.form.version:
        return "newer-version", str(identity.version), ""
    found = older(model, identity.version if identity else _version_by_keys(book, model))
    if found is None:
        return "unknown-template", f"{name}, version {identity.version if identity else ''}", ""
    model = found
    facts = _facts(book, identity, context) or FormFacts(language=_language_by_sheets(book, model))
    for known in (facts, replace(facts, language="")):  # a translation may be gone since
        with suppress(TemplateError):
            return form_with(model, known)
    return form_with(model, FormFacts())  # facts that no campaign has made


def _template_by_keys(book: Book, context: Context) -> str | None:
    keys = keys_of(book)
    for name in context.templates:
        model = context.model(name)
        if any(_asked(older(model, version)) <= keys for version in versions(model)):
            return name
    return None


def _version_by_keys(book: Book, model: type[Plan]) -> int:
    """The version of a workbook without identity: what its sheet for programs says, else the newest that it fits."""
    said = meta(book).get("version", "")
    known = versions(model)
    if said.isascii() and said.isdigit() and int(said) in known:
        return int(said)
    keys = keys_of(book)
    fits = (version for version in reversed(known) if _asked(older(model, version)) <= keys)
    return next(fits, model.form.version)


@lru_cache(maxsize=64)
def _asked(model: type[Plan] | None) -> frozenset[str]:
    """The section keys of the sheets with boxes."""
    assert model is not None
    return frozenset(sheet.key for sheet in form_with(model, FormFacts()).layout.sheets if sheet.inputs)


def _template_of_part(book: Book, context: Context) -> str | None:
    """The template of a part that has lost its identity, as its sheet for programs says; its sections must be there."""
    name, facts = meta(book).get("template", ""), _facts(book, None, context)
    if name not in context.templates or facts is None or not facts.part:
        return None
    try:
        layout = form_with(context.model(name), facts).layout
    except TemplateError:
        return None
    asked = {sheet.key for sheet in layout.sheets if any(not item.fact for item in sheet.inputs)}
    return name if asked <= keys_of(book) else None


def _facts(book: Book, identity: Identity | None, context: Context) -> FormFacts | None:
    """The form facts: as the ledger recorded them, else the copy's own; None where nobody knows them any more."""
    known = context.facts.get(identity.digest) if identity else None
    try:
        return FormFacts.from_json(known if known is not None else json.loads(meta(book)["facts"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _language_by_sheets(book: Book, model: type[Plan]) -> str:
    """The language in which most of a workbook's sheets are named, where nothing else tells; English if in doubt."""
    names, found = {sheet.name for sheet in book.sheets}, {}
    for language in ("", *languages_of(model)):
        with suppress(TemplateError):
            layout = form_with(model, FormFacts(language=language)).layout
            found[language] = len(names & {sheet.title for sheet in layout.sheets})
    return max(found, key=lambda language: found[language], default="")
