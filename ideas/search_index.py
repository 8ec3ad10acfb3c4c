"""What of ideas can be found: those everybody may read, as they read now (``search.registry``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ideas.models import Idea
from participation import search_index
from participation.search_hanging import Hanging, Hit, hang, show_all
from search import registry
from search.registry import Document, Shown

KIND = "idea"


def _documents(keys: Collection[int]) -> Iterator[Document]:
    """Of a contest that is withdrawn they stay, found by nobody: its scope is not visible."""
    found = _public(keys)
    # The checker does not know that tags can be prefetched.
    rows: Any = found.select_related("contribution", "engagement")
    for row in rows.prefetch_related("tags"):
        tags = " ".join(sorted(f"#{tag.name}" for tag in row.tags.all()))
        yield Document(
            kind=KIND,
            object_id=row.pk,
            language=row.contribution.language,
            scope=row.engagement.public_id,
            # Not when it came: what a moderator cleared today is new today, for feeds too.
            at=row.contribution.published_at or row.received_at,
            districts=(row.district,) if row.district else None,
            title=row.title,
            body="\n".join(filter(None, [row.text, row.place, tags])),
        )


def _public(keys: Collection[int]) -> QuerySet[Idea]:
    found: QuerySet[Idea] = Idea.objects.public().filter(pk__in=keys)
    return found


def _show(hit: Hit, now: dt.datetime) -> Shown:
    key = hit.words[0]
    return search_index.shown(hit.engagement, now, key=key, url=reverse("ideas:idea", args=[key]))


def register() -> None:
    """Called from ``ready()``."""
    registry.compare_among("ideas", lambda: [KIND])
    registry.register(
        registry.Source(
            name="ideas",
            model=Idea,
            kinds={KIND: _("Idea")},
            follows={Idea: "pk"},
            documents=_documents,
            show=hang(
                "ideas", Hanging(public=_public, words=("contribution__public_id",), show=_show)
            ),
            show_all=show_all,
        )
    )
