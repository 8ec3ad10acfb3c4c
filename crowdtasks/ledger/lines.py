"""A statement's lines in people's words: what for, with its address, and as rows of a file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Person
from core.dates import ZONE
from core.texts import pick
from crowdtasks.ledger.models import Entry
from crowdtasks.ledger.naming import Texts
from crowdtasks.ledger.reading import Line
from feedback.files.table import Column
from participation.models import Engagement

COLUMNS = (
    Column("at", _("When")),
    Column("what", pgettext_lazy("points", "What")),
    Column("about", pgettext_lazy("points", "What for")),
    Column("reason", _("Reason")),
    Column("available", pgettext_lazy("points", "Points to spend, change")),
    Column("pending", pgettext_lazy("points", "Points held, change")),
    Column("held_until", pgettext_lazy("points", "Held until")),
    Column("left", pgettext_lazy("points", "Points to spend afterwards")),
    Column("account", pgettext_lazy("points", "Account")),
    Column("id", pgettext_lazy("points", "Number of the line")),
)


def about(entry: Entry) -> Engagement | None:
    """What the entry is about: its own engagement, or that of what it reverses."""
    if entry.engagement is not None:
        return entry.engagement
    return entry.reverses.engagement if entry.reverses is not None else None


def title_of(line: Line) -> Texts:
    """What the line was for, by language: an engagement, or what the points were spent on."""
    engagement = about(line.entry)
    return engagement.title if engagement is not None else line.title


def path_of(entry: Entry, language: str) -> str:
    """The page of what the entry is about, in that language where there is one; '' for none."""
    engagement = about(entry)
    if engagement is None or engagement.state != "published":
        return ""
    paths: dict[str, str] = engagement.paths or {}
    return paths.get(language) or next(iter(paths.values()), "")


def held_until(line: Line) -> str | None:
    """The instant at which what the line still holds can be spent; None where none is known."""
    until = line.hold.until if line.hold is not None else None
    return until.astimezone(ZONE).isoformat(timespec="seconds") if until is not None else None


def rows_of(lines: Iterable[Line], person: Person, language: str) -> Iterator[dict[str, Any]]:
    """The lines as rows of ``COLUMNS``; those of persons merged into this one say so, since what
    was to spend afterwards was on an account of theirs."""
    for line in lines:
        joined = line.entry.person_id != person.pk
        yield {
            "at": line.entry.at.astimezone(ZONE).isoformat(timespec="seconds"),
            "what": line.entry.get_kind_display(),
            "about": pick(title, language).text if (title := title_of(line)) else "",
            "reason": line.entry.reason,
            "available": line.available,
            "pending": line.pending,
            "held_until": held_until(line),
            "left": line.left,
            "account": str(_("Another account of yours, joined with this one")) if joined else "",
            "id": line.entry.public_id,
        }
