"""Check returned files and record them: every file once, by its bytes; a bad file never stops the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

from xlplan.campaign import Campaign
from xlplan.campaign.files import read_bytes
from xlplan.errors import UsageError, XlplanError
from xlplan.findings import Checked, finding
from xlplan.ledger import Ledger, ReturnRecord, StoredReturn
from xlplan.pipeline.check import Context, Result, check_file

BATCH = 50  # returns recorded in one transaction
MANY = 200  # files from which a second process pays
SKIPPED = ("~$", ".~lock", ".")  # beginnings of names that programs and systems leave behind


def context_of(campaign: Campaign, ledger: Ledger, as_of: date | None, today: date | None = None) -> Context:
    """What checking needs of a campaign and its ledger."""
    latest = ledger.latest_copies()
    facts = {}
    for digest in {copy.digest for copy in ledger.copies()}:
        form = ledger.form(digest)
        if form is not None:
            facts[digest] = form.facts
    issued = {key: copy.issue for key, copy in latest.items()}
    return Context(campaign=campaign, issued=issued, facts=facts, as_of=as_of, today=today)


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The files to read: folders searched recursively, by name. Raises UsageError for a missing path."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (
                item for item in path.rglob("*") if item.is_file() and not item.name.startswith(SKIPPED)
            )
            found += sorted(inside)
        elif path.exists():
            found.append(path)
        else:
            raise UsageError(f"There is no file or folder {path}.")
    return list(dict.fromkeys(found))


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
) -> list[Checked]:
    """Check every file and record what is new, in order; `done` is called for each file as it is finished."""
    context = context_of(campaign, ledger, received)
    checked: list[Checked] = []
    batch: list[ReturnRecord] = []
    seen: set[str] = set()
    for content, result in _results(paths, campaign, ledger, context):
        item = result if isinstance(result, Checked) else result.checked
        if isinstance(result, Result):
            if result.sha256 in seen:
                item = replace(item, already=True)
            else:
                seen.add(result.sha256)
                batch.append(record_of(result, content, received))
        checked.append(item)
        if len(batch) >= BATCH and not dry_run:
            ledger.record_returns(batch, now=now)
            batch = []
        if done is not None:
            done(item)
    if not dry_run:
        ledger.record_returns(batch, now=now)
    return checked


def _results(
    paths: Sequence[Path], campaign: Campaign, ledger: Ledger, context: Context
) -> Iterator[tuple[bytes, Result | Checked]]:
    """Each file's bytes and result; what is recorded already comes from the ledger, unread."""
    with _mapper(len(paths)) as mapper:
        for start in range(0, len(paths), BATCH):
            chunk = paths[start : start + BATCH]
            contents = [_content(path) for path in chunk]
            hashes = [
                sha256(content).hexdigest() if isinstance(content, bytes) else "" for content in contents
            ]
            known = ledger.known_hashes(hashes)
            jobs = [
                (content, label_of(path, campaign.root))
                for path, content, digest in zip(chunk, contents, hashes, strict=True)
                if isinstance(content, bytes) and digest not in known
            ]
            fresh = iter(mapper(partial(_job, context), jobs))
            for path, content, digest in zip(chunk, contents, hashes, strict=True):
                label = label_of(path, campaign.root)
                if not isinstance(content, bytes):
                    yield (
                        b"",
                        Checked(
                            file=label,
                            outcome="refused",
                            findings=(finding("damaged", detail=f": {content}"),),
                        ),
                    )
                elif digest in known:
                    yield content, stored_as_checked(known[digest], label)
                else:
                    yield content, next(fresh)


def _content(path: Path) -> bytes | str:
    try:
        return read_bytes(path)
    except XlplanError as error:
        return str(error)


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
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield partial(pool.map, chunksize=5)


def stored_as_checked(stored: StoredReturn, file: str) -> Checked:
    """A recorded return as the result of checking it again."""
    return Checked(
        file=file, outcome=stored.outcome, findings=stored.findings, school_id=stored.school_key,
        template=stored.template, version=stored.version, plan=stored.plan, already=True,
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
