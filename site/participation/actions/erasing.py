"""What goes when an account is closed. What was said and counted stays, without a name."""

from django.db import transaction
from django.db.models import Q

from accounts.models import Account
from core import audit
from moderation import actions as moderation
from participation import live
from participation.models import Contribution, Follow


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """Drop the account's follows and, with the person's last account, the names on what it wrote.

    Called by ``accounts.closing`` before the account's row goes. Texts stay: the account page
    says so before anybody closes an account, and withdrawing them comes first.
    """
    # Also what its address followed before there was an account.
    bare = Q(account=None, address_canonical=account.email_canonical)
    rows = Follow.objects.select_for_update(of=("self",)).filter(Q(account=account) | bare)
    follows = list(rows.order_by("pk"))
    if follows:
        audit.record("follow.erase", actor=account.person, rows=follows)
        Follow.objects.filter(pk__in=[row.pk for row in follows]).delete()
    moderation.drop(kind="name", target_id=account.public_id)
    if not last:
        return
    named = Contribution.objects.filter(person=account.person).exclude(author_name="")
    for row in named.select_related("engagement"):
        live.changed(row.engagement)
    named.update(author_name="")
    audit.record("contribution.unname", actor=account.person, subject=account.person.public_id)
