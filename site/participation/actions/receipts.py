"""Receipts: the code that proves something is in the register."""

from django.db import transaction

from accounts.models import Person
from core import clock
from participation.models import Contribution, Engagement, Receipt


@transaction.atomic
def new_receipt(
    *, engagement: Engagement, person: Person | None, contribution: Contribution | None = None
) -> Receipt:
    """The receipt for one contribution, or (without one) for all this person's votes here.

    Asking again gives the same receipt: both kinds are unique in the database. A vote receipt
    needs a person; raises ValueError without one. No audit entry of its own: the act that the
    receipt is for has one.
    """
    if contribution is not None:
        receipt, _created = Receipt.objects.get_or_create(
            contribution=contribution,
            defaults={"engagement": engagement, "person": person, "created_at": clock.now()},
        )
        return receipt
    if person is None:
        raise ValueError("A receipt for votes names a person.")
    receipt, _created = Receipt.objects.get_or_create(
        engagement=engagement,
        person=person,
        contribution=None,
        defaults={"created_at": clock.now()},
    )
    return receipt
