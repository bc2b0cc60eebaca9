"""One returned file, checked: located, validated, judged. Records nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial

from xlplan.campaign import School
from xlplan.checks import run_checks
from xlplan.errors import TemplateError
from xlplan.findings import CATALOGUE, Checked, Finding, Severity, finding
from xlplan.form.identity import NO_CAMPAIGN, Identity
from xlplan.intake.completeness import completeness
from xlplan.intake.validate import Validated, in_sheet_order, validate
from xlplan.layout.book import Book
from xlplan.layout.locate import locate
from xlplan.layout.raw import RawPlan
from xlplan.merge.values import Plain, values_hash
from xlplan.pipeline.forms import form_language, header_of
from xlplan.pipeline.issued_values import locked_values, put_back
from xlplan.pipeline.matching import closed_findings, evidence_of, line_of, whose
from xlplan.pipeline.opening import Context, Opened, Result, open_file, refused, school_of
from xlplan.pipeline.returned import fresh_cells, needs_copy, returned_of
from xlplan.pipeline.sealed import seal_findings, stranger
from xlplan.pipeline.upgrading import upgraded_raw
from xlplan.pipeline.window_today import judged_today


def check_file(content: bytes, file: str, context: Context) -> Result:
    """The outcome of one file with all findings, in sheet order. Never raises for what the file holds."""
    opened = open_file(content, file, context)
    return opened if isinstance(opened, Result) else check_opened(opened, context)


def check_opened(opened: Opened, context: Context) -> Result:
    """The outcome of an opened file."""
    book, carried, identity, form = opened.book, opened.carried, opened.identity, opened.form
    raw = locate(opened.layout, book)
    other = stranger(opened.layout, raw, identity) if identity else None
    if other is not None and identity is not None:
        return refused(opened.file, opened.sha256, "identity-conflict", f"{identity.form_code} and {other}")
    raw.findings += _about_file(book, identity, context)
    raw.findings += seal_findings(opened.issued, opened.layout, book, raw, identity, carried)
    school = _place(opened, raw, context)
    key = identity.school if identity else school.key if school else None
    locked = _hold(opened, raw, context, key)
    name, came_as = form.model.form.name, form.model.form.version
    wanted = context.model(name) if name in context.templates else form.model  # decisions have no versions
    if came_as < wanted.form.version:
        language = form_language(context.campaign, school) if context.campaign and school else ""
        try:
            form, raw = upgraded_raw(form, wanted, raw, language)
        except TemplateError as error:
            todo = f" It cannot be carried over: {error}."
            return refused(opened.file, opened.sha256, "unknown-template", f"{name}, version {came_as}", todo)
        opened = replace(opened, form=form)
    header = header_of(school, form.layout.spec.facts.year) if school else None
    judging = replace(opened, form=judged_today(form, context.campaign, context.windows))
    judge = partial(_judge_answers, judging, context, header, key)
    validated, findings = judge(raw)
    outcome = (
        "rejected"
        if any(item.severity is Severity.ERROR and not item.waived for item in findings)
        else "accepted"
    )
    checked = Checked(
        file=opened.file, outcome=outcome, findings=tuple(findings), school_id=key,
        template=form.model.form.name, version=form.model.form.version, plan=validated.plan, sha256=opened.sha256,
        part=form.layout.spec.facts.part or None,
    )  # fmt: skip
    done = completeness(form.layout, validated.typed)
    cells, ends = fresh_cells(form.layout, raw, validated.values)
    returned = None
    if (context.answered or needs_copy(checked)) and (
        context.campaign is None or school_of(context.campaign, key or "") is not None
    ):
        again = lambda typed: judge(typed)[1]  # noqa: E731 - one use, one line
        returned = returned_of(form.layout, raw, cells, ends, findings, again)
    return Result(
        checked=checked,
        sha256=opened.sha256,
        cells=cells,
        values_hash=values_hash(form.layout, cells),
        identity=identity,
        validated=validated,
        form=form,
        completeness=done,
        core=book.core,
        facts=form.layout.spec.facts,
        returned=returned,
        came_as=came_as,
        locked=locked,
    )


def _hold(opened: Opened, raw: RawPlan, context: Context, key: str | None) -> dict[str, Plain] | None:
    """What stands in locked boxes, where nobody knows what was issued; else let that stand, and tell what differs."""
    form, identity = opened.form, opened.identity
    if not form.layout.spec.facts.round:
        return None
    issued = context.begun(form, key, identity.issue if identity else None) if context.begun else None
    if issued is None:
        return locked_values(form.layout, raw)
    raw.findings += put_back(form.layout, raw, issued)
    return None


def _place(opened: Opened, raw: RawPlan, context: Context) -> School | None:
    """The school of a file, as far as a campaign can tell; what is to be told of that joins the findings."""
    campaign, former, template = context.campaign, context.former, opened.form.model.form.name
    if campaign is None:
        return None
    if opened.identity is not None:
        school = line_of(campaign, former, opened.identity.school, template)
    else:
        found = whose(evidence_of(opened.layout, raw), campaign, former, template, context.placed)
        at = next(at for at, item in enumerate(raw.findings) if item.code == "identity-missing")
        raw.findings[at : at + 1] = found.findings
        school = found.school
    if school is not None:
        raw.findings += closed_findings(campaign, former, school.key)
    return school


def _judge_answers(
    opened: Opened,
    context: Context,
    header: Mapping[str, str | None] | None,
    key: str | None,
    raw: RawPlan,
) -> tuple[Validated, list[Finding]]:
    """The answers of a raw plan, with every finding about them as the campaign weighs it."""
    validated = validate(opened.form.layout, opened.form.model, raw, header)
    findings = validated.findings
    if not any(item.code == "blank" for item in findings):
        inputs = opened.form.layout.inputs
        doubtful = {inputs[path][1].group for path in raw.undecided if path in inputs}
        judged = [
            item
            for item in _judged(opened, validated, context)
            # a row of which some answers cannot be told may hold what a check asks for
            if item.path is None or item.path not in inputs or inputs[item.path][1].group not in doubtful
        ]
        findings = in_sheet_order(opened.form.layout, findings + judged)
    return validated, _severities(findings, context, key)


def _judged(opened: Opened, validated: Validated, context: Context) -> list[Finding]:
    words = context.campaign.settings.words if context.campaign else None
    return run_checks(opened.form.layout, validated, context.as_of, words)


def _about_file(book: Book, identity: Identity | None, context: Context) -> list[Finding]:
    found = []
    if book.macros:
        found.append(finding("macros"))
    if identity is not None and context.campaign is None and identity.campaign != NO_CAMPAIGN:
        found.append(finding("identity-unverified"))
    return found


def _severities(findings: list[Finding], context: Context, key: str | None) -> list[Finding]:
    """The campaign's severities, from-dates and waivers applied; structural codes stay."""
    if context.campaign is None:
        return findings
    settings, today = context.campaign.settings, context.today or context.as_of or date.max
    made: list[Finding] = []
    for item in findings:
        if waivable(item):
            item = item.with_severity(settings.severity.get(item.code, item.severity))
            if item.code in settings.from_dates and today < settings.from_dates[item.code]:
                item = item.with_severity(Severity.NOTE)
            if settings.waived(item.code, key, today):
                item = replace(item, waived=True)
        made.append(item)
    return made


def waivable(item: Finding) -> bool:
    """Whether a campaign may change what a finding weighs, or waive it."""
    return not CATALOGUE[item.code].structural
