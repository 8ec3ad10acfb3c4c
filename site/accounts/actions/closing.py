"""Closing an account: it is deleted, the person stays as a tombstone (decision 5)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import closing, policies
from accounts.models import Account, EmailCode, Invitation, Person
from core import audit, clock
from core.exceptions import Conflict


@transaction.atomic
def close_account(*, account: Account) -> Person:
    """Erase the account for good and return the person that remains, without name or address.

    What was published or counted stays with the person, whose key remembers (as a keyed hash,
    nothing else) that this address has voted: coming back gives no second vote. Raises
    ``Conflict`` while the account holds a role.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if policies.holds_roles(account):
        raise Conflict(
            _("You still hold a role. An administrator ends it first, then you can close this."),
            code="holds_role",
        )
    person = Person.objects.select_for_update().get(pk=account.person_id)
    last = not person.accounts.exclude(pk=account.pk).exists()
    closing.erase_all(account=account, last=last)
    if last:
        person.erased_at = clock.now()
        person.save(update_fields=["erased_at"])
    EmailCode.objects.filter(email_canonical=account.email_canonical).delete()
    Invitation.objects.filter(email_canonical=account.email_canonical).update(
        email="", email_canonical=""
    )
    grants = list(account.grants.order_by("pk"))
    audit.record("account.erase", actor=person, subject=account.public_id, rows=[account, *grants])
    if last:
        audit.record("person.tombstone", actor=person, subject=person.public_id, rows=[person])
    account.delete()
    return person
