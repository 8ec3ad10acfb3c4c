"""Calendars (RFC 5545) as every room writes them: whole days in Hong Kong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from icalendar import Calendar, Event, vText

from core.feeds import printable
from core.texts import html_lang

_REFRESH = dt.timedelta(hours=1)


def new_calendar(name: str, *, of: str) -> Calendar:
    """An empty calendar; ``of`` says in English what makes it."""
    calendar = Calendar()
    calendar.add("prodid", f"-//Kaifong//{of}//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", printable(name))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", _REFRESH)
    return calendar


def days_event(
    *,
    uid: str,
    summary: str,
    language: str,
    first: dt.date,
    last: dt.date,
    lines: Iterable[str],
    url: str,
    now: dt.datetime,
) -> Event:
    """Whole days from ``first`` to ``last``, both in it; ``language`` is the summary's.

    ``uid`` stays for ever: a calendar that asks again moves the event and does not add another.
    """
    made = Event()
    made.add("uid", f"{uid}@kaifong")
    made.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    words = vText(printable(summary))
    words.params["LANGUAGE"] = html_lang(language)
    made.add("summary", words)
    made.add("dtstart", first)
    made.add("dtend", last + dt.timedelta(days=1))
    made.add("description", printable("\n".join(line for line in lines if line)))
    made.add("url", url)
    # It takes no time of anybody's day.
    made.add("transp", "TRANSPARENT")
    return made
