"""Noting what Elasticsearch has to be told, in the transaction of what changed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.conf import settings
from django.db import transaction

from core import clock, jobs
from search.models import SearchChange

JOB = "search.feed"
#: Noted in place of a document while Elasticsearch is switched off.
OFF = 0
#: How long changes are kept then.
KEPT = dt.timedelta(days=1)


def remote() -> bool:
    """Whether the live index is on Elasticsearch."""
    return bool(settings.SEARCH_ENGINE == "elasticsearch")


def note_off() -> None:
    """The live index is the database's own: Elasticsearch will miss what is written from now on.

    What was noted a moment ago stays: another process may have been started with Elasticsearch
    already, before this one was ended.
    """
    SearchChange.objects.filter(document__gt=OFF, at__lt=clock.now() - KEPT).delete()
    if not SearchChange.objects.filter(document=OFF).exists():
        SearchChange.objects.create(document=OFF, at=clock.now())


def was_off() -> bool:
    """Whether Elasticsearch has missed what was written; until it is built anew nobody asks it."""
    return SearchChange.objects.filter(document=OFF).exists()


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
