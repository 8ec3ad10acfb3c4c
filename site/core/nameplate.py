"""The platform's name and contact as pages show them, held in memory for a moment.

Every page prints them, so they are not asked of the database each time. A change counts at once in
the process that made it and within ``NAMEPLATE_SECONDS`` in the others; kept pages live a minute.
"""

from __future__ import annotations

import logging
import time

from django.conf import settings
from django.db import DatabaseError

from core.models import PlatformSettings

logger = logging.getLogger(__name__)

_held: list[tuple[float, PlatformSettings]] = []


def current() -> PlatformSettings:
    """What an administrator set, else the settings file's values. Never raises.

    A database that is down or not migrated gives the settings file's values: error pages use this.
    """
    if _held and _held[0][0] > time.monotonic():
        return _held[0][1]
    try:
        row = PlatformSettings.load()
    except DatabaseError:
        logger.exception("The platform's settings could not be read.")
        return PlatformSettings.from_settings()
    return hold(row)


def hold(row: PlatformSettings) -> PlatformSettings:
    """Show this from now on, in this process; called after a change was committed."""
    _held[:] = [(time.monotonic() + settings.NAMEPLATE_SECONDS, row)]
    return row
