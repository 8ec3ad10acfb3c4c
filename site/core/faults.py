"""Where a process may be killed on purpose, so that tests can ask what is left behind.

``point("name")`` does nothing unless the environment names this very point in ``KAIFONG_CRASH_AT``:
then the process ends on the spot, as by kill -9, without rolling back, closing or flushing
anything. With ``hold:name`` it says so in the file that ``KAIFONG_CRASH_SIGN`` names and waits
there for ever, so that somebody else can kill the whole process in just that moment. Production
refuses to start with the variable set.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

VARIABLE = "KAIFONG_CRASH_AT"
#: The file in which a process that is held says where.
SIGN = "KAIFONG_CRASH_SIGN"
HOLD = "hold:"
#: What the process ends with, so that a test can tell it from any other end.
STATUS = 86


def point(name: str) -> None:
    """End the process here, or hold it, if this is the point that was asked for."""
    asked = os.environ.get(VARIABLE)
    if asked is None:
        return
    if asked == name:
        os._exit(STATUS)
    if asked == HOLD + name:
        Path(os.environ[SIGN]).write_text(name)
        threading.Event().wait()
