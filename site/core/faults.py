"""Where a process may be killed on purpose, so that tests can ask what is left behind.

``point("name")`` does nothing unless the environment names this very point in ``KAIFONG_CRASH_AT``:
then the process ends on the spot, as by kill -9, without rolling back, closing or flushing
anything. Production refuses to start with the variable set.
"""

from __future__ import annotations

import os

VARIABLE = "KAIFONG_CRASH_AT"
#: What the process ends with, so that a test can tell it from any other end.
STATUS = 86


def point(name: str) -> None:
    """End the process here if this is the point that was asked for."""
    if os.environ.get(VARIABLE) == name:
        os._exit(STATUS)
