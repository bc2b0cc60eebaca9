"""Check returned files and record them: every file once, by its bytes; a bad file never stops the batch."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from typing import Any, NoReturn

from xlplan.campaign import Campaign
from xlplan.campaign.files import MEGABYTE, MOST_BYTES, NoFile, TooBig, read_bytes, sweep
from xlplan.errors import SetupError, UsageError, XlplanError
from xlplan.excel.read import without_password
from xlplan.findings import Checked, Finding, finding
from xlplan.ledger import REFUSED, Ledger, ReturnRecord, StoredReturn
from xlplan.pipeline.check import Context, Result, check_file
from xlplan.pipeline.correct import CORRECTION, Corrections
from xlplan.pipeline.generate import by_school, form_facts

BATCH = 50  # returns recorded in one transaction
MOST_AT_ONCE = 2 * MOST_BYTES  # of files held in memory
MANY = 200  # files from which a second process pays
SKIPPED = ("~$", ".~lock", ".")  # beginnings of names that programs and systems leave behind


def context_of(
    campaign: Campaign,
    ledger: Ledger,
    as_of: date | None,
    today: date | None = None,
    passwords: tuple[str, ...] = (),
) -> Context:
    """What checking needs of a campaign and its ledger."""
    facts, seals = known_forms(ledger)
    issued = {key: copy.issue for key, copy in ledger.latest_copies().items()}
    return Context(
        campaign=campaign,
        issued=issued,
        facts=facts,
        seals=seals,
        as_of=as_of,
        today=today,
        passwords=passwords,
    )


def known_forms(ledger: Ledger) -> tuple[dict[str, Mapping[str, Any]], dict[str, tuple[bytes, ...]]]:
    """Of every form that copies were made from, by its digest: what it was made from, and what was locked in it."""
    facts, seals = {}, {}
    for digest in {copy.digest for copy in ledger.copies()}:
        form = ledger.form(digest)
        if form is not None:
            facts[digest], seals[digest] = form.facts, form.seals
    return facts, seals


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to read: folders searched recursively, by name. Raises UsageError for a missing path."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(item for item in _inside(path) if not item.name.startswith(SKIPPED))
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(f"There is no file or folder {path}.")
    return list(dict.fromkeys(found))


def _inside(folder: Path) -> Iterator[Path]:
    """Every file below the folder, those that may not be read too: somebody has to be told."""

    def stop(error: OSError) -> NoReturn:
        raise UsageError(f"{error.filename}: may not be looked into ({error.strerror}), so nothing was read.")

    for place, _, names in os.walk(folder, onerror=stop):
        for name in names:
            path = Path(place, name)
            if path.is_file() or not os.access(place, os.X_OK):
                yield path


def label_of(path: Path, root: Path | None) -> str:
    """A file as findings name it: relative to the campaign where inside, with /."""
    if root is not None:
        try:
            return path.resolve().relative_to(root.resolve()).as_posix()
        except ValueError:
            pass
    return path.as_posix()


def collect(
    campaign: Campaign,
    ledger: Ledger,
    paths: Sequence[Path],
    *,
    received: date,
    now: datetime,
    dry_run: bool = False,
    done: Callable[[Checked], None] | None = None,
    passwords: tuple[str, ...] = (),
) -> list[Checked]:
    """Check every file and record what is new, in order; `done` is called for each file as it is finished.

    A return that was rejected or repaired gets a correction copy; one that is recorded already gets it again if it
    is gone.
    """
    _check_ledger(campaign, ledger)
    context = context_of(campaign, ledger, received, passwords=passwords)
    checked: list[Checked] = []
    batch: list[Fresh] = []
    held = 0  # bytes that wait to be recorded
    corrections = Corrections(campaign, received=received)
    seen: set[str] = set()
    for content, result in _results(paths, campaign, ledger, context):
        item = result if isinstance(result, Checked) else result.checked
        if isinstance(result, Result):
            if result.sha256 in seen:
                item = replace(item, already=True)
            else:
                seen.add(result.sha256)
                kept = b"" if dry_run else content
                batch.append(Fresh(content=kept, result=result, at=len(checked)))
                held += len(kept)
        checked.append(item)
        if not dry_run and (len(batch) >= BATCH or held > MOST_AT_ONCE):
            _record(batch, checked, ledger, corrections, now)
            batch, held = [], 0
        if done is not None:
            done(item)
    if dry_run:
        _foretell(batch, checked, ledger, corrections)
    else:
        sweep(campaign.corrections)
        _record(batch, checked, ledger, corrections, now)
        _made_again(checked, ledger, corrections, context, now)
    return checked


def _check_ledger(campaign: Campaign, ledger: Ledger) -> None:
    """A ledger that was emptied looks like a new one: it would have every return refused, and that recorded."""
    if next(campaign.copies.rglob("*.xlsx"), None) is not None and not ledger.copies():
        raise SetupError(
            f"{campaign.root}: there are copies, and the ledger knows of none. Put it back from a backup; "
            "if there is none, run `xlplan generate`, which records the copies again."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """A file that is not recorded yet. `at`: its place among the results."""

    content: bytes
    result: Result
    at: int


def _record(
    batch: Sequence[Fresh], checked: list[Checked], ledger: Ledger, corrections: Corrections, now: datetime
) -> None:
    """Record returns and their correction copies at once; what another process has recorded meanwhile is left out.

    No copy takes its place before it is recorded; one that is missing then is made again by the next collect.
    """
    if not batch:
        return
    with ExitStack() as files, ledger.recording(now=now) as into:
        known = into.known(item.result.sha256 for item in batch)
        new = [item for item in batch if not _as_known(item.result, known)]
        wanted = [item.result for item in new if item.result.returned is not None]
        issued = into.copies_of(result.checked.school_id or "" for result in wanted)
        made = {result.sha256: corrections.make(result, issued, files) for result in wanted}
        into.add_returns(record_of(item.result, item.content, corrections.received) for item in new)
        for form in {form.digest: form for _, form in made.values()}.values():
            into.add_form(form.digest, *form_facts(form))
        into.add_copies(copy for copy, _ in made.values())
    for item in batch:
        found = made.get(item.result.sha256)
        if found is not None:
            checked[item.at] = replace(checked[item.at], correction=found[0].file)
        elif _as_known(item.result, known):
            checked[item.at] = replace(checked[item.at], already=True)


def _as_known(result: Result, known: Mapping[str, str]) -> bool:
    """Whether a file is recorded, and not as one that was refused and can be read now."""
    before = known.get(result.sha256)
    return before is not None and (before != REFUSED or result.checked.outcome == REFUSED)


def _foretell(
    batch: Sequence[Fresh], checked: list[Checked], ledger: Ledger, corrections: Corrections
) -> None:
    """Name the correction copies that would be written."""
    issued = by_school(ledger.copies())
    for item in batch:
        if item.result.returned is not None:
            file = corrections.next_file(item.result, issued)[1]
            checked[item.at] = replace(checked[item.at], correction=str(file))


def _made_again(
    checked: list[Checked], ledger: Ledger, corrections: Corrections, context: Context, now: datetime
) -> None:
    """The correction copies of returns recorded before: named, and written again where the file is gone."""
    before = [(at, item) for at, item in enumerate(checked) if item.already and item.sha256]
    if not before:
        return
    copies = {copy.inputs_hash: copy for copy in ledger.copies() if copy.kind == CORRECTION}
    for at, item in before:
        copy = copies.get(item.sha256 or "")
        if copy is None:
            continue
        if not (corrections.campaign.root / copy.file).exists():
            stored, content = ledger.known(copy.inputs_hash), ledger.content(copy.inputs_hash)
            if stored is None or content is None:
                continue
            result = check_file(content, stored.file, context)
            form = corrections.write_again(copy, result, stored.received)
            if form is not None:  # this xlplan may word it in another way
                ledger.record_form(form.digest, *form_facts(form), now=now)
        checked[at] = replace(item, correction=copy.file)


def _results(
    paths: Sequence[Path], campaign: Campaign, ledger: Ledger, context: Context
) -> Iterator[tuple[bytes, Result | Checked]]:
    """Each file's bytes and result; what is recorded already comes from the ledger, unread.

    What was refused is read again each time: its school may be on the roster by now, or its password at hand.
    """
    with _mapper(len(paths)) as mapper:
        for chunk in _chunks(paths):
            contents = [_content(path, context.passwords) for path in chunk]
            hashes = [
                sha256(content).hexdigest() if isinstance(content, bytes) else "" for content in contents
            ]
            known = ledger.known_hashes(hashes)
            jobs = [
                (content, label_of(path, campaign.root))
                for path, content, digest in zip(chunk, contents, hashes, strict=True)
                if isinstance(content, bytes) and (digest not in known or known[digest].outcome == REFUSED)
            ]
            fresh = iter(mapper(partial(_job, context), jobs))
            for path, content, digest in zip(chunk, contents, hashes, strict=True):
                label = label_of(path, campaign.root)
                if not isinstance(content, bytes):
                    yield b"", Checked(file=label, outcome="refused", findings=(content,))
                elif digest in known and known[digest].outcome != REFUSED:
                    yield content, stored_as_checked(known[digest], label)
                else:
                    result = next(fresh)
                    still = digest in known and result.checked.outcome == REFUSED
                    yield content, replace(result.checked, already=True) if still else result


def _chunks(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """The paths in runs that memory can hold at once."""
    chunk: list[Path] = []
    size = 0
    for path in paths:
        bytes_ = _size(path)
        if chunk and (len(chunk) == BATCH or size + bytes_ > MOST_AT_ONCE):
            yield chunk
            chunk, size = [], 0
        chunk.append(path)
        size += bytes_
    if chunk:
        yield chunk


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _content(path: Path, passwords: Sequence[str]) -> bytes | Finding:
    """The file's bytes, without the password that it needs for opening, if that is at hand; or why there are none.

    So what is recorded can be read again by everybody who may read the ledger.
    """
    try:
        content = read_bytes(path)
    except XlplanError as error:
        return unread(error)
    return without_password(content, passwords) if passwords else content


def unread(error: XlplanError) -> Finding:
    """The refusal of a file whose bytes are not to be had: a giant, no file at all, or one that may not be read."""
    if isinstance(error, TooBig):
        return finding("too-big", detail=f": more than {MOST_BYTES // MEGABYTE} MB")
    if isinstance(error, NoFile):
        return finding(
            "not-a-workbook", detail=": it is a pipe, a device or a folder", todo="Name the workbook itself."
        )
    reason = getattr(error.__cause__, "strerror", None) or str(error).removesuffix(".")
    return finding("damaged", detail=f": it could not be read ({reason})")


def _job(context: Context, job: tuple[bytes, str]) -> Result:
    """A file's result without form and model, which recording does without and no pickle can hold."""
    result = check_file(job[0], job[1], context)
    validated = replace(result.validated, model=None) if result.validated else None
    return replace(result, form=None, validated=validated)


@contextmanager
def _mapper(count: int) -> Iterator[Callable[..., Iterable[Result]]]:
    """`map` for a few files; a pool of processes for many."""
    if count < MANY:
        yield map
        return
    pool: Executor
    with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=_end_with_parent) as pool:
        yield partial(pool.map, chunksize=5)


def _end_with_parent() -> None:
    """A process of the pool whose parent was killed would wait for work for ever."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()


def stored_as_checked(stored: StoredReturn, file: str) -> Checked:
    """A recorded return as the result of checking it again."""
    return Checked(
        file=file, outcome=stored.outcome, findings=stored.findings, school_id=stored.school_key,
        template=stored.template, version=stored.version, plan=stored.plan, already=True, sha256=stored.sha256,
    )  # fmt: skip


def record_of(result: Result, content: bytes, received: date) -> ReturnRecord:
    """A checked file as the ledger takes it."""
    checked, identity = result.checked, result.identity
    filled = result.validated.filled if result.validated else {}
    return ReturnRecord(
        file=checked.file, sha256=result.sha256, content=content, received=received, outcome=checked.outcome,
        school_key=checked.school_id, template=checked.template, version=checked.version,
        issue=identity.issue if identity else None, plan=checked.plan, findings=checked.findings,
        completeness=[dict(line) for line in result.completeness] or None,
        lineage=tuple((path, sheet, cell) for path, (sheet, cell) in filled.items()),
        saved_by=result.core.get("lastModifiedBy") or None, saved_at=result.core.get("modified") or None,
    )  # fmt: skip
