"""Figures kept by a job are marked old by whatever changes what they count.

A write only adds a row of the queue, so parallel writes never meet in a row of figures; the job
marks them once the write stands.
"""

from django.db import transaction

from core import clock, jobs
from questionnaires.models import Questionnaire, Totals


def ask_count(*, questionnaire: Questionnaire) -> None:
    """Call in the transaction of a write that changes what is counted."""
    jobs.enqueue("questionnaires.changed", questionnaire.pk)


@transaction.atomic
def mark_stale(*, questionnaire: Questionnaire) -> None:
    """Let the next round count again; call it once the write has committed.

    Already marked: nothing is written, so no row is fought over. Whoever counts takes the mark
    away before reading, so a mark that stands is of a count that has yet to begin.
    """
    totals = Totals.objects.filter(questionnaire=questionnaire)
    if totals.filter(stale_since=None).update(stale_since=clock.now()) or totals.exists():
        return
    Totals.objects.get_or_create(questionnaire=questionnaire, defaults={"stale_since": clock.now()})
