"""A letter as a draft that any mail program opens: a file with recipient, subject, text and attachments."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP

from xlplan.form.text import clean_text, harmless
from xlplan.post.addresses import Addresses, addresses_of

TYPES = {
    ".xlsx": ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ".zip": ("application", "zip"),
}
_UNSAFE = re.compile(r"[^A-Za-z0-9._()+-]+")
# parts are wrapped as mail asks for, headers are not: Outlook loses names and subjects that go on in another line
_BODY, _HEAD = SMTP.clone(max_line_length=76), SMTP.clone(max_line_length=998)
_MOST_SUBJECT = 200
_ENCODED = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a letter says: its subject, on one line, and its text."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that goes with a letter."""

    name: str
    content: bytes


def draft(letter: Letter, to: Sequence[str] = (), attachments: Sequence[Attachment] = ()) -> bytes:
    """The draft as an .eml file: equal inputs give equal bytes. `to`: addresses that were looked at before.

    `X-Unsent` has mail programs open it for sending. It has no day: that is the day on which somebody sends it.
    """
    message = EmailMessage(policy=_BODY)
    message.set_content(harmless(letter.text), charset="utf-8", cte="quoted-printable")
    for item in attachments:
        kind, subtype = TYPES.get(item.name[item.name.rfind(".") :].lower(), ("application", "octet-stream"))
        message.add_attachment(item.content, maintype=kind, subtype=subtype, filename=safe_name(item.name))
    if attachments:
        message.set_boundary(f"=-{_fingerprint(letter, attachments)}")
    head = ["X-Unsent: 1", *([f"To: {_addresses(to)}"] if to else ()), f"Subject: {_subject(letter.subject)}"]
    return "\r\n".join([*head, ""]).encode("ascii") + message.as_bytes(policy=_HEAD)


def _addresses(to: Sequence[str]) -> str:
    for address in to:
        if not addresses_of(address) == Addresses((address,), ()):
            raise ValueError(f"{address!r} is no e-mail address.")
    return ",\r\n ".join(to)


def _subject(text: str) -> str:
    """The subject on one line of ASCII, or in pieces that are encoded (RFC 2047)."""
    text = clean_text(harmless(text), lines=False)
    text = text if len(text) <= _MOST_SUBJECT else f"{text[: _MOST_SUBJECT - 1]}…"
    if text.isascii() and "=?" not in text:
        return text
    return Header(text, "utf-8", maxlinelen=_ENCODED, header_name="Subject").encode(linesep="\r\n")


def safe_name(name: str) -> str:
    """The name in ASCII and without folders, as every mail program shows it."""
    plain = _UNSAFE.sub("-", name.replace("\\", "/").rpartition("/")[2]).strip(".-")
    return plain or "attachment"


def _fingerprint(letter: Letter, attachments: Sequence[Attachment]) -> str:
    """What stands between the parts: the same for the same draft, and nothing that a text holds by chance."""
    made = hashlib.sha256(f"{letter.subject}\n{letter.text}".encode("utf-8", "surrogatepass"))
    for item in attachments:
        made.update(hashlib.sha256(item.content).digest())
    return made.hexdigest()[:32]
