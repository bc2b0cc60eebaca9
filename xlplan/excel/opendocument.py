"""An OpenDocument file with a password, opened (OpenDocument 1.3 part 2, 3.4). Runs in the child process only.

As LibreOffice has written it since 3.5: AES-256 in CBC mode, the key by PBKDF2 from the password's SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
import zlib

from xlplan.excel.guard import MOST_PART, Archive, damaged
from xlplan.excel.read_xml import Attributes, local, walk

_MANIFEST, _PARTS = "META-INF/manifest.xml", ("mimetype", "content.xml", "meta.xml")
_AES, _SHA256, _CHECKED = "aes256-cbc", "sha256", 1024  # bytes that the checksum is of
Facts = dict[str, str]


def opened(content: bytes, password: str) -> bytes:
    """The file's mimetype, cells and properties as a file without a password. Raises when it does not open it."""
    archive = Archive(content)
    facts = _manifest(archive.read(_MANIFEST))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for name in _PARTS:
            if name in archive:
                data = archive.read(name)
                made.writestr(name, _decrypted(data, facts[name], password) if name in facts else data)
    return target.getvalue()


def _manifest(data: bytes) -> dict[str, Facts]:
    """What the manifest says of each encrypted part's encryption, by its name."""
    found: dict[str, Facts] = {}
    current = ""

    def start(name: str, attributes: Attributes) -> None:
        nonlocal current
        plain = {local(key): value for key, value in attributes.items()}
        if local(name) == "file-entry":
            current = plain.get("full-path", "")
        elif local(name) in ("encryption-data", "algorithm", "start-key-generation", "key-derivation"):
            found.setdefault(current, {}).update(plain)

    walk(_MANIFEST, data, start, lambda *_: None)
    return found


def _decrypted(data: bytes, facts: Facts, password: str) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # heavy

    if (
        not facts["algorithm-name"].endswith(_AES)
        or facts["key-derivation-name"].rpartition("#")[2] != "PBKDF2"
    ):
        raise damaged(f"encryption by {facts['algorithm-name']}")
    start = hashlib.new("sha256" if _SHA256 in facts.get("start-key-generation-name", "") else "sha1")
    start.update(password.encode())
    salt, rounds = base64.b64decode(facts["salt"]), int(facts["iteration-count"])
    key = hashlib.pbkdf2_hmac("sha1", start.digest(), salt, rounds, 32)
    engine = Cipher(
        algorithms.AES256(key), modes.CBC(base64.b64decode(facts["initialisation-vector"]))
    ).decryptor()
    packed = engine.update(data) + engine.finalize()
    packed = packed[: -packed[-1]]  # the last byte says how many were added to fill a block
    if _SHA256 in facts["checksum-type"]:
        expected = base64.b64decode(facts["checksum"])
        if hashlib.sha256(packed[:_CHECKED]).digest() != expected:
            raise damaged("the password, or the part")
    inflater = zlib.decompressobj(-15)
    made = inflater.decompress(packed, MOST_PART)
    if not inflater.eof:
        raise damaged("a part that is cut off or too large")
    return made
