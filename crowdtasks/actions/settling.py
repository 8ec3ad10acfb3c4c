"""What happens to parts in campaigns when two persons turn out to be one, or an account closes."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Account, Person
from accounts.persons import everything_of
from core import audit
from crowdtasks.models import Appeal, Claim
from crowdtasks.states import STANDING, ClaimState


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Move the parts of ``gone`` to ``keep``; of two in one campaign the one handed in first
    stands.

    The other is over: a held place is free again, a response withdrawn (as the questionnaire does
    with it: of two live responses the earliest stands). Its points are not: what was earned stays
    with the ledger, which merges the two persons' points by its own rule.
    """
    rows = list(
        Claim.objects.select_for_update(of=("self",))
        .select_related("campaign__engagement")
        .filter(person__in=[keep, gone])
    )
    # Handed in before begun only, and the earlier before the later.
    rows.sort(key=lambda row: (row.finished_at is None, row.finished_at or row.claimed_at, row.pk))
    standing: set[int] = set()
    touched: list[Claim] = []
    for row in rows:
        if row.state not in STANDING:
            continue
        if row.campaign_id in standing:
            row.state = ClaimState.WITHDRAWN if row.contribution_id else ClaimState.EXPIRED
            row.save(update_fields=["state"])
            touched.append(row)
        standing.add(row.campaign_id)
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
