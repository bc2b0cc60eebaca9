"""Every copy issued and every return, append-only; and the questions asked of them."""

from xlplan.ledger.migrate import Upgraded, upgrade
from xlplan.ledger.recording import Recording
from xlplan.ledger.records import (
    APPROVED,
    REFUSED,
    RETURNED,
    CarriedRecord,
    Checkup,
    CopyRecord,
    Entry,
    Erased,
    IssuedCopy,
    Known,
    Mark,
    Remark,
    ReturnRecord,
    Review,
    StoredForm,
    StoredReturn,
    Waiting,
)
from xlplan.ledger.store import Ledger

__all__ = [
    "APPROVED",
    "REFUSED",
    "RETURNED",
    "CarriedRecord",
    "Checkup",
    "CopyRecord",
    "Entry",
    "Erased",
    "IssuedCopy",
    "Known",
    "Ledger",
    "Mark",
    "Recording",
    "Remark",
    "ReturnRecord",
    "Review",
    "StoredForm",
    "StoredReturn",
    "Upgraded",
    "Waiting",
    "upgrade",
]
