"""Files elsewhere, named by a URL that fsspec understands: in an object store (s3://), on a server (sftp://).

Who may read them is told where that system's own programs look (environment, profiles, keys), never in a campaign.
What the other side says is not trusted: names, sizes, nor that it answers at all.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import gaierror
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from xlplan.campaign.files import MEGABYTE, MOST_BYTES, TooBig
from xlplan.errors import UsageError, XlplanError

TOGETHER = 64  # files asked for at once, where that is possible
TOGETHER_BYTES = 16 * MEGABYTE  # of these, but for one that has more by itself
GROWTH = MEGABYTE  # by which a file may have grown since it was listed
SFTP, S3 = ("sftp", "ssh"), ("s3", "s3a")
EXAMPLES = "s3://BUCKET/FOLDER or sftp://HOST/FOLDER"
_URL = re.compile(r"(?!file:|local:)[a-z][a-z0-9+.-]+://", re.IGNORECASE)  # a drive has one letter
# s3fs gives each try 15 seconds, five times; botocore beneath would try five times for each of these
_S3_CONFIG = {"max_pool_connections": TOGETHER, "retries": {"max_attempts": 0}}
# a terminal acts on these, and nobody sees them
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_WHO_S3 = "Who you are is told by AWS_PROFILE or the files in ~/.aws."
_WHO_SFTP = "Who you are is told by USER@ in the address, the ssh agent and the keys in ~/.ssh."
DENIED = (  # errors of botocore and paramiko
    "NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError", "ProfileNotFound",
    "TokenRetrievalError", "UnauthorizedSSOTokenError", "AuthenticationException", "BadAuthenticationType",
    "PasswordRequiredException",
)  # fmt: skip
NO_KEY = "No authentication methods available"  # paramiko, in an error of no kind of its own


class Unreachable(UsageError):
    """What holds the files does not answer: asking it for the next one is no use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One file elsewhere, as it was listed. `label`: as findings name it, without credentials."""

    url: str = field(repr=False)  # that was named, of the file or of a folder above it; may hold a password
    path: str  # as its own system names it
    label: str
    size: int

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]

    def read(self) -> bytes:
        """Its bytes; raises XlplanError with label and reason: TooBig for a giant, Unreachable where none answers."""
        found = next(read_many([self]))
        if isinstance(found, XlplanError):
            raise found
        return found


def is_url(text: str) -> bool:
    """Whether this names something elsewhere; file:///… is here, and so is a path."""
    return _URL.match(text) is not None


def path_of(text: str) -> Path:
    """The path that a text names which is no URL, or one that begins with file://."""
    if not text.lower().startswith(("file://", "local://")):
        return Path(text)
    found = unquote(text.partition("://")[2]).removeprefix("localhost")
    return Path(re.sub(r"^/(?=[A-Za-z]:)", "", found))  # Windows: file:///C:/…


def shown(url: str) -> str:
    """The URL without password, of a server without user too, and with nothing in it that a terminal would act on."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    user, at, machine = host.rpartition("@")
    if scheme.lower() in SFTP or ":" in user:
        user, at = "", ""
    return _harmless(f"{scheme}://{user}{at}{machine}{slash}{path}")


def places_in(url: str, skipped: tuple[str, ...] = ()) -> Iterator[Place]:
    """The file of that URL, or those in the folder and its folders, by name, with the sizes that the listing tells.

    `skipped`: beginnings of names to leave out. Raises UsageError where nothing is there or may be looked at.
    """
    with _asked(url) as (system, root):
        system.invalidate_cache()  # what another look has shown may be kept
        found = list(_files(system, root))
        system.invalidate_cache()
    base = shown(url).rstrip("/")
    for path, size in sorted(found, key=lambda item: item[0].split("/")):
        place = Place(url=url, path=path, label=base + _harmless(path[len(root) :]), size=size)
        if place.name and not any(map(place.name.startswith, skipped)):
            yield place


def _files(system: Any, root: str) -> Iterator[tuple[str, int]]:
    """Paths and sizes of the file there, or of all below the folder. Raises FileNotFoundError."""
    if system.async_impl:  # an object store lists everything at once, a thousand with each answer
        listed = system.find(root, detail=True)
        if not listed and not system.exists(root):
            raise FileNotFoundError(root)
        yield from ((path, _size(item)) for path, item in listed.items() if item["type"] == "file")
        return
    first = system.info(root)
    if first["type"] == "file":
        yield root, _size(first)
    folders = [root] if first["type"] == "directory" else []
    while folders:
        for item in system.ls(folders.pop(), detail=True):
            if item["type"] == "directory":
                folders.append(item["name"])
            elif item["type"] == "file":
                yield item["name"], _size(item)
            elif item["type"] == "link":  # to a file; a folder may hold a link to itself
                with suppress(OSError):
                    target = system.info(item["name"])
                    if target["type"] == "file":
                        yield item["name"], _size(target)


def _size(item: dict[str, Any]) -> int:
    """Of a file in bytes; where a system does not tell, anything but none."""
    size = item.get("size")
    return 1 if size is None else int(size)


def read_many(places: Iterable[Place]) -> Iterator[bytes | XlplanError]:
    """The bytes of each in its turn, or why they are not to be had; many are asked for at once where that is possible.

    Raises Unreachable as soon as none answers any more.
    """
    for batch in _batches(places):
        wanted = [place for place in batch if 0 < place.size <= MOST_BYTES]
        found = _fetched(wanted)
        for place in batch:
            if place.size > MOST_BYTES:
                yield _too_big(place)
            else:
                yield next(found) if place.size else b""


def _batches(places: Iterable[Place]) -> Iterator[list[Place]]:
    batch: list[Place] = []
    size = 0
    for place in places:
        size += place.size
        if batch and (len(batch) == TOGETHER or size > TOGETHER_BYTES or place.url != batch[0].url):
            yield batch
            batch, size = [], place.size
        batch.append(place)
    if batch:
        yield batch


def _fetched(places: Sequence[Place]) -> Iterator[bytes | XlplanError]:
    """Contents of files of one system, with no more of each than it may have grown to since it was listed."""
    if not places:
        return
    ends = [place.size + GROWTH for place in places]
    with _asked(places[0].url) as (system, _):
        for place, end, found in zip(places, ends, _cat(system, places, ends), strict=True):
            if isinstance(found, BaseException):
                if not _is_of_one_file(found):
                    raise found
                yield _unread(place, found)
            elif len(found) > MOST_BYTES:
                yield _too_big(place)
            elif len(found) >= end:
                yield _unread(place, OSError(0, "it is being written"))
            else:
                yield found


def _cat(system: Any, places: Sequence[Place], ends: Sequence[int]) -> Iterator[bytes | BaseException]:
    if system.async_impl:  # `cat` would take names with * or [ for patterns
        yield from system.cat_ranges([place.path for place in places], [0] * len(ends), ends)
        return
    for place, end in zip(places, ends, strict=True):
        try:
            yield system.cat_file(place.path, 0, end)
        except Exception as error:  # see _asked
            yield error


def _is_of_one_file(error: BaseException) -> bool:
    """Whether others may be read all the same; libraries pass on the store's own answers with a number."""
    if isinstance(error, (FileNotFoundError, PermissionError, IsADirectoryError)):
        return True
    lost = isinstance(error, (ConnectionError, TimeoutError, gaierror))
    return isinstance(error, OSError) and bool(error.errno) and not lost


def _unread(place: Place, error: BaseException) -> XlplanError:
    """That a file could not be read, for the reason that it has as its cause."""
    reason = "it is not there any more" if isinstance(error, FileNotFoundError) else _reason(error)
    made = XlplanError(f"{place.label}: could not be read ({reason}).")
    made.__cause__ = OSError(0, reason)
    return made


def _too_big(place: Place) -> TooBig:
    return TooBig(f"{place.label}: has more than {MOST_BYTES // MEGABYTE} MB, so it was not read.")


@contextmanager
def sending(url: str) -> Iterator[Path]:
    """A path here of the same name, to write a file or a folder to; when the block ends well, it is put to the URL.

    Each file there is the old one or the whole new one, never half of it. Raises UsageError.
    """
    _system(url)  # before anybody works for it in vain
    with TemporaryDirectory(prefix="xlplan-") as folder:
        made = Path(folder, url.rstrip("/").rpartition("/")[2])
        yield made
        with _asked(url) as (system, root):
            for file in [made] if made.is_file() else sorted(filter(Path.is_file, made.rglob("*"))):
                _put(system, file, root + file.as_posix().removeprefix(made.as_posix()))


def _put(system: Any, file: Path, target: str) -> None:
    if system.async_impl:  # an object takes its place when all of it is there
        system.put_file(str(file), target)
        return
    draft = f"{target.rpartition('/')[0]}/.{secrets.token_hex(6)}.tmp"
    try:
        system.put_file(str(file), draft)
        system.mv(draft, target)
    except BaseException:
        with suppress(Exception):  # what went wrong first is told
            system.rm_file(draft)
        raise


@contextmanager
def _asked(url: str) -> Iterator[tuple[Any, str]]:
    """The file system that a URL is of, kept by fsspec from one time to the next, and the path there.

    What goes wrong with it in the block is raised as a UsageError.
    """
    system, root = _system(url)
    try:
        yield system, root
    except XlplanError:
        raise
    except Exception as error:  # every file system raises what its libraries raise
        system.clear_instance_cache()  # so that the next one connects anew
        raise _trouble(url, error) from error


def _system(url: str) -> tuple[Any, str]:
    """The file system that a URL is of, which fsspec keeps, and the path in it. Raises UsageError."""
    protocol = url.partition("://")[0].lower()
    try:
        from fsspec.core import url_to_fs  # heavy, and for few

        if protocol in SFTP:
            system, root = _server(url)
        elif "::" in url:
            raise ValueError("systems within systems are not opened")
        else:
            options = {"config_kwargs": _S3_CONFIG} if protocol in S3 else {}
            system, root = url_to_fs(protocol + url[len(protocol) :], **options)
    except ImportError as error:
        raise UsageError(
            f"{shown(url)}: needs libraries that are not installed here ({_reason(error)}). "
            "pip install 'xlplan[cloud]'"
        ) from error
    except ValueError as error:
        raise UsageError(
            f"{shown(url)}: is no place for files ({_reason(error)}). Name one such as {EXAMPLES}."
        ) from error
    except Exception as error:  # see _asked
        raise _trouble(url, error) from error
    if not root.strip("/"):
        raise UsageError(f"{shown(url)}: names no folder and no file. Name one such as {EXAMPLES}.")
    return system, root.rstrip("/")


def _server(url: str) -> tuple[Any, str]:
    """An SFTP server, and the path there."""
    from xlplan.campaign.sftp import Sftp

    rest = url.partition("://")[2]
    known = urlsplit(f"//{rest.partition('/')[0]}")
    told = {"username": known.username, "password": known.password}
    options = {name: unquote(value) for name, value in told.items() if value is not None}
    return Sftp(known.hostname or "", port=known.port or 22, **options), f"/{rest.partition('/')[2]}"


def _trouble(url: str, error: BaseException) -> UsageError:
    """Why a place cannot be used at all."""
    where, protocol = shown(url), url.partition("://")[0].lower()
    if isinstance(error, FileNotFoundError):
        return UsageError(f"{where}: there is nothing. Name a file or a folder, such as {EXAMPLES}.")
    if isinstance(error, PermissionError) or type(error).__name__ in DENIED or NO_KEY in str(error):
        who = _WHO_S3 if protocol in S3 else _WHO_SFTP if protocol in SFTP else ""
        return UsageError(f"{where}: access is denied ({_reason(error)}). {who}".strip())
    return Unreachable(f"{where}: cannot be reached ({_reason(error)}).")


def _reason(error: BaseException) -> str:
    """What is wrong, in the library's words."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return _harmless(text.strip().splitlines()[0].removesuffix("."))


def _harmless(text: str) -> str:
    """The text with what nobody sees spelled out, as %0A."""
    return _UNSEEN.sub(lambda found: quote(found[0], errors="surrogatepass"), text)
