"""A copy's identity: one opaque ASCII string that tells campaign, school, form and issue, signed by the campaign."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

PREFIX = "XLPLAN1"
NO_CAMPAIGN = "-"
LONGEST = 200  # characters; longer ones are cut by some programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Whose copy it is. `digest`: of the form as issued; `signed`: the string's signature as it stood there."""

    campaign: str
    school: str
    template: str
    version: int
    issue: int
    digest: str
    signed: str = ""

    def text(self, key: bytes) -> str:
        """The identity string, signed with HMAC-SHA256 cut to 128 bits; without a key the signature is empty."""
        body = _body(self)
        return f"{PREFIX}.{body}.{_signature(body, key)}"

    def verified(self, key: bytes) -> bool:
        """Whether the signature is that campaign's."""
        return hmac.compare_digest(self.signed, _signature(_body(self), key))

    @property
    def form_code(self) -> str:
        """What people read: SFSS-2 · 530825001378 · 1."""
        return f"{self.template.upper()}-{self.version} · {self.school} · {self.issue}"


def _body(identity: Identity) -> str:
    fields = [
        identity.campaign,
        identity.school,
        identity.template,
        identity.version,
        identity.issue,
        identity.digest,
    ]
    return urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).rstrip(b"=").decode()


def _signature(body: str, key: bytes) -> str:
    if not key:
        return ""
    return urlsafe_b64encode(hmac.digest(key, body.encode(), "sha256")[:16]).rstrip(b"=").decode()


def read_identity(text: str) -> Identity | None:
    """The identity in a string, or None where it is none of ours."""
    parts = text.strip().split(".")
    if len(parts) != 3 or parts[0] != PREFIX or len(text) > 2 * LONGEST:
        return None
    try:
        fields = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        campaign, school, template, version, issue, digest = fields
    except ValueError:
        return None
    texts, numbers = (campaign, school, template, digest), (version, issue)
    if not all(isinstance(item, str) for item in texts) or not all(type(item) is int for item in numbers):
        return None
    return Identity(
        campaign=campaign,
        school=school,
        template=template,
        version=version,
        issue=issue,
        digest=digest,
        signed=parts[2],
    )
