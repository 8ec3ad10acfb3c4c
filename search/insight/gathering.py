"""From the cache to the table, and out of the table in time."""

from __future__ import annotations

import datetime as dt

from django.db.models import Value
from django.db.models.functions import Greatest

from core import clock
from search.insight.counting import Counts, Question, day_of, gathered
from search.models import SearchAsked, SearchOpened

#: A year, to compare with, and a month to do it in.
KEPT = dt.timedelta(days=400)


def gather() -> int:
    """Write down what enough visitors did; how many rows. Safe to run twice or at any time.

    A cache that was emptied counts from nought again: a number that is written never falls.
    """
    done = 0
    for day, question, counts in gathered(clock.now()):
        # Each by itself: on SQLite one long write stops all others.
        if question.hit:
            _write_opened(day, question, question.hit, counts.opened)
        else:
            _write_asked(day, question, counts)
        done += 1
    return done


def _write_asked(day: dt.date, question: Question, counts: Counts) -> None:
    if not counts.asked:
        return
    row, made = SearchAsked.objects.get_or_create(
        day=day,
        language=question.language,
        folded=question.folded,
        defaults={
            "words": question.words,
            "asked": counts.asked,
            "near": counts.near,
            "nothing": counts.nothing,
        },
    )
    if not made and (row.asked, row.near, row.nothing) != (
        counts.asked,
        counts.near,
        counts.nothing,
    ):
        SearchAsked.objects.filter(pk=row.pk).update(
            asked=Greatest("asked", Value(counts.asked)),
            near=Greatest("near", Value(counts.near)),
            nothing=Greatest("nothing", Value(counts.nothing)),
        )


def _write_opened(day: dt.date, question: Question, hit: tuple[str, int], opened: int) -> None:
    if not opened:
        return
    kind, object_id = hit
    row, made = SearchOpened.objects.get_or_create(
        day=day,
        language=question.language,
        folded=question.folded,
        kind=kind,
        object_id=object_id,
        defaults={"words": question.words, "opened": opened},
    )
    if not made and row.opened < opened:
        SearchOpened.objects.filter(pk=row.pk).update(opened=Greatest("opened", Value(opened)))


def forget() -> int:
    """Delete what is older than ``KEPT``; how many rows."""
    before = day_of(clock.now()) - KEPT
    found = 0
    for model in (SearchAsked, SearchOpened):
        found += model._default_manager.filter(day__lt=before).delete()[0]
    return found
