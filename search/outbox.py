"""Noting what Elasticsearch has to be told, in the transaction of what changed it."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import transaction

from core import clock, jobs
from search.models import SearchChange

JOB = "search.feed"


def remote() -> bool:
    """Whether the live index is on Elasticsearch."""
    return bool(settings.SEARCH_ENGINE == "elasticsearch")


def note(documents: Collection[int]) -> None:
    """These rows of ``SearchDoc`` were written or taken away just now.

    After them, not before: of two who write the same row the later has to get the higher number.
    """
    if not documents or not remote():
        return
    now = clock.now()
    with transaction.atomic():
        SearchChange.objects.bulk_create(
            [SearchChange(document=document, at=now) for document in sorted(documents)]
        )
        jobs.enqueue(JOB)
