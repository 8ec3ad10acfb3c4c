"""The published rules of points: how long they last, what needs a second person."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from core.dates import ZONE


def expiry_months() -> int:
    """Points last so many months after the month in which they became available."""
    return int(settings.KAIFONG["POINTS_EXPIRE_MONTHS"])


def notice_time() -> dt.timedelta:
    """How long before points expire their holder is told."""
    return dt.timedelta(days=settings.KAIFONG["POINTS_NOTICE_DAYS"])


def person_limit() -> int:
    """Above so many points a correction of a person's points needs a second administrator."""
    return int(settings.KAIFONG["POINTS_PERSON_LIMIT"])


def officer_limit() -> int:
    """Above so many points, of all persons together, one administrator needs a second."""
    return int(settings.KAIFONG["POINTS_OFFICER_LIMIT"])


def grant_limit() -> int:
    """Above so many points a grant to a budget needs a second administrator."""
    return int(settings.KAIFONG["POINTS_GRANT_LIMIT"])


def limit_of_reversal(kind: str) -> int:
    """Above so many points taking an entry of this kind back needs a second administrator."""
    return grant_limit() if kind == "grant" else person_limit()


def month_start(moment: dt.datetime, *, months: int = 0) -> dt.datetime:
    """The first instant, in Hong Kong, of the moment's month, or of the month ``months`` on."""
    local = moment.astimezone(ZONE)
    years, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    return dt.datetime(years, month + 1, 1, tzinfo=ZONE)


def expires_at(available_at: dt.datetime) -> dt.datetime:
    """When points that became available then expire; from that instant they cannot be spent."""
    return month_start(available_at, months=1 + expiry_months())


def expired_before(now: dt.datetime) -> dt.datetime:
    """What became available before this instant has expired by ``now`` (``expires_at`` turned)."""
    return month_start(now, months=-expiry_months())
