"""What reads like something, as a page shows it: asked for once more where it lives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from search import registry
from search.models import SearchDoc
from search.registry import Shown
from search.similar import Alike

#: Of a text without a title.
CUT = 140


@dataclass(frozen=True)
class Like:
    """One of them."""

    shown: Shown
    kind: str | Promise
    language: str
    title: str


def likes(found: Iterable[Alike], now: dt.datetime) -> list[Like]:
    """Those that everybody may see now, in their order. One query, and those of each source."""
    rows = list(found)
    if not rows:
        return []
    documents = SearchDoc.objects.filter(pk__in=[row.document for row in rows])
    texts = {
        pk: (language, title or body[:CUT])
        for pk, language, title, body in documents.values_list("pk", "language", "title", "body")
    }
    public = registry.shown([(row.kind, row.object_id) for row in rows], now)
    kinds = registry.kinds()
    return [
        Like(public[row.kind, row.object_id], kinds[row.kind], *texts[row.document])
        for row in rows
        if (row.kind, row.object_id) in public and row.document in texts
    ]
