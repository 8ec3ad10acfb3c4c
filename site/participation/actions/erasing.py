"""What goes when an account is closed. What was said and counted stays, without a name."""

from django.db import transaction
from django.db.models import Q

from accounts.models import Account
from core import audit
from moderation import actions as moderation
from notifications.actions import forget_param
from participation import live
from participation.actions.attachment_sweeps import erase_files
from participation.models import Contribution, Engagement, Follow


@transaction.atomic
def erase_account(*, account: Account, last: bool) -> None:
    """Drop the account's follows and take its names off all that was written under them.

    Called by ``accounts.closing`` before the account's row goes. Texts stay: the account page
    says so before anybody closes an account, and withdrawing them comes first. Files go.
    """
    # Also what its address followed before there was an account.
    bare = Q(account=None, address_canonical=account.email_canonical)
    rows = Follow.objects.select_for_update(of=("self",)).filter(Q(account=account) | bare)
    follows = list(rows.order_by("pk"))
    if follows:
        audit.record("follow.erase", actor=account.person, rows=follows)
        Follow.objects.filter(pk__in=[row.pk for row in follows]).delete()
    moderation.drop(kind="name", target_id=account.public_id)
    own = Contribution.objects.filter(person=account.person)
    if last:
        erase_files(person=account.person)
        # Quotes in outcomes go with the author, named or not.
        for engagement in Engagement.objects.filter(
            pk__in=own.filter(citations__isnull=False).values("engagement")
        ):
            live.changed(engagement)
    keep = _names_that_stay(account, last)
    named = own.exclude(author_name="")
    rows_named = list(named.exclude(author_name__in=keep).select_related("engagement"))
    if not rows_named:
        return
    Contribution.objects.filter(pk__in=[row.pk for row in rows_named]).update(author_name="")
    for engagement in {row.engagement_id: row.engagement for row in rows_named}.values():
        live.changed(engagement)
    # Who was answered by this person was told the name.
    forget_param(name="by", event_keys=[f"reply:{row.public_id}" for row in rows_named])
    audit.record("contribution.unname", actor=account.person, subject=account.person.public_id)


def _names_that_stay(account: Account, last: bool) -> list[str]:
    """Names that the person's other accounts go by: entries keep those, also where this account
    went by the same one, for nothing says that they are not the other's.

    An entry knows its person, not its account, so a name that nobody goes by any more goes too.
    """
    if last:
        return []
    others = account.person.accounts.exclude(pk=account.pk).exclude(display_name="")
    return list(others.values_list("display_name", flat=True))
