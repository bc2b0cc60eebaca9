"""What all tests share: property tests have no deadline, since a machine may be busy.

In CI they draw the same examples each time, so that a change is judged by what it changed; at home they explore.
"""

from __future__ import annotations

import os

from hypothesis import Phase, settings

PHASES = [phase for phase in Phase if phase is not Phase.explain]  # which traces every line, for minutes
settings.register_profile("xlplan", deadline=None, derandomize="CI" in os.environ, phases=PHASES)
settings.load_profile("xlplan")
