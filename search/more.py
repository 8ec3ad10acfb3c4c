"""What reads like something, as a page shows it: asked for once more where it lives."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.functional import Promise

from core.texts import Text
from search import registry
from search.models import SearchDoc, SearchLike
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


#: How many a page shows beside what it is about.
SHOWN = 3


@dataclass(frozen=True)
class More:
    """One that is like what a page is about, as the page shows it."""

    url: str
    title: str
    language: str
    state: str
    is_open: bool
    open_label: str | Promise = ""
    within: Text | None = None


def like_this(
    rows: QuerySet[Any], kind: str, object_id: int, *, other_kind: str | OuterRef
) -> QuerySet[Any]:
    """Of these rows, which everybody may see, those that are like the object, with ``likeness``.

    It adds nothing to what the caller asks of the database but a condition. ``other_kind`` is what
    the rows are of: a kind, or a reference to the field that says it.
    """
    alike = SearchLike.objects.filter(kind=kind, object_id=object_id)
    likeness = alike.filter(other_kind=other_kind, other_id=OuterRef("pk")).values("likeness")
    found = rows.filter(pk__in=alike.values("other_id"))
    return found.annotate(likeness=Subquery(likeness[:1])).filter(likeness__isnull=False)


def first_of(
    found: Iterable[Any], more: Callable[[Any], More], language: str
) -> list[tuple[Any, More]]:
    """Those a page shows: in the reader's language first, open ones first, then the most alike.

    ``found`` comes from ``like_this``. Each with its row, whose changes change the page.
    """
    made = [(one, more(one)) for one in found]
    made.sort(
        key=lambda each: (
            each[1].language != language,
            not each[1].is_open,
            -each[0].likeness,
        )
    )
    return made[:SHOWN]
