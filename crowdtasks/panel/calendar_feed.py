"""One session as iCalendar (RFC 5545): its time, its place, whom to turn to."""

from __future__ import annotations

import datetime as dt

from icalendar import Event, vText

from core.calendars import new_calendar
from core.feeds import printable
from core.texts import html_lang, pick
from crowdtasks.panel.models import Session


def session_calendar(session: Session, *, url: str, language: str, now: dt.datetime) -> bytes:
    """A calendar with one event that takes the time of whoever booked it."""
    engagement = session.draw.plan.round.engagement
    title = pick(engagement.title, language)
    words = vText(printable(f"{session.get_kind_display()} – {title.text}"))
    words.params["LANGUAGE"] = html_lang(title.language)
    made = Event()
    made.add("uid", f"session-{session.public_id}@kaifong")
    made.add("dtstamp", now.astimezone(dt.UTC).replace(microsecond=0))
    made.add("summary", words)
    made.add("dtstart", session.starts_at.astimezone(dt.UTC))
    made.add("dtend", session.ends_at.astimezone(dt.UTC))
    if session.where or session.link:
        made.add("location", printable(session.where or session.link))
    lines = [pick(engagement.owner.name, language).text, session.link, session.note]
    made.add("description", printable("\n".join(line for line in lines if line)))
    made.add("url", url)
    made.add("status", "CANCELLED" if session.cancelled_at else "CONFIRMED")
    calendar = new_calendar(title.text, of="Session")
    calendar.add_component(made)
    content: bytes = calendar.to_ical()
    return content
