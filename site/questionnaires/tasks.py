"""Jobs of the questionnaires: what follows a submit, and forgetting what was not sent."""

import datetime as dt

from accounts.models import Account
from core import jobs
from core.schedule import periodic
from participation.actions.telling import tell_receipt
from questionnaires.actions.drafts import sweep_drafts
from questionnaires.actions.stale import mark_stale
from questionnaires.models import Response

SWEEP = 500


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


@periodic("questionnaires.sweep_drafts", every=dt.timedelta(hours=6))
def forget_drafts() -> None:
    """Delete drafts that can neither be submitted nor read any more."""
    while sweep_drafts(limit=SWEEP) == SWEEP:
        continue
