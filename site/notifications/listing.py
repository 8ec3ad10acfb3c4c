"""Notices as lists show them: the words of the mail, in the page's language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from core.models import PlatformSettings
from core.texts import known_language
from notifications import kinds
from notifications.models import Notice
from notifications.words import Words, write


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice for a page."""

    public_id: str
    words: Words
    at: dt.datetime
    new: bool
    has_link: bool


def shown(notices: Iterable[Notice]) -> list[Shown]:
    """The notices in words. One query for the platform's name, whatever their number."""
    rows = list(notices)
    if not rows:
        return []
    platform = PlatformSettings.load()
    language = known_language(get_language())
    return [
        Shown(
            public_id=notice.public_id,
            words=write(kinds.find(notice.kind), notice.params, language, platform),
            at=notice.created_at,
            new=notice.read_at is None,
            has_link=bool(notice.path),
        )
        for notice in rows
    ]
