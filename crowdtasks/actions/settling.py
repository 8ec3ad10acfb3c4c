"""What happens to parts in campaigns when two persons turn out to be one, or an account closes."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Account, Person
from accounts.persons import everything_of
from core import audit
from crowdtasks.actions.doubled import end_doubled
from crowdtasks.actions.giving import ended
from crowdtasks.models import Appeal, Claim
from crowdtasks.states import STANDING, ClaimState


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Move the parts of ``gone`` to ``keep``; of two in one campaign one stands, as
    ``doubled.end_doubled`` has it. A place that was only held is free again.

    Registered under a name before the ledger's, which moves what is held to ``keep``.
    """
    rows = list(
        Claim.objects.select_for_update(of=("self",))
        .select_related("campaign__engagement__owner")
        .filter(person__in=[keep, gone])
        .order_by("pk")
    )
    touched: list[Claim] = []
    for row in end_doubled([row for row in rows if row.state in STANDING]):
        if row.state == ClaimState.LIVE:
            row.state = ClaimState.EXPIRED
        else:
            row.state = ended(row, ClaimState.WITHDRAWN)
        row.save(update_fields=["state", "points"])
        touched.append(row)
    # Only now, when no two standing ones would meet in the constraint.
    for row in rows:
        if row.person_id == gone.pk:
            row.person = keep
            row.save(update_fields=["person"])
            if row not in touched:
                touched.append(row)
    if touched:
        audit.record("claim.settle", actor=keep, subject=gone.public_id, rows=touched)


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """With a person's last account a held place is free again, and what was said in appeals goes.

    What was handed in stays, with the person's opaque id alone.
    """
    if not last:
        return
    persons = everything_of(account.person)
    claims = list(
        Claim.objects.select_for_update(of=("self",)).filter(
            person__in=persons, state=ClaimState.LIVE
        )
    )
    for claim in claims:
        claim.state = ClaimState.EXPIRED
        claim.save(update_fields=["state"])
    appeals = list(
        Appeal.objects.select_for_update(of=("self",))
        .filter(claim__person__in=persons)
        .exclude(text="")
    )
    for appeal in appeals:
        appeal.text = ""
        appeal.save(update_fields=["text"])
    if claims or appeals:
        audit.record(
            "claim.forget",
            actor=account.person,
            subject=account.person.public_id,
            rows=[*claims, *appeals],
        )
