"""Rows of the live index as tests put them there, and asking it."""

from __future__ import annotations

import datetime as dt

from core import clock
from search.asking import Found, ask
from search.live import Narrowing
from search.models import SearchDoc, SearchScope
from search.registry import Document
from search.tokens import digest_of, read
from tests.search.test_engines import IDS

DAY = dt.timedelta(days=1)


def put(
    number: int,
    title: str,
    body: str,
    *,
    kind: str = "chapter",
    language: str = "zh-hant",
    scope: str = "open",
    at: dt.datetime | None = None,
) -> SearchDoc:
    at = at or clock.now()
    found = read(title, body)
    document = Document(
        kind=kind,
        object_id=number,
        language=language,
        scope=scope,
        at=at,
        title=title,
        body=body,
    )
    return SearchDoc.objects.create(
        kind=kind,
        object_id=number,
        language=language,
        scope=scope,
        at=at,
        length=found.length,
        digest=digest_of(document),
        title=title,
        body=body,
        title_plain=found.title_plain,
        body_plain=found.body_plain,
        tokens=found.tokens,
    )


def put_scope(key: str, *, visible: bool = True, opens: int = -5, closes: int = 30, **more) -> None:
    now = clock.now()
    SearchScope.objects.create(
        key=key,
        visible=visible,
        bureau=more.pop("bureau", "epd"),
        opens_at=now + opens * DAY,
        closes_at=now + closes * DAY,
        **more,
    )


def look(
    text: str,
    narrowing: Narrowing | None = None,
    *,
    sort: str = "relevance",
    language: str = "zh-hant",
) -> Found:
    return ask(text, narrowing or Narrowing(), sort=sort, language=language, now=clock.now())


def names(found: Found) -> list[str]:
    return [IDS[hit.object_id] for hit in found.hits]
