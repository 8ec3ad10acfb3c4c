"""What of comments can be found: public ones, never who wrote them (``search.registry``).

A comment has no title; the page shows where it stands and what in it was found.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from participation import search_index
from participation.models import Comment, Contribution, ContributionKind, ContributionState
from participation.search_hanging import Hanging, Hit, hang, show_all
from search import registry
from search.registry import Document, Shown

KIND = "comment"


def _public(keys: Collection[int]) -> QuerySet[Comment]:
    return Comment.objects.filter(pk__in=keys, contribution__state=ContributionState.PUBLISHED)


def _documents(keys: Collection[int]) -> Iterator[Document]:
    """Of an engagement that is withdrawn they stay, found by nobody: its scope is not visible.

    A comment's key is its contribution's, and that is all that is read: joined with what is being
    imported, PostgreSQL took the tables for empty and compared all with all.
    """
    public = Contribution.objects.filter(pk__in=keys, state=ContributionState.PUBLISHED)
    for written in public.select_related("engagement"):
        yield Document(
            kind=KIND,
            object_id=written.pk,
            language=written.language,
            scope=written.engagement.public_id,
            at=written.published_at or written.received_at,
            title="",
            body=written.text,
        )


def _show(hit: Hit, now: dt.datetime) -> Shown:
    """The page of a comment and its replies, on which a reply stands below what it answers."""
    own, thread, head = hit.words
    path = reverse("participation:comments", args=[hit.engagement.public_id])
    query = urlencode({"on": thread, "replies": head or own, **({"at": own} if head else {})})
    return search_index.shown(hit.engagement, now, key=own, url=f"{path}?{query}#c-{own}")


def register() -> None:
    """Called from ``ready()``."""
    registry.register(
        registry.Source(
            name="comments",
            model=Comment,
            kinds={KIND: _("Comment")},
            follows={Comment: "pk", Contribution: "contribution"},
            concerns={Contribution: lambda row: row.kind == ContributionKind.COMMENT},
            documents=_documents,
            show=hang(
                "comments",
                Hanging(
                    public=_public,
                    engagement="contribution__engagement",
                    words=(
                        "contribution__public_id",
                        "thread__key",
                        "parent__contribution__public_id",
                    ),
                    show=_show,
                ),
            ),
            show_all=show_all,
        )
    )
