"""Commands that look back: history, receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from xlplan.cli import show
from xlplan.cli.differences import counted, tell_changes
from xlplan.cli.options import AsOf, Folder, Json, Quiet, Verbose, day_or_today, opened
from xlplan.findings import Finding, Severity

if TYPE_CHECKING:
    from xlplan.ledger import Mark, Review
    from xlplan.pipeline.history import Came, History, Receipt, Sent

OUTCOMES = {"accepted": "accepted", "rejected": "not accepted", "refused": "could not be taken"}
PLURAL = {"error": "errors", "warning": "warnings", "note": "notes", "advice": "pieces of advice"}
Template = Annotated[str | None, typer.Option(help="Only this plan, where the school has several.")]


def history(
    school: Annotated[str, typer.Argument(help="The school's id.")],
    folder: Folder = None,
    template: Template = None,
    row: Annotated[
        str | None,
        typer.Option(
            metavar="PATH", help="One row over all rounds, by its path as `xlplan cells` prints it."
        ),
    ] = None,
    as_of: AsOf = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """A school's copies and returns, what changed and what counts. Example: xlplan history 530825001378 -C autumn"""
    from xlplan.pipeline.history import history as history_of

    if row is not None:
        _row(folder, school, row, template, as_json=as_json)
        return
    with opened(folder, records=False) as (campaign, ledger):
        found = history_of(campaign, ledger, school, day_or_today(as_of, "--as-of"), template)
    if as_json:
        show.document({"plans": [plan.as_json() for plan in found]})
        return
    for plan in found:
        _tell(plan)


def _row(folder: Path | None, school: str, path: str, template: str | None, *, as_json: bool) -> None:
    """One row over all rounds."""
    from xlplan.pipeline.row_history import row_history

    with opened(folder, records=False) as (campaign, ledger):
        found = row_history(campaign, ledger, school, path, template)
    if as_json:
        show.document(found.as_json())
        return
    show.say(
        f"{show.one_line(found.school.name)} ({found.school.key}), {found.template}: {found.place or 'row'} "
        f"({found.row})",
        bold=True,
    )
    first = f"First due {found.first_due}. " if found.first_due else ""
    show.chat(f"{first}Its id is {found.id}.")
    for past in found.rounds:
        name = " ".join(filter(None, (past.year, show.one_line(past.title))))
        show.say(f"{name}{' (mid-year check)' if past.round == 'status' else ''}")
        _said(past.text, past.status, past.due, past.learned, past.changes)
    now = " ".join(filter(None, (found.year, show.one_line(found.title))))
    show.say(f"{now}, this campaign")
    for said in found.here:
        which = f"return {said.number}, {said.received}" if said.number else "the copy as issued"
        moved = f", at {said.path}" if said.path != found.row else ""
        show.say(f"  {'→ ' if said.counts else ''}{which}{moved}")
        _said(said.text, said.status, said.due, said.learned, said.changes, "    ")


def _said(
    text: str, status: str | None, due: object, learned: object, changes: object, by: str = "  "
) -> None:
    """What was said of a row at one moment."""
    told = [status or "", f"due {show.one_line(due)}" if due is not None else ""]
    show.say(f"{by}{'; '.join(filter(None, (*told, f'“{show.one_line(text)}”' if text else '')))}")
    for words, note in (("learned", learned), ("changes", changes)):
        if note is not None:
            show.chat(f"{by}{words}: {show.one_line(note)}")


def _tell(plan: History) -> None:
    from xlplan.cli.status_table import WORDS

    show.say(f"{show.one_line(plan.school.name)} ({plan.school.key}), {plan.template}", bold=True)
    state = WORDS[plan.state.state] if plan.state else f"○ Left the roster on {plan.closed}"
    show.say(f"{state}. {show.one_line(plan.why)}")
    for note in plan.state.notes if plan.state else ():
        if note != plan.why:
            show.say(show.one_line(note))
    for key in plan.absorbed:
        show.say(
            f"Part of it now: {show.one_line(key)}, whose plan is in `xlplan history {show.one_line(key)}`."
        )
    show.chat("Copies" if plan.copies else "No copy was issued yet.")
    for sent in plan.copies:
        show.chat(f"  {_copy(sent, plan.parts)}")
    show.chat("Returns" if plan.returns else "Nothing has come back yet.")
    for item in plan.returns:
        _return(item, plan.parts)


def _copy(sent: Sent, parts: Mapping[str, str]) -> str:
    copy, answers = sent.copy, sent.answers
    part = f" of the part {parts.get(copy.part, copy.part)}" if copy.part else ""
    return_ = f" return {answers}" if answers else " a return"
    kinds = {
        "fresh": f"a fresh copy{part}",
        "correction": f"a correction copy, answers{return_}",
        "review": f"a correction copy with remarks, answers{return_}",
        "merge": f"a copy that holds{return_}, merged",
        "parts": f"a copy that holds{return_}, put together from parts",
    }
    what = kinds.get(copy.kind, f"a copy ({copy.kind})")
    return f"{copy.issue:>3}  {copy.issued_at[:10]}  {what}: {show.one_line(copy.file)}"


def _return(item: Came, parts: Mapping[str, str]) -> None:
    stored = item.stored
    said = [OUTCOMES[stored.outcome], *(_count(severity, count) for severity, count in item.findings.items())]
    outcome = f"{said[0]}, {', '.join(said[1:])}" if said[1:] and stored.outcome != "refused" else said[0]
    name = show.one_line(stored.file) or "(its name was erased)"
    sign = "→" if item.counts else " "
    show.say(
        f"{sign} {item.number:>2}  {stored.received}  {stored.sha256[:10]}  {name}: {outcome}",
        color="green" if item.counts else None,
    )
    for line in _about(item, parts):
        show.chat(f"      {line}")
    _changes("since return", item.former, item)
    for mark in item.marks:
        show.chat(f"      {_mark(mark)}")
    for review in item.reviews:
        _review(review)


def _about(item: Came, parts: Mapping[str, str]) -> list[str]:
    stored = item.stored
    lines = []
    if stored.erased:
        lines.append("Its contents were erased on request; what is known without them stays.")
    if item.made_from:
        how = "put together" if stored.kind == "parts" else "merged"
        lines.append(f"{how} from {_listed([f'return {number}' for number in item.made_from])}")
    made = [
        f"made from copy {stored.issue}" if stored.issue else "",
        f"the part {parts.get(stored.part, stored.part)}" if stored.part else "",
    ]
    if stored.saved_by or stored.saved_at:
        by = f" by {show.one_line(stored.saved_by)}" if stored.saved_by else ""
        at = f" on {show.one_line(stored.saved_at)[:10]}" if stored.saved_at else ""
        made.append(f"saved{by}{at}")
    if any(made):
        lines.append("; ".join(filter(None, made)))
    if item.since_base is not None:
        lines.append(f"since the copy it was made from: {counted(item.since_base).lower()}")
    if item.same_as is not None:
        lines.append(f"unchanged: the same answers as return {item.same_as}")
    return lines


def _changes(words: str, former: int | None, item: Came) -> None:
    """What changed since the return before, each answer with -v."""
    if item.same_as == former or former is None:
        return
    if item.since_former is None:
        show.chat(f"      {words} {former}: cannot be told, since one of them cannot be read any more")
        return
    show.chat(f"      {words} {former}: {counted(item.since_former).lower()}")
    if show.is_verbose():
        tell_changes(item.since_former, "        ")


def _mark(mark: Mark) -> str:
    """A mark as people say it."""
    says = "counts" if mark.counts else "does not count"
    by = show.one_line(mark.by) or "somebody"
    return f"marked on {mark.at[:10]} by {by}: {says} (“{show.one_line(mark.reason)}”)"


def _review(review: Review) -> None:
    by = f" by {show.one_line(review.by)}" if review.by else ""
    what = "approved" if review.decision == "approved" else "sent back"
    count = len(review.remarks)
    show.chat(
        f"      {what} on {review.at[:10]}{by}{f', {count} remark' + 's' * (count > 1) if count else ''}"
    )
    for remark in review.remarks:
        show.chat(f"        {f'{remark.path}: ' if remark.path else ''}{show.one_line(remark.text)}")


def _count(severity: str, count: int) -> str:
    word = severity if count == 1 and severity != "advice" else PLURAL.get(severity, severity)
    return f"{count} {'piece of advice' if severity == 'advice' and count == 1 else word}"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def receipt(
    school: Annotated[str, typer.Argument(help="The school's id.")],
    number: Annotated[
        int | None, typer.Option("--return", help="Its number, as history shows it; the newest if not given.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write it to this file.")] = None,
    folder: Folder = None,
    template: Template = None,
    as_json: Json = False,
    _q: Quiet = False,
    _v: Verbose = False,
) -> None:
    """Proof that a school handed in a file, to be forwarded. Example: xlplan receipt 530825001378 -C autumn"""
    from xlplan.campaign.files import write_safely
    from xlplan.pipeline.history import receipt as receipt_of

    with opened(folder, records=False) as (campaign, ledger):
        found = receipt_of(campaign, ledger, school, day_or_today(None, ""), number=number, template=template)
        title = campaign.settings.title or campaign.model(found.template).form.title
        contact = campaign.settings.contact
    text = "\n".join(_lines(found, title, contact)) + "\n"
    if out is not None:
        write_safely(out, text.encode("utf-8", "replace"))
    if as_json:
        show.document(found.as_json())
    elif out is None:
        show.say(text.rstrip("\n"))
    else:
        show.chat(f"Written: {out}")


def _lines(found: Receipt, title: str, contact: str) -> list[str]:
    """The receipt, a fact a line."""
    item, stored = found.item, found.item.stored
    name = show.one_line(stored.file.rpartition("/")[2]) if found.size is not None else "FILE"
    recorded = datetime.fromisoformat(stored.recorded_at)
    file = "erased on request" if found.size is None else f"{name}, {found.size:,} bytes"
    lines = [
        f"Receipt for {show.one_line(found.school.name)} ({found.school.key})",
        "",
        f"Plan         {show.one_line(title)} ({found.template})",
        f"District     {show.one_line(found.school.district)} ({found.school.district_id})",
        f"Return       number {item.number}",
        f"File         {file}",
        f"SHA-256      {stored.sha256}",
        f"Received     {stored.received:%A, %B} {stored.received.day}, {stored.received.year}",
        f"Recorded     {recorded:%Y-%m-%d %H:%M:%S} UTC",
    ]
    if found.entry is not None:
        lines.append(f"Ledger       entry {found.entry.seq}, {found.entry.hash}")
    lines += ["", _outcome(item)]
    lines += [f"  {show.line_of(one)}" for one in _asked(item)]
    lines += [
        "",
        f"{'This return counts now' if item.counts else 'This return does not count now'}. {show.one_line(found.why)}",
    ]
    lines += [
        "", "Whoever has the file can see that it is the one received: its SHA-256 is the one above.",
        f'  Windows        certutil -hashfile "{name}" SHA256',
        f'  macOS, Linux   shasum -a 256 "{name}"',
    ]  # fmt: skip
    return [*lines, "", f"Questions: {show.one_line(contact)}"] if contact else lines


def _outcome(item: Came) -> str:
    if item.stored.erased:
        return "The contents of this file were erased on request; that it was received stays on record."
    outcome = {
        "accepted": "The plan was accepted.",
        "rejected": "The plan was read and is not accepted yet.",
        "refused": "The file could not be taken as a plan.",
    }[item.stored.outcome]
    return f"{outcome} Asked for:" if _asked(item) else f"{outcome} Nothing is asked for."


def _asked(item: Came) -> list[Finding]:
    """What is still asked of the school: errors and things to check."""
    weights = (Severity.REFUSAL, Severity.ERROR, Severity.WARNING)
    found = [one for one in item.stored.findings if one.severity in weights and not one.waived]
    return sorted(found, key=lambda one: weights.index(one.severity))
