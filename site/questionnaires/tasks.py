"""Jobs of the questionnaires: what follows a submit, and forgetting what was not sent."""

import datetime as dt

from django.core.cache import cache

from accounts.models import Account
from core import clock, jobs
from core.schedule import periodic
from participation.actions.telling import tell_receipt
from questionnaires.actions.counting import keep_figures
from questionnaires.actions.drafts import sweep_drafts
from questionnaires.actions.stale import mark_stale
from questionnaires.models import Questionnaire, Response, Totals

SWEEP = 500
#: Figures rest so long after a count. With a look every ``COUNT_EVERY`` and the job's own time,
#: what was written stands in them within a minute.
REST = dt.timedelta(seconds=20)
COUNT_EVERY = dt.timedelta(seconds=10)
_ASKED_SECONDS = 30


@jobs.job("questionnaires.received")
def received(pk: int) -> None:
    """Confirm a response by mail and ask for new figures. Safe to run twice.

    Kept out of the submit's transaction: a mail's row and a shared row of figures would cost each
    citizen time that nobody gains by.
    """
    response = (
        Response.objects.select_related(
            "contribution__receipt__engagement__owner", "contribution__person", "questionnaire"
        )
        .filter(pk=pk)
        .first()
    )
    if response is None:
        return
    mark_stale(questionnaire=response.questionnaire)
    person = response.contribution.person
    if person is None:
        return
    account = (
        Account.objects.filter(person=person, is_active=True).order_by("-last_login", "pk").first()
    )
    if account is not None:
        receipt = response.contribution.receipt
        receipt.contribution = response.contribution
        tell_receipt(receipt=receipt, account=account)


@jobs.job("questionnaires.changed")
def changed(pk: int) -> None:
    """Ask for new figures of a questionnaire after a change or a withdrawal. Safe to run twice."""
    questionnaire = Questionnaire.objects.filter(pk=pk).first()
    if questionnaire is not None:
        mark_stale(questionnaire=questionnaire)


@periodic("questionnaires.watch_figures", every=COUNT_EVERY)
def watch_figures() -> None:
    """Have the figures counted that are old; a worker counts, so that the clock goes on."""
    rested = clock.now() - REST
    waiting = Totals.objects.exclude(stale_since=None).exclude(counted_at__gt=rested)
    for pk in waiting.order_by("stale_since").values_list("pk", flat=True):
        if cache.add(_asked(pk), 1, timeout=_ASKED_SECONDS):
            jobs.enqueue("questionnaires.count", pk)


@jobs.job("questionnaires.count")
def count(pk: int) -> None:
    """Keep the figures of one questionnaire. Safe to run twice."""
    cache.delete(_asked(pk))
    questionnaire = Questionnaire.objects.select_related("engagement").filter(pk=pk).first()
    if questionnaire is not None:
        keep_figures(questionnaire=questionnaire)


def _asked(pk: int) -> str:
    return f"questionnaires:count-asked:{pk}"


@periodic("questionnaires.sweep_drafts", every=dt.timedelta(hours=6))
def forget_drafts() -> None:
    """Delete drafts that can neither be submitted nor read any more."""
    while sweep_drafts(limit=SWEEP) == SWEEP:
        continue
