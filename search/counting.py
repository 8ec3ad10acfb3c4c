"""Counting tokens: in how many documents each is.

A rank needs it to tell rare words from common ones, and needs it to be the same on each database.
It may be half an hour old: a word whose documents grew by a tenth changes no order that anybody
would notice, so only such changes are written, in short transactions.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Count, Sum

from search.models import SearchDoc, SearchToken
from search.tokens import DOCUMENTS, LENGTHS, MARK

#: A token in fewer documents is as rare as one that is not counted at all.
LEAST = 2
BATCH = 1000
_SQLITE = "SELECT term, doc FROM search_vocabulary WHERE doc >= %s"
_POSTGRESQL = (
    "SELECT word, ndoc FROM ts_stat('SELECT vector FROM search_searchdoc') WHERE ndoc >= %s"
)


def count_tokens() -> int:
    """Bring the counts in line; how many were written. Safe to run twice or at any time."""
    known = dict(SearchToken.objects.values_list("token", "documents"))
    wanted = _totals()
    wanted.update(_vocabulary())
    gone = sorted(known.keys() - wanted.keys())
    moved = [
        SearchToken(token=token, documents=documents)
        for token, documents in sorted(wanted.items())
        if abs(documents - known.get(token, 0)) * 10 > known.get(token, 0)
    ]
    for at in range(0, len(gone), BATCH):
        SearchToken.objects.filter(token__in=gone[at : at + BATCH]).delete()
    for at in range(0, len(moved), BATCH):
        with transaction.atomic():
            SearchToken.objects.bulk_create(
                moved[at : at + BATCH],
                update_conflicts=True,
                unique_fields=["token"],
                update_fields=["documents"],
            )
    return len(gone) + len(moved)


def _totals() -> dict[str, int]:
    found = SearchDoc.objects.aggregate(documents=Count("pk"), lengths=Sum("length"))
    return {DOCUMENTS: found["documents"], LENGTHS: found["lengths"] or 0}


def _vocabulary() -> Iterator[tuple[str, int]]:
    """Each token with the documents that hold it, as the index itself counts them."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE, [LEAST])
        while rows := cursor.fetchmany(BATCH):
            # Those of titles only choose what is ranked, and need no count.
            yield from (row for row in rows if not row[0].startswith(MARK))
