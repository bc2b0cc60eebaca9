"""What all tests share: property tests have no deadline, since a machine may be busy."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("xlplan", deadline=None)
settings.load_profile("xlplan")
