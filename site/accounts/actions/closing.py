"""Closing an account: it is deleted, the person stays as a tombstone (decision 5)."""

from django.db import models, transaction
from django.db.models import Q
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils.translation import gettext_lazy as _

from accounts import closing, policies, sockets
from accounts.models import Account, EmailCode, Invitation, Person
from accounts.persons import lock_with_account
from accounts.signals import account_closed
from core import audit, clock, limits
from core.exceptions import Conflict


@transaction.atomic
def close_account(*, account: Account) -> Person:
    """Erase the account for good and return the person that remains, without name or address.

    What was published or counted stays with the person, whose key remembers (as a keyed hash,
    nothing else) that this address has voted: coming back gives no second vote. The address is
    told, once, as it was. Raises ``Conflict`` while the account holds a role,
    ``TooMany``.
    """
    limits.spend("settings_change", account.public_id)
    person, account = lock_with_account(account)
    if policies.holds_roles(account):
        raise Conflict(
            _("You still hold a role. An administrator ends it first, then you can close this."),
            code="holds_role",
        )
    last = not person.accounts.exclude(pk=account.pk).exists()
    closing.erase_all(account=account, last=last)
    if last:
        person.erased_at = clock.now()
        person.save(update_fields=["erased_at"])
    EmailCode.objects.filter(email_canonical=account.email_canonical).delete()
    sent = Q(email_canonical=account.email_canonical) | Q(accepted_by=account)
    Invitation.objects.filter(sent).update(email="", email_canonical="")
    # What goes with the account and is proved by the audit is named before it goes.
    gone = [account, *account.grants.order_by("pk"), *account.bearer_tokens.order_by("pk")]
    audit.record("account.erase", actor=person, subject=account.public_id, rows=gone)
    if last:
        audit.record("person.tombstone", actor=person, subject=person.public_id, rows=[person])
    kept = _rows_naming(account)
    sockets.hang_up_account(account)
    account.delete()
    for row in kept:
        row.refresh_from_db()
    if kept:
        audit.record("account.unlink", actor=person, subject=person.public_id, rows=kept)
    if account.email_confirmed_at is not None:
        account_closed.send(sender=Account, email=account.email, language=account.language)
    return person


def _rows_naming(account: Account) -> list[models.Model]:
    """Rows that stay and name the account in a field the audit proves; it becomes empty."""
    found: list[models.Model] = []
    # Most of these relations have no name on this side, so they count as hidden.
    for relation in Account._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel):
            continue
        model = relation.related_model
        if isinstance(model, str) or relation.on_delete is not models.SET_NULL:
            continue
        if relation.field.attname in getattr(model, "AUDITED_FIELDS", ()):
            found.extend(model._base_manager.filter(**{relation.field.name: account}))
    return found
