"""The register as a calendar (RFC 5545) in one language: openings, closes, promised answers."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from consultations.cards import address
from consultations.feeds import printable
from core import dates
from core.texts import html_lang, pick
from participation.models import Engagement
from participation.stages import today

#: Consultations in one calendar, the latest close first.
MOST = 500
_TEXT_LIMIT = 600
_REFRESH = dt.timedelta(hours=1)


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
    summary = pick(engagement.summary, language).text[:_TEXT_LIMIT]
    owner = pick(engagement.owner.name, language).text
    made = Event()
    # For ever the same: a calendar that asks again moves the event, and does not add another.
    made.add("uid", f"{engagement.public_id}-{key}-{language}@kaifong")
    made.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    words = vText(printable(heading % {"title": title.text}))
    words.params["LANGUAGE"] = html_lang(title.language)
    made.add("summary", words)
    made.add("dtstart", day)
    made.add("dtend", day + dt.timedelta(days=1))
    lines = [owner, summary]
    if key == "closes" and engagement.closes_at is not None:
        lines.insert(0, dates.format_deadline(engagement.closes_at, language))
    made.add("description", printable("\n".join(line for line in lines if line)))
    made.add("url", origin + address(engagement, language))
    # It takes no time of anybody's day.
    made.add("transp", "TRANSPARENT")
    return made


def register_calendar(
    rows: list[Engagement], *, origin: str, language: str, name: str, now: dt.datetime
) -> bytes:
    """The calendar of these engagements. ``origin`` is scheme and host, ``name`` the platform's."""
    calendar = Calendar()
    calendar.add("prodid", "-//Kaifong//Consultations//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", printable(_("Consultations: %(platform)s") % {"platform": name}))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _REFRESH)
    for engagement in rows:
        for event in _events(engagement):
            calendar.add_component(
                _event(engagement, event, origin=origin, language=language, now=now)
            )
    return bytes(calendar.to_ical())
