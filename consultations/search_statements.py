"""What of statements can be found: those put to everybody, never who put them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from consultations.models import Statement
from core.texts import LANGUAGES
from participation import search_index
from participation.models import Engagement
from participation.policies import can_see_results
from participation.search_hanging import Hanging, Hit, hang, show_all
from search import registry
from search.registry import Document, Shown

KIND = "statement"


def _public(keys: Collection[int]) -> QuerySet[Statement]:
    return Statement.objects.filter(
        pk__in=keys, state="published", retired_at=None, engagement__state="published"
    )


def _documents(keys: Collection[int]) -> Iterator[Document]:
    for row in _public(keys).select_related("engagement", "contribution"):
        written = row.contribution
        published = row.engagement.published_at or row.created_at
        for language in row.text if written else LANGUAGES:
            if row.text.get(language):
                yield Document(
                    kind=KIND,
                    object_id=row.pk,
                    language=language,
                    scope=row.engagement.public_id,
                    at=(written.published_at if written else None)
                    or max(row.created_at, published),
                    title=row.text[language],
                )


def _show(hit: Hit, now: dt.datetime) -> Shown:
    own, entry, _none = hit.words
    return search_index.shown(
        hit.engagement, now, key=entry or own, url=_address(hit.engagement, own, now)
    )


def _address(about: Engagement, statement: str, now: dt.datetime) -> str:
    """Where it is answered while that can be done, then what became of it once that is shown."""
    if about.opens_at and about.closes_at and about.opens_at <= now < about.closes_at:
        cards = reverse("consultations:statements", args=[about.public_id])
        return f"{cards}?statement={statement}"
    if can_see_results(engagement=about, now=now).allowed:
        return reverse("consultations:statement_results", args=[about.public_id])
    return search_index.address(about)


def register() -> None:
    """Called from ``ready()``."""
    registry.register(
        registry.Source(
            name="statements",
            model=Statement,
            kinds={KIND: _("Statement")},
            follows={Statement: "pk", Engagement: "engagement"},
            concerns={Engagement: search_index.ever_public},
            documents=_documents,
            show=hang(
                "statements",
                Hanging(public=_public, words=("public_id", "contribution__public_id"), show=_show),
            ),
            show_all=show_all,
        )
    )
