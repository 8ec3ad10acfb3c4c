"""The register as a calendar (RFC 5545) in one language: openings, closes, promised answers."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from icalendar import Event

from consultations.cards import address
from core import dates
from core.calendars import days_event, new_calendar
from core.texts import pick
from participation.models import Engagement
from participation.stages import today

#: Consultations in one calendar, the latest close first.
MOST = 500
_TEXT_LIMIT = 600


def _events(engagement: Engagement) -> list[tuple[str, str, dt.date]]:
    """(key, heading, day in Hong Kong) of what has a day: the last open day, not the day after."""
    found = []
    if engagement.opens_at is not None:
        found.append(("opens", _("Opens: %(title)s"), today(engagement.opens_at)))
    if engagement.closes_at is not None:
        last = today(dates.last_minute(engagement.closes_at))
        found.append(("closes", _("Closes: %(title)s"), last))
    if engagement.response_due is not None:
        found.append(("answer", _("Answer due: %(title)s"), engagement.response_due))
    return found


def _event(
    engagement: Engagement,
    event: tuple[str, str, dt.date],
    *,
    origin: str,
    language: str,
    now: dt.datetime,
) -> Event:
    key, heading, day = event
    title = pick(engagement.title, language)
    lines = [
        pick(engagement.owner.name, language).text,
        pick(engagement.summary, language).text[:_TEXT_LIMIT],
    ]
    if key == "closes" and engagement.closes_at is not None:
        lines.insert(0, dates.format_deadline(engagement.closes_at, language))
    return days_event(
        uid=f"{engagement.public_id}-{key}-{language}",
        summary=heading % {"title": title.text},
        language=title.language,
        first=day,
        last=day,
        lines=lines,
        url=origin + address(engagement, language),
        now=now,
    )


def register_calendar(
    rows: list[Engagement], *, origin: str, language: str, name: str, now: dt.datetime
) -> bytes:
    """The calendar of these engagements. ``origin`` is scheme and host, ``name`` the platform's."""
    calendar = new_calendar(
        _("Consultations: %(platform)s") % {"platform": name}, of="Consultations"
    )
    for engagement in rows:
        for event in _events(engagement):
            calendar.add_component(
                _event(engagement, event, origin=origin, language=language, now=now)
            )
    return bytes(calendar.to_ical())
