"""What happens to rewards when their answers are withdrawn, when two persons turn out to be one, or
an account closes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Account, Person
from accounts.persons import everything_of
from core import audit
from crowdtasks.actions.doubled import end_doubled
from crowdtasks.actions.giving import ended, is_held, take_back
from crowdtasks.products.models import Award, AwardAppeal, AwardState
from crowdtasks.products.models.award import CLAIMED
from participation import live
from participation.models import Contribution, ContributionState


def follow_entry(contribution: Contribution) -> None:
    """End the reward of whoever withdrew the answers; called in the transaction that withdrew them.

    It is another's again; the person may earn it anew, but where an officer has declined it. Where
    the points are the person's already, they stay so.
    """
    if contribution.state != ContributionState.WITHDRAWN:
        return
    award: Award | None = (
        Award.objects.select_for_update(of=("self",))
        .select_related("round__engagement__owner")
        .filter(contribution=contribution)
        .exclude(state__in=[AwardState.WITHDRAWN, AwardState.LAPSED])
        .first()
    )
    if award is None or (award.points and not is_held(award)):
        return
    take_back(award, _("The response was withdrawn."))
    # Withdrawing does not undo what an officer decided: it could be done again as if never seen.
    declined = award.state in {AwardState.DECLINED, AwardState.REFUSED}
    award.state = AwardState.REFUSED if declined else AwardState.WITHDRAWN
    award.save(update_fields=["state", "points"])
    audit.record(
        "award.withdraw",
        actor=contribution.person or audit.SYSTEM,
        engagement_id=contribution.engagement.public_id,
        subject=award.public_id,
        rows=[award],
    )
    live.turned_out(contribution.engagement)


@transaction.atomic
def settle_merged(*, keep: Person, gone: Person) -> None:
    """Move the rewards of ``gone`` to ``keep``; of two of one round one stands, as
    ``doubled.end_doubled`` has it.

    Registered under a name before the ledger's, which moves what is held to ``keep``.
    """
    rows = list(
        Award.objects.select_for_update(of=("self",))
        .select_related("round__engagement__owner")
        .filter(person__in=[keep, gone])
        .order_by("pk")
    )
    touched: list[Award] = []
    for row in end_doubled([row for row in rows if row.state in CLAIMED]):
        row.state = ended(row, AwardState.WITHDRAWN)
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
        audit.record("award.settle", actor=keep, subject=gone.public_id, rows=touched)


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """With a person's last account what was said in appeals goes."""
    if not last:
        return
    appeals = list(
        AwardAppeal.objects.select_for_update(of=("self",))
        .filter(award__person__in=everything_of(account.person))
        .exclude(text="")
    )
    for appeal in appeals:
        appeal.text = ""
        appeal.save(update_fields=["text"])
    if appeals:
        audit.record(
            "award.forget",
            actor=account.person,
            subject=account.person.public_id,
            rows=appeals,
        )
