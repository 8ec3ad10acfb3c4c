"""Counting all answers of a questionnaire anew, in a handful of queries however many there are.

A count takes the stale mark away first and reads afterwards, in one view of the database; what is
written meanwhile marks again. It writes at the end, in a transaction of its own, and only where it
did not begin before the one that wrote last. So it may run twice, late, or beside another.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, Q

from core import clock
from core.one_view import one_view
from core.page_cache import purge
from participation.live import tag
from questionnaires import statistics
from questionnaires.models import (
    Answer,
    AnswerChoice,
    Option,
    Question,
    QuestionKind,
    Questionnaire,
    Response,
    Spread,
    Tally,
    Totals,
)

ANSWERED = "answered"
TEXT = "text"
AGREED = "agreed"
BATCH = 2000
#: More different values of a number than these are kept as they lie alone, not one by one.
MOST_KEPT = 200


class Figures(NamedTuple):
    """How many responses, and by question (primary key) how often each bucket, how numbers lie."""

    responses: int
    counts: dict[tuple[int, str], int]
    spreads: dict[int, dict[str, Any]]


def count_responses(questionnaire: Questionnaire) -> Figures:
    """Count the live responses: seven queries, whatever their number. Writes nothing."""
    with one_view():
        return _count(questionnaire)


def _count(questionnaire: Questionnaire) -> Figures:
    responses = Response.objects.counted().filter(questionnaire=questionnaire).count()
    kinds = dict(Question.objects.filter(questionnaire=questionnaire).values_list("pk", "kind"))
    found: dict[tuple[int, str], int] = defaultdict(int)
    answers = Answer.objects.filter(
        response__questionnaire=questionnaire, response__live=True
    ).order_by()
    for question, answered, written in answers.values_list("question").annotate(
        answered=Count("pk"), written=Count("pk", filter=~Q(text=""))
    ):
        found[question, ANSWERED] = answered
        if written:
            found[question, TEXT] = written
        if kinds.get(question) == QuestionKind.CONSENT:
            found[question, AGREED] = answered
    measured = [
        pk for pk, kind in kinds.items() if kind in {QuestionKind.SCALE, QuestionKind.NUMBER}
    ]
    numbers: dict[int, dict[Decimal, int]] = defaultdict(lambda: defaultdict(int))
    for question, number, times in (
        answers.filter(question__in=measured)
        .exclude(number=None)
        .values_list("question", "number")
        .annotate(times=Count("pk"))
        .iterator(chunk_size=BATCH)
    ):
        numbers[question][Decimal(number).normalize()] += times
    spreads = {}
    for question, given in numbers.items():
        spread = statistics.spread(given) if kinds[question] == QuestionKind.NUMBER else None
        if spread is not None:
            spreads[question] = spread
        if len(given) > MOST_KEPT:
            continue
        for number, times in given.items():
            found[question, f"{number:f}"] += times
    for question, day, times in (
        answers.exclude(date=None).values_list("question", "date").annotate(times=Count("pk"))
    ):
        found[question, day.isoformat()] = times
    options = {
        pk: (question, block)
        for pk, question, block in Option.objects.filter(
            question__questionnaire=questionnaire
        ).values_list("pk", "question", "block_id")
    }
    chosen = (
        AnswerChoice.objects.filter(
            answer__response__questionnaire=questionnaire, answer__response__live=True
        )
        .order_by()
        .values_list("option")
        .annotate(times=Count("pk"))
    )
    for option, times in chosen:
        if option in options:
            found[options[option]] = times
    return Figures(responses, dict(found), spreads)


def keep_figures(*, questionnaire: Questionnaire) -> bool:
    """Count a questionnaire anew and keep the figures; False where a later count came first.

    Three short transactions: the mark away, the reading, the writing. Figures are counted from
    rows that are audited themselves, and ``figures_agree`` recounts them, so they have no entry.
    """
    begun = clock.now()
    Totals.objects.get_or_create(questionnaire=questionnaire)
    Totals.objects.filter(questionnaire=questionnaire).update(stale_since=None)
    try:
        return _write(questionnaire, begun, count_responses(questionnaire))
    except BaseException:
        # Nothing was kept, so the figures are as old as they were.
        Totals.objects.filter(questionnaire=questionnaire, stale_since=None).update(
            stale_since=begun
        )
        raise


@transaction.atomic
def _write(questionnaire: Questionnaire, begun: dt.datetime, found: Figures) -> bool:
    totals = Totals.objects.select_for_update().get(questionnaire=questionnaire)
    if totals.counted_at is not None and totals.counted_at > begun:
        return False
    _write_counts(questionnaire, found.counts)
    _write_spreads(questionnaire, found.spreads)
    totals.responses, totals.counted_at = found.responses, begun
    totals.save(update_fields=["responses", "counted_at"])
    purge(tag(questionnaire.engagement))
    return True


def _write_counts(questionnaire: Questionnaire, figures: dict[tuple[int, str], int]) -> None:
    kept = {
        (row.question_id, row.bucket): row
        for row in Tally.objects.filter(question__questionnaire=questionnaire)
    }
    changed = []
    for place, row in kept.items():
        if place in figures and row.count != figures[place]:
            row.count = figures[place]
            changed.append(row)
    gone = [row.pk for place, row in kept.items() if place not in figures]
    for start in range(0, len(gone), BATCH):
        Tally.objects.filter(pk__in=gone[start : start + BATCH]).delete()
    Tally.objects.bulk_update(changed, ["count"], batch_size=BATCH)
    Tally.objects.bulk_create(
        (
            Tally(question_id=question, bucket=bucket, count=count)
            for (question, bucket), count in figures.items()
            if (question, bucket) not in kept
        ),
        batch_size=BATCH,
    )


def _write_spreads(questionnaire: Questionnaire, spreads: dict[int, dict[str, Any]]) -> None:
    of_it = Spread.objects.filter(question__questionnaire=questionnaire)
    of_it.exclude(question__in=spreads).delete()
    Spread.objects.bulk_create(
        (Spread(question_id=question, data=data) for question, data in spreads.items()),
        update_conflicts=True,
        unique_fields=["question"],
        update_fields=["data"],
    )


def figures_agree() -> Iterator[str]:
    """For ``verify_audit``: a sentence for each questionnaire whose figures are no recount.

    One that waits to be counted is passed over: its figures say as at when they were.
    """
    for totals in (
        Totals.objects.filter(stale_since=None)
        .exclude(counted_at=None)
        .select_related("questionnaire")
        .order_by("pk")
    ):
        questionnaire = totals.questionnaire
        if count_responses(questionnaire) == _kept(totals):
            continue
        if not _moved(totals):
            yield f"The figures of questionnaire {questionnaire.public_id} are not a recount."


def _kept(totals: Totals) -> Figures:
    of_it = {"question__questionnaire": totals.questionnaire_id}
    return Figures(
        totals.responses,
        {(row.question_id, row.bucket): row.count for row in Tally.objects.filter(**of_it)},
        {row.question_id: row.data for row in Spread.objects.filter(**of_it)},
    )


def _moved(totals: Totals) -> bool:
    """Whether somebody wrote since: it is marked, was counted again, or its job still waits."""
    from django_tasks import TaskResultStatus
    from django_tasks_db.models import DBTaskResult

    now = Totals.objects.get(pk=totals.pk)
    if now.stale_since is not None or now.counted_at != totals.counted_at:
        return True
    return (
        DBTaskResult.objects.filter(
            status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING),
            args_kwargs__args__0__in=("questionnaires.received", "questionnaires.changed"),
        )
    ).exists()
