"""Figures kept by a job are marked old by whatever changes what they count."""

from django.db import transaction

from core import clock
from questionnaires.models import Questionnaire, Totals


@transaction.atomic
def mark_stale(*, questionnaire: Questionnaire) -> None:
    """Ask for a new count. Already asked for: nothing is written, so no row is fought over."""
    totals = Totals.objects.filter(questionnaire=questionnaire)
    if totals.filter(stale_since=None).update(stale_since=clock.now()) or totals.exists():
        return
    Totals.objects.get_or_create(questionnaire=questionnaire, defaults={"stale_since": clock.now()})
