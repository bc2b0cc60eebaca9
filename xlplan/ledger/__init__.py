"""Every copy issued and every return, append-only; and the questions asked of them."""

from xlplan.ledger.recording import Recording
from xlplan.ledger.records import REFUSED, CopyRecord, IssuedCopy, ReturnRecord, StoredForm, StoredReturn
from xlplan.ledger.store import Ledger

__all__ = [
    "REFUSED",
    "CopyRecord",
    "IssuedCopy",
    "Ledger",
    "Recording",
    "ReturnRecord",
    "StoredForm",
    "StoredReturn",
]
